//! Images that Dockerfiles make: what they are, what they set, what they are built with.

mod brought;
mod building;
mod docker_ignore;
mod made;
mod templates;
mod unexpanded;
mod variables;

pub(crate) use building::BuiltWith;
pub(crate) use made::{Image, is_of_a_language};
pub(crate) use variables::{BuildArguments, layers};
