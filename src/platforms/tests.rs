//! The list of platforms, and the names of their files.

use super::list::{FILES, PLATFORMS};
use crate::project::FileKind;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every file here that declares a platform stands in the list, and two of them never share a name.
#[test]
fn every_platform_of_the_folder_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platforms");
    let files = ignore::Walk::new(folder).map(|entry| entry.unwrap().into_path()).filter(|path| path.is_file());
    let declares = |text: String| text.lines().any(|line| line.starts_with("pub(crate) static PLATFORM: Platform"));
    let declared = files.filter(|path| declares(fs::read_to_string(path).unwrap())).count();
    assert_eq!(declared, PLATFORMS.len());
    let natures: BTreeSet<&str> = PLATFORMS.iter().map(|platform| platform.nature.name).collect();
    assert_eq!(natures.len(), PLATFORMS.len());
    let files: BTreeSet<&str> = FILES.0.iter().map(|files| files.name).collect();
    assert_eq!(files.len(), FILES.0.len());
}

#[test]
fn names_tell_whose_a_file_is() {
    for (path, expected) in [
        ("compose.prod.yaml", Some("compose")),
        ("docker-compose-prod.yml", Some("compose")),
        ("composer.yml", None),
        ("Dockerfile", Some("dockerfile")),
        ("api.Dockerfile", Some("dockerfile")),
        ("Dockerfile.prod", Some("dockerfile")),
        ("Containerfile", Some("dockerfile")),
        ("Dockerfile.md", None),
        ("Dockerfile__tmpl__", None),
        ("wrangler.jsonc", Some("wrangler")),
        ("vercel.json", Some("vercel")),
        ("fly.staging.toml", Some("fly")),
        ("deploy/nginx.conf.template", Some("nginx")),
        ("nginx/conf.d/default.conf", Some("nginx")),
        ("sites-enabled/app", Some("nginx")),
        ("redis.conf", None),
        ("Caddyfile.prod", Some("caddy")),
        (".github/workflows/ci.yml", Some("pipelines")),
        (".github/dependabot.yml", None),
        ("ci/build.gitlab-ci.yml", Some("pipelines")),
        ("Procfile", Some("procfile")),
        ("Procfile.web", Some("procfile")),
        ("Procfile.sh", None),
        ("services/shop/.do/app.yaml", Some("digital_ocean")),
        ("shop.do/app.yaml", None),
        ("apprunner.yaml", Some("app_runner")),
        ("shop/.platform.app.yaml", Some("platform_sh")),
    ] {
        let found = match FileKind::of(path, FILES) {
            FileKind::Platform(files) => Some(files.name),
            _ => None,
        };
        assert_eq!(found, expected, "{path}");
    }
}
