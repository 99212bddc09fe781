//! What a vocabulary is made of: kinds of resource, their settings, types and one line of meaning.

use super::kinds::vocabulary;

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
#[derive(Debug)]
pub struct Setting {
    /// The kind's name.
    pub kind: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its place among the settings of its kind.
    pub place: usize,
    /// What its value must be.
    pub ty: Type,
    /// One line of meaning.
    pub meaning: &'static str,
    /// How its states are said where no key of a framework names it: of a yes or no the no first, of words one each, of a number
    /// or a text one sentence with `{}` in it. An empty one says nothing.
    pub phrases: &'static [&'static str],
}

/// Each setting is declared once.
impl PartialEq for Setting {
    fn eq(&self, other: &Setting) -> bool {
        (self.place, self.kind) == (other.place, other.kind)
    }
}

impl Eq for Setting {}

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
        vocabulary().find(|kind| kind.name == name)
    }

    /// The setting of this name.
    pub fn setting(&self, name: &str) -> Option<Key> {
        self.settings.iter().find(|setting| setting.name == name).copied()
    }
}

/// Declares kinds of resource and their settings as `$theme`; the doc comments are their meaning.
macro_rules! declare {
    ($theme:ident: $( $(#[doc = $kind_doc:literal])+ $count:ident $kind:ident { $( $(#[doc = $doc:literal])+ $setting:ident : $ty:expr $(=> [$($phrase:literal),+])? ),* $(,)? } )*) => {
        $(
            $(#[doc = $kind_doc])+
            #[allow(non_upper_case_globals)]
            pub mod $kind {
                #[allow(unused_imports)]
                use $crate::settings::{Count, ResourceKind, Setting, Type::*};
                #[allow(non_camel_case_types)]
                enum Place { $($setting),* }
                $(
                    $(#[doc = $doc])+
                    pub static $setting: &Setting = &Setting {
                        kind: stringify!($kind), name: stringify!($setting), place: Place::$setting as usize, ty: $ty,
                        meaning: concat!($($doc),+).trim_ascii(), phrases: &[$($($phrase),+)?],
                    };
                )*
                /// The kind itself.
                pub static KIND: &ResourceKind = &ResourceKind {
                    name: stringify!($kind), count: Count::$count, meaning: concat!($($kind_doc),+).trim_ascii(),
                    settings: &[$($setting),*],
                };
            }
        )*
        /// The kinds of this theme.
        pub(super) static $theme: &[&$crate::settings::ResourceKind] = &[$( $kind::KIND ),*];
    };
}
pub(super) use declare;
