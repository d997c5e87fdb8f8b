//! The tables are the same on both databases, and as strict.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use store::{Db, Location, StoreError};

use super::kept::{keep, on_both, read, refused};
use super::market::{opening, organisation};

/// A column of a table, without its type: the types differ.
#[derive(Debug, Clone, PartialEq, diesel::QueryableByName)]
pub(crate) struct Column {
    #[diesel(sql_type = Text)]
    pub(crate) in_table: String,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

/// The columns in the order of their table, without the tables of the migrations themselves.
pub(crate) async fn columns(db: &Db) -> Vec<Column> {
    let query = match db.location() {
        Location::Sqlite(_) => {
            "SELECT tables.name AS in_table, columns.name AS name,
                    CASE columns.\"notnull\" WHEN 0 THEN 'YES' ELSE 'NO' END AS nullable
             FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' ORDER BY columns.cid"
        }
        Location::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT) AS in_table, CAST(column_name AS TEXT) AS name,
                    CAST(is_nullable AS TEXT) AS nullable
             FROM information_schema.columns WHERE table_schema = 'public' ORDER BY ordinal_position"
        }
    };
    let mut found = read(db, move |conn| {
        Ok(diesel::sql_query(query).load::<Column>(conn)?)
    })
    .await;
    found.retain(|column| {
        let of_others = ["__diesel", "sqlite_"];
        !of_others
            .iter()
            .any(|name| column.in_table.starts_with(name))
    });
    found.sort_by(|one, other| one.in_table.cmp(&other.in_table));
    found
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let seen: RefCell<Option<Vec<Column>>> = RefCell::new(None);
    on_both(async |db| {
        let found = columns(&db).await;
        let mut tables: Vec<_> = found
            .iter()
            .map(|column| column.in_table.as_str())
            .collect();
        tables.dedup();
        let expected = [
            "deliveries",
            "erasures",
            "history",
            "idempotency_keys",
            "letters",
            "links",
            "market_changes",
            "match_claims",
            "match_runs",
            "matches",
            "members",
            "offers",
            "organisations",
            "pauses",
            "posts",
            "rates",
            "refresh_tokens",
            "requests",
            "sessions",
            "subscriptions",
            "suppressions",
            "told_items",
            "transmissions",
        ];
        assert_eq!(tables, expected);
        let first = seen
            .borrow_mut()
            .get_or_insert_with(|| found.clone())
            .clone();
        assert_eq!(found, first);
    });
}

#[test]
fn both_databases_have_the_same_migrations_and_each_can_be_undone() {
    let steps = |database: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../migrations")
            .join(database);
        let mut names = Vec::new();
        for step in fs::read_dir(folder).unwrap() {
            let step = step.unwrap().path();
            for file in ["up.sql", "down.sql"] {
                assert!(
                    step.join(file).is_file(),
                    "{} has no {file}",
                    step.display()
                );
            }
            names.push(step.file_name().unwrap().to_str().unwrap().to_owned());
        }
        names.sort();
        names
    };
    assert!(!steps("sqlite").is_empty());
    assert_eq!(steps("sqlite"), steps("postgres"));
}

#[test]
fn codes_that_do_not_exist_and_missing_values_are_refused() {
    on_both(async |db| {
        keep(&db, &organisation("Buurttuin", opening())).await;
        for change in [
            "UPDATE organisations SET state = 'odd'",
            "UPDATE organisations SET kind = ''",
            "UPDATE organisations SET name = NULL",
            "UPDATE organisations SET version = 'two'",
        ] {
            let answer = refused(&db, move |conn| Ok(conn.batch_execute(change)?)).await;
            assert!(
                matches!(answer, StoreError::Broken(_)),
                "{change}: {answer:?}"
            );
        }
    });
}

#[test]
fn a_row_this_program_cannot_read_is_said_to_be_broken() {
    on_both(async |db| {
        let stored = organisation("Buurttuin", opening());
        keep(&db, &stored).await;
        let broken = "UPDATE organisations SET municipality = 'Apeldoorn'";
        super::kept::write(&db, move |conn| Ok(conn.batch_execute(broken)?)).await;
        let answer = db
            .read(move |conn| store::organisations::find(conn, stored.id))
            .await;
        assert!(matches!(answer, Err(StoreError::Corrupt(_))), "{answer:?}");
    });
}
