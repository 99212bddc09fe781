//! Takes out of the findings what the project waives.

use super::ScanOptions;
use super::open::Opened;
use crate::findings::{Findings, Means, Suppressed};
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
    let mut suppressed = weigh_by_path(found, &opened.config.paths);
    let (mut waivers, mut problems) = in_comments(&opened.project, &opened.catalogue, parsed);
    waivers.extend(from_config(opened));
    let (waived, more) = apply(found, &waivers, options.today, sees_all(opened, options));
    suppressed.extend(waived);
    suppressed.extend(accepted_elsewhere(found, &opened.project));
    problems.extend(more);
    Waived { suppressed, problems }
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
