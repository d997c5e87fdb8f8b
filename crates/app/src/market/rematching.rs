//! The full rematch: every open request against every open offer, on all cores, written down so that it can be done
//! again.
//!
//! A run first stores everything it looks at, and then looks at nothing else: what changes meanwhile is for the market
//! in memory and the next run. Only what may be stored is asked of the database as it is at that moment.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::available_parallelism;

use domain::ids::{MatchId, RunId};
use matching::{Frozen, Index, Proposal, proposals};
use store::match_runs::{self, Outcome, Run};
use tokio::task::{JoinHandle, spawn_blocking};

use super::following::freeze;
use crate::App;
use crate::error::AppError;
use crate::introductions::Actor;

/// Requests that one thread ranks before another takes over.
const CHUNK: usize = 16;

/// What a full rematch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rematched {
    /// The run it is kept as.
    pub run: RunId,
    /// Open requests that were ranked.
    pub requests: usize,
    /// Open offers they were ranked against.
    pub offers: usize,
    /// Proposals that are new.
    pub proposed: usize,
}

/// A run that began: what it looks at is stored, and nothing has come of it yet.
pub(crate) struct Begun {
    pub(crate) run: Run,
    frozen: Frozen,
}

/// The proposals of each request of a chunk, in its order.
type Ranking = JoinHandle<Vec<Vec<Proposal>>>;

impl App {
    /// Ranks every open request against every open offer again; `progress` hears how many of how many are done.
    ///
    /// All cores rank ahead, and what they found is stored in the order of the requests, each in a transaction of its
    /// own: who gets the last place of an offer does not depend on which core was quicker.
    ///
    /// # Errors
    /// [`AppError::Broken`] when the database cannot answer.
    pub async fn rematch(&self, progress: impl FnMut(usize, usize)) -> Result<Rematched, AppError> {
        let begun = self.begin_run(Actor::Itself).await?;
        self.finish_run(begun, progress).await
    }

    /// Freezes the market as it is now, and stores that as a run.
    pub(crate) async fn begin_run(&self, by: Actor) -> Result<Begun, AppError> {
        self.reload_market().await?;
        let (at, since) = (self.now(), self.lately());
        let matching = &self.config().matching;
        let (limit, weights) = (matching.max_proposals, matching.weights.clone());
        let frozen = self
            .db()
            .read(move |conn| freeze(conn, since))
            .await?
            .frozen(at, limit, weights);
        let json = |error: serde_json::Error| AppError::Broken(error.into());
        let inputs = serde_json::to_string(&frozen).map_err(json)?;
        let run = Run {
            id: RunId::new(at),
            begun_by: by.to_string(),
            at,
            algorithm: frozen.algorithm.clone(),
            weights: serde_json::to_string(&frozen.weights).map_err(json)?,
            requests: counted(frozen.demands.len()),
            offers: counted(frozen.supplies.len()),
            finished_at: None,
            proposed: 0,
            gated: String::new(),
            kept: Vec::new(),
            signed: None,
            note: String::new(),
        };
        let stored = run.clone();
        self.db()
            .write(move |conn| match_runs::insert(conn, &stored, &inputs))
            .await?;
        Ok(Begun { run, frozen })
    }

    /// Ranks what a run froze, stores the proposals that may be, and writes down what came of it.
    pub(crate) async fn finish_run(
        &self,
        begun: Begun,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Rematched, AppError> {
        let id = begun.run.id;
        let (frozen, index, gated) = spawn_blocking(move || {
            let (index, gated) = (begun.frozen.index(), begun.frozen.gated());
            (Arc::new(begun.frozen), Arc::new(index), gated)
        })
        .await?;
        let total = frozen.demands.len();
        // One chunk more than there are cores: no core waits while another chunk is stored.
        let most = available_parallelism().map_or(1, usize::from) + 1;
        let mut starts = (0..total).step_by(CHUNK);
        let mut ahead: VecDeque<Ranking> = VecDeque::new();
        let mut proposed: Vec<Proposal> = Vec::new();
        let mut kept: Vec<MatchId> = Vec::new();
        let mut done = 0;
        loop {
            while ahead.len() < most
                && let Some(start) = starts.next()
            {
                ahead.push_back(rank_ahead(&frozen, &index, start));
            }
            let Some(ranking) = ahead.pop_front() else {
                break;
            };
            for found in ranking.await? {
                proposed.extend_from_slice(&found);
                kept.extend(self.store_proposals(found).await?);
                done += 1;
                progress(done, total);
            }
        }
        let rematched = Rematched {
            run: id,
            requests: total,
            offers: frozen.supplies.len(),
            proposed: kept.len(),
        };
        let json = |error: serde_json::Error| AppError::Broken(error.into());
        let outcome = Outcome {
            finished_at: self.now(),
            proposed: proposed.len(),
            proposals: serde_json::to_string(&proposed).map_err(json)?,
            gated: serde_json::to_string(&gated).map_err(json)?,
            kept,
        };
        self.db()
            .write(move |conn| match_runs::finish(conn, id, &outcome))
            .await?;
        Ok(rematched)
    }
}

/// Ranks a chunk of requests on a thread where computing may take a while.
fn rank_ahead(frozen: &Arc<Frozen>, index: &Arc<Index>, start: usize) -> Ranking {
    let (frozen, index) = (Arc::clone(frozen), Arc::clone(index));
    spawn_blocking(move || {
        let chunk = frozen.demands.iter().skip(start).take(CHUNK);
        chunk
            .map(|demand| proposals(&index, &demand.key, frozen.at, frozen.limit))
            .collect()
    })
}

fn counted(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
