//! What is said about reviewing: a proposal that somebody else has, and texts for each reason.

use chrono::{DateTime, Utc};

use super::answers::Answer;
use super::dates;
use crate::matches::ReviewReason;

/// Another coordinator is looking at the match.
pub fn claimed(by: &str, until: DateTime<Utc>) -> Answer {
    (
        "Een collega is hiermee bezig",
        format!(
            "{by} bekijkt dit voorstel tot {}. Neem een ander voorstel, of overleg.",
            dates::moment(until)
        ),
    )
}

/// The name of a reason in a list.
pub fn reason(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::GoodFit => "past goed",
        ReviewReason::NoFit => "past niet",
        ReviewReason::WrongRegion => "verkeerd gebied",
        ReviewReason::WrongPhase => "verkeerde fase",
        ReviewReason::WrongSupport => "andere hulp nodig",
        ReviewReason::AlreadyInTouch => "kennen elkaar al",
        ReviewReason::Other => "iets anders",
    }
}

/// A text to begin a note with; a coordinator changes it as they like.
pub fn canned(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::GoodFit => "Vraag en aanbod passen goed bij elkaar.",
        ReviewReason::NoFit => "Het aanbod geeft geen antwoord op deze vraag.",
        ReviewReason::WrongRegion => "Het aanbod is er niet in deze plaats.",
        ReviewReason::WrongPhase => "Het aanbod is voor initiatieven in een andere fase.",
        ReviewReason::WrongSupport => "De vraag is naar een andere soort hulp.",
        ReviewReason::AlreadyInTouch => "De vrager en de aanbieder hebben al contact.",
        ReviewReason::Other => "",
    }
}
