//! Offers (aanbod): the help an organisation gives.

use crate::dutch::problems;
use crate::fields::{Gather, one_of, some_of};
use crate::ids::{MemberId, OfferId, OrganisationId};
use crate::invalid::Invalid;
use crate::phase::Phase;
use crate::posts::{Consent, Life};
use crate::region::Region;
use crate::requests::{MAX_SUPPORT, MAX_THEMES};
use crate::support::Support;
use crate::text::{Body, Title};
use crate::theme::Theme;

/// How many areas a reach names at most.
pub const MAX_REACH: usize = 400;

/// Introductions an offer carries at once when its owner did not say.
pub const USUAL_CAPACITY: u32 = 10;

/// The most introductions an offer may carry at once.
pub const MAX_CAPACITY: u32 = 1_000;

/// What an offer says. Empty themes and phases mean any; empty support means that the poster did not say.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferContent {
    /// One line.
    pub title: Title,
    /// The story.
    pub body: Body,
    /// The areas it serves; at least one.
    pub reach: Vec<Region>,
    /// Whether it also serves municipalities that border on its reach.
    pub neighbours: bool,
    /// What it is for.
    pub themes: Vec<Theme>,
    /// The phases it is made for.
    pub phases: Vec<Phase>,
    /// The help it gives.
    pub support: Vec<Support>,
    /// Introductions it can carry at once, 1 to [`MAX_CAPACITY`].
    pub capacity: u32,
    /// Whether it stays until somebody ends it, asked every half year.
    pub evergreen: bool,
    /// How its owner consents to introductions.
    pub consent: Consent,
}

/// An offer and its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Who wrote it.
    pub author: MemberId,
    /// The id it had in the file it was imported from.
    pub reference: Option<String>,
    /// What it says.
    pub content: OfferContent,
    /// Introductions it carries now, at most its capacity.
    pub carried: u32,
    /// Where it is in its life.
    pub life: Life,
}

impl Offer {
    /// How many more introductions it can carry.
    pub fn capacity_left(&self) -> u32 {
        self.content.capacity.saturating_sub(self.carried)
    }
}

/// An offer as it was typed or read from a file: every field is text and nothing is checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfferFields {
    /// One line.
    pub title: String,
    /// The story.
    pub body: String,
    /// Codes or names of areas.
    pub reach: Vec<String>,
    /// Whether neighbours are served too.
    pub neighbours: bool,
    /// Codes of themes; empty is any.
    pub themes: Vec<String>,
    /// Codes of phases; empty is any.
    pub phases: Vec<String>,
    /// Codes of kinds of help; empty is unknown.
    pub support: Vec<String>,
    /// A number; empty is [`USUAL_CAPACITY`].
    pub capacity: String,
    /// Whether it stays until somebody ends it.
    pub evergreen: bool,
    /// `ask` or `standing`; empty is `ask`.
    pub consent: String,
}

impl OfferFields {
    /// Checks every field; `locate` finds the area a code or name stands for.
    ///
    /// # Errors
    /// All fields that cannot be accepted, each with what to do.
    pub fn check(
        &self,
        locate: impl Fn(&str) -> Result<Region, Invalid>,
    ) -> Result<OfferContent, Vec<Invalid>> {
        let mut problems = Gather::default();
        let title = problems.at("title", self.title.parse());
        let body = problems.at("body", self.body.parse());
        let reach = problems.at("reach", self.reach(locate));
        let themes = problems.keep(some_of("themes", &self.themes, MAX_THEMES));
        let phases = problems.keep(some_of("phases", &self.phases, Phase::all().count()));
        let support = problems.keep(some_of("support", &self.support, MAX_SUPPORT));
        let capacity = problems.keep(capacity(&self.capacity));
        let consent = problems.keep(one_of(&self.consent));
        problems.done(|| {
            Some(OfferContent {
                title: title?,
                body: body?,
                reach: reach?,
                neighbours: self.neighbours,
                themes: themes?,
                phases: phases?,
                support: support?,
                capacity: capacity?,
                evergreen: self.evergreen,
                consent: consent?.unwrap_or(Consent::Ask),
            })
        })
    }

    fn reach(
        &self,
        locate: impl Fn(&str) -> Result<Region, Invalid>,
    ) -> Result<Vec<Region>, Invalid> {
        let mut found = Vec::new();
        for typed in self.reach.iter().filter(|typed| !typed.trim().is_empty()) {
            let region = locate(typed)?;
            if !found.contains(&region) {
                found.push(region);
            }
        }
        if found.is_empty() {
            return Err(problems::reach_missing());
        }
        if found.len() > MAX_REACH {
            return Err(problems::too_many("reach", found.len(), MAX_REACH));
        }
        Ok(found)
    }
}

impl From<&OfferContent> for OfferFields {
    /// The fields as they would be typed to say the same.
    fn from(content: &OfferContent) -> Self {
        Self {
            title: content.title.to_string(),
            body: content.body.to_string(),
            reach: content.reach.iter().copied().map(String::from).collect(),
            neighbours: content.neighbours,
            themes: content.themes.iter().copied().map(String::from).collect(),
            phases: content.phases.iter().copied().map(String::from).collect(),
            support: content.support.iter().copied().map(String::from).collect(),
            capacity: content.capacity.to_string(),
            evergreen: content.evergreen,
            consent: content.consent.to_string(),
        }
    }
}

/// The introductions an offer can carry at once; empty is [`USUAL_CAPACITY`].
///
/// # Errors
/// The problem with what is no number of 1 to [`MAX_CAPACITY`], under the field `capacity`.
pub fn capacity(typed: &str) -> Result<u32, Invalid> {
    match typed.trim() {
        "" => Ok(USUAL_CAPACITY),
        text => text
            .parse()
            .ok()
            .filter(|number| (1..=MAX_CAPACITY).contains(number))
            .ok_or_else(|| problems::not_in_range("capacity", text, 1, MAX_CAPACITY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> OfferFields {
        OfferFields {
            title: "Zaal in het dorpshuis".to_owned(),
            body: "Onze zaal staat door de week leeg en is gratis.".to_owned(),
            reach: vec!["GM0200".to_owned()],
            ..OfferFields::default()
        }
    }

    fn check(fields: &OfferFields) -> Result<OfferContent, Vec<Invalid>> {
        fields.check(str::parse)
    }

    #[test]
    fn an_offer_without_a_capacity_carries_the_usual_number() {
        assert_eq!(check(&typed()).unwrap().capacity, USUAL_CAPACITY);
    }

    #[test]
    fn an_offer_must_reach_somewhere_and_carry_something() {
        let wrong = OfferFields {
            reach: vec![],
            capacity: "0".to_owned(),
            ..typed()
        };
        let fields: Vec<String> = check(&wrong)
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(fields, ["reach", "capacity"]);
    }
}
