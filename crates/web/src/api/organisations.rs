//! `/v1/organisations`: listed, read, and changed by their own members.

#![expect(
    unused_qualifications,
    reason = "the contract macro names the query type by its path"
)]

use actix_web::{HttpRequest, HttpResponse, web};
use app::{App, OrganisationEdit};
use chrono::{DateTime, Utc};
use domain::ids::OrganisationId;
use domain::organisations::{Organisation, OrganisationState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Answer, List, ok};
use crate::error::Problem;
use crate::extract::{Body, Id, Query, Who, slice, tag, version};

/// An organisation that takes part.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Organisation)]
pub(crate) struct OrganisationView {
    /// Kenmerk.
    #[schema(example = "org_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// Naam.
    #[schema(example = "Zuid Doet Samen")]
    name: String,
    /// `initiative`, `partner` of `system_party`.
    #[schema(example = "initiative")]
    kind: String,
    /// `unverified`, `verified` of `refused`.
    #[schema(example = "verified")]
    state: String,
    /// Plaats zoals de organisatie die schrijft.
    #[schema(example = "De Heeze, Apeldoorn")]
    place: String,
    /// Code van de gemeente.
    #[schema(example = "GM0200")]
    municipality: Option<String>,
    /// Eigen website; leeg als er geen is.
    website: String,
    /// Sinds wanneer zij meedoet.
    created_at: DateTime<Utc>,
}

impl From<&Organisation> for OrganisationView {
    fn from(organisation: &Organisation) -> Self {
        Self {
            id: organisation.id.to_string(),
            name: organisation.name.to_string(),
            kind: organisation.kind.to_string(),
            state: organisation.state.to_string(),
            place: organisation.place.clone(),
            municipality: organisation.municipality.map(String::from),
            website: organisation.website.clone(),
            created_at: organisation.created_at,
        }
    }
}

/// Which organisations a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrganisationQuery {
    /// Woorden in de naam.
    #[serde(default)]
    q: String,
    /// Alleen voor coördinatoren: `unverified`, `verified` of `refused`.
    state: Option<String>,
    /// Aantal per bladzijde, 1 tot en met 100.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    page_size: Option<String>,
    /// Waar de vorige bladzijde ophield.
    cursor: Option<String>,
}

/// What may be changed about an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OrganisationChange {
    /// Naam.
    name: Option<String>,
    /// Plaats zoals mensen die schrijven.
    place: Option<String>,
    /// Eigen website.
    website: Option<String>,
}

/// Organisaties, de nieuwste eerst.
#[utoipa::path(get, path = "/organisations", operation_id = "listOrganisations", tag = "organisaties", params(OrganisationQuery),
    security((), ("bearer" = [])), responses((status = 200, body = List<OrganisationView>), (status = 400, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, query: Query<OrganisationQuery>) -> Answer {
    let query = query.0;
    let slice = slice(&app, query.page_size.as_deref(), query.cursor.as_deref())?;
    let state: Option<OrganisationState> =
        query.state.map(|text| text.parse()).transpose().map_err(
            |problem: domain::invalid::Invalid| Problem::invalid(vec![problem.at("?state")]),
        )?;
    let page = app
        .list_organisations(&who.0, state, query.q, slice)
        .await?;
    ok(&List::of(&app, page, |organisation| {
        OrganisationView::from(&organisation)
    })?)
}

/// Een organisatie.
#[utoipa::path(get, path = "/organisations/{id}", operation_id = "getOrganisation", tag = "organisaties", params(("id" = String, Path, description = "Kenmerk.")),
    security((), ("bearer" = [])), responses((status = 200, body = OrganisationView), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, who: Who, id: Id<OrganisationId>) -> Answer {
    let organisation = app.find_organisation(&who.0, id.0).await?;
    tagged(&organisation)
}

/// Wijzig een eigen organisatie.
#[utoipa::path(patch, path = "/organisations/{id}", operation_id = "changeOrganisation", tag = "organisaties", params(("id" = String, Path, description = "Kenmerk.")),
    request_body = OrganisationChange, security(("bearer" = [])),
    responses((status = 200, body = OrganisationView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn patch(
    app: web::Data<App>,
    who: Who,
    request: HttpRequest,
    id: Id<OrganisationId>,
    body: Body<OrganisationChange>,
) -> Answer {
    let change = body.0;
    let edit = OrganisationEdit {
        name: change.name,
        place: change.place,
        website: change.website,
    };
    let organisation = app
        .edit_organisation(&who.0, id.0, version(&request), edit)
        .await?;
    tagged(&organisation)
}

/// An organisation with the tag of its version.
pub(crate) fn tagged(organisation: &Organisation) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header(tag(organisation.version))
        .json(OrganisationView::from(organisation)))
}
