//! `/v1/organisations/{id}/verifications`: a coordinator decides whether an organisation takes part.

use actix_web::web;
use app::App;
use domain::dutch::problems;
use domain::fields::Gather;
use domain::ids::OrganisationId;
use domain::matches::Decision;
use domain::text::Note;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::{Answer, created, organisations::OrganisationView};
use crate::error::Problem;
use crate::extract::{Body, Id, Who};

/// A decision about an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Verification {
    /// `approve` of `reject`.
    #[schema(example = "approve")]
    #[serde(default)]
    decision: String,
    /// Waarom, in hele zinnen; verplicht bij `reject`, want de organisatie krijgt dit te lezen.
    #[serde(default)]
    reason: String,
}

/// Laat een organisatie meedoen, of niet. Haar wachtende vragen en aanbod gaan dan open.
#[utoipa::path(post, path = "/organisations/{id}/verifications", operation_id = "verifyOrganisation", tag = "organisaties",
    params(("id" = String, Path, description = "Kenmerk.")), request_body = Verification, security(("bearer" = [])),
    responses((status = 201, body = OrganisationView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn post(
    app: web::Data<App>,
    who: Who,
    id: Id<OrganisationId>,
    body: Body<Verification>,
) -> Answer {
    let mut problems = Gather::default();
    let decision = problems.keep(body.0.decision.parse::<Decision>());
    let reason = problems.at("reason", body.0.reason.parse::<Note>());
    if decision == Some(Decision::Reject) && body.0.reason.trim().is_empty() {
        problems.keep::<()>(Err(problems::required("reason")));
    }
    let (decision, reason) = problems
        .done(|| Some((decision?, reason?)))
        .map_err(Problem::invalid)?;
    let organisation = app
        .verify_organisation(&who.0, id.0, decision, reason)
        .await?;
    created(
        format!("/v1/organisations/{}", organisation.id),
        &OrganisationView::from(&organisation),
    )
}
