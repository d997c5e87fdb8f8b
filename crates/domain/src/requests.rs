//! Requests (vragen): what an initiative asks.

use chrono::NaiveDate;

use crate::dutch::problems;
use crate::fields::{Gather, one_of, some_of};
use crate::ids::{MemberId, OrganisationId, RequestId};
use crate::invalid::Invalid;
use crate::phase::Phase;
use crate::posts::{Consent, Life};
use crate::region::Municipality;
use crate::support::Support;
use crate::text::{Body, Title};
use crate::theme::Theme;

/// How many themes a post names at most.
pub const MAX_THEMES: usize = 4;

/// How many kinds of help a post names at most.
pub const MAX_SUPPORT: usize = 4;

/// What a request says. Empty lists and `None` mean that the poster did not say.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestContent {
    /// One line.
    pub title: Title,
    /// The story.
    pub body: Body,
    /// The place as the poster wrote it; may be empty.
    pub place: String,
    /// The municipality of that place.
    pub municipality: Municipality,
    /// What it is about.
    pub themes: Vec<Theme>,
    /// How far the initiative has come.
    pub phase: Option<Phase>,
    /// The help it asks.
    pub support: Vec<Support>,
    /// The day it must be there.
    pub needed_by: Option<NaiveDate>,
    /// How its owner consents to introductions.
    pub consent: Consent,
}

/// A request and its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Who wrote it.
    pub author: MemberId,
    /// The id it had in the file it was imported from.
    pub reference: Option<String>,
    /// What it says.
    pub content: RequestContent,
    /// Where it is in its life.
    pub life: Life,
}

/// A request as it was typed or read from a file: every field is text and nothing is checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestFields {
    /// One line.
    pub title: String,
    /// The story.
    pub body: String,
    /// The place as people write it.
    pub place: String,
    /// The code or name of the municipality; empty when only the place is given.
    pub municipality: String,
    /// Codes of themes.
    pub themes: Vec<String>,
    /// Code of the phase; empty is unknown.
    pub phase: String,
    /// Codes of kinds of help.
    pub support: Vec<String>,
    /// A date, `2026-04-14`; empty is unknown.
    pub needed_by: String,
    /// `ask` or `standing`; empty is `ask`.
    pub consent: String,
}

impl RequestFields {
    /// Checks every field; `locate` finds the municipality for what stands under a field (its name comes first).
    ///
    /// # Errors
    /// All fields that cannot be accepted, each with what to do.
    pub fn check(
        &self,
        locate: impl Fn(&str, &str) -> Result<Municipality, Invalid>,
    ) -> Result<RequestContent, Vec<Invalid>> {
        let mut problems = Gather::default();
        let municipality = problems.keep(match (self.municipality.trim(), self.place.trim()) {
            ("", "") => Err(problems::place_missing()),
            ("", place) => locate("place", place),
            (municipality, _) => locate("municipality", municipality),
        });
        let title = problems.at("title", self.title.parse());
        let body = problems.at("body", self.body.parse());
        let place = problems.at("place", self.place.parse::<crate::text::Text<0, 120>>());
        let themes = problems.keep(some_of("themes", &self.themes, MAX_THEMES));
        let phase = problems.keep(one_of(&self.phase));
        let support = problems.keep(some_of("support", &self.support, MAX_SUPPORT));
        let needed_by = problems.keep(day("neededBy", &self.needed_by));
        let consent = problems.keep(one_of(&self.consent));
        problems.done(|| {
            Some(RequestContent {
                title: title?,
                body: body?,
                place: place?.into(),
                municipality: municipality?,
                themes: themes?,
                phase: phase?,
                support: support?,
                needed_by: needed_by?,
                consent: consent?.unwrap_or(Consent::Ask),
            })
        })
    }
}

impl From<&RequestContent> for RequestFields {
    /// The fields as they would be typed to say the same.
    fn from(content: &RequestContent) -> Self {
        Self {
            title: content.title.to_string(),
            body: content.body.to_string(),
            place: content.place.clone(),
            municipality: content.municipality.to_string(),
            themes: content.themes.iter().copied().map(String::from).collect(),
            phase: content.phase.map(String::from).unwrap_or_default(),
            support: content.support.iter().copied().map(String::from).collect(),
            needed_by: content
                .needed_by
                .map(|day| day.to_string())
                .unwrap_or_default(),
            consent: content.consent.to_string(),
        }
    }
}

fn day(field: &str, typed: &str) -> Result<Option<NaiveDate>, Invalid> {
    match typed.trim() {
        "" => Ok(None),
        text => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Some)
            .map_err(|_not_a_day| problems::not_a_day(field, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> RequestFields {
        RequestFields {
            title: "Ruimte gezocht".to_owned(),
            body: "Wij zoeken een zaal voor onze dinsdagmiddag.".to_owned(),
            place: "Apeldoorn".to_owned(),
            ..RequestFields::default()
        }
    }

    fn anywhere(_: &str, _: &str) -> Result<Municipality, Invalid> {
        Ok(Municipality::from_number(200))
    }

    #[test]
    fn what_is_left_out_is_unknown() {
        let content = typed().check(anywhere).unwrap();
        assert_eq!(content.phase, None);
        assert!(content.themes.is_empty());
        assert_eq!(content.consent, Consent::Ask);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = RequestFields {
            title: "Kort".to_owned(),
            themes: vec!["dorphuis".to_owned()],
            phase: "begin".to_owned(),
            needed_by: "morgen".to_owned(),
            consent: "ja".to_owned(),
            ..typed()
        };
        let fields: Vec<String> = wrong
            .check(anywhere)
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(fields, ["title", "themes", "phase", "neededBy", "consent"]);
    }

    #[test]
    fn a_list_is_bounded_and_named_once() {
        let mut fields = typed();
        fields.themes = vec!["dorpshuis".to_owned(), "dorpshuis".to_owned()];
        assert_eq!(fields.check(anywhere).unwrap().themes.len(), 1);
        fields.themes = ["dorpshuis", "wonen", "circulair", "dieren", "commons"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(fields.check(anywhere).unwrap_err()[0].field, "themes");
    }
}
