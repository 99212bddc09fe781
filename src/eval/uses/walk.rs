//! The walk: each file that may use a package once, and each function that is handed something of one where that
//! happens.

mod entered;
mod found;
mod reach;

use super::names::{Names, is_path};
use super::objects::object;
use super::{Given, Object, Use, Way};
use crate::eval::scope::Frame;
use crate::eval::sites::Standing;
use crate::eval::{Because, Call, ClassValue, Evaluator, Kind, Place, Value};
use crate::syntax::code::{Argument, Around, Expr, ExprKind, Language, Site, Spread, visit_sites};
use crate::syntax::{FileId, Span};
use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Uses beyond this are not looked for.
const MOST_USES: usize = 10_000;
/// Steps that one use may take, with all that happens in the functions that it is handed to.
const MOST_STEPS: usize = 50_000;
/// Steps that there are for each, however many were used up before: as many as it takes to see what is used.
const LEAST_STEPS: usize = 400;
/// Times that a loop is followed.
const MOST_ROUNDS: usize = 16;

/// Every use of what some modules give; see [`Evaluator::uses`].
pub(super) fn uses(
    evaluator: &Evaluator<'_>,
    importing: &[FileId],
    own: &[FileId],
    is_meant: &dyn Fn(&str) -> bool,
) -> Vec<Use> {
    let mut search = Search::new(evaluator, is_meant);
    for file in search.reach(importing, own) {
        search.file(file);
    }
    search.done()
}

/// A function of the project: where it stands.
type Key = (FileId, Span);

/// One search.
struct Search<'s, 'a> {
    evaluator: &'s Evaluator<'a>,
    is_meant: &'s dyn Fn(&str) -> bool,
    names: HashMap<FileId, Rc<Names>>,
    /// What is found, with the functions around it whose callers are not known there.
    found: Vec<(Use, Vec<Key>)>,
    /// Functions that were entered from a call: what stands in them is told by their callers.
    entered: HashMap<Key, usize>,
    active: Vec<Key>,
    /// Names in functions that are handed nothing of a package, where they have some.
    plain: HashMap<Key, Option<Rc<Names>>>,
    made: HashMap<Place, Object>,
}

/// A walk through a file, or through a function that is called.
struct Walk<'s, 'a> {
    file: FileId,
    python: bool,
    names: Rc<Names>,
    standing: Standing<'s, 'a>,
    /// Whether the walk itself happens.
    present: Value,
    /// Whether it happens once, as the program starts, and not for each request.
    once: bool,
    /// The functions around the call that it follows, whose callers are not known there.
    around: Vec<Key>,
    /// Calls whose result is called in turn, with nothing given: `create<Context>()(options)`.
    inner: Vec<Span>,
    objects: HashMap<*const Expr, Option<Object>>,
    /// How often each loop is followed, by what it goes over.
    rounds: HashMap<*const Expr, usize>,
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(evaluator: &'s Evaluator<'a>, is_meant: &'s dyn Fn(&str) -> bool) -> Self {
        Search {
            evaluator,
            is_meant,
            names: HashMap::new(),
            found: Vec::new(),
            entered: HashMap::new(),
            active: Vec::new(),
            plain: HashMap::new(),
            made: HashMap::new(),
        }
    }

    fn file(&mut self, file: FileId) {
        let (Some(module), Some(names)) = (self.evaluator.module(file), self.names.get(&file).cloned()) else { return };
        let this = self.fields(file, &module, &names);
        let mut walk = Walk {
            file,
            python: module.language == Language::Python,
            names,
            standing: Standing::in_file(self.evaluator, file, this),
            present: Value::written(Kind::Bool(true), Place::File(file, Span::default())),
            once: true,
            around: Vec::new(),
            inner: Vec::new(),
            objects: HashMap::new(),
            rounds: HashMap::new(),
        };
        visit_sites(&module.body, &mut |expr, site| self.site(&mut walk, expr, site));
    }

    fn site(&mut self, walk: &mut Walk<'s, 'a>, expr: &Expr, site: Site<'_, '_>) {
        if self.found.len() >= MOST_USES {
            return;
        }
        match &expr.kind {
            ExprKind::Call { callee, arguments, is_new, .. } => {
                let handed = arguments.iter().any(|argument| walk.names.hold_argument(argument));
                if (handed || walk.names.hold(callee)) && !walk.inner.contains(&expr.span) {
                    let evaluator = self.evaluator;
                    for round in self.rounds(walk, site) {
                        walk.standing.round = round;
                        let mut call = || self.call(walk, expr, (callee, arguments, *is_new), site);
                        evaluator.at_most(MOST_STEPS, || evaluator.at_least(LEAST_STEPS, &mut call));
                    }
                    walk.standing.round = None;
                }
            }
            _ if site.decorates.is_some() && walk.names.hold(expr) => {
                let frame = walk.standing.at(expr, site);
                let value = self.evaluator.expr(expr, &frame);
                if let Some((module, export)) = self.named(&value, walk.python) {
                    self.add(walk, (module, export), Way::Named, value, Given::default(), (expr, site, &frame));
                }
            }
            _ => {}
        }
    }

    /// How often what stands at a site happens that is known: once for each item of the list that the loop around it goes
    /// over, where that can be read.
    fn rounds(&self, walk: &mut Walk<'s, 'a>, site: Site<'_, '_>) -> Vec<Option<usize>> {
        let mut loops = site.around.iter().enumerate().filter_map(|(index, scope)| match scope {
            Around::Loop { over, .. } => Some((index, *over)),
            _ => None,
        });
        let (Some((index, over)), None) = (loops.next(), loops.next()) else { return vec![None] };
        let evaluator = self.evaluator;
        let count = *walk.rounds.entry(std::ptr::from_ref(over)).or_insert_with(|| {
            let outside = Site { guards: &[], around: &site.around[..index], decorates: None };
            let frame = walk.standing.at(over, outside);
            let all = evaluator.at_most(MOST_STEPS, || evaluator.expr(over, &frame));
            match all.kind {
                Kind::List { items, open: None } if items.len() <= MOST_ROUNDS => items.len(),
                _ => 0,
            }
        });
        if count == 0 { vec![None] } else { (0..count).map(Some).collect() }
    }

    fn call(
        &mut self,
        walk: &mut Walk<'s, 'a>,
        expr: &Expr,
        (callee, arguments, is_new): (&Expr, &[Argument], bool),
        site: Site<'_, '_>,
    ) {
        let frame = walk.standing.at(expr, site);
        let here = (expr, site, &*frame);
        let mut of = None;
        if let ExprKind::Member { object, property, .. } = &callee.kind
            && walk.names.hold(object)
        {
            of = self.object(walk, object, &frame);
            if let Some(of) = &of {
                let given = self.evaluator.given(arguments, &frame);
                let way = Way::Method { name: property.clone(), of: of.clone() };
                let value = self.evaluator.expr(callee, &frame);
                let call = called(value, is_new, &given, Place::File(walk.file, expr.span));
                self.add(walk, (of.module.clone(), of.export.clone()), way, call, given, here);
            }
        }
        self.handed(walk, callee, arguments, of.clone(), here);
        self.for_each(walk, callee, arguments, here);
        if of.is_none() {
            self.called(walk, (callee, arguments, is_new), here);
        }
    }

    /// The arguments that are something of a package and are not called themselves.
    fn handed(
        &mut self,
        walk: &mut Walk<'s, 'a>,
        callee: &Expr,
        arguments: &[Argument],
        of: Option<Object>,
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let Some(to) = last_name(callee) else { return };
        let mut all: Option<Given> = None;
        for (index, argument) in arguments.iter().enumerate() {
            let may_be = argument.spread == Spread::No
                && (is_path(&argument.value) || matches!(argument.value.kind, ExprKind::ImportCall(_)))
                && walk.names.hold(&argument.value);
            if !may_be {
                continue;
            }
            let value = self.evaluator.expr(&argument.value, here.2);
            let mut beside = || {
                let given = all.get_or_insert_with(|| self.evaluator.given(arguments, here.2));
                if argument.name.is_none() { given.after(index) } else { given.clone() }
            };
            let (value, given) = match &value.kind {
                Kind::Class(class) => match self.derived(walk, class, beside(), &value) {
                    Some(base) => base,
                    None => continue,
                },
                _ => (value, beside()),
            };
            let Some(named) = self.named(&value, walk.python) else { continue };
            self.add(walk, named, Way::Handed { to: to.clone(), of: of.clone() }, value, given, here);
        }
    }

    /// The class of a package that one of the project's is built on which is handed on, and what that one is given: what it
    /// is mounted on comes first.
    fn derived(&self, walk: &Walk<'s, 'a>, class: &ClassValue, beside: Given, value: &Value) -> Option<(Value, Given)> {
        let is_one = |base: &Value| self.named(base, walk.python).is_some();
        let mut given = beside;
        given.arguments.insert(0, Value::unknown(Because::Undecided, &value.trail));
        let (base, mut given) = self.evaluator.made_outside(class, given, &value.trail, &is_one)?;
        if !given.arguments.is_empty() {
            given.arguments.remove(0);
        }
        Some((base, given))
    }

    /// A call of something of a package, or of a function of the project that is entered.
    fn called(
        &mut self,
        walk: &mut Walk<'s, 'a>,
        (callee, arguments, is_new): (&Expr, &[Argument], bool),
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let (expr, _, frame) = here;
        let value = self.evaluator.expr(callee, frame);
        let arms = match &value.kind {
            Kind::Choice(_, arms) => arms.to_vec(),
            _ => vec![value.clone()],
        };
        for (index, arm) in arms.iter().enumerate() {
            let chosen = match &value.kind {
                Kind::Choice(question, arms) => {
                    let is_it = |other| Value::new(Kind::Bool(other == index), &value.trail);
                    Some(Value::choice(question.clone(), (0..arms.len()).map(is_it).collect(), &value.trail))
                }
                _ => None,
            };
            let place = Place::File(walk.file, expr.span);
            match &arm.kind {
                Kind::External { .. } => {
                    let Some(named) = self.named(arm, walk.python) else { continue };
                    let given = self.evaluator.given(arguments, frame);
                    let call = called(arm.clone(), is_new, &given, place);
                    self.add_if(walk, chosen, named, Way::Called, call, given, here);
                }
                Kind::Call(inner) if inner.arguments.is_empty() && inner.keywords.is_empty() => {
                    let Some(made) = object(arm, walk.python, self.is_meant) else { continue };
                    walk.inner.push(callee.span);
                    let given = self.evaluator.given(arguments, frame);
                    let call = called(arm.clone(), is_new, &given, place);
                    self.add_if(walk, chosen, (made.module, made.export), Way::Called, call, given, here);
                }
                // A class of the project that is one of the package's.
                Kind::Class(class) => {
                    let given = self.evaluator.given(arguments, frame);
                    let is_one = |base: &Value| self.named(base, walk.python).is_some();
                    let made = self.evaluator.made_outside(class, given, &value.trail, &is_one);
                    let Some((base, given)) = made else { continue };
                    let Some(named) = self.named(&base, walk.python) else { continue };
                    let call = called(base, is_new, &given, place);
                    self.add_if(walk, chosen, named, Way::Called, call, given, here);
                }
                Kind::Function(closure) => {
                    let given = self.evaluator.given(arguments, frame);
                    let method = self.method_of(callee, closure, frame);
                    self.enter(walk, method.as_ref().unwrap_or(closure), &given, chosen, here);
                }
                _ => {}
            }
        }
    }
}

fn called(callee: Value, is_new: bool, given: &Given, place: Place) -> Value {
    let call = Call { callee, is_new, arguments: given.arguments.clone(), keywords: given.keywords.clone() };
    Value::written(Kind::Call(Arc::new(call)), place)
}

/// `register` of `app.register`, `Middleware` of `Middleware`.
fn last_name(callee: &Expr) -> Option<Arc<str>> {
    match &callee.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Member { property, .. } => Some(property.clone()),
        _ => None,
    }
}
