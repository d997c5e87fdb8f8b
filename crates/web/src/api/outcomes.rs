//! `/v1/outcomes/{token}`: what came of an introduction, told by a mailed link.

use actix_web::web;
use app::{App, OutcomePage};
use domain::matches::Outcome;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::matches::OutcomeTold;
use crate::api::{Answer, ok};
use crate::error::Problem;
use crate::extract::Body;

/// What is asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Outcome)]
pub(crate) struct OutcomeView {
    /// De titel van uw eigen post.
    own_title: String,
    /// Aan wie u bent voorgesteld.
    other_organisation: String,
    /// Wat u eerder zei: `succeeded`, `failed`, `busy` of null.
    said: Option<String>,
    /// De staat waarin de koppeling is.
    state: String,
}

impl From<OutcomePage> for OutcomeView {
    fn from(page: OutcomePage) -> Self {
        Self {
            own_title: page.own_title,
            other_organisation: page.other_organisation,
            said: page.said.map(String::from),
            state: page.state.to_string(),
        }
    }
}

/// Wat een link uit een mail vraagt. Kijken verandert niets.
#[utoipa::path(get, path = "/outcomes/{token}", operation_id = "getOutcome", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    responses((status = 200, body = OutcomeView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    ok(&OutcomeView::from(app.outcome(&token).await?))
}

/// Vertel wat er van een kennismaking kwam.
#[utoipa::path(post, path = "/outcomes/{token}", operation_id = "tellOutcomeByLink", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    request_body = OutcomeTold,
    responses((status = 200, body = OutcomeView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn post(
    app: web::Data<App>,
    token: web::Path<String>,
    body: Body<OutcomeTold>,
) -> Answer {
    let outcome: Outcome = body
        .0
        .outcome
        .parse()
        .map_err(|problem| Problem::invalid(vec![problem]))?;
    ok(&OutcomeView::from(
        app.tell_outcome_by_link(&token, outcome).await?,
    ))
}
