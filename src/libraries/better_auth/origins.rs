//! Whom Better Auth trusts: the origins that may call and redirect, and the checks of them.

use super::switch::is_on;
use crate::eval::{Because, Kind, Value};
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::settings::{auth, cors, csrf};
use crate::text::Text;

/// The checks of Origin headers and of redirect targets, and whom they let in.
pub(super) fn checks(reading: &mut Reading<'_>, options: &Value, same_site: &Value, origins: Option<Value>) {
    let [by_token, by_origin] = ["advanced.disableCSRFCheck", "advanced.disableOriginCheck"];
    // Without the check of origins that of tokens does nothing either.
    let (key, check) = match options.path(by_token) {
        check if is_on(&check) => (by_token, check),
        _ => (by_origin, options.path(by_origin)),
    };
    let off = is_on(&check);
    if off || origins.is_some() {
        let place = reading.place_of(if off { &check } else { options });
        let stated = |kind| reading.stated(kind, place);
        let mut resource = reading
            .resource(csrf::KIND, "better-auth", place)
            .set(csrf::switched_off, stated(Kind::Bool(off)))
            .set(csrf::needed, stated(Kind::Bool(true)))
            .set(csrf::same_site, same_site.clone());
        resource = match off {
            true => {
                let none = Value::new(Kind::Bool(false), &check.trail);
                resource.set_at(csrf::protection, none, key).read_at(csrf::protection, options, key, negated)
            }
            false => resource.set(csrf::protection, stated(Kind::Bool(true))),
        };
        if let Some(origins) = origins {
            resource = resource.set_at(csrf::trusted_origins, origins, "trustedOrigins");
        }
        reading.add(resource);
    }
    let redirects = options.path(by_origin);
    if is_on(&redirects) || redirects.is_unknown() {
        let checked = negated(&redirects);
        let resource = reading.resource(auth::KIND, "better-auth", reading.place_of(&redirects));
        reading.add(resource.set_at(auth::redirect_check, checked, by_origin));
    }
}

/// The switch of a check that is on unless it is switched off.
fn negated(value: &Value) -> Value {
    value.read(&|value| match value.kind {
        Kind::Bool(value) => Kind::Bool(!value),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// Origins that may call and redirect beside the app's own: those of the options, and of a variable that is added to them.
pub(super) fn trusted_origins(reading: &mut Reading<'_>, options: &Value) -> Option<Value> {
    let place = reading.place_of(options);
    let told = reading.evaluator.variable("BETTER_AUTH_TRUSTED_ORIGINS", place);
    let told = Reader::CommaList.apply(&told);
    let origins = match (options.field("trustedOrigins"), &told.kind) {
        (written, Kind::List { items, .. }) => match &written.kind {
            Kind::Absent => told.clone(),
            Kind::List { items: own, open } => {
                let items = own.iter().chain(items.iter()).cloned().collect();
                Value::new(Kind::List { items, open: open.clone() }, &told.trail)
            }
            _ => written,
        },
        (written, _) => written,
    };
    let origins = origins.each(&mut |origins| match &origins.kind {
        Kind::Function(_) => by_request(reading, origins),
        Kind::List { items, open: None } => {
            // An address that only the host knows is the app's own or a partner's: nothing can be said of it.
            let items = items.iter().filter(|item| !item.is_unknown()).map(|item| {
                item.each(&mut |item| {
                    if item.is_unknown() { Value::new(Kind::Absent, &item.trail) } else { item.clone() }
                })
            });
            Value::new(Kind::List { items: items.collect(), open: None }, &origins.trail)
        }
        _ => origins.clone(),
    });
    if origins.is_absent() || matches!(origins.kind, Kind::Unknown(_)) {
        return None;
    }
    // Stars say that everybody is trusted, and nothing of the scheme of anybody.
    let addresses = origins.each(&mut |origins| match &origins.kind {
        Kind::List { items, open } => {
            let is_star = |item: &Value| item.as_text().is_some_and(|text| text.test(|text| text.ends_with('*')));
            let items = items.iter().filter(|item| !is_star(item)).cloned().collect();
            Value::new(Kind::List { items, open: open.clone() }, &origins.trail)
        }
        _ => origins.clone(),
    });
    let resource = reading
        .resource(cors::KIND, "better-auth", reading.place_of(&origins))
        .set_at(cors::origins, addresses, "trustedOrigins")
        .not_here(cors::credentials);
    reading.add(resource);
    Some(origins)
}

/// The origins that a function trusts: whichever asks, where its answer is made of the request's headers.
fn by_request(reading: &Reading<'_>, function: &Value) -> Value {
    let (parts, _) = reading.evaluator.result_is_made_of(function, &["request"]);
    if parts.iter().any(|part| part.contains("headers")) {
        let star = Value::new(Kind::Text(Text::new("*")), &function.trail);
        return Value::new(Kind::List { items: [star].into(), open: None }, &function.trail);
    }
    let list = reading.evaluator.call(function, Vec::new());
    match list.kind {
        Kind::List { .. } => list,
        _ => Value::unknown(Because::Undecided, &function.trail),
    }
}
