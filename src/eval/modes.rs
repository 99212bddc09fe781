//! What hosts of Node say of the mode they run in: `app.get("env")` of Express is `NODE_ENV`, and development where that is
//! not set.

use super::calls::with_fallback;
use super::{Because, Evaluator, How, Kind, Place, Step, Value};
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, visit};
use crate::text::Text;

/// The setting of an app that holds its mode.
const SETTING: &str = "env";

impl Evaluator<'_> {
    /// The mode that an app of Express is asked for; none where something else is asked.
    pub(super) fn asked_for_mode(
        &self,
        receiver: &Value,
        name: &str,
        positional: &[Value],
        place: Place,
    ) -> Option<Value> {
        let Kind::Call(call) = &receiver.kind else { return None };
        let [setting] = positional else { return None };
        if name != "get" || !matches!(call.origin(), Some(("express", _))) || !setting.as_text()?.is(SETTING) {
            return None;
        }
        let trail = Step::start(place, How::Written);
        if place.in_file().is_none_or(|(file, _)| self.sets_mode(file)) {
            return Some(Value::unknown(Because::Undecided, &trail));
        }
        let mode = self.read_variable("NODE_ENV", place);
        let default = Value::new(Kind::Text(Text::new("development")), &trail);
        Some(with_fallback(mode, Some(&default)))
    }

    /// Whether code of a file sets the mode itself.
    fn sets_mode(&self, file: FileId) -> bool {
        let Some(module) = self.module(file) else { return true };
        let mut sets = false;
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let is_set = matches!(&callee.kind, ExprKind::Member { property, .. } if &**property == "set");
            let first = arguments.first().map(|first| &first.value.kind);
            sets |= is_set && matches!(first, Some(ExprKind::Text(text)) if text.is(SETTING));
        });
        sets
    }
}
