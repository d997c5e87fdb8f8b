//! Letters read back byte for byte, and are known by what they are about.

use domain::letters::{LetterKind, StoredLetter};
use store::StoreError;
use store::letters::{enqueue, find, first_about, written_since};
use store::{Slice, outbox};

use super::kept::{is_absent, on_both, read, refused, write};
use super::market::{ODD, letter, minute};

#[test]
fn a_letter_reads_back_as_it_was_stored() {
    on_both(async |db| {
        let full = StoredLetter {
            subject: ODD.to_owned(),
            mime: (0..=u8::MAX).cycle().take(70_000).collect(),
            not_after: Some(minute(50)),
            ..letter(LetterKind::Invitation, ODD, 1)
        };
        for stored in [full, letter(LetterKind::Confirmation, "mem_1", 2)] {
            let (id, kept) = (stored.id, stored.clone());
            write(&db, move |conn| enqueue(conn, &kept, &[])).await;
            assert_eq!(read(&db, move |conn| find(conn, id)).await, stored);
        }
        let unknown = letter(LetterKind::Confirmation, "mem_1", 3).id;
        assert!(is_absent(&db, move |conn| find(conn, unknown)).await);
    });
}

#[test]
fn an_address_gets_a_letter_once_and_what_is_refused_leaves_nothing() {
    on_both(async |db| {
        let stored = letter(LetterKind::Introduction, "mat_1", 1);
        let id = stored.id;
        let twice =
            ["ria@voorbeeld.nl", "ria@voorbeeld.nl"].map(|address| address.parse().unwrap());
        let answer = refused(&db, move |conn| enqueue(conn, &stored, &twice)).await;
        assert!(matches!(answer, StoreError::Taken(_)), "{answer:?}");
        assert!(is_absent(&db, move |conn| find(conn, id)).await);
        let page = read(&db, |conn| outbox::page(conn, None, &Slice::first(10))).await;
        assert_eq!(page.items, []);
    });
}

#[test]
fn what_was_written_before_is_known_by_kind_and_subject() {
    on_both(async |db| {
        let first = letter(LetterKind::Invitation, "mat_1", 1);
        let later = letter(LetterKind::Invitation, "mat_1", 5);
        let (id, kept) = (first.id, [later, first]);
        write(&db, move |conn| {
            kept.iter()
                .try_for_each(|letter| enqueue(conn, letter, &[]))
        })
        .await;

        let first_of = async |about: &'static str, kind| {
            read(&db, move |conn| first_about(conn, about, kind)).await
        };
        assert_eq!(first_of("mat_1", LetterKind::Invitation).await, Some(id));
        assert_eq!(first_of("mat_1", LetterKind::Introduction).await, None);
        assert_eq!(first_of("mat_2", LetterKind::Invitation).await, None);

        let since = async |about: &'static str, minutes| {
            let kind = LetterKind::Invitation;
            read(&db, move |conn| {
                written_since(conn, about, kind, minute(minutes))
            })
            .await
        };
        assert!(since("mat_1", 5).await);
        assert!(!since("mat_1", 6).await);
        assert!(!since("mat_2", 0).await);
    });
}
