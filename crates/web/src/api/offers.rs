//! `/v1/offers`: offers are placed, listed, read, changed, and their lives steered.

use actix_web::{HttpRequest, HttpResponse, web};
use app::App;
use chrono::{DateTime, Utc};
use domain::ids::OfferId;
use domain::members::Viewer;
use domain::offers::{Offer, OfferFields};
use domain::posts::{PostId, Posted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::near_duplicates::{self, NearDuplicateView};
use crate::api::posts::{self, OwnView, Owner, PostQuery};
use crate::api::{Answer, List, put};
use crate::error::Problem;
use crate::extract::{Body, Id, Query, Who, slice, tag, version};

/// An offer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Offer)]
pub(crate) struct OfferView {
    /// Kenmerk.
    #[schema(example = "off_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// Van wie het aanbod is.
    organisation: Owner,
    /// Titel.
    title: String,
    /// Het verhaal.
    body: String,
    /// Codes van het werkgebied.
    #[schema(example = json!(["GM0200"]))]
    reach: Vec<String>,
    /// Namen van het werkgebied, in dezelfde volgorde.
    #[schema(example = json!(["Apeldoorn"]))]
    reach_names: Vec<String>,
    /// Of het aanbod ook in buurgemeenten helpt.
    neighbours: bool,
    /// Codes van thema's; leeg is elk thema.
    themes: Vec<String>,
    /// Codes van fasen; leeg is elke fase.
    phases: Vec<String>,
    /// Codes van soorten hulp; leeg is onbekend.
    support: Vec<String>,
    /// Hoeveel kennismakingen het aanbod tegelijk aankan.
    capacity: u32,
    /// Hoeveel er nu nog bij kunnen.
    capacity_left: u32,
    /// Of het aanbod blijft staan tot iemand het sluit.
    evergreen: bool,
    /// De staat waarin het aanbod is.
    #[schema(example = "open")]
    state: String,
    /// Wanneer het geplaatst is.
    created_at: DateTime<Utc>,
    /// Wanneer het het laatst is opengegaan.
    opened_at: Option<DateTime<Utc>>,
    /// Wanneer het vanzelf eindigt.
    expires_at: DateTime<Utc>,
    /// Alleen voor de eigenaar en coördinatoren.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<OwnView>,
    /// Open berichten die bijna hetzelfde zijn, hoogstens drie. Alleen in het antwoord op het plaatsen; houdt niets tegen.
    #[serde(skip_serializing_if = "Option::is_none")]
    near_duplicates: Option<Vec<NearDuplicateView>>,
}

impl OfferView {
    fn new(app: &App, viewer: &Viewer, found: &Posted<Offer>) -> Self {
        let (offer, content, life) = (&found.post, &found.post.content, &found.post.life);
        Self {
            id: offer.id.to_string(),
            organisation: Owner::from(&found.owner),
            title: content.title.to_string(),
            body: content.body.to_string(),
            reach: content.reach.iter().copied().map(String::from).collect(),
            reach_names: content
                .reach
                .iter()
                .map(|area| app.region_label(*area))
                .collect(),
            neighbours: content.neighbours,
            themes: content.themes.iter().copied().map(String::from).collect(),
            phases: content.phases.iter().copied().map(String::from).collect(),
            support: content.support.iter().copied().map(String::from).collect(),
            capacity: content.capacity,
            capacity_left: offer.capacity_left(),
            evergreen: content.evergreen,
            state: life.state.to_string(),
            created_at: life.created_at,
            opened_at: life.opened_at,
            expires_at: life.expires_at,
            own: posts::own_view(
                viewer,
                offer,
                content.consent,
                offer.reference.as_deref(),
                life,
            ),
            near_duplicates: None,
        }
    }
}

/// A new offer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct NewOffer {
    /// Titel, 5 tot en met 120 tekens.
    #[schema(example = "Zaal met keuken, door de week vrij")]
    title: String,
    /// Het verhaal, 20 tot en met 5000 tekens.
    #[schema(
        example = "Onze grote zaal staat door de week leeg. Buurtgroepen mogen er gratis in."
    )]
    body: String,
    /// Codes of namen van het werkgebied.
    #[schema(example = json!(["GM0200"]))]
    reach: Vec<String>,
    /// Of u ook in buurgemeenten helpt.
    neighbours: bool,
    /// Codes van thema's, hoogstens vier; leeg is elk thema.
    themes: Vec<String>,
    /// Codes van fasen; leeg is elke fase.
    phases: Vec<String>,
    /// Codes van soorten hulp, hoogstens vier.
    #[schema(example = json!(["ruimte"]))]
    support: Vec<String>,
    /// Hoeveel kennismakingen u tegelijk aankunt, 1 tot en met 1000.
    #[schema(example = 3)]
    capacity: Option<i64>,
    /// Of het aanbod blijft staan tot u het sluit.
    evergreen: bool,
    /// `ask` (elke keer vragen) of `standing` (altijd goed).
    consent: Option<String>,
}

impl From<NewOffer> for OfferFields {
    fn from(new: NewOffer) -> Self {
        Self {
            title: new.title,
            body: new.body,
            reach: new.reach,
            neighbours: new.neighbours,
            themes: new.themes,
            phases: new.phases,
            support: new.support,
            capacity: new
                .capacity
                .map(|number| number.to_string())
                .unwrap_or_default(),
            evergreen: new.evergreen,
            consent: new.consent.unwrap_or_default(),
        }
    }
}

/// What changes about an offer; what is not sent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct OfferChange {
    /// Titel.
    title: Option<String>,
    /// Het verhaal.
    body: Option<String>,
    /// Codes of namen van het werkgebied.
    reach: Option<Vec<String>>,
    /// Of u ook in buurgemeenten helpt.
    neighbours: Option<bool>,
    /// Codes van thema's.
    themes: Option<Vec<String>>,
    /// Codes van fasen.
    phases: Option<Vec<String>>,
    /// Codes van soorten hulp.
    support: Option<Vec<String>>,
    /// Hoeveel kennismakingen u tegelijk aankunt.
    capacity: Option<i64>,
    /// Of het aanbod blijft staan tot u het sluit.
    evergreen: Option<bool>,
    /// `ask` of `standing`.
    consent: Option<String>,
}

impl OfferChange {
    fn put_over(self, fields: &mut OfferFields) {
        put(&mut fields.title, self.title.map(Some));
        put(&mut fields.body, self.body.map(Some));
        put(
            &mut fields.capacity,
            self.capacity.map(|number| Some(number.to_string())),
        );
        put(&mut fields.consent, self.consent.map(Some));
        for (field, change) in [
            (&mut fields.reach, self.reach),
            (&mut fields.themes, self.themes),
            (&mut fields.phases, self.phases),
            (&mut fields.support, self.support),
        ] {
            *field = change.unwrap_or_else(|| std::mem::take(field));
        }
        fields.neighbours = self.neighbours.unwrap_or(fields.neighbours);
        fields.evergreen = self.evergreen.unwrap_or(fields.evergreen);
    }
}

/// Plaats aanbod. Wat past, wordt meteen voorgesteld.
#[utoipa::path(post, path = "/offers", operation_id = "placeOffer", tag = "aanbod", request_body = NewOffer,
    security(("bearer" = [])), responses((status = 201, body = OfferView), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, who: Who, body: Body<NewOffer>) -> Answer {
    let found = app.place_offer(&who.0, body.0.into()).await?;
    let location = format!("/v1/offers/{}", found.post.id);
    let placed = OfferView {
        near_duplicates: Some(near_duplicates::of(&app, &who.0, &found).await),
        ..OfferView::new(&app, &who.0, &found)
    };
    crate::api::created(location, &placed)
}

/// Aanbod, het nieuwste eerst.
#[utoipa::path(get, path = "/offers", operation_id = "listOffers", tag = "aanbod", params(PostQuery),
    security((), ("bearer" = [])), responses((status = 200, body = List<OfferView>), (status = 400, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, query: Query<PostQuery>) -> Answer {
    let mut filter = query.0.filter(&app)?;
    posts::usual_states(&who.0, &mut filter);
    let slice = slice(
        &app,
        query.0.page_size.as_deref(),
        query.0.cursor.as_deref(),
    )?;
    let page = app.list_offers(&who.0, filter, slice).await?;
    crate::api::ok(&List::of(&app, page, |found| {
        OfferView::new(&app, &who.0, &found)
    })?)
}

/// Een aanbod.
#[utoipa::path(get, path = "/offers/{id}", operation_id = "getOffer", tag = "aanbod", params(("id" = String, Path, description = "Kenmerk.")),
    security((), ("bearer" = [])), responses((status = 200, body = OfferView), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, who: Who, id: Id<OfferId>) -> Answer {
    let found = app.find_offer(&who.0, id.0).await?;
    tagged(&app, &who.0, &found)
}

/// Wijzig eigen aanbod.
#[utoipa::path(patch, path = "/offers/{id}", operation_id = "changeOffer", tag = "aanbod", params(("id" = String, Path, description = "Kenmerk.")),
    request_body = OfferChange, security(("bearer" = [])),
    responses((status = 200, body = OfferView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn patch(
    app: web::Data<App>,
    who: Who,
    request: HttpRequest,
    id: Id<OfferId>,
    body: Body<OfferChange>,
) -> Answer {
    let change = body.0;
    let edit = move |fields: &mut OfferFields| change.put_over(fields);
    let found = app
        .edit_offer(&who.0, id.0, version(&request), edit)
        .await?;
    tagged(&app, &who.0, &found)
}

fn tagged(app: &App, viewer: &Viewer, found: &Posted<Offer>) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header(tag(found.post.life.version))
        .json(OfferView::new(app, viewer, found)))
}

posts::operations!(
    OfferId,
    PostId::Offer,
    "aanbod",
    (close, "/offers/{id}/closures", "closeOffer"),
    (pause, "/offers/{id}/pauses", "pauseOffer"),
    (reopen, "/offers/{id}/reopenings", "reopenOffer"),
    (renew, "/offers/{id}/renewals", "renewOffer"),
    (hide, "/offers/{id}/hidings", "hideOffer"),
    (matches, "/offers/{id}/matches", "listMatchesOfOffer"),
);
