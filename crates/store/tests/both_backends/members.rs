//! Members are found by id and address; one address is one member's.

use domain::members::{Member, Role};
use store::StoreError;
use store::members::{coordinators, find, find_by_email, of_organisation, save};

use super::kept::{is_absent, keep, keep_refused, on_both, read, refused, write};
use super::market::{ODD, member, minute, opening, organisation, party};

#[test]
fn a_member_reads_back_as_they_were_stored() {
    on_both(async |db| {
        let home = organisation("Thuis", opening());
        keep(&db, &home).await;
        let full = Member {
            name: ODD.parse().unwrap(),
            role: Role::Coordinator,
            regions: ["PV25", "CR07", "GM0200"]
                .map(|code| code.parse().unwrap())
                .to_vec(),
            confirmed_at: Some(minute(3)),
            wants_reminders: false,
            ..member(&home, "Ria.de-Vries+markt@Voorbeeld.NL")
        };
        let bare = member(&home, "jan@voorbeeld.nl");
        for stored in [full, bare] {
            keep(&db, &stored).await;
            let id = stored.id;
            assert_eq!(read(&db, move |conn| find(conn, id)).await, stored);
        }
        let unknown = member(&home, "niemand@voorbeeld.nl").id;
        assert!(is_absent(&db, move |conn| find(conn, unknown)).await);
    });
}

#[test]
fn an_address_is_one_members_whatever_its_capitals() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let answer = keep_refused(&db, &member(&party.organisation, "RIA@Voorbeeld.nl")).await;
        assert!(matches!(answer, StoreError::Taken(_)), "{answer:?}");

        let typed = "Ria@VOORBEELD.nl".parse().unwrap();
        let found = read(&db, move |conn| find_by_email(conn, &typed)).await;
        assert_eq!(found, Some(party.member.clone()));

        let other = member(&party.organisation, "jan@voorbeeld.nl");
        keep(&db, &other).await;
        let taken = Member {
            email: party.member.email.clone(),
            ..other.clone()
        };
        let answer = refused(&db, move |conn| save(conn, &taken)).await;
        assert!(matches!(answer, StoreError::Taken(_)), "{answer:?}");
        assert_eq!(
            read(&db, move |conn| find(conn, other.id)).await.email,
            other.email
        );

        let nobody = "niemand@voorbeeld.nl".parse().unwrap();
        assert_eq!(
            read(&db, move |conn| find_by_email(conn, &nobody)).await,
            None
        );
    });
}

#[test]
fn a_member_who_changes_is_kept_and_one_who_is_not_there_is_absent() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let changed = Member {
            confirmed_at: Some(minute(5)),
            wants_reminders: false,
            ..party.member.clone()
        };
        let kept = changed.clone();
        write(&db, move |conn| save(conn, &kept)).await;
        let cleared = Member {
            confirmed_at: None,
            ..changed.clone()
        };
        let kept = cleared.clone();
        write(&db, move |conn| save(conn, &kept)).await;
        assert_eq!(
            read(&db, move |conn| find(conn, party.member.id)).await,
            cleared
        );

        let stranger = member(&party.organisation, "niemand@voorbeeld.nl");
        let answer = refused(&db, move |conn| save(conn, &stranger)).await;
        assert!(matches!(answer, StoreError::NotFound), "{answer:?}");
    });
}

#[test]
fn colleagues_and_coordinators_are_listed_longest_first() {
    on_both(async |db| {
        let (home, away) = (
            organisation("Thuis", opening()),
            organisation("Uit", opening()),
        );
        keep(&db, &home).await;
        keep(&db, &away).await;
        let mut at_home = Vec::new();
        for (minutes, role) in [(3, Role::Admin), (1, Role::Member), (2, Role::Coordinator)] {
            let joined = organisation("x", minute(minutes));
            let stored = Member {
                organisation: home.id,
                role,
                ..member(&joined, &format!("lid{minutes}@voorbeeld.nl"))
            };
            keep(&db, &stored).await;
            at_home.push(stored);
        }
        at_home.sort_by_key(|member| member.created_at);
        keep(&db, &member(&away, "ver@voorbeeld.nl")).await;

        assert_eq!(
            read(&db, move |conn| of_organisation(conn, home.id)).await,
            at_home
        );
        assert_eq!(read(&db, coordinators).await, at_home[1..]);
    });
}
