//! The full rematch: every open request against every open offer, on all cores.

use std::collections::VecDeque;
use std::thread::available_parallelism;

use domain::ids::RequestId;
use domain::posts::PostId;
use matching::Proposal;
use tokio::task::JoinHandle;

use super::ranked;
use crate::App;
use crate::error::AppError;

/// Requests that one thread ranks before it lets writers at the market again.
const CHUNK: usize = 16;

/// What a full rematch did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rematched {
    /// Open requests that were ranked.
    pub requests: usize,
    /// Open offers they were ranked against.
    pub offers: usize,
    /// Proposals that are new.
    pub proposed: usize,
}

/// The proposals of each request of a chunk, in its order.
type Ranking = JoinHandle<Result<Vec<Vec<Proposal>>, AppError>>;

impl App {
    /// Ranks every open request against every open offer again; `progress` hears how many of how many are done.
    ///
    /// All cores rank ahead, and what they found is stored in the order of the requests, each in a transaction of its
    /// own: who gets the last place of an offer does not depend on which core was quicker.
    ///
    /// # Errors
    /// [`AppError::Broken`] when the database cannot answer.
    pub async fn rematch(
        &self,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Rematched, AppError> {
        self.reload_market().await?;
        let (keys, offers) = self
            .ask_market(|market| {
                let keys: Vec<String> = market.demands().map(str::to_owned).collect();
                (keys, market.supplies().len())
            })
            .await?;
        let demands: Vec<RequestId> = keys.iter().filter_map(|key| key.parse().ok()).collect();
        let mut done = Rematched {
            offers,
            ..Rematched::default()
        };
        // One chunk more than there are cores: no core waits while another chunk is stored.
        let most = available_parallelism().map_or(1, usize::from) + 1;
        let mut chunks = demands.chunks(CHUNK);
        let mut ahead: VecDeque<Ranking> = VecDeque::new();
        loop {
            while ahead.len() < most
                && let Some(chunk) = chunks.next()
            {
                ahead.push_back(self.rank_ahead(chunk.to_vec()));
            }
            let Some(ranking) = ahead.pop_front() else {
                return Ok(done);
            };
            for found in ranking.await?? {
                done.proposed += self.store_proposals(found).await?;
                done.requests += 1;
                progress(done.requests, demands.len());
            }
        }
    }

    /// Ranks some requests on a thread where computing may take a while, under one lock.
    fn rank_ahead(&self, requests: Vec<RequestId>) -> Ranking {
        let (app, now) = (self.clone(), self.now());
        let limit = self.config().matching.max_proposals;
        tokio::spawn(async move {
            app.ask_market(move |market| {
                requests
                    .iter()
                    .map(|id| ranked(market, PostId::Request(*id), now, limit))
                    .collect()
            })
            .await
        })
    }
}
