//! Takes what is waived out of the findings, and says which waivers have ended or are not needed.

use super::{EXPIRED, UNUSED, Waiver};
use crate::config::{Day, Level, PathSetting};
use crate::findings::{Finding, Findings, Means, Severity, Suppressed};
use crate::project::Problem;
use hashbrown::HashSet;

/// Takes out what is waived today. The problems name waivers that have ended, and where `report_unused` is set those
/// that waive nothing.
pub fn apply(
    found: &mut Findings,
    waivers: &[Waiver],
    today: Option<Day>,
    report_unused: bool,
) -> (Vec<Suppressed>, Vec<Problem>) {
    let (over, live): (Vec<&Waiver>, Vec<&Waiver>) = waivers.iter().partition(|waiver| waiver.is_over(today));
    let mut used = vec![false; live.len()];
    let mut suppressed = Vec::new();
    for list in [&mut found.findings, &mut found.unverified, &mut found.checklist] {
        for finding in std::mem::take(list) {
            match waived(&finding, &live, &mut used) {
                Some(waiver) => {
                    suppressed.push(Suppressed { reason: waiver.reason.clone(), means: waiver.means, finding })
                }
                None => list.push(finding),
            }
        }
    }
    stand_alone(found, &suppressed);
    let ended = |waiver: &&Waiver| {
        let day = waiver.until.map(|day| day.to_string()).unwrap_or_default();
        waiver.problem(EXPIRED, format!("the ignore of {} expired on {day}", waiver.rule))
    };
    let mut problems: Vec<Problem> = over.iter().map(ended).collect();
    let idle = live.iter().zip(&used).filter(|(_, used)| report_unused && !**used);
    problems
        .extend(idle.map(|(waiver, _)| waiver.problem(UNUSED, format!("unused ignore of {}: remove it", waiver.rule))));
    (suppressed, problems)
}

/// The waiver of a finding; each thing it is about must be waived.
fn waived<'w>(finding: &Finding, waivers: &[&'w Waiver], used: &mut [bool]) -> Option<&'w Waiver> {
    let covering = |subject| waivers.iter().position(|waiver| waiver.covers(finding, subject));
    let covers: Vec<usize> = finding.subjects.iter().map(covering).collect::<Option<_>>()?;
    covers.iter().for_each(|waiver| used[*waiver] = true);
    covers.first().map(|waiver| waivers[*waiver])
}

/// What was folded under a finding that is gone stands for itself.
pub(crate) fn stand_alone(found: &mut Findings, gone: &[Suppressed]) {
    let gone: HashSet<&str> = gone.iter().map(|suppressed| &*suppressed.finding.fingerprint).collect();
    for finding in found.findings.iter_mut().chain(&mut found.unverified) {
        if finding.because_of.as_deref().is_some_and(|cause| gone.contains(cause)) {
            finding.because_of = None;
        }
    }
}

/// Gives findings the weight that the project gives them by their path, and takes out those it has turned off.
pub fn weigh_by_path(found: &mut Findings, settings: &[PathSetting]) -> Vec<Suppressed> {
    let mut suppressed = Vec::new();
    for list in [&mut found.findings, &mut found.unverified] {
        for mut finding in std::mem::take(list) {
            // Of several settings for one path the last one counts, as in every file of its kind.
            let Some(setting) = settings.iter().rev().find(|setting| holds_for(setting, &finding)) else {
                list.push(finding);
                continue;
            };
            match setting.level {
                Level::Off => {
                    let reason = setting.reason.clone().unwrap_or_default();
                    suppressed.push(Suppressed { finding, reason, means: Means::Config });
                    continue;
                }
                _ if finding.severity == Severity::Unverified => {}
                Level::Warning => finding.severity = Severity::Warning,
                Level::Blocking => finding.severity = Severity::Blocking,
            }
            list.push(finding);
        }
    }
    stand_alone(found, &suppressed);
    suppressed
}

fn holds_for(setting: &PathSetting, finding: &Finding) -> bool {
    let at = finding.location.as_ref().is_some_and(|at| setting.glob.is_match(&*at.file));
    at && (setting.rules.is_empty() || setting.rules.contains(&finding.rule))
}
