//! What runs beside an app as somebody else's image: its secrets, and who reaches it if it stores data.

use super::hosting::{image_name, is_datastore};
use super::images::is_redis;
use super::stores;
use crate::environment::target::Beside;
use crate::eval::{Kind, Place, Value};
use crate::platforms::container as containers;
use crate::platforms::handed_secrets::{self, Handed};
use crate::reading::bench::Reading;
use crate::reading::interpolated::is_made_of_others;
use crate::reading::secret_text::{Written, secret_value};
use crate::reading::siblings::Siblings;
use crate::settings::{datastore, redis};
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;
use std::sync::Arc;

/// Whether what is outside reaches a service.
#[derive(Clone, Copy)]
pub(crate) enum Reached {
    /// By what stands here.
    At(Place),
    /// Nothing says so.
    Not,
    /// A variable, or what is not in the tree, decides that.
    Unknown,
}

/// Whether a service stores data, or is a console of something that does.
pub(crate) fn is_store(service: &Beside) -> bool {
    is_datastore(service) || image_name(service).is_some_and(|name| stores::is_known(&name))
}

/// A service beside the app: its secrets, and what it is if it stores data.
pub(crate) fn beside(reading: &mut Reading<'_>, service: &Beside, reached: Reached, published: bool) {
    let siblings = Siblings::of(&service.variables);
    for variable in &service.variables {
        if is_made_of_others(reading, &variable.value) || siblings.choose_other_engine(&variable.name) {
            continue;
        }
        if let Some(written) = secret_value(&variable.name, &variable.value) {
            if siblings.are_not_set_up(variable, &written) {
                continue;
            }
            let repeats = siblings.repeat_user(variable, &written);
            secret(reading, &variable.name, written, published, repeats);
        }
    }
    for key in ["entrypoint", "command", "args"] {
        let handed = service.get(key).map_or_else(Vec::new, |(file, node)| handed_secrets::of_command(file, node));
        for Handed { name, written } in handed {
            secret(reading, &name, written, published, false);
        }
    }
    let login = stores::login(reading, service);
    if login.is_none() && !is_datastore(service) {
        return;
    }
    let Some(part) = service.parts.last() else { return };
    let place = Place::File(part.file, part.node.span);
    let value = match reached {
        Reached::At(place) => Value::written(Kind::Bool(true), place),
        Reached::Unknown => return,
        Reached::Not => reading.stated(Kind::Bool(false), place),
    };
    let mut resource = reading.resource(datastore::KIND, service.name.clone(), place).set(datastore::published, value);
    if let Some(login) = login {
        let opened = reading.stated(Kind::Bool(stores::answers_http(service)), place);
        resource = resource.set(datastore::login, login).set(datastore::answers_http, opened);
    }
    reading.add(resource);
    if let Reached::At(port) = reached
        && image_name(service).is_some_and(|name| is_redis(&name))
        && !asks_for_password(service)
    {
        let resource = reading
            .resource(redis::KIND, service.name.clone(), port)
            .set_at(redis::password, Value::written(Kind::Absent, port), "requirepass")
            .set(redis::holds, reading.word("other", place))
            .set(redis::local, reading.stated(Kind::Bool(false), place))
            .set(redis::private_network, reading.stated(Kind::Bool(false), place));
        reading.add(resource);
    }
}

/// A Redis whose command, variables or own configuration file can name a password.
fn asks_for_password(service: &Beside) -> bool {
    let says = |text: &Text| text.test(|text| text.contains("requirepass") || text.contains(".conf"));
    let mut commands = ["command", "args"].iter().filter_map(|key| service.get(key));
    let command = commands.any(|(_, node)| match &node.kind {
        NodeKind::Text(text) => says(text),
        _ => node.items().iter().filter_map(Node::text).any(says),
    });
    command
        || service.variables.iter().any(|variable| variable.name.to_lowercase().contains("pass"))
        || service.get("secrets").is_some()
        || service.get("entrypoint").is_some()
}

fn secret(reading: &mut Reading<'_>, name: &Arc<str>, written: Written, published: bool, repeats: bool) {
    containers::secret(reading, name, written, |reading, resource| {
        let place = resource.place;
        resource
            .set(crate::settings::secret::service_published, reading.stated(Kind::Bool(published), place))
            .set(crate::settings::secret::repeats_user, reading.stated(Kind::Bool(repeats), place))
    });
}
