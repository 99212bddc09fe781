//! Vercel. Variables lie in its dashboard; `env` of `vercel.json` is the legacy way, `@name` a secret of the account.
//! <https://vercel.com/docs/project-configuration#legacy>

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Part, TargetKind};
use crate::eval::Place;
use crate::platforms::described::context::Context;
use crate::project::FileKind;
use crate::syntax::data::scalar;
use crate::syntax::data::{Format, Node};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// What Vercel tells every app of itself.
/// <https://vercel.com/docs/environment-variables/system-environment-variables>
fn own_variables(environment: &str, file: FileId) -> Layer {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    let own = [("VERCEL", "1"), ("VERCEL_ENV", environment)];
    // Vercel's own names; others are deployed as previews or by hand.
    for (name, value) in own.into_iter().filter(|(_, value)| matches!(*value, "1" | "production" | "preview")) {
        let name: Arc<str> = name.into();
        let value = set(&Text::new(value), &name, Place::Framework("Vercel"));
        layer.add(name, file, Span::default(), value);
    }
    layer
}

/// The Vercel project of an app.
pub(crate) fn find(context: &mut Context<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.files(&FileKind::Vercel) {
        if !context.deploys(context.folder(file)) || context.is_for_another(file) {
            continue;
        }
        let Some(document) = context.parse(file, Format::Json) else { continue };
        let root = document.root();
        let mut target = context.target(TargetKind::Vercel, file, None);
        let mut layers = vec![own_variables(context.request.environment_name, file)];
        let sections = [(root.at(&["build", "env"]), context.built_in()), (root.get("env"), Weight::Certain)];
        for (section, weight) in sections {
            let mut layer = Layer::new(Role::Target, weight);
            for entry in section.map_or(&[][..], Node::entries) {
                let Some(text) = scalar(&entry.value.kind) else { continue };
                let place = Place::File(file, entry.value.span);
                let value = if text.test(|text| text.starts_with('@')) {
                    target.secrets.push(entry.key.clone());
                    present(&entry.key, place, 0)
                } else {
                    set(&text, &entry.key, place)
                };
                layer.add(entry.key.clone(), file, entry.key_span, value);
            }
            layers.push(layer);
        }
        target.parts.push(Part { file, node: root.clone() });
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}
