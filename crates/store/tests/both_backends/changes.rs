//! The feed of changes: a line for every write that ranking depends on, read once, in whatever order writers commit.

use std::collections::BTreeSet;
use std::sync::mpsc;

use diesel::connection::SimpleConnection;
use domain::matches::MatchState;
use domain::organisations::OrganisationState;
use domain::posts::{PostId, PostState};
use store::changes::{self, News, Place, Subject};
use store::{Conn, Db, Location, StoreError};
use store::{matches, offers, organisations, posts, requests};

use super::kept::{keep, on_both, read, refused, write};
use super::market::{in_state, minute, offer, pair, party, request};

/// Where the feed is now.
async fn here(db: &Db) -> Place {
    read(db, changes::here).await
}

/// What came since `place`, which moves on.
async fn news(db: &Db, place: &mut Place) -> BTreeSet<Subject> {
    let from = place.clone();
    match read(db, move |conn| changes::since(conn, &from)).await {
        News::Changed(changed, next) => {
            *place = next;
            changed
        }
        News::Lost => panic!("nothing was lost"),
    }
}

/// Does one write, and says what the feed tells of it.
async fn told(
    db: &Db,
    work: impl FnOnce(&mut Conn) -> Result<(), StoreError> + Send + 'static,
) -> Vec<Subject> {
    let mut place = here(db).await;
    write(db, work).await;
    news(db, &mut place).await.into_iter().collect()
}

#[test]
fn every_write_that_ranking_depends_on_is_told() {
    on_both(async |db| {
        let (asked, given, found) = pair(&db).await;
        let (request, offer) = (PostId::Request(asked.id), PostId::Offer(given.id));
        let owner = asked.organisation;

        let mut life = in_state(&asked.life, PostState::Paused);
        life.version += 1;
        let saved = told(&db, move |conn| posts::save_life(conn, request, &life)).await;
        assert_eq!(saved, [Subject::Post(request)]);

        let mut edited = asked.clone();
        edited.life.version += 2;
        let saved = told(&db, move |conn| requests::save(conn, &edited)).await;
        assert_eq!(saved, [Subject::Post(request)]);

        let mut edited = given.clone();
        edited.life.version += 1;
        let saved = told(&db, move |conn| offers::save(conn, &edited)).await;
        assert_eq!(saved, [Subject::Post(offer)]);

        let id = given.id;
        let carried = told(&db, move |conn| offers::carry(conn, id).map(drop)).await;
        assert_eq!(carried, [Subject::Post(offer)]);
        let put_down = told(&db, move |conn| offers::put_down(conn, id)).await;
        assert_eq!(put_down, [Subject::Post(offer)]);

        let moved = found.moved(MatchState::Rejected, minute(9)).unwrap();
        let (id, before) = (found.id, found.version);
        let saved = told(&db, move |conn| matches::save(conn, &moved, before)).await;
        assert_eq!(saved, [Subject::Match(id)]);

        let mut again = found.clone();
        again.id = domain::ids::MatchId::new(minute(10));
        again.round = 2;
        let id = again.id;
        let made = told(&db, move |conn| matches::insert(conn, &again).map(drop)).await;
        assert_eq!(made, [Subject::Match(id)]);

        let refused = told(&db, move |conn| {
            let mut organisation = organisations::find(conn, owner)?;
            organisation.state = OrganisationState::Refused;
            organisation.version += 1;
            organisations::save(conn, &organisation)
        })
        .await;
        assert_eq!(refused, [Subject::Organisation(owner)]);
    });
}

#[test]
fn new_posts_are_told_and_what_is_undone_is_not() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut place = here(&db).await;
        let (asked, given) = (request(&party, 1), offer(&party, 2));
        keep(&db, &asked).await;
        keep(&db, &given).await;
        let undone = request(&party, 3);
        refused(&db, move |conn| {
            requests::insert(conn, &undone)?;
            Err(StoreError::Stale)
        })
        .await;
        let (asked, given) = (PostId::Request(asked.id), PostId::Offer(given.id));
        let told = news(&db, &mut place).await;
        assert_eq!(told, [Subject::Post(asked), Subject::Post(given)].into());
        assert!(news(&db, &mut place).await.is_empty(), "once is enough");
    });
}

/// On PostgreSQL transactions run side by side, and the first to take a number may be the last to commit. SQLite has one
/// writer, so there this cannot happen.
#[test]
fn a_change_with_a_lower_number_that_is_committed_later_is_not_missed() {
    on_both(async |db| {
        if matches!(db.location(), Location::Sqlite(_)) {
            return;
        }
        let party = party(&db, "ria").await;
        let (slow, quick, last) = (request(&party, 1), request(&party, 2), request(&party, 3));
        let subject = |post: &domain::requests::Request| Subject::Post(PostId::Request(post.id));
        let (slow_one, quick_one, last_one) = (subject(&slow), subject(&quick), subject(&last));
        let mut place = here(&db).await;

        let (has_number, number_taken) = mpsc::channel();
        let (go, gone) = mpsc::channel::<()>();
        let writer = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(move |conn| {
                    requests::insert(conn, &slow)?;
                    has_number.send(()).unwrap();
                    gone.recv().unwrap();
                    Ok::<_, StoreError>(())
                })
                .await
            }
        });
        tokio::task::spawn_blocking(move || number_taken.recv().unwrap())
            .await
            .unwrap();
        keep(&db, &quick).await;
        assert_eq!(news(&db, &mut place).await, [quick_one].into());
        keep(&db, &last).await;
        assert_eq!(news(&db, &mut place).await, [last_one].into());
        assert!(news(&db, &mut place).await.is_empty());

        go.send(()).unwrap();
        writer.await.unwrap().unwrap();
        assert_eq!(news(&db, &mut place).await, [slow_one].into());
        assert!(news(&db, &mut place).await.is_empty());
    });
}

#[test]
fn whoever_reads_while_many_write_hears_of_each_once() {
    const WRITERS: usize = 8;
    const POSTS: i64 = 25;
    on_both(async |db| {
        let party = party(&db, "ria").await;
        let mut place = here(&db).await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (db, party) = (db.clone(), party.clone());
                tokio::spawn(async move {
                    let mut made = Vec::new();
                    for minutes in 0..POSTS {
                        let post = request(&party, minutes);
                        keep(&db, &post).await;
                        made.push(Subject::Post(PostId::Request(post.id)));
                    }
                    made
                })
            })
            .collect();
        let mut heard = Vec::new();
        while writers.iter().any(|writer| !writer.is_finished()) {
            heard.extend(news(&db, &mut place).await);
        }
        heard.extend(news(&db, &mut place).await);
        let mut made = Vec::new();
        for writer in writers {
            made.extend(writer.await.unwrap());
        }
        heard.sort();
        made.sort();
        assert_eq!(heard, made);
    });
}

#[test]
fn old_lines_are_taken_out_and_reading_goes_on() {
    on_both(async |db| {
        let party = party(&db, "ria").await;
        keep(&db, &request(&party, 1)).await;
        let mut place = here(&db).await;
        let age = match db.location() {
            Location::Sqlite(_) => "UPDATE market_changes SET at = datetime('now', '-25 hours')",
            Location::Postgres(_) => "UPDATE market_changes SET at = at - INTERVAL '25 hours'",
        };
        write(&db, move |conn| Ok(conn.batch_execute(age)?)).await;
        assert_eq!(write(&db, changes::prune).await, 1);
        assert!(news(&db, &mut place).await.is_empty());
        let post = request(&party, 2);
        keep(&db, &post).await;
        let told = [Subject::Post(PostId::Request(post.id))];
        assert_eq!(write(&db, changes::prune).await, 0, "new lines stay");
        assert_eq!(news(&db, &mut place).await, told.into());
    });
}
