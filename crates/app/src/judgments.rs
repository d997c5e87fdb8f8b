//! What people said of matches, as grades that weights can be tuned on: the one rule that turns a review, an answer or
//! an outcome into a grade.

use std::collections::BTreeMap;

use domain::matches::{DeclineReason, Match, MatchOrigin, MatchState, ReviewReason};
use domain::members::Viewer;
use matching::judged::GOOD_GRADE;
use matching::{Demand, Standing, Supply};

use crate::App;
use crate::error::AppError;
use crate::market::{demand, supply};
use crate::tokens::coordinator;

/// The grade of a pair that came to something.
const CAME_TO_SOMETHING: u8 = 3;
/// The grade of a pair that somebody said does not fit.
const NO_FIT: u8 = 0;

/// The pairs of a market that people judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgments {
    /// The requests of these pairs, as if they were open.
    pub demands: Vec<Demand>,
    /// The offers of these pairs, as if they were open and had room.
    pub supplies: Vec<Supply>,
    /// Grades by the keys of a request and an offer.
    pub grades: BTreeMap<(String, String), u8>,
}

impl App {
    /// Every pair that people judged, for somebody who coordinates.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate.
    pub async fn judgments(&self, viewer: &Viewer) -> Result<Judgments, AppError> {
        coordinator(viewer)?;
        let mut found = Judgments::default();
        let (mut asked, mut given) = (BTreeMap::new(), BTreeMap::new());
        for view in self.export_matches(viewer).await? {
            let Some(grade) = grade(&view.found) else {
                continue;
            };
            let (asks, gives) = (demand(&view.request), supply(&view.offer, 0));
            let pair = (asks.key.clone(), gives.key.clone());
            // The newest come first: of a pair that had several matches the last word counts.
            found.grades.entry(pair).or_insert(grade);
            asked.insert(asks.key.clone(), as_open(asks));
            given.insert(gives.key.clone(), with_room(gives));
        }
        found.demands = asked.into_values().collect();
        found.supplies = given.into_values().collect();
        Ok(found)
    }
}

/// The grade that people gave a pair by what they did; `None` where nobody said anything about the fit.
///
/// A coordinator who approves a proposal or makes a match by hand thinks that it fits, and so do two parties who both
/// say yes: that is good. It is excellent when it came to something. "Does not fit", by whoever, is a no. What the
/// engine alone proposed says nothing, because it must not learn from itself; nor does a no for want of time, for a
/// solved question, or for a reason that nobody told.
fn grade(found: &Match) -> Option<u8> {
    let person = found.reviewed_by.is_some() || found.origin == MatchOrigin::Manual;
    let approved = person.then_some(GOOD_GRADE);
    match found.state {
        MatchState::Succeeded => Some(CAME_TO_SOMETHING),
        MatchState::Introduced | MatchState::Failed | MatchState::Unknown => Some(GOOD_GRADE),
        MatchState::Approved | MatchState::Invited | MatchState::Expired | MatchState::Lapsed => {
            approved
        }
        MatchState::Rejected => match found.reason.parse() {
            Ok(
                ReviewReason::NoFit
                | ReviewReason::WrongRegion
                | ReviewReason::WrongPhase
                | ReviewReason::WrongSupport,
            ) => Some(NO_FIT),
            _ => None,
        },
        MatchState::Declined => match found.reason.parse() {
            Ok(DeclineReason::NoFit) => Some(NO_FIT),
            Ok(DeclineReason::NotNow | DeclineReason::Solved) => approved,
            _ => None,
        },
        MatchState::Proposed => None,
    }
}

/// A request as it was when it was judged: a closed one still tells what fits.
fn as_open(demand: Demand) -> Demand {
    Demand {
        standing: Standing::Live,
        ..demand
    }
}

/// An offer as it was when it was judged: open, with room for one more.
fn with_room(supply: Supply) -> Supply {
    Supply {
        standing: Standing::Live,
        capacity_left: supply.capacity_left.max(1),
        ..supply
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::explanation::Explanation;
    use domain::ids::{MatchId, MemberId, OfferId, RequestId};
    use domain::matches::Voice;

    fn found(state: MatchState, reason: &str) -> Match {
        let now = chrono::DateTime::UNIX_EPOCH;
        Match {
            id: MatchId::new(now),
            request: RequestId::new(now),
            offer: OfferId::new(now),
            round: 1,
            origin: MatchOrigin::Engine,
            state,
            since: now,
            explanation: Explanation {
                score: 0.5,
                parts: Vec::new(),
                algorithm: String::new(),
            },
            weights: String::new(),
            asker: Voice::default(),
            giver: Voice::default(),
            reason: reason.to_owned(),
            note: String::new(),
            declined_by: None,
            reviewed_by: None,
            told: None,
            created_at: now,
            version: 1,
        }
    }

    fn reviewed(state: MatchState, reason: &str) -> Match {
        Match {
            reviewed_by: Some(MemberId::new(chrono::DateTime::UNIX_EPOCH)),
            ..found(state, reason)
        }
    }

    #[test]
    fn what_the_engine_alone_did_says_nothing() {
        let own = [
            MatchState::Proposed,
            MatchState::Approved,
            MatchState::Invited,
            MatchState::Expired,
            MatchState::Lapsed,
        ];
        for state in own {
            assert_eq!(grade(&found(state, "")), None, "{state:?}");
        }
    }

    #[test]
    fn a_person_who_lets_a_pair_through_thinks_it_is_good() {
        for state in [
            MatchState::Approved,
            MatchState::Invited,
            MatchState::Expired,
        ] {
            assert_eq!(grade(&reviewed(state, "good_fit")), Some(2), "{state:?}");
            let by_hand = Match {
                origin: MatchOrigin::Manual,
                ..found(state, "")
            };
            assert_eq!(grade(&by_hand), Some(2), "{state:?} by hand");
        }
    }

    #[test]
    fn two_who_meet_are_good_and_what_comes_of_it_excellent() {
        for (state, expected) in [
            (MatchState::Introduced, 2),
            (MatchState::Unknown, 2),
            (MatchState::Failed, 2),
            (MatchState::Succeeded, 3),
        ] {
            assert_eq!(grade(&found(state, "")), Some(expected), "{state:?}");
        }
    }

    #[test]
    fn only_a_no_about_the_fit_is_a_no() {
        for (reason, expected) in [
            ("no_fit", Some(0)),
            ("wrong_region", Some(0)),
            ("wrong_phase", Some(0)),
            ("wrong_support", Some(0)),
            ("already_in_touch", None),
            ("other", None),
        ] {
            let refused = reviewed(MatchState::Rejected, reason);
            assert_eq!(grade(&refused), expected, "rejected: {reason}");
        }
        for (reason, by_engine, by_person) in [
            ("no_fit", Some(0), Some(0)),
            ("not_now", None, Some(2)),
            ("solved", None, Some(2)),
            ("other", None, None),
        ] {
            let declined = MatchState::Declined;
            assert_eq!(grade(&found(declined, reason)), by_engine, "{reason}");
            assert_eq!(grade(&reviewed(declined, reason)), by_person, "{reason}");
        }
    }
}
