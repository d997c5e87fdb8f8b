//! Copies on both databases: whole, checked, and still after they are put back.

use std::path::Path;

use super::*;
use crate::fresh::on_each;

fn empty(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, "").unwrap();
    file
}

fn migrated(url: &str) -> Location {
    let location: Location = url.parse().unwrap();
    migrate::up(&mut open(&location, Access::Write).unwrap()).unwrap();
    location
}

#[test]
fn a_copy_is_counted_and_knows_its_last_step() {
    on_each(|fresh| {
        let location = migrated(&fresh.url);
        let folder = tempfile::tempdir().unwrap();
        // What has a meaning in an address is part of the name in a path.
        let found = write(&location, &empty(folder.path(), "100% kopie? #1")).unwrap();
        assert_eq!(Some(&found.migration), migrate::latest().as_ref());
        assert_eq!(found.rows.get("deliveries"), Some(&0));
        assert!(found.rows.get(STEPS).is_some_and(|steps| *steps > 4));
    });
}

#[test]
fn a_database_of_something_else_is_refused() {
    on_each(|fresh| {
        let location: Location = fresh.url.parse().unwrap();
        drop(open(&location, Access::Write).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let refused = write(&location, &empty(folder.path(), "kopie")).unwrap_err();
        assert_eq!(refused.to_string(), words::not_ours());
    });
}

#[test]
fn a_damaged_file_is_not_taken_for_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let location = migrated(folder.path().join("markt.sqlite").to_str().unwrap());
    let file = empty(folder.path(), "kopie");
    write(&location, &file).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x41);
    fs::write(&file, bytes).unwrap();
    let refused = check_file(&file).unwrap_err().to_string();
    assert!(refused.contains("niet heel"), "{refused}");
}

#[test]
fn a_copy_of_a_newer_program_or_with_other_rows_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let location = migrated(folder.path().join("markt.sqlite").to_str().unwrap());
    let file = empty(folder.path(), "kopie");
    let contents = write(&location, &file).unwrap();
    let to = folder.path().join("nieuw.sqlite");
    let restart = Restart {
        made_at: DateTime::UNIX_EPOCH,
        now: DateTime::UNIX_EPOCH,
        reason: "Teruggezet".to_owned(),
    };
    let put_back =
        |contents: &Contents| restore(&file, &Location::Sqlite(to.clone()), contents, &restart);
    let newer = Contents {
        migration: "99990101000001".to_owned(),
        ..contents.clone()
    };
    assert!(
        put_back(&newer)
            .unwrap_err()
            .to_string()
            .contains("nieuwere")
    );
    let mut more = contents.clone();
    more.rows.insert("posts".to_owned(), 3);
    assert!(
        put_back(&more)
            .unwrap_err()
            .to_string()
            .contains("Tabel posts")
    );
    assert!(!to.exists());
    let stale = with_end(&to, "-wal");
    fs::write(&stale, "of an earlier database").unwrap();
    assert!(
        put_back(&contents).is_err(),
        "it would be played over the copy"
    );
    fs::remove_file(stale).unwrap();
    assert_eq!(put_back(&contents).unwrap(), 0);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.') || name.starts_with("nieuw"))
        .collect();
    assert_eq!(names, ["nieuw.sqlite"], "nothing half is left");
    let mut conn = existing(&Location::Sqlite(to)).unwrap();
    assert_eq!(
        pauses::find(&mut conn).unwrap().unwrap().reason,
        "Teruggezet"
    );
}

#[cfg(feature = "postgres")]
#[test]
fn a_database_in_which_a_copy_was_put_back_half_is_not_opened() {
    use crate::db::{Db, Opening};

    on_each(|fresh| {
        let location = migrated(&fresh.url);
        if matches!(location, Location::Sqlite(_)) {
            return;
        }
        Db::open(&location, Opening::Existing).unwrap();
        let mut conn = existing(&location).unwrap();
        conn.batch_execute("CREATE TABLE samenspel_restore_unfinished (id INTEGER)")
            .unwrap();
        let refused = Db::open(&location, Opening::Existing).err().unwrap();
        assert_eq!(refused.to_string(), words::unfinished());
    });
}
