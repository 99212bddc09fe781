//! The settings vocabulary, declared once: kinds of resource, their settings, types and one line of meaning.

/// What a setting's value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A text that may be shown.
    Text,
    /// A text that is never shown.
    Secret,
    /// A plain number.
    Number,
    /// A duration in seconds.
    Seconds,
    /// A size in bytes.
    Bytes,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts (origins, patterns, names); `true` and the text `*` stand for "any" where the setting says so.
    Texts,
    /// A list of these words.
    Words(&'static [&'static str]),
    /// Anything; only whether it is known counts.
    Any,
}

/// How many of a kind an app has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// One for each app, even when nothing is written.
    One,
    /// Any number.
    Many,
}

/// One setting of a kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// The kind's name.
    pub kind: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What its value must be.
    pub ty: Type,
    /// One line of meaning.
    pub meaning: &'static str,
}

/// A key of the vocabulary: adapters write `cors::origins`, so a typo does not compile.
pub type Key = &'static Setting;

/// One kind of resource.
#[derive(Debug, PartialEq, Eq)]
pub struct ResourceKind {
    /// Its name.
    pub name: &'static str,
    /// One or many.
    pub count: Count,
    /// One line of meaning.
    pub meaning: &'static str,
    /// Its settings.
    pub settings: &'static [Key],
}

impl ResourceKind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<&'static ResourceKind> {
        VOCABULARY.iter().find(|kind| kind.name == name).copied()
    }

    /// The setting of this name.
    pub fn setting(&self, name: &str) -> Option<Key> {
        self.settings.iter().find(|setting| setting.name == name).copied()
    }
}

/// Declares kinds of resource and their settings; the doc comments are their meaning.
macro_rules! vocabulary {
    ($( $(#[doc = $kind_doc:literal])+ $count:ident $kind:ident { $( $(#[doc = $doc:literal])+ $setting:ident : $ty:expr ),* $(,)? } )*) => {
        $(
            $(#[doc = $kind_doc])+
            #[allow(non_upper_case_globals)]
            pub mod $kind {
                use super::*;
                use super::Type::*;
                $(
                    $(#[doc = $doc])+
                    pub static $setting: &Setting = &Setting {
                        kind: stringify!($kind), name: stringify!($setting), ty: $ty, meaning: concat!($($doc),+),
                    };
                )*
                /// The kind itself.
                pub static KIND: &ResourceKind = &ResourceKind {
                    name: stringify!($kind), count: Count::$count, meaning: concat!($($kind_doc),+), settings: &[$($setting),*],
                };
            }
        )*
        /// Every kind of resource.
        pub static VOCABULARY: &[&ResourceKind] = &[$( $kind::KIND ),*];
    };
}

vocabulary! {
    /// Which other sites may call the app, and with what.
    Many cors {
        /// origins that may read responses; `*` is every origin
        origins: Texts,
        /// whether cookies and logins travel with cross-origin calls
        credentials: Bool,
    }
    /// A permission layer.
    Many access_guard {
        /// permissions are enforced
        enabled: Bool,
        /// what it guards
        scope: Word(&["app", "route"]),
    }
}
