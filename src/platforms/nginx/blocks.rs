//! The servers and locations of a configuration, each with the directives that hold in it: includes followed, outer
//! levels inherited.

use crate::eval::Place;
use crate::platforms::edge::Headers;
use crate::project::{inside, upward};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::data::Refused;
use crate::syntax::data::nginx::{Directive, read as parse};
use crate::text::Text;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

/// `include` is followed this deep.
const MOST_INCLUDES: usize = 4;
/// Files that are read for one configuration: files that include each other many times over multiply.
const MOST_FILES: usize = 1_000;

/// A directive and the file it stands in.
#[derive(Clone)]
pub(crate) struct Own {
    pub(crate) file: FileId,
    pub(crate) directive: Directive,
    /// What stands in its block, includes followed, where it is a `location`.
    inner: Vec<Own>,
}

/// One `server`.
pub(crate) struct Server {
    pub(crate) file: FileId,
    /// What holds for it: from outside in.
    pub(crate) levels: Vec<Rc<[Own]>>,
    pub(crate) names: Vec<String>,
    pub(crate) listens: Vec<(Place, Option<u16>, bool)>,
    pub(crate) place: Place,
}

/// Reads the files of a configuration, and remembers which of them others include.
pub(crate) struct Reader<'r, 'a> {
    reading: &'r Reading<'a>,
    included: RefCell<BTreeSet<FileId>>,
    /// How many more files are read.
    left: Cell<usize>,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(crate) fn new(reading: &'r Reading<'a>) -> Self {
        Reader { reading, included: RefCell::default(), left: Cell::new(MOST_FILES) }
    }

    /// Whether another file that was read includes this one.
    pub(crate) fn is_included(&self, file: FileId) -> bool {
        self.included.borrow().contains(&file)
    }

    /// The servers of a file and of the repository's files that it includes.
    pub(crate) fn servers(&self, file: FileId) -> Vec<Server> {
        let mut servers = Vec::new();
        self.collect(&self.directives(file, MOST_INCLUDES), &mut Vec::new(), &mut servers);
        servers
    }

    fn directives(&self, file: FileId, depth: usize) -> Vec<Own> {
        let Some(left) = self.left.get().checked_sub(1) else { return Vec::new() };
        self.left.set(left);
        let documents = self.reading.documents;
        let refused = |refused: &Refused| documents.refused(file, refused);
        let parsed = documents.project.text(file).ok().and_then(|text| parse(text).inspect_err(refused).ok());
        parsed.map_or_else(Vec::new, |parsed| self.expanded(file, &parsed.directives, depth))
    }

    fn expanded(&self, file: FileId, list: &[Directive], depth: usize) -> Vec<Own> {
        let mut all = Vec::new();
        for directive in list {
            let is_include = &*directive.name == "include" && depth > 0;
            let files = if is_include { included(self.reading, file, directive) } else { Vec::new() };
            if files.is_empty() {
                let block = directive.block.as_deref().filter(|_| &*directive.name == "location" && depth > 0);
                let inner = block.map_or_else(Vec::new, |block| self.expanded(file, block, depth - 1));
                all.push(Own { inner, ..Own::of(file, directive) });
            }
            for file in files {
                self.included.borrow_mut().insert(file);
                all.extend(self.directives(file, depth - 1));
            }
        }
        all
    }

    fn collect(&self, list: &[Own], levels: &mut Vec<Rc<[Own]>>, into: &mut Vec<Server>) {
        // The blocks in it do not hold for each other.
        levels.push(list.iter().filter(|own| !own.is("http") && !own.is("server")).cloned().collect());
        for own in list {
            let Some(block) = &own.directive.block else { continue };
            match &*own.directive.name {
                "http" => self.collect(&self.expanded(own.file, block, MOST_INCLUDES), levels, into),
                "server" => into.push(Server::of(own, self.expanded(own.file, block, MOST_INCLUDES), levels)),
                _ => {}
            }
        }
        levels.pop();
    }
}

/// Files that come with nginx and say nothing of the app.
const BROUGHT: &[&str] =
    &["mime.types", "fastcgi_params", "fastcgi.conf", "proxy_params", "uwsgi_params", "scgi_params"];

/// The files of the repository that an `include` means: `snippets/tls.conf`, `/etc/nginx/conf.d/*.conf`. An image has
/// them under other folders, so the end of the path counts, seen from the file's own folder and those above it.
fn included(reading: &Reading<'_>, from: FileId, directive: &Directive) -> Vec<FileId> {
    let Some(path) = directive.arg(0).map(Text::as_name) else { return Vec::new() };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let Some((name, folders)) = parts.split_last() else { return Vec::new() };
    if BROUGHT.contains(name) || path.contains(['$', '{']) || parts.contains(&"..") {
        return Vec::new();
    }
    let project = reading.documents.project;
    let is_pattern = name.contains('*');
    for above in upward(project.file(from).folder()) {
        for skipped in 0..=folders.len() {
            // A pattern alone is no name of a folder.
            if is_pattern && skipped == folders.len() && !folders.is_empty() {
                continue;
            }
            let folder = folders[skipped..].iter().fold(above.to_owned(), |folder, part| inside(&folder, part));
            let found: Vec<FileId> = if is_pattern {
                let fits = |file: &FileId| {
                    let own = project.file(*file);
                    *file != from && own.folder() == folder && matches_pattern(name, own.name())
                };
                project.within(&folder).filter(fits).collect()
            } else {
                project.find(&inside(&folder, name)).into_iter().filter(|file| *file != from).collect()
            };
            if !found.is_empty() {
                return found;
            }
        }
    }
    if is_pattern {
        return Vec::new();
    }
    // Under whatever folder: one file of this name can only be the one that is meant.
    let mut named = project.ids().filter(|file| project.file(*file).name() == *name && *file != from);
    let only = named.next();
    only.filter(|_| named.next().is_none()).into_iter().collect()
}

/// Whether a name fits a pattern with stars.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| name.strip_prefix(start)) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        if at + 1 == parts.len() {
            return rest.ends_with(part) && !name.starts_with('.');
        }
        let Some(found) = rest.find(part) else { return false };
        rest = &rest[found + part.len()..];
    }
    rest.is_empty()
}

impl Own {
    fn of(file: FileId, directive: &Directive) -> Own {
        Own { file, directive: directive.clone(), inner: Vec::new() }
    }

    pub(crate) fn place(&self) -> Place {
        Place::File(self.file, self.directive.span)
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        &*self.directive.name == name
    }

    pub(crate) fn arg(&self, position: usize) -> Option<&Text> {
        self.directive.arg(position)
    }

    pub(crate) fn says(&self, word: &str) -> bool {
        self.directive.args.iter().any(|argument| argument.text.is(word))
    }
}

impl Server {
    pub(crate) fn of(own: &Own, inner: Vec<Own>, outer: &[Rc<[Own]>]) -> Server {
        let names = inner.iter().filter(|own| own.is("server_name")).flat_map(|own| {
            own.directive.args.iter().map(|argument| argument.text.as_name().to_string()).collect::<Vec<_>>()
        });
        let names = names.collect();
        let listens = inner.iter().filter(|own| own.is("listen")).map(|own| {
            let port = own.arg(0).and_then(|address| {
                address.number(|text| match text.rsplit(':').next().unwrap_or(text).parse::<u16>() {
                    Ok(port) => Some(f64::from(port)),
                    Err(_) => Some(80.0).filter(|_| !text.contains('$') && !text.starts_with("unix:")),
                })
            });
            let port = port.and_then(|port| u16::try_from(port as u32).ok());
            (own.place(), port, own.says("ssl") || own.says("quic") || port == Some(443))
        });
        let mut listens: Vec<_> = listens.collect();
        let place = Place::File(own.file, own.directive.name_span);
        if listens.is_empty() {
            listens.push((place, Some(80), inner.iter().any(|own| own.is("ssl") && own.says("on"))));
        }
        let mut levels = outer.to_vec();
        levels.push(inner.into());
        Server { file: own.file, levels, names, listens, place }
    }

    pub(crate) fn own(&self) -> &[Own] {
        self.levels.last().map_or(&[], |level| &**level)
    }

    pub(crate) fn speaks_tls(&self) -> bool {
        self.listens.iter().any(|(_, _, tls)| *tls)
    }

    pub(crate) fn name(&self, reading: &Reading<'_>) -> String {
        let path = &reading.documents.project.file(self.file).path;
        let name = self.names.first().map_or("_", String::as_str);
        let scheme = if self.speaks_tls() { "https" } else { "http" };
        format!("{path} {scheme} {name}")
    }

    /// Whether everything it is asked for is sent on to https, but for the proofs of certificates.
    pub(crate) fn redirects(&self) -> Option<Place> {
        let to_https = |own: &Own| {
            matches!(&*own.directive.name, "return" | "rewrite")
                && own.directive.args.iter().any(|argument| argument.text.test(|text| text.starts_with("https://")))
        };
        let own = self.own();
        if let Some(found) = own.iter().find(|own| to_https(own)) {
            return Some(found.place());
        }
        let inside = |own: &Own| {
            let block = own.directive.block.as_deref().unwrap_or_default();
            block.iter().map(|directive| Own::of(own.file, directive)).find(|own| to_https(own))
        };
        let conditional = own.iter().filter(|own| own.is("if")).find_map(inside);
        if let Some(found) = conditional {
            return Some(found.place());
        }
        let locations: Vec<&Own> = own.iter().filter(|own| own.is("location") && !is_for_certificates(own)).collect();
        let redirected: Vec<Own> = locations.iter().filter_map(|own| inside(own)).collect();
        (!locations.is_empty() && redirected.len() == locations.len()).then(|| redirected[0].place())
    }
}

pub(crate) fn is_for_certificates(own: &Own) -> bool {
    own.directive
        .args
        .iter()
        .any(|argument| argument.text.test(|text| text.contains(".well-known") || text.contains("acme")))
}

/// One `location`, or the server itself where it has none.
pub(crate) struct Location<'s> {
    pub(crate) path: String,
    pub(crate) place: Place,
    /// From outside in, the location's own last.
    pub(crate) levels: Vec<&'s [Own]>,
    /// Directives of `if`s and other blocks inside it.
    pub(crate) inner: Vec<Own>,
}

impl Location<'_> {
    pub(crate) fn own(&self) -> &[Own] {
        self.levels.last().copied().unwrap_or_default()
    }

    /// Directives that the innermost level which has any of them decides.
    pub(crate) fn effective<'l>(&'l self, name: &'l str) -> Vec<&'l Own> {
        for level in self.levels.iter().rev() {
            let own: Vec<&Own> = level.iter().filter(|own| own.is(name)).collect();
            if !own.is_empty() {
                return own;
            }
        }
        Vec::new()
    }

    pub(crate) fn proxied(&self) -> Option<&Own> {
        let passes = ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass", "scgi_pass"];
        self.own().iter().chain(&self.inner).find(|own| passes.contains(&&*own.directive.name))
    }

    /// Whether it only sends on or refuses.
    pub(crate) fn serves_nothing(&self) -> bool {
        let own = self.own();
        let ends = own.iter().any(|own| own.is("return") || (own.is("deny") && own.says("all")));
        ends && self.proxied().is_none()
    }

    pub(crate) fn is_guarded(&self) -> bool {
        let guards = ["auth_basic", "auth_request", "allow", "deny", "internal", "auth_jwt", "satisfy"];
        self.levels
            .iter()
            .flat_map(|level| level.iter())
            .chain(&self.inner)
            .any(|own| guards.contains(&&*own.directive.name) && !(own.is("auth_basic") && own.says("off")))
            || self.serves_nothing()
            || self.own().iter().any(|own| own.is("ssl_verify_client") && own.says("on"))
    }

    pub(crate) fn headers(&self) -> Headers {
        let mut headers = Headers::default();
        for own in self.effective("add_header") {
            if let Some(name) = own.arg(0) {
                headers.add(name, own.arg(1), own.place());
            }
        }
        headers
    }
}

/// The locations of a server, nested ones among them.
pub(crate) fn locations(server: &Server) -> Vec<(String, Place, Vec<Own>, Vec<Own>)> {
    let mut found = Vec::new();
    for own in server.own().iter().filter(|own| own.is("location")) {
        let Some(block) = &own.directive.block else { continue };
        let path = own.directive.args.last().map_or_else(String::new, |argument| argument.text.as_name().to_string());
        let plain = || block.iter().map(|directive| Own::of(own.file, directive)).collect();
        let inner: Vec<Own> = if own.inner.is_empty() { plain() } else { own.inner.clone() };
        let deeper = inner
            .iter()
            .filter(|own| own.is("if") || own.is("limit_except"))
            .flat_map(|own| {
                let block = own.directive.block.as_deref().unwrap_or_default();
                block.iter().map(|directive| Own::of(own.file, directive)).collect::<Vec<_>>()
            })
            .collect();
        found.push((path, Place::File(own.file, own.directive.name_span), inner, deeper));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (pattern, name) in
            [("*.conf", "shop.conf"), ("*", "shop"), ("shop-*.conf", "shop-tls.conf"), ("a*b*c", "axxbxc")]
        {
            assert!(matches_pattern(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.conf", "shop.conf.bak"), ("shop-*.conf", "tls.conf"), ("*.conf", ".conf"), ("a*b*c", "axc")]
        {
            assert!(!matches_pattern(pattern, name), "{pattern} {name}");
        }
    }
}
