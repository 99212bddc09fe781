//! Programs that were run: what each left in its configuration is what the evaluator says, or it says that it does not
//! know. `tests/recorded/record.py` wrote and ran them.

use super::*;
use crate::syntax::data::{self, Format, NodeKind};

const RECORDED: &str = include_str!("../../../tests/recorded/programs.json");

/// The files of one program, found by their own names.
struct Program(Vec<(String, Option<Arc<Module>>)>);

impl Source for Program {
    fn module(&self, file: FileId) -> Option<Arc<Module>> {
        self.0.get(file.0 as usize)?.1.clone()
    }

    fn data(&self, _file: FileId) -> Option<Arc<Node>> {
        None
    }

    fn env_file(&self, _from: FileId, _path: &str) -> Option<FileId> {
        None
    }

    fn imported_by(&self, file: FileId) -> Vec<FileId> {
        let imports = |module: &Module| {
            module.body.iter().any(|statement| match statement {
                Statement::Import(import) => self.resolve(file, &import.module) == Target::Code(file),
                _ => false,
            })
        };
        let all = self.0.iter().enumerate().filter(|(_, (_, module))| module.as_deref().is_some_and(imports));
        all.map(|(index, _)| FileId(index as u32)).collect()
    }

    fn setting(&self, _name: &str, _evaluated: &HashSet<FileId>) -> Vec<FileId> {
        (0..self.0.len()).map(|index| FileId(index as u32)).collect()
    }

    fn resolve(&self, _from: FileId, module: &str) -> Target {
        let name = module.trim_start_matches("./");
        let is_it = |path: &str| path == name || path.strip_suffix(".py") == Some(name);
        match self.0.iter().position(|(path, _)| is_it(path)) {
            Some(index) => Target::Code(FileId(index as u32)),
            None => Target::External(module.into()),
        }
    }
}

/// What the evaluator says of one setting.
#[derive(Debug, PartialEq)]
enum Said {
    Same,
    Unknown,
    Other,
}

fn said(value: &Value, real: &Node) -> Said {
    let same = |same: bool| if same { Said::Same } else { Said::Other };
    match (&value.kind, &real.kind) {
        (Kind::Unknown(_) | Kind::External { .. } | Kind::Call(_) | Kind::Module(_) | Kind::Environment, _) => {
            Said::Unknown
        }
        // One of several ways: it must be among them.
        (Kind::Choice(_, arms), _) => match arms.iter().any(|arm| said(arm, real) != Said::Other) {
            true => Said::Unknown,
            false => Said::Other,
        },
        (Kind::List { items, open: None }, NodeKind::List(real)) if items.len() == real.len() => {
            let all: Vec<Said> = items.iter().zip(real.iter()).map(|(item, real)| said(item, real)).collect();
            match () {
                () if all.contains(&Said::Other) => Said::Other,
                () if all.contains(&Said::Unknown) => Said::Unknown,
                () => Said::Same,
            }
        }
        (Kind::List { items, open }, _)
            if open.is_some() || items.iter().any(|item| matches!(item.kind, Kind::Choice(..))) =>
        {
            Said::Unknown
        }
        (Kind::Absent, NodeKind::Map(_)) => same(real.get("absent").is_some()),
        (Kind::Number(number), NodeKind::Map(_)) => same(!number.is_finite() && real.get("not_finite").is_some()),
        (Kind::Null, NodeKind::Null) => Said::Same,
        (Kind::Bool(value), NodeKind::Bool(real)) => same(value == real),
        (Kind::Number(value), NodeKind::Number(real, _)) => same((value - real).abs() < 1e-9),
        (Kind::Text(text), NodeKind::Text(real)) => same(text == real),
        _ => Said::Other,
    }
}

/// How many settings are told, how many are not known, and the programs of which another value is told.
fn held_against(recorded: &str) -> (usize, usize, Vec<String>) {
    let document = data::parse(recorded, Format::Json).expect("JSON");
    let (mut told, mut unknown, mut wrong) = (0, 0, Vec::new());
    for program in document.root().items() {
        let plain = |text: &Text| text.as_name().to_string();
        let files: Vec<(String, String)> = program
            .get("files")
            .expect("files")
            .entries()
            .iter()
            .map(|entry| (entry.key.to_string(), plain(entry.value.text().expect("a text"))))
            .collect();
        let parsed = files.iter().map(|(path, text)| {
            let kind = SourceKind::from_path(path).expect("source");
            (path.clone(), parse(text, kind).ok().map(Arc::new))
        });
        let source = Program(parsed.collect());
        let evaluator = Evaluator::new(&source, &OPEN);
        let main = files.iter().position(|(path, _)| path.starts_with("main.")).expect("a main file");
        let main = FileId(main as u32);
        let config = match evaluator.language(main) {
            Language::Python => evaluator.export(main, "config"),
            Language::TypeScript => evaluator.export(main, "default"),
        };
        let real = program.get("value").expect("a value");
        for (key, path) in [
            ("guard", &["guard"][..]),
            ("limit", &["limit"]),
            ("name", &["name"]),
            ("on", &["nested", "on"]),
            ("list", &["nested", "list"]),
        ] {
            let value = path.iter().fold(config.clone(), |value, key| evaluator.field(&value, key));
            match said(&value, real.get(key).expect("a setting")) {
                Said::Same => told += 1,
                Said::Unknown => unknown += 1,
                Said::Other => {
                    let texts: Vec<String> = files
                        .iter()
                        .filter(|(path, _)| !path.starts_with("help."))
                        .map(|(_, text)| text.clone())
                        .collect();
                    wrong.push(format!("{key} is said to be {}\n{}", show(&value), texts.join("---\n")));
                }
            }
        }
    }
    (told, unknown, wrong)
}

#[test]
fn no_program_leaves_another_value_than_is_said() {
    let (told, unknown, wrong) = held_against(RECORDED);
    assert!(wrong.is_empty(), "{} of {}:\n\n{}", wrong.len(), told + unknown + wrong.len(), wrong.join("\n\n"));
    // Knowing nothing is no way to err in nothing.
    assert!(told > 2 * unknown, "{told} told, {unknown} unknown");
}

/// As many more as somebody has recorded: see `record.py`.
#[test]
fn no_further_program_does() {
    let Ok(path) = std::env::var("RECORDED") else { return };
    let (told, unknown, wrong) = held_against(&std::fs::read_to_string(path).expect("a file"));
    println!("{told} told, {unknown} unknown, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {}:\n\n{}", wrong.len(), told + unknown + wrong.len(), wrong.join("\n\n"));
}
