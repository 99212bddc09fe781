//! The file as it is written: flat structs with places, closed against unknown keys. The JSON Schema comes from them.

use super::Level;
use super::mistake::{Mistake, suggestion};
use super::place::{Placed, span};
use crate::rules::Profile;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The whole file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "prodcheck.toml", description = "What a project tells prodcheck about itself.")]
pub(super) struct Raw {
    /// The versions of prodcheck that may judge the project: `">=0.1, <0.2"`, or one version. It is looked at before all else.
    #[serde(rename = "required-version")]
    pub(super) _required_version: Option<Placed<String>>,
    /// The folder with the project's own rules, relative to this file.
    pub(super) rules_folder: Option<Placed<String>>,
    /// The folder with the project's own facts of libraries, relative to this file.
    pub(super) facts_folder: Option<Placed<String>>,
    /// A baseline to hold findings against, as `--baseline` does; relative to this file.
    pub(super) baseline: Option<Placed<String>>,
    /// Files of which nothing is reported, as globs relative to this file: `exclude = ["examples/**"]`.
    pub(super) exclude: Vec<Placed<String>>,
    /// The environment that the project is judged for.
    pub(super) environment: Environment,
    /// Thresholds to use instead of the built-in ones, such as `token_lifetime.access = "30m"`.
    pub(super) limits: BTreeMap<Placed<String>, Placed<Limit>>,
    /// How much single rules weigh, by id: `"cors/wildcard" = { severity = "off", reason = "a public API" }`.
    pub(super) rules: BTreeMap<Placed<String>, Placed<RuleSetting>>,
    /// How much rules weigh in some of the project's files; of several settings for one file the last one counts.
    pub(super) path: Vec<Placed<PathSetting>>,
    /// Findings that are accepted, each with a reason.
    pub(super) ignore: Vec<Placed<Ignore>>,
    /// What a person attests, for no file can show it.
    pub(super) attest: Vec<Placed<Attest>>,
}

/// A policy: what an organisation demands of every project.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "prodcheck policy", description = "What an organisation demands, which no project can weaken.")]
pub(super) struct RawPolicy {
    /// Rules and categories that no project can lower, turn off or waive: `locked = ["secrets", "cors/wildcard"]`, `["*"]` for all.
    pub(super) locked: Vec<Placed<String>>,
    /// The environment that is judged for at least.
    pub(super) environment: Environment,
    /// Thresholds that hold, unless a project has a stricter one.
    pub(super) limits: BTreeMap<Placed<String>, Placed<Limit>>,
    /// How much single rules weigh at least; each of them is locked.
    pub(super) rules: BTreeMap<Placed<String>, Placed<RuleSetting>>,
}

/// `[environment]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Environment {
    /// What to judge for, where the command line names nothing else.
    pub(super) name: Option<Placed<Name>>,
    /// Variables that the host sets. With them the environment is complete: what nothing sets is not set.
    pub(super) provided: Vec<Placed<String>>,
    /// Files with variables as the host sets them, relative to this file; the last one wins.
    pub(super) env_files: Vec<Placed<String>>,
}

/// The environments by name.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Name {
    /// A developer's machine.
    Development,
    /// A rehearsal of production.
    Staging,
    /// What users reach.
    Production,
    /// Production with the strictest thresholds.
    HighSecurity,
}

impl Name {
    pub(super) fn profile(self) -> Profile {
        match self {
            Name::Development => Profile::Development,
            Name::Staging => Profile::Staging,
            Name::Production => Profile::Production,
            Name::HighSecurity => Profile::HighSecurity,
        }
    }
}

/// How much one rule weighs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSetting {
    /// The weight of its findings.
    pub(super) severity: Placed<Level>,
    /// Why; needed to turn a rule off.
    #[serde(default)]
    pub(super) reason: Option<Placed<String>>,
}

/// `[[path]]`: how much rules weigh in some files.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PathSetting {
    /// The files, relative to this file: `apps/internal/**`.
    pub(super) glob: Placed<String>,
    /// The rules; all of them where it is left out.
    #[serde(default)]
    pub(super) rules: Vec<Placed<String>>,
    /// The weight of their findings.
    pub(super) severity: Placed<Level>,
    /// Why; needed to turn rules off.
    #[serde(default)]
    pub(super) reason: Option<Placed<String>>,
}

/// `[[ignore]]`: findings that are accepted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ignore {
    /// The rule.
    pub(super) rule: Placed<String>,
    /// The one app, by its id in reports.
    #[serde(default)]
    pub(super) app: Option<Placed<String>>,
    /// The one resource by its name, or the setting by the framework's key.
    #[serde(default)]
    pub(super) subject: Option<Placed<String>>,
    /// The files, as a glob relative to this file.
    #[serde(default)]
    pub(super) path: Option<Placed<String>>,
    /// Why it is accepted.
    pub(super) reason: Placed<String>,
    /// The last day on which it is.
    #[serde(default)]
    pub(super) until: Option<Placed<Date>>,
}

/// `[[attest]]`: an item of the checklist that somebody vouches for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Attest {
    /// The item, such as `checklist/backups-restore`.
    pub(super) rule: Placed<String>,
    /// The one app it holds for; all of them where it is left out.
    #[serde(default)]
    pub(super) app: Option<Placed<String>>,
    /// Who vouches for it.
    pub(super) by: Placed<String>,
    /// When it was checked.
    pub(super) on: Placed<Date>,
    /// The last day on which it holds.
    #[serde(default)]
    pub(super) until: Option<Placed<Date>>,
    /// What was done, or where it is written down.
    #[serde(default)]
    pub(super) note: Option<String>,
}

/// A day as it is written: `2027-01-31`, with or without quotes. Whether it is one is checked later.
#[derive(Clone, Debug)]
pub(super) struct Date(pub(super) String);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Day;
        impl<'de> Visitor<'de> for Day {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day such as 2027-01-31")
            }

            fn visit_str<E>(self, text: &str) -> Result<Date, E> {
                Ok(Date(text.to_owned()))
            }

            /// This is how the TOML crate hands out its own dates.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Date, A::Error> {
                let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Date(date.to_string()))
            }
        }
        deserializer.deserialize_any(Day)
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "description": "A day, such as 2027-01-31." })
    }
}

/// A threshold, or a group of them: `token_lifetime.access = "30m"` is a table to TOML.
#[derive(Debug)]
pub(super) enum Limit {
    /// `"30m"`, `32`.
    Value(String),
    /// Thresholds by the rest of their names.
    Group(BTreeMap<Placed<String>, Placed<Limit>>),
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Threshold;
        impl<'de> Visitor<'de> for Threshold {
            type Value = Limit;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a duration such as \"30m\" or a size such as \"10MiB\"")
            }

            fn visit_str<E>(self, text: &str) -> Result<Limit, E> {
                Ok(Limit::Value(text.to_owned()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Limit, E> {
                Ok(Limit::Value(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Limit, E> {
                Ok(Limit::Value(number.to_string()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Limit, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(Limit::Group)
            }
        }
        deserializer.deserialize_any(Threshold)
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number, a duration such as \"30m\", a size such as \"10MiB\", or a group of thresholds.",
            "type": ["number", "string", "object"],
            "additionalProperties": { "$ref": "#/$defs/Limit" }
        })
    }
}

/// Reads the text; the first thing that is not as it should be ends the reading.
pub(super) fn parse(text: &str) -> Result<Raw, Mistake> {
    read(text)
}

/// Reads the text of a policy.
pub(super) fn parse_policy(text: &str) -> Result<RawPolicy, Mistake> {
    read(text)
}

fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Mistake> {
    toml::from_str(text).map_err(|error| {
        let range = error.span().unwrap_or(0..0);
        explained(error.message(), text.get(range.clone()).unwrap_or_default(), span(&range))
    })
}

/// The reader's words in ours.
fn explained(message: &str, found: &str, span: Span) -> Mistake {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match (&words[..], message.split(' ').next()) {
        ([wrong, known @ ..], Some("unknown")) if message.starts_with("unknown field") => {
            Mistake::new(span, format!("there is no key `{wrong}` here")).help(suggestion(wrong, known))
        }
        ([wrong, known @ ..], Some("unknown")) => {
            Mistake::new(span, format!("`{wrong}` is not one of {}", known.join(", "))).help(suggestion(wrong, known))
        }
        ([missing], Some("missing")) => {
            let mistake = Mistake::new(span, format!("`{missing}` is missing"));
            match *missing {
                "reason" => mistake.help("say why, for whoever reads it later: reason = \"...\""),
                "rule" => mistake.help("name the rule as a report does: rule = \"cors/wildcard\""),
                other => mistake.help(format!("add {other} = \"...\"")),
            }
        }
        _ if message.contains("expected a sequence") && found.starts_with('[') => {
            let name = found.trim_matches(['[', ']']);
            Mistake::new(span, format!("there can be several `{name}`, so each is an entry of a list"))
                .help(format!("write the head with two brackets: [[{name}]]"))
        }
        _ if message.contains("struct RuleSetting") => {
            let severity = if found.is_empty() { "\"off\"" } else { found };
            Mistake::new(span, "the settings of a rule are a table")
                .help(format!("write it as {{ severity = {severity}, reason = \"...\" }}"))
        }
        // What was found there can be a secret: the reader's words end with what was expected.
        _ => match message.trim().rsplit_once("expected ") {
            Some((_, expected)) => Mistake::new(span, format!("expected {}", expected.replace('\n', ", "))),
            None => Mistake::new(span, "this cannot be read"),
        },
    }
}

use crate::syntax::Span;
