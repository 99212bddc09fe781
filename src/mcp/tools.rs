//! The tools: each is one call into the library, and gives text.

use super::inside::Inside;
use crate::report::{Ending, Format, SettingRow, Style, TableFormat};
use crate::rules::Profile;
use crate::scan::{Allowed, Asked, Only, ScanError, ScanOptions, fix, scan, settings_of, why};
use serde_json::{Map, Value, json};
use std::path::Path;

/// The page of a rule, for a project.
type Explain = Box<dyn Fn(&str, &Path) -> Result<String, String>>;

/// Findings that a scan lists unless more are asked for.
const MOST_FINDINGS: usize = 50;
/// Settings that are told at once.
const MOST_SETTINGS: usize = 200;
/// Bytes of a text that is given.
const MOST_BYTES: usize = 60_000;

/// The tools of one server.
pub(crate) struct Tools {
    /// The folder that was given at the start.
    pub(crate) inside: Inside,
    /// What each scan is made with beside what is asked for.
    pub(crate) base: Box<dyn Fn() -> ScanOptions>,
    pub(crate) explain: Explain,
}

type Given = Map<String, Value>;
type Told = Result<String, String>;

/// A tool as clients see it.
struct Tool {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// The arguments: name, type, what it means.
    arguments: &'static [(&'static str, &'static str, &'static str)],
    required: &'static [&'static str],
    call: fn(&Tools, &Given) -> Told,
}

const PATH: (&str, &str, &str) =
    ("path", "string", "The project or an app in it, relative to the folder that the server was started for");
const ENVIRONMENT: (&str, &str, &str) =
    ("environment", "string", "development, staging, production or high-security; production if left out");

const TOOLS: &[Tool] = &[
    Tool {
        name: "scan",
        title: "What is not ready for production",
        description: "Evaluates the whole project as it would run in production and lists what blocks, what to review and what could not be verified: one line a finding \
            with the place, the rule, what is wrong, what to do, and whether --fix can do it.",
        arguments: &[
            PATH,
            ENVIRONMENT,
            ("select", "string", "Only this rule or category, such as cors or secrets/missing"),
            ("limit", "integer", "The most findings that are listed, the heaviest first; 50 if left out"),
        ],
        required: &[],
        call: Tools::scan,
    },
    Tool {
        name: "explain",
        title: "One rule",
        description: "Why a rule matters, how to fix what it finds, where the setting lives in each framework, and an example.",
        arguments: &[("rule", "string", "The id, such as cors/credentialed-wildcard; a category lists its rules")],
        required: &["rule"],
        call: Tools::explained,
    },
    Tool {
        name: "why",
        title: "Where a setting comes from",
        description: "What one setting or variable would be in production, and step by step where that comes from.",
        arguments: &[
            ("setting", "string", "cors.origins, the framework's own key, or a variable"),
            PATH,
            ENVIRONMENT,
            ("app", "string", "Only this app, by its folder as reports name it"),
        ],
        required: &["setting"],
        call: Tools::why,
    },
    Tool {
        name: "settings",
        title: "Effective settings",
        description: "The settings that the project would run with, each with its value and where it comes from. Needs a name or an app: all of them are too many.",
        arguments: &[
            ("name", "string", "A part of the setting's name or key, such as cors or cookies.secure"),
            ("app", "string", "Only this app, by its folder as reports name it"),
            PATH,
            ENVIRONMENT,
        ],
        required: &[],
        call: Tools::settings,
    },
    Tool {
        name: "fix_preview",
        title: "What --fix would change",
        description: "The edits that `prodcheck scan --fix` would make, as a diff in which secrets are masked. Writes nothing.",
        arguments: &[
            PATH,
            ("select", "string", "Only this rule or category"),
            ("unsafe_fixes", "boolean", "Also edits that users may notice, such as shorter token lifetimes"),
        ],
        required: &[],
        call: Tools::fix_preview,
    },
];

impl Tools {
    /// The tools as a client is told of them.
    pub(super) fn list() -> Value {
        let one = |tool: &Tool| {
            let arguments: Given = tool
                .arguments
                .iter()
                .map(|(name, ty, meaning)| ((*name).to_owned(), json!({ "type": ty, "description": meaning })))
                .collect();
            json!({
                "name": tool.name,
                "title": tool.title,
                "description": tool.description,
                "inputSchema": {
                    "type": "object", "properties": arguments, "required": tool.required, "additionalProperties": false,
                },
                "annotations": { "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false },
            })
        };
        TOOLS.iter().map(one).collect()
    }

    /// What a tool gives, or why it cannot; none where there is no such tool.
    pub(super) fn call(&self, name: &str, given: &Given) -> Option<Told> {
        let tool = TOOLS.iter().find(|tool| tool.name == name)?;
        Some(tool.checked(given).and_then(|()| (tool.call)(self, given)).map(|text| bounded(&text)))
    }

    fn options(&self, given: &Given) -> Result<ScanOptions, String> {
        let base = (self.base)();
        let environment = match text(given, "environment") {
            None => base.environment,
            Some(name) => Some(Profile::named(name).ok_or_else(|| {
                let names: Vec<&str> = Profile::names().collect();
                format!("environment is one of {}", names.join(", "))
            })?),
        };
        let select = text(given, "select").map(str::to_owned).into_iter().collect();
        let path = self.inside.path(text(given, "path"))?;
        Ok(ScanOptions { path, environment, only: Only { select, ..Only::default() }, ..base })
    }

    fn scan(&self, given: &Given) -> Told {
        let mut report = scan(&self.options(given)?).map_err(failed)?;
        report.ending = report.judge(report.fail_on, false);
        if report.ending == Ending::NothingChecked {
            return Err("nothing was checked: no supported project was found here".into());
        }
        let limit = given.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        let style = Style { limit: Some(limit.unwrap_or(MOST_FINDINGS)), ..Style::default() };
        Ok(Format::Agent.render(&report, style).replace("--limit 0 shows all", "a higher limit shows more"))
    }

    fn explained(&self, given: &Given) -> Told {
        (self.explain)(text(given, "rule").unwrap_or_default(), self.inside.root())
    }

    fn why(&self, given: &Given) -> Told {
        let setting = text(given, "setting").unwrap_or_default().to_owned();
        let asked = Asked { setting, app: text(given, "app").map(str::to_owned), resource: None };
        let answer = why(&self.options(given)?, &asked).map_err(failed)?;
        match answer.nothing {
            Some(nothing) => Err([Some(nothing), answer.help].into_iter().flatten().collect::<Vec<_>>().join("; ")),
            None if answer.apps.is_empty() => Err("nothing was looked at: no supported project was found here".into()),
            None => Ok(crate::report::whys(&answer.whys, TableFormat::Human, Style::default())),
        }
    }

    fn settings(&self, given: &Given) -> Told {
        let (name, app) = (text(given, "name"), text(given, "app"));
        if name.is_none() && app.is_none() {
            return Err("name a setting, as in cors, or an app: all settings are too many".into());
        }
        let has = |row: &SettingRow| {
            let full = format!("{}.{}", row.kind, row.setting);
            let named = |name: &str| {
                full.contains(name)
                    || row.resource.contains(name)
                    || row.key.as_deref().is_some_and(|key| key.contains(name))
            };
            // By an app alone, what a person would look up.
            let told = name.is_some() || !matches!(row.state, "derived" | "unknown" | "fixed" | "not-applicable");
            told && name.is_none_or(named) && app.is_none_or(|app| row.app == app || (app == "." && row.app.is_empty()))
        };
        let mut rows: Vec<SettingRow> =
            settings_of(&self.options(given)?).map_err(failed)?.into_iter().filter(has).collect();
        if rows.is_empty() {
            return Err("no setting has this name in this app".into());
        }
        let more = rows.len().saturating_sub(MOST_SETTINGS);
        rows.truncate(MOST_SETTINGS);
        let rest = if more > 0 { format!("... and {more} more; ask for a longer name\n") } else { String::new() };
        Ok(TableFormat::Human.render(&rows) + &rest)
    }

    fn fix_preview(&self, given: &Given) -> Told {
        let risky = given.get("unsafe_fixes").and_then(Value::as_bool).unwrap_or(false);
        let allowed = if risky { Allowed::Unsafe } else { Allowed::Safe };
        let fixed = fix(&self.options(given)?, allowed).map_err(failed)?;
        if fixed.rules.is_empty() {
            return Ok("nothing to fix".into());
        }
        let command = if risky { "--fix --unsafe-fixes" } else { "--fix" };
        Ok(format!("{}{} findings would go with `prodcheck scan {command}`\n", fixed.diff, fixed.rules.len()))
    }
}

impl Tool {
    /// Whether the arguments are those of the tool, each of its type.
    fn checked(&self, given: &Given) -> Result<(), String> {
        for (name, value) in given {
            let Some((_, ty, _)) = self.arguments.iter().find(|(known, ..)| known == name) else {
                let known: Vec<&str> = self.arguments.iter().map(|(known, ..)| *known).collect();
                return Err(format!("`{}` has no argument `{name}`; there are {}", self.name, known.join(", ")));
            };
            let fits = match *ty {
                "string" => value.is_string(),
                "integer" => value.is_u64(),
                _ => value.is_boolean(),
            };
            if !fits {
                return Err(format!("`{name}` is no {ty}"));
            }
        }
        match self.required.iter().find(|name| text(given, name).is_none_or(str::is_empty)) {
            Some(missing) => Err(format!("`{missing}` is missing")),
            None => Ok(()),
        }
    }
}

fn text<'g>(given: &'g Given, name: &str) -> Option<&'g str> {
    given.get(name).and_then(Value::as_str)
}

fn failed(error: ScanError) -> String {
    let help = error.help().map_or(String::new(), |help| format!("; {help}"));
    format!("{error}{help}")
}

/// The text, as much of it as an agent takes in.
fn bounded(text: &str) -> String {
    if text.len() <= MOST_BYTES {
        return text.to_owned();
    }
    let end = text[..text.floor_char_boundary(MOST_BYTES)].rfind('\n').unwrap_or(0);
    format!("{}\n... {} more bytes; ask for less\n", &text[..end], text.len() - end)
}
