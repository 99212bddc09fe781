//! A policy: what an organisation demands, which the `prodcheck.toml` of a project can tighten and not weaken.

use super::check;
use super::mistake::ConfigError;
use super::raw::RawPolicy;
use super::{Config, Level, Override, Unchecked};
use crate::rules::{Catalogue, Limits, Profile, Severity};
use crate::syntax::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The file of a policy, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// Its path, as it was given.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// What a policy demands.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    severities: BTreeMap<Arc<str>, Override>,
    limits: Vec<(String, String, Span)>,
    environment: Option<Profile>,
    /// Rules that cannot be weakened: ids, categories, `*`.
    locked: Vec<String>,
}

/// Something in a project's file that the policy does not let it say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What.
    pub message: String,
    /// Where in `prodcheck.toml`.
    pub span: Span,
}

impl PolicyFile {
    /// Reads what it demands; every mistake has its place.
    pub fn read(&self, catalogue: &Catalogue) -> Result<Policy, ConfigError> {
        let refuse = |mistakes| ConfigError { path: self.path.clone(), text: self.text.clone(), mistakes };
        let raw: RawPolicy = super::raw::parse_policy(&self.text).map_err(|mistake| refuse(vec![mistake]))?;
        let locked = raw.locked.iter().map(|name| name.get().trim_end_matches("/*").to_owned()).collect();
        let unknown = check::unknown_rules(&raw.locked, catalogue);
        if !unknown.is_empty() {
            return Err(refuse(unknown));
        }
        let Config { severities, limits, environment, .. } =
            Unchecked::of_policy(raw).check(catalogue).map_err(refuse)?;
        Ok(Policy { severities, limits, environment, locked })
    }
}

impl Policy {
    /// Whether a project can neither lower a rule nor waive its findings.
    pub fn holds(&self, rule: &str) -> bool {
        let named = |name: &String| {
            name == "*" || name == rule || rule.strip_prefix(&**name).is_some_and(|rest| rest.starts_with('/'))
        };
        self.severities.contains_key(rule) || self.locked.iter().any(named)
    }

    /// What a rule weighs at least.
    fn floor(&self, rule: &str, catalogue: &Catalogue) -> Option<Level> {
        let builtin = || {
            let blocks = catalogue.rule(rule)?.severity == Severity::Blocking;
            Some(if blocks { Level::Blocking } else { Level::Warning })
        };
        let own = self.severities.get(rule).map(|own| own.level);
        own.or_else(|| self.holds(rule).then(builtin).flatten())
    }

    /// Lays the policy over what a project says of itself, and names what does not count.
    pub(crate) fn lay_over(&self, config: &mut Config, catalogue: &Catalogue) -> Vec<Refused> {
        let mut refused = Vec::new();
        let mut refuse = |span: Span, what: String| {
            refused
                .push(Refused { message: format!("{what}, which the policy does not allow: it does not count"), span });
        };
        config.severities.retain(|rule, own| {
            let below = self.floor(rule, catalogue).is_some_and(|floor| own.level > floor);
            if below {
                let word = if own.level == Level::Off { "off" } else { "a warning" };
                refuse(own.span, format!("prodcheck.toml makes {rule} {word}"));
            }
            !below
        });
        for (rule, own) in &self.severities {
            config.severities.entry(rule.clone()).or_insert_with(|| own.clone());
        }
        config.ignores.retain(|ignore| {
            let held = self.holds(&ignore.rule);
            if held {
                refuse(ignore.span, format!("prodcheck.toml ignores {}", ignore.rule));
            }
            !held
        });
        let builtin = Limits::builtin(Profile::default());
        let policy = &self.limits;
        config.limits.retain(|(name, value, span)| {
            let Some((_, limit, _)) = policy.iter().find(|(known, ..)| known == name) else { return true };
            let stricter = builtin.is_stricter_text(name, value, limit) == Some(true);
            if !stricter && value != limit {
                refuse(*span, format!("prodcheck.toml sets {name} to {value}"));
            }
            stricter
        });
        for limit in policy {
            if !config.limits.iter().any(|(name, ..)| *name == limit.0) {
                config.limits.push(limit.clone());
            }
        }
        if let Some(environment) = self.environment {
            let own = config.environment.unwrap_or_default();
            if (own as usize) < environment as usize && config.environment.is_some() {
                refuse(Span::default(), "prodcheck.toml judges for a gentler environment".to_owned());
            }
            config.environment = Some(if (own as usize) < environment as usize { environment } else { own });
        }
        refused
    }
}
