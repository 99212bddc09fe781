//! Takes out of the findings what the project waives.

use super::ScanOptions;
use super::open::{Opened, REFUSED};
use crate::findings::{Finding, Findings, Means, Suppressed};
use crate::project::Problem;
use crate::suppress::{Reach, Waiver, accepted_elsewhere, apply, in_comments, weigh_by_path};
use crate::syntax::FileId;

/// What was taken out, and what is wrong with the waivers.
#[derive(Default)]
pub(super) struct Waived {
    pub(super) suppressed: Vec<Suppressed>,
    pub(super) problems: Vec<Problem>,
}

/// Applies the settings by path, the comments, and `[[ignore]]`.
pub(super) fn waive(found: &mut Findings, opened: &Opened, parsed: &[FileId], options: &ScanOptions) -> Waived {
    if options.no_ignores {
        return Waived::default();
    }
    let held = held(found, opened);
    let mut suppressed = weigh_by_path(found, &opened.config.paths);
    let (mut waivers, mut problems) = in_comments(&opened.project, &opened.catalogue, parsed);
    waivers.retain(|waiver| {
        let is_held = opened.policy.holds(&waiver.rule);
        if is_held {
            let message =
                format!("a comment ignores {}, which the policy does not allow: it does not count", waiver.rule);
            problems.push(Problem::new(REFUSED, message).in_file(waiver.place.0).at(waiver.place.1));
        }
        !is_held
    });
    waivers.extend(from_config(opened));
    let (waived, more) = apply(found, &waivers, options.today, sees_all(opened, options));
    suppressed.extend(waived);
    suppressed.extend(accepted_elsewhere(found, &opened.project));
    problems.extend(more);
    put_back(found, held);
    Waived { suppressed, problems }
}

/// Takes out for a while the findings of rules that the policy holds: nothing that the project says waives them.
pub(super) fn held(found: &mut Findings, opened: &Opened) -> Findings {
    let mut apart = Findings::default();
    let lists = [
        (&mut found.findings, &mut apart.findings),
        (&mut found.unverified, &mut apart.unverified),
        (&mut found.checklist, &mut apart.checklist),
    ];
    for (list, into) in lists {
        let (held, rest) = std::mem::take(list).into_iter().partition(|finding| opened.policy.holds(&finding.rule));
        (*into, *list) = (held, rest);
    }
    apart
}

/// Puts findings back where they belong.
pub(super) fn put_back(found: &mut Findings, apart: Findings) {
    found.findings.extend(apart.findings);
    found.unverified.extend(apart.unverified);
    found.checklist.extend(apart.checklist);
    for list in [&mut found.findings, &mut found.unverified, &mut found.checklist] {
        list.sort_by_cached_key(Finding::order);
    }
}

/// Whether every finding of the project is asked for: of a part of it, nobody can say what is not needed.
pub(super) fn sees_all(opened: &Opened, options: &ScanOptions) -> bool {
    let usual = opened.config.environment.unwrap_or_default();
    opened.project.selection().is_empty() && options.target.is_none() && opened.environment == usual
}

/// `[[ignore]]` of `prodcheck.toml`.
fn from_config(opened: &Opened) -> Vec<Waiver> {
    let Some(file) = opened.config_file else { return Vec::new() };
    let waiver = |ignore: &crate::config::Ignore| Waiver {
        rule: ignore.rule.clone(),
        reach: Reach::Where { app: ignore.app.clone(), subject: ignore.subject.clone(), path: ignore.path.clone() },
        reason: ignore.reason.clone(),
        until: ignore.until,
        place: (file, ignore.span),
        means: Means::Config,
    };
    opened.config.ignores.iter().map(waiver).collect()
}
