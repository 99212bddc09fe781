//! Operators: comparisons, arithmetic and the three logical ones.

use super::question::is_production_word;
use super::scope::Frame;
use super::truth::{Truth, truth};
use super::{Because, Evaluator, How, Kind, Place, Question, Step, Unknown, Value, spans};
use crate::syntax::code::{BinaryOp, Expr, ExprKind, Language, LogicalOp, UnaryOp};
use crate::text::Text;
use std::sync::Arc;

impl Evaluator<'_> {
    pub(super) fn unary(&self, op: UnaryOp, operand: &Expr, place: Place, frame: &Frame) -> Value {
        let value = self.expr(operand, frame);
        match op {
            // The expression is what a user would change, not the variable that it turns round.
            UnaryOp::Not if matches!(operand.kind, ExprKind::Unary(UnaryOp::Not, _)) => {
                if let ExprKind::Unary(_, inner) = &operand.kind {
                    self.note_truth(&self.expr(inner, frame), place);
                }
                self.not(&value, place).each(&mut |value| value.step(place, How::Joined))
            }
            UnaryOp::Not => self.not(&value, place).each(&mut |value| value.step(place, How::Joined)),
            UnaryOp::Await => value,
            UnaryOp::Minus => {
                value.read(&|value| value.as_number().map_or_else(undecided, |number| Kind::Number(-number)))
            }
            UnaryOp::Plus => super::builtins::to_number(&value),
            UnaryOp::TypeOf => {
                value.read(&|value| type_name(&value.kind).map_or_else(undecided, |name| Kind::Text(Text::new(name))))
            }
            UnaryOp::Void => Value::written(Kind::Absent, place),
            UnaryOp::BitNot => value.read(&|value| match value.as_number() {
                Some(number) if number.abs() < f64::from(i32::MAX) => Kind::Number(-number.trunc() - 1.0),
                _ => undecided(),
            }),
            UnaryOp::Delete => Value::unknown(Because::Undecided, &value.trail),
        }
    }

    fn not(&self, value: &Value, place: Place) -> Value {
        let python = self.is_python(place);
        value.each(&mut |value| {
            let kind = match truth(value, python, place) {
                Truth::Yes => Kind::Bool(false),
                Truth::No => Kind::Bool(true),
                Truth::Ask(question, as_asked) => Kind::Unknown(answer_to(value, question, !as_asked)),
            };
            Value::new(kind, &value.trail)
        })
    }

    pub(super) fn logical(&self, op: LogicalOp, left: &Expr, right: &Expr, place: Place, frame: &Frame) -> Value {
        let python = self.is_python(place);
        let left = self.expr(left, frame);
        if op != LogicalOp::And {
            self.note_fallback(&left);
        }
        let mut evaluated: Option<Value> = None;
        left.each(&mut |left| {
            let mut right = || evaluated.get_or_insert_with(|| self.expr(right, frame)).clone();
            match op {
                LogicalOp::Coalesce => match &left.kind {
                    Kind::Absent | Kind::Null => fallback(left, &right()),
                    Kind::Unknown(unknown) if unknown.answers.is_none() && !unknown.present => {
                        let question = match &unknown.unset_with {
                            Some(variable) => Question::IsSet(variable.clone()),
                            None => match truth(left, false, place) {
                                Truth::Ask(question, _) => question,
                                _ => return left.clone(),
                            },
                        };
                        let right = right();
                        // Nothing to fall back to is no fallback.
                        if right.is_absent() {
                            return left.clone();
                        }
                        Value::choice(question, vec![fallback(left, &right), left.clone()], &left.trail)
                    }
                    _ => left.clone(),
                },
                LogicalOp::Or => match truth(left, python, place) {
                    Truth::Yes => left.clone(),
                    Truth::No => fallback(left, &right()),
                    Truth::Ask(question, as_asked) => either(question, as_asked, left, &right()),
                },
                LogicalOp::And => match truth(left, python, place) {
                    Truth::Yes => right(),
                    Truth::No => left.clone(),
                    Truth::Ask(question, as_asked) => both(question, as_asked, left, &right()),
                },
            }
        })
    }

    pub(super) fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr, place: Place, frame: &Frame) -> Value {
        let left = self.expr(left, frame);
        let right = self.expr(right, frame);
        // What is only compared has its answer without a value too.
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::LooseEqual | BinaryOp::LooseNotEqual) {
            self.note_fallback(&left);
            self.note_fallback(&right);
        }
        self.combine(op, &left, &right, place, frame)
    }

    /// Two values under an operator.
    pub(super) fn combine(&self, op: BinaryOp, left: &Value, right: &Value, place: Place, frame: &Frame) -> Value {
        let language = self.language(frame.file);
        if let (BinaryOp::Add, Some(point)) = (op, spans::from_now(left, right)) {
            return point;
        }
        if let BinaryOp::Add = op
            && !numeric(left, right)
        {
            if are_lists(left) && are_lists(right) {
                return left.each(&mut |left| right.each(&mut |right| one_after_the_other(left, right, place)));
            }
            return self.concatenate(left, right, language);
        }
        if let (BinaryOp::In | BinaryOp::NotIn, Kind::Environment) = (op, &right.kind) {
            return left.each(&mut |name| self.is_set(name, op == BinaryOp::In, place));
        }
        if let (BinaryOp::In | BinaryOp::NotIn, Kind::Text(word), Kind::External { module, path }) =
            (op, &left.kind, &right.kind)
            && is_for_developers(module, path, word)
        {
            return Value::written(Kind::Bool(op == BinaryOp::NotIn), place);
        }
        if let (BinaryOp::In | BinaryOp::NotIn, Language::Python, Kind::List { items, open: None }) =
            (op, language, &right.kind)
            && self.is_trial()
            && let Some(position) = self.tried_position(items, left)
        {
            return Value::new(Kind::Bool(position.is_some() == (op == BinaryOp::In)), &left.trail);
        }
        if let (BinaryOp::Subtract, Kind::List { .. }, Kind::Environment) = (op, &left.kind, &right.kind) {
            return self.not_set(left, place);
        }
        if op == BinaryOp::Or && language == Language::Python && left.as_bool().is_none() {
            return super::objects::merged(&[left.clone(), right.clone()], place);
        }
        if let (BinaryOp::Remainder, Language::Python, Kind::Text(template)) = (op, language, &left.kind)
            && let Some(text) = self.percent(template, right, place)
        {
            return text;
        }
        if negatable(op).is_some() && language == Language::Python {
            return self.joined(op, &for_python(op, left, right), &for_python(op, right, left), place);
        }
        self.joined(op, left, right, place)
    }

    /// Two values joined under an operator that looks at nothing but what they are.
    fn joined(&self, op: BinaryOp, left: &Value, right: &Value, place: Place) -> Value {
        if let Some(equal) = negatable(op).and_then(|negated| Some(self.tried_equality(left, right)? != negated)) {
            return Value::new(Kind::Bool(equal), &left.join(right, &|left, _| left.clone()).trail);
        }
        // What the caller brings can be anything, `null` too.
        let brought = |kind: &Kind| matches!(kind, Kind::External { module, .. } if &**module == super::trial::CALLER);
        let mut result = left.join(right, &|left, right| match brought(left) || brought(right) {
            true => undecided(),
            false => apply(op, left, right),
        });
        // Who asks for production asks for what is deployed.
        let about_production = [left, right].iter().any(|side| side.as_text().is_some_and(is_production_word));
        result = result.each(&mut |value| {
            let told = if about_production { None } else { told_by_host(op, &value.kind, place) };
            let kind = told.unwrap_or_else(|| value.kind.clone());
            Value::new(kind, &Step::of(place, How::Joined, value.trail.before.clone()))
        });
        result
    }
}

impl Evaluator<'_> {
    /// `"NAME" in os.environ`, `process.env.hasOwnProperty("NAME")`: an empty variable is in it.
    pub(super) fn is_set(&self, name: &Value, wanted: bool, place: Place) -> Value {
        let Some(text) = name.as_text() else { return Value::unknown(Because::Undecided, &name.trail) };
        let name = text.as_name();
        self.note_read(&name, place, true);
        let read = self.within_assumptions(self.peek(&name, place));
        read.each(&mut |read| {
            let kind = match &read.kind {
                Kind::Absent | Kind::Null => Kind::Bool(!wanted),
                Kind::Unknown(unknown) if unknown.present => Kind::Bool(wanted),
                Kind::Unknown(_) => Kind::Unknown(answer_to(read, Question::IsSet(name.clone()), wanted)),
                _ => Kind::Bool(wanted),
            };
            Value::new(kind, &read.trail)
        })
    }

    /// The names of a list that are no variables: `REQUIRED - os.environ.keys()`.
    pub(super) fn not_set(&self, names: &Value, place: Place) -> Value {
        let missing = |name: &Value| {
            let is_missing = self.is_set(name, false, place);
            self.branch(&is_missing, place, &mut |missing| {
                if missing { name.clone() } else { Value::new(Kind::Absent, &name.trail) }
            })
        };
        let items: Vec<Value> = names.as_list().unwrap_or_default().iter().map(missing).collect();
        let items = items.into_iter().filter(|item| !item.is_absent()).collect();
        Value::written(Kind::List { items, open: None }, place)
    }
}

/// Commands and modules of developers, which no server is started with: `"test" in sys.argv`, `"pytest" in sys.modules`.
const DEVELOPERS: &[&str] = &[
    "test",
    "pytest",
    "py.test",
    "unittest",
    "nose",
    "runserver",
    "runserver_plus",
    "shell",
    "shell_plus",
    "makemigrations",
];

fn is_for_developers(module: &str, path: &str, word: &Text) -> bool {
    module == "sys" && matches!(path, "argv" | "modules") && word.one_of(DEVELOPERS).is_some()
}

/// One side of a comparison in Python, which has no `undefined` (what is not there is `None`), and to which a boolean
/// beside a number is one.
fn for_python(op: BinaryOp, value: &Value, beside: &Value) -> Value {
    let compares = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
    value.each(&mut |value| match value.kind {
        Kind::Absent => Value::new(Kind::Null, &value.trail),
        Kind::Bool(own) if compares && beside.as_number().is_some() => {
            Value::new(Kind::Number(f64::from(u8::from(own))), &value.trail)
        }
        _ => value.clone(),
    })
}

/// Whether a value is a list in each of its forms.
fn are_lists(value: &Value) -> bool {
    match &value.kind {
        Kind::List { .. } => true,
        Kind::Choice(_, arms) => arms.iter().all(are_lists),
        _ => false,
    }
}

/// The items of two lists. Where something unknown is in one, it is in both together.
fn one_after_the_other(left: &Value, right: &Value, place: Place) -> Value {
    let (Kind::List { items: first, open: one }, Kind::List { items: second, open: other }) = (&left.kind, &right.kind)
    else {
        return Value::unknown(Because::Undecided, &left.trail);
    };
    let items = first.iter().chain(second.iter()).cloned().collect();
    Value::written(Kind::List { items, open: one.clone().or_else(|| other.clone()) }, place)
}

/// For a comparison, whether it asks for the opposite of equality.
fn negatable(op: BinaryOp) -> Option<bool> {
    match op {
        BinaryOp::Equal | BinaryOp::LooseEqual | BinaryOp::Is => Some(false),
        BinaryOp::NotEqual | BinaryOp::LooseNotEqual | BinaryOp::IsNot => Some(true),
        _ => None,
    }
}

/// `left instanceof right`: nothing that is no object is one, and a plain error is an `Error` alone.
fn instance(left: &Kind, right: &Kind) -> Kind {
    let Kind::Object { fields, .. } = left else {
        let is_plain = matches!(left, Kind::Absent | Kind::Null | Kind::Text(_) | Kind::Number(_) | Kind::Bool(_));
        return if is_plain { Kind::Bool(false) } else { undecided() };
    };
    let has = |key: &str| fields.iter().find(|(own, _)| &**own == key).map(|(_, value)| value);
    let name = has("name").and_then(Value::as_text).filter(|_| has("stack").is_some());
    match (name, right) {
        (Some(name), Kind::External { module, path }) if &**module == "global" => {
            Kind::Bool(&**path == "Object" || name.is(path))
        }
        (Some(_), Kind::External { .. } | Kind::Class(_)) => Kind::Bool(false),
        _ => undecided(),
    }
}

fn undecided() -> Kind {
    Kind::Unknown(Because::Undecided.into())
}

fn numeric(left: &Value, right: &Value) -> bool {
    left.as_number().is_some() && right.as_number().is_some()
}

/// The right side of `??` and `||`, marked as the fallback of the left.
pub(super) fn fallback(left: &Value, right: &Value) -> Value {
    right.each(&mut |right| {
        let before = vec![right.trail.clone(), left.trail.clone()];
        Value::new(right.kind.clone(), &Step::of(right.trail.place, How::Fallback, before))
    })
}

/// `left || right` where a question decides whether left is falsy.
fn either(question: Question, as_asked: bool, left: &Value, right: &Value) -> Value {
    if let Kind::Unknown(unknown) = &left.kind
        && unknown.answers.is_some()
    {
        match right.kind {
            Kind::Bool(true) => return right.clone(),
            Kind::Bool(false) => return left.clone(),
            Kind::Unknown(_) => return Value::unknown(unknown.because.clone(), &left.trail),
            _ => {}
        }
    }
    let truthy = left.given(&question, usize::from(as_asked));
    let falsy = fallback(left, right);
    let arms = if as_asked { vec![falsy, truthy] } else { vec![truthy, falsy] };
    Value::choice(question, arms, &left.trail)
}

/// `left && right` where a question decides whether left is truthy. A boolean that hangs on an unknown stays unknown.
fn both(question: Question, as_asked: bool, left: &Value, right: &Value) -> Value {
    let Kind::Unknown(unknown) = &left.kind else { return right.clone() };
    match &right.kind {
        Kind::Bool(true) => Value::new(Kind::Unknown(answer_to(left, question, as_asked)), &left.trail),
        Kind::Bool(false) => right.clone(),
        Kind::Unknown(_) => Value::unknown(unknown.because.clone(), &left.trail).without_question(),
        _ => {
            let falsy = if unknown.answers.is_some() {
                Value::new(Kind::Bool(false), &left.trail)
            } else {
                Value::new(Kind::Absent, &left.trail)
            };
            let arms = if as_asked { vec![falsy, right.clone()] } else { vec![right.clone(), falsy] };
            Value::choice(question, arms, &left.trail)
        }
    }
}

fn answer_to(value: &Value, question: Question, as_asked: bool) -> Unknown {
    let because = match &value.kind {
        Kind::Unknown(unknown) => unknown.because.clone(),
        _ => Because::Undecided,
    };
    Unknown {
        because,
        present: false,
        at_least_chars: 0,
        prefix: None,
        unset_with: None,
        answers: Some(Arc::new((question, as_asked))),
    }
}

fn apply(op: BinaryOp, left: &Kind, right: &Kind) -> Kind {
    use BinaryOp::*;
    match op {
        Equal | Is => equal(left, right, false),
        LooseEqual | LooseNotEqual if converts(left, right) => undecided(),
        LooseEqual => equal(left, right, true),
        NotEqual | IsNot => negate(equal(left, right, false)),
        LooseNotEqual => negate(equal(left, right, true)),
        In => contained(left, right),
        InstanceOf => instance(left, right),
        NotIn => negate(contained(left, right)),
        _ => match (left, right) {
            (Kind::Bool(left), Kind::Bool(right)) if op == Or => Kind::Bool(*left || *right),
            (Kind::Number(left), Kind::Number(right)) => arithmetic(op, *left, *right),
            (Kind::Text(text), Kind::Number(times))
                if op == Multiply && text.len() as f64 * times <= super::MOST_TEXT as f64 =>
            {
                Kind::Text(text.map(|text| text.repeat(times.max(0.0) as usize)))
            }
            (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => {
                Kind::Unknown(unknown.because.clone().into_plain())
            }
            _ => undecided(),
        },
    }
}

fn arithmetic(op: BinaryOp, left: f64, right: f64) -> Kind {
    use BinaryOp::*;
    Kind::Number(match op {
        Add => left + right,
        Subtract => left - right,
        Multiply => left * right,
        Divide => left / right,
        FloorDivide => (left / right).floor(),
        Remainder => left % right,
        Power => left.powf(right),
        ShiftLeft if (0.0..32.0).contains(&right) => f64::from((left as i64 as i32).wrapping_shl(right as u32)),
        Less => return Kind::Bool(left < right),
        LessEqual => return Kind::Bool(left <= right),
        Greater => return Kind::Bool(left > right),
        GreaterEqual => return Kind::Bool(left >= right),
        _ => return undecided(),
    })
}

/// Whether two plain values are equal; an unknown variable against a text is a question of its own.
fn equal(left: &Kind, right: &Kind, loose: bool) -> Kind {
    use Kind::{Absent, Bool, Null, Number, Text, Unknown as NotKnown};
    match (left, right) {
        (NotKnown(unknown), Text(text)) | (Text(text), NotKnown(unknown)) => {
            match (&unknown.because, &unknown.unset_with) {
                (Because::Variable(variable), Some(own)) if variable == own && unknown.prefix.is_none() => {
                    asked(unknown, Question::Equals(variable.clone(), text.clone()), true)
                }
                _ => Kind::Unknown(unknown.because.clone().into_plain()),
            }
        }
        (NotKnown(unknown), Absent | Null) | (Absent | Null, NotKnown(unknown)) => match &unknown.unset_with {
            Some(variable) => asked(unknown, Question::IsSet(variable.clone()), false),
            None => Kind::Unknown(unknown.because.clone().into_plain()),
        },
        (NotKnown(unknown), Bool(value)) | (Bool(value), NotKnown(unknown)) => match unknown.answers.as_deref() {
            Some((question, as_asked)) => asked(unknown, question.clone(), *as_asked == *value),
            None => Kind::Unknown(unknown.because.clone().into_plain()),
        },
        (NotKnown(unknown), _) | (_, NotKnown(unknown)) => Kind::Unknown(unknown.because.clone().into_plain()),
        (Absent, Absent) | (Null, Null) => Bool(true),
        (Absent, Null) | (Null, Absent) => Bool(loose),
        (Bool(left), Bool(right)) => Bool(left == right),
        (Number(left), Number(right)) => Bool(left == right),
        (Text(left), Text(right)) => Bool(left == right),
        (Number(number), Text(text)) | (Text(text), Number(number)) if loose => {
            let read = |text: &str| match text.trim() {
                "" => Some(0.0),
                text => text.parse().ok(),
            };
            Bool(text.number(read) == Some(*number))
        }
        (Absent | Null | Bool(_) | Number(_) | Text(_), Absent | Null | Bool(_) | Number(_) | Text(_)) => Bool(false),
        (Absent | Null, _) | (_, Absent | Null) => Bool(false),
        _ => undecided(),
    }
}

fn asked(unknown: &Unknown, question: Question, as_asked: bool) -> Kind {
    Kind::Unknown(Unknown {
        because: unknown.because.clone(),
        present: false,
        at_least_chars: 0,
        prefix: None,
        unset_with: None,
        answers: Some(Arc::new((question, as_asked))),
    })
}

fn negate(kind: Kind) -> Kind {
    match kind {
        Kind::Bool(value) => Kind::Bool(!value),
        Kind::Unknown(unknown) => {
            let answers =
                unknown.answers.as_deref().map(|(question, as_asked)| Arc::new((question.clone(), !as_asked)));
            Kind::Unknown(Unknown { answers, ..unknown })
        }
        other => other,
    }
}

/// A comparison of what a variable holds, which hangs on the host: it holds only where the variable is set.
fn told_by_host(op: BinaryOp, kind: &Kind, place: Place) -> Option<Kind> {
    use BinaryOp::*;
    let as_asked = match op {
        Equal | LooseEqual | Is | In => true,
        NotEqual | LooseNotEqual | IsNot | NotIn => false,
        _ => return None,
    };
    let Kind::Unknown(unknown @ Unknown { because: Because::Variable(variable), answers: None, .. }) = kind else {
        return None;
    };
    let (file, span) = place.in_file()?;
    Some(asked(unknown, Question::Told(variable.clone(), file, span), as_asked))
}

/// `left in right`.
fn contained(left: &Kind, right: &Kind) -> Kind {
    match (left, right) {
        (Kind::Text(part), Kind::Text(whole)) => Kind::Bool(whole.test(|whole| part.test(|part| whole.contains(part)))),
        (Kind::Text(key), Kind::Object { fields, open: None }) => Kind::Bool(fields.iter().any(|(own, _)| key.is(own))),
        (Kind::Unknown(unknown), Kind::List { items, .. }) if items.len() == 1 => {
            equal(&Kind::Unknown(unknown.clone()), &items[0].kind, false)
        }
        (item, Kind::List { items, open: None }) => {
            let equal: Vec<Kind> = items.iter().map(|own| equal(item, &own.kind, false)).collect();
            if equal.iter().any(|kind| matches!(kind, Kind::Bool(true))) {
                return Kind::Bool(true);
            }
            if equal.iter().all(|kind| matches!(kind, Kind::Bool(false))) {
                return Kind::Bool(false);
            }
            match item {
                Kind::Unknown(unknown) => Kind::Unknown(unknown.because.clone().into_plain()),
                _ => undecided(),
            }
        }
        (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => {
            Kind::Unknown(unknown.because.clone().into_plain())
        }
        _ => undecided(),
    }
}

fn type_name(kind: &Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Absent => "undefined",
        Kind::Null
        | Kind::List { .. }
        | Kind::Object { .. }
        | Kind::Pattern { .. }
        | Kind::Environment
        | Kind::Schema(_)
        | Kind::Module(_) => "object",
        Kind::Bool(_) => "boolean",
        Kind::Number(_) => "number",
        Kind::Text(_) => "string",
        Kind::Function(_) | Kind::Class(_) => "function",
        Kind::External { .. } | Kind::Call(_) | Kind::Choice(..) | Kind::Unknown(_) => return None,
    })
}

/// Whether `==` makes one of two values into another type before it compares them.
fn converts(left: &Kind, right: &Kind) -> bool {
    let plain = |kind: &Kind| matches!(kind, Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) | Kind::List { .. });
    let is_numeric = matches!((left, right), (Kind::Text(_), Kind::Number(_)) | (Kind::Number(_), Kind::Text(_)));
    !is_numeric && plain(left) && plain(right) && std::mem::discriminant(left) != std::mem::discriminant(right)
}
