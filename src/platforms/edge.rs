//! What stands in front of the app: the headers it adds, the limits it sets, where TLS ends.

use crate::eval::{How, Kind, Place, Step, Value};
use crate::platforms::nginx::is_public_http;
use crate::reading::bench::Reading;
use crate::settings::{Resource, cors, endpoint, response_headers};
use crate::text::Text;

/// What a proxy or a platform does with every request of the app; none where no file tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edge {
    /// Its configuration is in the tree.
    pub(crate) visible: bool,
    /// Where TLS ends.
    pub(crate) tls: Option<Place>,
    /// Where it limits the rate of all requests to the app.
    pub(crate) rate_limits: Option<Place>,
    /// Whether the client's address that it hands on is the one it saw itself.
    pub(crate) rewrites_client_ip: Option<(bool, Place)>,
    /// The most bytes of a body that it lets through.
    pub(crate) body_limit: Option<(f64, Place)>,
    /// The headers that it adds to the app's answers.
    pub(crate) headers: Headers,
    /// Where it adds CORS headers to the app's answers.
    pub(crate) cors: Option<Place>,
    /// Where it hands requests to the app without telling it the scheme.
    pub(crate) hides_scheme: Option<Place>,
    /// It asks the app on the same machine, or by a protocol that tells the scheme: then the app's server believes it.
    pub(crate) is_believed: bool,
    /// The servers and sites through which requests come to the app.
    pub(crate) leads: Vec<Place>,
}

/// Protections among some response headers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers {
    /// The words of `response_headers.present_headers`, each with its place.
    pub(crate) present: Vec<(&'static str, Place)>,
    /// What browsers are told of https.
    pub(crate) hsts: Option<Hsts>,
}

/// A `Strict-Transport-Security` header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hsts {
    /// `max-age`.
    seconds: f64,
    /// Where.
    place: Place,
}

impl Headers {
    /// Takes in one header. What a variable decides counts as there.
    pub(crate) fn add(&mut self, name: &Text, value: Option<&Text>, place: Place) {
        let lower = name.map(str::to_ascii_lowercase);
        let words: &[&'static str] = match &*lower.as_name() {
            "x-content-type-options" => &["nosniff"],
            "x-frame-options" => &["frame_protection"],
            "referrer-policy" => &["referrer_policy"],
            "permissions-policy" => &["permissions_policy"],
            "content-security-policy"
                if value.is_some_and(|value| value.test(|text| text.contains("frame-ancestors"))) =>
            {
                &["content_policy", "frame_protection"]
            }
            "content-security-policy" => &["content_policy"],
            "strict-transport-security" => {
                self.hsts = value.and_then(|value| hsts(value, place));
                &["hsts"]
            }
            _ => return,
        };
        self.present.extend(words.iter().map(|word| (*word, place)));
    }

    /// Whether a protection is among them.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.present.iter().any(|(own, _)| *own == word)
    }

    /// The resource of a group of answers that have these headers and no others.
    pub(crate) fn resource(&self, reading: &Reading<'_>, name: &str, place: Place) -> Resource {
        reading
            .resource(response_headers::KIND, name, place)
            .set(response_headers::present_headers, self.list(place))
            .set(response_headers::disabled, reading.stated(Kind::Bool(false), place))
    }

    /// The list of protections, as a value written at a place.
    pub(crate) fn list(&self, place: Place) -> Value {
        let items = self.present.iter().map(|(word, at)| Value::written(Kind::Text(Text::new(*word)), *at)).collect();
        Value::written(Kind::List { items, open: None }, place)
    }

    /// The lifetime of the promise; absent at a place where there is none. Whether it holds for subdomains is not asked of a
    /// proxy: whoever writes the header there for one host has rarely forgotten the others.
    pub(crate) fn promise(&self, place: Place) -> Value {
        match self.hsts {
            Some(hsts) => Value::written(Kind::Number(hsts.seconds), hsts.place),
            None => Value::new(Kind::Absent, &Step::start(place, How::Written)),
        }
    }
}

fn hsts(value: &Text, place: Place) -> Option<Hsts> {
    let lower = value.map(str::to_ascii_lowercase);
    let seconds = lower.number(|text| {
        let behind = text.split("max-age").nth(1)?.trim_start().strip_prefix('=')?;
        let digits = behind.trim_start().trim_start_matches('"');
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().ok()
    })?;
    Some(Hsts { seconds, place })
}

/// Headers that a platform or a proxy adds to a group of answers: what they protect and whom they let in.
pub(crate) fn headers_of(
    reading: &mut Reading<'_>,
    name: &str,
    headers: &[(Text, Text, Place)],
    mut edge: Option<&mut Edge>,
) {
    let named = |wanted: &str| headers.iter().find(|(name, ..)| name.test(|name| name.eq_ignore_ascii_case(wanted)));
    if let Some(edge) = edge.as_deref_mut() {
        headers.iter().for_each(|(name, value, place)| edge.headers.add(name, Some(value), *place));
    }
    let Some((_, origin, place)) = named("Access-Control-Allow-Origin") else { return };
    if let Some(edge) = edge {
        edge.cors.get_or_insert(*place);
    }
    // A variable decides, or what the browser says of itself.
    if origin.test(|origin| origin.contains('$')) {
        return;
    }
    let reflected = origin.test(|origin| origin.starts_with('{') && origin.to_ascii_lowercase().contains("origin"));
    if !reflected && origin.test(|origin| origin.contains('{')) {
        return;
    }
    let origins = if reflected {
        Value::written(Kind::Bool(true), *place)
    } else {
        let item = Value::written(Kind::Text(origin.clone()), *place);
        Value::written(Kind::List { items: [item].into(), open: None }, *place)
    };
    let credentials = named("Access-Control-Allow-Credentials");
    let allowed = credentials.is_some_and(|(_, value, _)| value.is("true"));
    let at = credentials.map_or(*place, |(_, _, place)| *place);
    let resource = reading
        .resource(cors::KIND, name, *place)
        .set_at(cors::origins, origins, "Access-Control-Allow-Origin")
        .set_at(cors::credentials, Value::written(Kind::Bool(allowed), at), "Access-Control-Allow-Credentials")
        .set(cors::wildcard_effect, reading.word("literal", *place));
    reading.add(resource);
}

/// An address that requests are sent on to, where it is a public one without TLS.
pub(crate) fn sent_on(reading: &mut Reading<'_>, name: &str, url: &Text, place: Place, key: &str) {
    if !url.test(is_public_http) {
        return;
    }
    let resource = reading
        .resource(endpoint::KIND, name, place)
        .set_at(endpoint::url, Value::written(Kind::Text(url.clone()), place), key)
        .set(endpoint::role, reading.word("upstream", place))
        .set(endpoint::behind_tls, reading.stated(Kind::Bool(false), place))
        .set(endpoint::private_network, reading.stated(Kind::Bool(false), place));
    reading.add(resource);
}
