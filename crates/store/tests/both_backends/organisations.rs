//! Organisations are found again by id, name and reference, and change one at a time.

use domain::organisations::{Organisation, OrganisationKind, OrganisationState};
use store::organisations::{OrganisationFilter, find, find_by_name, find_by_reference, page, save};
use store::{Slice, StoreError};

use super::kept::{is_absent, keep, keep_refused, on_both, read, refused, write};
use super::market::{ODD, minute, opening, organisation};

#[test]
fn an_organisation_reads_back_as_it_was_stored() {
    on_both(async |db| {
        let full = Organisation {
            kind: OrganisationKind::SystemParty,
            place: ODD.to_owned(),
            website: "https://voorbeeld.nl/?a=b&c='d'".to_owned(),
            state: OrganisationState::Refused,
            reason: ODD.to_owned(),
            reference: Some(ODD.to_owned()),
            version: 7,
            ..organisation(ODD, opening())
        };
        let bare = Organisation {
            place: String::new(),
            municipality: None,
            ..organisation("Kaal", minute(1))
        };
        for stored in [full, bare] {
            keep(&db, &stored).await;
            let id = stored.id;
            assert_eq!(read(&db, move |conn| find(conn, id)).await, stored);
        }
        let unknown = organisation("Onbekend", opening()).id;
        assert!(is_absent(&db, move |conn| find(conn, unknown)).await);
    });
}

#[test]
fn of_two_changes_at_once_the_second_is_stale_and_changes_nothing() {
    on_both(async |db| {
        let before = organisation("Buurttuin", opening());
        keep(&db, &before).await;
        let first = Organisation {
            website: "https://buurttuin.nl".to_owned(),
            municipality: None,
            version: 2,
            ..before.clone()
        };
        let second = Organisation {
            reason: "te laat".to_owned(),
            version: 2,
            ..before.clone()
        };
        let kept = first.clone();
        write(&db, move |conn| save(conn, &kept)).await;
        let answer = refused(&db, move |conn| save(conn, &second)).await;
        assert!(matches!(answer, StoreError::Stale), "{answer:?}");
        assert_eq!(read(&db, move |conn| find(conn, before.id)).await, first);
    });
}

#[test]
fn a_reference_is_imported_once() {
    on_both(async |db| {
        let first = Organisation {
            reference: Some("bron-1".to_owned()),
            ..organisation("Eerste", opening())
        };
        let again = Organisation {
            id: organisation("x", minute(1)).id,
            ..first.clone()
        };
        keep(&db, &first).await;
        let answer = keep_refused(&db, &again).await;
        assert!(matches!(answer, StoreError::Taken(_)), "{answer:?}");
        let found = read(&db, |conn| find_by_reference(conn, "bron-1")).await;
        assert_eq!(found, Some(first));
        assert_eq!(
            read(&db, |conn| find_by_reference(conn, "bron-2")).await,
            None
        );
    });
}

#[test]
fn a_name_is_found_whatever_its_capitals_and_accents() {
    on_both(async |db| {
        let first = organisation("Coöperatie  Ús Hûs", opening());
        let second = organisation("cooperatie us hus", minute(1));
        keep(&db, &first).await;
        keep(&db, &second).await;
        for typed in [
            "COÖPERATIE ÚS HÛS",
            "cooperatie us hus",
            " coo\u{308}peratie u\u{301}s  hu\u{302}s",
        ] {
            let found = read(&db, move |conn| find_by_name(conn, typed)).await;
            assert_eq!(found.map(|found| found.id), Some(first.id), "{typed}");
        }
        assert_eq!(read(&db, |conn| find_by_name(conn, "us hus")).await, None);
    });
}

#[test]
fn a_list_is_narrowed_by_state_and_by_words() {
    on_both(async |db| {
        let unverified = Organisation {
            state: OrganisationState::Unverified,
            ..organisation("Energie Één 100%", opening())
        };
        let verified = organisation("Energie_Twee", minute(1));
        keep(&db, &unverified).await;
        keep(&db, &verified).await;
        let listed = async |state: Option<OrganisationState>, words: &'static str| -> Vec<_> {
            let filter = OrganisationFilter {
                state,
                words: words.to_owned(),
                ..OrganisationFilter::default()
            };
            let page = read(&db, move |conn| page(conn, &filter, &Slice::first(10))).await;
            page.items.into_iter().map(|found| found.id).collect()
        };
        let (one, two) = (unverified.id, verified.id);
        assert_eq!(listed(None, "").await, [two, one]);
        assert_eq!(listed(None, "  ").await, [two, one]);
        assert_eq!(listed(Some(OrganisationState::Verified), "").await, [two]);
        assert_eq!(listed(Some(OrganisationState::Refused), "").await, []);
        assert_eq!(listed(None, "een").await, [one]);
        assert_eq!(listed(None, "ÉÉN energie").await, [one]);
        assert_eq!(listed(None, "%").await, [one]);
        assert_eq!(listed(None, "_").await, [two]);
        assert_eq!(listed(Some(OrganisationState::Verified), "een").await, []);
    });
}

#[test]
fn outside_the_bounds_of_a_list_only_verified_organisations_are_shown() {
    on_both(async |db| {
        let waiting = |name: &str, municipality: Option<&str>, at: i64| Organisation {
            state: OrganisationState::Unverified,
            municipality: municipality.map(|code| code.parse().unwrap()),
            ..organisation(name, minute(at))
        };
        let verified = Organisation {
            state: OrganisationState::Verified,
            ..waiting("Bekend", Some("GM0344"), 0)
        };
        let here = waiting("Hier", Some("GM0200"), 1);
        let elsewhere = waiting("Elders", Some("GM0344"), 2);
        let nowhere = waiting("Nergens", None, 3);
        for each in [&verified, &here, &elsewhere, &nowhere] {
            keep(&db, each).await;
        }
        let filter = OrganisationFilter {
            bounds: Some(["GM0200".parse().unwrap()].into()),
            ..OrganisationFilter::default()
        };
        let shown = read(&db, move |conn| page(conn, &filter, &Slice::first(10))).await;
        let shown: Vec<_> = shown.items.into_iter().map(|found| found.id).collect();
        assert_eq!(shown, [nowhere.id, here.id, verified.id]);
    });
}
