//! Source code, lowered from each language's parser to one small owned tree.

mod tree;

pub use tree::*;
