//! What secrets look like: names, placeholders, randomness, and the token shapes of providers.

mod checksums;
mod defaults;
mod entropy;
mod literals;
mod names;
mod placeholders;
mod providers;
mod tokens;
mod values;
mod words;

pub use defaults::is_well_known_default;
pub use entropy::{decoded_bytes, is_predictable, looks_generated};
pub use literals::{Literal, Sign, literals, may_hold_literals};
pub use names::{Naming, Served, is_for_client, is_secret_name, naming, purpose};
pub use placeholders::is_placeholder;
pub use providers::Provider;
pub use tokens::provider;
#[cfg(test)]
use tokens::tokens;
pub use values::{
    is_ciphertext, is_documented, is_inert, is_of_test_mode, is_plain, is_plain_word, is_public_id, is_reference,
    reads_any_text,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,60}|(sk_live_|eyJ|-----BEGIN |change|<|\\[)\\PC{0,60}") {
            let whole = Text::new(text.as_str());
            let _ = (is_placeholder(&whole), is_predictable(&whole), looks_generated(&whole), provider(&whole));
            for literal in literals(&text, true) {
                prop_assert!(text.get(literal.range).is_some());
            }
            let _ = (is_secret_name(&text), purpose(&text), decoded_bytes(&text), is_well_known_default(&whole));
            for (range, _) in tokens(&text) {
                prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
            }
        }
    }
}
