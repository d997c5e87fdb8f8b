//! The states of a match: none without an exit, no step that is not in the picture.

use super::*;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn in_state(state: MatchState) -> Match {
    let now = moment("2026-01-01T00:00:00Z");
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
            algorithm: "test".to_owned(),
        },
        weights: "{}".to_owned(),
        asker: Voice::default(),
        giver: Voice::default(),
        reason: String::new(),
        note: String::new(),
        declined_by: None,
        reviewed_by: None,
        told: None,
        created_at: now,
        version: 1,
    }
}

fn somebody() -> MemberId {
    MemberId::new(moment("2026-01-01T00:00:00Z"))
}

#[test]
fn every_live_state_has_a_way_out_by_itself() {
    for state in MatchState::ALL {
        let out = state.schedule().last();
        if state.is_live() {
            let Some((_, Step::End(end))) = out else {
                panic!("{state} waits for ever");
            };
            assert!(state.next().contains(end), "{state} cannot become {end}");
        } else {
            assert!(out.is_none(), "{state} is an end and has a deadline");
        }
    }
}

#[test]
fn every_state_is_reached() {
    for state in MatchState::ALL {
        let reached = MatchState::ALL
            .iter()
            .any(|from| from.next().contains(state));
        assert!(
            reached || *state == MatchState::Proposed,
            "nothing leads to {state}"
        );
    }
}

#[test]
fn schedules_run_forward() {
    for state in MatchState::ALL {
        let days: Vec<i64> = state.schedule().iter().map(|(days, _)| *days).collect();
        assert!(days.is_sorted(), "{state}");
    }
}

#[test]
fn only_two_yeses_agree() {
    let now = moment("2026-01-02T00:00:00Z");
    let invited = in_state(MatchState::Invited);
    let one = invited
        .answered(Side::Request, Answer::Yes, somebody(), now)
        .unwrap();
    assert!(!one.both_agree());
    let two = one
        .answered(Side::Offer, Answer::Yes, somebody(), now)
        .unwrap();
    assert!(two.both_agree());
    assert_eq!(two.state, MatchState::Invited);
}

#[test]
fn a_no_ends_it_and_says_by_whom() {
    let now = moment("2026-01-02T00:00:00Z");
    let ended = in_state(MatchState::Invited)
        .answered(Side::Offer, Answer::No, somebody(), now)
        .unwrap();
    assert_eq!(ended.state, MatchState::Declined);
    assert_eq!(ended.declined_by, Some(Side::Offer));
}

#[test]
fn nobody_answers_twice_or_out_of_turn() {
    let now = moment("2026-01-02T00:00:00Z");
    let one = in_state(MatchState::Invited)
        .answered(Side::Request, Answer::Yes, somebody(), now)
        .unwrap();
    assert_eq!(
        one.answered(Side::Request, Answer::No, somebody(), now),
        None
    );
    for state in MatchState::ALL
        .iter()
        .filter(|state| **state != MatchState::Invited)
    {
        assert_eq!(
            in_state(*state).answered(Side::Request, Answer::Yes, somebody(), now),
            None,
            "{state}"
        );
    }
}

#[test]
fn silence_is_reminded_on_day_four_and_ends_on_day_ten() {
    let mut invited = in_state(MatchState::Invited);
    assert_eq!(invited.due(moment("2026-01-04T23:59:59Z")), None);
    assert_eq!(
        invited.due(moment("2026-01-05T00:00:00Z")),
        Some(Step::Tell(Prompt::Reminder))
    );
    invited.told = Some(Prompt::Reminder);
    assert_eq!(invited.due(moment("2026-01-10T00:00:00Z")), None);
    assert_eq!(
        invited.due(moment("2026-01-11T00:00:00Z")),
        Some(Step::End(MatchState::Expired))
    );
}

#[test]
fn the_outcome_is_asked_on_day_seven_and_thirty() {
    let mut introduced = in_state(MatchState::Introduced);
    assert_eq!(
        introduced.due(moment("2026-01-08T00:00:00Z")),
        Some(Step::Tell(Prompt::FirstOutcome))
    );
    introduced.told = Some(Prompt::FirstOutcome);
    assert_eq!(
        introduced.due(moment("2026-01-31T00:00:00Z")),
        Some(Step::Tell(Prompt::SecondOutcome))
    );
    introduced.told = Some(Prompt::SecondOutcome);
    assert_eq!(
        introduced.due(moment("2026-02-14T00:00:00Z")),
        Some(Step::End(MatchState::Unknown))
    );
}

#[test]
fn a_job_that_slept_does_the_latest_step_only() {
    let invited = in_state(MatchState::Invited);
    assert_eq!(
        invited.due(moment("2026-03-01T00:00:00Z")),
        Some(Step::End(MatchState::Expired))
    );
}

#[test]
fn one_success_is_enough_and_one_failure_is_not() {
    let now = moment("2026-01-20T00:00:00Z");
    let introduced = in_state(MatchState::Introduced);
    let failed_once = introduced
        .told_outcome(Side::Request, Outcome::Failed, now)
        .unwrap();
    assert_eq!(failed_once.state, MatchState::Introduced);
    assert_eq!(failed_once.ending(MatchState::Unknown), MatchState::Failed);
    let succeeded = failed_once
        .told_outcome(Side::Offer, Outcome::Succeeded, now)
        .unwrap();
    assert_eq!(succeeded.state, MatchState::Succeeded);
    let failed = failed_once
        .told_outcome(Side::Offer, Outcome::Failed, now)
        .unwrap();
    assert_eq!(failed.state, MatchState::Failed);
    assert_eq!(failed.version, introduced.version + 2);
}
