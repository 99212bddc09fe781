//! Access policies of buckets, written as JSON documents in the tree.

use crate::eval::{Kind, Place, Value};
use crate::frameworks::Reading;
use crate::project::FileKind;
use crate::settings::storage;
use crate::syntax::FileId;
use crate::syntax::data::{Format, Node, NodeKind};
use crate::text::Text;

/// One of these stands in each policy about S3.
const NAMES_OF_S3: &[&str] = &["\"s3:", "arn:aws:s3"];

/// Actions by which a caller changes what is stored.
const WRITES: &[&str] = &["*", "s3:*", "s3:Put*", "s3:PutObject", "s3:DeleteObject", "s3:Delete*"];

/// One store for each document with a statement about S3.
pub(super) fn read(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    for file in project.of_kind_mentioning(&FileKind::Json, NAMES_OF_S3).iter().copied() {
        let Some(document) = reading.documents.data_of(file, Format::Json) else { continue };
        let Some(statements) = document.root().get("Statement") else { continue };
        policy(reading, file, statements);
    }
}

fn policy(reading: &mut Reading<'_>, file: FileId, statements: &Node) {
    let allowed: Vec<&Node> = match &statements.kind {
        NodeKind::List(items) => items.iter().filter(|statement| is_allowed(statement)).collect(),
        _ => [statements].into_iter().filter(|statement| is_allowed(statement)).collect(),
    };
    let everyone = allowed.iter().find(|statement| is_for_everyone(statement));
    let list = |key: &str, widest: &[&str]| {
        let items = allowed.iter().filter_map(|statement| statement.get(key)).flat_map(texts);
        let items: Vec<Value> = items
            .map(|(text, node)| {
                let text = if text.one_of(widest).is_some() { Text::new("*") } else { text.clone() };
                Value::written(Kind::Text(text), Place::File(file, node.span))
            })
            .collect();
        let trail = items.iter().find(|item| item.as_text().is_some_and(|text| text.is("*"))).or(items.first());
        let place = trail.map_or(Place::File(file, statements.span), |item| item.trail.place);
        Value::written(Kind::List { items: items.into(), open: None }, place)
    };
    let actions = list("Action", &["s3:*"]);
    let resources = list("Resource", &["arn:aws:s3:::*"]);
    let stated = |value, node: &Node| Value::written(Kind::Bool(value), Place::File(file, node.span));
    let public = everyone.map_or_else(
        || stated(false, statements),
        |statement| stated(true, statement.get("Principal").unwrap_or(statement)),
    );
    let writes = everyone.map_or_else(
        || stated(false, statements),
        |statement| {
            let actions = statement.get("Action").into_iter().flat_map(texts);
            let writes = actions.into_iter().any(|(action, _)| action.one_of(WRITES).is_some());
            stated(writes, statement.get("Action").unwrap_or(statement))
        },
    );
    let path = reading.documents.project.file(file).path.clone();
    let place = Place::File(file, statements.span);
    let resource = reading
        .resource(storage::KIND, path, place)
        .set_at(storage::policy_actions, actions, "Action")
        .set_at(storage::policy_resources, resources, "Resource")
        .set_at(storage::public, public, "Principal")
        .set_at(storage::public_write, writes, "Action");
    reading.add(resource);
}

fn is_allowed(statement: &Node) -> bool {
    statement.get("Effect").and_then(Node::text).is_some_and(|effect| effect.is("Allow"))
}

/// Whether a statement holds for all callers: a condition can narrow it, and so it is none then.
fn is_for_everyone(statement: &Node) -> bool {
    let principal = statement.get("Principal").map(|principal| principal.get("AWS").unwrap_or(principal));
    statement.get("Condition").is_none()
        && principal.into_iter().flat_map(texts).any(|(principal, _)| principal.is("*"))
}

/// One text, or the texts of a list.
fn texts(node: &Node) -> Vec<(&Text, &Node)> {
    match &node.kind {
        NodeKind::Text(text) => vec![(text, node)],
        _ => node.items().iter().filter_map(|item| Some((item.text()?, item))).collect(),
    }
}
