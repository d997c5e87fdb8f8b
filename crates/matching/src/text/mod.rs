//! Dutch text made comparable: words of a post, and what the collection says of how telling each word is.

pub(crate) mod collection;
mod stop_words;
pub(crate) mod words;
