//! What stands in the place of texts that were erased.

/// The title of a post.
pub fn erased_title() -> &'static str {
    "Verwijderde tekst"
}

/// The body of a post.
pub fn erased_body() -> &'static str {
    "Deze tekst is verwijderd, omdat hij niet langer nodig is."
}

/// The name of an organisation whose last member was erased.
pub fn erased_organisation() -> &'static str {
    "Verwijderde organisatie"
}
