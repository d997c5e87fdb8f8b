//! `/v1/consents/{token}`: what a mailed link asks, and the answer. The token is the proof; nobody signs in.

use actix_web::web;
use app::{App, ConsentPage};
use domain::fields::{Gather, one_of};
use domain::matches::{Answer as Said, DeclineReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{Answer, ok};
use crate::error::Problem;
use crate::extract::Body;

/// What is asked, with what may be known of the other side now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Consent)]
pub(crate) struct ConsentView {
    /// `request` als u vraagt, `offer` als u biedt.
    side: String,
    /// `open`, `waiting`, `introduced`, `declined` of `over`.
    #[schema(example = "open")]
    state: String,
    /// De titel van uw eigen post.
    own_title: String,
    /// De organisatie aan de andere kant.
    other_organisation: String,
    /// De titel van de andere post.
    other_title: String,
    /// Waar die over gaat.
    other_place: String,
    /// Het verhaal van de andere post.
    other_body: String,
    /// Waarom ze passen.
    reasons: Vec<String>,
}

impl From<ConsentPage> for ConsentView {
    fn from(page: ConsentPage) -> Self {
        Self {
            side: page.side.to_string(),
            state: page.state.code().to_owned(),
            own_title: page.own_title,
            other_organisation: page.other_organisation,
            other_title: page.other_title,
            other_place: page.other_place,
            other_body: page.other_body,
            reasons: page.reasons,
        }
    }
}

/// An answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ConsentAnswer {
    /// `yes` of `no`.
    #[schema(example = "yes")]
    answer: String,
    /// Bij `no`: `not_now`, `solved`, `no_fit` of `other`.
    reason: Option<String>,
}

/// Wat een link uit een mail vraagt. Kijken verandert niets.
#[utoipa::path(get, path = "/consents/{token}", operation_id = "getConsent", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    responses((status = 200, body = ConsentView), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    ok(&ConsentView::from(app.consent(&token).await?))
}

/// Antwoord. Na het tweede ja krijgen beide kanten elkaars gegevens in één mail.
#[utoipa::path(post, path = "/consents/{token}", operation_id = "answerConsent", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    request_body = ConsentAnswer,
    responses((status = 200, body = ConsentView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn post(
    app: web::Data<App>,
    token: web::Path<String>,
    body: Body<ConsentAnswer>,
) -> Answer {
    let mut problems = Gather::default();
    let answer = problems.keep(body.0.answer.parse::<Said>());
    let reason = problems.keep(one_of::<DeclineReason>(
        body.0.reason.as_deref().unwrap_or_default(),
    ));
    let (answer, reason) = problems
        .done(|| Some((answer?, reason?)))
        .map_err(Problem::invalid)?;
    let page = app
        .answer_consent(&token, answer, reason.unwrap_or(DeclineReason::Other))
        .await?;
    ok(&ConsentView::from(page))
}
