//! Writes the baseline of a project, and holds a scan against one.

use super::open::{Opened, UserFile, open};
use super::{Looked, ScanError, ScanOptions, look, waive};
use crate::baseline::{Baseline, Salt};
use crate::config::Mistake;
use crate::findings::Subjects;
use crate::project::Problem;
use std::borrow::Cow;

/// An entry of the baseline that nothing matches any more.
const STALE: &str = "baseline/stale";

/// The baseline of a project as it is now.
pub fn baseline(options: &ScanOptions, salt: Salt) -> Result<Baseline, ScanError> {
    let looked = look(open(options)?, options)?;
    let subjects = Subjects::of(looked.models());
    Ok(Baseline::of(&looked.found, salt, |finding| subjects.secrets_of(finding)))
}

/// Takes out of the findings what the baseline knows.
pub(super) fn hold_against(looked: &mut Looked, options: &ScanOptions) -> Result<(), ScanError> {
    let Some(baseline) = chosen(&looked.opened, options)? else { return Ok(()) };
    let mut found = std::mem::take(&mut looked.found);
    let held = waive::held(&mut found, &looked.opened);
    let subjects = Subjects::of(looked.models());
    let (suppressed, stale) = baseline.apply(&mut found, |finding| subjects.secrets_of(finding));
    waive::put_back(&mut found, held);
    looked.found = found;
    looked.waived.suppressed.extend(suppressed);
    if !stale.is_empty() && waive::sees_all(&looked.opened, options) {
        looked.waived.problems.push(Problem::new(STALE, stale_message(stale)));
    }
    Ok(())
}

/// The baseline that the command line gives, else the one that `prodcheck.toml` names.
fn chosen<'o>(opened: &Opened, options: &'o ScanOptions) -> Result<Option<Cow<'o, Baseline>>, ScanError> {
    if let Some(baseline) = &options.baseline {
        return Ok(Some(Cow::Borrowed(baseline)));
    }
    let (Some((path, span)), Some(file)) = (&opened.config.baseline, opened.config_file) else { return Ok(None) };
    let refuse = |why: &str| match UserFile::read(&opened.project, file) {
        Ok(config) => config.refuse(vec![Mistake::unreadable(*span, why)]),
        Err(error) => error.into(),
    };
    let text = opened.project.find(path).ok_or_else(|| refuse("it does not exist"))?;
    let text = opened.project.text(text).map_err(|problem| refuse(&problem.message))?;
    Baseline::parse(text).map(|baseline| Some(Cow::Owned(baseline))).map_err(|why| refuse(&why))
}

fn stale_message(mut rules: Vec<&str>) -> String {
    let count = rules.len();
    rules.sort_unstable();
    rules.dedup();
    let matches = if count == 1 { "entry of the baseline matches" } else { "entries of the baseline match" };
    format!("{count} {matches} nothing any more ({}): write it anew with `prodcheck baseline`", rules.join(", "))
}
