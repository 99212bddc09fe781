//! The servers and locations of a configuration, each with the directives that hold in it: includes followed, outer
//! levels inherited.

use crate::eval::Place;
use crate::frameworks::Reading;
use crate::frameworks::platforms::edge::Headers;
use crate::syntax::FileId;
use crate::syntax::data::nginx::{Directive, read as parse};
use crate::text::Text;

/// `include` is followed this deep.
pub(super) const MOST_INCLUDES: usize = 4;

/// A directive and the file it stands in.
#[derive(Clone)]
pub(super) struct Own {
    pub(super) file: FileId,
    pub(super) directive: Directive,
}

/// One `server`.
pub(super) struct Server {
    pub(super) file: FileId,
    /// What holds for it: from outside in.
    pub(super) levels: Vec<Vec<Own>>,
    pub(super) names: Vec<String>,
    pub(super) listens: Vec<(Place, Option<u16>, bool)>,
    pub(super) place: Place,
}

/// The directives of a file, with those of the repository's files that it includes.
pub(super) fn directives(reading: &Reading<'_>, file: FileId, depth: usize) -> Vec<Own> {
    let Some(parsed) = reading.documents.project.text(file).ok().and_then(|text| parse(text).ok()) else {
        return Vec::new();
    };
    expanded(reading, file, &parsed.directives, depth)
}

pub(super) fn expanded(reading: &Reading<'_>, file: FileId, list: &[Directive], depth: usize) -> Vec<Own> {
    let mut all = Vec::new();
    for directive in list {
        let included = (&*directive.name == "include" && depth > 0).then(|| included(reading, directive)).flatten();
        match included {
            Some(file) => all.extend(directives(reading, file, depth - 1)),
            None => all.push(Own { file, directive: directive.clone() }),
        }
    }
    all
}

/// The file of the repository with the name of an included one; patterns and what the image brings are not followed.
pub(super) fn included(reading: &Reading<'_>, directive: &Directive) -> Option<FileId> {
    let name = directive.arg(0)?.as_name();
    let name = name.rsplit('/').next()?;
    if name.contains('*') || matches!(name, "mime.types" | "fastcgi_params" | "proxy_params" | "uwsgi_params") {
        return None;
    }
    let project = reading.documents.project;
    let mut named = project.ids().filter(|file| project.file(*file).name() == name);
    let only = named.next()?;
    named.next().is_none().then_some(only)
}

pub(super) fn collect(reading: &Reading<'_>, list: &[Own], levels: &mut Vec<Vec<Own>>, into: &mut Vec<Server>) {
    levels.push(list.to_vec());
    for own in list {
        let Some(block) = &own.directive.block else { continue };
        match &*own.directive.name {
            "http" => {
                let inner = expanded(reading, own.file, block, MOST_INCLUDES);
                collect(reading, &inner, levels, into);
            }
            "server" => {
                let inner = expanded(reading, own.file, block, MOST_INCLUDES);
                into.push(Server::of(own, inner, levels));
            }
            _ => {}
        }
    }
    levels.pop();
}

impl Own {
    pub(super) fn place(&self) -> Place {
        Place::File(self.file, self.directive.span)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        &*self.directive.name == name
    }

    pub(super) fn arg(&self, position: usize) -> Option<&Text> {
        self.directive.arg(position)
    }

    pub(super) fn says(&self, word: &str) -> bool {
        self.directive.args.iter().any(|argument| argument.text.is(word))
    }
}

impl Server {
    pub(super) fn of(own: &Own, inner: Vec<Own>, outer: &[Vec<Own>]) -> Server {
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
        levels.push(inner);
        Server { file: own.file, levels, names, listens, place }
    }

    pub(super) fn own(&self) -> &[Own] {
        self.levels.last().map_or(&[], Vec::as_slice)
    }

    pub(super) fn speaks_tls(&self) -> bool {
        self.listens.iter().any(|(_, _, tls)| *tls)
    }

    pub(super) fn name(&self, reading: &Reading<'_>) -> String {
        let path = &reading.documents.project.file(self.file).path;
        let name = self.names.first().map_or("_", String::as_str);
        let scheme = if self.speaks_tls() { "https" } else { "http" };
        format!("{path} {scheme} {name}")
    }

    /// Whether everything it is asked for is sent on to https, but for the proofs of certificates.
    pub(super) fn redirects(&self) -> Option<Place> {
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
            block.iter().map(|directive| Own { file: own.file, directive: directive.clone() }).find(|own| to_https(own))
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

pub(super) fn is_for_certificates(own: &Own) -> bool {
    own.directive
        .args
        .iter()
        .any(|argument| argument.text.test(|text| text.contains(".well-known") || text.contains("acme")))
}

/// One `location`, or the server itself where it has none.
pub(super) struct Location<'s> {
    pub(super) path: String,
    pub(super) place: Place,
    /// From outside in, the location's own last.
    pub(super) levels: Vec<&'s [Own]>,
    /// Directives of `if`s and other blocks inside it.
    pub(super) inner: Vec<Own>,
}

impl Location<'_> {
    pub(super) fn own(&self) -> &[Own] {
        self.levels.last().copied().unwrap_or_default()
    }

    /// Directives that the innermost level which has any of them decides.
    pub(super) fn effective<'l>(&'l self, name: &'l str) -> Vec<&'l Own> {
        for level in self.levels.iter().rev() {
            let own: Vec<&Own> = level.iter().filter(|own| own.is(name)).collect();
            if !own.is_empty() {
                return own;
            }
        }
        Vec::new()
    }

    pub(super) fn proxied(&self) -> Option<&Own> {
        let passes = ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass", "scgi_pass"];
        self.own().iter().chain(&self.inner).find(|own| passes.contains(&&*own.directive.name))
    }

    /// Whether it only sends on or refuses.
    pub(super) fn serves_nothing(&self) -> bool {
        let own = self.own();
        let ends = own.iter().any(|own| own.is("return") || (own.is("deny") && own.says("all")));
        ends && self.proxied().is_none()
    }

    pub(super) fn is_guarded(&self) -> bool {
        let guards = ["auth_basic", "auth_request", "allow", "deny", "internal", "auth_jwt", "satisfy"];
        self.levels
            .iter()
            .flat_map(|level| level.iter())
            .chain(&self.inner)
            .any(|own| guards.contains(&&*own.directive.name) && !(own.is("auth_basic") && own.says("off")))
            || self.serves_nothing()
            || self.own().iter().any(|own| own.is("ssl_verify_client") && own.says("on"))
    }

    pub(super) fn headers(&self) -> Headers {
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
pub(super) fn locations(server: &Server) -> Vec<(String, Place, Vec<Own>, Vec<Own>)> {
    let mut found = Vec::new();
    for own in server.own().iter().filter(|own| own.is("location")) {
        let Some(block) = &own.directive.block else { continue };
        let path = own.directive.args.last().map_or_else(String::new, |argument| argument.text.as_name().to_string());
        let inner: Vec<Own> =
            block.iter().map(|directive| Own { file: own.file, directive: directive.clone() }).collect();
        let deeper = inner
            .iter()
            .filter(|own| own.is("if") || own.is("limit_except"))
            .flat_map(|own| {
                let block = own.directive.block.as_deref().unwrap_or_default();
                block.iter().map(|directive| Own { file: own.file, directive: directive.clone() }).collect::<Vec<_>>()
            })
            .collect();
        found.push((path, Place::File(own.file, own.directive.name_span), inner, deeper));
    }
    found
}
