//! What is said about addresses and names, and why an introduction does not go on.

use crate::invalid::Invalid;
use crate::matches::LapseReason;
use crate::posts::PostKind;

const ADDRESS_REMEDY: &str = "Schrijf het adres als naam@voorbeeld.nl.";

/// No address was filled in.
pub fn address_missing() -> Invalid {
    Invalid::new("email", "Het e-mailadres ontbreekt.", ADDRESS_REMEDY)
}

/// The address has more than `most` characters.
pub fn address_too_long(most: usize) -> Invalid {
    Invalid::new(
        "email",
        "Het e-mailadres is te lang.",
        format!("Gebruik hooguit {most} tekens."),
    )
}

/// The address has a space, a line break or another character nobody can see.
pub fn address_with_space() -> Invalid {
    Invalid::new(
        "email",
        "In het e-mailadres staat een spatie of een onzichtbaar teken.",
        "Haal dat teken weg.",
    )
}

/// There is not exactly one @ with something on both sides.
pub fn address_without_at() -> Invalid {
    Invalid::new(
        "email",
        "In het e-mailadres hoort precies één apenstaartje (@).",
        ADDRESS_REMEDY,
    )
}

/// The part before the @ cannot be written to.
pub fn address_name_malformed() -> Invalid {
    Invalid::new(
        "email",
        "Het deel van het e-mailadres vóór het apenstaartje klopt niet.",
        "Gebruik letters zonder accent, cijfers, punten of streepjes.",
    )
}

/// The part after the @ is not the name of a site, such as `voorbeeld.nl`.
pub fn address_domain_malformed() -> Invalid {
    Invalid::new(
        "email",
        "Het deel van het e-mailadres na het apenstaartje klopt niet.",
        "Controleer dat deel. Het eindigt op iets als .nl of .com.",
    )
}

/// No name was filled in, or nothing that can be read.
pub fn name_missing() -> Invalid {
    Invalid::new("name", "De naam ontbreekt.", "Vul een naam in.")
}

/// The name has more than `most` characters.
pub fn name_too_long(most: usize) -> Invalid {
    Invalid::new(
        "name",
        "De naam is te lang.",
        format!("Gebruik hooguit {most} tekens."),
    )
}

/// Why an introduction does not go on: the other side said no. Never says more than that.
pub fn other_side_declined() -> &'static str {
    "De andere kant ziet op dit moment geen vervolg."
}

/// Why an introduction does not go on: the other side did not answer in time.
pub fn other_side_silent() -> &'static str {
    "De andere kant heeft niet op tijd gereageerd."
}

/// Why an introduction does not go on: something ended it without anybody's no.
pub fn lapsed(reason: LapseReason) -> &'static str {
    match reason {
        LapseReason::RequestEnded => "De vraag staat niet meer open.",
        LapseReason::OfferEnded => "Het aanbod staat niet meer open.",
        LapseReason::OfferFull => "Het aanbod is op dit moment vol.",
        LapseReason::Unreachable => "Wij konden de andere kant niet bereiken.",
    }
}

/// What its owner calls a post, after "uw" or "mijn": `vraag`, `aanbod`.
pub fn post(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Request => "vraag",
        PostKind::Offer => "aanbod",
    }
}

/// `1 dag`, `7 dagen`.
pub fn days(count: u32) -> String {
    counted(count, "dag", "dagen")
}

/// `1 voorstel wacht`, `3 voorstellen wachten`.
pub fn proposals_wait(count: u32) -> String {
    counted(count, "voorstel wacht", "voorstellen wachten")
}

fn counted(count: u32, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// What to do first after an introduction, and who does it: both stand in the letter by name.
pub fn first_step(asker: &str, giver: &str) -> String {
    format!("{asker} mailt of belt {giver} binnen een week om een eerste gesprek af te spreken.")
}
