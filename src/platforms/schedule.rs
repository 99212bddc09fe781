//! Schedules outside the app: who calls which address, and with what.

use crate::eval::{Kind, Value};
use crate::platforms::command::Line;
use crate::reading::bench::Reading;
use crate::settings::cron_schedule;

/// Words in addresses that do work on behalf of a schedule; a health check needs no secret.
const WORK: &[&str] =
    &["cron", "job", "task", "schedule", "worker", "webhook", "trigger", "queue", "cleanup", "sync", "digest", "run"];

/// A command on a schedule that calls an address; others are no matter of HTTP.
pub(crate) fn caller(reading: &mut Reading<'_>, name: &str, line: &Line) {
    let Some(sends) = call(line) else { return };
    let resource = reading
        .resource(cron_schedule::KIND, name, line.place)
        .set(cron_schedule::is_http, reading.stated(Kind::Bool(true), line.place))
        .set(cron_schedule::sends_secret, Value::written(Kind::Bool(sends), line.place));
    reading.add(resource);
}

/// Whether a command calls an address, and then whether it sends credentials.
fn call(line: &Line) -> Option<bool> {
    let mut found = None;
    line.text.test(|text| {
        found = text.split(['\n', ';']).filter_map(calls).reduce(|all, one| all && one);
        true
    });
    found
}

fn calls(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let calls = ["curl ", "wget ", "http "].iter().any(|tool| lower.contains(tool));
    let is_address = |word: &&str| word.contains("://") || word.starts_with('$') && word.contains('/');
    let address = lower.split(|c: char| c.is_whitespace() || c == '"' || c == '\'').find(is_address)?;
    let path = address.split_once("://").map_or(address, |(_, rest)| rest).split_once('/')?.1;
    if !calls || !WORK.iter().any(|word| path.contains(word)) {
        return None;
    }
    let credentials = [
        "authorization",
        "bearer",
        "secret",
        "token",
        "api-key",
        "apikey",
        "x-cron",
        "--user",
        " -u ",
        "key=",
        "password",
    ];
    let header = lower.contains("-h ") || lower.contains("--header");
    Some(credentials.iter().any(|word| lower.contains(word)) || header && lower.contains('$'))
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn a_call_of_work_needs_credentials() {
        for (text, expected) in [
            ("curl -fsS https://app.example.com/api/cron/digest", Some(false)),
            ("curl -H \"Authorization: Bearer $CRON_SECRET\" https://app.example.com/api/cron/digest", Some(true)),
            ("curl https://app.example.com/api/jobs/run?token=$T", Some(true)),
            ("curl -f https://app.example.com/health", None),
            ("curl \"$APP_URL/api/cron/digest\"", Some(false)),
            ("node scripts/digest.js", None),
        ] {
            assert_eq!(calls(text), expected, "{text}");
        }
    }
}
