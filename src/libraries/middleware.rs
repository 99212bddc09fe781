//! The middleware of a Next.js app (`middleware.ts`, since Next.js 16 `proxy.ts`): which routes it stands in front of,
//! and whether it keeps strangers from them.
//!
//! <https://nextjs.org/docs/app/api-reference/file-conventions/proxy>

use crate::eval::{Evaluator, Guarded, Kind, Place, Value};
use crate::libraries::routes::{exported_names, file_named};
use crate::reading::bench::Reading;
use crate::syntax::FileId;

const NAMES: &[&str] = &["middleware.ts", "middleware.js", "middleware.mts", "proxy.ts", "proxy.js", "proxy.mts"];

/// The names under which the file exports its function.
const FUNCTIONS: &[&str] = &["middleware", "proxy", "default"];

/// What the middleware does with strangers who ask for a route.
pub(crate) struct InFront {
    /// What stands before the route.
    pub(crate) guarded: Guarded,
    /// The function.
    pub(crate) place: Place,
}

/// The file of the middleware.
pub(crate) fn file(reading: &Reading<'_>) -> Option<FileId> {
    file_named(reading, NAMES)
}

/// Whether the middleware stands before an address; none where its matcher is not understood, or there is none.
pub(crate) fn stands_before(reading: &Reading<'_>, address: &str) -> Option<bool> {
    let file = file(reading)?;
    let exported = exported_names(&*reading.documents.module_of(file)?);
    match exported.iter().any(|own| &**own == "config") {
        true => covers(&reading.evaluator.export(file, "config").field("matcher"), address),
        false => Some(true),
    }
}

/// What stands in front of a route; none where there is no middleware, or its matcher leaves the route out.
pub(crate) fn in_front_of(reading: &Reading<'_>, route: &str) -> Option<InFront> {
    let file = file(reading)?;
    let exported = exported_names(&*reading.documents.module_of(file)?);
    let exports = |name: &str| exported.iter().any(|own| **own == *name);
    let asked = sample(route);
    let covered = match exports("config") {
        true => covers(&reading.evaluator.export(file, "config").field("matcher"), &asked),
        false => Some(true),
    };
    if covered == Some(false) {
        return None;
    }
    let name = FUNCTIONS.iter().copied().find(|name| exports(name)).unwrap_or("default");
    let function = reading.evaluator.export(file, name);
    let find = |evaluator: &Evaluator<'_>| evaluator.export(file, name);
    let mut guarded = reading.evaluator.guard_at(&find, &["request", "event"], &asked);
    if covered.is_none() {
        guarded.guard = None;
    }
    let place = match reading.place_of(&function) {
        Place::File(own, span) if own == file => Place::File(own, span),
        _ => Place::File(file, Default::default()),
    };
    Some(InFront { guarded, place })
}

/// Whether a pattern of addresses covers one; none where it is not understood.
pub(crate) fn covers_address(pattern: &crate::text::Text, address: &str) -> Option<bool> {
    let mut answer = None;
    pattern.test(|pattern| {
        answer = pattern_covers(pattern, address);
        true
    });
    answer
}

/// An address that a route answers to.
fn sample(route: &str) -> String {
    let parts = route.split('/').map(|part| if part.starts_with('[') { "x" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether a matcher covers an address; none where its pattern is not understood. Without a matcher every route is.
fn covers(matcher: &Value, address: &str) -> Option<bool> {
    match &matcher.kind {
        Kind::Absent => Some(true),
        Kind::Text(pattern) => covers_address(pattern, address),
        Kind::Object { .. } => {
            let narrowed = ["has", "missing"].iter().any(|key| !matcher.field(key).is_absent());
            match covers(&matcher.field("source"), address) {
                Some(true) if narrowed => None,
                answer => answer,
            }
        }
        Kind::List { items, open: None } => {
            let answers: Vec<Option<bool>> = items.iter().map(|item| covers(item, address)).collect();
            if answers.contains(&Some(true)) {
                Some(true)
            } else if answers.contains(&None) {
                None
            } else {
                Some(false)
            }
        }
        _ => None,
    }
}

/// `/api/:path*`, `/admin/(.*)`, `/((?!_next|favicon.ico).*)`; none for patterns of other kinds.
fn pattern_covers(pattern: &str, address: &str) -> Option<bool> {
    if let Some(inner) = pattern.strip_prefix("/((?!") {
        let (excluded, rest) = inner.split_once(')')?;
        if !matches!(rest, ".*)" | ".+)" | ".*\\..*)") || excluded.contains('(') {
            return None;
        }
        let path = address.trim_start_matches('/');
        // A part that is a pattern of its own (`.*\\..*`) speaks of files.
        let begins = |part: &str| {
            let literal = part.trim_end_matches(['$', '/']).replace('\\', "");
            !part.contains('*') && path.starts_with(&*literal)
        };
        return Some(!excluded.split('|').any(begins));
    }
    let wanted: Vec<&str> = address.trim_matches('/').split('/').collect();
    let parts: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    for (index, part) in parts.iter().enumerate() {
        if matches!(*part, "(.*)" | "(.+)" | ":path*" | "*") || part.starts_with(':') && part.ends_with('*') {
            return Some(true);
        }
        if part.starts_with(':') && part.ends_with('+') {
            return Some(wanted.len() > index);
        }
        if let Some(before) = part.strip_suffix("(.*)") {
            let words = before.trim_start_matches('(').trim_end_matches(')');
            let begins = |own: &&str| words.split('|').any(|word| own.starts_with(word));
            return (!words.contains(['(', '?', ':'])).then(|| wanted.get(index).is_some_and(begins));
        }
        if part.contains(['(', '|', '?', '{']) {
            return None;
        }
        let fits = |own: &&str| part.starts_with(':') || own == part;
        if !wanted.get(index).is_some_and(fits) {
            return Some(false);
        }
    }
    Some(wanted.len() == parts.len())
}

#[cfg(test)]
mod tests {
    use super::pattern_covers;

    #[test]
    fn a_matcher_covers_the_addresses_of_its_pattern() {
        for (pattern, address, expected) in [
            ("/api/cron/:path*", "/api/cron/digest", Some(true)),
            ("/api/:path*", "/api/cron/digest", Some(true)),
            ("/api/cron/(.*)", "/api/cron/digest", Some(true)),
            ("/api/cron/:job", "/api/cron/digest", Some(true)),
            ("/dashboard/:path*", "/api/cron/digest", Some(false)),
            ("/api/cron", "/api/cron/digest", Some(false)),
            ("/((?!_next/static|favicon.ico).*)", "/api/cron/digest", Some(true)),
            ("/((?!api|_next/static|favicon.ico).*)", "/api/cron/digest", Some(false)),
            ("/(api|trpc)(.*)", "/api/cron/digest", Some(true)),
            ("/(trpc|rpc)(.*)", "/api/cron/digest", Some(false)),
            ("/api/cron{/:job}?", "/api/cron/digest", None),
            ("/:path*", "/", Some(true)),
        ] {
            assert_eq!(pattern_covers(pattern, address), expected, "{pattern} {address}");
        }
    }
}
