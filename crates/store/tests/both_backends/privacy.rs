//! What is held about a person has an answer for every column, is told whole, and is erased whole.

use std::collections::BTreeSet;

use diesel::RunQueryDsl;
use diesel::sql_types::{Nullable, Text};
use domain::ids::{LinkId, SessionId};
use domain::letters::{DeliveryState, LetterKind};
use domain::links::{Link, LinkPurpose};
use domain::sessions::{RefreshToken, Session, SessionEnd};
use serde_json::Value;
use store::history::Event;
use store::letters::enqueue;
use store::privacy::{self, Texts};
use store::{Db, Location, Slice, members, outbox, sessions};

use super::kept::{keep, on_both, read, write};
use super::market::{Party, letter, minute, opening, party, request};
use super::tables::columns;

const TEXTS: Texts<'static> = Texts {
    organisation: "Verwijderde organisatie",
    title: "Verwijderde tekst",
    body: "Deze tekst is verwijderd.",
};

/// A value of a row as text.
#[derive(diesel::QueryableByName)]
struct Cell {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

/// Everything in the database, as text.
async fn dump(db: &Db) -> String {
    let bytes = match db.location() {
        Location::Sqlite(_) => "CAST(mime AS TEXT)",
        Location::Postgres(_) => "convert_from(mime, 'UTF8')",
    };
    let mut all = String::new();
    for (table, column) in privacy::columns() {
        let expression = if column == "mime" {
            bytes.to_owned()
        } else {
            format!("CAST({column} AS TEXT)")
        };
        let question = format!("SELECT {expression} AS value FROM {table}");
        let cells: Vec<Cell> =
            read(db, move |conn| Ok(diesel::sql_query(question).load(conn)?)).await;
        for cell in cells.into_iter().filter_map(|cell| cell.value) {
            all.push_str(&format!("{table}.{column}: {cell}\n"));
        }
    }
    all
}

#[test]
fn every_column_of_every_table_has_an_answer() {
    on_both(async |db| {
        let there: BTreeSet<(String, String)> = columns(&db)
            .await
            .into_iter()
            .map(|column| (column.in_table, column.name))
            .collect();
        let answered: Vec<_> = privacy::columns();
        let known: BTreeSet<(String, String)> = answered
            .iter()
            .map(|(table, column)| ((*table).to_owned(), (*column).to_owned()))
            .collect();
        assert_eq!(answered.len(), known.len(), "a column stands there twice");
        assert_eq!(there, known);
    });
}

/// Somebody who placed a request, and whose letter to two waits to go.
async fn known_in_every_way(db: &Db) -> Party {
    let mut ria = party(db, "ria").await;
    ria.member.name = "Sjoukje Enige".parse().unwrap();
    let renamed = ria.member.clone();
    write(db, move |conn| members::save(conn, &renamed)).await;
    let jan = party(db, "jan").await;
    let mut post = request(&ria, 1);
    post.content.title = "Een titel als geen andere".parse().unwrap();
    keep(db, &post).await;
    keep(db, &request(&jan, 1)).await;
    let link = Link {
        id: LinkId::new(opening()),
        token_hash: "0f".repeat(32),
        purpose: LinkPurpose::Settings,
        member: ria.member.id,
        subject: ria.member.id.to_string(),
        side: None,
        expires_at: minute(500),
        used_at: None,
        created_at: minute(1),
    };
    let event = Event {
        subject: post.id.to_string(),
        at: minute(2),
        actor: ria.member.id.to_string(),
        action: "place".to_owned(),
        detail: String::new(),
    };
    let mut both = letter(LetterKind::Introduction, "mat_1", 3);
    both.mime = b"To: ria@voorbeeld.nl, jan@voorbeeld.nl\r\n\r\nDag Sjoukje Enige".to_vec();
    let addresses = [ria.member.email.clone(), jan.member.email.clone()];
    write(db, move |conn| {
        store::links::insert(conn, &link)?;
        store::history::add(conn, &event)?;
        enqueue(conn, &both, &addresses)
    })
    .await;

    ria
}

#[test]
fn what_is_told_is_all_there_is_and_what_is_erased_leaves_no_trace() {
    on_both(async |db| {
        let ria = known_in_every_way(&db).await;
        let member = ria.member.clone();
        let told = read(&db, move |conn| privacy::told(conn, &member)).await;
        let rows = |table: &str| -> &Vec<Value> {
            &told.iter().find(|(name, _)| *name == table).unwrap().1
        };
        for (table, count) in [
            ("members", 1),
            ("posts", 1),
            ("requests", 1),
            ("links", 1),
            ("history", 1),
            ("letters", 1),
            ("deliveries", 1),
            ("organisations", 1),
        ] {
            assert_eq!(rows(table).len(), count, "{table}");
        }
        assert_eq!(rows("members")[0]["email"], "ria@voorbeeld.nl");
        assert!(
            rows("letters")[0]["mime"]
                .as_str()
                .unwrap()
                .ends_with("Dag Sjoukje Enige")
        );
        assert_eq!(rows("links")[0].get("token_hash"), None);

        let member = ria.member.clone();
        write(&db, move |conn| {
            privacy::erase(conn, &member, minute(9))?;
            privacy::blank_organisation(conn, member.organisation, TEXTS)
        })
        .await;
        let left = dump(&db).await;
        for gone in [
            "ria@voorbeeld.nl",
            "Sjoukje Enige",
            "Een titel als geen andere",
        ] {
            let found: Vec<_> = left.lines().filter(|line| line.contains(gone)).collect();
            assert!(found.is_empty(), "{gone}: {found:?}");
        }
        assert!(left.contains("jan@voorbeeld.nl"));
        // The letter to both had not gone: without its words it goes to nobody.
        let page = read(&db, |conn| outbox::page(conn, None, &Slice::first(10))).await;
        assert!(
            page.items
                .iter()
                .all(|one| one.delivery.state == DeliveryState::Withdrawn)
        );
        let id = ria.member.id;
        let absent = db.read(move |conn| members::present(conn, id)).await;
        assert!(
            matches!(absent, Err(store::StoreError::NotFound)),
            "{absent:?}"
        );
    });
}

#[test]
fn what_is_old_is_forgotten_and_what_may_still_go_is_not() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let gone = letter(LetterKind::Confirmation, "org_1", 1);
        let waits = letter(LetterKind::Confirmation, "org_2", 1);
        let (gone_id, waits_id) = (gone.id, waits.id);
        let to = [ria.member.email.clone()];
        write(&db, move |conn| {
            enqueue(conn, &gone, &[])?;
            enqueue(conn, &waits, &to)
        })
        .await;
        let forget = async |days: i64| {
            let now = opening() + chrono::TimeDelta::days(days);
            write(&db, move |conn| privacy::forget_old(conn, now, TEXTS)).await
        };
        assert_eq!(forget(89).await, privacy::Forgotten::default());
        assert_eq!(forget(91).await.letters, 1);
        let mime = async |id| {
            read(&db, move |conn| store::letters::find(conn, id))
                .await
                .mime
        };
        assert!(mime(gone_id).await.is_empty());
        assert!(!mime(waits_id).await.is_empty());
    });
}

#[test]
fn a_session_is_forgotten_a_month_after_it_ended() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let begun = |ends: i64| Session {
            id: SessionId::new(opening()),
            member: ria.member.id,
            expires_at: opening() + chrono::TimeDelta::days(ends),
            ended: None,
            created_at: opening(),
        };
        let (logged_out, over, going) = (begun(60), begun(5), begun(60));
        let all = [logged_out.clone(), over, going.clone()];
        write(&db, move |conn| {
            for session in &all {
                sessions::insert(conn, session)?;
            }
            let token = RefreshToken {
                token_hash: "hash".to_owned(),
                session: logged_out.id,
                used_at: None,
                created_at: opening(),
            };
            sessions::insert_token(conn, &token)?;
            sessions::end(conn, logged_out.id, SessionEnd::Logout, opening())
        })
        .await;
        let forget = async |days: i64| {
            let now = opening() + chrono::TimeDelta::days(days);
            let forgotten = write(&db, move |conn| privacy::forget_old(conn, now, TEXTS)).await;
            forgotten.sessions
        };
        assert_eq!(forget(30).await, 0);
        assert_eq!(forget(31).await, 1, "who logged out");
        assert_eq!(forget(36).await, 1, "what ended by itself");
        let kept = read(&db, move |conn| sessions::find(conn, going.id)).await;
        assert_eq!(kept.ended, None);
    });
}
