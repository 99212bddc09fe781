//! Leaves in a report what is asked for: some rules, all but some, all but some files.

use super::open::Opened;
use super::{ScanError, ScanOptions};
use crate::config::nearest;
use crate::findings::{Finding, Findings};
use crate::rules::Catalogue;
use globset::{GlobBuilder, GlobMatcher};
use std::path::PathBuf;

/// Which findings are asked for. As it stands, all of them are.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// Rules or categories; none means all.
    pub select: Vec<String>,
    /// Rules or categories to leave out.
    pub ignore: Vec<String>,
    /// Files to leave out, as globs.
    pub exclude: Vec<String>,
    /// Files and folders, as absolute paths without links: what lies in none of them is left out. None means all.
    pub within: Vec<PathBuf>,
}

/// Takes out of the findings what is not asked for.
pub(super) fn narrow(found: &mut Findings, opened: &Opened, options: &ScanOptions) -> Result<(), ScanError> {
    let Only { select, ignore, exclude, within } = &options.only;
    select.iter().chain(ignore).try_for_each(|name| known(name, &opened.catalogue))?;
    let globs = exclude.iter().map(|glob| matcher(glob)).collect::<Result<Vec<_>, _>>()?;
    let own = opened.config.exclude.iter().map(|(glob, _)| glob).collect::<Vec<_>>();
    let is_named = |names: &[String], rule: &str| names.iter().any(|name| names_rule(name, rule));
    let keeps = |finding: &Finding| {
        let place = finding.location.as_ref().map(|at| &*at.file);
        let is_within = |file: &str| {
            let path = opened.project.root().join(file);
            within.iter().any(|folder| path.starts_with(folder))
        };
        (within.is_empty() || place.is_none_or(is_within))
            && (select.is_empty() || is_named(select, &finding.rule))
            && !is_named(ignore, &finding.rule)
            && !place.is_some_and(|file| globs.iter().any(|glob| glob.is_match(file)))
            && (opened.policy.holds(&finding.rule)
                || !place.is_some_and(|file| own.iter().any(|glob| glob.is_match(file))))
    };
    found.findings.retain(keeps);
    found.unverified.retain(keeps);
    found.checklist.retain(keeps);
    // What it follows from is not told, so it stands for itself.
    let kept: Vec<String> = found.findings.iter().map(|finding| finding.fingerprint.clone()).collect();
    for finding in &mut found.findings {
        finding.because_of = finding.because_of.take().filter(|cause| kept.contains(cause));
    }
    Ok(())
}

/// Whether findings of a rule are asked for at all.
pub(super) fn asks_for(only: &Only, rule: &str) -> bool {
    let is_named = |names: &[String]| names.iter().any(|name| names_rule(name, rule));
    (only.select.is_empty() || is_named(&only.select)) && !is_named(&only.ignore)
}

/// Whether a name means a rule: its id, or its category.
fn names_rule(name: &str, rule: &str) -> bool {
    let category = name.trim_end_matches('/');
    name == rule || rule.strip_prefix(category).is_some_and(|rest| rest.starts_with('/'))
}

fn known(name: &str, catalogue: &Catalogue) -> Result<(), ScanError> {
    if catalogue.ids().any(|id| names_rule(name, id)) {
        return Ok(());
    }
    let meant = nearest(name, catalogue.ids().map(AsRef::as_ref)).map(str::to_owned);
    Err(ScanError::NoRule { name: name.to_owned(), meant })
}

fn matcher(glob: &str) -> Result<GlobMatcher, ScanError> {
    let built = GlobBuilder::new(glob.trim_start_matches("./")).literal_separator(true).build();
    let built = built.map_err(|error| ScanError::Glob { glob: glob.to_owned(), why: error.kind().to_string() })?;
    Ok(built.compile_matcher())
}
