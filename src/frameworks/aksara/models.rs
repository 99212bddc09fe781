//! What the app's models say: whether rows belong to tenants, and which fields an agent can write.

use crate::eval::{Evaluator, Kind, Parts, Place, Value};
use crate::frameworks::aksara::settings::full_name;
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Class, Expr, ExprKind, Statement};
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Bases are followed this far.
const MOST_BASES: usize = 8;

/// What was found in all modules of an app.
#[derive(Default)]
pub(super) struct Models {
    /// Models whose rows belong to tenants: each is one proof that there are several.
    pub(super) tenants: Vec<Value>,
    /// Fields that an agent can write: their names and places.
    fields: Vec<(String, Place)>,
}

impl Models {
    /// The writable fields as a setting.
    pub(super) fn writable(&self, reading: &Reading<'_>) -> Value {
        let item = |(name, place): &(String, Place)| Value::written(Kind::Text(Text::new(name.as_str())), *place);
        let items: Parts<Value> = self.fields.iter().map(item).collect();
        let place = self.fields.first().map_or_else(|| reading.place(), |(_, place)| *place);
        Value::written(Kind::List { items, open: None }, place)
    }
}

/// What a class is in the framework's terms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Model,
    TenantModel,
    ViewSet,
}

/// Reads the models and view sets of an app.
pub(super) fn read(reading: &Reading<'_>, files: &[FileId]) -> Models {
    let mut models = Models::default();
    let mut hidden: BTreeSet<String> = BTreeSet::new();
    let mut found: Vec<(FileId, Arc<Class>, Role)> = Vec::new();
    // A model can derive from one of the project, whose name says nothing.
    let told = ["Model", "ViewSet", "fields", "ai_exposed", "ai_agent_exposed"];
    let named = reading.documents.project.mentioning(files, &told);
    for file in named {
        let Some(module) = reading.documents.module_of(file) else { continue };
        for statement in &module.body {
            let Statement::Class { class, .. } = statement else { continue };
            if let Some(role) = role(reading.evaluator, file, class, 0) {
                found.push((file, class.clone(), role));
            }
        }
    }
    for (file, class, role) in &found {
        if *role == Role::ViewSet && is_off(reading.evaluator, *file, class, "ai_exposed") {
            hidden.extend(model_of(class));
        }
    }
    for (file, class, role) in &found {
        let name = class.name.as_deref().unwrap_or_default().to_owned();
        if *role == Role::TenantModel {
            models.tenants.push(Value::written(Kind::Bool(true), Place::File(*file, class.span)));
        }
        let exposed = *role != Role::ViewSet && !hidden.contains(&name) && is_exposed(reading.evaluator, *file, class);
        if exposed {
            fields(reading.evaluator, *file, class, &name, &mut models.fields);
        }
    }
    models
}

/// What a class derives from, through the classes of the project.
fn role(evaluator: &Evaluator<'_>, file: FileId, class: &Class, depth: usize) -> Option<Role> {
    if depth > MOST_BASES {
        return None;
    }
    class.bases.iter().find_map(|base| {
        let base = evaluator.expression(file, base);
        if let Kind::Class(class) = &base.kind {
            return role(evaluator, class.file, &class.class, depth + 1);
        }
        let name = full_name(&base)?;
        if !name.starts_with("aksara.") {
            return None;
        }
        match name.rsplit('.').next()? {
            "TenantModel" => Some(Role::TenantModel),
            "Model" | "BaseModel" => Some(Role::Model),
            name if name.ends_with("ViewSet") => Some(Role::ViewSet),
            _ => None,
        }
    })
}

/// The model that a view set names.
fn model_of(class: &Class) -> Option<String> {
    let member = class.members.iter().find(|member| &*member.name == "model")?;
    match &member.value.as_ref()?.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Member { property, .. } => Some(property.to_string()),
        _ => None,
    }
}

fn is_off(evaluator: &Evaluator<'_>, file: FileId, class: &Class, name: &str) -> bool {
    let member = class.members.iter().rev().find(|member| &*member.name == name);
    let value = member.and_then(|member| member.value.as_ref()).map(|value| evaluator.expression(file, value));
    value.is_some_and(|value| value.as_bool() == Some(false))
}

/// `ai_agent_exposed = False` hides a model, on the class or in its `Meta`; an abstract model has no rows.
fn is_exposed(evaluator: &Evaluator<'_>, file: FileId, class: &Class) -> bool {
    let meta = class.members.iter().find(|member| &*member.name == "Meta");
    let meta = meta.and_then(|member| match &member.value.as_ref()?.kind {
        ExprKind::Class(class) => Some(class.clone()),
        _ => None,
    });
    let hidden = |class: &Class| is_off(evaluator, file, class, "ai_agent_exposed");
    !hidden(class) && !meta.is_some_and(|meta| hidden(&meta))
}

fn fields(evaluator: &Evaluator<'_>, file: FileId, class: &Class, model: &str, into: &mut Vec<(String, Place)>) {
    for member in &class.members {
        let Some(value) = member.value.as_ref().filter(|value| is_field(evaluator, file, value)) else { continue };
        if &*member.name == "id" {
            continue;
        }
        let made = evaluator.expression(file, value);
        let Some(call) = made.as_call() else { continue };
        let keyword = |name: &str| call.keywords.iter().find(|(own, _)| &**own == name).map(|(_, value)| value);
        let is = |name: &str, wanted: bool| keyword(name).is_some_and(|value| value.as_bool() == Some(wanted));
        let set_by_itself = is("auto_now", true) || is("auto_now_add", true) || is("primary_key", true);
        if !set_by_itself && !is("ai_agent_writable", false) && !is("ai_sensitive", true) {
            into.push((format!("{model}.{}", member.name), Place::File(file, member.name_span)));
        }
    }
}

/// `fields.String(…)`, of the framework's own fields.
fn is_field(evaluator: &Evaluator<'_>, file: FileId, value: &Expr) -> bool {
    let ExprKind::Call { callee, .. } = &value.kind else { return false };
    full_name(&evaluator.expression(file, callee)).is_some_and(|name| name.starts_with("aksara.fields."))
}
