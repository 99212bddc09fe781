//! The formats of a report, in one table: each is a function of the same report.

use super::{Report, agent, concise, github, gitlab, html, human, json, jsonl, junit, markdown, sarif};

/// The formats of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For people, with code frames
    #[default]
    Human,
    /// One line a finding
    Concise,
    /// One line a finding with what to do, for coding agents; see --limit
    Agent,
    /// JSON, schema version 1
    Json,
    /// One JSON value a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit XML: what fails the scan is a failed test
    Junit,
    /// A summary for a pull request, or for `GITHUB_STEP_SUMMARY`
    Markdown,
    /// One page that needs nothing else
    Html,
}

/// How text for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// With links that the terminal can follow.
    pub links: bool,
    /// Columns of a line.
    pub width: usize,
    /// `-q` is below zero, `-v` above. What machines read is complete without it.
    pub detail: i8,
    /// With the open items of the checklist.
    pub checklist: bool,
    /// The most findings that are listed for an agent; none is all of them.
    pub limit: Option<usize>,
}

impl Default for Style {
    fn default() -> Self {
        Style { colour: false, links: false, width: 80, detail: 0, checklist: false, limit: None }
    }
}

impl Format {
    /// The report in this format, ready to be written out.
    pub fn render(self, report: &Report, style: Style) -> String {
        let render: fn(&Report, Style) -> String = match self {
            Format::Human => human::render,
            Format::Concise => concise::render,
            Format::Agent => agent::render,
            Format::Json => json::render,
            Format::Jsonl => jsonl::render,
            Format::Sarif => sarif::render,
            Format::Github => github::render,
            Format::Gitlab => gitlab::render,
            Format::Junit => junit::render,
            Format::Markdown => markdown::render,
            Format::Html => html::render,
        };
        render(report, style)
    }
}

#[cfg(test)]
mod tests;
