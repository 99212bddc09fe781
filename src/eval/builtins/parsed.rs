//! Texts that hold data: `JSON.parse`, `json.loads`, `ast.literal_eval`, and the parts of `new URL(…)`.

use crate::eval::{Because, Call, Kind, MOST_TEXT, Trail, Unknown, Value};
use crate::syntax::code::{Expr, ExprKind, Item, Property, SourceKind, Statement, UnaryOp, parse};
use crate::text::Text;
use serde_json::Value as Json;

/// What a text of JSON holds; none where no text is seen.
pub(in crate::eval) fn json(text: &Value) -> Option<Value> {
    read(text, &|text, trail| serde_json::from_str(text).ok().map(|json| of_json(json, trail)))
}

/// What a text with one literal of Python holds; none where no text is seen.
pub(in crate::eval) fn literal(text: &Value) -> Option<Value> {
    read(text, &|text, trail| {
        let module = parse(text.trim_start_matches([' ', '\t']), SourceKind::Python).ok()?;
        match (module.errors.as_slice(), module.body.as_slice()) {
            ([], [Statement::Expression(expr)]) => of_expr(expr, trail),
            _ => None,
        }
    })
}

/// A part of an address that is taken apart: `new URL(text).hostname`.
pub(in crate::eval) fn part_of_address(call: &Call, name: &str) -> Option<Value> {
    let ([address], true, Some(("global", "URL"))) = (call.arguments.as_slice(), call.is_new, call.external()) else {
        return None;
    };
    read(address, &|address, trail| {
        let part = Address::of(address)?.part(name)?;
        Some(Value::new(Kind::Text(Text::new(part)), trail))
    })
}

/// Reads each text that a value can be; what cannot be read throws where the program runs.
fn read(text: &Value, of: &dyn Fn(&str, &Trail) -> Option<Value>) -> Option<Value> {
    if !holds_text(text) {
        return None;
    }
    Some(text.each(&mut |text| {
        let mut found = None;
        if let Kind::Text(own) = &text.kind {
            own.test(|own| {
                found = (own.len() <= MOST_TEXT).then(|| of(own, &text.trail)).flatten();
                true
            });
        }
        let because = match &text.kind {
            Kind::Unknown(unknown) => unknown.because.clone(),
            _ => Because::Undecided,
        };
        found.unwrap_or_else(|| Value::new(Kind::Unknown(Unknown::from(because)), &text.trail))
    }))
}

fn holds_text(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(_) => true,
        Kind::Choice(_, arms) => arms.iter().any(holds_text),
        _ => false,
    }
}

fn of_json(json: Json, trail: &Trail) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(value) => Kind::Bool(value),
        Json::Number(number) => Kind::Number(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Kind::Text(Text::new(text)),
        Json::Array(items) => {
            Kind::List { items: items.into_iter().map(|item| of_json(item, trail)).collect(), open: None }
        }
        Json::Object(fields) => {
            let field = |(key, value): (String, Json)| (key.into(), of_json(value, trail));
            Kind::Object { fields: fields.into_iter().map(field).collect(), open: None }
        }
    };
    Value::new(kind, trail)
}

fn of_expr(expr: &Expr, trail: &Trail) -> Option<Value> {
    let kind = match &expr.kind {
        ExprKind::Null => Kind::Null,
        ExprKind::Bool(value) => Kind::Bool(*value),
        ExprKind::Number(number) => Kind::Number(*number),
        ExprKind::Text(text) => Kind::Text(text.clone()),
        ExprKind::Unary(UnaryOp::Minus, number) => Kind::Number(-of_expr(number, trail)?.as_number()?),
        ExprKind::List(items) => {
            let item = |item: &Item| match item {
                Item::One(expr) => of_expr(expr, trail),
                Item::Spread(_) => None,
            };
            Kind::List { items: items.iter().map(item).collect::<Option<_>>()?, open: None }
        }
        ExprKind::Object(properties) => {
            let field = |property: &Property| match property {
                Property::Field { key, value, .. } => Some((key.clone(), of_expr(value, trail)?)),
                _ => None,
            };
            Kind::Object { fields: properties.iter().map(field).collect::<Option<_>>()?, open: None }
        }
        _ => return None,
    };
    Some(Value::new(kind, trail))
}

/// The parts of an address with a host.
struct Address<'a> {
    scheme: String,
    user: &'a str,
    password: &'a str,
    host: String,
    port: &'a str,
    path: &'a str,
}

impl<'a> Address<'a> {
    /// None for what the standard would change before it takes it apart.
    fn of(text: &'a str) -> Option<Address<'a>> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        if scheme.is_empty() || !scheme.chars().all(known) || rest.contains(['\\', ' ', '%', '\t', '\n']) {
            return None;
        }
        let scheme = scheme.to_ascii_lowercase();
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, after) = rest.split_at(end);
        let path = after.split(['?', '#']).next().unwrap_or(after);
        let (login, place) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (host, port) = match place.rfind(':') {
            Some(at) if !place[at..].contains(']') => (&place[..at], &place[at + 1..]),
            _ => (place, ""),
        };
        let usual = match &*scheme {
            "http" | "ws" => "80",
            "https" | "wss" => "443",
            _ => "",
        };
        let is_plain = host.is_ascii() && !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let port = if port == usual { "" } else { port };
        is_plain.then(|| Address { scheme, user, password, host: host.to_ascii_lowercase(), port, path })
    }

    fn part(&self, name: &str) -> Option<String> {
        let host = || if self.port.is_empty() { self.host.clone() } else { format!("{}:{}", self.host, self.port) };
        let is_web = matches!(&*self.scheme, "http" | "https" | "ws" | "wss");
        Some(match name {
            "protocol" => format!("{}:", self.scheme),
            "hostname" => self.host.clone(),
            "host" => host(),
            "port" => self.port.to_owned(),
            "username" => self.user.to_owned(),
            "password" => self.password.to_owned(),
            "pathname" if self.path.is_empty() && is_web => "/".to_owned(),
            "pathname" if !self.path.contains("/.") => self.path.to_owned(),
            "origin" if is_web => format!("{}://{}", self.scheme, host()),
            _ => return None,
        })
    }
}
