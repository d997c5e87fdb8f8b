//! What the engine weighs, one signal per file.
//!
//! Each file has `value`, how well a pair does from 0 to 1, and `reason`, why, as data. They stand apart because every
//! pair needs its value and only the few best need their reasons. To add a signal: a file here, a line in
//! [`Values::of`] and in `score.rs`, a share in `weights.rs`, a variant in `domain::explanation`.

pub(crate) mod fairness;
pub(crate) mod freshness;
pub(crate) mod phase;
pub(crate) mod region;
pub(crate) mod support;
pub(crate) mod text;
pub(crate) mod theme;

use chrono::{DateTime, Utc};

use crate::posts::{Demand, Supply};
use crate::profile::{Gives, Wants};
use crate::text::asked::Asked;
use crate::text::kept::Given;
use crate::weights::Weights;

/// A request beside an offer, with the profile and the words of both made ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) demand: &'a Demand,
    pub(crate) wants: &'a Wants,
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) supply: &'a Supply,
    pub(crate) gives: &'a Gives,
    pub(crate) given: &'a Given,
}

/// How well a pair does on each signal, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Values {
    pub(crate) region: f64,
    pub(crate) theme: f64,
    pub(crate) phase: f64,
    pub(crate) support: f64,
    pub(crate) text: f64,
    pub(crate) freshness: f64,
    pub(crate) fairness: f64,
}

impl Values {
    /// Asks every signal.
    pub(crate) fn of(pair: Pair<'_>, weights: &Weights, now: DateTime<Utc>) -> Self {
        Self {
            region: region::value(pair, &weights.region),
            theme: theme::value(pair),
            phase: phase::value(pair),
            support: support::value(pair, &weights.support),
            text: text::value(pair, &weights.text),
            freshness: freshness::value(pair, now),
            fairness: fairness::value(pair),
        }
    }
}
