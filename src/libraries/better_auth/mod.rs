//! What no fact can say of Better Auth, as apps of several frameworks configure it: `betterAuth({ … })`. Its cookie, its
//! sessions, passwords and its limiter are facts.
//!
//! <https://www.better-auth.com/docs/reference/options>

mod address;
mod origins;
mod plugins;
mod secret;
mod signs_in;
mod switch;

use crate::eval::{How, Kind, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::table::Reader;
use crate::reading::{reached, uses};
use crate::syntax::FileId;
use crate::text::Text;
pub(crate) use signs_in::SignsIn;

/// Reads each configuration of Better Auth in some files; none where there is none.
pub(crate) fn read(reading: &mut Reading<'_>, files: &[FileId]) -> Option<SignsIn> {
    let beyond = reached::saying(reading, files, &["better-auth"]);
    let files: Vec<FileId> = files.iter().chain(&beyond).copied().collect();
    let mut calls = uses::calls_of(reading, &files, &["better-auth"]);
    calls.retain(|call| &*call.export == "betterAuth");
    let mut first = None;
    for call in &calls {
        let mut options = call.argument(0);
        // A place for what the options leave out.
        options = options.each(&mut |options| match &options.kind {
            Kind::Object { .. } => Value::new(options.kind.clone(), &Step::start(call.place, How::Written)),
            _ => options.clone(),
        });
        let signs_in = one(reading, &options);
        first.get_or_insert(signs_in);
    }
    first
}

fn one(reading: &mut Reading<'_>, options: &Value) -> SignsIn {
    secret::secret(reading, options);
    address::read(reading, options);
    let same_site = same_site(options);
    let origins = origins::trusted_origins(reading, options);
    origins::checks(reading, options, &same_site, origins);
    plugins::clients(reading, options);
    plugins::client_secrets(reading, options);
    plugins::providers(reading, options);
    SignsIn { same_site }
}

/// The same-site mode of the session's cookie, which the library's facts have, too.
fn same_site(options: &Value) -> Value {
    let written = options.path("advanced.defaultCookieAttributes.sameSite");
    let words = Reader::Words(&[("strict", "strict"), ("lax", "lax"), ("none", "none")]);
    words.apply(&written).or_default(&|absent| {
        Value::new(Kind::Text(Text::new("lax")), &Step::after(absent.trail.place, How::Default, &absent.trail))
    })
}
