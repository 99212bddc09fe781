//! The reports of one scan: one on standard output, and as many files as the user names.

use super::Failure;
use super::arguments::{OutputFile, Scan};
use super::output::{Colour, Output};
use crate::report::{Format, Report, Style};
use std::path::Path;

/// Where each report goes, and how it looks. What is shown comes last, so that it is shown when all is done.
pub(super) struct Reports(Vec<(Format, Output, Style)>);

impl Reports {
    /// What the arguments ask for. No file is to hold two reports.
    pub(super) fn of(arguments: &Scan) -> Result<Reports, Failure> {
        let files = &arguments.output_file;
        for (index, file) in files.iter().enumerate() {
            if files[..index].iter().any(|other| other.path == file.path) {
                return Err(twice(&file.path));
            }
        }
        let mut reports: Vec<_> = files.iter().map(|file| of_file(file, arguments)).collect();
        if files.iter().all(|file| file.format.is_some()) {
            let shown = Output::new(None, arguments.color);
            let style = arguments.style(&shown);
            reports.push((arguments.format, shown, style));
        }
        Ok(Reports(reports))
    }

    /// Whether one of them shows the settings that were judged.
    pub(super) fn show_settings(&self) -> bool {
        self.0.iter().any(|(format, ..)| *format == Format::Html)
    }

    /// Writes every report.
    pub(super) fn write(&self, report: &Report) -> Result<(), Failure> {
        let mut blocking = None;
        for (format, output, style) in &self.0 {
            let shown = match style.detail < 0 {
                true => blocking.get_or_insert_with(|| report.only_blocking()),
                false => report,
            };
            output.write(&format.render(shown, *style))?;
        }
        Ok(())
    }
}

fn of_file(file: &OutputFile, arguments: &Scan) -> (Format, Output, Style) {
    let colour = if file.format.is_some() { Colour::Never } else { arguments.color };
    let output = Output::new(Some(file.path.clone()), colour);
    let style = arguments.style(&output);
    (file.format.unwrap_or(arguments.format), output, style)
}

fn twice(path: &Path) -> Failure {
    Failure {
        message: format!("two reports would be written to `{}`", path.display()),
        help: Some("give each --output-file a path of its own".into()),
        ..Failure::default()
    }
}
