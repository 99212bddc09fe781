//! Builds a project for a test and shows the values it gives.

use crate::app::environments::{Deployment, environments, environments_of};
use crate::documents::Documents;
use crate::environment::{BUN, Environment, Loader, Request, loader_for};
use crate::eval::{How, Kind, Place, Question, Value, Variables};
use crate::platforms::{FILES, loader_in};
use crate::project::{Options, Project};
use crate::reading::found::Found;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

/// A project in a folder that lives as long as the test.
pub(super) struct Fixture {
    pub(super) project: Project,
    folder: tempfile::TempDir,
    loader: Option<&'static Loader>,
    app_dir: &'static str,
    everything: bool,
    environment: &'static str,
    provided: Vec<String>,
    process: Option<BTreeMap<String, crate::text::Text>>,
}

fn options() -> Options {
    Options { known: FILES, ..Options::default() }
}

/// A project with these files, none of them in a repository.
pub(super) fn project(files: &[(&str, &str)]) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let project = Project::open(folder.path(), &options()).unwrap();
    Fixture {
        project,
        folder,
        loader: None,
        app_dir: "",
        everything: false,
        environment: "production",
        provided: Vec::new(),
        process: None,
    }
}

impl Fixture {
    /// The same project after `git add` of everything that is not ignored.
    #[expect(clippy::disallowed_methods, reason = "a test may run git to get an index that git wrote")]
    pub(super) fn committed(mut self) -> Self {
        for arguments in [["init", "-q"], ["add", "."]] {
            let mut git = Command::new("git");
            let git = git.current_dir(self.folder.path()).env("GIT_CONFIG_GLOBAL", "/dev/null").args(arguments);
            assert!(git.output().expect("git is installed").status.success());
        }
        self.project = Project::open(self.folder.path(), &options()).unwrap();
        self
    }

    pub(super) fn loader(mut self, loader: &'static Loader) -> Self {
        self.loader = Some(loader);
        self
    }

    pub(super) fn bun(self) -> Self {
        self.loader(&BUN)
    }

    pub(super) fn app(mut self, app_dir: &'static str) -> Self {
        self.app_dir = app_dir;
        self
    }

    /// All that the files deploy, whatever app it is.
    pub(super) fn everything(mut self) -> Self {
        self.everything = true;
        self
    }

    /// The names of all targets.
    pub(super) fn names(&self) -> Vec<String> {
        self.all().iter().filter_map(|one| Some(one.target.as_ref()?.name.to_string())).collect()
    }

    pub(super) fn environment_name(mut self, name: &'static str) -> Self {
        self.environment = name;
        self
    }

    pub(super) fn provided(mut self, names: &[&str]) -> Self {
        self.provided = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    pub(super) fn process(mut self, variables: &[(&str, &str)]) -> Self {
        self.process = Some(variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect());
        self
    }

    pub(super) fn env_file(mut self, path: &str) -> Self {
        let options = Options { env_files: vec![self.folder.path().join(path)], ..options() };
        self.project = Project::open(self.folder.path(), &options).unwrap();
        self
    }

    pub(super) fn all(&self) -> Vec<Environment> {
        let loader = self.loader.unwrap_or_else(|| self.found_loader());
        environments(&Request {
            in_code: &[],
            everything: self.everything,
            project: &self.project,
            app_dir: self.app_dir,
            loader,
            environment_name: self.environment,
            env_files: self.project.env_files(),
            process: self.process.as_ref(),
            provided: &self.provided,
            target: None,
        })
    }

    /// The environments of all that the files deploy, with what their start commands set.
    pub(super) fn started(&self) -> Vec<Environment> {
        let documents = Documents::new(&self.project, []);
        let found = Found::of_folder(&documents, "app", self.app_dir, None);
        environments_of(&found, &documents, &Deployment { name: self.environment, ..Deployment::default() })
    }

    /// What reads env files where the test does not say.
    pub(super) fn found_loader(&self) -> &'static Loader {
        loader_for(&self.project, self.app_dir, None, loader_in(&self.project, self.app_dir))
    }

    /// The only environment.
    pub(super) fn one(&self) -> Environment {
        let mut all = self.all();
        assert_eq!(all.len(), 1, "{:?}", all.iter().map(|one| &one.target).collect::<Vec<_>>());
        all.remove(0)
    }

    /// The environment of a target.
    pub(super) fn target(&self, name: &str) -> Environment {
        let all = self.all();
        let names: Vec<_> = all.iter().filter_map(|one| Some(one.target.as_ref()?.name.to_string())).collect();
        let found = all.into_iter().find(|one| one.target.as_ref().is_some_and(|target| &*target.name == name));
        found.unwrap_or_else(|| panic!("no target {name} among {names:?}"))
    }

    /// Where a value is set: the path and the text there.
    pub(super) fn place(&self, value: &Value) -> String {
        let Some((file, span)) = value.trail.primary() else { return "nowhere".to_owned() };
        let text = self.project.text(file).unwrap();
        format!("{}: {}", self.project.file(file).path, &text[span.start as usize..span.end as usize])
    }
}

/// A variable, as the tests compare it.
pub(super) fn read(environment: &Environment, name: &str) -> String {
    show(&environment.read(name, Place::Process))
}

/// Shows a value: `absent`, `"text"`, `unknown`, `present`, `Loads(.env)?[no, yes]`.
#[expect(clippy::disallowed_methods, reason = "a test shows its own texts")]
pub(super) fn show(value: &Value) -> String {
    match &value.kind {
        Kind::Absent => "absent".to_owned(),
        Kind::Text(text) => format!("{:?}", text.reveal()),
        Kind::Number(number) => number.to_string(),
        Kind::Bool(value) => value.to_string(),
        Kind::Unknown(unknown) => {
            let mut shown = if unknown.present { "present" } else { "unknown" }.to_owned();
            if let Some(prefix) = &unknown.prefix {
                shown = format!("{shown} from {:?}", prefix.reveal());
            }
            if unknown.at_least_chars > 0 {
                shown = format!("{shown} of {}", unknown.at_least_chars);
            }
            shown
        }
        Kind::Choice(question, arms) => {
            let question = match question {
                Question::IsSet(name) => format!("IsSet({name})"),
                Question::Loads(file) => format!("Loads({file})"),
                other => format!("{other:?}"),
            };
            format!("{question}?[{}]", arms.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        Kind::Object { .. } => "object".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The steps of a value's trail, newest first.
pub(super) fn steps(value: &Value) -> Vec<&'static str> {
    let name = |how: &How| match how {
        How::Written => "written",
        How::Reads { .. } => "reads",
        How::Sets { .. } => "sets",
        How::Assumed { .. } => "assumed",
        How::Intended { .. } => "intended",
        How::NotSet { .. } => "not set",
        How::Fallback => "fallback",
        How::Joined => "joined",
        _ => "other",
    };
    value.trail.walk(20).iter().map(|step| name(&step.how)).collect()
}
