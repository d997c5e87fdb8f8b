//! Small markets in which anything happens in any order; after each step the rules of the market hold.

use std::sync::atomic::{AtomicI64, Ordering};

use app::AppError;
use chrono::TimeDelta;
use domain::ids::{OfferId, RequestId};
use domain::letters::LetterKind;
use domain::matches::{Answer, DeclineReason, Match, MatchState, Outcome};
use domain::offers::{Offer, OfferFields};
use domain::posts::{CloseReason, PostId};
use domain::requests::RequestFields;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use store::{Slice, StoreError, history, matches, offers};

use super::letters::Received;
use super::town::{Person, Town, approve, consent_token, offer, on_both, reject, request};

/// Markets that are tried on each database; a market is known by its number.
const MARKETS: u64 = 20;

/// Things that happen in one market.
const STEPS: usize = 60;

/// A market in which things happen by chance.
struct Market {
    town: Town,
    chance: StdRng,
    coordinator: Person,
    people: Vec<Person>,
    requests: Vec<(Person, RequestId)>,
    offers: Vec<(Person, OfferId)>,
    letters: Vec<Received>,
    /// What happened, for the message when a rule is broken.
    story: Vec<String>,
}

impl Market {
    async fn open(town: Town, number: u64) -> Self {
        let coordinator = town.coordinator().await;
        let mut people = Vec::new();
        for name in ["Een", "Twee", "Drie", "Vier"] {
            people.push(town.member(name).await);
        }
        Self {
            town,
            chance: StdRng::seed_from_u64(number),
            coordinator,
            people,
            requests: Vec::new(),
            offers: Vec::new(),
            letters: Vec::new(),
            story: Vec::new(),
        }
    }

    fn one_of(&mut self, words: &[&str]) -> String {
        words[self.chance.random_range(0..words.len())].to_owned()
    }

    fn index(&mut self, length: usize) -> Option<usize> {
        (length > 0).then(|| self.chance.random_range(0..length))
    }

    /// Does one thing; what the product refuses must be refused with a reason, never by a fault of its own.
    async fn step(&mut self) {
        let kind = self.chance.random_range(0..20);
        let done = match kind {
            0..3 => self.ask().await,
            3..5 => self.give().await,
            5..9 => self.change_post(kind).await,
            9..12 => self.review().await,
            12..16 => self.answer_letter().await,
            16 => self.edit().await,
            17 => self.match_by_hand().await,
            _ => self.pass_time().await,
        };
        let refused = match done {
            Ok(()) => String::new(),
            Err(AppError::Conflict(why)) => format!(" refused: {why:?}"),
            Err(AppError::Invalid(why)) => format!(" refused: {why:?}"),
            Err(fault) => panic!("{fault:?} after {:#?}", self.story),
        };
        if let Some(last) = self.story.last_mut() {
            last.push_str(&refused);
        }
    }

    async fn ask(&mut self) -> Result<(), AppError> {
        let who = self.chance.random_range(0..self.people.len());
        let fields = RequestFields {
            place: self.one_of(&["Apeldoorn", "Assen"]),
            consent: self.one_of(&["ask", "ask", "standing"]),
            ..request()
        };
        self.story.push(format!(
            "{who} asks in {}, consent {}",
            fields.place, fields.consent
        ));
        let person = self.people[who].clone();
        let id = self
            .town
            .app
            .place_request(&person.viewer, fields)
            .await?
            .post
            .id;
        self.requests.push((person, id));
        Ok(())
    }

    async fn give(&mut self) -> Result<(), AppError> {
        let who = self.chance.random_range(0..self.people.len());
        let fields = OfferFields {
            reach: vec![self.one_of(&["GM0200", "NL"])],
            capacity: self.one_of(&["1", "1", "2"]),
            consent: self.one_of(&["ask", "ask", "standing"]),
            evergreen: self.chance.random_bool(0.3),
            ..offer()
        };
        self.story.push(format!(
            "{who} offers for {:?}, capacity {}",
            fields.reach, fields.capacity
        ));
        let person = self.people[who].clone();
        let id = self
            .town
            .app
            .place_offer(&person.viewer, fields)
            .await?
            .post
            .id;
        self.offers.push((person, id));
        Ok(())
    }

    async fn change_post(&mut self, kind: u32) -> Result<(), AppError> {
        let all: Vec<(Person, PostId)> = self
            .requests
            .iter()
            .map(|(person, id)| (person.clone(), PostId::Request(*id)))
            .chain(
                self.offers
                    .iter()
                    .map(|(person, id)| (person.clone(), PostId::Offer(*id))),
            )
            .collect();
        let Some(at) = self.index(all.len()) else {
            return Ok(());
        };
        let (person, id) = &all[at];
        self.story.push(format!("change {kind} of {id}"));
        let app = &self.town.app;
        let changed = match kind {
            5 => app.pause_post(&person.viewer, *id).await,
            6 | 7 => app.reopen_post(&person.viewer, *id).await,
            _ if at % 3 == 0 => {
                app.hide_post(&self.coordinator.viewer, *id, "Zo.".parse().unwrap())
                    .await
            }
            _ => {
                app.close_post(&person.viewer, *id, CloseReason::NoLongerNeeded)
                    .await
            }
        };
        changed.map(drop)
    }

    async fn review(&mut self) -> Result<(), AppError> {
        let waiting: Vec<Match> = self
            .town
            .matches()
            .await
            .into_iter()
            .filter(|found| found.state == MatchState::Proposed)
            .collect();
        let Some(at) = self.index(waiting.len()) else {
            return Ok(());
        };
        let review = if self.chance.random_bool(0.85) {
            approve()
        } else {
            reject()
        };
        self.story.push(format!(
            "review {:?} of {}",
            review.decision, waiting[at].id
        ));
        self.town
            .app
            .review_match(&self.coordinator.viewer, waiting[at].id, review)
            .await
            .map(drop)
    }

    async fn answer_letter(&mut self) -> Result<(), AppError> {
        let questions: Vec<Received> = self
            .letters
            .iter()
            .filter(|letter| {
                let asks = [
                    LetterKind::Invitation,
                    LetterKind::InvitationReminder,
                    LetterKind::OutcomeQuestion,
                ];
                asks.contains(&letter.kind)
            })
            .cloned()
            .collect();
        let Some(at) = self.index(questions.len()) else {
            return Ok(());
        };
        let letter = &questions[at];
        let (yes, outcome) = (
            self.chance.random_bool(0.8),
            Outcome::ALL[self.chance.random_range(0..3)],
        );
        self.story
            .push(format!("answer {} {yes} {outcome}", letter.kind));
        let app = &self.town.app;
        if letter.kind == LetterKind::OutcomeQuestion {
            return app
                .tell_outcome_by_link(&letter.token("/uitkomst"), outcome)
                .await
                .map(drop);
        }
        let answer = if yes { Answer::Yes } else { Answer::No };
        app.answer_consent(&consent_token(letter), answer, DeclineReason::NoFit)
            .await
            .map(drop)
    }

    async fn edit(&mut self) -> Result<(), AppError> {
        let Some(at) = self.index(self.offers.len()) else {
            return Ok(());
        };
        let (person, id) = self.offers[at].clone();
        let capacity = self.one_of(&["1", "2", "3"]);
        self.story.push(format!("capacity {capacity} of {id}"));
        let app = &self.town.app;
        app.edit_offer(&person.viewer, id, None, move |fields| {
            fields.capacity = capacity;
        })
        .await
        .map(drop)
    }

    async fn match_by_hand(&mut self) -> Result<(), AppError> {
        let (Some(asked), Some(given)) = (
            self.index(self.requests.len()),
            self.index(self.offers.len()),
        ) else {
            return Ok(());
        };
        let (request, offer) = (self.requests[asked].1, self.offers[given].1);
        self.story.push(format!("match by hand {request} {offer}"));
        self.town
            .app
            .match_by_hand(&self.coordinator.viewer, request, offer)
            .await
            .map(drop)
    }

    async fn pass_time(&mut self) -> Result<(), AppError> {
        let days = [0, 1, 3, 8, 20][self.chance.random_range(0..5)];
        self.story.push(format!("{days} days"));
        self.town
            .clock
            .set(self.town.app.now() + TimeDelta::days(days));
        self.town.app.run_once().await?;
        if self.chance.random_bool(0.3) {
            self.town.app.rematch(|_, _| {}).await?;
        }
        let new = self.town.mail().await;
        self.letters.extend(new);
        Ok(())
    }

    /// The rules that hold at any moment.
    async fn check(&self) {
        let all = self.town.matches().await;
        let ids: Vec<OfferId> = self.offers.iter().map(|(_, id)| *id).collect();
        let db = self.town.db();
        let stored = db.read(move |conn| {
            ids.iter()
                .map(|id| Ok(offers::any(conn, *id)?.post))
                .collect::<Result<Vec<Offer>, StoreError>>()
        });
        for offer in stored.await.unwrap() {
            let met =
                |found: &&Match| found.offer == offer.id && found.state == MatchState::Introduced;
            let going = all.iter().filter(met).count();
            assert_eq!(
                usize::try_from(offer.carried).unwrap(),
                going,
                "{} after {:#?}",
                offer.id,
                self.story
            );
            assert!(
                offer.carried <= offer.content.capacity,
                "{} after {:#?}",
                offer.id,
                self.story
            );
        }
        let left = self.town.left_behind(&all).await;
        assert!(left.is_empty(), "{left:?} after {:#?}", self.story);
    }

    /// What can be told at the end: how each match came where it is, and what was written about it.
    async fn check_history(&self) {
        use MatchState::{Failed, Introduced, Succeeded, Unknown};
        let page = self.town.app.list_outbox(
            &self.coordinator.viewer,
            None,
            Slice::first(store::MAX_PAGE),
        );
        let sent = page.await.unwrap();
        assert!(
            sent.next.is_none(),
            "all letters of a small market stand on one page"
        );
        for found in self.town.matches().await {
            let id = found.id;
            let lines = self
                .town
                .db()
                .read(move |conn| history::of(conn, &id.to_string()))
                .await
                .unwrap();
            let mut at = MatchState::Proposed;
            for line in lines {
                let next: MatchState = line.action.parse().unwrap();
                assert!(
                    next == at || at.next().contains(&next),
                    "{id}: {at} to {next} after {:#?}",
                    self.story
                );
                at = next;
            }
            assert_eq!(at, found.state, "{id} after {:#?}", self.story);
            let copies: Vec<_> = sent
                .items
                .iter()
                .filter(|listed| {
                    listed.kind == LetterKind::Introduction && listed.about == id.to_string()
                })
                .collect();
            let met = [Introduced, Succeeded, Failed, Unknown].contains(&found.state);
            let expected = if met { 2 } else { 0 };
            assert_eq!(copies.len(), expected, "{id} after {:#?}", self.story);
            if met {
                assert!(found.both_agree(), "{id} after {:#?}", self.story);
                assert_eq!(
                    copies[0].delivery.letter, copies[1].delivery.letter,
                    "one letter to both"
                );
                let speakers = [found.asker.answered_by, found.giver.answered_by];
                assert!(speakers.iter().all(Option::is_some), "{id}: {speakers:?}");
            }
        }
    }
}

#[test]
fn whatever_happens_the_rules_of_the_market_hold() {
    let (introduced, lapsed) = (AtomicI64::new(0), AtomicI64::new(0));
    for number in 0..MARKETS {
        on_both(async |town| {
            let mut market = Market::open(town, number).await;
            for _ in 0..STEPS {
                market.step().await;
                market.check().await;
            }
            market.check_history().await;
            let states = market
                .town
                .db()
                .read(matches::count_by_state)
                .await
                .unwrap();
            let count = |state| states.get(&state).copied().unwrap_or_default();
            introduced.fetch_add(count(MatchState::Introduced), Ordering::Relaxed);
            lapsed.fetch_add(count(MatchState::Lapsed), Ordering::Relaxed);
        });
    }
    let (introduced, lapsed) = (introduced.into_inner(), lapsed.into_inner());
    assert!(
        introduced > 0 && lapsed > 0,
        "markets where something happens: {introduced} and {lapsed}"
    );
}
