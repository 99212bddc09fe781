//! Plugins in plugins: what Fastify registers inside of one reaches no further, unless `fastify-plugin` says that it does.
//!
//! <https://fastify.dev/docs/latest/Reference/Encapsulation/>

use super::library::Library;
use super::routes::Routes;
use crate::eval::{Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::syntax::code::{ExprKind, visit};
use crate::syntax::{FileId, Span};

/// Plugins in plugins that are followed.
const MOST_DEPTH: usize = 12;

/// A function that is registered.
struct Plugin {
    file: FileId,
    span: Span,
    /// Where it is registered.
    at: (FileId, Span),
    /// Whether what it registers stays inside of it.
    keeps: bool,
}

/// The plugins of an app.
pub(super) struct Scopes {
    plugins: Vec<Plugin>,
}

impl Scopes {
    /// The plugins that some files register, one by one or a folder at a time.
    pub(super) fn of(reading: &Reading<'_>, files: &[FileId]) -> Scopes {
        let mut plugins: Vec<Plugin> = Vec::new();
        let mut folders: Option<(FileId, Span)> = None;
        for file in reading.documents.project.mentioning(files, &[".register("]) {
            let Some(module) = reading.documents.module_of(file) else { continue };
            visit(&module.body, &mut |expr, _| {
                let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
                let ExprKind::Member { property, .. } = &callee.kind else { return };
                let Some(first) = arguments.first().filter(|_| &**property == "register") else { return };
                let value = reading.evaluator.expression_at(file, &first.value);
                if matches!(&value.kind, Kind::External { module, .. } if &**module == "@fastify/autoload") {
                    folders = folders.or(Some((file, expr.span)));
                }
                plugins.extend(plugin(reading, &value, (file, expr.span)));
            });
        }
        if let Some(at) = folders {
            for file in files {
                let Some(own) = plugin(reading, &reading.evaluator.export(*file, "default"), at) else { continue };
                let is_known = plugins.iter().any(|known| known.file == own.file && known.span == own.span);
                let holds = own.file == at.0 && own.span.holds(at.1);
                if !is_known && !holds && own.file == *file {
                    plugins.push(own);
                }
            }
        }
        Scopes { plugins }
    }

    /// Whether what is registered at a place reaches none of the routes at which somebody signs in, or, where there are none
    /// of those, not all of the others.
    pub(super) fn limit_misses(&self, place: Place, routes: &[Routes]) -> bool {
        let Some(scope) = self.scope(place) else { return false };
        let all = || routes.iter().flat_map(Routes::places);
        if all().any(|(_, is_login)| is_login) {
            return !all().any(|(route, is_login)| is_login && self.is_inside(route, &scope));
        }
        !all().all(|(route, _)| self.is_inside(route, &scope))
    }

    /// Whether what is registered at a place does not reach every route.
    pub(super) fn headers_miss(&self, place: Place, routes: &[Routes]) -> bool {
        let Some(scope) = self.scope(place) else { return false };
        !routes.iter().flat_map(Routes::places).all(|(route, _)| self.is_inside(route, &scope))
    }

    /// The plugins around a place that keep what they register; none where it is the app's own.
    fn scope(&self, place: Place) -> Option<Vec<usize>> {
        Some(self.around(place.in_file()?)).filter(|scope| !scope.is_empty())
    }

    fn is_inside(&self, route: Place, scope: &[usize]) -> bool {
        route.in_file().is_some_and(|place| self.around(place).starts_with(scope))
    }

    /// The plugins around a place that keep what they register, the outermost one first.
    fn around(&self, place: (FileId, Span)) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = place;
        for _ in 0..MOST_DEPTH {
            let holding = self
                .plugins
                .iter()
                .enumerate()
                .filter(|(index, plugin)| plugin.file == at.0 && plugin.span.holds(at.1) && !found.contains(index));
            let Some((index, plugin)) = holding.min_by_key(|(_, plugin)| plugin.span.end - plugin.span.start) else {
                break;
            };
            if plugin.keeps {
                found.push(index);
            }
            if plugin.at == at {
                break;
            }
            at = plugin.at;
        }
        found.reverse();
        found
    }
}

/// The function that a value is as a plugin: itself, what `fp` was given, the default export of a module.
fn plugin(reading: &Reading<'_>, value: &Value, at: (FileId, Span)) -> Option<Plugin> {
    match &value.kind {
        Kind::Function(closure) => Some(Plugin { file: closure.file, span: closure.function.span, at, keeps: true }),
        Kind::Call(call) if call.origin().is_some_and(|(module, _)| module == "fastify-plugin") => {
            Some(Plugin { keeps: false, ..plugin(reading, call.arguments.first()?, at)? })
        }
        Kind::Module(file) => match reading.evaluator.export(*file, "default") {
            Value { kind: Kind::Module(_), .. } => None,
            exported => plugin(reading, &exported, at),
        },
        _ => None,
    }
}

/// Whether a host has plugins of this kind.
pub(super) fn keeps_plugins_apart(library: &Library) -> bool {
    library.id == "npm/fastify"
}
