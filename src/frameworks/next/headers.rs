//! The headers that go out with every page: of `next.config`, of `vercel.json`, of a middleware.

use super::recognise::is_page;
use crate::eval::{Because, How, Kind, Step, Value};
use crate::libraries::{middleware, next};
use crate::platforms::adds_headers;
use crate::reading::bench::Reading;
use crate::reading::uses::scripts;
use crate::reading::visitors::knows_visitors;
use crate::settings::response_headers;
use crate::text::Text;

/// What the headers of all pages are called.
const NAME: &str = "the app's pages";

pub(super) fn read(reading: &mut Reading<'_>) {
    let place = reading.place();
    let present = present(reading);
    // Routes that answer programs alone are shown to nobody.
    let is_empty = present.as_list().is_some_and(<[Value]>::is_empty);
    if is_empty && !has_pages(reading) {
        return;
    }
    let mut resource = reading.resource(response_headers::KIND, NAME, place).set_at(
        response_headers::present_headers,
        present,
        "headers()",
    );
    let knows = reading.stated(Kind::Bool(knows_visitors(reading, &scripts(reading))), place);
    resource = resource.set(response_headers::knows_visitors, knows);
    if let Some((age, subdomains)) = promise(reading) {
        resource = resource.set_at(response_headers::hsts_max_age, age, "Strict-Transport-Security").set_at(
            response_headers::hsts_subdomains,
            subdomains,
            "Strict-Transport-Security",
        );
    }
    reading.add(resource);
}

fn has_pages(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let Some(package) = reading.found.package else { return true };
    project.within(&project.package(package).dir).any(|file| is_page(project, package, file))
}

/// The rules that are for every page, and whether there are others that could be.
fn rules(reading: &Reading<'_>) -> Result<(Vec<Value>, bool), Value> {
    let all = next::header_rules(reading);
    let Some(rules) = all.as_list() else { return Err(all) };
    let mut own = Vec::new();
    let mut unclear = false;
    for rule in rules {
        match rule.field("source").as_text().and_then(|source| middleware::covers_address(source, "/")) {
            Some(true) => own.push(rule.clone()),
            Some(false) => {}
            None => unclear = true,
        }
    }
    Ok((own, unclear))
}

fn present(reading: &Reading<'_>) -> Value {
    let place = reading.place();
    let (rules, unclear) = match rules(reading) {
        Ok(rules) => rules,
        Err(unknown) => return unknown,
    };
    let mut words = Vec::new();
    rules.iter().for_each(|rule| next::collect(&rule.field("headers"), &mut words));
    if middleware::stands_before(reading, "/") != Some(false) {
        words.extend(next::by_middleware(reading));
    }
    let first = words.first().map(|first| Step::after(first.trail.place, How::Derived, &first.trail));
    let trail = first.unwrap_or_else(|| Step::start(place, How::Derived));
    // What the proxy adds is not told apart by route here.
    let at_edge = adds_headers(reading.documents.project, &["X-Content-Type-Options", "x-content-type-options"]);
    let exported = is_exported(reading);
    let open = (unclear || at_edge || exported).then(|| Because::Undecided.into());
    Value::new(Kind::List { items: words.into(), open }, &trail)
}

/// Whether pages are written out as files, which somebody else serves without what `headers()` says.
fn is_exported(reading: &Reading<'_>) -> bool {
    let output = next::configuration(reading).map(|config| config.field("output"));
    output.is_some_and(|output| output.as_text().is_some_and(|text| text.is("export")))
}

/// The promise of https, where a rule for every page makes one: how long, and whether for subdomains.
fn promise(reading: &Reading<'_>) -> Option<(Value, Value)> {
    let (rules, _) = rules(reading).ok()?;
    let pairs = rules.iter().map(|rule| rule.field("headers"));
    let mut found = None;
    for pairs in pairs {
        for pair in pairs.as_list().unwrap_or_default() {
            let is_it = |name: &Text| name.test(|name| name.eq_ignore_ascii_case("strict-transport-security"));
            if pair.field("key").as_text().is_some_and(is_it) {
                found = Some(pair.field("value"));
            }
        }
    }
    let value = found?;
    let age = value.read(&|value| match value.as_text().and_then(seconds) {
        Some(seconds) => Kind::Number(seconds),
        None => Kind::Unknown(Because::Undecided.into()),
    });
    let subdomains = value.read(&|value| {
        Kind::Bool(
            value
                .as_text()
                .is_some_and(|text| text.test(|text| text.to_ascii_lowercase().contains("includesubdomains"))),
        )
    });
    Some((age, subdomains))
}

fn seconds(value: &Text) -> Option<f64> {
    value.map(str::to_ascii_lowercase).number(|text| {
        let behind = text.split("max-age").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
        let digits = behind.trim_start_matches('"');
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().ok()
    })
}
