//! `/v1/requests`: requests are placed, listed, read, changed, and their lives steered.

use actix_web::{HttpRequest, HttpResponse, web};
use app::App;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::RequestId;
use domain::members::Viewer;
use domain::posts::{PostId, Posted};
use domain::region::Region;
use domain::requests::{Request, RequestFields};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::near_duplicates::{self, NearDuplicateView};
use crate::api::posts::{self, OwnView, Owner, PostQuery};
use crate::api::{Answer, List, put, sent};
use crate::error::Problem;
use crate::extract::{Body, Id, Query, Who, slice, tag, version};

/// A request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Request)]
pub(crate) struct RequestView {
    /// Kenmerk.
    #[schema(example = "req_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// Van wie de vraag is.
    organisation: Owner,
    /// Titel.
    title: String,
    /// Het verhaal.
    body: String,
    /// Plaats zoals de vrager die schrijft.
    place: String,
    /// Code van de gemeente.
    #[schema(example = "GM0200")]
    municipality: String,
    /// Naam van de gemeente.
    #[schema(example = "Apeldoorn")]
    municipality_name: String,
    /// Codes van thema's; leeg is onbekend.
    themes: Vec<String>,
    /// Code van de fase; null is onbekend.
    phase: Option<String>,
    /// Codes van soorten hulp; leeg is onbekend.
    support: Vec<String>,
    /// Wanneer de hulp er moet zijn.
    needed_by: Option<NaiveDate>,
    /// De staat waarin de vraag is.
    #[schema(example = "open")]
    state: String,
    /// Wanneer zij geplaatst is.
    created_at: DateTime<Utc>,
    /// Wanneer zij het laatst is opengegaan.
    opened_at: Option<DateTime<Utc>>,
    /// Wanneer zij vanzelf eindigt.
    expires_at: DateTime<Utc>,
    /// Alleen voor de eigenaar en coördinatoren.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<OwnView>,
    /// Open berichten die bijna hetzelfde zijn, hoogstens drie. Alleen in het antwoord op het plaatsen; houdt niets tegen.
    #[serde(skip_serializing_if = "Option::is_none")]
    near_duplicates: Option<Vec<NearDuplicateView>>,
}

impl RequestView {
    fn new(app: &App, viewer: &Viewer, found: &Posted<Request>) -> Self {
        let (request, content, life) = (&found.post, &found.post.content, &found.post.life);
        Self {
            id: request.id.to_string(),
            organisation: Owner::from(&found.owner),
            title: content.title.to_string(),
            body: content.body.to_string(),
            place: content.place.clone(),
            municipality: content.municipality.to_string(),
            municipality_name: app.region_label(Region::Municipality(content.municipality)),
            themes: content.themes.iter().copied().map(String::from).collect(),
            phase: content.phase.map(String::from),
            support: content.support.iter().copied().map(String::from).collect(),
            needed_by: content.needed_by,
            state: life.state.to_string(),
            created_at: life.created_at,
            opened_at: life.opened_at,
            expires_at: life.expires_at,
            own: posts::own_view(
                viewer,
                request,
                content.consent,
                request.reference.as_deref(),
                life,
            ),
            near_duplicates: None,
        }
    }
}

/// A new request. What is left out is unknown; it hides nothing and only weighs less.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct NewRequest {
    /// Titel, 5 tot en met 120 tekens.
    #[schema(example = "Ruimte gezocht voor onze wijkmaaltijd")]
    title: String,
    /// Het verhaal, 20 tot en met 5000 tekens.
    #[schema(example = "Elke dinsdag koken wij voor veertig buren. Ons zaaltje wordt te klein.")]
    body: String,
    /// Plaats, wijk of postcode.
    #[schema(example = "De Heeze, Apeldoorn")]
    place: Option<String>,
    /// Code of naam van de gemeente; mag weg als de plaats duidelijk is.
    municipality: Option<String>,
    /// Codes van thema's, hoogstens vier.
    #[schema(example = json!(["ontmoeten"]))]
    themes: Vec<String>,
    /// Code van de fase.
    #[schema(example = "start")]
    phase: Option<String>,
    /// Codes van soorten hulp, hoogstens vier.
    #[schema(example = json!(["ruimte"]))]
    support: Vec<String>,
    /// Wanneer de hulp er moet zijn.
    needed_by: Option<String>,
    /// `ask` (elke keer vragen) of `standing` (altijd goed).
    consent: Option<String>,
}

impl From<NewRequest> for RequestFields {
    fn from(new: NewRequest) -> Self {
        Self {
            title: new.title,
            body: new.body,
            place: new.place.unwrap_or_default(),
            municipality: new.municipality.unwrap_or_default(),
            themes: new.themes,
            phase: new.phase.unwrap_or_default(),
            support: new.support,
            needed_by: new.needed_by.unwrap_or_default(),
            consent: new.consent.unwrap_or_default(),
        }
    }
}

/// What changes about a request; what is not sent stays, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RequestChange {
    /// Titel.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    title: Option<Option<String>>,
    /// Het verhaal.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    body: Option<Option<String>>,
    /// Plaats, wijk of postcode; zonder gemeente erbij wordt die opnieuw gezocht.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    place: Option<Option<String>>,
    /// Code of naam van de gemeente.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    municipality: Option<Option<String>>,
    /// Codes van thema's.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<String>>)]
    themes: Option<Option<Vec<String>>>,
    /// Code van de fase.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    phase: Option<Option<String>>,
    /// Codes van soorten hulp.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<String>>)]
    support: Option<Option<Vec<String>>>,
    /// Wanneer de hulp er moet zijn.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    needed_by: Option<Option<String>>,
    /// `ask` of `standing`.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    consent: Option<Option<String>>,
}

impl RequestChange {
    fn put_over(self, fields: &mut RequestFields) {
        if self.place.is_some() {
            fields.municipality = String::new();
        }
        put(&mut fields.place, self.place);
        put(&mut fields.title, self.title);
        put(&mut fields.body, self.body);
        put(&mut fields.municipality, self.municipality);
        put(&mut fields.phase, self.phase);
        put(&mut fields.needed_by, self.needed_by);
        put(&mut fields.consent, self.consent);
        put(&mut fields.themes, self.themes);
        put(&mut fields.support, self.support);
    }
}

/// Plaats een vraag. Wat past, wordt meteen voorgesteld.
#[utoipa::path(post, path = "/requests", operation_id = "placeRequest", tag = "vragen", request_body = NewRequest,
    security(("bearer" = [])), responses((status = 201, body = RequestView), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, who: Who, body: Body<NewRequest>) -> Answer {
    let found = app.place_request(&who.0, body.0.into()).await?;
    let location = format!("/v1/requests/{}", found.post.id);
    let placed = RequestView {
        near_duplicates: Some(near_duplicates::of(&app, &who.0, &found).await),
        ..RequestView::new(&app, &who.0, &found)
    };
    crate::api::created(location, &placed)
}

/// Vragen, de nieuwste eerst.
#[utoipa::path(get, path = "/requests", operation_id = "listRequests", tag = "vragen", params(PostQuery),
    security((), ("bearer" = [])), responses((status = 200, body = List<RequestView>), (status = 400, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, query: Query<PostQuery>) -> Answer {
    let mut filter = query.0.filter(&app)?;
    posts::usual_states(&who.0, &mut filter);
    let slice = slice(
        &app,
        query.0.page_size.as_deref(),
        query.0.cursor.as_deref(),
    )?;
    let page = app.list_requests(&who.0, filter, slice).await?;
    crate::api::ok(&List::of(&app, page, |found| {
        RequestView::new(&app, &who.0, &found)
    })?)
}

/// Een vraag.
#[utoipa::path(get, path = "/requests/{id}", operation_id = "getRequest", tag = "vragen", params(("id" = String, Path, description = "Kenmerk.")),
    security((), ("bearer" = [])), responses((status = 200, body = RequestView), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, who: Who, id: Id<RequestId>) -> Answer {
    let found = app.find_request(&who.0, id.0).await?;
    tagged(&app, &who.0, &found)
}

/// Wijzig een eigen vraag.
#[utoipa::path(patch, path = "/requests/{id}", operation_id = "changeRequest", tag = "vragen", params(("id" = String, Path, description = "Kenmerk.")),
    request_body = RequestChange, security(("bearer" = [])),
    responses((status = 200, body = RequestView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn patch(
    app: web::Data<App>,
    who: Who,
    request: HttpRequest,
    id: Id<RequestId>,
    body: Body<RequestChange>,
) -> Answer {
    let change = body.0;
    let edit = move |fields: &mut RequestFields| change.put_over(fields);
    let found = app
        .edit_request(&who.0, id.0, version(&request), edit)
        .await?;
    tagged(&app, &who.0, &found)
}

fn tagged(app: &App, viewer: &Viewer, found: &Posted<Request>) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header(tag(found.post.life.version))
        .json(RequestView::new(app, viewer, found)))
}

posts::operations!(
    RequestId,
    PostId::Request,
    "vragen",
    (close, "/requests/{id}/closures", "closeRequest"),
    (pause, "/requests/{id}/pauses", "pauseRequest"),
    (reopen, "/requests/{id}/reopenings", "reopenRequest"),
    (renew, "/requests/{id}/renewals", "renewRequest"),
    (hide, "/requests/{id}/hidings", "hideRequest"),
    (matches, "/requests/{id}/matches", "listMatchesOfRequest"),
);
