//! How a comment is begun in a file, for whoever writes a directive into it.

use crate::project::FileKind;
use crate::syntax::code::SourceKind;

/// What a comment that has a line for itself begins with; none where the file has no comments, or none that its other
/// readers take.
pub fn comment_before(path: &str, kind: &FileKind) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some(kind) = SourceKind::from_path(path) {
        return Some(if kind == SourceKind::Python { "#" } else { "//" });
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "jsonc" => Some("//"),
        "toml" | "yaml" | "yml" | "tf" | "tofu" | "cfg" | "ini" | "conf" | "env" => Some("#"),
        "json" | "lock" | "md" | "html" | "xml" => None,
        _ if matches!(kind, FileKind::EnvFile { .. } | FileKind::IgnoreFile) => Some("#"),
        _ if name.starts_with("Dockerfile") || name.starts_with("Containerfile") => Some("#"),
        _ if matches!(name, "Caddyfile" | "Pipfile" | "Procfile" | "requirements.txt") => Some("#"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_comment_and_some_have_none() {
        let of = |path: &str| comment_before(path, &FileKind::Other);
        for path in ["a/next.config.mjs", "src/server.ts", "x.tsx", "wrangler.jsonc"] {
            assert_eq!(of(path), Some("//"), "{path}");
        }
        for path in
            ["settings.py", "compose.yaml", "fly.toml", "Dockerfile", "api/Dockerfile.prod", "Caddyfile", "nginx.conf"]
        {
            assert_eq!(of(path), Some("#"), "{path}");
        }
        let variables = FileKind::EnvFile { environment: None, local: false, template: false };
        assert_eq!(comment_before(".env.production", &variables), Some("#"));
        for path in ["package.json", "vercel.json", "notes"] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
