//! What is known of a library: how code uses it, and which settings each use gives.

use crate::reading::table::{Preset, Root, Row, Spot};
use crate::reading::version::Versions;
use crate::settings::{Key, ResourceKind};

/// The facts of one library, whether prodcheck's or a project's own. They live as long as the process.
#[derive(Debug)]
pub struct Library {
    /// The path of its file: `npm/cors`.
    pub id: &'static str,
    /// The package's name: `cors`.
    pub name: &'static str,
    /// The versions that the facts describe.
    pub known: Versions,
    /// Where the facts stand in its source.
    pub source: &'static str,
    /// The modules by which it is imported.
    pub modules: Vec<&'static str>,
    /// What it is as a host; none for a library that answers no requests.
    pub host: Option<Host>,
    /// What its uses give.
    pub gives: Vec<Gives>,
}

/// A library that answers requests.
#[derive(Debug)]
pub struct Host {
    /// Its name in reports and on the command line.
    pub name: &'static str,
    /// Its name as its authors write it.
    pub title: &'static str,
    /// The modules that `made_by` lies in.
    pub modules: Vec<&'static str>,
    /// The exports that make an app.
    pub made_by: Vec<&'static str>,
    /// How libraries are mounted on it.
    pub mounts: Vec<Mount>,
    /// The methods that add routes.
    pub routes: Vec<&'static str>,
    /// The decorators that make a method a route, and the module that they come from.
    pub decorators: Option<(&'static str, Vec<&'static str>)>,
    /// What exists once an app, even where nothing is written.
    pub surfaces: Vec<&'static ResourceKind>,
    /// How what it has by itself is to be set right, in a sentence for each setting of its surfaces.
    pub fixes: Vec<(Key, &'static str)>,
    /// Whether it answers with the message of any error, where the app has no handler of its own.
    pub shows_errors: bool,
}

/// A way to mount a library on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mount {
    /// A method of the app.
    Method(&'static str),
    /// A keyword of the call that makes it.
    Keyword(&'static str),
}

/// What one kind of use gives.
#[derive(Debug)]
pub struct Gives {
    /// The kind of resource.
    pub kind: &'static ResourceKind,
    /// The resource's name; the second one gets a number.
    pub name: &'static str,
    /// Where a function that gives the options of each request can stand: `.`, or the name of an option.
    pub delegate: Option<&'static str>,
    /// The option whose text names the resource, where it has one.
    pub named_by: Option<&'static str>,
    /// The modules that its exports lie in.
    pub modules: Vec<&'static str>,
    /// How it is used.
    pub usage: Usage,
    /// Which apps it speaks of.
    pub condition: Condition,
    /// Where its options stand.
    pub options: Options,
    /// The option that is a function which gives the options, with what its `inject` names.
    pub factory: Option<&'static str>,
    /// Attributes of what the call makes that stand for the options of their names, where they are assigned later.
    pub assigned: Vec<&'static str>,
    /// The names of positional parameters, where options are keywords.
    pub parameters: Vec<&'static str>,
    /// Its settings.
    pub rows: &'static [Row],
    /// How the library wants settings to be set right, where that needs words of its own.
    pub fixes: Vec<(Key, &'static str)>,
    /// Its secrets.
    pub secrets: Vec<SecretRow>,
    /// The mark that the app has from such a use on, unless its options are `false`.
    pub mark: Option<&'static str>,
}

/// When a use gives something.
#[derive(Debug, Default)]
pub struct Condition {
    /// The mark that the app has to have.
    pub mark: Option<&'static str>,
    /// The mark that it must not have.
    pub without: Option<&'static str>,
    /// Whether options have to be written, and not switched off.
    pub written: bool,
    /// The option by which it is on: nothing is given where neither it nor what it lies in is written, or where it is off.
    pub switch: Option<&'static str>,
    /// Methods of which the app's code has to call one, for what is set up and never used.
    pub beside: Vec<&'static str>,
    /// Texts of which the file of the use has to have one.
    pub mentions: Vec<&'static str>,
    /// Whether it holds for the routes alone that are added after it was awaited.
    pub awaited: bool,
    /// The versions of the package that it speaks of; one that is not known may be any.
    pub versions: Versions,
    /// The option that, where it is off, makes a use say nothing whose result is only looked at.
    pub looked_at: Option<&'static str>,
}

impl Condition {
    /// Whether an app with these marks is one that it speaks of.
    pub(crate) fn fits(&self, marks: &[&str]) -> bool {
        self.mark.is_none_or(|mark| marks.contains(&mark)) && self.without.is_none_or(|mark| !marks.contains(&mark))
    }
}

/// How a library is used.
#[derive(Debug, PartialEq, Eq)]
pub enum Usage {
    /// Its exports are called or constructed.
    Called(Vec<&'static str>),
    /// Its exports are handed to functions or methods of these names.
    Handed {
        /// The exports.
        exports: Vec<&'static str>,
        /// The last names of what they are handed to.
        to: Vec<&'static str>,
    },
    /// Its exports decorate classes.
    Decorates(Vec<&'static str>),
    /// Methods of an app of a host are called.
    Method {
        /// The methods.
        methods: Vec<&'static str>,
        /// The text that has to be the first argument.
        first: Option<&'static str>,
        /// The host, by the path of its facts.
        on: &'static str,
        /// The names of what the method is called on, where that is not the app: `res`.
        of: Vec<&'static str>,
    },
    /// It is what the configuration object of the app's host says.
    Configured {
        /// The mark that the app needs for it, or the path of something that its configuration names.
        mark: Option<&'static str>,
        /// The host, by the path of its facts.
        on: &'static str,
    },
    /// Files of the project export it.
    Exported {
        /// The files, by their paths in the app's folder.
        files: Vec<&'static str>,
        /// The export.
        name: &'static str,
    },
}

/// Where the options of a use stand. What was handed on does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Options {
    /// They are an argument, or stand under a path in it.
    Argument(usize, &'static str),
    /// They stand under a path in the last argument behind the first, unless that is something constructed.
    Last(&'static str),
    /// They are keywords.
    Keywords,
    /// They are what the calls chained to it are given, each under its method's name, up to the one of this name.
    Chained(&'static str),
}

/// A secret that a library is given.
#[derive(Clone, Copy, Debug)]
pub struct SecretRow {
    /// Where it is written; the first place that has something counts.
    pub places: &'static [Spot],
    /// What it protects: a word of `secret.purpose`.
    pub purpose: &'static str,
    /// Whether the app cannot do its work without it.
    pub required: Required,
    /// The random bytes that it should have at least.
    pub min_random_bytes: Option<f64>,
}

impl Library {
    /// Whether anything hangs on what code does with what it imports of it, and not on a configuration alone.
    pub(crate) fn is_searched(&self) -> bool {
        let is_of_code = |gives: &Gives| !matches!(gives.usage, Usage::Configured { .. } | Usage::Exported { .. });
        self.host.is_some() || self.gives.iter().any(is_of_code)
    }

    /// The newest version that the facts describe, more or less.
    pub(crate) fn newest(&self) -> String {
        match (self.known.until, self.known.since) {
            (Some((major, 0)), _) => format!("{}.999.0", major.saturating_sub(1)),
            (Some((major, minor)), _) => format!("{major}.{}.999", minor - 1),
            (None, Some((major, minor))) => format!("{major}.{minor}.0"),
            (None, None) => "1.0.0".into(),
        }
    }
}

/// Whether a secret is needed.
#[derive(Clone, Copy, Debug)]
pub enum Required {
    /// It always is, or never.
    Known(bool),
    /// Other options say it.
    Asked(&'static Row),
}

impl Library {
    /// The keys that it asks of its host's configuration object.
    pub(crate) fn configuration_keys(&self) -> Vec<&'static str> {
        let of = |gives: &Gives| {
            let is_object = matches!(gives.usage, Usage::Configured { .. });
            let rows = gives.rows.iter().flat_map(|row| row.places);
            let spots = rows.chain(gives.secrets.iter().flat_map(|row| row.places));
            let own = move |spot: &&Spot| {
                spot.root == Root::Configuration || is_object && spot.root == Root::Options && !spot.path.is_empty()
            };
            spots.filter(own).map(|spot| spot.path).collect::<Vec<_>>()
        };
        self.gives.iter().flat_map(of).collect()
    }
}

impl Gives {
    /// Whether one of its defaults hangs on this mark.
    pub(crate) fn asks_for(&self, mark: &str) -> bool {
        self.rows.iter().any(|row| match row.default {
            Preset::Chosen(steps) => steps.iter().any(|(when, _)| when.mark == Some(mark)),
            _ => false,
        })
    }
}

impl Usage {
    /// The exports that it speaks of.
    pub(crate) fn exports(&self) -> &[&'static str] {
        match self {
            Usage::Called(exports) | Usage::Handed { exports, .. } | Usage::Decorates(exports) => exports,
            Usage::Method { .. } | Usage::Configured { .. } | Usage::Exported { .. } => &[],
        }
    }
}
