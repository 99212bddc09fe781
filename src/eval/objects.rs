//! Objects and classes: literals with spreads in their order, fields set later, members of classes.

use super::scope::{ClassValue, Closure, Frame};
use super::{Because, Evaluator, Fields, How, Kind, Place, Question, Step, Target, Trail, Unknown, Value};
use crate::syntax::code::{Expr, ExprKind, Function, Item, Language, Property, Statement};
use crate::text::Text;
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// The name that marks a getter's function, so that reading its key calls it.
pub(super) const GETTER: &str = "get ";

/// The key of what an object has under every other name.
const REST: &str = "**";

/// An object while it is written: fields in order, later ones replacing earlier ones.
#[derive(Clone, Default)]
pub(super) struct Building {
    fields: Vec<(Arc<str>, Value)>,
    /// Where the fields stand, in an object of so many that looking through all of them takes longer.
    places: HashMap<Arc<str>, usize>,
    open: Option<Unknown>,
}

/// Up to so many fields are looked through one by one.
const FEW_FIELDS: usize = 16;

impl Building {
    pub(super) fn put(&mut self, key: &str, value: Value) {
        match self.place_of(key) {
            Some(place) => self.fields[place].1 = value,
            None => self.push(key.into(), value),
        }
    }

    fn push(&mut self, key: Arc<str>, value: Value) {
        self.fields.push((key, value));
        let unplaced = if self.fields.len() > FEW_FIELDS { self.places.len() } else { self.fields.len() };
        for (place, (key, _)) in self.fields.iter().enumerate().skip(unplaced) {
            self.places.insert(key.clone(), place);
        }
    }

    fn place_of(&self, key: &str) -> Option<usize> {
        if self.places.is_empty() {
            return self.fields.iter().position(|(own, _)| &**own == key);
        }
        self.places.get(key).copied()
    }

    fn get(&self, key: &str, trail: &Trail) -> Value {
        match self.place_of(key).map(|place| &self.fields[place].1) {
            Some(value) => value.clone(),
            None => Value::new(self.open.clone().map_or(Kind::Absent, Kind::Unknown), trail),
        }
    }

    /// `...value`: its fields replace those before. What an unknown spread brings can replace everything before it.
    pub(super) fn spread(&mut self, value: &Value) {
        match &value.kind {
            Kind::Object { fields, open } => {
                if let Some(open) = open {
                    self.blur(open, &value.trail);
                }
                fields.iter().for_each(|(key, value)| self.put_present(key, value));
            }
            Kind::Choice(question, arms) => self.spread_choice(question, arms, &value.trail),
            Kind::Absent | Kind::Null | Kind::Bool(_) => {}
            Kind::Unknown(unknown) => self.blur(unknown, &value.trail),
            Kind::Call(call) => self.blur(&super::call_reason(call).into(), &value.trail),
            _ => self.blur(&Because::Undecided.into(), &value.trail),
        }
    }

    /// A field that is `undefined` in some world still replaces the one before it, as in JavaScript.
    fn put_present(&mut self, key: &str, value: &Value) {
        self.put(key, value.clone());
    }

    fn blur(&mut self, unknown: &Unknown, trail: &Trail) {
        let blurred = unknown.because.clone().into_plain();
        for (_, value) in &mut self.fields {
            *value = Value::new(Kind::Unknown(blurred.clone()), trail);
        }
        self.open = Some(blurred);
    }

    /// A conditional spread becomes a choice for each field it touches, not for the whole object.
    fn spread_choice(&mut self, question: &Question, arms: &[Value], trail: &Trail) {
        let built: Vec<Building> = arms
            .iter()
            .map(|arm| {
                let mut building = self.clone();
                building.spread(arm);
                building
            })
            .collect();
        let mut seen: HashSet<&Arc<str>> = HashSet::new();
        let keys = built.iter().flat_map(|arm| &arm.fields).map(|(key, _)| key).filter(|key| seen.insert(*key));
        let keys: Vec<&Arc<str>> = keys.collect();
        let touched: HashSet<&Arc<str>> = arms.iter().flat_map(|arm| arm.fields()).map(|(key, _)| key).collect();
        let blurred = built.iter().find_map(|arm| arm.open.clone());
        for key in keys {
            if touched.contains(key) || blurred.is_some() {
                let values = built.iter().map(|arm| arm.get(key, trail)).collect();
                self.put(key, Value::choice(question.clone(), values, trail));
            }
        }
        self.open = blurred.or(self.open.take());
    }

    pub(super) fn finish(self) -> Kind {
        Kind::Object { fields: self.fields.into(), open: self.open }
    }
}

impl Evaluator<'_> {
    /// An object as it is written; what the lists of names under the `unasked` keys hold is left open.
    pub(super) fn object(&self, properties: &[Property], place: Place, frame: &Frame, unasked: &[&str]) -> Value {
        let mut building = Building::default();
        for property in properties {
            match property {
                Property::Field { key, value, .. }
                    if unasked.contains(&&**key) && self.only_names_parts(value, frame) =>
                {
                    let kind = Kind::List { items: [].into(), open: Some(Because::Undecided.into()) };
                    building.put(key, Value::written(kind, self.here(value.span, frame)));
                }
                Property::Field { key, value, .. } => building.put(key, self.expr(value, frame)),
                Property::Getter { key, function, .. } => building.put(key, self.getter(function, frame)),
                Property::Spread(expr) => {
                    let value = self.entire(self.expr(expr, frame));
                    match value.kind {
                        Kind::Environment if self.is_python(place) => self.spread_environment(&mut building, place),
                        _ => building.spread(&value),
                    }
                }
                Property::Computed { key, value } => match self.expr(key, frame).kind {
                    Kind::Text(key) => building.put(&key.as_name(), self.expr(value, frame)),
                    Kind::Number(number) => {
                        building.put(&super::expressions::number_name(number), self.expr(value, frame))
                    }
                    _ => {
                        // Any of the keys before it can be this one.
                        let trail = Step::start(self.here(key.span, frame), How::Written);
                        building.blur(&Because::Undecided.into(), &trail);
                    }
                },
            }
            if building.fields.len() > super::MOST_ITEMS {
                return self.too_complex(place);
            }
        }
        Value::written(building.finish(), place)
    }

    /// `[A, B]`, where the names come from modules that do nothing when they are loaded that anybody could miss.
    fn only_names_parts(&self, expr: &Expr, frame: &Frame) -> bool {
        let ExprKind::List(items) = &expr.kind else { return false };
        items.iter().all(|item| match item {
            Item::One(Expr { kind: ExprKind::Name(name), .. }) => !self.may_read_variables(name, frame),
            _ => false,
        })
    }

    /// Whether the module that a name comes from may read variables when it is loaded. What the module at hand declares
    /// is parsed already, and worth a look.
    fn may_read_variables(&self, name: &str, frame: &Frame) -> bool {
        let Some(state) = &frame.module else { return true };
        let import = state.module.body.iter().find_map(|statement| match statement {
            Statement::Import(import) if import.names.iter().any(|own| &*own.local == name) => Some(import),
            _ => None,
        });
        import.is_none_or(|import| match self.resolve(frame.file, &import.module) {
            Target::Code(file) => self.source.may_read_variables(file),
            _ => false,
        })
    }

    /// `{**defaults, **os.environ}`: a variable stands over what is written before it, and any name can be one.
    fn spread_environment(&self, building: &mut Building, place: Place) {
        for (key, value) in &mut building.fields {
            let read = self.read_variable(key, place);
            self.note_fallback(&read);
            *value = super::calls::with_fallback(read, Some(value));
        }
        if building.open.is_none() {
            building.put(REST, Value::written(Kind::Environment, place));
            building.open = Some(Because::Undecided.into());
        }
    }

    /// A name that an object has from the environment that was spread into it; none where it has it by itself.
    pub(super) fn rest_of(&self, object: &Value, name: &str, place: Place) -> Option<Value> {
        let fields = object.fields();
        let has = |name: &str| fields.iter().find(|(key, _)| &**key == name);
        let (_, rest) = has(REST).filter(|_| has(name).is_none())?;
        matches!(rest.kind, Kind::Environment).then(|| self.read_variable(name, place))
    }

    pub(super) fn getter(&self, function: &Arc<Function>, frame: &Frame) -> Value {
        let marked = Function { name: Some(GETTER.into()), ..(**function).clone() };
        let closure = Closure { function: Arc::new(marked), file: frame.file, scope: frame.capture(), this: None };
        Value::written(Kind::Function(Arc::new(closure)), self.here(function.span, frame))
    }

    /// The names that a class sees.
    pub(super) fn class_frame(&self, class: &ClassValue) -> Frame {
        let mut frame = self.module_frame(class.file);
        if let Some(scope) = &class.scope {
            frame.outer = Some(scope.clone());
            frame.is_module = false;
        }
        frame
    }

    /// `Class.name`: a static field, a Python class attribute, a nested class; looked up in the bases too.
    pub(super) fn static_member(&self, class: &Arc<ClassValue>, name: &str, trail: &Trail) -> Value {
        if let Some(changed) = self.changed_member(class, name) {
            return changed;
        }
        let frame = self.class_frame(class);
        let found = class.class.members.iter().rev().find(|member| &*member.name == name);
        if let Some(value) = found.and_then(|member| member.value.as_ref()) {
            return self.expr(value, &frame);
        }
        for base in &class.class.bases {
            let base = self.expr(base, &frame);
            if let Kind::Class(_) = base.kind {
                let value = self.member(&base, name, trail.place);
                if !value.is_absent() {
                    return value;
                }
            } else if found.is_none() {
                return Value::unknown(Because::Undecided, trail);
            }
        }
        Value::new(Kind::Absent, trail)
    }

    /// `new Class()`: its fields with their initial values and its methods. Open, since a constructor can do more.
    pub(super) fn instance(&self, class: &Arc<ClassValue>, trail: &Trail) -> Value {
        let frame = self.class_frame(class);
        let mut building = Building::default();
        for base in &class.class.bases {
            building.spread(&match self.expr(base, &frame) {
                Value { kind: Kind::Class(base), .. } => self.instance(&base, trail),
                other => Value::unknown(Because::Undecided, &other.trail),
            });
        }
        for member in &class.class.members {
            let Some(value) = &member.value else { continue };
            let value = match (&value.kind, member.is_getter) {
                (ExprKind::Function(function), true) => self.getter(function, &frame),
                _ => self.expr(value, &frame),
            };
            building.put(&member.name, value);
        }
        if !self.is_all_written(class) {
            building.open = building.open.or_else(|| Some(Because::Undecided.into()));
        }
        Value::new(building.finish(), trail)
    }

    /// Whether an instance has what stands in its class and nothing else.
    fn is_all_written(&self, class: &ClassValue) -> bool {
        let own = &class.class;
        self.language(class.file) == Language::Python
            && own.decorators.is_empty()
            && !own.is_open
            && !own.members.iter().any(|member| ADDING.contains(&&*member.name))
    }
}

/// Methods by which an instance of a Python class gets more than what stands in the class.
const ADDING: &[&str] = &["__init__", "__new__", "__post_init__", "__getattr__", "__getattribute__"];

/// The object with one field set, as an assignment leaves it.
pub(super) fn with_field(object: &Value, name: &str, value: Value) -> Value {
    object.each(&mut |object| {
        let (mut fields, open) = match &object.kind {
            Kind::Object { fields, open } => (fields.to_vec(), open.clone()),
            // `list.length = 0`
            Kind::List { .. } => return Value::unknown(Because::Changed, &object.trail),
            Kind::Unknown(_) if name == "length" => return object.clone(),
            // Of what nobody knows, this one field is known from now on.
            Kind::Unknown(unknown) => (Vec::new(), Some(unknown.because.clone().into_plain())),
            // What a reader of variables is told later: `env.prefix = "SHOP_"`.
            Kind::Call(call) if super::env_readers::is_reader(call) => {
                let mut told = (**call).clone();
                told.keywords.retain(|(key, _)| &**key != name);
                told.keywords.push((name.into(), value.clone()));
                return Value::new(Kind::Call(Arc::new(told)), &object.trail);
            }
            _ => return object.clone(),
        };
        match fields.iter_mut().find(|(key, _)| &**key == name) {
            Some((_, old)) => *old = value.clone(),
            None => fields.push((name.into(), value.clone())),
        }
        let fields: Fields = fields.into();
        Value::new(Kind::Object { fields, open }, &object.trail)
    })
}

/// What a loop goes over: of a dictionary of Python its keys.
pub(super) fn iterated(over: &Value, language: Language) -> Value {
    over.each(&mut |over| match &over.kind {
        Kind::Object { fields, open: None } if language == Language::Python => {
            let key = |(name, value): &(Arc<str>, Value)| Value::new(Kind::Text(Text::new(&**name)), &value.trail);
            Value::new(Kind::List { items: fields.iter().map(key).collect(), open: None }, &over.trail)
        }
        _ => over.clone(),
    })
}

/// The keyword arguments of a call as an object.
pub(super) fn of_keywords(keywords: &[(Arc<str>, Value)], trail: &Trail) -> Value {
    let mut building = Building::default();
    for (name, value) in keywords {
        match &**name {
            REST => building.blur(&Because::Undecided.into(), trail),
            _ => building.put(name, value.clone()),
        }
    }
    Value::new(building.finish(), trail)
}

/// Several objects merged, later ones over earlier ones (`Object.assign`, `{**a, **b}`).
pub(super) fn merged(objects: &[Value], place: Place) -> Value {
    let mut building = Building::default();
    objects.iter().for_each(|object| building.spread(object));
    Value::written(building.finish(), place)
}
