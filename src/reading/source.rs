//! The source files of an app, and the calls in them of what they import.

use crate::eval::{How, Kind, Place, Step, Value};
use crate::project::aside::is_never_deployed;
use crate::reading::bench::Reading;
use crate::syntax::code::{Argument, Expr, ExprKind, Guard, Imported, Module, Spread, Statement, visit};
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// One source file.
pub(crate) struct SourceFile {
    /// The file.
    pub(crate) id: FileId,
    /// Its module.
    pub(crate) module: Arc<Module>,
}

/// A call of something imported.
pub(crate) struct ImportedCall<'t> {
    /// Its name in the module it is imported from; `default` for the default export.
    pub(crate) name: Arc<str>,
    /// The call.
    pub(crate) expr: &'t Expr,
    /// Its arguments.
    pub(crate) arguments: &'t [Argument],
    /// The conditions around it.
    pub(crate) guards: Vec<Guard<'t>>,
}

/// The script files of the app's package that mention one of some words, tests and examples apart.
pub(crate) fn sources(reading: &Reading<'_>, words: &[&str]) -> Vec<SourceFile> {
    let project = reading.documents.project;
    let folder = reading.found.package.map_or(&reading.found.root, |package| &project.package(package).dir);
    let own: Vec<FileId> = project
        .within(folder)
        .filter(|id| {
            let file = project.file(*id);
            file.kind.is_script()
                && !is_never_deployed(&file.path[folder.len()..])
                && reading.found.package.is_none_or(|package| project.nearest_package(*id) == Some(package))
        })
        .collect();
    let mentioning = project.mentioning(&own, words);
    mentioning.into_iter().filter_map(|id| Some(SourceFile { id, module: reading.documents.module_of(id)? })).collect()
}

impl SourceFile {
    /// The local names of what the file imports from some modules, with the module and the name there.
    pub(crate) fn imports(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<(Arc<str>, Arc<str>, Arc<str>)> {
        let mut found = Vec::new();
        for statement in &self.module.body {
            let Statement::Import(import) = statement else { continue };
            if import.type_only || !wanted(&import.module) {
                continue;
            }
            for name in &import.names {
                let there: Arc<str> = match &name.what {
                    Imported::Named(there) => there.clone(),
                    Imported::Default => "default".into(),
                    Imported::Module | Imported::Everything => continue,
                };
                found.push((name.local.clone(), import.module.clone(), there));
            }
        }
        found
    }

    /// Each call (and `new`) of what the file imports from some modules.
    pub(crate) fn calls(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<ImportedCall<'_>> {
        let imports = self.imports(wanted);
        let mut found = Vec::new();
        if imports.is_empty() {
            return found;
        }
        visit(&self.module.body, &mut |expr, guards| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Name(local) = &callee.kind else { return };
            let Some((_, _, name)) = imports.iter().find(|(own, _, _)| own == local) else { return };
            found.push(ImportedCall { name: name.clone(), expr, arguments, guards: guards.to_vec() });
        });
        found
    }

    /// The calls among [`SourceFile::calls`] that production runs.
    pub(crate) fn running_calls(&self, reading: &Reading<'_>, wanted: &dyn Fn(&str) -> bool) -> Vec<ImportedCall<'_>> {
        let mut calls = self.calls(wanted);
        calls.retain(|call| reading.evaluator.runs(self.id, &call.guards));
        calls
    }

    /// The value of a call's argument; absent at the call's place where there is none.
    pub(crate) fn argument(&self, reading: &Reading<'_>, call: &Expr, arguments: &[Argument], index: usize) -> Value {
        let spread = arguments.iter().take(index + 1).any(|argument| argument.spread != Spread::No);
        match arguments.get(index) {
            _ if spread => Value::unknown(crate::eval::Because::Undecided, &self.trail(call.span)),
            Some(argument) => reading.evaluator.expression_at(self.id, &argument.value),
            None => Value::new(Kind::Absent, &self.trail(call.span)),
        }
    }

    /// A place in the file.
    pub(crate) fn place(&self, span: Span) -> Place {
        Place::File(self.id, span)
    }

    /// The trail of something that stands at a place in the file.
    pub(crate) fn trail(&self, span: Span) -> crate::eval::Trail {
        Step::start(self.place(span), How::Written)
    }
}
