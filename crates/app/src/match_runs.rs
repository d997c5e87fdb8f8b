//! Match runs: begun by a coordinator, read, signed off, and done again from what they looked at.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::RunId;
use domain::members::Viewer;
use domain::text::Note;
use matching::{ALGORITHM, Frozen, Gated, Proposal};
use store::match_runs::{self, Made, Record};
use store::{Conn, Page, Slice, StoreError};
use tokio::task::spawn_blocking;

use crate::App;
use crate::error::{AppError, Conflict};
use crate::introductions::Actor;
use crate::tokens::coordinator;

pub use store::match_runs::Run;

/// Hours after which a run that is not finished counts as interrupted.
const MAX_RUN_HOURS: i64 = 6;

/// Days a run is kept that nobody signed off: its inputs are as large as the market.
const UNSIGNED_DAYS: i64 = 90;

/// Days a run is kept that was signed off, as long as history.
const SIGNED_DAYS: i64 = 730;

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It is still ranking.
    Going,
    /// It is done.
    Finished,
    /// It ended before it was done, because the program did.
    Interrupted,
}

/// A run, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct RunView {
    /// The run.
    pub run: Run,
    /// Where it is.
    pub state: RunState,
    /// What the gates said; `None` until it is finished.
    pub gated: Option<Gated>,
}

/// What doing a run again showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replayed {
    /// The same, to the last byte: so many proposals, and so many matches that came of them.
    Same {
        /// Proposals that were compared.
        proposals: usize,
        /// Matches that were compared.
        matches: usize,
    },
    /// Something that is stored is not what comes of the inputs: what that is.
    Different(Difference),
    /// Another version of the engine made it, so it cannot be compared.
    OtherAlgorithm {
        /// That version.
        made_by: String,
        /// The version of this program.
        ours: &'static str,
    },
}

/// What of a run is not what comes of its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// The proposals it wrote down.
    Proposals,
    /// What it wrote down about the gates.
    Gates,
    /// The weights or the moment beside the inputs.
    Inputs,
    /// A match that came of it, which is gone or says something else.
    Matches,
}

impl App {
    /// Begins a full rematch, which goes on after the answer.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`Conflict::RunGoing`] while there is one.
    pub async fn start_match_run(&self, viewer: &Viewer) -> Result<RunView, AppError> {
        let by = coordinator(viewer)?.id;
        let since = self.now() - TimeDelta::hours(MAX_RUN_HOURS);
        let going = self
            .db()
            .read(move |conn| match_runs::going(conn, since))
            .await?;
        if !going.is_empty() {
            return Err(AppError::Conflict(Conflict::RunGoing));
        }
        let begun = self.begin_run(Actor::Member(by)).await?;
        let view = self.run_view(begun.run.clone())?;
        let app = self.clone();
        tokio::spawn(async move {
            let run = begun.run.id;
            if let Err(error) = app.finish_run(begun, |_, _| {}).await {
                tracing::error!(%error, %run, "a match run could not be finished");
            }
        });
        Ok(view)
    }

    /// A page of runs, the latest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate.
    pub async fn list_match_runs(
        &self,
        viewer: &Viewer,
        slice: Slice,
    ) -> Result<Page<RunView>, AppError> {
        coordinator(viewer)?;
        let page = self
            .db()
            .read(move |conn| match_runs::page(conn, &slice))
            .await?;
        let items = page.items.into_iter().map(|run| self.run_view(run));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next: page.next,
        })
    }

    /// A run, with what it proposed.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`AppError::NotFound`] when there is none.
    pub async fn find_match_run(
        &self,
        viewer: &Viewer,
        id: RunId,
    ) -> Result<(RunView, Vec<Proposal>), AppError> {
        coordinator(viewer)?;
        let (run, record) = self
            .db()
            .read(move |conn| {
                Ok::<_, StoreError>((match_runs::find(conn, id)?, match_runs::record(conn, id)?))
            })
            .await?;
        let view = self.run_view(run)?;
        let proposals = match view.state {
            RunState::Finished => understood(&record.proposals)?,
            RunState::Going | RunState::Interrupted => Vec::new(),
        };
        Ok((view, proposals))
    }

    /// Signs a finished run off, once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`AppError::NotFound`] when there is none,
    /// [`Conflict::RunUnfinished`] before it is finished, [`Conflict::RunSigned`] when somebody did before.
    pub async fn sign_match_run(
        &self,
        viewer: &Viewer,
        id: RunId,
        note: Note,
    ) -> Result<RunView, AppError> {
        let by = coordinator(viewer)?.id;
        let now = self.now();
        let run = self
            .db()
            .write(move |conn| {
                let run = match_runs::find(conn, id)?;
                if run.finished_at.is_none() {
                    return Err(AppError::Conflict(Conflict::RunUnfinished));
                }
                match match_runs::sign(conn, id, (by, now), &note.to_string()) {
                    Err(StoreError::Stale) => Err(AppError::Conflict(Conflict::RunSigned)),
                    Err(error) => Err(error.into()),
                    Ok(()) => Ok(match_runs::find(conn, id)?),
                }
            })
            .await?;
        self.run_view(run)
    }

    /// Does a run again from what it looked at, and compares what comes of it with what is stored, byte for byte.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`AppError::NotFound`] when there is none,
    /// [`Conflict::RunUnfinished`] before it is finished.
    pub async fn replay_match_run(&self, viewer: &Viewer, id: RunId) -> Result<Replayed, AppError> {
        coordinator(viewer)?;
        let (run, record, made) = self
            .db()
            .read(move |conn| {
                let run = match_runs::find(conn, id)?;
                let made = match_runs::made(conn, &run.kept)?;
                Ok::<_, StoreError>((run, match_runs::record(conn, id)?, made))
            })
            .await?;
        if run.finished_at.is_none() {
            return Err(AppError::Conflict(Conflict::RunUnfinished));
        }
        if run.algorithm != ALGORITHM {
            return Ok(Replayed::OtherAlgorithm {
                made_by: run.algorithm,
                ours: ALGORITHM,
            });
        }
        spawn_blocking(move || replayed(&run, &record, &made)).await?
    }

    fn run_view(&self, run: Run) -> Result<RunView, AppError> {
        let state = if run.finished_at.is_some() {
            RunState::Finished
        } else if run.at > self.now() - TimeDelta::hours(MAX_RUN_HOURS) {
            RunState::Going
        } else {
            RunState::Interrupted
        };
        let gated = match state {
            RunState::Finished => Some(understood(&run.gated)?),
            RunState::Going | RunState::Interrupted => None,
        };
        Ok(RunView { run, state, gated })
    }
}

/// Removes runs that were kept long enough.
pub(crate) fn prune(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let before = |days| now - TimeDelta::days(days);
    match_runs::prune(conn, before(UNSIGNED_DAYS), before(SIGNED_DAYS))
}

/// Ranks again and compares.
fn replayed(run: &Run, record: &Record, made: &[Made]) -> Result<Replayed, AppError> {
    let frozen: Frozen = understood(&record.inputs)?;
    let is_of_run = frozen.algorithm == run.algorithm
        && written(&frozen.weights)? == run.weights
        && frozen.at.timestamp_micros() == run.at.timestamp_micros();
    let proposals = frozen.proposals();
    let different = if !is_of_run {
        Some(Difference::Inputs)
    } else if written(&proposals)? != record.proposals {
        Some(Difference::Proposals)
    } else if written(&frozen.gated())? != run.gated {
        Some(Difference::Gates)
    } else {
        None
    };
    if let Some(difference) = different {
        return Ok(Replayed::Different(difference));
    }
    let mut expected = BTreeSet::new();
    for proposal in &proposals {
        let why = written(&proposal.explanation)?;
        expected.insert((proposal.demand.clone(), proposal.supply.clone(), why));
    }
    let is_expected = |found: &Made| {
        let (request, offer) = (found.request.clone(), found.offer.clone());
        expected.contains(&(request, offer, found.explanation.clone()))
    };
    if made.len() != run.kept.len() || !made.iter().all(is_expected) {
        return Ok(Replayed::Different(Difference::Matches));
    }
    Ok(Replayed::Same {
        proposals: proposals.len(),
        matches: made.len(),
    })
}

fn written(value: &impl serde::Serialize) -> Result<String, AppError> {
    serde_json::to_string(value).map_err(|error| AppError::Broken(error.into()))
}

fn understood<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, AppError> {
    serde_json::from_str(text).map_err(|error| AppError::Broken(error.into()))
}
