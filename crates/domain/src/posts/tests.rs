//! The life of a post: no state without an exit, and its owner is told in time.

use super::*;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn every_state_has_an_exit_by_itself_or_can_be_reopened() {
    let now = moment("2026-01-01T00:00:00Z");
    for state in PostState::ALL {
        let life = Life::begin(PostKind::Request, *state, now);
        if state.is_ended() {
            assert_eq!(
                state.after(PostAction::Reopen),
                Some(PostState::Open),
                "{state}"
            );
        } else {
            assert!(life.due_at().is_some(), "{state} waits for ever");
            assert_eq!(
                state.after(PostAction::Expire),
                Some(PostState::Expired),
                "{state}"
            );
        }
    }
}

#[test]
fn every_state_is_reached_and_nothing_deletes() {
    for target in PostState::ALL {
        let reached = PostState::ALL.iter().any(|from| {
            PostAction::ALL
                .iter()
                .any(|action| from.after(*action) == Some(*target))
        });
        let starts_here = matches!(target, PostState::Draft | PostState::Pending);
        assert!(reached || starts_here, "nothing leads to {target}");
    }
}

#[test]
fn a_hidden_post_is_not_opened_by_renewing_it() {
    assert_eq!(PostState::Hidden.after(PostAction::Renew), None);
    assert_eq!(PostState::Hidden.after(PostAction::Reopen), None);
    assert_eq!(PostState::Pending.after(PostAction::Reopen), None);
}

#[test]
fn the_owner_is_told_stage_by_stage() {
    let now = moment("2026-01-01T00:00:00Z");
    let mut life = Life::begin(PostKind::Request, PostState::Open, now);
    let mut told = Vec::new();
    while let Some(due) = life.due_at() {
        let stage = ExpiryStage::reached(life.expires_at, due).unwrap();
        told.push(stage);
        if stage == ExpiryStage::Ended {
            life = life
                .after(PostAction::Expire, PostKind::Request, due)
                .unwrap();
        }
        life.told = Some(stage);
    }
    assert_eq!(told, ExpiryStage::ALL);
}

#[test]
fn renewing_starts_a_new_life_of_twelve_weeks() {
    let start = moment("2026-01-01T00:00:00Z");
    let later = moment("2026-03-20T00:00:00Z");
    let life = Life::begin(PostKind::Request, PostState::Open, start);
    let renewed = life
        .after(PostAction::Renew, PostKind::Request, later)
        .unwrap();
    assert_eq!(renewed.expires_at, later + TimeDelta::weeks(12));
    assert_eq!(renewed.opened_at, Some(start));
    assert_eq!(renewed.version, 2);
}

#[test]
fn a_post_that_ended_while_hidden_stays_away() {
    let now = moment("2026-01-01T00:00:00Z");
    let hidden = Life {
        reason: "Reclame.".to_owned(),
        ..Life::begin(PostKind::Request, PostState::Hidden, now)
    };
    let ended = hidden
        .after(PostAction::Expire, PostKind::Request, now)
        .unwrap();
    for action in [PostAction::Reopen, PostAction::Renew] {
        assert_eq!(ended.after(action, PostKind::Request, now), None);
    }
    assert_eq!(
        hidden.after(PostAction::Close, PostKind::Request, now),
        None
    );
    let shown = hidden
        .after(PostAction::Admit, PostKind::Request, now)
        .unwrap();
    assert_eq!((shown.state, shown.reason.as_str()), (PostState::Open, ""));
}
