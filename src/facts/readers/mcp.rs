//! Readers of what servers of the Model Context Protocol are told.

use crate::eval::{Because, Kind, Value};
use crate::reading::table::Reader;

/// Whether a transport of the TypeScript SDK refuses foreign Host or Origin headers: by the switch and a list together. The
/// switch alone checks nothing, and a list without it is not read.
pub(super) fn rebinding_check(options: &Value) -> Value {
    options.each(&mut |options| {
        let kind = match &options.kind {
            Kind::Unknown(_) | Kind::Absent => return options.clone(),
            Kind::Object { .. } => {
                let on = Reader::Truthy.apply(&options.field("enableDnsRebindingProtection"));
                let lists = ["allowedHosts", "allowedOrigins"].map(|key| has_items(&options.field(key)));
                match (on.as_bool(), on.is_absent()) {
                    (Some(false), _) | (_, true) => Kind::Bool(false),
                    _ if lists.iter().all(|list| *list == Some(false)) => Kind::Bool(false),
                    (Some(true), _) if lists.contains(&Some(true)) => Kind::Bool(true),
                    _ => Kind::Unknown(Because::Undecided.into()),
                }
            }
            _ => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &options.trail)
    })
}

/// Whether a list has something in it.
fn has_items(list: &Value) -> Option<bool> {
    match &list.kind {
        Kind::Absent | Kind::Null => Some(false),
        Kind::List { items, open } => match open {
            None => Some(!items.is_empty()),
            Some(_) if items.is_empty() => None,
            Some(_) => Some(true),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::rebinding_check;
    use crate::eval::{Kind, Place, Value};
    use crate::text::Text;

    fn object(fields: &[(&str, Kind)]) -> Value {
        let of = |kind: &Kind| Value::written(kind.clone(), Place::Process);
        let fields = fields.iter().map(|(name, kind)| ((*name).into(), of(kind))).collect();
        of(&Kind::Object { fields, open: None })
    }

    #[test]
    fn the_switch_and_a_list_check_together() {
        let host = Value::written(Kind::Text(Text::new("mcp.example.com")), Place::Process);
        let list = Kind::List { items: [host].into(), open: None };
        let on = ("enableDnsRebindingProtection", Kind::Bool(true));
        let check = |fields: &[(&str, Kind)]| rebinding_check(&object(fields)).as_bool();
        assert_eq!(check(&[on.clone(), ("allowedHosts", list.clone())]), Some(true));
        assert_eq!(check(&[on.clone(), ("allowedOrigins", list.clone())]), Some(true));
        assert_eq!(check(std::slice::from_ref(&on)), Some(false));
        assert_eq!(check(&[("allowedHosts", list)]), Some(false));
        let unknown = Kind::Unknown(crate::eval::Because::Undecided.into());
        assert_eq!(check(&[on, ("allowedHosts", unknown)]), None);
    }
}
