//! A database opens, or says what to do; nothing is made that was not asked for.

use std::fs;
use std::thread;

use diesel::prelude::*;
use diesel::sql_types::Integer;
use store::{Conn, Db, Durability, Location, Opening, StoreError};

use super::fresh::on_each;
use super::kept::{keep, open, runtime};
use super::market::{opening, organisation};

/// What is said when a database does not open.
fn said(location: &str, how: Opening) -> String {
    let location: Location = location.parse().unwrap();
    match Db::open(&location, how) {
        Err(StoreError::Unreachable(said)) => said,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("{location} opened"),
    }
}

#[test]
fn a_mistyped_path_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mrakt.db");
    let path = path.to_str().unwrap();
    let said = said(path, Opening::Existing);
    assert!(
        said.contains("bestaat niet") && said.contains(path),
        "{said}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_that_is_not_there_is_named_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weg").join("markt.db");
    let said = said(path.to_str().unwrap(), Opening::MayCreate);
    assert!(said.contains("De map van database"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("brief.txt");
    let text = "Geen database, maar een brief. ".repeat(100);
    fs::write(&path, &text).unwrap();
    for how in [Opening::Existing, Opening::MayCreate] {
        let said = said(path.to_str().unwrap(), how);
        assert!(said.contains("niet te openen"), "{said}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn an_unknown_kind_of_database_is_refused_with_what_to_use() {
    for address in [
        "mysql://localhost/markt",
        "http://voorbeeld.nl",
        "sqlite://",
        "",
    ] {
        let Err(StoreError::Unreachable(said)) = address.parse::<Location>() else {
            panic!("{address} was read");
        };
        assert!(
            said.contains("Gebruik een pad naar een SQLite-bestand"),
            "{said}"
        );
    }
}

#[test]
fn every_way_to_write_a_path_names_the_same_file() {
    let plain: Location = "/data/markt.db".parse().unwrap();
    for address in [
        "sqlite:/data/markt.db",
        "sqlite:///data/markt.db",
        "  /data/markt.db\n",
    ] {
        assert_eq!(address.parse::<Location>().unwrap(), plain, "{address}");
    }
}

#[cfg(feature = "postgres")]
#[test]
fn a_server_that_is_not_there_is_named_without_the_password() {
    let said = said("postgres://ria:geheim@127.0.0.1:1/markt", Opening::Existing);
    assert!(
        said.contains("127.0.0.1:1/markt") && !said.contains("geheim"),
        "{said}"
    );
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_program_without_postgresql_says_so() {
    let said = said("postgres://ria:geheim@127.0.0.1:1/markt", Opening::Existing);
    assert!(
        said.contains("zonder PostgreSQL") && !said.contains("geheim"),
        "{said}"
    );
}

#[test]
fn what_is_stored_is_there_when_it_opens_again() {
    on_each(|fresh| {
        runtime().block_on(keep(&open(fresh), &organisation("Buurttuin", opening())));
        let again = Db::open(&fresh.url.parse().unwrap(), Opening::Existing).unwrap();
        runtime().block_on(async {
            let found = again
                .read(|conn| store::organisations::find_by_name(conn, "buurttuin"))
                .await;
            assert!(found.unwrap().is_some());
            again.ping().await.unwrap();
        });
    });
}

#[test]
fn programs_that_start_together_make_the_tables_once() {
    on_each(|fresh| {
        thread::scope(|scope| {
            let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| open(fresh))).collect();
            for start in starts {
                let db = start.join().unwrap();
                runtime().block_on(db.ping()).unwrap();
            }
        });
    });
}

/// How SQLite answers `PRAGMA synchronous`.
#[derive(QueryableByName)]
struct Synchronous {
    #[diesel(sql_type = Integer)]
    synchronous: i32,
}

#[test]
fn a_commit_waits_for_the_disk_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("markt.db");
    let location: Location = path.to_str().unwrap().parse().unwrap();
    // 2 is FULL and 1 is NORMAL (sqlite.org/pragma.html#pragma_synchronous).
    for (durability, expected) in [(Durability::Full, 2), (Durability::Normal, 1)] {
        let asked = async {
            let db = Db::open_with(&location, Opening::MayCreate, durability)?;
            db.write(|conn: &mut Conn| -> Result<i32, StoreError> {
                let found: Synchronous =
                    diesel::sql_query("PRAGMA synchronous").get_result(conn)?;
                Ok(found.synchronous)
            })
            .await
        };
        assert_eq!(runtime().block_on(asked).unwrap(), expected);
    }
}
