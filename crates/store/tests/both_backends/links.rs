//! Links are found by the hash of their token and their purpose, and used once.

use domain::ids::LinkId;
use domain::links::{Link, LinkPurpose};
use domain::matches::Side;
use store::StoreError;
use store::links::{find, mark_used};

use super::kept::{at_once, is_absent, keep, keep_refused, on_both, read, refused, write};
use super::market::{Party, minute, party};

fn link(of: &Party, hash: &str, purpose: LinkPurpose) -> Link {
    Link {
        id: LinkId::new(minute(1)),
        token_hash: hash.to_owned(),
        purpose,
        member: of.member.id,
        subject: "mat_1".to_owned(),
        side: None,
        expires_at: minute(60),
        used_at: None,
        created_at: minute(1),
    }
}

#[test]
fn a_link_reads_back_for_its_own_purpose_only() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let bare = link(&ria, "aa", LinkPurpose::Settings);
        let full = Link {
            side: Some(Side::Offer),
            used_at: Some(minute(2)),
            ..link(&ria, "bb", LinkPurpose::Consent)
        };
        for stored in [bare, full] {
            keep(&db, &stored).await;
            for purpose in LinkPurpose::ALL {
                let hash = stored.token_hash.clone();
                let query = move |conn: &mut _| find(conn, &hash, *purpose);
                if *purpose == stored.purpose {
                    assert_eq!(read(&db, query).await, stored);
                } else {
                    assert!(is_absent(&db, query).await, "{purpose}");
                }
            }
        }
        assert!(is_absent(&db, |conn| find(conn, "cc", LinkPurpose::Settings)).await);
        let answer = keep_refused(&db, &link(&ria, "aa", LinkPurpose::Renew)).await;
        assert!(matches!(answer, StoreError::Taken(_)), "{answer:?}");
    });
}

#[test]
fn who_uses_a_link_again_is_too_late() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let stored = link(&ria, "aa", LinkPurpose::Confirm);
        let id = stored.id;
        keep(&db, &stored).await;
        write(&db, move |conn| mark_used(conn, id, minute(3))).await;
        let answer = refused(&db, move |conn| mark_used(conn, id, minute(4))).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        let found = read(&db, |conn| find(conn, "aa", LinkPurpose::Confirm)).await;
        assert_eq!(found.used_at, Some(minute(3)));
    });
}

#[test]
fn of_ten_who_use_a_link_at_once_one_is_in_time() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let stored = link(&ria, "aa", LinkPurpose::Consent);
        let id = stored.id;
        keep(&db, &stored).await;
        let answers = at_once(&db, 10, move |conn, _| mark_used(conn, id, minute(3))).await;
        let stale = answers
            .iter()
            .filter(|answer| matches!(answer, Err(StoreError::Stale)))
            .count();
        let used = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((used, stale), (1, 9));
    });
}
