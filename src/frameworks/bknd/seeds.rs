//! Accounts that a Bknd app makes by itself.

use crate::eval::{Kind, Place, Value};
use crate::frameworks::bknd::app::App;
use crate::reading::bench::Reading;
use crate::settings::login;
use crate::syntax::code::{ExprKind, visit};
use crate::text::Text;

/// Each `createUser({ password: … })` that can run in production.
pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let Some(entry) = reading.found.entry else { return };
    let mut files = vec![entry];
    files.extend(app.root.trail.primary().map(|(file, _)| file).filter(|file| *file != entry));
    for file in files {
        let Some(module) = reading.documents.module_of(file) else { continue };
        let mut accounts = Vec::new();
        visit(&module.body, &mut |expr, guards| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Member { property, .. } = &callee.kind else { return };
            if &**property == "createUser"
                && let Some(argument) = arguments.first()
                && reading.evaluator.runs(file, guards)
            {
                let password = reading.evaluator.expression(file, &argument.value).field("password");
                accounts.push((password, Place::File(file, callee.span)));
            }
        });
        for (index, (password, call)) in accounts.iter().enumerate() {
            add(reading, app, index, password, *call);
        }
    }
}

fn add(reading: &mut Reading<'_>, app: &App, index: usize, password: &Value, call: Place) {
    let known = password.each(&mut |password| match &password.kind {
        Kind::Text(text) => Value::new(Kind::Bool(!text.is_empty()), &password.trail),
        Kind::Unknown(_) | Kind::Absent => Value::new(Kind::Bool(false), &password.trail),
        _ => Value::new(Kind::Bool(false), &password.trail),
    });
    // The call is what makes the account, whatever decides when it runs.
    let called = |word: &str| Value::written(Kind::Text(Text::new(word)), call);
    let runs = app.mode.code.each(&mut |code| match code.kind {
        Kind::Bool(true) => called("manual"),
        Kind::Bool(false) => called("at_start"),
        _ => code.clone(),
    });
    let place = reading.place_of(password);
    let resource = reading
        .resource(login::KIND, format!("seeded account {}", index + 1), place)
        .set_at(login::known_credentials, known, "createUser({ password })")
        .set(login::runs, runs);
    reading.add(resource);
}
