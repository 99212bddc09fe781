//! Classes whose instances are their fields: dataclasses, and pydantic settings, which take theirs from the environment.

use super::calls::{Arguments, keyword, with_fallback};
use super::scope::{ClassValue, Frame};
use super::{Because, Evaluator, How, Kind, Step, Trail, Value};
use crate::syntax::code::{ExprKind, Member};
use crate::syntax::data::{self, Format};
use crate::text::Text;
use std::sync::Arc;

/// Base classes are followed this far.
const MOST_BASES: usize = 12;

/// What an instance of a class is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    /// Arguments, then defaults.
    Data,
    /// Arguments, then variables, then defaults.
    Settings,
}

/// A field as its class declares it.
struct Field {
    name: Arc<str>,
    annotation: Option<Text>,
    /// What its absence gives; none for a required one.
    default: Option<Value>,
    /// The variables that hold it, where the class says so.
    aliases: Vec<Arc<str>>,
}

impl Evaluator<'_> {
    /// The instance that a call of a class makes, if the class is one whose instances are their fields.
    pub(super) fn record(&self, class: &Arc<ClassValue>, arguments: &Arguments, trail: &Trail) -> Option<Value> {
        let record = self.record_kind(class, 0)?;
        let mut fields = Vec::new();
        self.fields_of(class, &mut fields, 0);
        let prefix = self.prefix_of(class, 0);
        let ignores_empty =
            self.config_of(class, "env_ignore_empty", 0).and_then(|value| value.as_bool()) == Some(true);
        let delimiter = self.config_of(class, "env_nested_delimiter", 0);
        let delimiter = delimiter.as_ref().and_then(Value::as_text).map(Text::as_name);
        // `settings_customise_sources`: what no variable says can stand wherever the class looks.
        let has_own_sources = class.class.members.iter().any(|member| &*member.name == "settings_customise_sources");
        let (positional, keywords) = arguments;
        let spread = keyword(keywords, "**").is_some();
        let mut made: Vec<(Arc<str>, Value)> = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let given = keyword(keywords, &field.name).or_else(|| positional.get(index)).cloned();
            let value = match (given, record) {
                (Some(given), _) => given,
                (None, Record::Settings) => {
                    let told = match delimiter.as_deref().and_then(|_| self.inner_class(class, field)) {
                        Some(inner) => {
                            let apart = delimiter.as_deref().unwrap_or_default();
                            let prefix = format!("{prefix}{}{apart}", field.name);
                            self.nested(&inner, &prefix, apart, field.default.as_ref(), trail, 0)
                        }
                        None => self.supplied_by_variables(class, field, &prefix, ignores_empty, trail),
                    };
                    if has_own_sources { self.or_elsewhere(&told) } else { told }
                }
                (None, Record::Data) => field.default.clone().unwrap_or_else(|| Value::new(Kind::Absent, trail)),
            };
            made.push((field.name.clone(), value));
        }
        self.computed(class, &mut made, 0);
        if spread {
            return Some(Value::unknown(Because::Undecided, trail));
        }
        // Methods are not among the fields.
        let open = Some(Because::Undecided.into_plain());
        Some(Value::new(Kind::Object { fields: made.into(), open }, trail))
    }

    /// Whether a class is an enumeration, by its bases.
    pub(super) fn is_enumeration(&self, class: &ClassValue) -> bool {
        let frame = self.class_frame(class);
        class.class.bases.iter().any(|base| match self.expr(base, &frame).kind {
            Kind::External { module, path } => {
                &*module == "enum" && matches!(last(&path), "Enum" | "StrEnum" | "IntEnum" | "Flag" | "IntFlag")
            }
            _ => false,
        })
    }

    fn record_kind(&self, class: &ClassValue, depth: usize) -> Option<Record> {
        if depth > MOST_BASES {
            return None;
        }
        let frame = self.class_frame(class);
        let is_dataclass = class.class.decorators.iter().any(|decorator| {
            let decorator = match &decorator.kind {
                ExprKind::Call { callee, .. } => self.expr(callee, &frame),
                _ => self.expr(decorator, &frame),
            };
            matches!(&decorator.kind, Kind::External { path, .. } if last(path) == "dataclass")
        });
        if is_dataclass {
            return Some(Record::Data);
        }
        class.class.bases.iter().find_map(|base| match self.expr(base, &frame).kind {
            Kind::Class(base) => self.record_kind(&base, depth + 1),
            Kind::External { module, path } if module.starts_with("pydantic") => match last(&path) {
                "BaseSettings" => Some(Record::Settings),
                "BaseModel" => Some(Record::Data),
                _ => None,
            },
            _ => None,
        })
    }

    /// The fields of the bases, then its own; one that is declared again keeps its place.
    fn fields_of(&self, class: &ClassValue, into: &mut Vec<Field>, depth: usize) {
        if depth > MOST_BASES {
            return;
        }
        let frame = self.class_frame(class);
        for base in &class.class.bases {
            if let Kind::Class(base) = self.expr(base, &frame).kind {
                self.fields_of(&base, into, depth + 1);
            }
        }
        for member in &class.class.members {
            let is_code = matches!(
                member.value.as_ref().map(|value| &value.kind),
                Some(ExprKind::Function(_) | ExprKind::Class(_))
            );
            if is_code || member.name.starts_with("__") || matches!(&*member.name, "model_config" | "Config") {
                continue;
            }
            let field = self.field_of(member, &frame);
            match into.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = field,
                None => into.push(field),
            }
        }
    }

    fn field_of(&self, member: &Member, frame: &Frame) -> Field {
        let written = member.value.as_ref().map(|value| self.expr(value, frame));
        let mut field = Field {
            name: member.name.clone(),
            annotation: member.annotation.clone(),
            default: written.clone(),
            aliases: Vec::new(),
        };
        let Some(call) = written.as_ref().and_then(Value::as_call).cloned() else { return field };
        // `Field(…)` of pydantic, `field(…)` of dataclasses.
        if !call.external().is_some_and(|(_, path)| matches!(last(path), "Field" | "field")) {
            return field;
        }
        let first = call.arguments.first().filter(|first| !is_ellipsis(first));
        let factory = keyword(&call.keywords, "default_factory").map(|factory| self.call(factory, Vec::new()));
        field.default =
            keyword(&call.keywords, "default").or(first).filter(|value| !is_ellipsis(value)).cloned().or(factory);
        for name in ["validation_alias", "alias", "env"] {
            match keyword(&call.keywords, name).map(|alias| alias.kind.clone()) {
                Some(Kind::Text(text)) => field.aliases.push(text.as_name()),
                Some(Kind::List { items, .. }) => {
                    field.aliases.extend(items.iter().filter_map(Value::as_text).map(Text::as_name));
                }
                Some(Kind::Call(choices)) => {
                    field.aliases.extend(choices.arguments.iter().filter_map(Value::as_text).map(Text::as_name));
                }
                _ => continue,
            }
            break;
        }
        field
    }

    /// The class of the project that a field of settings is an instance of, as its type says.
    fn inner_class(&self, class: &ClassValue, field: &Field) -> Option<Arc<ClassValue>> {
        let name = field.annotation.as_ref().map(Text::as_name)?;
        let name = name.split('|').map(str::trim).find(|part| *part != "None")?;
        let name = name.strip_prefix("Optional[").and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        if !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        match self.own_name(class.file, name)?.kind {
            Kind::Class(inner) => self.record_kind(&inner, 0).map(|_| inner),
            _ => None,
        }
    }

    /// An instance whose fields are variables of their own: `CORS__ORIGINS` for the field `origins` of the field `cors`.
    fn nested(
        &self,
        class: &Arc<ClassValue>,
        prefix: &str,
        apart: &str,
        default: Option<&Value>,
        trail: &Trail,
        depth: usize,
    ) -> Value {
        if depth > MOST_BASES {
            return Value::unknown(Because::TooComplex, trail);
        }
        let mut fields = Vec::new();
        self.fields_of(class, &mut fields, 0);
        let mut made: Vec<(Arc<str>, Value)> = Vec::new();
        for mut field in fields {
            let given = default.map(|default| self.member(default, &field.name, trail.place));
            field.default = given.filter(|given| !given.is_absent()).or(field.default);
            let value = match self.inner_class(class, &field) {
                Some(inner) => {
                    let prefix = format!("{prefix}{}{apart}", field.name);
                    self.nested(&inner, &prefix, apart, field.default.as_ref(), trail, depth + 1)
                }
                None => self.supplied_by_variables(class, &field, prefix, false, trail),
            };
            made.push((field.name.clone(), value));
        }
        self.computed(class, &mut made, 0);
        Value::new(Kind::Object { fields: made.into(), open: Some(Because::Undecided.into_plain()) }, trail)
    }

    /// Properties that a class computes from its fields.
    fn computed(&self, class: &ClassValue, into: &mut Vec<(Arc<str>, Value)>, depth: usize) {
        let frame = self.class_frame(class);
        for member in class.class.members.iter().filter(|member| member.is_getter) {
            let Some(ExprKind::Function(function)) = member.value.as_ref().map(|value| &value.kind) else { continue };
            if !into.iter().any(|(name, _)| *name == member.name) {
                into.push((member.name.clone(), self.getter(function, &frame)));
            }
        }
        if depth > MOST_BASES {
            return;
        }
        for base in &class.class.bases {
            if let Kind::Class(base) = self.expr(base, &frame).kind {
                self.computed(&base, into, depth + 1);
            }
        }
    }

    /// `env_prefix` of the class or the nearest base that has one.
    fn prefix_of(&self, class: &ClassValue, depth: usize) -> String {
        let prefix = self.config_of(class, "env_prefix", depth);
        prefix.as_ref().and_then(Value::as_text).map_or_else(String::new, |text| text.as_name().to_string())
    }

    /// What the configuration of a class says under a key, or that of the nearest base which says it.
    fn config_of(&self, class: &ClassValue, key: &str, depth: usize) -> Option<Value> {
        let frame = self.class_frame(class);
        for member in class.class.members.iter().filter(|member| matches!(&*member.name, "model_config" | "Config")) {
            let Some(value) = &member.value else { continue };
            let config = self.expr(value, &frame);
            let said = match &config.kind {
                Kind::Call(call) => keyword(&call.keywords, key).cloned(),
                Kind::Class(_) => Some(self.member(&config, key, config.trail.place)),
                _ => Some(config.field(key)),
            };
            if let Some(said) = said.filter(|said| matches!(said.kind, Kind::Text(_) | Kind::Bool(_))) {
                return Some(said);
            }
        }
        if depth > MOST_BASES {
            return None;
        }
        class.class.bases.iter().find_map(|base| match self.expr(base, &frame).kind {
            Kind::Class(base) => self.config_of(&base, key, depth + 1),
            _ => None,
        })
    }

    /// A field that its class may take from a source of its own.
    fn or_elsewhere(&self, told: &Value) -> Value {
        self.note_fallback(told);
        told.or_default(&|absent| Value::unknown(Because::Undecided, &absent.trail))
    }

    /// A field of pydantic settings: its variable in any case, else its default.
    fn supplied_by_variables(
        &self,
        class: &Arc<ClassValue>,
        field: &Field,
        prefix: &str,
        ignores_empty: bool,
        trail: &Trail,
    ) -> Value {
        let validators = self.validators(class, &field.name, field.annotation.as_ref());
        let names: Vec<String> = if field.aliases.is_empty() {
            vec![format!("{prefix}{}", field.name).to_uppercase()]
        } else {
            field.aliases.iter().map(|alias| alias.to_uppercase()).collect()
        };
        let place = field.default.as_ref().map_or(trail.place, |default| default.trail.place);
        let mut value: Option<Value> = None;
        for name in names {
            let spelled = self.variables.spelled(&name).unwrap_or_else(|| name.as_str().into());
            let read = self.read_variable(&spelled, place);
            let read = read.each(&mut |read| match &read.kind {
                Kind::Text(text) if ignores_empty && text.is_empty() => Value::new(Kind::Absent, &read.trail),
                _ => read.clone(),
            });
            if field.default.is_some() {
                self.note_fallback(&read);
            }
            let read = read.each(&mut |read| self.taken_as(read, field.annotation.as_ref(), &validators));
            value = Some(match value {
                None => read,
                Some(before) => with_fallback(before, Some(&read)),
            });
        }
        let value = value.unwrap_or_else(|| Value::new(Kind::Absent, trail));
        match &field.default {
            Some(default) => with_fallback(value, Some(&self.default_as(default, &validators))),
            None => value,
        }
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn is_ellipsis(value: &Value) -> bool {
    matches!(&value.kind, Kind::Unknown(unknown) if unknown.because == Because::Call("...".into()))
}

/// The text of a variable as the type of a field makes it.
pub(super) fn coerced(read: &Value, annotation: Option<&Text>) -> Value {
    let (Kind::Text(text), Some(annotation)) = (&read.kind, annotation) else { return read.clone() };
    let says = |word: &str| {
        annotation
            .test(|annotation| annotation.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| part == word))
    };
    let lower = text.map(str::to_lowercase);
    let kind = if ["list", "List", "set", "Set", "tuple", "Tuple", "Sequence"].iter().any(|word| says(word)) {
        return json(text, read);
    } else if says("bool") {
        let yes = lower.one_of(&["1", "true", "on", "t", "y", "yes"]).is_some();
        let no = lower.one_of(&["0", "false", "off", "f", "n", "no"]).is_some();
        if yes || no { Kind::Bool(yes) } else { Kind::Unknown(Because::WrongType.into()) }
    } else if (says("int") || says("float")) && !says("str") {
        text.number(|text| text.trim().parse().ok())
            .map_or_else(|| Kind::Unknown(Because::WrongType.into()), Kind::Number)
    } else {
        return read.clone();
    };
    Value::new(kind, &read.trail)
}

/// Lists stand in variables as JSON.
fn json(text: &Text, read: &Value) -> Value {
    let mut parsed = None;
    text.test(|text| {
        parsed = data::parse(text, Format::Json).ok();
        true
    });
    let Some(document) = parsed else { return Value::unknown(Because::WrongType, &read.trail) };
    let items: Option<Vec<Value>> = match &document.root().kind {
        crate::syntax::data::NodeKind::List(items) => Some(
            items
                .iter()
                .filter_map(|item| item.text())
                .map(|item| Value::new(Kind::Text(item.clone()), &read.trail))
                .collect(),
        ),
        _ => None,
    };
    match items {
        Some(items) => {
            let trail = Step::after(read.trail.place, How::Derived, &read.trail);
            Value::new(Kind::List { items: items.into(), open: None }, &trail)
        }
        None => Value::unknown(Because::WrongType, &read.trail),
    }
}
