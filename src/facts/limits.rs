//! Whose address rate limiters count, as far as it hangs on the app: whom it believes about the addresses behind a proxy.

use crate::eval::{How, Kind, Step, Value};
use crate::settings::{Resource, proxy, rate_limit};
use crate::text::Text;

/// Says of limiters that count by the app's own idea of an address where that comes from: from anybody's words, where
/// the app believes every proxy.
pub(super) fn addresses(given: &mut [Resource]) {
    let believed = given.iter().find_map(|resource| resource.value(proxy::trusts_forwarded).cloned());
    let Some(believed) = believed else { return };
    for limiter in given.iter_mut().filter(|resource| resource.kind.name == rate_limit::KIND.name) {
        let by_default = limiter.value(rate_limit::ip_source).filter(|source| source.trail.is_default()).cloned();
        let Some(source) = by_default else { continue };
        limiter.put(rate_limit::ip_source, of_app(&believed, &source));
    }
}

fn of_app(believed: &Value, source: &Value) -> Value {
    believed.each(&mut |believed| {
        let step = Step::after(believed.trail.place, How::Derived, &believed.trail);
        match &believed.kind {
            Kind::Bool(true) => Value::new(Kind::Text(Text::new("first_forwarded")), &step),
            Kind::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), &step),
            _ => source.clone(),
        }
    })
}
