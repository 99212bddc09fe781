//! Which files may use something of a package, and what the fields of their classes hold of it.

use super::Search;
use crate::eval::Target;
use crate::eval::sites::This;
use crate::eval::uses::names::{Names, each_statement};
use crate::syntax::FileId;
use crate::syntax::code::{self, Expr, ExprKind, Imported, Statement, visit};
use hashbrown::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// Files beyond this are not read for what others hand on.
const MOST_REACHED: usize = 500;
/// How often one package is handed on from file to file.
const MOST_HANDS: usize = 3;
/// Fields of classes of one file that are evaluated.
const MOST_FIELDS: usize = 32;

impl Search<'_, '_> {
    /// The files that may use something: those that import it, and those that import one of these in turn.
    pub(super) fn reach(&mut self, importing: &[FileId], own: &[FileId]) -> Vec<FileId> {
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

    /// What `this` and `self` have under the names of fields that a file fills with something of a package.
    pub(super) fn fields(&self, file: FileId, module: &code::Module, names: &Names) -> This {
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
}

fn is_own(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::This => true,
        ExprKind::Name(name) => &**name == "self",
        _ => false,
    }
}
