//! The views of Django REST framework that ask for no permission of their own: what the default of the settings lets in
//! comes to something at those alone.

use crate::facts;
use crate::reading::bench::Reading;
use crate::settings::anonymous_access;
use crate::syntax::code::{Class, Expr, ExprKind, Member, Statement};
use hashbrown::HashSet;
use std::sync::Arc;

/// The resource that the facts of the package give.
const NAME: &str = "REST framework";

/// Members by which a view says itself who may come in.
const OWN: &[&str] = &["permission_classes", "get_permissions"];

/// Bases whose views change nothing; the last is that of Wagtail.
const READING: &[&str] = &["ListAPIView", "RetrieveAPIView", "ReadOnlyModelViewSet", "BaseAPIViewSet"];

/// Bases whose views do by themselves what their members say, and nothing else.
const BARE: &[&str] = &["APIView", "GenericAPIView", "ViewSet", "GenericViewSet"];

/// Modules of Wagtail's administration, whose views are called the same and have a login of their own.
const OTHERS: &[&str] = &["wagtail.admin", "wagtail.snippets"];

/// Members and decorators by which a view changes something.
const CHANGING: &[&str] =
    &["post", "put", "patch", "delete", "create", "update", "partial_update", "destroy", "dispatch", "action"];

/// Takes the default out where each view that is seen says itself who may come in, or changes nothing.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let is_default = |name: &str, kind: &str| kind == anonymous_access::KIND.name && name == NAME;
    let mut resources = reading.model.resources.iter();
    if resources.any(|resource| is_default(&resource.name, resource.kind.name)) && all_say(reading) {
        reading.model.resources.retain(|resource| !is_default(&resource.name, resource.kind.name));
    }
}

/// Whether there are views, and none of them lets the default decide who changes something.
fn all_say(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let files = facts::files_of(project, reading.found);
    let mut views: Vec<Arc<Class>> = Vec::new();
    for file in project.mentioning(&files, &["APIView", "ViewSet", "@api_view"]) {
        if project.mentions(file, OTHERS) && !project.mentions(file, &["rest_framework"]) {
            continue;
        }
        // A function that is a view has its permissions in a decorator.
        if project.mentions(file, &["@api_view"]) && !project.mentions(file, &["@permission_classes"]) {
            return false;
        }
        let Some(module) = reading.documents.module_of(file) else { return false };
        views.extend(module.body.iter().filter_map(|statement| match statement {
            Statement::Class { class, .. } if class.bases.iter().any(is_view) => Some(class.clone()),
            _ => None,
        }));
    }
    let mut saying: HashSet<Arc<str>> = HashSet::new();
    loop {
        let says = |class: &&Arc<Class>| {
            class.members.iter().any(|member| OWN.contains(&&*member.name))
                || class.bases.iter().filter_map(last).any(|base| saying.contains(&*base))
        };
        let more: Vec<Arc<str>> = views.iter().filter(says).filter_map(|class| class.name.clone()).collect();
        let before = saying.len();
        saying.extend(more);
        if saying.len() == before {
            break;
        }
    }
    let changes = |class: &&Arc<Class>| {
        let is_mixin = class.name.as_ref().is_some_and(|name| name.ends_with("Mixin"));
        !is_mixin
            && class.bases.iter().filter(|base| is_view(base)).any(|base| !reads(base) && !only_reads(base, class))
    };
    let is_bare = |class: &&Arc<Class>| !class.name.as_ref().is_some_and(|name| saying.contains(name));
    !views.is_empty() && !views.iter().filter(changes).any(|class| is_bare(&class))
}

fn is_view(base: &Expr) -> bool {
    last(base).is_some_and(|name| name.ends_with("APIView") || name.ends_with("ViewSet"))
}

/// Whether a view that does what its members say has none that changes something.
fn only_reads(base: &Expr, class: &Class) -> bool {
    let changes = |member: &Member| {
        let decorators = member.decorators.iter().map(|decorator| match &decorator.kind {
            ExprKind::Call { callee, .. } => callee,
            _ => decorator,
        });
        CHANGING.contains(&&*member.name) || decorators.filter_map(last).any(|name| CHANGING.contains(&&*name))
    };
    last(base).is_some_and(|name| BARE.contains(&&*name)) && !class.is_open && !class.members.iter().any(changes)
}

fn reads(base: &Expr) -> bool {
    last(base).is_some_and(|name| READING.contains(&&*name))
}

/// The last word of the name of a class.
fn last(base: &Expr) -> Option<Arc<str>> {
    match &base.kind {
        ExprKind::Name(name) | ExprKind::Member { property: name, .. } => Some(name.clone()),
        // `GenericAPIView[User]`
        ExprKind::Index { object, .. } => last(object),
        _ => None,
    }
}
