//! What comes after reading, on code and projects that the fuzzer writes: it ends, says the same twice, and keeps what
//! is secret.

use clap::ValueEnum;
use prodcheck::eval::{Because, Evaluator, How, Kind, Place, Source, Step, Target, Value, Variables};
use prodcheck::project::Given;
use prodcheck::report::{Format, Report, Style};
use prodcheck::syntax::FileId;
use prodcheck::syntax::code::{self, Module, SourceKind};
use prodcheck::syntax::data::Node;
use prodcheck::text::Text;
use prodcheck::{ScanOptions, scan_files};
use std::sync::Arc;

/// A value that no output may show: the name beside it says what it is.
const PLANTED: &str = "zQ8vTn2LxK4mW9cRb7Yh3Jd6Fs1Gp5Ae";

/// Every format, of one report in so many; of the others JSON and one more.
const SHOWN_IN_FULL: usize = 8;

fn scan(files: Vec<Given>, data: &[u8]) {
    let report = || scan_files(files.clone(), [], &ScanOptions::default());
    let chosen = data.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let all = Format::value_variants();
    let full = chosen.is_multiple_of(SHOWN_IN_FULL);
    let Ok(first) = report() else { return };
    let second = full.then(report);
    for (index, format) in all.iter().enumerate() {
        if !full && *format != Format::Json && index != chosen % all.len() {
            continue;
        }
        let text = shown(&first, *format);
        assert!(!text.contains(PLANTED), "a planted secret is shown");
        if let Some(second) = &second {
            let second = second.as_ref().expect("a second scan ends like the first");
            assert_eq!(text, shown(second, *format), "two scans of one project differ");
        }
    }
}

fn shown(report: &Report, format: Format) -> String {
    format.render(report, Style { detail: 1, checklist: true, ..Style::default() })
}

/// A project of one module, which imports itself whatever it imports.
struct Alone(Arc<Module>);

impl Source for Alone {
    fn module(&self, file: FileId) -> Option<Arc<Module>> {
        (file.0 == 0).then(|| self.0.clone())
    }

    fn data(&self, _: FileId) -> Option<Arc<Node>> {
        None
    }

    fn env_file(&self, _: FileId, _: &str) -> Option<FileId> {
        None
    }

    fn resolve(&self, _: FileId, module: &str) -> Target {
        if module.starts_with('.') { Target::Code(FileId(0)) } else { Target::External(module.into()) }
    }
}

/// Some variables are set, some are not, of others nothing is known.
struct Mixed;

impl Variables for Mixed {
    fn read(&self, name: &str, place: Place) -> Value {
        let unset = Step::start(place, How::NotSet { variable: name.into() });
        match name.len() % 3 {
            0 => Value::new(Kind::Absent, &unset),
            1 => Value::unknown(Because::Variable(name.into()), &unset),
            _ => Value::new(Kind::Text(Text::new("a")), &Step::start(place, How::Sets { variable: name.into() })),
        }
    }
}

fn evaluate(data: &[u8], kind: SourceKind) {
    let text = String::from_utf8_lossy(data);
    let Ok(module) = code::parse(&text, kind) else { return };
    let source = Alone(Arc::new(module));
    let evaluator = Evaluator::new(&source, &Mixed);
    evaluator.run_program(&[FileId(0)]);
    for name in ["default", "value", "app", "config", "a"] {
        bounded(&evaluator.export(FileId(0), name), &mut 1_000_000);
    }
}

/// No value holds more than a project could write down.
fn bounded(value: &Value, left: &mut usize) {
    *left = left.saturating_sub(1);
    match &value.kind {
        Kind::Text(text) => assert!(text.len() <= 2 << 20, "a text of {} bytes", text.len()),
        Kind::List { items, .. } if *left > 0 => items.iter().for_each(|item| bounded(item, left)),
        Kind::Object { fields, .. } if *left > 0 => fields.iter().for_each(|(_, value)| bounded(value, left)),
        Kind::Choice(_, arms) if *left > 0 => arms.iter().for_each(|arm| bounded(arm, left)),
        _ => {}
    }
}

pub(crate) fn evaluate_typescript(data: &[u8]) {
    evaluate(data, SourceKind::TypeScript);
}

pub(crate) fn evaluate_python(data: &[u8]) {
    evaluate(data, SourceKind::Python);
}

/// The files beside what the fuzzer writes: two frameworks are used, and secrets are at hand.
fn beside() -> [Given; 3] {
    [
        Given::new("package.json", r#"{ "dependencies": { "bknd": "0.20.0", "@frontmcp/sdk": "1.5.6" } }"#),
        Given::new("pyproject.toml", "[project]\nname = \"a\"\ndependencies = [\"aksara-framework==0.7.2\"]\n"),
        Given::new(".env.production", format!("JWT_SECRET={PLANTED}\nDATABASE_URL=postgres://app:{PLANTED}@db/app\n")),
    ]
}

/// Files stand one behind the other: a line `=== path`, then what stands in it.
pub(crate) fn tree(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut files: Vec<Given> = Vec::new();
    for part in text.split("=== ").skip(1).take(16) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        let is_path = path.split('/').all(|name| !matches!(name, "" | "." | ".."));
        if is_path && files.iter().all(|file| file.path != path) {
            files.push(Given::new(path, content));
        }
    }
    if files.is_empty() {
        return;
    }
    for file in beside() {
        if files.iter().all(|other| other.path != file.path) {
            files.push(file);
        }
    }
    scan(files, data);
}
