//! `/v1/match-runs`: full rematches with what they looked at, what the gates refused, and who signed them off.

#![expect(
    unused_qualifications,
    reason = "the contract macro names the query type by its path"
)]

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use app::App;
use app::match_runs::{RunState, RunView as Seen};
use chrono::{DateTime, Utc};
use domain::fields::Gather;
use domain::ids::RunId;
use domain::text::Note;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Answer, List, created, ok};
use crate::error::Problem;
use crate::extract::{Body, Id, Query, Who, slice};

/// Proposals of a run that are named; the count says how many there were.
const MAX_NAMED: usize = 500;

/// A full rematch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRun)]
pub(crate) struct RunView {
    /// Kenmerk.
    #[schema(example = "run_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// `going`, `finished` of `interrupted`: dan stopte het programma voordat de ronde klaar was.
    #[schema(example = "finished")]
    state: &'static str,
    /// Wie de ronde begon: het kenmerk van een lid, of `itself`.
    begun_by: String,
    /// Het moment waarop de gegevens zijn vastgelegd.
    at: DateTime<Utc>,
    /// Wanneer de ronde klaar was.
    finished_at: Option<DateTime<Utc>>,
    /// De versie van de rekenregel.
    algorithm: String,
    /// Hoeveel vragen zijn vergeleken.
    requests: u32,
    /// Met hoeveel aanbod.
    offers: u32,
    /// Hoeveel paren de ronde voorstelt.
    proposed: u32,
    /// Hoeveel daarvan een nieuwe koppeling werden.
    kept: usize,
    /// Hoeveel paren door alle regels kwamen; null tot de ronde klaar is.
    passed: Option<u64>,
    /// Hoeveel paren elke regel weigerde, met de code van de regel.
    refused: BTreeMap<String, u64>,
    /// Wie de ronde goedkeurde.
    signed_by: Option<String>,
    /// Wanneer.
    signed_at: Option<DateTime<Utc>>,
    /// Wat die erbij schreef.
    note: String,
}

/// A full rematch with its weights and proposals.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunInFull)]
struct RunInFull {
    #[serde(flatten)]
    run: RunView,
    /// De gewichten waarmee is gerekend.
    #[schema(value_type = Object)]
    weights: serde_json::Value,
    /// De voorstellen, hoogstens de eerste 500.
    proposals: Vec<ProposalView>,
    /// De kenmerken van de koppelingen die ervan kwamen.
    matches: Vec<String>,
}

/// A pair that a run proposed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunProposal)]
struct ProposalView {
    /// Kenmerk van de vraag.
    request_id: String,
    /// Kenmerk van het aanbod.
    offer_id: String,
    /// Hoe goed ze passen, 0 tot en met 1.
    score: f64,
}

/// What a coordinator writes when signing off.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SignOff {
    /// In eigen woorden.
    note: String,
}

/// Which page of runs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunQuery {
    /// Aantal per bladzijde, 1 tot en met 100.
    page_size: Option<String>,
    /// Waar de vorige bladzijde ophield.
    cursor: Option<String>,
}

impl From<Seen> for RunView {
    fn from(seen: Seen) -> Self {
        let run = seen.run;
        let gated = seen.gated;
        Self {
            id: run.id.to_string(),
            state: match seen.state {
                RunState::Going => "going",
                RunState::Finished => "finished",
                RunState::Interrupted => "interrupted",
            },
            begun_by: run.begun_by,
            at: run.at,
            finished_at: run.finished_at,
            algorithm: run.algorithm,
            requests: run.requests,
            offers: run.offers,
            proposed: run.proposed,
            kept: run.kept.len(),
            passed: gated.as_ref().map(|gated| gated.passed),
            refused: gated.map(|gated| gated.refused).unwrap_or_default(),
            signed_by: run.signed.map(|(by, _)| by.to_string()),
            signed_at: run.signed.map(|(_, at)| at),
            note: run.note,
        }
    }
}

/// Vergelijk alle open vragen opnieuw met al het open aanbod. De ronde gaat door na het antwoord; kijk op haar adres of zij klaar is.
#[utoipa::path(post, path = "/match-runs", operation_id = "startMatchRun", tag = "koppelingen", security(("bearer" = [])),
    responses((status = 202, body = RunView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, who: Who) -> Answer {
    let begun = RunView::from(app.start_match_run(&who.0).await?);
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/v1/match-runs/{}", begun.id)))
        .json(begun))
}

/// Rondes, de nieuwste eerst. Een ronde die niemand goedkeurde blijft 90 dagen bewaard.
#[utoipa::path(get, path = "/match-runs", operation_id = "listMatchRuns", tag = "koppelingen", params(RunQuery), security(("bearer" = [])),
    responses((status = 200, body = List<RunView>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, query: Query<RunQuery>) -> Answer {
    let slice = slice(
        &app,
        query.0.page_size.as_deref(),
        query.0.cursor.as_deref(),
    )?;
    let page = app.list_match_runs(&who.0, slice).await?;
    ok(&List::of(&app, page, RunView::from)?)
}

/// Een ronde met haar gewichten en voorstellen.
#[utoipa::path(get, path = "/match-runs/{id}", operation_id = "getMatchRun", tag = "koppelingen", params(("id" = String, Path, description = "Kenmerk.")),
    security(("bearer" = [])),
    responses((status = 200, body = RunInFull), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, who: Who, id: Id<RunId>) -> Answer {
    let (seen, proposals) = app.find_match_run(&who.0, id.0).await?;
    let weights = serde_json::from_str(&seen.run.weights)
        .map_err(|error| app::AppError::Broken(error.into()))?;
    let named = proposals.into_iter().take(MAX_NAMED);
    ok(&RunInFull {
        weights,
        proposals: named
            .map(|found| ProposalView {
                request_id: found.demand,
                offer_id: found.supply,
                score: found.explanation.score,
            })
            .collect(),
        matches: seen.run.kept.iter().map(ToString::to_string).collect(),
        run: RunView::from(seen),
    })
}

/// Keur een ronde goed, één keer.
#[utoipa::path(post, path = "/match-runs/{id}/sign-offs", operation_id = "signMatchRunOff", tag = "koppelingen",
    params(("id" = String, Path, description = "Kenmerk.")), request_body = SignOff, security(("bearer" = [])),
    responses((status = 201, body = RunView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn sign(
    app: web::Data<App>,
    who: Who,
    id: Id<RunId>,
    body: Body<SignOff>,
) -> Answer {
    let mut problems = Gather::default();
    let note = problems.at("note", body.0.note.parse::<Note>());
    let note = problems.done(|| note).map_err(Problem::invalid)?;
    let signed = app.sign_match_run(&who.0, id.0, note).await?;
    created(format!("/v1/match-runs/{}", id.0), &RunView::from(signed))
}
