//! Whole scans of projects that the fuzzer writes: they end, say the same twice, and keep what is secret.

use clap::ValueEnum;
use prodcheck::project::Given;
use prodcheck::report::{Format, Report, Style};
use prodcheck::{ScanOptions, scan_files};

/// A value that no output may show: the name beside it says what it is.
const PLANTED: &str = "zQ8vTn2LxK4mW9cRb7Yh3Jd6Fs1Gp5Ae";

fn scan(files: Vec<Given>) {
    let report = || scan_files(files.clone(), [], &ScanOptions::default());
    let (Ok(first), Ok(second)) = (report(), report()) else { return };
    for format in Format::value_variants() {
        let text = shown(&first, *format);
        assert_eq!(text, shown(&second, *format), "two scans of one project differ");
        assert!(!text.contains(PLANTED), "a planted secret is shown");
    }
}

fn shown(report: &Report, format: Format) -> String {
    format.render(report, Style { colour: false, width: 80, detail: 1, checklist: true, links: false })
}

fn beside_a_secret(path: &str, manifest: (&str, &str), data: &[u8]) -> Vec<Given> {
    vec![
        Given::new(manifest.0, manifest.1),
        Given::new(".env.production", format!("JWT_SECRET={PLANTED}\nDATABASE_URL=postgres://app:{PLANTED}@db/app\n")),
        Given { path: path.to_owned(), bytes: data.to_vec() },
    ]
}

pub(crate) fn evaluate_typescript(data: &[u8]) {
    let manifest = r#"{ "dependencies": { "bknd": "0.20.0" } }"#;
    scan(beside_a_secret("bknd.config.ts", ("package.json", manifest), data));
}

pub(crate) fn evaluate_python(data: &[u8]) {
    let manifest = "[project]\nname = \"a\"\ndependencies = [\"aksara-framework==0.7.2\"]\n";
    scan(beside_a_secret("main.py", ("pyproject.toml", manifest), data));
}

/// Files stand one behind the other: a line `=== path`, then what stands in it.
pub(crate) fn tree(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut files: Vec<Given> = Vec::new();
    for part in text.split("=== ").skip(1).take(16) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        if !path.is_empty() && path.split('/').all(|name| !matches!(name, "" | "." | "..")) {
            files.push(Given::new(path, content));
        }
    }
    if !files.is_empty() {
        scan(files);
    }
}
