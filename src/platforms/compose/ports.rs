//! Published ports of compose services: which are open to the outside.
//! <https://docs.docker.com/reference/compose-file/services/#ports>

use crate::environment::target::Part;
use crate::eval::Place;
use crate::machines::is_loopback;
use crate::syntax::data::interpolation::{Form, Piece, interpolation};
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;

/// One published port.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Port {
    /// The port inside, where it is a number.
    pub(crate) inside: Option<u16>,
    /// The port of the host, where it is a number.
    pub(crate) outside: Option<u16>,
    /// Every address of the host has it; none where a variable decides.
    pub(crate) open: Option<bool>,
    /// Where it is written.
    pub(crate) place: Place,
}

/// Ports where nobody speaks http: mail, names, shells, telemetry, exporters.
const OTHER_PROTOCOLS: &[u16] = &[
    21, 22, 25, 53, 110, 123, 143, 389, 465, 514, 587, 636, 853, 873, 993, 995, 1883, 2222, 3478, 4317, 5060, 5349,
    6514, 8883, 9100, 9101, 9113, 9121, 9187, 9216,
];

impl Port {
    /// Whether http can come in.
    pub(crate) fn takes_http(&self) -> bool {
        ![self.inside, self.outside].into_iter().flatten().any(|port| OTHER_PROTOCOLS.contains(&port))
    }
}

/// The ports that a service publishes.
pub(crate) fn published(parts: &[Part]) -> Vec<Port> {
    let of_part = |part: &Part| {
        let items = part.node.get("ports").map_or(&[][..], Node::items);
        items.iter().filter_map(|item| port(item, Place::File(part.file, item.span))).collect::<Vec<_>>()
    };
    parts.iter().flat_map(of_part).collect()
}

fn port(item: &Node, place: Place) -> Option<Port> {
    if let NodeKind::Map(_) = item.kind {
        let host = item.get("host_ip").and_then(Node::text).map(with_defaults);
        let number = |key: &str| item.get(key).and_then(text_of).and_then(|text| number(&with_defaults(&text)));
        let open = host.map_or(Some(true), |host| is_open(&host));
        return Some(Port { inside: number("target"), outside: number("published"), open, place });
    }
    let text = with_defaults(&text_of(item)?);
    let (host, outside, inside) = match parts(&text).as_slice() {
        [inside] => (None, None, number(inside)),
        [outside, inside] => (None, number(outside), number(inside)),
        [host, outside, inside] => (Some(host.clone()), number(outside), number(inside)),
        _ => return None,
    };
    Some(Port { inside, outside, open: host.map_or(Some(true), |host| is_open(&host)), place })
}

fn text_of(node: &Node) -> Option<Text> {
    match &node.kind {
        NodeKind::Text(text) | NodeKind::Number(_, text) => Some(text.clone()),
        _ => None,
    }
}

/// A text with the defaults of its references put in; a reference without one is a `?`.
fn with_defaults(text: &Text) -> String {
    let mut all = String::new();
    append(&interpolation(text), &mut all);
    all
}

fn append(pieces: &[Piece], into: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                text.test(|text| {
                    into.push_str(text);
                    true
                });
            }
            Piece::Reference { form: Form::Default { value, .. }, .. } => append(value, into),
            Piece::Reference { .. } | Piece::Malformed => into.push('?'),
        }
    }
}

/// The parts between colons, those inside brackets left whole.
fn parts(text: &str) -> Vec<String> {
    let text = text.split('/').next().unwrap_or(text);
    let mut all = vec![String::new()];
    let mut brackets = 0;
    for c in text.chars() {
        match c {
            '[' => brackets += 1,
            ']' => brackets -= 1,
            ':' if brackets == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    all
}

/// The first port of a range.
fn number(text: &str) -> Option<u16> {
    text.split('-').next()?.trim().parse().ok()
}

fn is_open(host: &str) -> Option<bool> {
    if host.contains('?') {
        return None;
    }
    Some(!is_loopback(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{FileId, Span};

    fn read(text: &str) -> (Option<u16>, Option<u16>, Option<bool>) {
        let span = Span::default();
        let item = Node { span, kind: NodeKind::Text(Text::new(text)) };
        let port = port(&item, Place::File(FileId(0), span)).expect("a port");
        (port.outside, port.inside, port.open)
    }

    #[test]
    fn ports_are_open_unless_they_are_bound_to_this_machine() {
        for (text, expected) in [
            ("5432:5432", (Some(5432), Some(5432), Some(true))),
            ("5432", (None, Some(5432), Some(true))),
            ("0.0.0.0:80:8080/tcp", (Some(80), Some(8080), Some(true))),
            ("127.0.0.1:5432:5432", (Some(5432), Some(5432), Some(false))),
            ("[::1]:5432:5432", (Some(5432), Some(5432), Some(false))),
            ("${DB_PORT:-5432}:5432", (Some(5432), Some(5432), Some(true))),
            ("${BIND:-127.0.0.1}:5432:5432", (Some(5432), Some(5432), Some(false))),
            ("${BIND}:5432:5432", (Some(5432), Some(5432), None)),
            ("${DB_PORT}:5432", (None, Some(5432), Some(true))),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
