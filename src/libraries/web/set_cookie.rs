//! Cookies that code writes out as a header by itself: `` res.setHeader("Set-Cookie", `session=${id}; HttpOnly`) ``.

use super::headers::groups;
use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::cookies::purpose;
use crate::settings::cookie;
use crate::syntax::code::{Expr, ExprKind, Item, Module, Pattern, Statement, TemplatePart, visit};
use crate::syntax::{FileId, code::BinaryOp};
use std::collections::BTreeSet;

/// The header.
const NAME: &str = "Set-Cookie";

/// What stands for a part of a text that nobody knows.
const HOLE: char = '\u{0}';

/// Names that lead to one text.
const MOST_NAMES: usize = 2;

/// Each cookie that is written out in some files.
pub(super) fn read(reading: &mut Reading<'_>, files: &[FileId], seen: &mut BTreeSet<std::sync::Arc<str>>) {
    for file in reading.documents.project.mentioning(files, &[NAME, "set-cookie"]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        for group in groups(&module, &[NAME]) {
            for header in &group.headers {
                if !reading.evaluator.runs(file, &header.guards) {
                    continue;
                }
                for value in each(header.value) {
                    let written = written(reading, file, &module, value, MOST_NAMES);
                    let cookie = written.and_then(|text| Cookie::of(&text));
                    if let Some(cookie) = cookie.filter(|cookie| seen.insert((&*cookie.name).into())) {
                        add(reading, &cookie, Place::File(file, value.span));
                    }
                }
            }
        }
    }
}

/// One header, or a list of them.
fn each(value: &Expr) -> Vec<&Expr> {
    match &value.kind {
        ExprKind::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Item::One(expr) => Some(expr),
                _ => None,
            })
            .collect(),
        _ => vec![value],
    }
}

/// A text with holes where nobody knows it; none where it is no text that is put together here.
fn written(reading: &Reading<'_>, file: FileId, module: &Module, expr: &Expr, names: usize) -> Option<String> {
    let part = |expr: &Expr| match written(reading, file, module, expr, 0) {
        Some(text) => text,
        None => known(reading, file, expr).unwrap_or_else(|| HOLE.to_string()),
    };
    match &expr.kind {
        ExprKind::Text(text) => {
            let mut own = String::new();
            text.test(|text| {
                own.push_str(text);
                true
            });
            Some(own)
        }
        ExprKind::Template(parts) => {
            let mut whole = String::new();
            for inner in parts {
                match inner {
                    TemplatePart::Text(text, _) => drop(text.test(|text| {
                        whole.push_str(text);
                        true
                    })),
                    TemplatePart::Expr(expr) => whole.push_str(&part(expr)),
                }
            }
            Some(whole)
        }
        ExprKind::Binary(BinaryOp::Add, left, right) => Some(part(left) + &part(right)),
        ExprKind::Name(name) => {
            let value = only_value(module, name)?;
            written(reading, file, module, value, names.checked_sub(1)?)
        }
        _ => None,
    }
}

/// What a part of a text is, where it hangs on nothing that is unknown.
fn known(reading: &Reading<'_>, file: FileId, expr: &Expr) -> Option<String> {
    let value = reading.evaluator.expression_at(file, expr);
    let mut own = None;
    match &value.kind {
        Kind::Text(text) => drop(text.test(|text| {
            own = Some(text.to_owned());
            true
        })),
        Kind::Number(number) => own = Some(number.to_string()),
        _ => {}
    }
    own
}

/// The value of a name that a file declares once and never assigns.
fn only_value<'m>(module: &'m Module, name: &str) -> Option<&'m Expr> {
    let mut found: Vec<&Expr> = Vec::new();
    let mut assigned = false;
    crate::eval::each_statement(&module.body, &mut |statement| {
        if let Statement::Declare { pattern: Pattern::Name(own, _), value: Some(value), .. } = statement
            && **own == *name
        {
            found.push(value);
        }
    });
    visit(&module.body, &mut |expr, _| {
        if let ExprKind::Assign { target, .. } = &expr.kind {
            assigned |= matches!(&target.kind, ExprKind::Name(own) if **own == *name);
        }
    });
    match found.as_slice() {
        [one] if !assigned => Some(one),
        _ => None,
    }
}

/// A cookie as its header has it.
#[derive(Debug, PartialEq)]
struct Cookie {
    name: String,
    /// Its attributes, in small letters: the name, and what stands behind `=`.
    attributes: Vec<(String, String)>,
    /// Whether there may be others.
    open: bool,
}

impl Cookie {
    /// A header's text; none where its name is not known, or it takes the cookie away.
    fn of(text: &str) -> Option<Cookie> {
        let mut parts = text.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || name.contains(HOLE) || value.trim().is_empty() {
            return None;
        }
        let mut attributes: Vec<(String, String)> = Vec::new();
        // What is put behind the value can bring attributes of its own; an own part of the text is the value.
        let mut open = value.contains(HOLE) && !value.trim_matches([HOLE, ' ']).is_empty() && value.ends_with(HOLE);
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            open |= key.contains(HOLE) || value.ends_with(HOLE) && value.trim() != HOLE.to_string();
            attributes.push((key.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase()));
        }
        let cookie = Cookie { name: name.to_owned(), attributes, open };
        let is_over = cookie.attribute("max-age").is_some_and(|age| age == "0" || age.starts_with('-'))
            || cookie.attribute("expires").is_some_and(|date| date.contains("1970"));
        (!is_over).then_some(cookie)
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| &**value)
    }
}

fn add(reading: &mut Reading<'_>, written: &Cookie, place: Place) {
    let flag = |name: &str| match (written.attribute(name), written.open) {
        (Some(_), _) => Value::written(Kind::Bool(true), place),
        (None, true) => Value::unknown(Because::Undecided, &Step::start(place, How::Written)),
        (None, false) => Value::new(Kind::Bool(false), &Step::start(place, How::Default)),
    };
    let mut resource = reading
        .resource(cookie::KIND, written.name.clone(), place)
        .set(cookie::purpose, reading.word(purpose(&written.name), place))
        .set_at(cookie::secure, flag("secure"), "Secure")
        .set_at(cookie::http_only, flag("httponly"), "HttpOnly");
    if let Some(same_site) = written.attribute("samesite").filter(|word| ["strict", "lax", "none"].contains(word)) {
        resource = resource.set_at(cookie::same_site, reading.word(same_site, place), "SameSite");
    }
    if let Some(age) = written.attribute("max-age").and_then(|age| age.parse().ok()) {
        resource = resource.set_at(cookie::max_age, Value::written(Kind::Number(age), place), "Max-Age");
    }
    for prefix in ["__Host-", "__Secure-"] {
        if written.name.starts_with(prefix) {
            resource = resource.set(cookie::name_prefix, reading.word(prefix, place));
        }
    }
    reading.add(resource);
}

#[cfg(test)]
mod tests {
    use super::Cookie;

    #[test]
    fn a_header_is_a_name_a_value_and_attributes() {
        let cookie = Cookie::of("session=\u{0}; Path=/; HttpOnly; SameSite=Lax").expect("a cookie");
        assert_eq!((&*cookie.name, cookie.open), ("session", false));
        assert_eq!(cookie.attribute("samesite"), Some("lax"));
        assert_eq!((cookie.attribute("httponly"), cookie.attribute("secure")), (Some(""), None));
    }

    #[test]
    fn what_is_not_known_may_be_an_attribute() {
        for text in ["session=abc; Path=/\u{0}", "session=abc; \u{0}", "session=s:\u{0}"] {
            assert!(Cookie::of(text).expect("a cookie").open, "{text:?}");
        }
        assert!(!Cookie::of("session=\u{0}; Max-Age=\u{0}; Domain=\u{0}").expect("a cookie").open);
    }

    #[test]
    fn a_cookie_without_a_name_or_one_that_is_over_is_none() {
        for text in [
            "\u{0}=abc",
            "session=",
            "session=; Path=/",
            "session=x; Max-Age=0",
            "a",
            "a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        ] {
            assert_eq!(Cookie::of(text), None, "{text:?}");
        }
    }
}
