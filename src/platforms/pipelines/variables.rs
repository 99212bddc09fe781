//! Pipelines: what the jobs that deploy put into their steps. It reaches the build and the deploy command, and the
//! app only where the build writes it in.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#env>

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, SourceFile, set};
use crate::eval::{Because, How, Place, Step, Value};
use crate::platforms::describing::Describing;
use crate::platforms::pipelines::files::{KIND, runs};
use crate::project::lies_in;
use crate::syntax::FileId;
use crate::syntax::data::scalar;
use crate::syntax::data::{Entry, Format, Node};
use crate::text::Text;

/// Words by which a job or a step says that it brings an app out.
const DEPLOYS: &[&str] =
    &["deploy", "wrangler", "flyctl", "kubectl", "helm upgrade", "docker push", "eb create", "gcloud run"];

/// The variables that pipelines hand to builds and deploy commands, from the weakest to the strongest.
pub(crate) fn layers(context: &mut Describing<'_, '_>) -> Vec<(Layer, SourceFile)> {
    let mut files = context.project().of_kind_mentioning(&KIND, DEPLOYS).to_vec();
    files.retain(|file| runs(context.project(), *file));
    let mut found = Vec::new();
    for file in files {
        let Some(document) = context.parse(file, Format::Yaml) else { continue };
        let root = document.root();
        if !is_about(context, root) {
            continue;
        }
        let mut layer = Layer::new(Role::Target, context.built_in());
        // GitLab has its jobs at the top, beside what holds for all of them.
        for job in root.get("jobs").map_or_else(|| root.entries(), Node::entries) {
            if !deploys(job) || job.key.split(['-', '_']).any(|word| context.is_another(word)) {
                continue;
            }
            let steps = job.value.get("steps").map_or(&[][..], Node::items);
            let sections = [root, &job.value].into_iter().flat_map(|node| [node.get("env"), node.get("variables")]);
            let sections = sections.flatten();
            for section in sections.chain(steps.iter().filter_map(|step| step.get("env"))) {
                section.entries().iter().for_each(|entry| variable(&mut layer, file, entry));
            }
        }
        if !layer.entries.is_empty() {
            found.push((layer, context.source(file)));
        }
    }
    found
}

/// Whether a workflow can be about the app: one that only starts when files elsewhere change is about what lies there.
fn is_about(context: &Describing<'_, '_>, root: &Node) -> bool {
    let app = context.request.app_dir;
    let Some(paths) = root.at(&["on", "push", "paths"]).map(Node::items).filter(|_| !app.is_empty()) else {
        return true;
    };
    let patterns: Vec<&Text> = paths.iter().filter_map(Node::text).collect();
    let concerns = |pattern: &&Text| {
        pattern.test(|pattern| {
            let folder = pattern.split(['*', '?', '[']).next().unwrap_or_default().trim_end_matches('/');
            folder.is_empty() || lies_in(folder, app) || lies_in(app, folder)
        })
    };
    patterns.is_empty() || patterns.iter().any(concerns)
}

fn deploys(job: &Entry) -> bool {
    let says = |text: &str| {
        let text = text.to_lowercase();
        DEPLOYS.iter().any(|word| text.contains(word))
    };
    let named = |node: &Node| node.get("name").and_then(Node::text).is_some_and(|name| name.test(says));
    let runs = |step: &Node| {
        let told = [step.get("run"), step.get("uses")];
        told.into_iter().flatten().filter_map(Node::text).any(|text| text.test(says))
    };
    let steps = job.value.get("steps").map_or(&[][..], Node::items);
    let script = job.value.get("script").map_or(&[][..], Node::items);
    says(&job.key)
        || named(&job.value)
        || steps.iter().any(|step| named(step) || runs(step))
        || script.iter().filter_map(Node::text).any(|text| text.test(says))
}

fn variable(layer: &mut Layer, file: FileId, entry: &Entry) {
    let Some(text) = scalar(&entry.value.kind) else { return };
    let place = Place::File(file, entry.value.span);
    let value = if text.test(|text| text.contains("${{")) {
        let stored = |text: &str| text.contains("secrets.") || text.contains("vars.");
        if text.test(stored) {
            present(&entry.key, place, 0)
        } else {
            let trail = Step::start(place, How::Sets { variable: entry.key.clone() });
            Value::unknown(Because::Undecided, &trail)
        }
    } else {
        set(&text, &entry.key, place)
    };
    layer.add(entry.key.clone(), file, entry.key_span, value);
}
