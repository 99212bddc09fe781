//! Secrets that a library is given: each is judged as a secret, and one that is made anew at every start as a signing key.

use super::library::{Options, Required, SecretRow};
use crate::eval::{Because, How, Kind, Question, Value};
use crate::reading::bench::{Reading, SecretFacts};
use crate::reading::table::{Facts, Looked, Root, Spot};
use crate::reading::visitors::shows_examples;
use crate::settings::{Resource, secret, signing_key};
use crate::text::Text;

/// Calls that make a new random value each time.
const GENERATORS: &[&str] = &[
    "randomBytes",
    "randomUUID",
    "getRandomValues",
    "urandom",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
    "uuid4",
    "v4",
    "nanoid",
    "generate_key",
    "generateKey",
    "generateKeySync",
    "get_random_secret_key",
    "get_random_string",
    "getrandbits",
    "choices",
    "choice",
];

/// One use of a library, as far as its secrets need it.
pub(super) struct Secrets<'u> {
    pub(super) looked: &'u Looked<'u>,
    pub(super) facts: &'u Facts,
    /// What the library's resource is called; empty where the key says enough.
    pub(super) name: &'u str,
    /// How the file writes what the library is used by: `jwt.sign`; none where that is no plain name.
    pub(super) call: Option<String>,
    /// Where its options stand.
    pub(super) options: Options,
    /// Whether options are keywords of a call in Python.
    pub(super) is_python: bool,
    /// Whether the use happens; none where that is certain.
    pub(super) present: Option<&'u Value>,
}

impl Secrets<'_> {
    /// Adds the secret of a row, or each of several.
    pub(super) fn read(&self, reading: &mut Reading<'_>, row: &SecretRow) {
        let Some((value, spot)) = self.written(row) else { return };
        let key = if spot.path.is_empty() { "secret" } else { spot.path };
        match value.as_list() {
            // `[]` is no key at all, and so is `[process.env.KEY]` where nothing sets it.
            Some(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    let number = if index == 0 { String::new() } else { format!(" {}", index + 1) };
                    self.one(reading, row, (&format!("{}{number}", self.key(key)), spot), item);
                }
            }
            Some(_) => {
                let none = Value::new(Kind::Absent, &value.trail);
                self.one(reading, row, (&self.key(key), spot), &none);
            }
            None => self.one(reading, row, (&self.key(key), spot), &value),
        }
    }

    /// What a secret is called: its key, behind the name of the library's resource where that has one.
    fn key(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// What a reader knows it by: the variable that holds it, else the option of the call as the file has it, for the
    /// resource's own name joins library and key and counts uses. Nothing where its name says enough.
    fn told(&self, reading: &Reading<'_>, name: &str, spot: Spot, value: &Value) -> Option<String> {
        let key = name.strip_prefix(self.name)?.strip_prefix('.').filter(|_| !self.name.is_empty())?;
        if let Some(variable) = reading.variable_of(value) {
            return Some(variable.to_string());
        }
        let library = self.name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
        Some(self.in_call(spot).unwrap_or_else(|| format!("{key} ({library})")))
    }

    /// The place in the call: `NextAuth({ secret })`, `jwt.sign(…, secret)`, `jwt.decode(key)`, `new SignJWT(…).sign(secret)`.
    fn in_call(&self, spot: Spot) -> Option<String> {
        let call = self.call.as_deref()?;
        let secret = if spot.path.is_empty() { "secret" } else { spot.path };
        let nested = |path: &str| {
            let mut parts = path.rsplit('.');
            let last = parts.next().unwrap_or_default().to_owned();
            braced(&parts.fold(last, |inner, part| format!("{part}: {}", braced(&inner))))
        };
        let at = |number: usize, what: String| match number {
            0 => format!("{call}({what})"),
            _ => format!("{call}(…, {what})"),
        };
        match (spot.root, self.options) {
            (Root::Argument(number), _) if spot.path.is_empty() => Some(at(number, secret.to_owned())),
            (Root::Argument(number), _) => Some(at(number, nested(secret))),
            (Root::Options, Options::Chained(_)) => Some(format!("{call}(…).{secret}(…)")),
            (Root::Options, _) if self.is_python => Some(at(0, secret.to_owned())),
            (Root::Options, Options::Argument(number, "")) => Some(at(number, nested(secret))),
            (Root::Options, Options::Argument(number, above)) => Some(at(number, nested(&format!("{above}.{secret}")))),
            (Root::Options, Options::Last("") | Options::Keywords) => Some(at(0, nested(secret))),
            (Root::Options, Options::Last(above)) => Some(at(0, nested(&format!("{above}.{secret}")))),
            // Its name is that of a variable, or of a key in a configuration.
            (Root::Environment | Root::Configuration, _) => Some(secret.to_owned()),
        }
    }

    /// What is written at the first place that has something, and the key there.
    fn written(&self, row: &SecretRow) -> Option<(Value, Spot)> {
        let mut written: Option<(Value, Spot)> = None;
        for spot in row.places {
            let here = self.looked.at(spot);
            written = Some(match written {
                Some((before, first)) if !before.is_absent() => (before.or_default(&|_| here.clone()), first),
                _ => (here, *spot),
            });
        }
        written
    }

    fn one(&self, reading: &mut Reading<'_>, row: &SecretRow, (key, spot): (&str, Spot), value: &Value) {
        // What an example shows opens nothing; a key that a provider issued is told as such.
        if value.as_text().is_some() && shows_examples(reading) {
            return;
        }
        // A password that nobody gets to know lets nobody in.
        let is_told = !["api_key", "password"].contains(&row.purpose);
        if let Some(source) = source_of_key(value) {
            let place = reading.place_of(&source);
            let stated = |kind| reading.stated(kind, place);
            let resource = reading
                .resource(signing_key::KIND, key, place)
                .set_at(signing_key::source, source, key)
                .set(signing_key::needed, stated(Kind::Bool(true)))
                .set(signing_key::persisted, stated(Kind::Bool(false)));
            if is_told {
                self.add(reading, resource);
            }
            // Without its variable the app makes a key: what the variable holds is a secret all the same.
            if matches!(value.kind, Kind::Choice(..)) {
                let given = value.each(&mut |value| match is_generated(value) {
                    true => Value::new(Kind::Absent, &value.trail),
                    false => value.clone(),
                });
                let facts = SecretFacts { min_random_bytes: row.min_random_bytes, ..SecretFacts::of(row.purpose) };
                let resource = reading.secret_resource(key, &given, facts);
                self.add(reading, resource);
            }
            return;
        }
        // A function gives a key for each token, an object is one that was made elsewhere.
        if matches!(value.kind, Kind::Function(_) | Kind::Object { .. } | Kind::Bool(_)) {
            return;
        }
        let required = match row.required {
            Required::Known(required) => Some(required),
            Required::Asked(_) => Some(false),
        };
        // What nobody needs and nobody gives is nothing.
        if value.is_absent() && required == Some(false) && matches!(row.required, Required::Known(_)) {
            return;
        }
        let facts = SecretFacts { required, min_random_bytes: row.min_random_bytes, ..SecretFacts::of(row.purpose) };
        let mut resource = reading.secret_resource(key, value, facts);
        if let Some(told) = self.told(reading, key, spot, value) {
            resource = resource.spot_at(secret::value, told);
        }
        if let Required::Asked(asked) = row.required {
            resource = resource.set(secret::required, asked.read_from(self.looked, self.facts));
        }
        self.add(reading, resource);
    }

    fn add(&self, reading: &mut Reading<'_>, resource: Resource) {
        reading.add(match self.present {
            Some(present) => resource.only_if(present.clone()),
            None => resource,
        });
    }
}

/// Where a key comes from that is made anew at each start, always or where nothing else gives it, in the words of
/// `signing_key.source`; none where nothing makes one.
pub(super) fn source_of_key(value: &Value) -> Option<Value> {
    let mut is_made = false;
    let source = source_under(value, true, &mut is_made);
    is_made.then_some(source)
}

/// The same; `by_own` says that nothing decides so far but whether the key's own variable is set. What else can keep a key
/// (a file that is written once, a mode) is not known to fail.
fn source_under(value: &Value, by_own: bool, is_made: &mut bool) -> Value {
    if let Kind::Choice(question, arms) = &value.kind {
        let by_own =
            by_own && matches!((question, arms.get(1)), (Question::IsSet(variable), Some(set)) if reads(set, variable));
        let arms = arms.iter().map(|arm| source_under(arm, by_own, is_made)).collect();
        return Value::choice(question.clone(), arms, &value.trail);
    }
    let made = is_generated(value);
    *is_made |= made;
    let word = match &value.kind {
        _ if made && by_own => "generated",
        _ if made => return Value::unknown(Because::Undecided, &value.trail),
        Kind::Unknown(_) => return value.clone(),
        _ => "configured",
    };
    Value::new(Kind::Text(Text::new(word)), &value.trail)
}

/// Whether a value is what a variable holds.
fn reads(value: &Value, variable: &str) -> bool {
    let steps = value.trail.walk(16);
    steps.iter().any(|step| matches!(&step.how, How::Reads { variable: own, .. } if &**own == variable))
}

/// Whether a value is made anew each time the code runs.
fn is_generated(value: &Value) -> bool {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let name = match &value.kind {
        Kind::Call(call) => call.origin().map(|(_, path)| last(path)),
        Kind::Unknown(unknown) => match &unknown.because {
            Because::Call(path) => Some(last(path)),
            _ => None,
        },
        _ => None,
    };
    name.is_some_and(|name| GENERATORS.contains(&&*name))
}

/// What lies inside of an option: `{ secret }`.
fn braced(inner: &str) -> String {
    format!("{{ {inner} }}")
}
