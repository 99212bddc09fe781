//! Scalars of data files as the texts that a process gets of them.

use super::NodeKind;
use crate::text::Text;

/// A scalar as the text that a process gets of it.
pub fn scalar(node: &NodeKind) -> Option<Text> {
    match node {
        NodeKind::Text(text) | NodeKind::Number(_, text) => Some(text.clone()),
        NodeKind::Bool(value) => Some(Text::new(if *value { "true" } else { "false" })),
        NodeKind::Tagged(_, node) => scalar(&node.kind),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
    }
}
