//! Who walks through a list page by page meets every row once, also while others add to it.

use domain::letters::LetterKind;
use domain::members::Viewer;
use domain::posts::PostFilter;
use store::organisations::OrganisationFilter;
use store::{Conn, Db, MAX_PAGE, Page, Slice, StoreError};
use store::{letters, matches, offers, organisations, outbox, requests};

use super::kept::{keep, on_both, read, write};
use super::market::{letter, minute, offer, organisation, party, proposal, request};

/// One page of some list, as ids.
type List = fn(&mut Conn, &Slice) -> Result<Page<String>, StoreError>;

/// All ids of a list, a page of three at a time; `add` runs between two pages.
async fn walk(db: &Db, list: List, add: impl AsyncFn()) -> Vec<String> {
    let mut seen = Vec::new();
    let mut slice = Slice::first(3);
    loop {
        let wanted = slice.clone();
        let page = read(db, move |conn| list(conn, &wanted)).await;
        assert!(page.items.len() <= 3 && !page.items.is_empty(), "{page:?}");
        seen.extend(page.items);
        match page.next {
            Some(next) => slice.after = Some(next),
            None => return seen,
        }
        add().await;
    }
}

fn newest_first(ids: &[String]) -> Vec<String> {
    ids.iter().rev().cloned().collect()
}

fn of_requests(conn: &mut Conn, slice: &Slice) -> Result<Page<String>, StoreError> {
    let page = requests::page(conn, &PostFilter::default(), &Viewer::Anyone, slice)?;
    Ok(page.map(|found| found.post.id.to_string()))
}

fn of_offers(conn: &mut Conn, slice: &Slice) -> Result<Page<String>, StoreError> {
    let page = offers::page(conn, &PostFilter::default(), &Viewer::Anyone, slice)?;
    Ok(page.map(|found| found.post.id.to_string()))
}

fn of_organisations(conn: &mut Conn, slice: &Slice) -> Result<Page<String>, StoreError> {
    Ok(
        organisations::page(conn, &OrganisationFilter::default(), slice)?
            .map(|found| found.id.to_string()),
    )
}

fn of_matches(conn: &mut Conn, slice: &Slice) -> Result<Page<String>, StoreError> {
    Ok(matches::page(conn, &matches::Queue::default(), slice)?.map(|found| found.id.to_string()))
}

fn of_deliveries(conn: &mut Conn, slice: &Slice) -> Result<Page<String>, StoreError> {
    Ok(outbox::page(conn, None, slice)?.map(|found| found.delivery.id.to_string()))
}

#[test]
fn requests_and_offers_are_walked_while_others_post() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let (mut asked, mut offered) = (Vec::new(), Vec::new());
        for minutes in 1..=10 {
            let (one, other) = (request(&ria, minutes), offer(&ria, minutes));
            asked.push(one.id.to_string());
            offered.push(other.id.to_string());
            keep(&db, &one).await;
            keep(&db, &other).await;
        }
        let walked = walk(&db, of_requests, async || {
            keep(&db, &request(&ria, 100)).await;
        })
        .await;
        assert_eq!(walked, newest_first(&asked));
        let walked = walk(&db, of_offers, async || keep(&db, &offer(&ria, 100)).await).await;
        assert_eq!(walked, newest_first(&offered));
    });
}

#[test]
fn organisations_are_walked_while_others_register() {
    on_both(async |db| {
        let mut stored = Vec::new();
        for minutes in 1..=9 {
            let registered = organisation("Buurttuin", minute(minutes));
            stored.push(registered.id.to_string());
            keep(&db, &registered).await;
        }
        let add = async || keep(&db, &organisation("Nieuw", minute(100))).await;
        assert_eq!(
            walk(&db, of_organisations, add).await,
            newest_first(&stored)
        );
    });
}

#[test]
fn matches_are_walked_while_the_engine_proposes() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let offered = offer(&ria, 0);
        keep(&db, &offered).await;
        let propose = async |minutes| {
            let asked = request(&ria, minutes);
            let found = proposal(&asked, &offered, 0.5);
            keep(&db, &asked).await;
            keep(&db, &found).await;
            found.id.to_string()
        };
        let mut stored = Vec::new();
        for minutes in 1..=8 {
            stored.push(propose(minutes).await);
        }
        let walked = walk(&db, of_matches, async || drop(propose(100).await)).await;
        assert_eq!(walked, newest_first(&stored));
    });
}

#[test]
fn deliveries_are_walked_while_letters_are_written() {
    on_both(async |db| {
        let write_to = async |count: usize, minutes| {
            let recipients: Vec<_> = (0..count)
                .map(|number| format!("lid{number}@voorbeeld.nl").parse().unwrap())
                .collect();
            let stored = letter(LetterKind::ReviewWaiting, "org_1", minutes);
            write(&db, move |conn| {
                letters::enqueue(conn, &stored, &recipients)
            })
            .await;
        };
        write_to(11, 1).await;
        let walked = walk(&db, of_deliveries, async || write_to(2, 100).await).await;
        assert_eq!(walked.len(), 11);
        assert!(walked.windows(2).all(|two| two[0] > two[1]), "{walked:?}");
    });
}

#[test]
fn a_page_has_at_least_one_row_and_at_most_a_hundred() {
    on_both(async |db| {
        write(&db, |conn| {
            for minutes in 0..130 {
                organisations::insert(conn, &organisation("Buurttuin", minute(minutes)))?;
            }
            Ok(())
        })
        .await;
        for (asked, expected) in [
            (0, 1),
            (1, 1),
            (MAX_PAGE, MAX_PAGE),
            (1_000, MAX_PAGE),
            (usize::MAX, MAX_PAGE),
        ] {
            let page = read(&db, move |conn| {
                of_organisations(conn, &Slice::first(asked))
            })
            .await;
            assert_eq!(page.items.len(), expected, "asked {asked}");
            assert_eq!(page.next.as_ref(), page.items.last(), "asked {asked}");
        }
    });
}
