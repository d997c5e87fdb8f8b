//! Subscriptions: what a member of a verified organisation follows, and how often they are told.

use chrono::{DateTime, Utc};

use crate::codes::codes;
use crate::dutch::subscriptions as words;
use crate::fields::{Gather, one_of, some_of};
use crate::ids::{MemberId, SubscriptionId};
use crate::invalid::Invalid;
use crate::phase::Phase;
use crate::region::Region;
use crate::support::Support;
use crate::theme::Theme;

/// How many subscriptions one member has at most.
pub const MAX_SUBSCRIPTIONS: usize = 20;

/// How many areas one subscription names at most.
pub const MAX_REGIONS: usize = 50;

/// How many themes one subscription names at most.
pub const MAX_FOLLOWED_THEMES: usize = 20;

codes!(
    /// What a subscriber is told about.
    NewsKind in "kinds" {
        /// Requests that are open.
        Requests = "requests",
        /// Offers that are open.
        Offers = "offers",
        /// A request and an offer whose owners were introduced to each other.
        Matches = "matches",
        /// Requests and offers for which nothing was found in [`crate::digests::GAP_DAYS`] days.
        Gaps = "gaps",
    }
);

codes!(
    /// How often a subscriber is told.
    Frequency in "frequency" {
        /// Whenever there is something new, but not in the evening and at night.
        Immediate = "immediate",
        /// Each morning.
        Daily = "daily",
        /// Each Monday morning.
        Weekly = "weekly",
    }
);

/// What a subscription is about. An empty list does not narrow it.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionContent {
    /// What is told, at least one.
    pub kinds: Vec<NewsKind>,
    /// Areas of which a post must lie in one, or serve one.
    pub regions: Vec<Region>,
    /// Themes of which a post must name one; a main theme stands for its sub-themes too.
    pub themes: Vec<Theme>,
    /// Phases of which a request must be in one, or for one of which an offer must be made.
    pub phases: Vec<Phase>,
    /// Kinds of help of which a post must name one.
    pub support: Vec<Support>,
    /// The score from which a match counts, 0 to 1.
    pub minimum_score: f64,
    /// How often.
    pub frequency: Frequency,
}

/// A subscription of one member.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is, and who gets the letters.
    pub member: MemberId,
    /// What it is about.
    pub content: SubscriptionContent,
    /// From when on something counts as news; `None` when everything counts that was not told before.
    pub news_from: Option<DateTime<Utc>>,
    /// When its next letter is written.
    pub due_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Counts its changes, from 1.
    pub version: i32,
}

/// A subscription as it was typed: nothing is checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubscriptionFields {
    /// Codes of what is told.
    pub kinds: Vec<String>,
    /// Codes or names of areas.
    pub regions: Vec<String>,
    /// Codes of themes.
    pub themes: Vec<String>,
    /// Codes of phases.
    pub phases: Vec<String>,
    /// Codes of kinds of help.
    pub support: Vec<String>,
    /// The score from which a match counts; `None` is every match.
    pub minimum_score: Option<f64>,
    /// Code of how often; empty is `weekly`.
    pub frequency: String,
}

impl SubscriptionFields {
    /// Checks every field; `locate` finds the area a code or name stands for.
    ///
    /// # Errors
    /// All fields that cannot be accepted, each with what to do.
    pub fn check(
        &self,
        locate: impl Fn(&str) -> Result<Region, Invalid>,
    ) -> Result<SubscriptionContent, Vec<Invalid>> {
        let mut problems = Gather::default();
        let kinds = problems.keep(self.kinds());
        let regions = problems.at("regions", self.regions(locate));
        let themes = problems.keep(some_of("themes", &self.themes, MAX_FOLLOWED_THEMES));
        let phases = problems.keep(some_of("phases", &self.phases, Phase::all().count()));
        let support = problems.keep(some_of("support", &self.support, Support::all().count()));
        let minimum_score = problems.keep(score(self.minimum_score));
        let frequency = problems.keep(one_of(&self.frequency));
        problems.done(|| {
            Some(SubscriptionContent {
                kinds: kinds?,
                regions: regions?,
                themes: themes?,
                phases: phases?,
                support: support?,
                minimum_score: minimum_score?,
                frequency: frequency?.unwrap_or(Frequency::Weekly),
            })
        })
    }

    fn kinds(&self) -> Result<Vec<NewsKind>, Invalid> {
        let kinds: Vec<NewsKind> = some_of("kinds", &self.kinds, NewsKind::ALL.len())?;
        if kinds.is_empty() {
            return Err(words::kinds_missing(NewsKind::ALL));
        }
        Ok(kinds)
    }

    fn regions(
        &self,
        locate: impl Fn(&str) -> Result<Region, Invalid>,
    ) -> Result<Vec<Region>, Invalid> {
        let mut found = Vec::new();
        for typed in self.regions.iter().filter(|typed| !typed.trim().is_empty()) {
            let region = locate(typed)?;
            if !found.contains(&region) {
                found.push(region);
            }
        }
        if found.len() > MAX_REGIONS {
            return Err(crate::dutch::problems::too_many(
                "regions",
                found.len(),
                MAX_REGIONS,
            ));
        }
        Ok(found)
    }
}

impl From<&SubscriptionContent> for SubscriptionFields {
    /// The fields as they would be typed to say the same.
    fn from(content: &SubscriptionContent) -> Self {
        Self {
            kinds: texts(&content.kinds),
            regions: texts(&content.regions),
            themes: texts(&content.themes),
            phases: texts(&content.phases),
            support: texts(&content.support),
            minimum_score: Some(content.minimum_score),
            frequency: content.frequency.to_string(),
        }
    }
}

fn texts<T: ToString>(codes: &[T]) -> Vec<String> {
    codes.iter().map(ToString::to_string).collect()
}

fn score(typed: Option<f64>) -> Result<f64, Invalid> {
    let score = typed.unwrap_or(0.0);
    if (0.0..=1.0).contains(&score) {
        Ok(score)
    } else {
        Err(words::score_out_of_range(score))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &SubscriptionFields) -> Result<SubscriptionContent, Vec<String>> {
        fields
            .check(str::parse)
            .map_err(|problems| problems.into_iter().map(|problem| problem.field).collect())
    }

    #[test]
    fn a_subscription_is_weekly_and_wide_unless_it_says_otherwise() {
        let fields = SubscriptionFields {
            kinds: vec!["gaps".to_owned(), "gaps".to_owned()],
            ..SubscriptionFields::default()
        };
        let content = check(&fields).unwrap();
        assert_eq!(content.kinds, [NewsKind::Gaps]);
        assert_eq!(content.frequency, Frequency::Weekly);
        assert!(content.regions.is_empty() && content.minimum_score == 0.0);
        assert_eq!(check(&SubscriptionFields::from(&content)).unwrap(), content);
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let wrong = SubscriptionFields {
            kinds: Vec::new(),
            regions: vec!["Luilekkerland".to_owned()],
            themes: vec!["ruimtevaart".to_owned()],
            phases: vec!["einde".to_owned()],
            support: vec!["applaus".to_owned()],
            minimum_score: Some(1.01),
            frequency: "hourly".to_owned(),
        };
        assert_eq!(
            check(&wrong).unwrap_err(),
            [
                "kinds",
                "regions",
                "themes",
                "phases",
                "support",
                "minimumScore",
                "frequency"
            ]
        );
        let many = SubscriptionFields {
            kinds: vec!["offers".to_owned()],
            regions: (1..=51).map(|code| format!("GM{code:04}")).collect(),
            ..SubscriptionFields::default()
        };
        assert_eq!(check(&many).unwrap_err(), ["regions"]);
    }
}
