//! The variables that the app reads: declared somewhere or nowhere, and what production gives them.

use crate::eval::{Kind, Value};
use crate::frameworks::Reading;
use crate::settings::variable;
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Variables that runtimes and platforms set by themselves.
const PROVIDED: &[&str] = &[
    "CLOUDFLARE_ENV",
    "NODE_ENV",
    "PORT",
    "HOST",
    "HOSTNAME",
    "HOME",
    "PATH",
    "PWD",
    "USER",
    "CI",
    "TZ",
    "LANG",
    "DEV",
    "PROD",
    "MODE",
    "SSR",
    "BASE_URL",
    "VERCEL",
    "VERCEL_ENV",
    "VERCEL_URL",
    "VERCEL_REGION",
    "NETLIFY",
    "FLY_APP_NAME",
    "RENDER",
    "RAILWAY_ENVIRONMENT",
    "AWS_REGION",
    "AWS_LAMBDA_FUNCTION_NAME",
    "NEXT_RUNTIME",
    "NEXT_PHASE",
    "npm_package_version",
    "npm_lifecycle_event",
    "DEBUG",
    "LOG_LEVEL",
];

/// One resource for each variable that was read where the framework is configured.
pub(super) fn read(reading: &mut Reading<'_>) {
    let mut reads: BTreeMap<Arc<str>, (crate::eval::Place, bool)> = BTreeMap::new();
    for read in reading.evaluator.variables_read() {
        let Some((file, _)) = read.place.in_file() else { continue };
        if crate::syntax::code::SourceKind::from_path(&reading.documents.project.file(file).path).is_none() {
            continue;
        }
        let entry = reads.entry(read.variable.clone()).or_insert((read.place, false));
        entry.1 |= read.has_fallback;
    }
    for (name, (place, has_fallback)) in reads {
        if PROVIDED.contains(&&*name) && &*name != "PROD" {
            continue;
        }
        let declared = reading.environment.declared(&name);
        let items = declared
            .iter()
            .map(|(file, span)| {
                let path = reading.documents.project.file(*file).path.clone();
                Value::written(Kind::Text(Text::new(path)), crate::eval::Place::File(*file, *span))
            })
            .collect();
        let value = reading.evaluator.variable(&name, place);
        let resource = reading
            .resource(variable::KIND, name.clone(), place)
            .set(variable::name, reading.stated(Kind::Text(Text::new(name.clone())), place))
            .set_at(variable::value, value, name.clone())
            .set(variable::visible_to_client, reading.stated(Kind::Bool(is_public(&name)), place))
            .set(variable::required, reading.stated(Kind::Bool(!has_fallback), place))
            .set(variable::read_in_code, reading.stated(Kind::Bool(true), place))
            .set(variable::declared_in, reading.stated(Kind::List { items, open: None }, place));
        reading.add(resource);
    }
}

/// Prefixes by which bundlers put a variable into the code that browsers get.
fn is_public(name: &str) -> bool {
    ["NEXT_PUBLIC_", "VITE_", "PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "REACT_APP_", "GATSBY_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}
