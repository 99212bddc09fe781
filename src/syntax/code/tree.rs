//! The expression tree that TypeScript, JavaScript and Python are lowered to.
//!
//! It keeps what a setting can depend on and drops the rest: types, comments (kept as a list) and control flow
//! that no configuration uses become [`ExprKind::Opaque`] or [`Statement::Opaque`].

#![allow(missing_docs, reason = "the fields of a variant are described by the variant")]

use crate::syntax::Span;
use crate::text::Text;
use std::sync::Arc;

/// An identifier, a property key, a module path: a name, which reports may show.
pub type Name = Arc<str>;

/// Which rules of evaluation hold (what is falsy, how `+` works, how imports resolve).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// TypeScript, JavaScript, with or without JSX.
    TypeScript,
    /// Python 3.
    Python,
}

/// One parsed source file.
#[derive(Clone, Debug)]
pub struct Module {
    /// The language it is written in.
    pub language: Language,
    /// Its statements in order.
    pub body: Vec<Statement>,
    /// Every comment, delimiters included.
    pub comments: Vec<Span>,
    /// Syntax errors the parser recovered from; the tree around them is partial.
    pub errors: Vec<SyntaxError>,
}

/// What a parser could not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What was expected, in the parser's words; holds no text of the file.
    pub message: String,
}

/// One statement. `exported` means a JavaScript `export` on the declaration itself.
#[derive(Clone, Debug)]
pub enum Statement {
    /// `const a = 1`, `let { b } = c`, `enum E {}`, `x = 1` at a Python name, `x: int = 1`. `exports.x = v` declares a
    /// local called `exports.x`, which an [`Export`] after it exports as `x`.
    Declare { pattern: Pattern, value: Option<Expr>, exported: bool, span: Span },
    /// `function f() {}`, `def f():`, with its decorators. A default export without a name is called `default`.
    Function {
        name: Name,
        function: Arc<Function>,
        decorators: Vec<Expr>,
        exported: bool,
        is_default: bool,
        span: Span,
    },
    /// `class C {}`.
    Class { class: Arc<Class>, exported: bool, is_default: bool },
    /// `import a, { b as c } from "m"`, `import * as n from "m"`, `from m import b as c`, `import m.n as c`.
    Import(Import),
    /// `export { a as b }`, `export { a } from "m"`, `export * from "m"`, `export * as n from "m"`.
    Export(Export),
    /// `export default expr`; where it is `whole`, `module.exports = expr` and `export = expr`: the value is what the module
    /// as such is to whoever asks for it.
    ExportDefault { value: Expr, whole: bool, span: Span },
    /// Any expression for its effect; assignments to names and members are [`ExprKind::Assign`].
    Expression(Expr),
    /// `return x`.
    Return { value: Option<Expr>, span: Span },
    /// `throw x`, `raise x`.
    Throw { value: Option<Expr>, span: Span },
    /// `if` / `else`, `elif` chains nested in `otherwise`.
    If { test: Expr, then: Vec<Statement>, otherwise: Vec<Statement>, span: Span },
    /// `{ … }`, Python `with` (its items as declarations first).
    Block(Vec<Statement>),
    /// `for … of` with its pattern and what it goes over; `while` and `for (;;)` without a pattern, over their test.
    /// The start of a `for (;;)` stands first in the body, its step last.
    Loop { pattern: Option<Pattern>, over: Option<Expr>, body: Vec<Statement>, span: Span },
    /// `try`, each `catch` / `except` body, `finally`. A handler declares the error that it names first.
    Try { body: Vec<Statement>, handlers: Vec<Vec<Statement>>, finally: Vec<Statement>, span: Span },
    /// `switch` / `match`: each case's test (none for default) and body. A body that does not end in a jump runs on
    /// into the next one; Python's end in one.
    Switch { subject: Expr, cases: Vec<(Option<Expr>, Vec<Statement>)>, span: Span },
    /// `continue` of the nearest loop.
    Jump(Span),
    /// `break`, and what else leaves more than a step of a loop.
    Break(Leaves, Span),
    /// Something with no meaning for settings (types, `declare`, `global` …).
    Opaque(Span),
}

/// What a jump leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// The nearest loop or `switch`.
    Nearest,
    /// A case of Python's `match`, whose end it is.
    Case,
    /// What a label names.
    Labelled,
}

/// One import statement.
#[derive(Clone, Debug)]
pub struct Import {
    /// `./config`, `bknd/adapter/bun`; in Python dots stay (`.settings`, `app.core`). `import a.b` is two statements:
    /// one binds `a`, one loads `a.b` and binds nothing.
    pub module: Name,
    /// What it binds.
    pub names: Vec<ImportName>,
    /// `import type`: binds no value.
    pub type_only: bool,
    /// The whole statement.
    pub span: Span,
}

/// One name that an import binds.
#[derive(Clone, Debug)]
pub struct ImportName {
    /// What is taken: a name, the default export, or the whole module.
    pub what: Imported,
    /// The local name; `*` for [`Imported::Everything`].
    pub local: Name,
    /// The local name's place.
    pub span: Span,
}

/// What an import or a re-export takes from the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// A named export.
    Named(Name),
    /// The default export.
    Default,
    /// The module object.
    Module,
    /// Python's `from m import *`.
    Everything,
}

/// One export list.
#[derive(Clone, Debug)]
pub struct Export {
    /// The module re-exported from, if it is a re-export.
    pub module: Option<Name>,
    /// Pairs of what is exported and under which name; `default` is the name of the default export.
    /// For `export *` one entry with [`Imported::Everything`] and an empty name.
    pub names: Vec<(Imported, Name)>,
    /// The whole statement.
    pub span: Span,
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    /// The smallest text that is this expression, without parentheses, casts and `!`.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of expression. `(x)`, `x as T`, `x satisfies T`, `<T>x`, `x!` are lowered to `x`.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`, `None`.
    Null,
    /// `undefined`, `void 0`.
    Undefined,
    /// `true`, `False`.
    Bool(bool),
    /// A number; `1_000`, `0xff`, bigint too.
    Number(f64),
    /// A string literal with escapes resolved; adjacent Python literals joined; a template without insertions.
    Text(Text),
    /// A template literal or an f-string.
    Template(Vec<TemplatePart>),
    /// `/…/flags`, `re.compile` is a call.
    Regex { pattern: Text, flags: Name },
    /// `[a, ...b]`, `(a, b)`, `{a, b}` of Python.
    List(Vec<Item>),
    /// `{ a: 1, ...b }`, Python dict.
    Object(Vec<Property>),
    /// A name in scope.
    Name(Name),
    /// `this`; Python's `self` stays a name.
    This,
    /// `a.b`, `a?.b`.
    Member { object: Box<Expr>, property: Name, property_span: Span, optional: bool },
    /// `a[b]`, `a?.[b]`.
    Index { object: Box<Expr>, index: Box<Expr>, optional: bool },
    /// `f(a)`, `new F(a)`, `f?.(a)`, a tagged template (its template as the one argument).
    Call { callee: Box<Expr>, arguments: Vec<Argument>, optional: bool, is_new: bool },
    /// Any function: arrow, method, lambda.
    Function(Arc<Function>),
    /// A class expression.
    Class(Arc<Class>),
    /// `!a`, `not a`, `-a`, `+a`, `typeof a`, `await a`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, `a === b`, `a in b` …
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a && b`, `a || b`, `a ?? b`, `a and b`, `a or b`.
    Logical(LogicalOp, Box<Expr>, Box<Expr>),
    /// `test ? yes : no`, `yes if test else no`.
    Conditional { test: Box<Expr>, yes: Box<Expr>, no: Box<Expr> },
    /// `a = b`, `a.b = c`; `op` for `+=`, and `??=`, `||=`, `&&=` are lowered to a plain assignment of a logical.
    Assign { target: Box<Expr>, op: Option<BinaryOp>, value: Box<Expr> },
    /// `a, b` of JavaScript: the last one counts.
    Sequence(Vec<Expr>),
    /// `import("m")`, `require("m")` with a literal path.
    ImportCall(Name),
    /// `[x for y in z if c]` and its like.
    Comprehension { item: Box<Expr>, pattern: Pattern, over: Box<Expr>, tests: Vec<Expr> },
    /// Syntax whose value is not followed (JSX, `yield`, `import.meta` alone …), named for the reader.
    Opaque(&'static str),
}

/// The method that a part of a list (`a[1:]` in Python) is a call of. No program can name it.
pub const SLICE: &str = "%slice";

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Literal text.
    Text(Text, Span),
    /// An inserted expression.
    Expr(Expr),
}

/// An element of a list.
#[derive(Clone, Debug)]
pub enum Item {
    /// One element.
    One(Expr),
    /// `...x`, `*x`.
    Spread(Expr),
}

/// An entry of an object.
#[derive(Clone, Debug)]
pub enum Property {
    /// `key: value`, `key`, `"key": value`, a method (value is a function). Numeric keys are spelled out.
    Field { key: Name, key_span: Span, value: Expr },
    /// `[key]: value`, and a Python key that is not a literal text.
    Computed { key: Expr, value: Expr },
    /// `get key() {}`: reading the key calls the function.
    Getter { key: Name, key_span: Span, function: Arc<Function> },
    /// `...x`, `**x`.
    Spread(Expr),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The keyword in Python.
    pub name: Option<(Name, Span)>,
    /// `...x`, `*x`, and `**x` (which has no name either).
    pub spread: Spread,
    /// The value.
    pub value: Expr,
}

/// Whether an argument is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// A plain argument.
    No,
    /// `...x`, `*x`.
    Items,
    /// `**x`.
    Fields,
}

/// A function of any spelling.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name, where it has one.
    pub name: Option<Name>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// What it does; an arrow's expression is one `Return`.
    pub body: Vec<Statement>,
    /// `async`.
    pub is_async: bool,
    /// It has no `this` of its own.
    pub is_arrow: bool,
    /// Calling it runs nothing yet: `function*`, a Python function that yields.
    pub is_generator: bool,
    /// The whole function.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// What it binds.
    pub pattern: Pattern,
    /// `= default`.
    pub default: Option<Expr>,
    /// `...rest`, `*args`, `**kwargs`.
    pub spread: Spread,
    /// Decorators of the parameter (`@Body() body`).
    pub decorators: Vec<Expr>,
    /// The written type: in Python, where types are expressions (`Annotated[User, Depends(current_user)]`), all of it; in
    /// TypeScript the class that it names, if it names one.
    pub annotation: Option<Expr>,
}

/// What a declaration or parameter binds.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// One name.
    Name(Name, Span),
    /// `{ a, b: c = 1, ...rest }`.
    Object { fields: Vec<PatternField>, rest: Option<Name>, span: Span },
    /// `[a, , b, ...rest]`, `a, b`.
    List { items: Vec<Option<(Pattern, Option<Expr>)>>, rest: Option<Name>, span: Span },
    /// Anything else that is assigned to (`a.b`, computed keys).
    Other(Span),
}

/// A field of an object pattern.
#[derive(Clone, Debug)]
pub struct PatternField {
    /// The key that is read.
    pub key: Name,
    /// Where the key stands.
    pub key_span: Span,
    /// What it is bound to.
    pub pattern: Pattern,
    /// `= default`.
    pub default: Option<Expr>,
}

/// A class with what configuration uses of it.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name, where it has one.
    pub name: Option<Name>,
    /// Base classes.
    pub bases: Vec<Expr>,
    /// Keyword arguments of a Python class (`metaclass=…`).
    pub keywords: Vec<Argument>,
    /// Decorators in source order.
    pub decorators: Vec<Expr>,
    /// Fields, methods, nested classes.
    pub members: Vec<Member>,
    /// Static blocks, each with the number of members before it; and the code of setters, and of methods under computed
    /// names, which may run at any time.
    pub blocks: Vec<(usize, Arc<Function>)>,
    /// It has members that the list does not hold: under a computed name, or a setter.
    pub is_open: bool,
    /// The whole class, decorators included.
    pub span: Span,
}

/// A member of a class.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name; computed names are left out.
    pub name: Name,
    /// The name's place.
    pub name_span: Span,
    /// The value of a field, a method as a function, a nested class.
    pub value: Option<Expr>,
    /// A written type, as source text, where there is one (`SecretStr`, `str | None`).
    pub annotation: Option<Text>,
    /// Decorators.
    pub decorators: Vec<Expr>,
    /// `static`.
    pub is_static: bool,
    /// `get`, `@property`.
    pub is_getter: bool,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`, `not`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
    /// `typeof`.
    TypeOf,
    /// `await`.
    Await,
    /// `void`.
    Void,
    /// `delete a.b`, `del a[b]`.
    Delete,
    /// `~`.
    Other,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `===`, Python `==`.
    Equal,
    /// `!==`, Python `!=`.
    NotEqual,
    /// JavaScript `==`.
    LooseEqual,
    /// JavaScript `!=`.
    LooseNotEqual,
    /// `is`.
    Is,
    /// `is not`.
    IsNot,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `//`.
    FloorDivide,
    /// `%`.
    Remainder,
    /// `**`.
    Power,
    /// `<<`.
    ShiftLeft,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `in`.
    In,
    /// `not in`.
    NotIn,
    /// `|` (also Python dict merge).
    Or,
    /// `instanceof`.
    InstanceOf,
    /// `&`, `^`, `>>` …
    Other,
}

/// Operators that evaluate their right side only when needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalOp {
    /// `&&`, `and`.
    And,
    /// `||`, `or`.
    Or,
    /// `??`.
    Coalesce,
}
