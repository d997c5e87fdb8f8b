//! Several processes on one database: each hears of what the others changed, and only who changed something proposes.

use std::time::{Duration, Instant};

use app::{App, Fit};
use diesel::connection::SimpleConnection;
use domain::matches::MatchState;
use domain::posts::{CloseReason, PostId};
use store::StoreError;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::town::{Person, Town, offer, on_both, on_both_with, request};

/// A second process that works, as a server does.
struct Server {
    app: App,
    stop: oneshot::Sender<()>,
    worker: JoinHandle<()>,
}

impl Server {
    async fn start(town: &Town) -> Self {
        let app = town
            .process_with(|config| {
                config.jobs.follow_milliseconds = 50;
                config.jobs.every_seconds = 86_400;
                config.outbox.poll_seconds = 86_400;
            })
            .await;
        let (stop, stopped) = oneshot::channel();
        let worker = tokio::spawn({
            let app = app.clone();
            async move { app.work_until(async { drop(stopped.await) }).await }
        });
        Self { app, stop, worker }
    }

    async fn stop(self) {
        drop(self.stop);
        self.worker.await.unwrap();
    }
}

/// Looks again and again until what fits a post is as many as this.
async fn until_fits(app: &App, who: &Person, post: PostId, count: usize) -> Vec<Fit> {
    let began = Instant::now();
    loop {
        let found = app.fits_of_post(&who.viewer, post).await.unwrap();
        if found.len() == count {
            return found;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "waited too long for {count}: {found:?}"
        );
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_process_hears_of_every_change_of_another_and_proposes_nothing_for_it() {
    on_both_with(
        |config| config.matching.weights.proposal_threshold = 1.0,
        async |town| {
            let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
            let server = Server::start(&town).await;
            let asked = PostId::Request(town.ask(&asker, request()).await);
            let given = PostId::Offer(town.give(&giver, offer()).await);
            let first = until_fits(&server.app, &asker, asked, 1).await;
            until_fits(&server.app, &giver, given, 1).await;

            let PostId::Offer(id) = given else {
                unreachable!("an offer is an offer")
            };
            let edit = |fields: &mut domain::offers::OfferFields| fields.support.clear();
            town.app
                .edit_offer(&giver.viewer, id, None, edit)
                .await
                .unwrap();
            let began = Instant::now();
            loop {
                let again = until_fits(&server.app, &asker, asked, 1).await;
                if again[0].score() < first[0].score() {
                    break;
                }
                assert!(began.elapsed() < Duration::from_secs(60), "{again:?}");
                tokio::task::yield_now().await;
            }

            let close = CloseReason::FulfilledHere;
            let viewer = &giver.viewer;
            town.app.close_post(viewer, given, close).await.unwrap();
            until_fits(&server.app, &asker, asked, 0).await;
            town.app.reopen_post(viewer, given).await.unwrap();
            until_fits(&server.app, &asker, asked, 1).await;
            server.stop().await;
            assert_eq!(town.matches().await, []);
        },
    );
}

/// Neither process looks by itself here: who changes a post follows the feed before it ranks.
#[test]
fn two_posts_that_fit_meet_whichever_process_each_came_by() {
    on_both(async |town| {
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        let other = town.second_process().await;
        town.ask(&asker, request()).await;
        other.place_offer(&giver.viewer, offer()).await.unwrap();
        assert_eq!(town.states().await, [MatchState::Proposed]);
        town.ask(&asker, request()).await;
        assert_eq!(town.states().await, [MatchState::Proposed; 2]);
    });
}

#[test]
fn posts_that_come_by_two_processes_at_once_have_one_proposal_each() {
    const TIMES: usize = 10;
    on_both(async |town| {
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        let other = town.second_process().await;
        let mut offers = Vec::new();
        for _ in 0..TIMES {
            let (asked, given) = tokio::join!(
                town.app.place_request(&asker.viewer, request()),
                other.place_offer(&giver.viewer, offer()),
            );
            let (asked, given) = (asked.unwrap().post.id, given.unwrap().post.id);
            let pair = town
                .matches()
                .await
                .iter()
                .filter(|found| found.request == asked && found.offer == given)
                .count();
            assert_eq!(pair, 1, "overlooked, or proposed twice");
            offers.push(PostId::Offer(given));
            let ended = CloseReason::NoLongerNeeded;
            for post in [PostId::Request(asked), PostId::Offer(given)] {
                let owner = match post {
                    PostId::Request(_) => &asker,
                    PostId::Offer(_) => &giver,
                };
                town.app
                    .close_post(&owner.viewer, post, ended)
                    .await
                    .unwrap();
            }
        }
        assert_eq!(offers.len(), TIMES);
    });
}

/// A file that was put back from an earlier copy: the feed in it is shorter than what was read. PostgreSQL numbers its
/// transactions for the whole server, so there nothing can be put back under a process.
#[test]
fn a_process_whose_feed_is_gone_reads_everything_again() {
    on_both(async |town| {
        if town.url.starts_with("postgres") {
            return;
        }
        let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
        let asked = PostId::Request(town.ask(&asker, request()).await);
        let server = Server::start(&town).await;
        let secretly = "UPDATE posts SET state = 'open', version = version + 1 WHERE kind = 'offer';
            DELETE FROM market_changes; UPDATE sqlite_sequence SET seq = 0 WHERE name = 'market_changes';";
        let given = town.give(&giver, offer()).await;
        until_fits(&server.app, &asker, asked, 1).await;
        town.app
            .pause_post(&giver.viewer, PostId::Offer(given))
            .await
            .unwrap();
        until_fits(&server.app, &asker, asked, 0).await;
        town.db()
            .write(move |conn| conn.batch_execute(secretly).map_err(StoreError::from))
            .await
            .unwrap();
        until_fits(&server.app, &asker, asked, 1).await;
        server.stop().await;
    });
}

#[test]
fn a_rematch_on_all_cores_does_each_request_once_and_in_order() {
    const REQUESTS: usize = 60;
    on_both_with(
        |config| config.matching.weights.proposal_threshold = 1.0,
        async |town| {
            let (asker, giver) = (town.member("Vraagt").await, town.member("Biedt").await);
            for _ in 0..REQUESTS {
                town.ask(&asker, request()).await;
            }
            town.give(&giver, offer()).await;
            assert_eq!(town.matches().await, []);
            let eager = town
                .process_with(|config| config.matching.weights.proposal_threshold = 0.1)
                .await;
            let mut heard = Vec::new();
            let done = eager.rematch(|at, of| heard.push((at, of))).await.unwrap();
            assert_eq!(
                (done.requests, done.offers, done.proposed),
                (REQUESTS, 1, REQUESTS)
            );
            let all: Vec<_> = (1..=REQUESTS).map(|at| (at, REQUESTS)).collect();
            assert_eq!(heard, all);
            let again = eager.rematch(|_, _| {}).await.unwrap();
            assert_eq!((again.requests, again.proposed), (REQUESTS, 0));
        },
    );
}
