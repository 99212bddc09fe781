//! The configuration of `hybrid()`: what its reader gives of the file at `configFilePath` (`modes/hybrid.ts`).

use crate::documents::Documents;
use crate::eval::{Because, Call, Closure, Evaluator, How, Kind, Step, Value, data_value};
use crate::project::inside;
use crate::reading::found::Found;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Pattern, visit};
use crate::text::Text;

/// The file that is read where `configFilePath` names none.
const CONFIG_FILE: &str = "bknd-config.json";

/// Calls that read the file that their first argument names.
const READS: &[&str] =
    &["readFile", "readFileSync", "readTextFile", "readTextFileSync", "readJson", "readJSON", "file"];

/// Calls that make a path out of others, the last of which says which file of the folder it is.
const PATHS: &[&str] = &["join", "resolve", "normalize", "fileURLToPath", "pathToFileURL"];

/// The configuration, as the reader of a call of `hybrid` gives it: unknown where that cannot be followed.
pub(super) fn configuration(
    documents: &Documents<'_>,
    evaluator: &Evaluator<'_>,
    found: &Found,
    root: &Value,
) -> Value {
    let reader = root.field("reader");
    let path = root.field("configFilePath");
    let path = path.or_default(&|absent| Value::new(Kind::Text(Text::new(CONFIG_FILE)), &absent.trail));
    let following = Following { documents, root: &found.root };
    reader.each(&mut |reader| {
        let read = evaluator.call(reader, vec![path.clone()]);
        if let Kind::Object { .. } = read.kind {
            return content(read);
        }
        let file = following.file_of(&read).or_else(|| match &reader.kind {
            Kind::Function(closure) => following.file_in(closure, evaluator, &path),
            _ => None,
        });
        match file {
            // What stands in the file is the configuration itself, and no object that a call makes for its caller.
            Some(Ok(file)) => {
                let parsed = following.parsed(file);
                let named = How::Named { name: "config".into() };
                Value::new(parsed.kind, &Step::after(reader.trail.place, named, &parsed.trail))
            }
            Some(Err(path)) => Value::unknown(Because::MissingFile(path.into()), &reader.trail),
            None => Value::unknown(Because::Call("reader".into()), &reader.trail),
        }
    })
}

/// What a module of JSON exports is the configuration, with or without the name of its default export.
fn content(read: Value) -> Value {
    let inner = read.field("default");
    if matches!(inner.kind, Kind::Object { .. }) { inner } else { read }
}

/// A file that is read: there, or by the path at which it is missing.
type Read = Result<FileId, String>;

struct Following<'a> {
    documents: &'a Documents<'a>,
    root: &'a str,
}

impl Following<'_> {
    fn parsed(&self, file: FileId) -> Value {
        match crate::eval::Source::data(self.documents, file) {
            Some(node) => data_value(&node, file),
            None => {
                let place = crate::eval::Place::File(file, Default::default());
                let at = crate::eval::Step::start(place, crate::eval::How::Written);
                Value::unknown(Because::Unreadable(file), &at)
            }
        }
    }

    /// The file that a call reads: `JSON.parse(await readFile(path))`.
    fn file_of(&self, value: &Value) -> Option<Read> {
        let call = value.as_call()?;
        let name = name_of(call)?;
        let argument = call.arguments.first()?;
        match name {
            "parse" | "String" => self.file_of(argument),
            name if READS.contains(&name) => self.at(&path_of(argument)?),
            _ => None,
        }
    }

    /// A file by its path from where the app runs.
    fn at(&self, path: &str) -> Option<Read> {
        let path = path.trim_start_matches("./");
        if path.starts_with('/') || path.starts_with("..") {
            return None;
        }
        let path = inside(self.root, path);
        Some(self.documents.project.find(&path).ok_or(path))
    }

    /// The file that the body of a reader names: `Bun.file(path).json()`, `import("./bknd-config.json")`.
    fn file_in(&self, reader: &Closure, evaluator: &Evaluator<'_>, path: &Value) -> Option<Read> {
        let parameter = reader.function.params.first().and_then(|parameter| match &parameter.pattern {
            Pattern::Name(name, _) => Some(&**name),
            _ => None,
        });
        let mut named = None;
        visit(&reader.function.body, &mut |expr, _| {
            let here = match &expr.kind {
                ExprKind::ImportCall(name) if name.ends_with(".json") => self.imported(reader.file, name),
                ExprKind::Call { callee, arguments, .. } if reads(callee) => arguments.first().and_then(|argument| {
                    let text = written_path(&argument.value, parameter, path, evaluator, reader.file)?;
                    self.at(&text)
                }),
                _ => None,
            };
            if named.is_none() {
                named = here;
            }
        });
        named
    }

    fn imported(&self, from: FileId, name: &str) -> Option<Read> {
        let project = self.documents.project;
        let folder = project.file(from).folder();
        Some(project.resolve(from, name).file().ok_or_else(|| inside(folder, name.trim_start_matches("./"))))
    }
}

/// Whether a call of this reads a file.
fn reads(callee: &Expr) -> bool {
    match &callee.kind {
        ExprKind::Name(name) | ExprKind::Member { property: name, .. } => READS.contains(&&**name),
        _ => false,
    }
}

fn name_of(call: &Call) -> Option<&str> {
    let (_, path) = call.external()?;
    path.rsplit('.').next()
}

/// The path that a value is: a text, or what stands last in a call that joins several.
fn path_of(value: &Value) -> Option<String> {
    if let Some(text) = value.as_text() {
        return Some(text.as_name().to_string());
    }
    let call = value.as_call()?;
    let name = name_of(call)?;
    match name {
        "URL" => path_of(call.arguments.first()?),
        name if PATHS.contains(&name) => path_of(call.arguments.last()?),
        _ => None,
    }
}

/// The path that an expression in a reader's body is.
fn written_path(
    expr: &Expr,
    parameter: Option<&str>,
    path: &Value,
    evaluator: &Evaluator<'_>,
    file: FileId,
) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) if Some(&**name) == parameter => path_of(path),
        ExprKind::Call { callee, arguments, .. } => {
            let (ExprKind::Name(name) | ExprKind::Member { property: name, .. }) = &callee.kind else { return None };
            let joined = match &**name {
                "URL" => arguments.first(),
                name if PATHS.contains(&name) => arguments.last(),
                _ => None,
            };
            written_path(&joined?.value, parameter, path, evaluator, file)
        }
        _ => path_of(&evaluator.expression(file, expr)),
    }
}
