//! Names of settings and keys in sentences.

/// A name as it stands out in a sentence: `` `redis.tls` (src/graph.ts)``. Names that are words of ours (`the start command`)
/// stay as they are.
pub(crate) fn code(name: &str) -> String {
    // What tells two of one name apart stands behind it, not in it: `auth.redis (src/graph.ts).tls`.
    if let Some((before, rest)) = name.split_once(" (")
        && !before.contains(['(', '{', '"'])
        && let Some((apart, behind)) = rest.split_once(')')
    {
        return format!("{} ({apart})", code(&format!("{before}{behind}")));
    }
    let is_prose = name.contains(' ') && !name.contains(['(', '{', '[', '"', '=']);
    if name.is_empty() || is_prose || name.contains('`') { name.to_owned() } else { format!("`{name}`") }
}
