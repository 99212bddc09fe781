//! Headers that code sets on its answers by hand, in groups that belong together.

use crate::syntax::Span;
use crate::syntax::code::{Around, Expr, ExprKind, Item, Module, Property, Site, visit, visit_sites};
use crate::text::Text;

/// Functions that send requests: what stands in their arguments is no answer.
const SENDERS: &[&str] = &["fetch", "axios", "request", "ky", "got", "ofetch", "$fetch"];

/// Methods that set one header.
const SETTERS: &[&str] = &["set", "append", "setHeader", "header"];

/// Some headers that belong together, as one object, one list, or the calls in one function.
pub(super) struct Group<'t> {
    /// What holds them: the object, the list, the function.
    pub(super) span: Option<Span>,
    /// The innermost function around them.
    pub(super) function: Option<Span>,
    /// Each header's name and value, with the conditions around it.
    pub(super) headers: Vec<Header<'t>>,
}

/// One header that is set.
pub(super) struct Header<'t> {
    pub(super) name: Text,
    pub(super) value: &'t Expr,
    pub(super) guards: Vec<crate::syntax::code::Guard<'t>>,
}

impl<'t> Group<'t> {
    pub(super) fn header(&self, name: &str) -> Option<&Header<'t>> {
        self.headers.iter().find(|header| header.name.test(|own| own.eq_ignore_ascii_case(name)))
    }
}

/// The headers that a module sets on answers, in groups.
pub(super) fn groups<'t>(module: &'t Module, wanted: &[&str]) -> Vec<Group<'t>> {
    let sent = requests(module);
    let mut found: Vec<Group<'t>> = Vec::new();
    visit_sites(&module.body, &mut |expr, site| {
        if sent.iter().any(|span| span.holds(expr.span)) {
            return;
        }
        let (span, pairs) = match &expr.kind {
            ExprKind::Object(properties) => (Some(expr.span), of_object(properties)),
            ExprKind::List(items) => (Some(expr.span), of_list(items)),
            ExprKind::Call { callee, arguments, .. } => match (&callee.kind, arguments.as_slice()) {
                (ExprKind::Member { property, .. }, [name, value, ..]) if SETTERS.contains(&&**property) => {
                    (None, text(&name.value).map(|name| (name, &value.value)).into_iter().collect())
                }
                _ => return,
            },
            ExprKind::Assign { target, value, op: None } => match &target.kind {
                ExprKind::Index { index, .. } => (None, text(index).map(|name| (name, &**value)).into_iter().collect()),
                _ => return,
            },
            _ => return,
        };
        let headers: Vec<Header<'t>> = pairs
            .into_iter()
            .filter(|(name, _)| wanted.iter().any(|wanted| name.test(|name| name.eq_ignore_ascii_case(wanted))))
            .map(|(name, value)| Header { name, value, guards: site.guards.to_vec() })
            .collect();
        if headers.is_empty() {
            return;
        }
        let function = innermost(site);
        let known = found.iter_mut().find(|group| span.is_none() && group.span.is_none() && group.function == function);
        match known {
            Some(group) => group.headers.extend(headers),
            None => found.push(Group { span, function, headers }),
        }
    });
    found
}

/// The arguments of calls that send requests.
fn requests(module: &Module) -> Vec<Span> {
    let mut sent = Vec::new();
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let name = match &callee.kind {
            ExprKind::Name(name) => name,
            ExprKind::Member { object, .. } => match &object.kind {
                ExprKind::Name(name) => name,
                _ => return,
            },
            _ => return,
        };
        if SENDERS.contains(&&**name) {
            sent.extend(arguments.iter().map(|argument| argument.value.span));
        }
    });
    sent
}

fn innermost(site: Site<'_, '_>) -> Option<Span> {
    site.around.iter().rev().find_map(|around| match around {
        Around::Function(function) => Some(function.span),
        Around::Body(_) | Around::Loop(..) => None,
    })
}

fn of_object(properties: &[Property]) -> Vec<(Text, &Expr)> {
    let fields = properties.iter().filter_map(|property| match property {
        Property::Field { key, value, .. } => Some((Text::new(key.clone()), value)),
        Property::Computed { key, value } => Some((text(key)?, value)),
        _ => None,
    });
    fields.collect()
}

/// `[["Name", value]]`; `[{ key: "Name", value }]` is left to those who know whose shape that is.
fn of_list(items: &[Item]) -> Vec<(Text, &Expr)> {
    let pairs = items.iter().filter_map(|item| match item {
        Item::One(Expr { kind: ExprKind::List(pair), .. }) => match pair.as_slice() {
            [Item::One(name), Item::One(value)] => Some((text(name)?, value)),
            _ => None,
        },
        _ => None,
    });
    pairs.collect()
}

fn text(expr: &Expr) -> Option<Text> {
    match &expr.kind {
        ExprKind::Text(text) => Some(text.clone()),
        _ => None,
    }
}
