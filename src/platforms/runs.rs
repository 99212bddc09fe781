//! Whose code an image runs: which images the tree builds, from which folder and Dockerfile.

use super::bought::is_bought;
use super::describing::Describing;
use super::{compose, dockerfile, pipelines};
use crate::environment::target::{Runs, Target};
use crate::project::{FileKind, folder_of, inside, lies_in, normalized};
use crate::syntax::FileId;
use crate::syntax::data::interpolation::{Form, Piece, interpolation};
use crate::syntax::data::{Format, Node, scalar};
use crate::syntax::shell;
use crate::text::Text;
use std::rc::Rc;

/// Texts without which neither a pipeline nor a script builds an image.
const BUILDS: &[&str] = &[
    "docker build",
    "docker buildx build",
    "podman build",
    "nerdctl build",
    "buildah bud",
    "build-push-action",
    "builds submit",
];

/// An image that something in the tree builds.
pub(crate) struct Built {
    /// Its name without registry, folders and tag.
    word: String,
    /// The folder that the build sees.
    folder: String,
    dockerfile: Option<FileId>,
    /// The stage that it is built up to.
    stage: Option<String>,
}

/// The name of an image without registry, folders, tag and digest, defaults of references put in; none where a variable
/// decides.
pub(crate) fn word_of(image: &Text) -> Option<String> {
    let mut whole = String::new();
    append(&interpolation(image), &mut whole);
    let last = whole.rsplit('/').next().unwrap_or(&whole);
    let word = last.split(['@', ':']).next().unwrap_or(last);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (!word.is_empty() && word.chars().all(plain)).then(|| word.to_ascii_lowercase())
}

fn append(pieces: &[Piece], into: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => into.push_str(&text.as_name()),
            Piece::Reference { form: Form::Default { value, .. }, .. } => append(value, into),
            Piece::Reference { .. } | Piece::Malformed => into.push('?'),
        }
    }
}

impl Describing<'_, '_> {
    /// What an image runs, and the Dockerfile that builds it where that is the app's.
    pub(crate) fn runs(&mut self, image: &Text) -> (Runs, Option<FileId>) {
        let somebody_elses = || (Runs::Image(image.clone()), None);
        if is_bought(&image.as_name()) {
            return somebody_elses();
        }
        let Some(word) = word_of(image) else { return (Runs::Unknown, None) };
        let all = self.images();
        let named: Vec<&Built> = all.iter().filter(|built| built.word == word).collect();
        let own = named.iter().find(|built| {
            let dockerfile = built.dockerfile.is_some_and(|file| dockerfile::holds_app(self, file));
            dockerfile || self.deploys(&built.folder)
        });
        if let Some(own) = own {
            return (Runs::App, own.dockerfile);
        }
        // What is built of another folder is the app in that one.
        if !named.is_empty() {
            return somebody_elses();
        }
        if self.is_named(&word) {
            return (Runs::App, dockerfile::of_app(self).first().copied());
        }
        if self.request.everything { somebody_elses() } else { (Runs::Unknown, None) }
    }

    /// Says of a target that it runs an image: none where that is somebody else's, and so no target of the app.
    pub(crate) fn run_image(&mut self, target: &mut Target, image: &Text) -> Option<()> {
        let (runs, dockerfile) = self.runs(image);
        let is_own = self.request.everything || !matches!(runs, Runs::Image(_));
        target.runs = runs;
        target.images.extend(dockerfile);
        is_own.then_some(())
    }

    /// The stage up to which a Dockerfile is built, where everything that builds it says the same.
    pub(crate) fn stage_of(&mut self, dockerfile: FileId) -> Option<Text> {
        let all = self.images();
        let mut stages = all.iter().filter(|built| built.dockerfile == Some(dockerfile)).map(|built| &built.stage);
        let first = stages.next()?.as_deref()?;
        stages.all(|stage| stage.as_deref() == Some(first)).then(|| Text::new(first))
    }

    /// Whether a word is the name of the app's package or of its folder.
    pub(crate) fn is_named(&self, word: &str) -> bool {
        let project = self.project();
        let package = project.package_above(self.request.app_dir, None).and_then(|id| project.package(id).name.clone());
        let package = package.as_deref().and_then(|name| name.rsplit('/').next());
        let folder = self.request.app_dir.rsplit('/').next().filter(|name| !name.is_empty());
        [package, folder].into_iter().flatten().any(|name| name.eq_ignore_ascii_case(word))
    }

    /// The images that the tree builds, found when the first one is asked for.
    fn images(&mut self) -> Rc<[Built]> {
        if let Some(known) = &self.images {
            return known.clone();
        }
        let mut found = Vec::new();
        self.by_pipelines(&mut found);
        self.by_scripts(&mut found);
        self.by_services(&mut found);
        let found: Rc<[Built]> = found.into();
        self.images = Some(found.clone());
        found
    }

    fn by_pipelines(&mut self, found: &mut Vec<Built>) {
        let files = self.project().of_kind_mentioning(&pipelines::KIND, BUILDS);
        for file in files.iter().copied() {
            let Some(document) = self.parse(file, Format::Yaml) else { continue };
            let root = document.root();
            for job in root.get("jobs").map_or_else(|| root.entries(), Node::entries) {
                let names = Names::of(&[root, &job.value]);
                let steps = job.value.get("steps").map_or(&[][..], Node::items);
                let listed: Vec<String> =
                    steps.iter().flat_map(|step| names.lines(step.at(&["with", "images"]))).collect();
                for step in steps {
                    self.by_action(&names, step, &listed, found);
                }
                let scripts = steps.iter().filter_map(|step| step.get("run"));
                for script in scripts.chain(job.value.get("script").map_or(&[][..], Node::items)) {
                    if let Some(text) = script.text() {
                        self.by_script(&names.resolved(&text.as_name()), "", found);
                    }
                }
            }
        }
    }

    /// `docker/build-push-action`; where its tags come from another step, the images are those that one lists.
    fn by_action(&self, names: &Names, step: &Node, listed: &[String], found: &mut Vec<Built>) {
        let uses = step.get("uses").and_then(Node::text);
        if !uses.is_some_and(|uses| uses.test(|uses| uses.contains("build-push-action"))) {
            return;
        }
        let word = |key: &str| step.at(&["with", key]).and_then(Node::text).map(|text| names.resolved(&text.as_name()));
        let mut tags = names.lines(step.at(&["with", "tags"]));
        if tags.iter().any(|tag| tag.contains("steps.")) {
            tags = listed.to_vec();
        }
        let build = Build { context: word("context"), dockerfile: word("file"), stage: word("target") };
        self.add(&tags, &build, "", found);
    }

    fn by_scripts(&self, found: &mut Vec<Built>) {
        let project = self.project();
        let is_script = |file: &FileId| {
            let name = project.file(*file).name();
            name.ends_with(".sh") || matches!(name, "Makefile" | "makefile" | "justfile" | "Justfile")
        };
        let scripts: Vec<FileId> = project.of_kind(&FileKind::Other).iter().copied().filter(is_script).collect();
        for file in project.mentioning(&scripts, BUILDS) {
            if let Ok(text) = project.text(file) {
                self.by_script(text, self.folder(file), found);
            }
        }
        for package in project.packages() {
            for script in &package.scripts {
                self.by_script(&script.command.as_name(), &package.dir, found);
            }
        }
    }

    /// `docker build -t NAME [-f FILE] FOLDER` and its relatives in a script that runs in a folder.
    fn by_script(&self, script: &str, folder: &str, found: &mut Vec<Built>) {
        if !BUILDS.iter().any(|words| script.contains(words)) {
            return;
        }
        for command in shell::pipelines(script).iter().flat_map(|pipeline| &pipeline.commands) {
            let words: Vec<&str> = command.arguments().iter().map(|word| &*word.text).collect();
            let builds = match command.program() {
                "docker" | "podman" | "nerdctl" => words.contains(&"build"),
                "buildah" => words.first().is_some_and(|verb| matches!(*verb, "bud" | "build")),
                "gcloud" => words.contains(&"submit"),
                _ => false,
            };
            if builds {
                let (tags, build) = options(&words);
                self.add(&tags, &build, folder, found);
            }
        }
    }

    /// Services that are built here and given a name.
    fn by_services(&mut self, found: &mut Vec<Built>) {
        for file in self.project().of_kind(&compose::PLATFORM.kind()).to_vec() {
            let Some(document) = self.parse(file, Format::Yaml) else { continue };
            for service in document.root().get("services").map_or(&[][..], Node::entries) {
                let (Some(build), Some(image)) = (service.value.get("build"), service.value.get("image")) else {
                    continue;
                };
                let word = |node: Option<&Node>| node.and_then(Node::text).map(|text| text.as_name().to_string());
                let context = word(Some(build)).or_else(|| word(build.get("context")));
                let dockerfile = word(build.get("dockerfile"));
                let dockerfile = dockerfile.map(|file| inside(context.as_deref().unwrap_or_default(), &file));
                let tags: Vec<String> = word(Some(image)).into_iter().collect();
                let build = Build { context, dockerfile, stage: word(build.get("target")) };
                self.add(&tags, &build, self.folder(file), found);
            }
        }
    }

    fn add(&self, tags: &[String], build: &Build, folder: &str, found: &mut Vec<Built>) {
        let (context, dockerfile) = (build.context.as_deref().unwrap_or("."), build.dockerfile.as_deref());
        // `{{defaultContext}}` and addresses of repositories are the root of this one.
        let context = if context.contains("{{") || context.contains("://") { "" } else { context };
        // Scripts of a folder are started there, or at the root.
        let places = [folder, ""].into_iter().filter_map(|folder| self.build_of(context, dockerfile, folder));
        let places: Vec<(String, Option<FileId>)> = places.collect();
        let found_at = places.iter().find(|(_, dockerfile)| dockerfile.is_some()).or_else(|| places.first());
        let Some((context, dockerfile)) = found_at else { return };
        let project = self.project();
        for word in tags.iter().filter_map(|tag| word_of(&Text::new(tag.as_str()))) {
            // A build of the whole tree that names a Dockerfile of a folder is about that folder.
            let own = dockerfile.map(|file| folder_of(&project.file(file).path)).filter(|own| lies_in(own, context));
            let folder = own.unwrap_or(context).to_owned();
            found.push(Built { word, folder, dockerfile: *dockerfile, stage: build.stage.clone() });
        }
    }

    /// The folder and the Dockerfile of a build that is started in a folder.
    fn build_of(&self, context: &str, dockerfile: Option<&str>, folder: &str) -> Option<(String, Option<FileId>)> {
        let context = normalized(&inside(folder, context))?;
        let at = |path: &str| normalized(path).and_then(|path| self.project().find(&path));
        let dockerfile = match dockerfile {
            Some(path) => at(&inside(folder, path)).or_else(|| at(&inside(&context, path))),
            None => ["Dockerfile", "Containerfile"].iter().find_map(|name| at(&inside(&context, name))),
        };
        Some((context, dockerfile))
    }
}

/// What a build is told.
#[derive(Debug, Default, PartialEq)]
struct Build {
    context: Option<String>,
    dockerfile: Option<String>,
    stage: Option<String>,
}

/// The tags of a build's command line, and what it is told besides.
fn options(words: &[&str]) -> (Vec<String>, Build) {
    let (mut tags, mut build) = (Vec::new(), Build::default());
    let mut before = "";
    for word in words {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            _ if word.starts_with('-') => (*word, None),
            _ => (before, Some(*word)),
        };
        match (option, value.map(str::to_owned)) {
            ("-t" | "--tag", Some(value)) => tags.push(value),
            ("-f" | "--file", value @ Some(_)) => build.dockerfile = value,
            ("--target", value @ Some(_)) => build.stage = value,
            ("", value @ Some(_)) => build.context = value,
            _ => {}
        }
        before = if value.is_none() && !is_switch(option) { option } else { "" };
    }
    (tags, build)
}

/// Options of a build that take no value.
fn is_switch(option: &str) -> bool {
    matches!(option, "--no-cache" | "--pull" | "--push" | "--load" | "--rm" | "--force-rm" | "-q" | "--quiet")
}

/// What a pipeline sets for all its steps, as far as it is written.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(sections: &[&Node]) -> Names {
        let entries = sections.iter().flat_map(|section| [section.get("env"), section.get("variables")]).flatten();
        let literal = |entry: &crate::syntax::data::Entry| {
            Some((entry.key.to_string(), scalar(&entry.value.kind)?.as_name().to_string()))
        };
        Names(entries.flat_map(Node::entries).filter_map(literal).collect())
    }

    /// A text with these names put in.
    fn resolved(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.0 {
            for reference in [
                format!("${{{{ env.{name} }}}}"),
                format!("${{{{env.{name}}}}}"),
                format!("${{{name}}}"),
                format!("${name}"),
            ] {
                text = text.replace(&reference, value);
            }
        }
        text
    }

    /// The lines of a text, or the parts between its commas.
    fn lines(&self, node: Option<&Node>) -> Vec<String> {
        let text = node.and_then(Node::text).map(|text| self.resolved(&text.as_name())).unwrap_or_default();
        text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Build, options, word_of};
    use crate::text::Text;

    #[test]
    fn an_image_is_known_by_the_last_part_of_its_name() {
        for (image, expected) in [
            ("ghcr.io/acme/Orders:1.2@sha256:00", Some("orders")),
            ("orders", Some("orders")),
            ("localhost:5000/orders:${TAG:-latest}", Some("orders")),
            ("${IMAGE:-ghcr.io/acme/orders}:1", Some("orders")),
            ("${IMAGE}", None),
            ("registry/${NAME}:1", None),
        ] {
            assert_eq!(word_of(&Text::new(image)).as_deref(), expected, "{image}");
        }
    }

    #[test]
    fn a_build_says_its_tags_its_file_and_its_folder() {
        let owned = |text: &str| Some(text.to_owned());
        let words =
            ["--platform", "linux/amd64", "--push", "-t", "acme/api", "--file=api/Dockerfile", "--target", "run", "."];
        let build = Build { context: owned("."), dockerfile: owned("api/Dockerfile"), stage: owned("run") };
        assert_eq!(options(&words), (vec!["acme/api".to_owned()], build));
        let plain = Build { context: owned("web"), ..Build::default() };
        assert_eq!(options(&["--tag", "x", "web"]), (vec!["x".to_owned()], plain));
    }
}
