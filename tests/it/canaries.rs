//! No secret leaves: canaries stand in every place where a secret can, and no output of any command holds one, whole
//! or in part.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Parts of this many characters count as a leak.
const PART: usize = 8;

/// A canary of its own for each place: random to the eye, so that no part of it can appear by chance.
fn canary(place: u32) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64 ^ u64::from(place).wrapping_mul(0xD134_2543_DE82_EF95);
    let alphabet = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    (0..40)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(alphabet[(state % alphabet.len() as u64) as usize])
        })
        .collect()
}

/// Files with a canary in every place, and the canaries.
fn plant(root: &Path) -> Vec<String> {
    let mut canaries = Vec::new();
    let mut next = || {
        let canary = canary(canaries.len() as u32 + 1);
        canaries.push(canary.clone());
        canary
    };
    let config = format!(
        r#"import {{ libsql, resendEmail }} from "bknd";
import shared from "./shared.json";
// the old key was {comment}
const fallback = "{constant}";
export default {{
   connection: libsql({{ url: "postgres://admin:{url}@db.example.com/app", authToken: "{token}" }}),
   config: {{
      server: {{ cors: {{ origin: process.env.ORIGINS ?? "*" }} }},
      auth: {{
         enabled: true,
         jwt: {{ secret: process.env.JWT_SECRET ?? `{template}`, issuer: shared.apiKey, alg: "{wrong}" }},
         strategies: {{ github: {{ type: "oauth", config: {{ client: {{ client_id: "x", client_secret: fallback }} }} }} }},
         guard: {{ enabled: false /* {inline} */ }},
         roles: {{ guest: {{ is_default: true, permissions: ["{permission}", "data.raw.query"] }} }},
      }},
      media: {{ enabled: true, adapter: {{ type: "s3", config: {{ secret_access_key: "{a}" + "{b}" }} }} }},
   }},
   options: {{
      drivers: {{ email: resendEmail({{ apiKey: process.env["RESEND"] || "{driver}" }}) }},
      seed: (ctx) => ctx.app.module.auth.createUser({{ email: "a@b.c", password: "{password}" }}),
   }},
   isProduction: "{switch}",
}};
"#,
        comment = next(),
        constant = next(),
        url = next(),
        token = next(),
        template = next(),
        wrong = next(),
        inline = next(),
        permission = next(),
        a = next(),
        b = next(),
        driver = next(),
        password = next(),
        switch = next(),
    );
    let files = [
        (
            "package.json",
            r#"{ "dependencies": { "bknd": "0.20.0" }, "scripts": { "start": "SECRET={} bun run ." } }"#
                .replace("{}", &next()),
        ),
        ("bknd.config.ts", config),
        ("shared.json", format!(r#"{{ "apiKey": "{}" }}"#, next())),
        (
            ".env.production",
            format!(
                "JWT_SECRET={}\nDATABASE_URL=postgres://u:{}@h/d\nMULTI=\"first\n{}\nlast\"\nexport PASSWORD='{}' # {}\nORIGINS=https://{}.example.com\nRESEND='q7$z{}'\n",
                next(),
                next(),
                next(),
                next(),
                next(),
                next(),
                next()
            ),
        ),
        (".env", format!("JWT_SECRET={}\n", next())),
        (".env.example", format!("API_KEY={}\n", next())),
        (".dev.vars", format!("JWT_SECRET={}\n", next())),
        ("wrangler.toml", format!("name = \"a\"\n[vars]\nJWT_SECRET = \"{}\"\nPLAIN = \"{}\"\n", next(), next())),
        (
            "compose.yaml",
            format!(
                "services:\n  api:\n    build: .\n    environment:\n      JWT_SECRET: {}\n      RESEND: ${{RESEND:-{}}}\n      SESSION_SECRET: q7$z{}\n",
                next(),
                next(),
                next()
            ),
        ),
        (
            "Dockerfile",
            format!(
                "FROM node\nENV API_TOKEN={}\nENV SIGNING_SECRET=q7$z{}\nARG PASSWORD={}\nRUN echo {}\n",
                next(),
                next(),
                next(),
                next()
            ),
        ),
        (
            ".github/workflows/deploy.yml",
            format!(
                "on: push\njobs:\n  d:\n    runs-on: x\n    env:\n      API_TOKEN: {}\n    steps:\n      - run: curl -H 'Authorization: {}' x\n",
                next(),
                next()
            ),
        ),
        ("broken.ts", format!("export const secret = '{}\n", next())),
        ("nginx.conf", format!("server {{ listen 80; location / {{ proxy_set_header X-Key {}; }} }}\n", next())),
    ];
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    canaries
}

/// Everything a command prints, on both streams.
fn output(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_prodcheck"))
        .args(arguments)
        .current_dir(root)
        .env("JWT_SECRET", canary(1_000))
        .output()
        .expect("prodcheck runs");
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Every format that the program has, so that a new one is never left out.
fn formats(help: &str) -> Vec<String> {
    let listed = help.split("Possible values:").nth(1).expect("the formats are listed");
    let names = listed.lines().map(str::trim).skip(1).take_while(|line| line.starts_with("- "));
    names.filter_map(|line| Some(line[2..].split_once(':')?.0.to_owned())).collect()
}

#[test]
fn no_format_in_a_file_holds_a_secret() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let canaries = plant(folder.path());
    let formats = formats(&output(folder.path(), &["scan", "--help"]));
    assert!(formats.len() >= 10, "{formats:?}");
    let reports = tempfile::tempdir().expect("a temporary folder");
    let files: Vec<String> =
        formats.iter().map(|format| format!("{format}={}", reports.path().join(format).display())).collect();
    let mut arguments = vec!["scan", "-v", "--checklist", "--no-ignores"];
    files.iter().for_each(|file| arguments.extend(["--output-file", file]));
    output(folder.path(), &arguments);
    for format in formats {
        let text = fs::read_to_string(reports.path().join(&format)).expect("the report is written");
        assert!(text.contains("auth/guard-disabled"), "{format} has the findings");
        for (index, canary) in canaries.iter().enumerate() {
            let leaked = (0..=canary.len() - PART).find(|start| text.contains(&canary[*start..start + PART]));
            assert_eq!(leaked, None, "{format} shows canary {}", index + 1);
        }
    }
}

#[test]
fn no_output_of_any_command_holds_a_secret() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut canaries = plant(folder.path());
    canaries.push(canary(1_000));
    let commands: &[&[&str]] = &[
        &["scan"],
        &["scan", "--diff", "--unsafe-fixes"],
        &["scan", "--format", "concise"],
        &["scan", "--format", "json"],
        &["scan", "--format", "jsonl"],
        &["scan", "--format", "sarif", "-v"],
        &["scan", "--format", "github"],
        &["scan", "--format", "gitlab"],
        &["scan", "--format", "junit"],
        &["scan", "--format", "markdown", "-v"],
        &["scan", "--format", "html"],
        &["scan", "--format", "html", "--from-env", "--checklist"],
        &["scan", "--color", "always"],
        &["scan", "--strict", "--checklist"],
        &["scan", "--from-env", "--format", "json"],
        &["scan", "--env-file", ".env", "-v"],
        &["scan", "--environment", "staging"],
        &["settings"],
        &["settings", "--format", "json"],
        &["settings", "--from-env"],
        &["rules"],
        &["explain", "secrets/hardcoded"],
    ];
    let mut leaks = Vec::new();
    for arguments in commands {
        let text = output(folder.path(), arguments);
        assert!(text.trim().len() > 40, "{arguments:?} prints something");
        for (index, canary) in canaries.iter().enumerate() {
            let characters: Vec<char> = canary.chars().collect();
            let leaked = characters.windows(PART).find(|part| text.contains(&part.iter().collect::<String>()));
            if leaked.is_some() {
                leaks.push(format!("{arguments:?} shows canary {}", index + 1));
            }
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}
