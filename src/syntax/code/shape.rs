//! For tests: a lowered tree as one line of text, in a spelling that is the same for every language.

use super::tree::*;
use std::fmt::Write;

/// The statements of a module, one after the other.
pub(super) fn shape(module: &Module) -> String {
    statements(&module.body)
}

fn statements(body: &[Statement]) -> String {
    body.iter().map(statement).collect::<Vec<_>>().join("; ")
}

fn block(body: &[Statement]) -> String {
    format!("{{ {} }}", statements(body)).replace("{  }", "{}")
}

fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Declare { pattern: p, value, exported, .. } => {
            let value = value.as_ref().map(|value| format!(" = {}", expr(value))).unwrap_or_default();
            format!("{}let {}{value}", mark(*exported, "export "), pattern(p))
        }
        Statement::Function { name, function: f, decorators, exported, is_default, .. } => format!(
            "{}{}{}def {name}: {}",
            decorated(decorators),
            mark(*exported, "export "),
            mark(*is_default, "default "),
            function(f)
        ),
        Statement::Class { class: c, exported, is_default } => {
            format!("{}{}{}", mark(*exported, "export "), mark(*is_default, "default "), class(c))
        }
        Statement::Import(import) => {
            let names: Vec<String> =
                import.names.iter().map(|name| format!("{} as {}", imported(&name.what), name.local)).collect();
            format!("import {}{} from {}", mark(import.type_only, "type "), names.join(", "), import.module)
        }
        Statement::Export(export) => {
            let names: Vec<String> =
                export.names.iter().map(|(what, name)| format!("{} as {name}", imported(what))).collect();
            let from = export.module.as_ref().map(|module| format!(" from {module}")).unwrap_or_default();
            format!("export {}{from}", names.join(", "))
        }
        Statement::ExportDefault { value, whole: true, .. } => format!("export whole {}", expr(value)),
        Statement::ExportDefault { value, .. } => format!("export default {}", expr(value)),
        Statement::Expression(value) => expr(value),
        Statement::Return { value, .. } => format!("return {}", optional(value.as_ref())),
        Statement::Throw { value, .. } => format!("throw {}", optional(value.as_ref())),
        Statement::If { test, then, otherwise, .. } => {
            format!("if {} {} else {}", expr(test), block(then), block(otherwise))
        }
        Statement::Block(body) => block(body),
        Statement::Loop { pattern: p, over, body, .. } => {
            let p = p.as_ref().map(|p| format!("{} of ", pattern(p))).unwrap_or_default();
            format!("loop {p}{} {}", optional(over.as_ref()), block(body))
        }
        Statement::Try { body, handlers, finally, .. } => {
            let handlers: Vec<String> = handlers.iter().map(|handler| format!("catch {}", block(handler))).collect();
            format!("try {} {} finally {}", block(body), handlers.join(" "), block(finally))
        }
        Statement::Switch { subject, cases, .. } => {
            let cases: Vec<String> =
                cases.iter().map(|(test, body)| format!("case {} {}", optional(test.as_ref()), block(body))).collect();
            format!("switch {} {}", expr(subject), cases.join(" "))
        }
        Statement::Jump(_) => "jump".to_owned(),
        Statement::Break(leaves, _) => format!("break {leaves:?}"),
        Statement::Opaque(_) => "opaque".to_owned(),
    }
}

fn mark(present: bool, word: &'static str) -> &'static str {
    if present { word } else { "" }
}

fn optional(value: Option<&Expr>) -> String {
    value.map_or_else(|| "-".to_owned(), expr)
}

fn imported(what: &Imported) -> String {
    match what {
        Imported::Named(name) => name.to_string(),
        Imported::Default => "<default>".to_owned(),
        Imported::Module => "<module>".to_owned(),
        Imported::Everything => "<everything>".to_owned(),
    }
}

fn text(text: &crate::text::Text) -> String {
    let mut shown = String::new();
    text.test(|characters| write!(shown, "{characters:?}").is_ok());
    shown
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Undefined => "undefined".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(value) => value.to_string(),
        ExprKind::Text(value) => text(value),
        ExprKind::Template(parts) => format!(
            "`{}`",
            list(parts, |part| match part {
                TemplatePart::Text(value, _) => text(value),
                TemplatePart::Expr(value) => expr(value),
            })
        ),
        ExprKind::Regex { pattern, flags } => format!("/{}/{flags}", text(pattern)),
        ExprKind::List(items) => format!(
            "[{}]",
            list(items, |item| match item {
                Item::One(value) => expr(value),
                Item::Spread(value) => format!("...{}", expr(value)),
            })
        ),
        ExprKind::Object(properties) => format!("{{{}}}", list(properties, property)),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::This => "this".to_owned(),
        ExprKind::Member { object, property, optional, .. } => {
            format!("{}{}.{property}", expr(object), mark(*optional, "?"))
        }
        ExprKind::Index { object, index, optional } => {
            format!("{}{}[{}]", expr(object), mark(*optional, "?."), expr(index))
        }
        ExprKind::Call { callee, arguments, optional, is_new } => {
            format!("{}{}{}({})", mark(*is_new, "new "), expr(callee), mark(*optional, "?."), list(arguments, argument))
        }
        ExprKind::Function(value) => function(value),
        ExprKind::Class(value) => class(value),
        ExprKind::Unary(op, value) => format!("{op:?}({})", expr(value)),
        ExprKind::Binary(op, left, right) => format!("({} {op:?} {})", expr(left), expr(right)),
        ExprKind::Logical(op, left, right) => format!("({} {op:?} {})", expr(left), expr(right)),
        ExprKind::Conditional { test, yes, no } => format!("({} ? {} : {})", expr(test), expr(yes), expr(no)),
        ExprKind::Assign { target, op, value } => {
            let op = op.map(|op| format!("{op:?}")).unwrap_or_default();
            format!("({} {op}= {})", expr(target), expr(value))
        }
        ExprKind::Sequence(parts) => format!("seq({})", list(parts, expr)),
        ExprKind::ImportCall(module) => format!("import({module})"),
        ExprKind::Comprehension { item, pattern: p, over, tests } => {
            format!("[{} for {} in {} if {}]", expr(item), pattern(p), expr(over), list(tests, expr))
        }
        ExprKind::Opaque(what) => format!("<{what}>"),
    }
}

fn property(property: &Property) -> String {
    match property {
        Property::Field { key, value, .. } => format!("{key}: {}", expr(value)),
        Property::Computed { key, value } => format!("[{}]: {}", expr(key), expr(value)),
        Property::Getter { key, function: f, .. } => format!("get {key}: {}", function(f)),
        Property::Spread(value) => format!("...{}", expr(value)),
    }
}

fn argument(argument: &Argument) -> String {
    let name = argument.name.as_ref().map(|(name, _)| format!("{name}=")).unwrap_or_default();
    format!("{}{name}{}", spread(argument.spread), expr(&argument.value))
}

fn spread(spread: Spread) -> &'static str {
    match spread {
        Spread::No => "",
        Spread::Items => "...",
        Spread::Fields => "**",
    }
}

fn decorated(decorators: &[Expr]) -> String {
    decorators.iter().map(|decorator| format!("@{} ", expr(decorator))).collect()
}

fn function(function: &Function) -> String {
    let params = list(&function.params, |param| {
        let annotation = param.annotation.as_ref().map(|annotation| format!(": {}", expr(annotation)));
        let default = param.default.as_ref().map(|default| format!(" = {}", expr(default)));
        let (annotation, default) = (annotation.unwrap_or_default(), default.unwrap_or_default());
        let pattern = pattern(&param.pattern);
        format!("{}{}{pattern}{annotation}{default}", decorated(&param.decorators), spread(param.spread))
    });
    let kind = format!("{}{}", mark(function.is_async, "async "), mark(function.is_generator, "generator "));
    format!("{kind}({params}) => {}", block(&function.body))
}

fn class(class: &Class) -> String {
    let bases = list(&class.bases, expr);
    let keywords = list(&class.keywords, argument);
    let members = list(&class.members, |member| {
        let annotation = member.annotation.as_ref().map(|annotation| format!(": {}", text(annotation)));
        let value = member.value.as_ref().map(|value| format!(" = {}", expr(value)));
        format!(
            "{}{}{}{}{}{}",
            decorated(&member.decorators),
            mark(member.is_static, "static "),
            mark(member.is_getter, "get "),
            member.name,
            annotation.unwrap_or_default(),
            value.unwrap_or_default()
        )
    });
    let name = class.name.as_deref().unwrap_or("-");
    let blocks: String = class.blocks.iter().map(|(at, f)| format!("; static at {at} {}", block(&f.body))).collect();
    let open = mark(class.is_open, "; open");
    format!("{}class {name}({bases}; {keywords}) {{ {members}{blocks}{open} }}", decorated(&class.decorators))
}

fn pattern(shown: &Pattern) -> String {
    let rest_of = |rest: &Option<Name>| rest.as_ref().map(|rest| format!(" ...{rest}")).unwrap_or_default();
    let default_of = |default: &Option<Expr>| default.as_ref().map(|d| format!(" = {}", expr(d))).unwrap_or_default();
    match shown {
        Pattern::Name(name, _) => name.to_string(),
        Pattern::Object { fields, rest, .. } => {
            let fields = list(fields, |field| {
                format!("{}: {}{}", field.key, pattern(&field.pattern), default_of(&field.default))
            });
            format!("{{{fields}{}}}", rest_of(rest))
        }
        Pattern::List { items, rest, .. } => {
            let items = list(items, |item| match item {
                Some((item, default)) => format!("{}{}", pattern(item), default_of(default)),
                None => String::new(),
            });
            format!("[{items}{}]", rest_of(rest))
        }
        Pattern::Other(_) => "<other>".to_owned(),
    }
}
