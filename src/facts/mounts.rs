//! Where in an app something is mounted: on the app or on a router, below which path, before or behind the routes.

use super::code::is_export;
use super::library::{Host, Library};
use super::routes::{is_health, is_login_path};
use crate::eval::{Kind, Object, Place, Use, Value, Way};

/// Routers in routers.
const MOST_ROUTERS: usize = 4;

/// Methods that mount something and add no route by themselves.
const MOUNTS: &[&str] = &["use", "route", "register", "all", "group", "mount"];

/// Exports of hosts that answer by themselves, and lead to no route of the app.
const NO_ROUTERS: &[&str] = &["static", "json", "raw", "text", "urlencoded", "serveStatic"];

/// The uses of one app, asked for where things are mounted in it.
pub(super) struct Mounts<'u> {
    uses: &'u [Use],
    host: &'static Host,
    registry: &'static str,
}

/// One route that a use adds.
struct Route<'u> {
    index: usize,
    on: &'u Object,
    is_login: bool,
    /// The addresses that it answers to; none where nobody can tell.
    addresses: Option<Vec<String>>,
}

impl<'u> Mounts<'u> {
    pub(super) fn of(uses: &'u [Use], library: &'static Library) -> Option<Mounts<'u>> {
        let registry = library.id.split('/').next()?;
        Some(Mounts { uses, host: library.host.as_ref()?, registry })
    }

    /// Whether it is seen on what the thing is mounted that is made at a place.
    pub(super) fn know(&self, made: Place) -> bool {
        !self.mounts(made).is_empty()
    }

    /// Whether what is made at a place only answers the question that comes before a request: `app.options("*", cors())`.
    pub(super) fn only_answers_before(&self, made: Place) -> bool {
        let mounts = self.mounts(made);
        let is_one = |index: &usize| matches!(&self.uses[*index].way, Way::Method { name, .. } if &**name == "options");
        !mounts.is_empty() && mounts.iter().all(is_one)
    }

    /// Whether a limit that is made at a place stands before no way to sign in, though there is one: below another path,
    /// or behind it.
    pub(super) fn limit_misses(&self, made: Place) -> bool {
        let mounts = self.mounts(made);
        let logins: Vec<Route<'_>> = self.routes().into_iter().filter(|route| route.is_login).collect();
        if mounts.is_empty() || logins.is_empty() {
            return false;
        }
        let holds = |index: usize, login: &Route<'_>| {
            let Some(own) = self.addresses(index) else { return true };
            let is_below = own.iter().any(|own| is_login_path(own))
                || login
                    .addresses
                    .as_ref()
                    .is_none_or(|all| all.iter().any(|all| own.iter().any(|own| covers(own, all))));
            is_below && !self.is_behind(index, login)
        };
        !mounts.iter().any(|index| logins.iter().any(|login| holds(*index, login)))
    }

    /// Whether headers that are made at a place are sent with a part of the answers alone: those below a path, those of a
    /// router, those of routes that come later.
    pub(super) fn headers_miss(&self, made: Place) -> bool {
        let mounts = self.mounts(made);
        let routes = self.routes();
        let misses = |index: usize, route: &Route<'_>| {
            let outside = match (self.addresses(index), &route.addresses) {
                (Some(own), Some(all)) => !all.iter().all(|all| own.iter().any(|own| covers(own, all))),
                _ => false,
            };
            outside || self.is_behind(index, route)
        };
        !mounts.is_empty() && routes.iter().any(|route| mounts.iter().all(|index| misses(*index, route)))
    }

    /// The uses that mount what was made at a place, or are it.
    fn mounts(&self, made: Place) -> Vec<usize> {
        let Some(call) = self.uses.iter().find(|one| one.place == made && matches!(one.way, Way::Called)) else {
            return Vec::new();
        };
        let is_one = |one: &Use| matches!(one.way, Way::Method { .. }) && one.takes(call);
        (0..self.uses.len()).filter(|index| is_one(&self.uses[*index])).collect()
    }

    /// Whether a mount comes behind a route, or behind the router that it is added to.
    fn is_behind(&self, mount: usize, route: &Route<'_>) -> bool {
        self.follows(mount, (route.on, route.index), MOST_ROUTERS)
    }

    fn follows(&self, mount: usize, (on, index): (&Object, usize), depth: usize) -> bool {
        let (Way::Method { of, .. }, Some(depth)) = (&self.uses[mount].way, depth.checked_sub(1)) else { return false };
        if of.made == on.made {
            return self.is_later(mount, index);
        }
        let outer: Vec<_> = self.mounts_of(on).collect();
        !outer.is_empty() && outer.into_iter().all(|(index, on)| self.follows(mount, (on, index), depth))
    }

    /// Whether one use happens after another one. Of a chain of calls, which all begin at one place, the later one ends later.
    fn is_later(&self, one: usize, other: usize) -> bool {
        match (self.uses[one].place.in_file(), self.uses[other].place.in_file()) {
            (Some((file, span)), Some((beside, before))) if file == beside && span.start == before.start => {
                span.end > before.end
            }
            _ => one > other,
        }
    }

    /// The uses that mount an object on another one.
    fn mounts_of(&self, of: &Object) -> impl Iterator<Item = (usize, &'u Object)> + '_ {
        let made = of.made;
        let is_it = move |value: &Value| value.as_call().is_some() && value.trail.primary() == made.in_file();
        self.uses.iter().enumerate().filter_map(move |(index, one)| match &one.way {
            Way::Method { name, of: on } if MOUNTS.contains(&&**name) && on.made != made => {
                one.given.arguments.iter().any(is_it).then_some((index, on))
            }
            _ => None,
        })
    }

    /// The routes that do more than say that the app lives, and the routers that are mounted.
    fn routes(&self) -> Vec<Route<'u>> {
        let mut found = Vec::new();
        for (index, one) in self.uses.iter().enumerate() {
            let Way::Method { name, of } = &one.way else { continue };
            if !self.host.modules.contains(&&*of.module) {
                continue;
            }
            let arguments = &one.given.arguments;
            let path = arguments.first().and_then(text);
            let is_route = match MOUNTS.contains(&&**name) {
                true => arguments.iter().any(|argument| self.is_router(argument)),
                false => self.host.routes.contains(&&**name) && path.is_some() && arguments.len() > 1,
            };
            if is_route && !path.as_deref().is_some_and(is_health) {
                let is_login = path.as_deref().is_some_and(is_login_path);
                found.push(Route { index, on: of, is_login, addresses: self.addresses(index) });
            }
        }
        found
    }

    fn is_router(&self, value: &Value) -> bool {
        let Kind::Call(call) = &value.kind else { return false };
        call.origin().is_some_and(|(module, path)| {
            let name = path.rsplit('.').next().unwrap_or(path);
            self.host.modules.contains(&module) && !NO_ROUTERS.contains(&name)
        })
    }

    /// The addresses below which a use stands; none where nobody can tell.
    fn addresses(&self, index: usize) -> Option<Vec<String>> {
        let one = &self.uses[index];
        let Way::Method { of, .. } = &one.way else { return None };
        let own = paths(one)?;
        let before = self.prefixes(of, MOST_ROUTERS)?;
        Some(before.iter().flat_map(|before| own.iter().map(move |own| joined(before, own))).collect())
    }

    /// The paths below which an object is mounted: of the app itself nothing.
    fn prefixes(&self, of: &Object, depth: usize) -> Option<Vec<String>> {
        let depth = depth.checked_sub(1)?;
        let mut all = Vec::new();
        for (index, on) in self.mounts_of(of) {
            let before = self.prefixes(on, depth)?;
            let own = paths(&self.uses[index])?;
            all.extend(before.iter().flat_map(|before| own.iter().map(move |own| joined(before, own))));
        }
        let is_app = is_export(self.registry, &self.host.modules, &self.host.made_by, &of.module, &of.export);
        match all.is_empty() {
            // A router that nobody is seen to mount.
            true if !is_app => None,
            true => Some(vec![String::new()]),
            false => Some(all),
        }
    }
}

/// The paths that a use names, an empty one where it names none; none where they cannot be told.
fn paths(one: &Use) -> Option<Vec<String>> {
    let Some(first) = one.given.arguments.first() else { return Some(vec![String::new()]) };
    match &first.kind {
        Kind::Text(_) => Some(vec![text(first)?]),
        Kind::List { items, open: None } if !items.is_empty() && items.iter().all(|item| item.as_text().is_some()) => {
            Some(items.iter().filter_map(text).collect())
        }
        Kind::Function(_) | Kind::Call(_) | Kind::External { .. } | Kind::List { .. } => Some(vec![String::new()]),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_text().map(|text| text.as_name().to_string())
}

fn joined(before: &str, own: &str) -> String {
    format!("{}/{}", before.trim_end_matches('/'), plain(own).trim_start_matches('/'))
}

/// A path without what stands for everything below it.
fn plain(path: &str) -> &str {
    path.trim_end_matches("(.*)").trim_end_matches(['*', '/']).trim_end_matches("/{")
}

/// Whether one path stands before another one: `/api` before `/api/login`.
fn covers(mounted: &str, path: &str) -> bool {
    let rest = plain(path).strip_prefix(plain(mounted));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{covers, joined};

    #[test]
    fn a_path_stands_before_what_lies_below_it() {
        assert!(covers("/", "/login") && covers("", "/login") && covers("/api/*", "/api/login") && covers("/*", "/a"));
        assert!(!covers("/api", "/apis") && !covers("/api", "/login"));
        assert_eq!(joined("/v1/", "/auth"), "/v1/auth");
        assert_eq!(joined("", "*"), "/");
    }
}
