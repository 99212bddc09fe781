//! One project, opened and evaluated once, that answers for its findings, its settings, why they are so, and what would
//! fix them.

use super::evaluate::Environments;
use super::fix::{Wanted, agrees, fix_of};
use super::open::{open, open_with};
use super::why::Known;
use super::{Allowed, Answer, Asked, Fixed, Looked, ScanError, ScanOptions, held, held_with, report_of, rows};
use crate::findings::Sources;
use crate::project::Given;
use crate::report::{Report, SettingRow, Why};
use crate::rules::Catalogue;
use std::path::Path;
use std::sync::Arc;

/// A project as it was when it was opened, with [`ScanOptions::unsaved`] in place of what lies on the disk.
pub struct View {
    options: ScanOptions,
    looked: Arc<Looked>,
    report: Report,
}

impl View {
    /// Opens a project and evaluates all of it.
    pub fn open(options: &ScanOptions) -> Result<View, ScanError> {
        options.waiting.tell(super::Stage::Files)?;
        let looked = held_with(open(options)?, options, Environments::Kept)?;
        let report = report_of(&looked, options)?;
        Ok(View { options: options.clone(), looked: Arc::new(looked), report })
    }

    /// What a scan says of it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Its settings, as the rules saw them.
    pub fn settings(&self) -> Vec<SettingRow> {
        rows(&self.looked.evaluated.models, &self.looked.opened.project, &self.looked.masker)
    }

    /// Why the settings of a name are what they are.
    pub fn why(&self, asked: &Asked) -> Answer {
        self.known().answer(asked)
    }

    /// Why the settings are what they are that come from a place of a file, the closest ones first.
    pub fn why_at(&self, path: &str, offset: u32) -> Vec<Why> {
        self.looked.opened.project.find(path).map_or_else(Vec::new, |file| self.known().at(file, offset))
    }

    /// What makes the findings go, or the one of this fingerprint, as far as a scan of the result agrees.
    pub fn fix(&self, allowed: Allowed, finding: Option<&str>) -> Result<Fixed, ScanError> {
        let wanted = Wanted { allowed, finding: finding.map(str::to_owned) };
        fix_of(self.looked.clone(), &self.options, wanted)
    }

    /// Whether the finding of this fingerprint would be gone, and nothing new be there, if a file had this text.
    pub fn would_go(&self, finding: &str, path: &str, text: &str) -> Result<bool, ScanError> {
        let Some(found) = self.looked.found.all().find(|found| found.fingerprint == finding) else { return Ok(false) };
        let instead = vec![Given::new(path, text)];
        let tried = held(open_with(&self.options, instead)?, &self.options)?;
        Ok(agrees(&self.looked, &tried, &[found]))
    }

    /// The text of one of its files, in which the offsets of places count.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        let project = &self.looked.opened.project;
        project.find(path).and_then(|file| Sources::text(project, file))
    }

    /// What a comment that has a line for itself begins with in one of its files; none where there are no comments.
    pub fn comment_before(&self, path: &str) -> Option<&'static str> {
        let project = &self.looked.opened.project;
        project.find(path).and_then(|file| crate::suppress::comment_before(path, &project.file(file).kind))
    }

    /// The root that paths are relative to.
    pub fn root(&self) -> &Path {
        self.looked.opened.project.root()
    }

    /// The built-in rules and the project's own.
    pub fn rules(&self) -> &Catalogue {
        &self.looked.opened.catalogue
    }

    /// Whether a text holds something that must not be shown.
    pub fn hides(&self, text: &str) -> bool {
        self.looked.masker.prose(text) != text
    }

    fn known(&self) -> Known<'_> {
        let Looked { opened, evaluated, secrets, masker, .. } = &*self.looked;
        Known { opened, evaluated, secrets, masker }
    }
}
