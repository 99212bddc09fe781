//! The walk: each file that may use a package once, and each function that is handed something of one where that
//! happens.

use super::names::{Names, each_statement, is_path};
use super::objects::{named, object};
use super::present::both;
use super::{Decorated, Given, Object, Use, Way};
use crate::eval::scope::{Closure, Frame};
use crate::eval::sites::{Standing, This, closure_of};
use crate::eval::trial::CALLER;
use crate::eval::{Because, Call, ClassValue, Evaluator, How, Kind, Place, Step, Target, Value};
use crate::syntax::code::{
    self, Argument, Around, Expr, ExprKind, Imported, Language, Site, Spread, Statement, visit, visit_sites,
};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Uses beyond this are not looked for.
const MOST_USES: usize = 10_000;
/// Files beyond this are not read for what others hand on.
const MOST_REACHED: usize = 500;
/// How often one package is handed on from file to file.
const MOST_HANDS: usize = 3;
/// Functions entered inside each other.
const MOST_DEPTH: usize = 6;
/// Calls of one function that are followed.
const MOST_ENTERED: usize = 8;
/// Calls of all functions that are followed.
const MOST_ENTERED_OF_ALL: usize = 1_000;
/// Steps that one use may take, with all that happens in the functions that it is handed to.
const MOST_STEPS: usize = 50_000;
/// Times that a loop is followed.
const MOST_ROUNDS: usize = 16;
/// Fields of classes of one file that are evaluated.
const MOST_FIELDS: usize = 32;

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

    /// The files that may use something: those that import it, and those that import one of these in turn.
    fn reach(&mut self, importing: &[FileId], own: &[FileId]) -> Vec<FileId> {
        let mut giving: HashSet<FileId> = HashSet::new();
        let mut looked_at = importing.to_vec();
        for round in 0..=MOST_HANDS {
            let mut new = Vec::new();
            for file in looked_at {
                let Some(module) = self.evaluator.module(file) else { continue };
                let giving = &giving;
                let hands_on = |name: &str| {
                    (self.is_meant)(name)
                        || matches!(self.evaluator.resolve(file, name), Target::Code(other) if giving.contains(&other))
                };
                let known = &self.names;
                let gives = |name: &str, what: &Imported| {
                    (self.is_meant)(name)
                        || match self.evaluator.resolve(file, name) {
                            Target::Code(other) => known.get(&other).is_some_and(|names| names.give(what)),
                            _ => false,
                        }
                };
                let names = Names::of(&module, &hands_on, &gives);
                // One that was looked at before hands on what it knows by now.
                let grew = self.names.get(&file).is_none_or(|known| known.len() < names.len());
                if !names.is_empty() && grew {
                    self.names.insert(file, Rc::new(names));
                    new.push(file);
                }
            }
            giving.extend(&new);
            if round == MOST_HANDS || new.is_empty() || giving.len() > MOST_REACHED {
                break;
            }
            let others: Vec<FileId> = own.iter().copied().filter(|file| round == 0 || !giving.contains(file)).collect();
            looked_at = self.evaluator.source.importers(&new, &others);
            // What imports a package itself may import what another one hands on.
            if round < 2 {
                looked_at.extend(importing.iter().filter(|_| importing.len() > 1));
            }
            looked_at.sort_unstable();
            looked_at.dedup();
            looked_at.truncate(MOST_REACHED);
        }
        let mut files: Vec<FileId> = giving.into_iter().collect();
        files.sort_unstable();
        files
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

    /// What `this` and `self` have under the names of fields that a file fills with something of a package.
    fn fields(&self, file: FileId, module: &code::Module, names: &Names) -> This {
        let mut filled: Vec<(Arc<str>, &Expr)> = Vec::new();
        let mut fill = |name: &Arc<str>, value| {
            if filled.len() < MOST_FIELDS && names.hold(value) && filled.iter().all(|(known, _)| known != name) {
                filled.push((name.clone(), value));
            }
        };
        each_statement(&module.body, &mut |statement| {
            if let Statement::Class { class, .. } = statement {
                class.members.iter().for_each(|member| member.value.iter().for_each(|value| fill(&member.name, value)));
            }
        });
        visit(&module.body, &mut |expr, _| {
            if let ExprKind::Assign { target, value, .. } = &expr.kind
                && let ExprKind::Member { object, property, .. } = &target.kind
                && is_own(object)
            {
                fill(property, value);
            }
        });
        // What they are told stands in fields as often.
        each_statement(&module.body, &mut |statement| {
            let Statement::Class { class, .. } = statement else { return };
            for member in class.members.iter().filter(|member| !member.is_getter) {
                let Some(value) = &member.value else { continue };
                let is_told = matches!(value.kind, ExprKind::Object(_) | ExprKind::List(_) | ExprKind::Call { .. });
                if is_told && filled.len() < MOST_FIELDS && filled.iter().all(|(known, _)| *known != member.name) {
                    filled.push((member.name.clone(), value));
                }
            }
        });
        let mut fields = self.evaluator.injected_fields(file, module);
        fields.extend(filled.into_iter().map(|(name, value)| (name, self.evaluator.expression_at(file, value))));
        let told = self.evaluator.methods_that_tell(file, module, &fields);
        fields.extend(told);
        (!fields.is_empty()).then(|| self.evaluator.this_of(file, fields))
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
                        evaluator.at_most(MOST_STEPS, || self.call(walk, expr, (callee, arguments, *is_new), site));
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

    /// A function that is called for each item of a list: `middlewares.forEach((one) => app.use(one))`.
    fn for_each(
        &mut self,
        walk: &Walk<'s, 'a>,
        callee: &Expr,
        arguments: &[Argument],
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let ExprKind::Member { object, property, .. } = &callee.kind else { return };
        let [function] = arguments else { return };
        if &**property != "forEach" || !matches!(function.value.kind, ExprKind::Function(_)) {
            return;
        }
        let all = self.evaluator.expr(object, here.2);
        let Kind::List { items, open: None } = &all.kind else { return };
        let Kind::Function(closure) = self.evaluator.expr(&function.value, here.2).kind else { return };
        for item in items.iter().take(MOST_ENTERED) {
            let given = Given { arguments: vec![item.clone()], ..Given::default() };
            self.enter(walk, &closure, &given, None, here);
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

    /// A function as the method of the instance that it is called on: `new Server().start()`.
    fn method_of(&self, callee: &Expr, closure: &Closure, frame: &Frame) -> Option<Arc<Closure>> {
        let ExprKind::Member { object, .. } = &callee.kind else { return None };
        let this = self.evaluator.expr(object, frame);
        let is_bound = closure.this.is_none() && matches!(this.kind, Kind::Object { .. });
        is_bound.then(|| Arc::new(Closure { this: Some(this), ..closure.clone() }))
    }

    /// The names in a function that may stand for something of a package, where it is called with this; none where nothing
    /// is done with them.
    fn names_inside(&mut self, closure: &Closure, given: &Given) -> Option<Rc<Names>> {
        let outside = self.names.get(&closure.file);
        let values = given.arguments.iter().chain(given.keywords.iter().map(|(_, value)| value));
        let gave = |place: Place| self.made.contains_key(&place);
        let is_handed = given.open.is_some() || !values.clone().all(|value| is_plain(value, &gave, 4));
        let whole = || outside.map_or_else(Names::default, |names| (**names).clone());
        if is_handed {
            return Some(Rc::new(whole().inside(&closure.function)));
        }
        let key = (closure.file, closure.function.span);
        if let Some(known) = self.plain.get(&key) {
            return known.clone();
        }
        let names = outside.map(|names| Rc::new(names.within(&closure.function)));
        let names = names.filter(|names| names.are_used_in(&closure.function));
        self.plain.insert(key, names.clone());
        names
    }

    /// Walks a function with what it is called with.
    fn enter(
        &mut self,
        walk: &Walk<'s, 'a>,
        closure: &Arc<Closure>,
        given: &Given,
        chosen: Option<Value>,
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let key = (closure.file, closure.function.span);
        let Some(names) = self.names_inside(closure, given) else { return };
        let is_full = self.entered.values().sum::<usize>() >= MOST_ENTERED_OF_ALL;
        if is_full || self.active.len() >= MOST_DEPTH || self.active.contains(&key) {
            return;
        }
        let times = self.entered.entry(key).or_default();
        *times += 1;
        if *times > MOST_ENTERED {
            return;
        }
        let present = self.present(walk, chosen, here);
        if present.as_bool() == Some(false) {
            return;
        }
        let evaluator = self.evaluator;
        let Some(module) = evaluator.module(closure.file) else { return };
        let frame = evaluator.frame_of(closure);
        let trail = Step::start(Place::File(walk.file, here.0.span), How::Written);
        if given.open.is_some() {
            evaluator.bind_unknown(&closure.function, &frame);
        } else {
            evaluator.bind_parameters(closure, given.arguments.clone(), &given.keywords, &frame, &trail);
        }
        for (name, value) in closure.function.body.iter().filter_map(|inner| evaluator.declared(inner, &frame)) {
            evaluator.bind_name(&name, value, &frame);
        }
        let mut inner = Walk {
            file: closure.file,
            python: module.language == Language::Python,
            names,
            standing: Standing::in_function(evaluator, frame),
            present,
            once: is_once(walk, here.1),
            around: around(walk, here.1),
            inner: Vec::new(),
            objects: HashMap::new(),
            rounds: HashMap::new(),
        };
        self.active.push(key);
        visit_sites(&closure.function.body, &mut |expr, site| self.site(&mut inner, expr, site));
        self.active.pop();
    }

    /// What an expression is of what a package gave.
    fn object(&mut self, walk: &mut Walk<'s, 'a>, expr: &Expr, frame: &Frame) -> Option<Object> {
        let known = std::ptr::from_ref(expr);
        let is_each_time = walk.standing.round.is_some();
        if let Some(known) = walk.objects.get(&known).filter(|_| !is_each_time) {
            return known.clone();
        }
        let found = self.object_of(walk, expr, frame);
        if is_each_time {
            return found;
        }
        walk.objects.insert(known, found.clone());
        found
    }

    fn object_of(&mut self, walk: &mut Walk<'s, 'a>, expr: &Expr, frame: &Frame) -> Option<Object> {
        match &expr.kind {
            ExprKind::Unary(code::UnaryOp::Await, inner) => return self.object(walk, inner, frame),
            ExprKind::Call { callee, .. } => {
                if let ExprKind::Member { object, property, .. } = &callee.kind
                    && walk.names.hold(object)
                    && let Some(mut of) = self.object(walk, object, frame)
                {
                    of.through.push(property.clone());
                    return Some(of);
                }
            }
            _ => {}
        }
        let value = self.evaluator.expr(expr, frame);
        if let Some(object) = object(&value, walk.python, self.is_meant) {
            self.made.entry(object.made).or_insert_with(|| object.clone());
            return Some(object);
        }
        // What a method gave is not followed; that it began here is known.
        let Kind::Unknown(_) = value.kind else { return None };
        let (file, span) = value.trail.primary()?;
        let mut of = self.made.get(&Place::File(file, span))?.clone();
        of.through = vec!["()".into()];
        Some(of)
    }

    fn named(&self, value: &Value, python: bool) -> Option<(Arc<str>, Arc<str>)> {
        match &value.kind {
            Kind::External { module, path } => named(module, path, python, self.is_meant),
            _ => None,
        }
    }

    fn add(
        &mut self,
        walk: &Walk<'s, 'a>,
        named: (Arc<str>, Arc<str>),
        way: Way,
        call: Value,
        given: Given,
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        self.add_if(walk, None, named, way, call, given, here);
    }

    #[expect(clippy::too_many_arguments, reason = "one use, taken apart")]
    fn add_if(
        &mut self,
        walk: &Walk<'s, 'a>,
        chosen: Option<Value>,
        (module, export): (Arc<str>, Arc<str>),
        way: Way,
        call: Value,
        given: Given,
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let present = self.present(walk, chosen, here);
        if present.as_bool() == Some(false) {
            return;
        }
        let (expr, site, frame) = here;
        let decorates = site.decorates.map(|decorated| match decorated {
            code::Decorated::Class(class) => {
                Decorated::Class(Arc::new(ClassValue { class: class.clone(), file: walk.file, scope: frame.capture() }))
            }
            code::Decorated::Function(function) => Decorated::Function(Arc::new(closure_of(function, frame))),
        });
        let place = Place::File(walk.file, expr.span);
        let entered = !self.active.is_empty();
        let as_loaded = !entered && around(walk, site).is_empty();
        let mut given = given;
        if let Way::Called = way {
            self.evaluator.opened_keywords(&mut given.keywords, walk.file, expr.span);
        }
        let found =
            Use { module, export, way, given, call, decorates, file: walk.file, place, present, entered, as_loaded };
        self.found.push((found, around(walk, site)));
    }

    /// Whether something happens here: the walk, the arm of a choice, and the conditions around it.
    fn present(
        &self,
        walk: &Walk<'s, 'a>,
        chosen: Option<Value>,
        (expr, site, frame): (&Expr, Site<'_, '_>, &Frame),
    ) -> Value {
        let once = is_once(walk, site);
        let place = Place::File(walk.file, expr.span);
        let own = self.evaluator.present(site.guards, frame, once, place);
        let own = chosen.map_or(own.clone(), |chosen| both(&chosen, &own));
        both(&walk.present, &own)
    }

    /// What was found. What a function does is told by its callers, where there are any.
    fn done(self) -> Vec<Use> {
        let entered = self.entered;
        let told = |around: &[Key]| around.iter().any(|function| entered.contains_key(function));
        self.found.into_iter().filter(|(_, around)| !told(around)).map(|(found, _)| found).collect()
    }
}

/// Whether a value is nothing of a package and holds nothing of one; `gave` says whether a package gave something at a
/// place.
fn is_plain(value: &Value, gave: &dyn Fn(Place) -> bool, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match &value.kind {
        Kind::Absent | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Pattern { .. } => true,
        Kind::Environment => true,
        Kind::Unknown(_) => value.trail.primary().is_none_or(|(file, span)| !gave(Place::File(file, span))),
        Kind::External { module, .. } => matches!(&**module, "global" | CALLER),
        Kind::List { items, .. } => items.iter().all(|item| is_plain(item, gave, depth)),
        Kind::Object { fields, .. } => fields.iter().all(|(_, value)| is_plain(value, gave, depth)),
        Kind::Choice(_, arms) => arms.iter().all(|arm| is_plain(arm, gave, depth)),
        _ => false,
    }
}

/// Whether what stands at a site happens once: in no function, or in one that is called once.
fn is_once(walk: &Walk<'_, '_>, site: Site<'_, '_>) -> bool {
    walk.once && !site.around.iter().any(|scope| matches!(scope, Around::Function(_)))
}

/// The functions around a place whose callers are not known there.
fn around(walk: &Walk<'_, '_>, site: Site<'_, '_>) -> Vec<Key> {
    let own = site.around.iter().filter_map(|scope| match scope {
        Around::Function(function) => Some((walk.file, function.span)),
        Around::Body(_) | Around::Loop { .. } => None,
    });
    walk.around.iter().copied().chain(own).collect()
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

fn is_own(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::This => true,
        ExprKind::Name(name) => &**name == "self",
        _ => false,
    }
}
