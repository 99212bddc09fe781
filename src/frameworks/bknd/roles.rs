//! Bknd's roles, and what callers without a role may do.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::frameworks::bknd::app::App;
use crate::reading::bench::Reading;
use crate::settings::{anonymous_access, role, role_set};
use crate::text::Text;

/// Names that say administrator, in lower case.
const ADMIN_NAMES: &[&str] = &["admin", "administrator", "superadmin", "super_admin", "owner", "root"];

/// What holding a permission lets a caller do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    None,
    ReadFiltered,
    ReadUnfiltered,
    Write,
    Operate,
    Full,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::ReadFiltered => "read_filtered",
            Level::ReadUnfiltered => "read_unfiltered",
            Level::Write => "write",
            Level::Operate => "operate",
            Level::Full => "full",
        }
    }
}

/// The roles object.
fn roles_of(root: &Value) -> Value {
    root.path("config.auth.roles")
}

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let roles = roles_of(&app.root);
    match &roles.kind {
        Kind::Unknown(unknown) => reading.unseen(role::KIND, unknown.clone()),
        Kind::Object { open: Some(unknown), .. } => reading.unseen(role::KIND, unknown.clone()),
        _ => {}
    }
    let mut defaults = 0;
    for (name, value) in roles.fields() {
        let is_default = flag(value, "is_default");
        if is_default.as_bool() == Some(true) {
            defaults += 1;
            anonymous(reading, name, value);
        }
        let place = reading.place_of(value);
        let admin = reading.stated(Kind::Bool(is_admin_like(name)), place);
        let resource = reading
            .resource(role::KIND, name.clone(), place)
            .set_at(
                role::implicit_allow,
                flag(value, "implicit_allow"),
                format!("config.auth.roles.{name}.implicit_allow"),
            )
            .set_at(role::is_default, is_default, format!("config.auth.roles.{name}.is_default"))
            .set(role::is_admin_like, admin);
        reading.add(resource);
    }
    if let Kind::Object { open: None, .. } = roles.kind {
        let place = reading.place_of(&roles);
        let resource = reading
            .resource(role_set::KIND, "roles", place)
            .set_at(
                role_set::default_count,
                Value::derived(Kind::Number(f64::from(defaults)), &[&roles]),
                "config.auth.roles",
            )
            .set(role_set::guard_enabled, app.guard_on.clone());
        reading.add(resource);
    }
}

fn flag(role: &Value, key: &str) -> Value {
    role.field(key).or_default(&|_| Value::new(Kind::Bool(false), &role.trail))
}

fn is_admin_like(name: &str) -> bool {
    ADMIN_NAMES.contains(&name.to_ascii_lowercase().as_str())
}

/// What the role that registration hands out may do: everything that is not listed, or an administrator's by name.
pub(super) fn handed_out(root: &Value, role: &Value) -> (Value, Value) {
    let no = |value: &Value| Value::new(Kind::Bool(false), &value.trail);
    // What is wrong is that this role is handed out, not that there is one.
    let handed = |role: &Value| Step::after(role.trail.place, How::Joined, &role.trail);
    let roles = roles_of(root);
    let implicit = role.each(&mut |role| match &role.kind {
        Kind::Text(name) => {
            let flag = flag(&roles.field(&name.as_name()), "implicit_allow");
            flag.each(&mut |flag| Value::new(flag.kind.clone(), &handed(role)))
        }
        Kind::Unknown(_) => role.clone(),
        _ => no(role),
    });
    let admin = role.each(&mut |role| match &role.kind {
        Kind::Text(name) => Value::new(Kind::Bool(name.test(is_admin_like)), &handed(role)),
        Kind::Unknown(_) => role.clone(),
        _ => no(role),
    });
    (implicit, admin)
}

fn anonymous(reading: &mut Reading<'_>, name: &str, role: &Value) {
    let permissions = role.field("permissions");
    let level = permissions.each(&mut |permissions| match &permissions.kind {
        _ if flag(role, "implicit_allow").as_bool() == Some(true) => said(Level::Full, &role.field("implicit_allow")),
        Kind::List { items, open } => {
            let highest = items.iter().map(|item| (held(item), item)).max_by_key(|(level, _)| *level);
            match (highest, open) {
                (Some((level, item)), None) => said(level, item),
                (Some((level @ (Level::Operate | Level::Write), item)), _) => said(level, item),
                (_, Some(unknown)) => Value::new(Kind::Unknown(unknown.clone()), &permissions.trail),
                (None, None) => said(Level::None, permissions),
            }
        }
        Kind::Absent => said(Level::None, role),
        Kind::Unknown(_) => permissions.clone(),
        _ => Value::unknown(Because::WrongType, &permissions.trail),
    });
    let place = reading.place_of(if permissions.is_absent() { role } else { &permissions });
    let scope = reading.word("server", place);
    let resource = reading
        .resource(anonymous_access::KIND, name, place)
        .set_at(anonymous_access::level, level, format!("config.auth.roles.{name}.permissions"))
        .set(anonymous_access::scope, scope);
    reading.add(resource);
}

fn said(level: Level, at: &Value) -> Value {
    let name = at.field("permission");
    let at = if name.as_text().is_some() { &name } else { at };
    Value::new(Kind::Text(Text::new(level.word())), &at.trail)
}

/// What one entry of a permission list grants.
fn held(entry: &Value) -> Level {
    match &entry.kind {
        Kind::Text(name) => granted(name, false),
        Kind::Object { .. } => {
            let denied = |value: &Value| value.as_text().is_some_and(|text| text.is("deny"));
            if denied(&entry.field("effect")) {
                return Level::None;
            }
            let conditioned = is_conditioned(entry);
            entry.field("permission").as_text().map_or(Level::None, |name| granted(name, conditioned))
        }
        _ => Level::None,
    }
}

/// Whether a condition, a filter or a policy with one stands on the permission.
fn is_conditioned(entry: &Value) -> bool {
    let narrows = |value: &Value| ["condition", "filter"].iter().any(|key| !value.field(key).is_absent());
    if narrows(entry) {
        return true;
    }
    entry.field("policies").as_list().is_some_and(|policies| !policies.is_empty() && policies.iter().all(narrows))
}

fn granted(permission: &Text, conditioned: bool) -> Level {
    let is = |test: &dyn Fn(&str) -> bool| permission.test(|name| test(name));
    let operates = is(&|name| {
        name == "data.database.sync"
            || name == "system.build"
            || ["data.raw.", "system.config.", "auth.user."].iter().any(|start| name.starts_with(start))
    });
    let verb = |verbs: &[&str]| {
        is(&|name| {
            (name.starts_with("data.") || name.starts_with("media.file."))
                && verbs.iter().any(|verb| name.ends_with(verb))
        })
    };
    if operates {
        return if conditioned { Level::None } else { Level::Operate };
    }
    if verb(&[".create", ".update", ".delete", ".upload"]) {
        return if conditioned { Level::None } else { Level::Write };
    }
    if is(&|name| name.starts_with("data.") && name.ends_with(".read")) {
        return if conditioned { Level::ReadFiltered } else { Level::ReadUnfiltered };
    }
    Level::None
}
