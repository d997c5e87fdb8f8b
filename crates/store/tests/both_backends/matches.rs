//! Matches read back as they were stored, once a pair and round, and change one at a time.

use chrono::TimeDelta;
use domain::ids::MatchId;
use domain::matches::{Answer, Match, MatchOrigin, MatchState, Outcome, Prompt, Side, Voice};
use domain::posts::PostId;
use store::history::{self, Event};
use store::matches::{
    Inserted, Queue, count_by_state, due, extent, find, insert, introductions_since, of_pair,
    of_post, offer_of, page, pairs, save,
};
use store::{Db, Slice, StoreError};

use super::kept::{at_once, is_absent, keep, on_both, read, refused, write};
use super::market::{ODD, minute, offer, opening, pair, party, proposal, request};

/// The same match with everything decided that can be.
fn decided(found: Match, by: &super::market::Party) -> Match {
    Match {
        origin: MatchOrigin::Manual,
        state: MatchState::Declined,
        since: minute(90),
        asker: Voice {
            answer: Some(Answer::Yes),
            answered_at: Some(minute(80)),
            answered_by: Some(by.member.id),
            outcome: Some(Outcome::Busy),
        },
        giver: Voice {
            answer: Some(Answer::No),
            answered_at: Some(minute(85)),
            answered_by: Some(by.member.id),
            outcome: Some(Outcome::Failed),
        },
        weights: ODD.to_owned(),
        reason: "not_now".to_owned(),
        note: ODD.to_owned(),
        declined_by: Some(Side::Offer),
        reviewed_by: Some(by.member.id),
        told: Some(Prompt::SecondOutcome),
        version: found.version + 3,
        ..found
    }
}

#[test]
fn a_match_reads_back_as_it_was_stored() {
    on_both(async |db| {
        let (_, _, bare) = pair(&db).await;
        let id = bare.id;
        assert_eq!(read(&db, move |conn| find(conn, id)).await, bare);
        assert_eq!(read(&db, move |conn| offer_of(conn, id)).await, bare.offer);

        let full = decided(bare.clone(), &party(&db, "derde").await);
        let kept = full.clone();
        write(&db, move |conn| save(conn, &kept, 1)).await;
        assert_eq!(read(&db, move |conn| find(conn, id)).await, full);

        let unknown = MatchId::new(opening());
        assert!(is_absent(&db, move |conn| find(conn, unknown)).await);
        assert!(is_absent(&db, move |conn| offer_of(conn, unknown)).await);
    });
}

#[test]
fn every_score_reads_back_to_the_last_digit() {
    on_both(async |db| {
        let (_, _, mut found) = pair(&db).await;
        let scores = (1..400_u32).map(|number| 1.0 / f64::from(number)).chain([
            0.0,
            0.1 + 0.2,
            f64::MIN_POSITIVE,
        ]);
        let read_back = write(&db, move |conn| {
            let mut wrong = Vec::new();
            for score in scores {
                found.explanation.score = score;
                found.explanation.parts[0].contribution = score / 3.0;
                found.version += 1;
                save(conn, &found, found.version - 1)?;
                if find(conn, found.id)? != found {
                    wrong.push(score);
                }
            }
            Ok(wrong)
        })
        .await;
        assert_eq!(read_back, Vec::<f64>::new());
    });
}

#[test]
fn a_pair_has_one_match_a_round_and_the_transaction_goes_on() {
    on_both(async |db| {
        let (request, offer, found) = pair(&db).await;
        let again = proposal(&request, &offer, 0.25);
        let round_two = Match {
            id: MatchId::new(minute(30)),
            round: 2,
            ..again.clone()
        };
        let late = Event {
            subject: found.id.to_string(),
            at: minute(9),
            actor: "engine".to_owned(),
            action: "afterwards".to_owned(),
            detail: String::new(),
        };
        let (second, third, event) = (again.clone(), round_two.clone(), late.clone());
        let outcomes = write(&db, move |conn| {
            let outcomes = [
                insert(conn, &second)?,
                insert(conn, &third)?,
                insert(conn, &third)?,
            ];
            history::add(conn, &event)?;
            Ok(outcomes)
        })
        .await;
        assert_eq!(
            outcomes,
            [Inserted::Already, Inserted::Yes, Inserted::Already]
        );
        let rounds = read(&db, move |conn| of_pair(conn, request.id, offer.id)).await;
        assert_eq!(rounds, [round_two, found.clone()]);
        assert!(is_absent(&db, move |conn| find(conn, again.id)).await);
        let subject = found.id.to_string();
        assert_eq!(
            read(&db, move |conn| history::of(conn, &subject)).await,
            [late]
        );
        assert_eq!(read(&db, pairs).await, [(request.id, offer.id)]);
    });
}

#[test]
fn of_ten_proposals_of_one_pair_at_once_one_is_stored() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let (request, offer) = (request(&ria, 1), offer(&jan, 1));
        keep(&db, &request).await;
        keep(&db, &offer).await;
        let answers = at_once(&db, 10, move |conn, _| {
            insert(conn, &proposal(&request, &offer, 0.5))
        })
        .await;
        let stored = answers
            .into_iter()
            .filter(|answer| *answer.as_ref().unwrap() == Inserted::Yes)
            .count();
        assert_eq!(stored, 1);
    });
}

#[test]
fn of_two_decisions_at_once_the_second_is_stale_and_changes_nothing() {
    on_both(async |db| {
        let (_, _, before) = pair(&db).await;
        let approved = before.moved(MatchState::Approved, minute(60)).unwrap();
        let rejected = before.moved(MatchState::Rejected, minute(61)).unwrap();
        let kept = approved.clone();
        write(&db, move |conn| save(conn, &kept, 1)).await;
        let answer = refused(&db, move |conn| save(conn, &rejected, 1)).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        assert_eq!(read(&db, move |conn| find(conn, before.id)).await, approved);
    });
}

/// Stores a match in a state, since so many minutes; everything else is its own.
async fn stored(db: &Db, name: &str, state: MatchState, minutes: i64, score: f64) -> Match {
    let owner = party(db, name).await;
    let (request, offer) = (request(&owner, minutes), offer(&owner, minutes));
    let found = Match {
        state,
        ..proposal(&request, &offer, score)
    };
    keep(db, &request).await;
    keep(db, &offer).await;
    keep(db, &found).await;
    found
}

#[test]
fn matches_of_a_post_are_listed_best_first() {
    on_both(async |db| {
        let (request, offered, first) = pair(&db).await;
        let third = party(&db, "derde").await;
        let other = offer(&third, 3);
        let better = proposal(&request, &other, 0.9);
        keep(&db, &other).await;
        keep(&db, &better).await;
        let of = async |post, states: &'static [MatchState]| -> Vec<_> {
            let found = read(&db, move |conn| of_post(conn, post, states)).await;
            found.into_iter().map(|found| found.id).collect()
        };
        let both = [better.id, first.id];
        assert_eq!(of(PostId::Request(request.id), MatchState::ALL).await, both);
        assert_eq!(
            of(PostId::Offer(offered.id), MatchState::ALL).await,
            [first.id]
        );
        assert_eq!(
            of(PostId::Request(request.id), &[MatchState::Proposed]).await,
            both
        );
        assert_eq!(
            of(PostId::Request(request.id), &[MatchState::Invited]).await,
            []
        );
        assert_eq!(of(PostId::Request(request.id), &[]).await, []);
    });
}

#[test]
fn a_queue_is_narrowed_by_state_place_and_party() {
    on_both(async |db| {
        let proposed = stored(&db, "een", MatchState::Proposed, 1, 0.5).await;
        let invited = stored(&db, "twee", MatchState::Invited, 2, 0.5).await;
        let (asked, offered, between) = pair(&db).await;
        let of = async |queue: Queue| -> Vec<_> {
            let found = read(&db, move |conn| page(conn, &queue, &Slice::first(50))).await;
            let mut ids: Vec<_> = found.items.into_iter().map(|found| found.id).collect();
            ids.sort_unstable();
            ids
        };
        let sorted = |mut ids: Vec<MatchId>| {
            ids.sort_unstable();
            ids
        };
        let all = Queue::default;
        let everything = sorted(vec![proposed.id, invited.id, between.id]);
        let places = |codes: &[&str]| Some(codes.iter().map(|code| (*code).to_owned()).collect());
        let party = |organisation| Queue {
            party: Some(organisation),
            ..all()
        };
        assert_eq!(of(all()).await, everything);
        assert_eq!(
            of(Queue {
                states: vec![MatchState::Invited],
                ..all()
            })
            .await,
            [invited.id]
        );
        assert_eq!(
            of(Queue {
                municipalities: places(&["GM0200", "GM0344"]),
                ..all()
            })
            .await,
            everything
        );
        assert_eq!(
            of(Queue {
                municipalities: places(&["GM0344"]),
                ..all()
            })
            .await,
            []
        );
        assert_eq!(
            of(Queue {
                municipalities: places(&[]),
                ..all()
            })
            .await,
            []
        );
        assert_eq!(of(party(asked.organisation)).await, [between.id]);
        assert_eq!(of(party(offered.organisation)).await, [between.id]);
        let counts = read(&db, count_by_state).await;
        assert_eq!(
            counts.into_iter().collect::<Vec<_>>(),
            [(MatchState::Proposed, 2), (MatchState::Invited, 1)]
        );
    });
}

#[test]
fn matches_are_due_the_longest_first_and_as_many_as_asked() {
    on_both(async |db| {
        let late = stored(&db, "een", MatchState::Proposed, 3, 0.5).await;
        let early = stored(&db, "twee", MatchState::Proposed, 1, 0.5).await;
        let approved = stored(&db, "drie", MatchState::Approved, 2, 0.5).await;
        stored(&db, "vier", MatchState::Rejected, 0, 0.5).await;
        let when = late.due_at().unwrap();
        let of = async |now, limit| read(&db, move |conn| due(conn, now, limit)).await;
        assert_eq!(of(when, 10).await, [approved.id, early.id, late.id]);
        assert_eq!(of(when, 2).await, [approved.id, early.id]);
        assert_eq!(
            of(when - TimeDelta::microseconds(1), 10).await,
            [approved.id, early.id]
        );
        assert_eq!(of(minute(0), 10).await, []);
    });
}

#[test]
fn how_many_wait_and_since_when_is_known_in_each_place() {
    on_both(async |db| {
        stored(&db, "een", MatchState::Proposed, 3, 0.5).await;
        let oldest = stored(&db, "twee", MatchState::Proposed, 2, 0.5).await;
        stored(&db, "drie", MatchState::Invited, 1, 0.5).await;
        let waits = async |state, place: Option<&str>| {
            let queue = Queue {
                states: vec![state],
                municipalities: place.map(|code| vec![code.to_owned()]),
                party: None,
            };
            let found = read(&db, move |conn| extent(conn, &queue)).await;
            (found.count, found.oldest)
        };
        let both = (2, Some(oldest.since));
        assert_eq!(waits(MatchState::Proposed, None).await, both);
        assert_eq!(waits(MatchState::Proposed, Some("GM0200")).await, both);
        assert_eq!(waits(MatchState::Proposed, Some("GM0344")).await, (0, None));
        assert_eq!(waits(MatchState::Expired, None).await, (0, None));
    });
}

#[test]
fn introductions_are_counted_since_a_moment() {
    on_both(async |db| {
        let old = stored(&db, "een", MatchState::Introduced, 1, 0.5).await;
        let succeeded = stored(&db, "twee", MatchState::Succeeded, 5, 0.5).await;
        stored(&db, "drie", MatchState::Declined, 6, 0.5).await;
        let again = Match {
            id: MatchId::new(minute(7)),
            round: 2,
            state: MatchState::Failed,
            since: minute(7),
            ..succeeded.clone()
        };
        keep(&db, &again).await;
        let since = async |now| -> Vec<_> {
            read(&db, move |conn| introductions_since(conn, now))
                .await
                .into_iter()
                .collect()
        };
        assert_eq!(since(minute(5)).await, [(succeeded.offer, 2)]);
        assert_eq!(since(minute(7)).await, [(succeeded.offer, 1)]);
        let mut all = vec![(old.offer, 1), (succeeded.offer, 2)];
        all.sort_unstable();
        assert_eq!(since(minute(0)).await, all);
    });
}
