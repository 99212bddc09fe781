//! The many names of env files, taken apart: which environment, whose, and whether it is only a template.

use super::kind::FileKind;
use crate::stages::is_stage;

/// The kind of an env file by its name; `None` when the name is not one.
pub(super) fn recognise(name: &str) -> Option<FileKind> {
    let (words, dev_vars) = words_of(name)?;
    let mut local = dev_vars;
    let mut template = false;
    let mut rest: Vec<&str> = Vec::new();
    for word in words {
        match word {
            "local" => local = true,
            word if is_template(word) => template = true,
            // Encrypted copies and code about env files hold no readable variables.
            "vault" | "gpg" | "enc" | "encrypted" | "age" | "sops" => return None,
            "ts" | "js" | "mjs" | "cjs" | "py" | "rb" | "go" | "rs" | "json" | "yaml" | "yml" | "toml" | "sh"
            | "md" | "mts" | "tsx" | "php" | "ps1" | "fish" => return None,
            word => rest.push(word),
        }
    }
    let known = rest.iter().rev().find(|word| is_environment(word));
    let environment = match known {
        Some(word) => Some((*word).into()),
        None if rest.is_empty() => None,
        None => Some(rest.join(".").into()),
    };
    Some(FileKind::EnvFile { environment, local, template })
}

/// The words around `env`, and whether they stand in a `.dev.vars`.
fn words_of(name: &str) -> Option<(Vec<&str>, bool)> {
    let split = |rest: &'_ str| -> bool { rest.is_empty() || rest.starts_with(['.', '-', '_']) };
    if let Some(rest) = name.strip_prefix(".env").filter(|rest| split(rest)) {
        return Some((words(rest), false));
    }
    if let Some(rest) = name.strip_prefix(".dev.vars").filter(|rest| split(rest)) {
        return Some((words(rest), true));
    }
    if name == ".flaskenv" {
        return Some((Vec::new(), false));
    }
    if let Some(stem) = name.strip_suffix(".env") {
        return Some((words(stem), false));
    }
    let telling = |word: &&str| is_template(word) || is_environment(word) || **word == *"local";
    // `server.env.template`
    if let Some((stem, rest)) = name.split_once(".env.") {
        let behind = words(rest);
        if !behind.iter().all(telling) {
            return None;
        }
        return Some((words(stem).into_iter().chain(behind).collect(), false));
    }
    // Without the leading dot only a word that says so makes it an env file: `env.d` and `env.rb` are not.
    let rest = name.strip_prefix("env").or_else(|| name.strip_prefix("dotenv"))?.strip_prefix(['.', '-', '_'])?;
    let words = words(rest);
    (words.first().is_some_and(|word| is_template(word)) || words.iter().all(telling)).then_some((words, false))
}

fn words(text: &str) -> Vec<&str> {
    // A dash belongs to a word such as `pre-prod`, unless a telling word stands behind it (`.env-example`).
    let mut out = Vec::new();
    for part in text.split('.').filter(|part| !part.is_empty()) {
        let pieces: Vec<&str> = part.split(['-', '_']).filter(|piece| !piece.is_empty()).collect();
        if pieces.iter().any(|piece| is_template(piece) || is_environment(piece) || *piece == "local") {
            out.extend(pieces);
        } else {
            out.push(part.trim_matches(['-', '_']));
        }
    }
    out
}

fn is_template(word: &str) -> bool {
    matches!(
        word,
        "example"
            | "examples"
            | "sample"
            | "samples"
            | "template"
            | "templates"
            | "tmpl"
            | "tpl"
            | "dist"
            | "schema"
            | "skel"
            // `dotenv-defaults` and its relatives read these first, and what is in git wins over nothing.
            | "default"
            | "defaults"
            | "base"
    )
}

fn is_environment(word: &str) -> bool {
    is_stage(word) || word == "docker"
}
