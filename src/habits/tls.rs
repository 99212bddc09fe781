//! Whether the certificates of other servers are checked: switches of the whole process, and options in code.
//! <https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue>

use crate::eval::{Because, Kind, Place, Value, Variables};
use crate::machines::leads_here;
use crate::project::aside::{is_for_developers, is_made_up, is_test};
use crate::project::{FileKind, Project, lies_in};
use crate::reading::bench::Reading;
use crate::settings::endpoint;
use crate::syntax::code::{
    Argument, BinaryOp, Class, Expr, ExprKind, Guard, LogicalOp, Module, Property, Statement, UnaryOp, visit,
};
use crate::syntax::{FileId, Span};
use hashbrown::HashSet;
use rayon::prelude::*;
use std::sync::Arc;

/// Variables by which a runtime stops checking when they are exactly `0`.
const SWITCHES: &[&str] = &[OF_NODE, OF_PYTHON];
const OF_NODE: &str = "NODE_TLS_REJECT_UNAUTHORIZED";
const OF_PYTHON: &str = "PYTHONHTTPSVERIFY";

/// Texts without which no script switches the check off.
const IN_SCRIPTS: &[&str] = &["rejectUnauthorized", OF_NODE];

/// Texts without which no Python switches it off.
const IN_PYTHON: &[&str] = &["verify=False", "verify = False", "CERT_NONE", "_create_unverified_context", OF_PYTHON];

/// Functions of HTTP clients in Python that take `verify`.
const CLIENTS: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "request",
    "stream",
    "Client",
    "AsyncClient",
    "Session",
];

/// One endpoint for each place that switches the check off.
pub(crate) fn read(reading: &mut Reading<'_>) {
    by_variable(reading);
    for file in reading.shared.unchecked.iter().copied() {
        if is_own(reading.documents.project, &reading.found.root, file) {
            by_code(reading, file);
        }
    }
}

/// The same for code that belongs to none of some apps.
pub(crate) fn beside(reading: &mut Reading<'_>, apps: &[Arc<str>]) {
    for file in reading.shared.unchecked.iter().copied() {
        if !apps.iter().any(|root| is_own(reading.documents.project, root, file)) {
            by_code(reading, file);
        }
    }
}

/// Code that may switch the check off.
pub(crate) fn unchecked_code(project: &Project) -> Vec<FileId> {
    let is_code = |file: &FileId| {
        let own = project.file(*file);
        let aside =
            is_test(&own.path) || is_made_up(&own.path) || is_for_developers(&own.path) || is_one_off(&own.path);
        matches!(own.kind, FileKind::Source(_)) && !aside
    };
    let files: Vec<FileId> = project.ids().collect();
    let code: Vec<FileId> = files.into_par_iter().filter(is_code).collect();
    let (python, scripts): (Vec<FileId>, Vec<FileId>) =
        code.into_iter().partition(|file| project.file(*file).kind.is_python());
    let mut found = project.mentioning(&scripts, IN_SCRIPTS);
    found.extend(project.mentioning(&python, IN_PYTHON));
    found.sort_unstable();
    found
}

/// Whether a path says that its file is started by hand once in a while, or asks the very machine whether it is well.
fn is_one_off(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name).replace(['-', '_'], "").to_ascii_lowercase();
    folders.split('/').any(|folder| folder == "scripts") || matches!(&*stem, "healthcheck" | "healthprobe" | "liveness")
}

/// Whether a file belongs to the app in a folder.
fn is_own(project: &Project, root: &str, file: FileId) -> bool {
    let own = project.file(file);
    let package = project.package_above(own.folder(), None).map(|id| &project.package(id).dir);
    // What belongs to a package inside the app's folder is another app's.
    lies_in(&own.path, root) && package.is_none_or(|package| lies_in(root, package) || root.is_empty())
}

/// Switches that the environment sets.
pub(crate) fn by_variable(reading: &mut Reading<'_>) {
    for name in SWITCHES {
        let place = reading.place();
        let value = reading.environment.read(name, place);
        if value.is_absent() || value.is_unknown() {
            continue;
        }
        let checked = value.each(&mut |value| match &value.kind {
            Kind::Text(text) => Value::new(Kind::Bool(!text.is("0")), &value.trail),
            Kind::Absent => Value::new(Kind::Bool(true), &value.trail),
            _ => value.clone(),
        });
        add(reading, name, checked, name);
    }
}

fn add(reading: &mut Reading<'_>, name: &str, checked: Value, key: &str) {
    let place = reading.place_of(&checked);
    let resource = reading
        .resource(endpoint::KIND, name, place)
        .set(endpoint::role, reading.word("upstream", place))
        .set_at(endpoint::verifies_certificate, checked, key);
    reading.add(resource);
}

fn by_code(reading: &mut Reading<'_>, file: FileId) {
    let Some(module) = reading.documents.module_of(file) else { return };
    let told = told_by_name(&module);
    let mut found: Vec<(&'static str, Value)> = Vec::new();
    let mut own_machine: HashSet<Span> = HashSet::new();
    visit(&module.body, &mut |expr, guards| {
        // Objects come before those inside them.
        if let ExprKind::Object(fields) = &expr.kind
            && (own_machine.contains(&expr.span) || fields.iter().any(leads_to_own_machine))
        {
            own_machine.extend(fields.iter().filter_map(inner_object));
            return;
        }
        let Some((key, value)) = switched_off(reading, file, expr) else { return };
        if !reading.evaluator.runs(file, guards) {
            return;
        }
        // Whoever runs the app decides, by a setting that says so.
        let chosen = guards.iter().any(|guard| is_chosen(guard.test, guard.holds) && is_open(reading, file, guard))
            || told.iter().any(|span| span.holds(expr.span));
        let value = if chosen { Value::unknown(Because::Undecided, &value.trail) } else { value };
        let value =
            guards.iter().fold(value, |value, guard| only_where(reading, file, guard.test, guard.holds, &value));
        found.push((key, value));
    });
    let path = reading.documents.project.file(file).path.clone();
    for (number, (key, value)) in found.into_iter().enumerate() {
        let name: Arc<str> =
            if number == 0 { format!("{path}:{key}").into() } else { format!("{path}:{key}#{}", number + 1).into() };
        add(reading, &name, value, key);
    }
}

/// The classes that are called after it: `SSLIgnoreAdapter`. Whoever makes one has asked for it.
fn told_by_name(module: &Module) -> Vec<Span> {
    let classes = module.body.iter().filter_map(|statement| match statement {
        Statement::Class { class, .. } => Some(class),
        _ => None,
    });
    let says_so = |class: &&Arc<Class>| {
        let name = class.name.as_ref().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        let off = ["ignore", "insecure", "unverified", "noverify", "skip", "disable"];
        ["ssl", "tls", "cert"].iter().any(|word| name.contains(word)) && off.iter().any(|word| name.contains(word))
    };
    classes.filter(says_so).map(|class| class.span).collect()
}

/// Whether a field of a client's options is an address of the machine it runs on.
fn leads_to_own_machine(field: &Property) -> bool {
    let Property::Field { value, .. } = field else { return false };
    matches!(&value.kind, ExprKind::Text(text) if text.test(leads_here))
}

/// Whether certificates are checked where it is only asked while a condition holds: elsewhere nobody switches it off.
fn only_where(reading: &Reading<'_>, file: FileId, test: &Expr, holds: bool, checked: &Value) -> Value {
    let test = reading.evaluator.expression_at(file, test);
    if !matches!(test.kind, Kind::Choice(..) | Kind::Bool(_)) {
        return checked.clone();
    }
    test.each(&mut |answer| match answer.kind {
        Kind::Bool(answered) if answered != holds => Value::new(Kind::Bool(true), &answer.trail),
        Kind::Absent | Kind::Null if holds => Value::new(Kind::Bool(true), &answer.trail),
        _ => checked.clone(),
    })
}

/// The switch beside an option that says whether there is TLS at all: `sslEnabled`, `useTls`.
fn switch_of_tls(field: &Property) -> Option<&Expr> {
    let Property::Field { key, value, .. } = field else { return None };
    let name = key.to_ascii_lowercase();
    let is_switch = ["ssl", "tls"].iter().any(|word| name.contains(word))
        && ["enable", "use"].iter().any(|word| name.contains(word));
    is_switch.then_some(value)
}

fn inner_object(field: &Property) -> Option<Span> {
    match field {
        Property::Field { value, .. } if matches!(value.kind, ExprKind::Object(_)) => Some(value.span),
        _ => None,
    }
}

/// Whether a condition can go either way.
fn is_open(reading: &Reading<'_>, file: FileId, guard: &Guard<'_>) -> bool {
    let test = reading.evaluator.expression_at(file, guard.test);
    matches!(test.kind, Kind::Unknown(_) | Kind::Choice(..) | Kind::External { .. })
}

/// Whether a condition has this answer only where somebody asks for it by a word: `mode === "require"`, a switch that
/// is called insecure.
fn is_chosen(test: &Expr, holds: bool) -> bool {
    match &test.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => is_chosen(inner, !holds),
        ExprKind::Logical(op @ (LogicalOp::And | LogicalOp::Or), left, right) => {
            let both = (*op == LogicalOp::And) == holds;
            let (left, right) = (is_chosen(left, holds), is_chosen(right, holds));
            if both { left || right } else { left && right }
        }
        ExprKind::Binary(op, left, right) => {
            let equal = match op {
                BinaryOp::Equal | BinaryOp::LooseEqual | BinaryOp::Is => holds,
                BinaryOp::NotEqual | BinaryOp::LooseNotEqual => !holds,
                _ => return false,
            };
            let word = |expr: &Expr| match &expr.kind {
                ExprKind::Text(text) => !text.is_blank(),
                ExprKind::Bool(word) => *word,
                _ => false,
            };
            equal && word(left) != word(right)
        }
        ExprKind::Name(name) | ExprKind::Member { property: name, .. } => {
            let name = name.to_ascii_lowercase();
            holds
                && ["insecure", "selfsigned", "self_signed", "skip", "ignore", "unverified"]
                    .iter()
                    .any(|word| name.contains(word))
        }
        _ => false,
    }
}

/// The key and whether certificates are checked, where an expression says something of it.
fn switched_off(reading: &Reading<'_>, file: FileId, expr: &Expr) -> Option<(&'static str, Value)> {
    let off = |expr: &Expr| Value::written(Kind::Bool(false), Place::File(file, expr.span));
    let as_bool = |expr: &Expr| {
        let value = reading.evaluator.expression_at(file, expr);
        // What somebody else decides is not switched off here.
        let is_off = |value: &Value| matches!(value.kind, Kind::Bool(false) | Kind::Choice(..));
        is_off(&value).then_some(value)
    };
    match &expr.kind {
        ExprKind::Object(properties) => properties.iter().find_map(|property| match property {
            Property::Field { key, value, .. } if &**key == "rejectUnauthorized" => {
                let off = as_bool(value)?;
                let switch = properties.iter().find_map(switch_of_tls);
                let off = switch.map_or(off.clone(), |switch| only_where(reading, file, switch, true, &off));
                Some(("rejectUnauthorized", off))
            }
            _ => None,
        }),
        ExprKind::Assign { target, value, .. } => match &target.kind {
            ExprKind::Member { property, .. } if &**property == "NODE_TLS_REJECT_UNAUTHORIZED" => {
                let zero = match &value.kind {
                    ExprKind::Text(text) => text.is("0"),
                    ExprKind::Number(number) => *number == 0.0,
                    _ => false,
                };
                zero.then(|| ("NODE_TLS_REJECT_UNAUTHORIZED", off(expr)))
            }
            ExprKind::Member { property, .. } if &**property == "verify_mode" && ends_in(value, "CERT_NONE") => {
                Some(("verify_mode", off(value)))
            }
            _ => None,
        },
        ExprKind::Call { callee, arguments, .. } => {
            let argument = |name: &str| {
                let named = |own: &&Argument| own.name.as_ref().is_some_and(|(own, _)| &**own == name);
                arguments.iter().find(named).map(|argument| &argument.value)
            };
            let client = CLIENTS.iter().any(|name| ends_in(callee, name));
            if let Some(value) = argument("verify").filter(|_| client) {
                return Some(("verify", as_bool(value)?));
            }
            if let Some(value) = argument("cert_reqs").filter(|value| ends_in(value, "CERT_NONE")) {
                return Some(("cert_reqs", off(value)));
            }
            ends_in(callee, "_create_unverified_context").then(|| ("_create_unverified_context", off(expr)))
        }
        _ => None,
    }
}

/// Whether an expression is a name, or ends in a member of that name.
fn ends_in(expr: &Expr, name: &str) -> bool {
    match &expr.kind {
        ExprKind::Name(own) => &**own == name,
        ExprKind::Member { property, .. } => &**property == name,
        _ => false,
    }
}
