//! Names and the kinds they promise.

use crate::project::{FileKind, Known, Lockfile, Manifest, SourceKind};

#[test]
fn names_tell_kinds() {
    use FileKind as K;
    let table = [
        ("src/a.ts", K::Source(SourceKind::TypeScript)),
        ("a.d.mts", K::Source(SourceKind::Declarations)),
        ("a.jsx", K::Source(SourceKind::JavaScript)),
        ("a.tsx", K::Source(SourceKind::Tsx)),
        ("settings/production.py", K::Source(SourceKind::Python)),
        ("x/package.json", K::Manifest(Manifest::PackageJson)),
        ("requirements-prod.txt", K::Manifest(Manifest::Requirements)),
        ("requirements/base.txt", K::Manifest(Manifest::Requirements)),
        ("notes.txt", K::Other),
        ("bun.lock", K::Lockfile(Lockfile::Bun)),
        ("composer.yml", K::Yaml),
        ("Dockerfile.md", K::Other),
        ("Dockerfile__tmpl__", K::Other),
        ("Dockerfile.dockerignore", K::IgnoreFile),
        ("redis.conf", K::Other),
        (".github/dependabot.yml", K::Yaml),
        ("tsconfig.build.json", K::TsConfig),
        ("jsconfig.json", K::TsConfig),
        ("k8s/deployment.yaml", K::Yaml),
        ("bknd.config.json", K::Json),
        ("env.d.ts", K::Source(SourceKind::Declarations)),
        (".envrc", K::Other),
        (".env.ts", K::Source(SourceKind::TypeScript)),
        (".env.vault", K::Other),
        ("env.rb", K::Other),
        ("env", K::Other),
    ];
    for (path, kind) in table {
        assert_eq!(FileKind::of(path, Known::default()), kind, "{path}");
    }
}

#[test]
fn env_files_tell_environment_owner_and_template() {
    let table = [
        (".env", None, false, false),
        (".env.local", None, true, false),
        (".env.production", Some("production"), false, false),
        (".env.production.local", Some("production"), true, false),
        ("apps/api/.env.prod", Some("prod"), false, false),
        (".env.acme", Some("acme"), false, false),
        (".env.api.production", Some("production"), false, false),
        (".env.pre-prod", Some("prod"), false, false),
        (".env.example", None, false, true),
        (".env-sample", None, false, true),
        (".env.production.example", Some("production"), false, true),
        (".env.dist", None, false, true),
        ("sample.env", None, false, true),
        ("env.example", None, false, true),
        (".env.default", None, false, true),
        (".env.defaults", None, false, true),
        (".env.base", None, false, true),
        ("default.env", None, false, true),
        ("server.env.template", Some("server"), false, true),
        ("env-example-docker", Some("docker"), false, true),
        ("env-example-x", Some("x"), false, true),
        ("app.env.production", Some("production"), false, false),
        ("env.production", Some("production"), false, false),
        ("production.env", Some("production"), false, false),
        ("db.env", Some("db"), false, false),
        (".dev.vars", None, true, false),
        (".dev.vars.staging", Some("staging"), true, false),
        (".dev.vars.example", None, true, true),
    ];
    for (path, environment, local, template) in table {
        let expected = FileKind::EnvFile { environment: environment.map(Into::into), local, template };
        assert_eq!(FileKind::of(path, Known::default()), expected, "{path}");
    }
}
