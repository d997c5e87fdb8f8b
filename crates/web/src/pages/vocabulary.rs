//! What the words mean, with the names and codes programs use for them.

use askama::Template;
use domain::phase::Phase;
use domain::support::Support;

use super::search::themes;
use super::{Answer, open};

#[derive(Template)]
#[template(path = "nl/vocabulary.html")]
pub(super) struct Vocabulary;

/// `GET /begrippen`
pub(crate) async fn get() -> Answer {
    open(&Vocabulary)
}
