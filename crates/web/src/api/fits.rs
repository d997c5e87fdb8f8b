//! What fits a post, as its owner and coordinators get it from `/v1/requests/{id}/matches` and `/v1/offers/{id}/matches`.

use app::{App, Candidate, Fit};
use domain::explanation::Part;
use domain::members::Viewer;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::matches::{Half, MatchView, summary};

/// A match that is going, or a pair that could have one: the fields of the second are also in the first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Fit)]
pub(crate) enum FitView {
    /// Een koppeling die loopt.
    Match(Box<MatchView>),
    /// Een vraag en aanbod die passen en nog geen koppeling hebben.
    Candidate(Box<CandidateView>),
}

/// A request and an offer that fit and have no match.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Candidate)]
pub(crate) struct CandidateView {
    /// Altijd null: er is nog geen koppeling.
    id: Option<String>,
    /// Altijd null: er is nog geen koppeling.
    state: Option<String>,
    /// De vraag.
    request: Half,
    /// Het aanbod.
    offer: Half,
    /// Hoe goed ze passen, 0 tot en met 1.
    #[schema(example = 0.78)]
    score: f64,
    /// De redenen in één regel.
    #[schema(example = "Zelfde gemeente (Apeldoorn) · thema ontmoeten")]
    summary: String,
    /// De redenen als gegevens; de bijdragen zijn samen de score.
    #[schema(value_type = Vec<Object>)]
    reasons: Vec<Part>,
    /// De versie van de rekenregel die de score maakte.
    algorithm: String,
    /// Aan welke kant de kijker staat: `request`, `offer` of null.
    side: Option<String>,
}

impl FitView {
    pub(crate) fn new(app: &App, viewer: &Viewer, fit: &Fit) -> Self {
        match fit {
            Fit::Match(seen) => Self::Match(Box::new(MatchView::new(app, viewer, seen))),
            Fit::Candidate(seen) => Self::Candidate(Box::new(CandidateView::new(app, seen))),
        }
    }
}

impl CandidateView {
    fn new(app: &App, seen: &Candidate) -> Self {
        Self {
            id: None,
            state: None,
            request: Half::from(&seen.request),
            offer: Half::from(&seen.offer),
            score: seen.explanation.score,
            summary: summary(app, &seen.explanation, seen.side),
            reasons: seen.explanation.parts.clone(),
            algorithm: seen.explanation.algorithm.clone(),
            side: seen.side.map(String::from),
        }
    }
}
