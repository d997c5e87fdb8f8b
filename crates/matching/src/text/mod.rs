//! Dutch text made comparable: words of a post, and what the collection says of how telling each word is.

pub(crate) mod asked;
pub(crate) mod collection;
pub(crate) mod kept;
pub(crate) mod likeness;
mod numbered;
pub(crate) mod stem;
pub(crate) mod stop_words;
pub(crate) mod term;
pub(crate) mod words;
