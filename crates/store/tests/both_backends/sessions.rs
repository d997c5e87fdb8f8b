//! Sessions sign a member in until they end; each refresh token is used once, also by many at one moment.

use chrono::TimeDelta;
use domain::ids::SessionId;
use domain::sessions::{RefreshToken, Session, SessionEnd};
use store::sessions::{end, find, find_token, insert, insert_token, member_of, use_token};
use store::{Conn, StoreError};

use super::kept::{Keep, at_once, is_absent, keep, keep_refused, on_both, read, refused, write};
use super::market::{Party, minute, party};

impl Keep for Session {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        insert(conn, self)
    }
}

impl Keep for RefreshToken {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        insert_token(conn, self)
    }
}

fn session(of: &Party) -> Session {
    Session {
        id: SessionId::new(minute(1)),
        member: of.member.id,
        expires_at: minute(60),
        ended: None,
        created_at: minute(1),
    }
}

fn token(of: &Session, hash: &str) -> RefreshToken {
    RefreshToken {
        token_hash: hash.to_owned(),
        session: of.id,
        used_at: None,
        created_at: minute(1),
    }
}

#[test]
fn sessions_and_their_tokens_read_back_as_they_were_stored() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let ended = Session {
            ended: Some((minute(5), SessionEnd::Reuse)),
            ..session(&ria)
        };
        for stored in [session(&ria), ended] {
            keep(&db, &stored).await;
            let id = stored.id;
            assert_eq!(read(&db, move |conn| find(conn, id)).await, stored);
        }
        let nobody = SessionId::new(minute(2));
        assert!(is_absent(&db, move |conn| find(conn, nobody)).await);

        let going = session(&ria);
        keep(&db, &going).await;
        let used = RefreshToken {
            used_at: Some(minute(4)),
            ..token(&going, "bb")
        };
        for stored in [token(&going, "aa"), used] {
            keep(&db, &stored).await;
            let hash = stored.token_hash.clone();
            assert_eq!(read(&db, move |conn| find_token(conn, &hash)).await, stored);
        }
        assert!(is_absent(&db, |conn| find_token(conn, "cc")).await);
        let answer = keep_refused(&db, &token(&going, "aa")).await;
        assert!(matches!(answer, StoreError::Taken(_)), "{answer:?}");
    });
}

#[test]
fn a_session_signs_its_own_member_in_until_it_ends() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let going = session(&ria);
        keep(&db, &going).await;
        let (id, member, other) = (going.id, ria.member.id, jan.member.id);
        let found = read(&db, move |conn| member_of(conn, id, member, minute(2))).await;
        assert_eq!(found, ria.member);
        assert!(is_absent(&db, move |conn| member_of(conn, id, other, minute(2))).await);
        let last = going.expires_at - TimeDelta::microseconds(1);
        read(&db, move |conn| member_of(conn, id, member, last)).await;
        let over = going.expires_at;
        assert!(is_absent(&db, move |conn| member_of(conn, id, member, over)).await);

        write(&db, move |conn| {
            end(conn, id, SessionEnd::Logout, minute(3))
        })
        .await;
        assert!(is_absent(&db, move |conn| member_of(conn, id, member, minute(2))).await);
        write(&db, move |conn| end(conn, id, SessionEnd::Reuse, minute(4))).await;
        let kept = read(&db, move |conn| find(conn, id)).await;
        assert_eq!(kept.ended, Some((minute(3), SessionEnd::Logout)));
    });
}

#[test]
fn of_a_hundred_who_use_a_refresh_token_at_once_one_is_in_time() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let going = session(&ria);
        keep(&db, &going).await;
        keep(&db, &token(&going, "aa")).await;
        let answers = at_once(&db, 100, |conn, _| use_token(conn, "aa", minute(3))).await;
        let stale = answers
            .iter()
            .filter(|answer| matches!(answer, Err(StoreError::Stale)))
            .count();
        let used = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((used, stale), (1, 99));
        let kept = read(&db, |conn| find_token(conn, "aa")).await;
        assert_eq!(kept.used_at, Some(minute(3)));
        let answer = refused(&db, |conn| use_token(conn, "bb", minute(3))).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
    });
}
