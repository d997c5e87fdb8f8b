//! `/v1/subscriptions`: what a member follows, made, listed, read, changed and ended by that member alone.

#![expect(
    unused_qualifications,
    reason = "the contract macro names the query type by its path"
)]

use actix_web::{HttpRequest, HttpResponse, web};
use app::App;
use chrono::{DateTime, Utc};
use domain::ids::SubscriptionId;
use domain::subscriptions::{Frequency, Subscription, SubscriptionFields};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Answer, List, created, ok, put, sent};
use crate::error::Problem;
use crate::extract::{Body, Id, Query, Who, slice, tag, version};

/// What a member follows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Subscription)]
pub(crate) struct SubscriptionView {
    /// Kenmerk.
    #[schema(example = "sub_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// Wat u volgt: `requests`, `offers`, `matches` (kennismakingen) en `gaps` (twee weken open zonder voorstel).
    #[schema(example = json!(["requests", "gaps"]))]
    kinds: Vec<String>,
    /// Codes van gebieden; leeg is overal.
    #[schema(example = json!(["PV25"]))]
    regions: Vec<String>,
    /// Codes van thema's; leeg is elk thema.
    #[schema(example = json!(["ontmoeten"]))]
    themes: Vec<String>,
    /// Codes van fasen; leeg is elke fase.
    #[schema(example = json!(["start"]))]
    phases: Vec<String>,
    /// Codes van soorten hulp; leeg is elke soort.
    #[schema(example = json!(["ruimte"]))]
    support: Vec<String>,
    /// Vanaf welke score een koppeling telt, 0 tot en met 1.
    #[schema(example = 0.6)]
    minimum_score: f64,
    /// `immediate` (meteen, maar niet tussen 21 en 7 uur), `daily` (elke dag om 8 uur) of `weekly` (maandag om 8 uur).
    #[schema(example = "weekly")]
    frequency: String,
    /// Wanneer het volgende overzicht komt als er nieuws is; null is zodra er nieuws is.
    next_at: Option<DateTime<Utc>>,
    /// Sinds wanneer u dit volgt.
    created_at: DateTime<Utc>,
}

impl From<&Subscription> for SubscriptionView {
    fn from(subscription: &Subscription) -> Self {
        let fields = SubscriptionFields::from(&subscription.content);
        let at_once = subscription.content.frequency == Frequency::Immediate;
        Self {
            id: subscription.id.to_string(),
            kinds: fields.kinds,
            regions: fields.regions,
            themes: fields.themes,
            phases: fields.phases,
            support: fields.support,
            minimum_score: subscription.content.minimum_score,
            frequency: fields.frequency,
            next_at: (!at_once).then_some(subscription.due_at),
            created_at: subscription.created_at,
        }
    }
}

/// Something to follow. An empty list does not narrow it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct NewSubscription {
    /// Wat u volgt, minstens een: `requests`, `offers`, `matches`, `gaps`.
    #[schema(example = json!(["requests", "gaps"]))]
    kinds: Vec<String>,
    /// Codes of namen van gebieden, hoogstens vijftig.
    #[schema(example = json!(["PV25"]))]
    regions: Vec<String>,
    /// Codes van thema's, hoogstens twintig; een hoofdthema telt ook zijn onderdelen mee.
    #[schema(example = json!(["ontmoeten"]))]
    themes: Vec<String>,
    /// Codes van fasen.
    #[schema(example = json!(["start"]))]
    phases: Vec<String>,
    /// Codes van soorten hulp.
    #[schema(example = json!(["ruimte"]))]
    support: Vec<String>,
    /// Vanaf welke score een koppeling telt, 0 tot en met 1; zonder telt elke koppeling.
    #[schema(example = 0.6)]
    minimum_score: Option<f64>,
    /// `immediate`, `daily` of `weekly`; zonder is het `weekly`.
    #[schema(example = "weekly")]
    frequency: Option<String>,
}

impl From<NewSubscription> for SubscriptionFields {
    fn from(new: NewSubscription) -> Self {
        Self {
            kinds: new.kinds,
            regions: new.regions,
            themes: new.themes,
            phases: new.phases,
            support: new.support,
            minimum_score: new.minimum_score,
            frequency: new.frequency.unwrap_or_default(),
        }
    }
}

/// What changes about a subscription; what is not sent stays, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SubscriptionChange {
    /// Wat u volgt.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<String>>, example = json!(["offers"]))]
    kinds: Option<Option<Vec<String>>>,
    /// Codes of namen van gebieden.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<String>>, example = json!(["GM0200"]))]
    regions: Option<Option<Vec<String>>>,
    /// Codes van thema's.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<String>>)]
    themes: Option<Option<Vec<String>>>,
    /// Codes van fasen.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<String>>)]
    phases: Option<Option<Vec<String>>>,
    /// Codes van soorten hulp.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<String>>)]
    support: Option<Option<Vec<String>>>,
    /// Vanaf welke score een koppeling telt.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<f64>)]
    minimum_score: Option<Option<f64>>,
    /// `immediate`, `daily` of `weekly`.
    #[serde(deserialize_with = "sent")]
    #[schema(value_type = Option<String>, example = "daily")]
    frequency: Option<Option<String>>,
}

impl SubscriptionChange {
    fn put_over(self, fields: &mut SubscriptionFields) {
        put(&mut fields.kinds, self.kinds);
        put(&mut fields.regions, self.regions);
        put(&mut fields.themes, self.themes);
        put(&mut fields.phases, self.phases);
        put(&mut fields.support, self.support);
        put(&mut fields.frequency, self.frequency);
        if let Some(score) = self.minimum_score {
            fields.minimum_score = score;
        }
    }
}

/// Which page of the list is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SubscriptionQuery {
    /// Aantal per bladzijde, 1 tot en met 100.
    page_size: Option<String>,
    /// Waar de vorige bladzijde ophield.
    cursor: Option<String>,
}

/// Volg wat er gevraagd en geboden wordt. U krijgt daarover mail, nooit twee keer hetzelfde.
#[utoipa::path(post, path = "/subscriptions", operation_id = "subscribe", tag = "abonnementen", request_body = NewSubscription,
    security(("bearer" = [])), responses((status = 201, body = SubscriptionView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, who: Who, body: Body<NewSubscription>) -> Answer {
    let made = app.subscribe(&who.0, body.0.into()).await?;
    let location = format!("/v1/subscriptions/{}", made.id);
    created(location, &SubscriptionView::from(&made))
}

/// Wat u zelf volgt, het nieuwste eerst.
#[utoipa::path(get, path = "/subscriptions", operation_id = "listSubscriptions", tag = "abonnementen", params(SubscriptionQuery),
    security(("bearer" = [])), responses((status = 200, body = List<SubscriptionView>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, query: Query<SubscriptionQuery>) -> Answer {
    let slice = slice(
        &app,
        query.0.page_size.as_deref(),
        query.0.cursor.as_deref(),
    )?;
    let page = app.list_subscriptions(&who.0, slice).await?;
    ok(&List::of(&app, page, |found| {
        SubscriptionView::from(&found)
    })?)
}

/// Een abonnement van uzelf.
#[utoipa::path(get, path = "/subscriptions/{id}", operation_id = "getSubscription", tag = "abonnementen", params(("id" = String, Path, description = "Kenmerk.")),
    security(("bearer" = [])), responses((status = 200, body = SubscriptionView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, who: Who, id: Id<SubscriptionId>) -> Answer {
    tagged(&app.find_subscription(&who.0, id.0).await?)
}

/// Wijzig een abonnement van uzelf.
#[utoipa::path(patch, path = "/subscriptions/{id}", operation_id = "changeSubscription", tag = "abonnementen", params(("id" = String, Path, description = "Kenmerk.")),
    request_body = SubscriptionChange, security(("bearer" = [])),
    responses((status = 200, body = SubscriptionView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn patch(
    app: web::Data<App>,
    who: Who,
    request: HttpRequest,
    id: Id<SubscriptionId>,
    body: Body<SubscriptionChange>,
) -> Answer {
    let change = body.0;
    let edit = move |fields: &mut SubscriptionFields| change.put_over(fields);
    let changed = app
        .edit_subscription(&who.0, id.0, version(&request), edit)
        .await?;
    tagged(&changed)
}

/// Stop een abonnement van uzelf. Vanaf nu komt er geen mail meer over.
#[utoipa::path(delete, path = "/subscriptions/{id}", operation_id = "endSubscription", tag = "abonnementen", params(("id" = String, Path, description = "Kenmerk.")),
    security(("bearer" = [])), responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn delete(
    app: web::Data<App>,
    who: Who,
    request: HttpRequest,
    id: Id<SubscriptionId>,
) -> Answer {
    app.end_subscription(&who.0, id.0, version(&request))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn tagged(subscription: &Subscription) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header(tag(subscription.version))
        .json(SubscriptionView::from(subscription)))
}
