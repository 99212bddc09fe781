//! Access policies of buckets, written as JSON documents or in Terraform files of the tree.

use crate::eval::{Kind, Place, Value};
use crate::project::FileKind;
use crate::reading::bench::Reading;
use crate::settings::storage;
use crate::syntax::FileId;
use crate::syntax::data::{Entry, Format, Node, NodeKind};
use crate::text::Text;
use std::sync::Arc;

/// One of these stands in each policy about S3.
const NAMES_OF_S3: &[&str] = &["\"s3:", "arn:aws:s3"];

/// Actions by which a caller changes what is stored.
const WRITES: &[&str] = &["*", "s3:*", "s3:Put*", "s3:PutObject", "s3:DeleteObject", "s3:Delete*"];

/// Words of the access lists that Amazon has ready for whole buckets, by which everybody reads.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl>
const PUBLIC: &[&str] = &["public-read", "public-read-write"];

/// One store for each document with a statement about S3, and for each bucket of Terraform's with an access list.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    for file in project.of_kind_mentioning(&FileKind::Json, NAMES_OF_S3).iter().copied() {
        let Some(document) = reading.documents.data_of(file, Format::Json) else { continue };
        let Some(statements) = document.root().get("Statement") else { continue };
        let name = project.file(file).path.clone();
        policy(
            reading,
            name,
            file,
            statements,
            &as_items(statements).iter().map(|node| of_json(node)).collect::<Vec<_>>(),
        );
    }
    for file in project.of_kind_mentioning(&FileKind::Terraform, &["s3"]).iter().copied() {
        let Some(document) = reading.documents.data_of(file, Format::Hcl) else { continue };
        for block in document.root().entries() {
            terraform(reading, file, block);
        }
    }
}

/// One statement of a policy.
struct Statement<'n> {
    node: &'n Node,
    allows: bool,
    actions: Vec<(&'n Text, &'n Node)>,
    resources: Vec<(&'n Text, &'n Node)>,
    /// Where it names everybody without a condition, which can narrow it.
    everyone: Option<&'n Node>,
}

impl Statement<'_> {
    fn is_about_s3(&self) -> bool {
        self.actions.iter().any(|(action, _)| action.test(|text| text == "*" || text.starts_with("s3:")))
    }
}

fn as_items(node: &Node) -> Vec<&Node> {
    match &node.kind {
        NodeKind::List(items) => items.iter().collect(),
        _ => vec![node],
    }
}

fn of_json(node: &Node) -> Statement<'_> {
    let principal = node.get("Principal");
    let named = principal.map(|principal| principal.get("AWS").unwrap_or(principal));
    let is_everyone = named.into_iter().flat_map(texts).any(|(principal, _)| principal.is("*"));
    Statement {
        node,
        allows: node.get("Effect").and_then(Node::text).is_some_and(|effect| effect.is("Allow")),
        actions: node.get("Action").into_iter().flat_map(texts).collect(),
        resources: node.get("Resource").into_iter().flat_map(texts).collect(),
        everyone: principal.filter(|_| is_everyone && node.get("Condition").is_none()),
    }
}

/// `statement { … }` of `aws_iam_policy_document`; without a word about it a statement allows.
fn of_terraform(node: &Node) -> Statement<'_> {
    let blocks = |key: &'static str| node.entries().iter().filter(move |entry| &*entry.key == key);
    let everyone = blocks("principals").find_map(|entry| {
        let identifiers = entry.value.get("identifiers")?;
        texts(identifiers).iter().any(|(identifier, _)| identifier.is("*")).then_some(identifiers)
    });
    Statement {
        node,
        allows: node.get("effect").and_then(Node::text).is_none_or(|effect| effect.is("Allow")),
        actions: node.get("actions").into_iter().flat_map(texts).collect(),
        resources: node.get("resources").into_iter().flat_map(texts).collect(),
        everyone: everyone.filter(|_| blocks("condition").next().is_none()),
    }
}

/// A top-level block: `resource "TYPE" "NAME" { … }`, `data "TYPE" "NAME" { … }`.
fn terraform(reading: &mut Reading<'_>, file: FileId, block: &Entry) {
    if !matches!(&*block.key, "resource" | "data") {
        return;
    }
    for (kind, named) in
        block.value.entries().iter().flat_map(|kind| kind.value.entries().iter().map(move |n| (kind, n)))
    {
        let name: Arc<str> = format!("{}.{}", kind.key, named.key).into();
        let body = &named.value;
        if &*kind.key == "aws_iam_policy_document" {
            let statements = body.entries().iter().filter(|entry| &*entry.key == "statement");
            let statements: Vec<Statement<'_>> = statements.map(|entry| of_terraform(&entry.value)).collect();
            policy(reading, name, file, body, &statements);
        } else if let Some(statements) = body.get("policy").and_then(|policy| policy.get("Statement")) {
            let statements: Vec<Statement<'_>> = as_items(statements).into_iter().map(of_json).collect();
            policy(reading, name, file, body, &statements);
        } else if matches!(&*kind.key, "aws_s3_bucket" | "aws_s3_bucket_acl") {
            access_list(reading, name, file, body);
        }
    }
}

/// `acl = "public-read"`.
fn access_list(reading: &mut Reading<'_>, name: Arc<str>, file: FileId, body: &Node) {
    let Some((acl, text)) = body.get("acl").and_then(|node| Some((node, node.text()?))) else { return };
    let place = Place::File(file, acl.span);
    let stated = |value| Value::written(Kind::Bool(value), place);
    let resource = reading
        .resource(storage::KIND, name, place)
        .set_at(storage::public, stated(text.one_of(PUBLIC).is_some()), "acl")
        .set_at(storage::public_write, stated(text.is("public-read-write")), "acl");
    reading.add(resource);
}

fn policy(reading: &mut Reading<'_>, name: Arc<str>, file: FileId, whole: &Node, statements: &[Statement<'_>]) {
    let allowed: Vec<&Statement<'_>> =
        statements.iter().filter(|statement| statement.allows && statement.is_about_s3()).collect();
    if allowed.is_empty() {
        return;
    }
    let place = Place::File(file, whole.span);
    let list = |texts: Vec<(&Text, &Node)>, widest: &[&str]| {
        let items: Vec<Value> = texts
            .into_iter()
            .map(|(text, node)| {
                let text = if text.one_of(widest).is_some() { Text::new("*") } else { text.clone() };
                Value::written(Kind::Text(text), Place::File(file, node.span))
            })
            .collect();
        let first = items.iter().find(|item| item.as_text().is_some_and(|text| text.is("*"))).or(items.first());
        let place = first.map_or(place, |item| item.trail.place);
        Value::written(Kind::List { items: items.into(), open: None }, place)
    };
    let actions = list(allowed.iter().flat_map(|statement| statement.actions.clone()).collect(), &["s3:*"]);
    let resources =
        list(allowed.iter().flat_map(|statement| statement.resources.clone()).collect(), &["arn:aws:s3:::*"]);
    let stated = |value, node: &Node| Value::written(Kind::Bool(value), Place::File(file, node.span));
    let everyone = allowed.iter().find_map(|statement| Some((statement, statement.everyone?)));
    let public = everyone.map_or_else(|| stated(false, whole), |(_, principal)| stated(true, principal));
    let writes = everyone.map_or_else(
        || stated(false, whole),
        |(statement, _)| {
            let writing = statement.actions.iter().find(|(action, _)| action.one_of(WRITES).is_some());
            stated(writing.is_some(), writing.map_or(statement.node, |(_, node)| node))
        },
    );
    let resource = reading
        .resource(storage::KIND, name, place)
        .set_at(storage::policy_actions, actions, "Action")
        .set_at(storage::policy_resources, resources, "Resource")
        .set_at(storage::public, public, "Principal")
        .set_at(storage::public_write, writes, "Action");
    reading.add(resource);
}

/// One text, or the texts of a list.
fn texts(node: &Node) -> Vec<(&Text, &Node)> {
    match &node.kind {
        NodeKind::Text(text) => vec![(text, node)],
        _ => node.items().iter().filter_map(|item| Some((item.text()?, item))).collect(),
    }
}
