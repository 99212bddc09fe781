//! Products that are opened at a name of the local network: `box.local`, for which no authority gives a certificate.

use crate::eval::{Kind, Value};
use crate::project::Project;
use crate::project::aside::is_test;
use crate::reading::bench::Reading;
use crate::settings::{Resource, cookie};

/// The ending of names that machines of a local network give to themselves.
const ENDING: &str = ".local";

/// Says of the cookies that go over plain http that the product is opened so.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let is_open = |resource: &Resource| {
        resource.kind.name == cookie::KIND.name
            && resource.value(cookie::secure).is_some_and(|value| value.as_bool() != Some(true))
    };
    if !reading.model.resources.iter().any(is_open) || !is_at_home(reading) {
        return;
    }
    for resource in reading.model.resources.iter_mut().filter(|resource| is_open(resource)) {
        let trail = resource.value(cookie::secure).map(|value| value.trail.clone());
        if let Some(trail) = trail {
            resource.put(cookie::at_home, Value::new(Kind::Bool(true), &trail));
        }
    }
}

/// Whether code of the app names it so: a literal that is the product's name with the ending of a local network.
fn is_at_home(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let Some(package) = reading.found.package.and_then(|package| project.package(package).name.clone()) else {
        return false;
    };
    let code = own_code(project, &reading.found.root);
    let naming = project.mentioning(&code, &[".local'", ".local\"", ".local/"]);
    naming.into_iter().any(|file| project.text(file).is_ok_and(|text| names_itself(text, &package)))
}

fn own_code(project: &Project, root: &str) -> Vec<crate::syntax::FileId> {
    let is_own = |file: &crate::syntax::FileId| {
        let own = project.file(*file);
        (own.kind.is_script() || own.kind.is_python()) && !is_test(&own.path)
    };
    project.within(root).filter(is_own).collect()
}

/// Whether a host of the local network stands in a text whose name is how the name of a package begins.
fn names_itself(text: &str, package: &str) -> bool {
    let package = package.rsplit('/').next().unwrap_or(package).to_ascii_lowercase();
    text.match_indices(ENDING).any(|(at, _)| {
        let after = text[at + ENDING.len()..].chars().next();
        let name = text[..at].rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap_or_default();
        let ends = matches!(after, Some('\'' | '"' | '/' | ':'));
        ends && name.len() > 2 && package.starts_with(&name.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::names_itself;

    #[test]
    fn a_product_is_at_home_by_its_own_name() {
        assert!(names_itself("uri('Box', 'homebox.local')", "homeboxd"));
        assert!(names_itself("fetch(\"http://homebox.local/api\")", "@homebox/homebox"));
        assert!(!names_itself("'printer.local'", "homebox") && !names_itself("'homebox.localhost'", "homebox"));
    }
}
