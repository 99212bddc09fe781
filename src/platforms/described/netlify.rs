//! Netlify. What `netlify.toml` sets reaches builds alone, never functions; the rest lies in its dashboard.
//! <https://docs.netlify.com/build/configure-builds/file-based-configuration/>

use crate::environment::layer::{Layer, Role};
use crate::environment::stack::Described;
use crate::environment::target::{Part, TargetKind};
use crate::platforms::described::context::Context;
use crate::project::{FileKind, inside, normalized};
use crate::syntax::data::{Format, Node};
use crate::text::Text;

/// The Netlify site of an app.
pub(crate) fn find(context: &mut Context<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.files(&FileKind::Netlify) {
        if context.is_for_another(file) {
            continue;
        }
        let Some(document) = context.parse(file, Format::Toml) else { continue };
        let root = document.root();
        let base = root.at(&["build", "base"]).and_then(Node::text).map_or("".into(), Text::as_name);
        let Some(directory) = normalized(&inside(context.folder(file), &base)) else { continue };
        if !context.deploys(&directory) {
            continue;
        }
        let mut layer = Layer::new(Role::Target, context.built_in());
        let sections = [
            root.at(&["build", "environment"]),
            root.at(&["context", context.request.environment_name, "environment"]),
        ];
        for section in sections.into_iter().flatten() {
            layer.add_literals(file, section);
        }
        let mut target = context.target(TargetKind::Netlify, file, None);
        target.directory = directory.into();
        target.parts.push(Part { file, node: root.clone() });
        found.push(Described { target, layers: vec![layer], closed: false, sources: vec![context.source(file)] });
    }
    found
}
