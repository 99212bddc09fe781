//! CORS that lets every origin in on purpose: at one interface of several, or where whoever asks shows a key.

use crate::eval::Kind;
use crate::facts;
use crate::reading::bench::Reading;
use crate::reading::visitors::answers_programs;
use crate::settings::{Resource, cors};
use crate::syntax::Span;
use crate::syntax::code::{Expr, ExprKind, Module, visit};

/// Says of each policy of an app what it is for, where its code shows that.
pub(crate) fn read(reading: &mut Reading<'_>) {
    // Whoever mounts a library that opens the door means it; what a framework does by itself nobody chose.
    let is_host = reading.found.framework.is_none_or(facts::is_host);
    let is_open = |resource: &Resource| {
        let everybody = |origins: &crate::eval::Value| {
            let items = origins.as_list().unwrap_or_default();
            let is_chosen = is_host || !origins.trail.is_default();
            is_chosen && items.iter().any(|item| item.as_text().is_some_and(|text| text.is("*")))
        };
        resource.kind.name == cors::KIND.name && resource.value(cors::origins).is_some_and(everybody)
    };
    let open: Vec<usize> =
        (0..reading.model.resources.len()).filter(|at| is_open(&reading.model.resources[*at])).collect();
    if open.is_empty() {
        return;
    }
    let files = facts::files_of(reading.documents.project, reading.found);
    let programs = answers_programs(reading, &files);
    for at in open {
        let place = reading.model.resources[at].place;
        let programs = reading.stated(Kind::Bool(programs), place);
        let mounted = place.in_file().and_then(|(file, span)| {
            let module = reading.documents.module_of(file)?;
            Some(at_an_interface(&module, span))
        });
        let mounted = mounted.filter(|mounted| *mounted).map(|mounted| reading.stated(Kind::Bool(mounted), place));
        let resource = &mut reading.model.resources[at];
        resource.put(cors::for_programs, programs);
        if let Some(mounted) = mounted {
            resource.put(cors::for_an_interface, mounted);
        }
    }
}

/// Whether what stands at a place is mounted below a path with a version: `app.use("/api/v1/*", cors())`.
fn at_an_interface(module: &Module, place: Span) -> bool {
    let mut found = false;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let is_mount = matches!(&callee.kind, ExprKind::Member { property, .. } if &**property == "use");
        let [path, behind @ ..] = &arguments[..] else { return };
        let holds = behind.iter().any(|argument| argument.value.span.holds(place));
        found |= is_mount && holds && has_version(&path.value);
    });
    found
}

/// Whether a path names the version of an interface, as whoever has clients of others does: `/v1`, `/api/v2-beta/*`.
fn has_version(path: &Expr) -> bool {
    let ExprKind::Text(path) = &path.kind else { return false };
    path.test(|path| path.split('/').any(is_version))
}

fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix('v').unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn a_version_is_a_v_with_a_number() {
        for (segment, is) in
            [("v1", true), ("v2-beta", true), ("v", false), ("posts", false), ("vitals", false), ("1", false)]
        {
            assert_eq!(is_version(segment), is, "{segment}");
        }
    }
}
