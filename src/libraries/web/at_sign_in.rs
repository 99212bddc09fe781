//! Cookies that are set where somebody signs in: whatever they are called, they belong to whoever it is.

use crate::eval::Place;
use crate::reading::bench::Reading;
use crate::settings::{Resource, cookie};
use crate::syntax::Span;
use crate::syntax::code::{ExprKind, Module, visit};

/// Parts of the paths at which somebody signs in.
const PATHS: &[&str] = &["login", "signin", "sign-in", "sign_in", "session", "sessions", "auth"];

/// Methods by which an app is told who answers a path.
const ANSWERING: &[&str] = &["get", "post", "put", "all"];

/// Takes no cookie for a preference that is set at a sign-in.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let is_liked = |resource: &Resource| {
        let purpose = resource.value(cookie::purpose).and_then(|value| value.as_text());
        resource.kind.name == cookie::KIND.name && purpose.is_some_and(|purpose| purpose.is("preference"))
    };
    for at in 0..reading.model.resources.len() {
        let resource = &reading.model.resources[at];
        let place = resource.place;
        let Some((file, span)) = place.in_file().filter(|_| is_liked(resource)) else { continue };
        let Some(module) = reading.documents.module_of(file) else { continue };
        if stands_at_sign_in(&module, span) {
            let other = reading.word("other", Place::File(file, span));
            reading.model.resources[at].put(cookie::purpose, other);
        }
    }
}

/// Whether a place lies in what answers a path at which somebody signs in: `app.post("/login", ..)`.
fn stands_at_sign_in(module: &Module, place: Span) -> bool {
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let answers = matches!(&callee.kind, ExprKind::Member { property, .. } if ANSWERING.contains(&&**property));
        let [path, behind @ ..] = &arguments[..] else { return };
        let ExprKind::Text(path) = &path.value.kind else { return };
        let signs_in = path.test(|path| path.to_ascii_lowercase().split('/').any(|part| PATHS.contains(&part)));
        found |= answers && signs_in && behind.iter().any(|argument| argument.value.span.holds(place));
    });
    found
}
