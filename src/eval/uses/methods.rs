//! Methods of a file's classes that tell something: `app.use(cors(this.corsOptions()))`.

use super::names::each_statement;
use crate::eval::sites::closure_of;
use crate::eval::{Evaluator, Kind, Place, Value};
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, Function, Member, Module, Statement};
use std::sync::Arc;

/// Methods of one file that are kept.
const MOST_METHODS: usize = 32;

impl Evaluator<'_> {
    /// The methods of a file's classes that give back something, and what its getters give, under their names, where
    /// `this` has these fields and the name says which one is meant.
    pub(super) fn methods_that_tell(
        &self,
        file: FileId,
        module: &Module,
        fields: &[(Arc<str>, Value)],
    ) -> Vec<(Arc<str>, Value)> {
        let mut members: Vec<(&Member, &Arc<Function>)> = Vec::new();
        each_statement(&module.body, &mut |statement| {
            let Statement::Class { class, .. } = statement else { return };
            for member in &class.members {
                if let Some(ExprKind::Function(function)) = member.value.as_ref().map(|value| &value.kind)
                    && tells(function)
                {
                    members.push((member, function));
                }
            }
        });
        let is_one = |name: &Arc<str>| members.iter().filter(|(member, _)| member.name == *name).count() == 1;
        let is_new = |name: &Arc<str>| fields.iter().all(|(known, _)| known != name);
        let meant = members.iter().filter(|(member, _)| is_one(&member.name) && is_new(&member.name));
        let mut frame = self.module_frame(file);
        frame.this = Some(self.this_of(file, fields.to_vec()));
        let method = |(member, function): &(&Member, &Arc<Function>)| {
            let value = match member.is_getter {
                true => self.getter(function, &frame),
                false => Value::written(
                    Kind::Function(Arc::new(closure_of(function, &frame))),
                    Place::File(file, function.span),
                ),
            };
            (member.name.clone(), value)
        };
        meant.take(MOST_METHODS).map(method).collect()
    }
}

/// Whether a function gives back something, and is no handler that is handed a request and what follows.
fn tells(function: &Function) -> bool {
    function.params.len() < 2
        && function.body.iter().any(|statement| matches!(statement, Statement::Return { value: Some(_), .. }))
}
