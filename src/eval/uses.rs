//! What a file does with a package: its calls and decorators, each evaluated among the names where it stands; and what
//! a handler compares its input with.

use super::scope::{ClassValue, Closure, Frame};
use super::{Because, Evaluator, Kind, Place, Step, Value};
use crate::syntax::FileId;
use crate::syntax::code::{
    Around, BinaryOp, Expr, ExprKind, Function, Imported, Module, Site, Statement, visit, visit_sites,
};
use std::cell::RefCell;
use std::sync::Arc;

/// One call of something that a package gives.
#[derive(Clone, Debug)]
pub struct Use {
    /// The package, or a path in it.
    pub module: Arc<str>,
    /// What is called, as a path inside the package: `FrontMcp`, `App.create`.
    pub path: Arc<str>,
    /// The call, a [`Kind::Call`] with its arguments.
    pub call: Value,
    /// The class that it decorates, where it is a decorator.
    pub class: Option<Arc<ClassValue>>,
    /// Whether it can run: none of the conditions around it is known to go the other way.
    pub runs: bool,
}

/// Functions that compare two texts in constant time.
const COMPARERS: &[&str] = &["timingSafeEqual", "compare_digest", "safeCompare", "constantTimeEqual", "secureCompare"];

impl Evaluator<'_> {
    /// Every call in a file of something that a package gives, decorators included, in the order of the text.
    pub fn uses(&self, file: FileId, is_meant: &dyn Fn(&str) -> bool) -> Vec<Use> {
        let Some(module) = self.module(file) else { return Vec::new() };
        let names = Names::of(&module, is_meant);
        let mut uses = Vec::new();
        visit_sites(&module.body, &mut |expr, site| {
            let ExprKind::Call { callee, .. } = &expr.kind else { return };
            if !names.hold(callee) {
                return;
            }
            let frame = self.frame_at(file, site.around);
            let call = self.expr(expr, &frame);
            let Some((module, path)) = called(&call) else { return };
            if is_meant(&module) {
                let class = site
                    .decorates
                    .map(|class| Arc::new(ClassValue { class: class.clone(), file, scope: frame.capture() }));
                uses.push(Use { module, path, call, class, runs: self.runs(file, site.guards) });
            }
        });
        uses
    }

    /// The decorators of a class, evaluated where it stands, in the order of the text.
    pub fn decorators(&self, class: &ClassValue) -> Vec<Value> {
        let frame = self.class_frame(class);
        class.class.decorators.iter().map(|decorator| self.expr(decorator, &frame)).collect()
    }

    /// The values of the project that a function compares its input with: `input.key === EXPECTED`, a comparison in
    /// constant time. Each stands for what the other side must be.
    pub fn compared(&self, function: &Closure) -> Vec<Value> {
        let mut found = Vec::new();
        visit_sites(&function.function.body, &mut |expr, site| {
            let sides: Vec<&Expr> = match &expr.kind {
                ExprKind::Binary(op, left, right) if is_comparison(*op) => vec![left, right],
                ExprKind::Call { callee, arguments, .. } if is_comparer(callee) => {
                    arguments.iter().take(2).map(|argument| unwrapped(&argument.value)).collect()
                }
                _ => return,
            };
            let [left, right] = sides.as_slice() else { return };
            let frame = self.frame_in(function, site);
            let (left, right) = (self.expr(left, &frame), self.expr(right, &frame));
            match (is_input(&left), is_input(&right)) {
                (true, false) => found.push(right),
                (false, true) => found.push(left),
                _ => {}
            }
        });
        found
    }

    /// The names in scope where a function is called with nothing known of its arguments.
    fn frame_in(&self, function: &Closure, site: Site<'_, '_>) -> Frame {
        let frame = Frame {
            file: function.file,
            names: RefCell::default(),
            outer: function.scope.clone(),
            module: self.state(function.file),
            is_module: false,
            this: function.this.clone(),
            pending: RefCell::default(),
        };
        self.bind_unknown(&function.function, &frame);
        self.enter_scopes(site.around, &frame);
        frame
    }

    /// The names in scope at a place of a file.
    fn frame_at(&self, file: FileId, around: &[Around<'_>]) -> Frame {
        let [Around::Body(_), inner @ ..] = around else { return self.module_frame(file) };
        if inner.is_empty() {
            return self.module_frame(file);
        }
        let mut frame = self.module_frame(file);
        frame.is_module = false;
        self.enter_scopes(inner, &frame);
        frame
    }

    fn enter_scopes(&self, around: &[Around<'_>], frame: &Frame) {
        for scope in around {
            match scope {
                Around::Function(function) => self.bind_unknown(function, frame),
                Around::Body(before) => {
                    for statement in before.iter().filter(|statement| binds(statement)) {
                        self.run(std::slice::from_ref(statement), frame);
                    }
                }
            }
        }
    }

    fn bind_unknown(&self, function: &Function, frame: &Frame) {
        for param in &function.params {
            let trail = Step::start(Place::File(frame.file, function.span), super::How::Written);
            self.bind(&param.pattern, Value::unknown(Because::Call("its caller".into()), &trail), frame);
        }
    }
}

/// Whether a statement can bind or change a name for those after it.
fn binds(statement: &Statement) -> bool {
    !matches!(statement, Statement::Return { .. } | Statement::Throw { .. } | Statement::Jump(_) | Statement::Opaque(_))
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::LooseEqual | BinaryOp::LooseNotEqual | BinaryOp::Is)
}

fn is_comparer(callee: &Expr) -> bool {
    let name = match &callee.kind {
        ExprKind::Name(name) => name,
        ExprKind::Member { property, .. } => property,
        _ => return false,
    };
    COMPARERS.contains(&&**name)
}

/// `Buffer.from(x)`, `encoder.encode(x)`, `x.encode()`: what is compared is `x`.
fn unwrapped(expr: &Expr) -> &Expr {
    let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return expr };
    match (&callee.kind, arguments.first()) {
        (ExprKind::Member { property, .. }, Some(first)) if matches!(&**property, "from" | "encode") => &first.value,
        (ExprKind::Member { object, property, .. }, None) if &**property == "encode" => object,
        _ => expr,
    }
}

/// Whether a value is made of what a caller gave.
fn is_input(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(unknown) => matches!(&unknown.because, Because::Call(_) | Because::Undecided),
        Kind::Choice(_, arms) => arms.iter().any(is_input),
        _ => false,
    }
}

/// What a call calls, where it is something of a package.
fn called(call: &Value) -> Option<(Arc<str>, Arc<str>)> {
    match &call.as_call()?.callee.kind {
        Kind::External { module, path } => Some((module.clone(), path.clone())),
        _ => None,
    }
}

/// The names of a file under which something of a package is reached.
struct Names {
    local: Vec<Arc<str>>,
    /// The package is loaded by a call somewhere: any name can stand for a part of it.
    loaded: bool,
}

impl Names {
    fn of(module: &Module, is_meant: &dyn Fn(&str) -> bool) -> Names {
        let mut local = Vec::new();
        for statement in &module.body {
            let Statement::Import(import) = statement else { continue };
            if is_meant(&import.module) && !import.type_only {
                let named = import.names.iter().filter(|name| name.what != Imported::Everything);
                local.extend(named.map(|name| name.local.clone()));
            }
        }
        let mut loaded = false;
        visit(&module.body, &mut |expr, _| {
            loaded |= matches!(&expr.kind, ExprKind::ImportCall(name) if is_meant(name));
        });
        Names { local, loaded }
    }

    fn hold(&self, callee: &Expr) -> bool {
        match &callee.kind {
            ExprKind::Name(name) => self.loaded || self.local.contains(name),
            ExprKind::Member { object, .. } => self.hold(object),
            _ => false,
        }
    }
}
