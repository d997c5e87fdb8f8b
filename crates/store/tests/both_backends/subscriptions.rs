//! Subscriptions read back, are due in turn, and what was told is remembered once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::digests::Item;
use domain::ids::SubscriptionId;
use domain::organisations::OrganisationState;
use domain::posts::{PostId, PostState};
use domain::subscriptions::{Frequency, NewsKind, Subscription, SubscriptionContent};
use store::{Db, Slice, StoreError, digests, organisations, subscriptions};

use super::kept::{keep, on_both, read, refused, write};
use super::market::{Party, in_state, minute, offer, pair, party, request};

fn subscription(of: &Party, frequency: Frequency, due_at: DateTime<Utc>) -> Subscription {
    Subscription {
        id: SubscriptionId::new(minute(1)),
        member: of.member.id,
        content: SubscriptionContent {
            kinds: vec![NewsKind::Requests, NewsKind::Gaps],
            regions: vec!["NL".parse().unwrap(), "GM0200".parse().unwrap()],
            themes: vec!["dorpshuis".parse().unwrap()],
            phases: vec!["start".parse().unwrap()],
            support: vec!["ruimte".parse().unwrap()],
            minimum_score: 0.625,
            frequency,
        },
        news_from: (frequency == Frequency::Immediate).then_some(minute(1)),
        due_at,
        created_at: minute(1),
        version: 1,
    }
}

async fn kept(db: &Db, subscription: &Subscription) {
    let stored = subscription.clone();
    write(db, move |conn| subscriptions::insert(conn, &stored)).await;
}

async fn due_at(db: &Db, now: DateTime<Utc>, often: &'static [Frequency]) -> Vec<SubscriptionId> {
    let found = read(db, move |conn| {
        subscriptions::due(conn, now, often, None, 10)
    })
    .await;
    found.into_iter().map(|(found, _)| found.id).collect()
}

#[test]
fn a_subscription_reads_back_and_is_changed_in_turn() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        for frequency in Frequency::ALL {
            let made = subscription(&ria, *frequency, minute(5));
            kept(&db, &made).await;
            let id = made.id;
            let found = read(&db, move |conn| subscriptions::find(conn, id)).await;
            assert_eq!(found, made);
        }
        let member = ria.member.id;
        let page = read(&db, move |conn| {
            subscriptions::page(conn, member, &Slice::first(2))
        })
        .await;
        assert!(page.items.len() == 2 && page.next.is_some());
        let mut changed = page.items[0].clone();
        changed.content.themes = Vec::new();
        changed.version = 2;
        let (once, again) = (changed.clone(), changed.clone());
        write(&db, move |conn| subscriptions::save(conn, &once)).await;
        let late = refused(&db, move |conn| subscriptions::save(conn, &again)).await;
        assert!(matches!(late, StoreError::Stale), "{late:?}");
        let id = changed.id;
        assert!(write(&db, move |conn| subscriptions::remove(conn, id)).await);
        assert!(!write(&db, move |conn| subscriptions::remove(conn, id)).await);
        let left = read(&db, move |conn| subscriptions::count_of(conn, member)).await;
        assert_eq!(left, 2);
    });
}

#[test]
fn letters_are_due_at_their_time_for_who_is_verified() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let weekly = subscription(&ria, Frequency::Weekly, minute(5));
        let at_once = subscription(&ria, Frequency::Immediate, minute(5));
        kept(&db, &weekly).await;
        kept(&db, &at_once).await;
        assert!(due_at(&db, minute(4), Frequency::ALL).await.is_empty());
        assert_eq!(due_at(&db, minute(5), Frequency::ALL).await.len(), 2);
        let by_night = &[Frequency::Daily, Frequency::Weekly];
        assert_eq!(due_at(&db, minute(5), by_night).await, [weekly.id]);
        let id = weekly.id;
        write(&db, move |conn| subscriptions::put_off(conn, id, minute(9))).await;
        assert_eq!(due_at(&db, minute(5), Frequency::ALL).await, [at_once.id]);
        let served = read(&db, move |conn| subscriptions::is_served(conn, id)).await;
        assert!(served);
        let mut out = ria.organisation.clone();
        out.state = OrganisationState::Refused;
        out.version += 1;
        write(&db, move |conn| organisations::save(conn, &out)).await;
        assert!(due_at(&db, minute(9), Frequency::ALL).await.is_empty());
        assert!(!read(&db, move |conn| subscriptions::is_served(conn, id)).await);
    });
}

#[test]
fn what_was_told_is_remembered_once_for_each_member() {
    on_both(async |db| {
        let (ria, jan) = (party(&db, "ria").await, party(&db, "jan").await);
        let (asked, offered, found) = pair(&db).await;
        let post = PostId::Request(asked.id);
        // More than one statement takes.
        let mut told: BTreeSet<Item> = (0..1_500)
            .map(|_| Item::Post(PostId::Request(request(&ria, 1).id)))
            .collect();
        told.extend([
            Item::Gap(post),
            Item::Post(post),
            Item::Match(found.id),
            Item::Post(PostId::Offer(offered.id)),
        ]);
        let (reader, items) = (ria.member.id, told.clone());
        write(&db, move |conn| {
            digests::remember(conn, reader, &items, minute(1))
        })
        .await;
        assert_eq!(
            read(&db, move |conn| digests::told(conn, reader)).await,
            told
        );
        let twice = refused(&db, move |conn| {
            digests::remember(conn, reader, &[Item::Gap(post)].into(), minute(2))
        })
        .await;
        assert!(matches!(twice, StoreError::Taken(_)), "{twice:?}");
        let other = jan.member.id;
        assert!(
            read(&db, move |conn| digests::told(conn, other))
                .await
                .is_empty()
        );
    });
}

#[test]
fn there_is_news_of_open_posts_only_with_their_best_score() {
    on_both(async |db| {
        let (asked, offered, found) = pair(&db).await;
        let ria = party(&db, "ria").await;
        let mut paused = request(&ria, 3);
        paused.life = in_state(&paused.life, PostState::Paused);
        let lonely = offer(&ria, 4);
        keep(&db, &paused).await;
        keep(&db, &lonely).await;
        let facts = read(&db, digests::open_posts).await;
        let scores: Vec<(PostId, Option<f64>)> = facts
            .iter()
            .map(|post| (post.id, post.best_score))
            .collect();
        assert_eq!(scores.len(), 3);
        for expected in [
            (PostId::Request(asked.id), Some(0.75)),
            (PostId::Offer(offered.id), Some(0.75)),
            (PostId::Offer(lonely.id), None),
        ] {
            assert!(scores.contains(&expected), "{scores:?}");
        }
        let wanted = BTreeSet::from([PostId::Request(asked.id), PostId::Request(paused.id)]);
        let titles = read(&db, move |conn| digests::open_titles(conn, &wanted)).await;
        assert_eq!(titles.len(), 1);
        assert_eq!(titles[&PostId::Request(asked.id)], "Ruimte gezocht");
        assert!(
            read(&db, move |conn| digests::met(conn, minute(0)))
                .await
                .is_empty()
        );
        let mut introduced = found.clone();
        introduced.state = domain::matches::MatchState::Introduced;
        introduced.version += 1;
        let id = found.id;
        write(&db, move |conn| store::matches::save(conn, &introduced, 1)).await;
        let met = read(&db, move |conn| digests::met(conn, minute(0))).await;
        assert_eq!(met.len(), 1);
        assert_eq!(met[0].id, id);
        assert_eq!(
            met[0].posts,
            [PostId::Request(asked.id), PostId::Offer(offered.id)]
        );
        assert!(
            read(&db, move |conn| digests::met(conn, minute(60)))
                .await
                .is_empty()
        );
    });
}
