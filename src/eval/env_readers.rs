//! Libraries of Python that read variables: django-environ, environs, python-decouple, Starlette's `Config`,
//! django-configurations. Each has its own words for yes and no, and its own idea of what a default is cast to.

use super::calls::{keyword, with_fallback};
use super::{Because, Call, Evaluator, How, Kind, Place, Question, Step, Trail, Unknown, Value};
use crate::text::Text;
use std::sync::Arc;

/// A library that reads variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Library {
    Environ,
    Environs,
    Decouple,
    Starlette,
    Configurations,
}

/// What the text of a variable is made into.
#[derive(Clone, Debug)]
enum Cast {
    Text,
    Bool,
    Number,
    List(Arc<str>),
    Json,
    /// The address of a database, as the settings of one.
    Database,
    /// A function of the project.
    Function(Value),
    Opaque,
}

/// Words that are true to a library, in any case.
fn yes(library: Library) -> &'static [&'static str] {
    match library {
        Library::Environ => &["true", "on", "ok", "y", "yes", "1"],
        Library::Environs | Library::Decouple => &["t", "true", "on", "y", "yes", "1"],
        Library::Starlette => &["true", "1"],
        Library::Configurations => &["yes", "y", "true", "1"],
    }
}

/// Words that are false to a library; every other word is, where it has no list of them.
fn no(library: Library) -> Option<&'static [&'static str]> {
    match library {
        Library::Environ => None,
        Library::Environs => Some(&["f", "false", "off", "n", "no", "0"]),
        Library::Decouple => Some(&["f", "false", "off", "n", "no", "0", ""]),
        Library::Starlette => Some(&["false", "0"]),
        Library::Configurations => Some(&["no", "n", "false", "0", ""]),
    }
}

/// Methods of a reader, and what they make of a text.
fn method_cast(library: Library, method: &str) -> Option<Cast> {
    let lists = || Cast::List(",".into());
    Some(match (library, method) {
        (Library::Environ | Library::Environs, "str" | "unicode" | "log_level") => Cast::Text,
        (Library::Environ | Library::Environs, "bool") => Cast::Bool,
        (Library::Environ | Library::Environs, "int" | "float" | "decimal" | "timedelta") => Cast::Number,
        (Library::Environ | Library::Environs, "list" | "tuple" | "set") => lists(),
        (Library::Environ | Library::Environs, "json") => Cast::Json,
        (Library::Environ, "db" | "db_url" | "database") | (Library::Environs, "dj_db_url") => Cast::Database,
        (
            Library::Environ,
            "dict" | "url" | "db_url_config" | "cache" | "cache_url" | "email_url" | "email" | "search_url" | "path",
        ) => Cast::Opaque,
        (
            Library::Environs,
            "dict" | "url" | "path" | "uuid" | "date" | "datetime" | "dj_cache_url" | "dj_email_url",
        ) => Cast::Opaque,
        _ => return None,
    })
}

/// One read of a variable by a library.
struct Read<'r> {
    library: Library,
    variable: Arc<str>,
    cast: Cast,
    default: Option<&'r Value>,
    place: Place,
}

impl Evaluator<'_> {
    /// What a reader of variables gives: `env.bool("DEBUG", default=False)`, `config("KEY")`. None where it is no reader.
    pub(super) fn read_by_library(
        &self,
        reader: &Value,
        method: Option<&str>,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        place: Place,
    ) -> Option<Value> {
        let (library, made) = library_of(reader, method)?;
        let name = match positional.first().or_else(|| keyword(keywords, "var").or(keyword(keywords, "name"))) {
            Some(name) => name.as_text()?.as_name(),
            None => return None,
        };
        let scheme = made.and_then(|made| keyword(&made.keywords, &name));
        let (scheme_cast, scheme_default) = match scheme.map(|scheme| &scheme.kind) {
            Some(Kind::List { items, .. }) => (items.first(), items.get(1)),
            Some(_) => (scheme, None),
            None => (None, None),
        };
        let (cast_at, default_at) = match (library, method) {
            (Library::Starlette, _) => (Some(1), Some(2)),
            (Library::Decouple, _) => (Some(2), Some(1)),
            (Library::Environ, None) => (Some(1), Some(2)),
            (Library::Environs, None) => (None, Some(1)),
            _ => (None, Some(1)),
        };
        let given = |at: Option<usize>, name: &str| keyword(keywords, name).or_else(|| positional.get(at?));
        let default = given(default_at, "default").filter(|default| !is_not_given(default)).or(scheme_default);
        let wanted = given(cast_at, "cast").or_else(|| keyword(keywords, "subcast").filter(|_| false));
        let by_default = || match default.filter(|_| library == Library::Environ).map(|default| &default.kind) {
            Some(Kind::Bool(_)) => Cast::Bool,
            Some(Kind::Number(_)) => Cast::Number,
            Some(Kind::List { .. }) => Cast::List(",".into()),
            _ => Cast::Text,
        };
        let cast = match method.filter(|method| *method != "get_value") {
            Some(method) => method_cast(library, method)?,
            None => wanted.or(scheme_cast).map_or_else(by_default, |cast| self.cast_of(cast)),
        };
        let prefix = made.and_then(|made| keyword(&made.keywords, "env_prefix").or(keyword(&made.keywords, "prefix")));
        let prefix = prefix.and_then(Value::as_text).map_or("".into(), Text::as_name);
        let variable = format!("{prefix}{name}").into();
        Some(self.one_read(&Read { library, variable, cast, default, place }))
    }

    /// What a value of django-configurations is, as the attribute of a name; anything else is what it is.
    pub fn configured_value(&self, name: &str, written: &Value) -> Value {
        written.each(&mut |written| self.configurations(name, written).unwrap_or_else(|| written.clone()))
    }

    fn configurations(&self, name: &str, written: &Value) -> Option<Value> {
        let call = written.as_call()?;
        let (module, path) = call.external()?;
        let class = path.rsplit('.').next().filter(|_| module.starts_with("configurations"))?;
        let default = call.arguments.first().or_else(|| keyword(&call.keywords, "default"));
        let option = |name: &str| keyword(&call.keywords, name);
        if option("environ").and_then(Value::as_bool) == Some(false) {
            return default.cloned();
        }
        let named = option("environ_name").and_then(Value::as_text).map(Text::as_name);
        let variable: Arc<str> = match (class, named, option("environ_prefix").map(|prefix| &prefix.kind)) {
            ("DatabaseURLValue", None, _) => "DATABASE_URL".into(),
            ("CacheURLValue", None, _) => "CACHE_URL".into(),
            ("EmailURLValue", None, _) => "EMAIL_URL".into(),
            (_, named, Some(Kind::Null)) => named.unwrap_or_else(|| name.into()),
            (_, named, prefix) => {
                let prefix = match prefix {
                    Some(Kind::Text(prefix)) => prefix.as_name(),
                    _ => "DJANGO".into(),
                };
                format!("{prefix}_{}", named.as_deref().unwrap_or(name)).into()
            }
        };
        let cast = match class {
            "BooleanValue" => Cast::Bool,
            "IntegerValue" | "PositiveIntegerValue" | "FloatValue" | "DecimalValue" => Cast::Number,
            "ListValue" | "TupleValue" | "SetValue" => Cast::List(",".into()),
            "DatabaseURLValue" => Cast::Database,
            "Value" | "SecretValue" | "URLValue" | "EmailValue" | "IPValue" | "RegexValue" | "PathValue" => Cast::Text,
            _ => Cast::Opaque,
        };
        let place = written.trail.place;
        Some(self.one_read(&Read { library: Library::Configurations, variable, cast, default, place }))
    }

    /// `dj_database_url.config(default=…)`, `dj_database_url.parse(url)`.
    pub(super) fn database_address(
        &self,
        path: &str,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        place: Place,
    ) -> Option<Value> {
        if path == "parse" {
            let address = positional.first().or_else(|| keyword(keywords, "url"))?;
            return Some(address.each(&mut |address| database(address)));
        }
        let variable = positional.first().or_else(|| keyword(keywords, "env")).and_then(Value::as_text);
        let variable = variable.map_or("DATABASE_URL".into(), Text::as_name);
        let default = positional.get(1).or_else(|| keyword(keywords, "default"));
        let read = self.read_variable(&variable, place);
        if default.is_some() {
            self.note_fallback(&read);
        }
        Some(with_fallback(read, default).each(&mut |address| database(address)))
    }

    fn one_read(&self, read: &Read<'_>) -> Value {
        let value = self.read_variable(&read.variable, read.place);
        match read.default {
            Some(_) => self.note_fallback(&value),
            None => self.demanded_now(&read.variable),
        }
        // decouple and Starlette cast the default as well.
        let casts_default = matches!(read.library, Library::Decouple | Library::Starlette);
        let default = read.default.map(|default| match casts_default || matches!(read.cast, Cast::Database) {
            true => default.each(&mut |default| self.cast(read, default)),
            false => default.clone(),
        });
        let cast = value.each(&mut |value| match &value.kind {
            Kind::Absent => value.clone(),
            _ => self.cast(read, value),
        });
        match default {
            // What is left is no raw text: whether it is there says nothing of what it is.
            Some(default) => with_fallback(cast, Some(&default)).each(&mut |value| match &value.kind {
                Kind::Unknown(unknown) if !matches!(read.cast, Cast::Text) && unknown.answers.is_none() => {
                    Value::new(Kind::Unknown(unknown.because.clone().into_plain()), &value.trail)
                }
                _ => value.clone(),
            }),
            None => cast,
        }
    }

    fn cast(&self, read: &Read<'_>, value: &Value) -> Value {
        let text = match &value.kind {
            Kind::Text(text) => text,
            Kind::Unknown(unknown) => {
                return match &read.cast {
                    Cast::Text => value.clone(),
                    Cast::Bool => Value::new(Kind::Unknown(is_true(read, unknown)), &value.trail),
                    _ => {
                        let kept =
                            Unknown { unset_with: unknown.unset_with.clone(), ..unknown.because.clone().into_plain() };
                        Value::new(Kind::Unknown(kept), &value.trail)
                    }
                };
            }
            Kind::Bool(_) | Kind::Number(_) | Kind::List { .. } if !matches!(read.cast, Cast::Function(_)) => {
                return value.clone();
            }
            Kind::Null | Kind::Absent => return value.clone(),
            _ => return Value::unknown(Because::Undecided, &value.trail),
        };
        let unread = || Kind::Unknown(Because::WrongType.into());
        let kind = match &read.cast {
            Cast::Text => return value.clone(),
            Cast::Bool => {
                let word = text.map(|text| text.trim().to_lowercase());
                let is = |words: &[&str]| word.one_of(words).is_some();
                match no(read.library) {
                    _ if is(yes(read.library)) => Kind::Bool(true),
                    Some(words) if !is(words) => unread(),
                    _ => Kind::Bool(false),
                }
            }
            Cast::Number => {
                text.number(|text| text.trim().replace('_', "").parse().ok()).map_or_else(unread, Kind::Number)
            }
            Cast::List(separator) => {
                let parts = text.split(separator).into_iter().map(|part| part.map(|part| part.trim().to_owned()));
                let parts = parts.filter(|part| !part.is_empty());
                let items = parts.map(|part| Value::new(Kind::Text(part), &value.trail)).collect();
                Kind::List { items, open: None }
            }
            Cast::Json => {
                return super::builtins::json(value)
                    .unwrap_or_else(|| Value::unknown(Because::WrongType, &value.trail));
            }
            Cast::Database => return database(value),
            Cast::Function(function) => return self.call(function, vec![value.clone()]),
            Cast::Opaque => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &value.trail)
    }

    /// What a `cast` names.
    fn cast_of(&self, cast: &Value) -> Cast {
        match &cast.kind {
            Kind::External { module, path } if &**module == "global" => match &**path {
                "bool" => Cast::Bool,
                "int" | "float" => Cast::Number,
                "str" => Cast::Text,
                "list" => Cast::List(",".into()),
                _ => Cast::Opaque,
            },
            Kind::External { path, .. } => match path.rsplit('.').next() {
                Some("Secret") => Cast::Text,
                Some("CommaSeparatedStrings" | "Csv") => Cast::List(",".into()),
                Some("loads") => Cast::Json,
                Some("strtobool") => Cast::Bool,
                _ => Cast::Opaque,
            },
            Kind::Call(call) => match call.external().and_then(|(_, path)| path.rsplit('.').next()) {
                Some("Csv") => {
                    let separator = keyword(&call.keywords, "delimiter").and_then(Value::as_text).map(Text::as_name);
                    Cast::List(separator.unwrap_or_else(|| ",".into()))
                }
                _ => Cast::Opaque,
            },
            Kind::Function(_) => Cast::Function(cast.clone()),
            // `[str]`
            Kind::List { .. } => Cast::List(",".into()),
            Kind::Absent | Kind::Null => Cast::Text,
            _ => Cast::Opaque,
        }
    }

    /// A read without a default throws where the variable is missing.
    fn demanded_now(&self, name: &str) {
        if self.is_running() && !self.is_caught() {
            self.learn(&Question::IsSet(name.into()), 1);
        }
    }
}

/// The library of a reader, and the call that made it.
fn library_of<'v>(reader: &'v Value, method: Option<&str>) -> Option<(Library, Option<&'v Call>)> {
    let of = |module: &str, path: &str| {
        let class = path.rsplit('.').next().unwrap_or(path);
        Some(match (module, class) {
            ("environ", "Env" | "FileAwareEnv") => Library::Environ,
            ("environs", "Env" | "FileAwareEnv") => Library::Environs,
            ("decouple", "Config" | "AutoConfig") => Library::Decouple,
            ("starlette/config" | "starlette.config", "Config") => Library::Starlette,
            _ => return None,
        })
    };
    match &reader.kind {
        Kind::External { module, path } if method.is_none() => match (&**module, &**path) {
            ("decouple", "config") => Some((Library::Decouple, None)),
            ("environs", "env") => Some((Library::Environs, None)),
            _ => None,
        },
        Kind::External { module, path } if (&**module, &**path) == ("environs", "env") => {
            Some((Library::Environs, None))
        }
        Kind::Call(call) => {
            let (module, path) = call.external()?;
            Some((of(module, path)?, Some(call)))
        }
        _ => None,
    }
}

/// Whether a call made a reader of variables.
pub(super) fn is_reader(call: &Call) -> bool {
    matches!(call.external(), Some(("environ" | "environs", _)))
}

/// `undefined`, `Env.NOTSET`: what stands for no default.
fn is_not_given(value: &Value) -> bool {
    match &value.kind {
        Kind::External { path, .. } => matches!(path.rsplit('.').next(), Some("NOTSET" | "undefined" | "missing")),
        Kind::Absent => true,
        _ => false,
    }
}

/// A boolean that hangs on what nobody knows of a variable.
fn is_true(read: &Read<'_>, unknown: &Unknown) -> Unknown {
    let question = Question::Equals(read.variable.clone(), Text::new("true"));
    Unknown {
        unset_with: unknown.unset_with.clone(),
        answers: Some(Arc::new((question, true))),
        ..unknown.because.clone().into_plain()
    }
}

/// The address of a database, as the settings that Django has for one.
fn database(address: &Value) -> Value {
    let Kind::Text(text) = &address.kind else {
        return match &address.kind {
            Kind::Object { .. } | Kind::Absent => address.clone(),
            Kind::Unknown(unknown) => begun(unknown, &address.trail),
            _ => Value::unknown(Because::Undecided, &address.trail),
        };
    };
    let trail: Trail = Step::after(address.trail.place, How::Derived, &address.trail);
    let part = |pick: &dyn Fn(&str) -> Option<String>| {
        let found = text.test(|text| pick(text).is_some());
        let kind = if found { Kind::Text(text.map(|text| pick(text).unwrap_or_default())) } else { Kind::Absent };
        Value::new(kind, &trail)
    };
    let fields: Vec<(Arc<str>, Value)> = vec![
        ("ENGINE".into(), part(&|text| Some(engine(text.split("://").next()?).into()))),
        ("NAME".into(), part(&|text| Some(behind(text)?.1.split('?').next()?.to_owned()))),
        ("USER".into(), part(&|text| Some(login(text)?.0.to_owned()))),
        ("PASSWORD".into(), part(&|text| Some(login(text)?.1?.to_owned()))),
        ("HOST".into(), part(&|text| Some(host(text)?.split(':').next()?.to_owned()))),
    ];
    Value::new(Kind::Object { fields: fields.into(), open: None }, &trail)
}

/// The settings of an address of which the beginning alone is known, and so what kind of database it is.
fn begun(unknown: &Unknown, trail: &Trail) -> Value {
    let open = unknown.because.clone().into_plain();
    let prefix = unknown.prefix.as_ref().filter(|prefix| prefix.test(|text| text.contains("://")));
    let Some(prefix) = prefix else { return Value::new(Kind::Unknown(open), trail) };
    let engine = prefix.map(|text| engine(text.split("://").next().unwrap_or_default()).to_owned());
    let fields = vec![("ENGINE".into(), Value::new(Kind::Text(engine), trail))];
    Value::new(Kind::Object { fields: fields.into(), open: Some(open) }, trail)
}

fn engine(scheme: &str) -> &'static str {
    match scheme {
        "sqlite" | "sqlite3" => "django.db.backends.sqlite3",
        "mysql" | "mysql2" => "django.db.backends.mysql",
        "oracle" => "django.db.backends.oracle",
        _ => "django.db.backends.postgresql",
    }
}

/// What stands between `://` and the next slash, and what stands behind that.
fn behind(address: &str) -> Option<(&str, &str)> {
    let rest = address.split_once("://")?.1;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

fn login(address: &str) -> Option<(&str, Option<&str>)> {
    let login = behind(address)?.0.rsplit_once('@')?.0;
    Some(login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password))))
}

fn host(address: &str) -> Option<&str> {
    let authority = behind(address)?.0;
    Some(authority.rsplit_once('@').map_or(authority, |(_, host)| host))
}
