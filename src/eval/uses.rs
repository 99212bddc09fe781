//! What the code of an app does with packages: one search, one walk of each file that imports one of them.
//!
//! [`Evaluator::uses`] finds every place where something of a package is called, constructed, decorates, or is handed
//! to a function, and every method that is called on what it gave (`express().set`), in both languages and under every
//! spelling of an import. Each is evaluated among the names where it stands. A function of the app that is called with
//! such a thing is entered with what it is given (`setup(app, options)`), in whichever file it stands.

mod derived;
mod given;
mod methods;
mod names;
mod objects;
mod present;
mod walk;

pub(in crate::eval) use derived::whole;
pub(crate) use names::each_statement;

use super::scope::{ClassValue, Closure};
use super::{Evaluator, Place, Value};
use crate::syntax::FileId;
pub use given::{Given, Options};
use std::sync::Arc;

/// One use of something that a package gives. What certainly does not run in production is no use.
#[derive(Clone, Debug)]
pub struct Use {
    /// The package, or a path in it, as it is imported: `express`, `hono/cors`, `starlette.middleware.cors`. In Python
    /// the longest one that is meant, so that `import a.b; a.b.C()` and `from a.b import C; C()` read alike.
    pub module: Arc<str>,
    /// The name there, as a path: `FrontMcp`, `NestFactory.create`. `default` for the default export and for the module
    /// itself (`require("cors")()`), and what hangs on either goes by its own name (`express.json` is `json`).
    pub export: Arc<str>,
    /// What is done with it.
    pub way: Way,
    /// What is given: to the call, or beside what is handed on.
    pub given: Given,
    /// The call as a value, [`super::Kind::Call`] with its arguments; what is named, where nothing is called.
    pub call: Value,
    /// What it decorates, where it is a decorator: `@Server({…}) class A {}`, `@app.route("/")`.
    pub decorates: Option<Decorated>,
    /// The file in which it stands.
    pub file: FileId,
    /// The whole call.
    pub place: Place,
    /// Whether it happens: `true`, a choice of `true` and `false` where the environment decides that, or unknown.
    pub present: Value,
    /// Whether it stands in a function that was entered from a call of it.
    pub entered: bool,
    /// Whether it stands in no function: it happens as its file is loaded.
    pub as_loaded: bool,
}

/// What is done with an export.
#[derive(Clone, Debug)]
pub enum Way {
    /// It is called, or constructed.
    Called,
    /// It is not called itself but handed to something else, whose last name is `to`: `app.register(plugin, options)`,
    /// `Middleware(CORSMiddleware, allow_origins=[…])`. What is given is what comes after it, and all keywords.
    Handed {
        /// `register`, `add_middleware`, `Middleware`.
        to: Arc<str>,
        /// What the function is a method of, where that is something of a package.
        of: Option<Object>,
    },
    /// A method of what the export gave: `app.set("trust proxy", 1)` for `app = express()`.
    Method {
        /// `set`.
        name: Arc<str>,
        /// What it is called on.
        of: Object,
    },
    /// It is named and nothing more: a decorator without a call.
    Named,
}

/// Something that an export of a package gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The module of the export that made it.
    pub module: Arc<str>,
    /// The export.
    pub export: Arc<str>,
    /// The call that made it: the same place is the same thing, whatever it is named and wherever it is handed to.
    pub made: Place,
    /// Methods whose result it is, the first one first: `new Hono().use(x).get(y)`. Of most hosts it is still the same.
    /// `()` where a name stands between, so that the methods are not known.
    pub through: Vec<Arc<str>>,
}

/// What a decorator stands before.
#[derive(Clone, Debug)]
pub enum Decorated {
    /// A class.
    Class(Arc<ClassValue>),
    /// A function, or a method.
    Function(Arc<Closure>),
}

impl Use {
    /// A call that somebody found by other means than by what is imported, with its first argument for the call.
    pub fn handed(module: &str, export: &str, arguments: Vec<Value>, (file, place): (FileId, Place)) -> Use {
        let nothing = || Value::written(super::Kind::Absent, place);
        Use {
            module: module.into(),
            export: export.into(),
            way: Way::Called,
            call: arguments.first().cloned().unwrap_or_else(nothing),
            given: Given { arguments, ..Given::default() },
            decorates: None,
            file,
            place,
            present: Value::new(super::Kind::Bool(true), &super::Step::start(place, super::How::Derived)),
            entered: false,
            as_loaded: true,
        }
    }

    /// The positional argument at `index`; absent where there is none, unknown where something was spread in before.
    pub fn argument(&self, index: usize) -> Value {
        self.given.argument(index, &self.call.trail)
    }

    /// The keyword argument of a name (Python); absent where there is none.
    pub fn keyword(&self, name: &str) -> Value {
        self.given.keyword(name, &self.call.trail)
    }

    /// The options, wherever the package takes them.
    pub fn options(&self, options: &Options<'_>) -> Value {
        self.given.options(options, &self.call.trail)
    }

    /// The class that it decorates.
    pub fn class(&self) -> Option<&Arc<ClassValue>> {
        match &self.decorates {
            Some(Decorated::Class(class)) => Some(class),
            _ => None,
        }
    }

    /// The name of the method, and what it is called on.
    pub fn method(&self) -> Option<(&str, &Object)> {
        match &self.way {
            Way::Method { name, of } => Some((name, of)),
            _ => None,
        }
    }

    /// Whether one of the arguments is what another use gave: `app.use("/api", cors())` takes what `cors()` gave, also
    /// where a name stands between them.
    pub fn takes(&self, other: &Use) -> bool {
        let is_it = |value: &Value| value.trail.primary() == other.place.in_file();
        let mut given = self.given.arguments.iter().chain(self.given.keywords.iter().map(|(_, value)| value));
        matches!(other.way, Way::Called)
            && given.any(|value| is_it(value) || value.as_list().is_some_and(|items| items.iter().any(is_it)))
    }
}

impl Evaluator<'_> {
    /// Every use of what some modules give, file by file, in the order of the text; what a function does that is
    /// entered stands where it is called.
    ///
    /// `importing` are the files whose text mentions a package, found by whoever knows the names (`Project::mentioning`
    /// with all of them at once); `own` are all files of the app: those among them are read that import what one of the
    /// others hands on. `is_meant` says whether a module is asked for, as it is written (`hono/cors`).
    pub fn uses(&self, importing: &[FileId], own: &[FileId], is_meant: &dyn Fn(&str) -> bool) -> Vec<Use> {
        walk::uses(self, importing, own, is_meant)
    }

    /// The decorators of a class, evaluated where it stands, in the order of the text.
    pub fn decorators(&self, class: &ClassValue) -> Vec<Value> {
        let frame = self.class_frame(class);
        class.class.decorators.iter().map(|decorator| self.expr(decorator, &frame)).collect()
    }
}
