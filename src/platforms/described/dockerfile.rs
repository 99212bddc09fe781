//! Images that nothing else in the project deploys. Whoever starts one can set any variable, so it is never closed.

use crate::environment::stack::Described;
use crate::environment::target::TargetKind;
use crate::platforms::described::context::Context;
use crate::platforms::described::image;
use crate::platforms::described::image::BuildArguments;
use crate::project::FileKind;
use crate::syntax::FileId;

/// The images of an app.
pub(crate) fn find(context: &mut Context<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in of_app(context) {
        let Some(layer) = image::layer(context, file, None, &BuildArguments::new()) else { continue };
        let mut target = context.target(TargetKind::Dockerfile, file, None);
        target.images.push(file);
        found.push(Described { target, layers: vec![layer], closed: false, sources: vec![context.source(file)] });
    }
    found
}

/// The Dockerfiles that build the app.
pub(crate) fn of_app(context: &Context<'_, '_>) -> Vec<FileId> {
    let mut files: Vec<FileId> = context.files(&FileKind::Dockerfile);
    files.retain(|file| holds_app(context, *file) && !context.is_for_another(*file));
    context.prefer_named(&mut files);
    files
}

/// A file in the app's folder builds the app; one above it does if it names the app's folder or there is no other app.
fn holds_app(context: &Context<'_, '_>, file: FileId) -> bool {
    let app_dir = context.request.app_dir;
    let above = crate::project::lies_in(app_dir, context.folder(file));
    context.deploys(context.folder(file))
        || (above && !app_dir.is_empty() && context.project().mentions(file, &[app_dir]))
}
