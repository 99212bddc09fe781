//! Proxies of bought images beside the app: what they publish, and whether anything ends TLS for them.

use crate::environment::target::{Beside, Target};
use crate::eval::{Because, How, Kind, Step, Value};
use crate::platforms::compose::hosting::{image_name, is_named_for_production, is_proxy, mount};
use crate::platforms::compose::ports;
use crate::platforms::nginx;
use crate::project::{folder_of, inside, normalized};
use crate::reading::bench::Reading;
use crate::settings::endpoint;
use crate::syntax::FileId;
use crate::syntax::data::Node;
use crate::text::Text;

/// An nginx that is not built, publishes the port of browsers, and hands their requests on in plain http: its mounted
/// configuration speaks no TLS, and no other proxy stands beside it.
pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) {
    let others = |own: &Beside| target.services.iter().any(|service| service.name != own.name && is_proxy(service));
    for service in target.services.iter() {
        if image_name(service).is_none_or(|name| name != "nginx") || others(service) {
            continue;
        }
        let ports = ports::published(&service.parts);
        let port = |number: u16| ports.iter().find(|port| port.outside == Some(number) && port.open == Some(true));
        let (Some(port), None) = (port(80), port(443)) else { continue };
        if !nginx::proxies_in_plain(reading, &mounted(reading, service)) {
            continue;
        }
        let place = port.place;
        let file = place.in_file().map(|(file, _)| file);
        let production = file.is_some_and(|file| is_named_for_production(&reading.documents.project.file(file).path));
        let behind = if production {
            Value::written(Kind::Bool(false), place)
        } else {
            // What stands before the host no file shows.
            Value::unknown(Because::Undecided, &Step::start(place, How::Written))
        };
        let url = Value::written(Kind::Text(Text::new("http://0.0.0.0:80")), place);
        let resource = reading
            .resource(endpoint::KIND, service.name.clone(), place)
            .set_at(endpoint::url, url, "ports")
            .set(endpoint::role, reading.word("listener", place))
            .set(endpoint::behind_tls, behind)
            .set(endpoint::private_network, reading.stated(Kind::Bool(false), place));
        reading.add(resource);
    }
}

/// The files of the tree that a service mounts, those of mounted folders among them.
fn mounted(reading: &Reading<'_>, service: &Beside) -> Vec<FileId> {
    let project = reading.documents.project;
    let mut files = Vec::new();
    for part in &service.parts {
        let folder = folder_of(&project.file(part.file).path);
        for volume in part.node.get("volumes").map_or(&[][..], Node::items) {
            let Some((source, _)) = mount(volume).filter(|(source, _)| source.starts_with('.')) else { continue };
            let Some(path) = normalized(&inside(folder, &source)) else { continue };
            match project.find(&path) {
                Some(file) => files.push(file),
                None if !path.is_empty() => files.extend(project.within(&path)),
                None => {}
            }
        }
    }
    files
}
