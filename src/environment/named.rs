//! Env files that an app's own code loads by their path: `load_dotenv(BASE / "config" / "app.env")`,
//! `dotenv.config({ path: ".env.live" })`, `process.loadEnvFile("live.env")`.

use crate::documents::Documents;
use crate::eval::{Because, How, Step};
use crate::eval::{Evaluator, Place, Value, Variables};
use crate::project::aside::is_test;
use crate::project::{FileKind, folder_of, inside, normalized};
use crate::syntax::FileId;
use crate::syntax::code::{Argument, Expr, ExprKind, Guard, Module, visit};
use crate::syntax::data::Dialect;

/// A call that loads an env file.
struct Loads {
    /// The last part of the function's name.
    function: &'static str,
    /// A text that stands in each module that can mean this function.
    mentions: &'static str,
    /// The keyword or the option with the path; the first argument is the path itself, or the options.
    keyword: &'static str,
    dialect: Dialect,
}

const LOADS: &[Loads] = &[
    Loads { function: "load_dotenv", mentions: "dotenv", keyword: "dotenv_path", dialect: Dialect::Python },
    Loads { function: "SettingsConfigDict", mentions: "pydantic", keyword: "env_file", dialect: Dialect::Python },
    Loads { function: "read_env", mentions: "environ", keyword: "env_file", dialect: Dialect::Python },
    Loads { function: "config", mentions: "dotenv", keyword: "path", dialect: Dialect::Node },
    Loads { function: "loadEnvFile", mentions: "loadEnvFile", keyword: "path", dialect: Dialect::NodeParseEnv },
];

/// Nothing is known of any variable.
struct Nothing;

impl Variables for Nothing {
    fn read(&self, name: &str, place: Place) -> Value {
        Value::unknown(Because::Variable(name.into()), &Step::start(place, How::NotSet { variable: name.into() }))
    }
}

/// The env files that the code of an app loads by name, each once, in the order of the code. What is loaded under a
/// condition that nothing decides is left out: it is for a developer's machine as a rule.
pub fn env_files_in_code(documents: &Documents<'_>, app_dir: &str) -> Vec<(FileId, Dialect)> {
    let project = documents.project;
    let is_code = |file: &FileId| {
        let file = project.file(*file);
        (file.kind.is_script() || file.kind.is_python()) && !is_test(&file.path)
    };
    let code: Vec<FileId> = project.within(app_dir).filter(is_code).collect();
    let evaluator = Evaluator::new(documents, &Nothing);
    let mut found: Vec<(FileId, Dialect)> = Vec::new();
    for file in project.mentioning(&code, &["load_dotenv", "dotenv", "loadEnvFile", "env_file", "read_env"]) {
        let Some(module) = documents.module_of(file) else { continue };
        for (path, dialect) in paths(&evaluator, file, &module) {
            let here = normalized(&inside(folder_of(&project.file(file).path), &path));
            let at_start = normalized(&inside(app_dir, &path));
            let ids = [at_start, here].into_iter().flatten().filter_map(|path| project.find(&path));
            let named = ids.into_iter().find(|id| matches!(project.file(*id).kind, FileKind::EnvFile { .. }));
            if let Some(id) = named.filter(|id| !found.iter().any(|(known, _)| known == id)) {
                found.push((id, dialect));
            }
        }
    }
    found
}

fn paths(evaluator: &Evaluator<'_>, file: FileId, module: &Module) -> Vec<(String, Dialect)> {
    let mut found = Vec::new();
    visit(&module.body, &mut |expr, guards| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let name = match &callee.kind {
            ExprKind::Name(name) => name,
            ExprKind::Member { property, .. } => property,
            _ => return,
        };
        let Some(loads) = LOADS.iter().find(|loads| loads.function == &**name) else { return };
        if !certainly_runs(evaluator, file, guards) || !means(module, loads.mentions) {
            return;
        }
        for path in path_arguments(arguments, loads.keyword) {
            let mut parts = Vec::new();
            if parts_of(evaluator, file, path, &mut parts) && !parts.is_empty() {
                found.push((parts.join("/"), loads.dialect));
            }
        }
    });
    found
}

/// Whether a module imports something of this name: `config` alone can be anything.
fn means(module: &Module, name: &str) -> bool {
    use crate::syntax::code::Statement;
    let mut loaded = name == "loadEnvFile";
    visit(&module.body, &mut |expr, _| {
        loaded |= matches!(&expr.kind, ExprKind::ImportCall(module) if module.contains(name));
    });
    loaded
        || module
            .body
            .iter()
            .any(|statement| matches!(statement, Statement::Import(import) if import.module.contains(name)))
}

fn certainly_runs(evaluator: &Evaluator<'_>, file: FileId, guards: &[Guard<'_>]) -> bool {
    guards.iter().all(|guard| evaluator.expression(file, guard.test).as_bool() == Some(guard.holds))
}

/// The expressions that say which file: positional, by keyword, as an option, several in a list.
fn path_arguments<'e>(arguments: &'e [Argument], keyword: &str) -> Vec<&'e Expr> {
    use crate::syntax::code::{Item, Property};
    let named = arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|(name, _)| &**name == keyword));
    let Some(argument) = named.or_else(|| arguments.first().filter(|first| first.name.is_none())) else {
        return Vec::new();
    };
    let path = match &argument.value.kind {
        ExprKind::Object(properties) => properties.iter().find_map(|property| match property {
            Property::Field { key, value, .. } if &**key == keyword => Some(value),
            _ => None,
        }),
        _ => Some(&argument.value),
    };
    match path.map(|path| &path.kind) {
        Some(ExprKind::List(items)) => items
            .iter()
            .filter_map(|item| match item {
                Item::One(expr) => Some(expr),
                Item::Spread(_) => None,
            })
            .collect(),
        _ => path.into_iter().collect(),
    }
}

/// The texts that a path is made of, from the left to the right: `BASE_DIR / "config" / NAME`. What is no text is the
/// folder in front of them. False where a part cannot be said.
fn parts_of(evaluator: &Evaluator<'_>, file: FileId, path: &Expr, into: &mut Vec<String>) -> bool {
    use crate::syntax::code::BinaryOp;
    match &path.kind {
        ExprKind::Binary(BinaryOp::Divide, left, right) => {
            parts_of(evaluator, file, left, into) && parts_of(evaluator, file, right, into)
        }
        ExprKind::Call { callee, arguments, .. } if joins(callee) => {
            if let ExprKind::Member { object, .. } = &callee.kind {
                parts_of(evaluator, file, object, into);
            }
            arguments.iter().all(|argument| parts_of(evaluator, file, &argument.value, into))
        }
        _ => match evaluator.expression(file, path).as_text() {
            Some(text) => {
                let text = text.as_name();
                into.extend(Some(text.trim_start_matches("./").to_owned()).filter(|text| !text.starts_with('/')));
                true
            }
            None => into.is_empty() && !matches!(path.kind, ExprKind::Template(_)),
        },
    }
}

/// `Path(…)`, `os.path.join(…)`, `path.resolve(…)`, `BASE.joinpath(…)`.
fn joins(callee: &Expr) -> bool {
    match &callee.kind {
        ExprKind::Name(name) => matches!(&**name, "Path" | "PurePath" | "str" | "join" | "resolve" | "joinpath"),
        ExprKind::Member { property, .. } => matches!(&**property, "Path" | "join" | "joinpath" | "resolve"),
        _ => false,
    }
}
