//! Whose forwarded headers a server of Python believes: `uvicorn --forwarded-allow-ips '*'`, `FORWARDED_ALLOW_IPS`.

use crate::eval::{Because, Kind, Value};
use crate::platforms::command::{Line, Step, steps};
use crate::reading::bench::Reading;
use crate::settings::proxy;
use crate::text::Text;

/// The option, and the variable that both servers read where it is not written.
const OPTION: &str = "--forwarded-allow-ips";
const VARIABLE: &str = "FORWARDED_ALLOW_IPS";

/// The servers.
const SERVERS: &[&str] = &["uvicorn", "gunicorn"];

/// Reads what a start command says of it; nothing is said where neither the option nor the variable is there.
pub(super) fn read(reading: &mut Reading<'_>, line: &Line, folder: &str) {
    let all = steps(reading, line, folder);
    let Some((server, step)) = all.iter().find_map(|step| Some((server_of(step)?, step))) else { return };
    let option = step.option(&[OPTION]).map(|text| {
        let place = step.told_at(&[OPTION]).unwrap_or(line.place);
        Value::written(Kind::Text(Text::new(text)), place)
    });
    let (value, key) = match option {
        Some(value) => (value, OPTION),
        None => (reading.evaluator.variable(VARIABLE, line.place), VARIABLE),
    };
    let trusts = value.each(&mut |value| match &value.kind {
        Kind::Text(text) if text.test(|text| text.contains('$')) => Value::unknown(Because::Undecided, &value.trail),
        Kind::Text(text) => Value::new(Kind::Bool(text.test(is_anyone)), &value.trail),
        _ => Value::new(Kind::Absent, &value.trail),
    });
    if trusts.is_absent() {
        return;
    }
    let resource = reading.resource(proxy::KIND, server, line.place).set_at(proxy::trusts_forwarded, trusts, key);
    reading.add(resource);
}

fn server_of(step: &Step) -> Option<&'static str> {
    let is_run = |server: &str| step.program() == server || step.program().starts_with("python") && step.has(server);
    SERVERS.iter().find(|server| is_run(server)).copied()
}

/// Whether a list of addresses has everyone in it.
fn is_anyone(list: &str) -> bool {
    list.split(',').any(|address| matches!(address.trim().trim_matches(['\'', '"']), "*" | "0.0.0.0/0" | "::/0"))
}

#[cfg(test)]
mod tests {
    use super::is_anyone;

    #[test]
    fn a_list_lets_everyone_in_by_a_star_or_an_open_range() {
        assert!(["*", "'*'", "10.0.0.1, *", "0.0.0.0/0"].iter().all(|list| is_anyone(list)));
        assert!(["127.0.0.1", "10.0.0.0/8,::1", ""].iter().all(|list| !is_anyone(list)));
    }
}
