//! `/v1/outbox`: the letters on their way, and another try for one that got stuck.

#![expect(
    unused_qualifications,
    reason = "the contract macro names the query type by its path"
)]

use actix_web::web;
use app::{App, ListedDelivery};
use chrono::{DateTime, Utc};
use domain::fields::{Gather, one_of};
use domain::ids::DeliveryId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Answer, List, created, ok};
use crate::error::Problem;
use crate::extract::{Id, Query, Who, slice};

/// A letter on its way to one address.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
pub(crate) struct DeliveryView {
    /// Kenmerk.
    #[schema(example = "del_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// Waar de zending is: `ready`, `leased`, `in_data`, `sent`, `ambiguous`, `failed`, `dead`, `withdrawn`, `expired`, `suppressed` of `bounced`.
    #[schema(example = "dead")]
    state: String,
    /// Waarom de zending daar is: wat de mailserver het laatst antwoordde, zonder adressen.
    #[schema(example = "452 mailbox full")]
    reason: String,
    /// Waarvoor de mail is.
    #[schema(example = "introduction")]
    kind: String,
    /// Waarover de mail gaat: het kenmerk van een koppeling, vraag, aanbod, organisatie of lid.
    about: String,
    /// Onderwerp.
    subject: String,
    /// Aan wie, met een deel van het adres weggelaten.
    #[schema(example = "r***@zuiddoetsamen.example")]
    recipient: String,
    /// Hoe vaak de mailserver vroeg om later terug te komen.
    attempts: i32,
    /// Hoe vaak de mail nog eens ging nadat onzeker was of hij was aangekomen.
    repeats: i32,
    /// Hoe vaak onzeker was of de mailserver de mail had.
    times_uncertain: usize,
    /// Wanneer de mail mag gaan, of wanneer een onzekere zending weer wordt bekeken.
    due_at: DateTime<Utc>,
    /// Wanneer de mailserver de mail aannam.
    sent_at: Option<DateTime<Utc>>,
    /// Wanneer de mail geschreven is.
    created_at: DateTime<Utc>,
}

impl From<ListedDelivery> for DeliveryView {
    fn from(listed: ListedDelivery) -> Self {
        let delivery = listed.delivery;
        Self {
            id: delivery.id.to_string(),
            state: delivery.state.to_string(),
            reason: delivery.last_error,
            kind: listed.kind.to_string(),
            about: listed.about,
            subject: listed.subject,
            recipient: delivery.recipient.masked(),
            attempts: delivery.attempts,
            repeats: delivery.repeats,
            times_uncertain: listed.times_uncertain,
            due_at: delivery.due_at,
            sent_at: delivery.sent_at,
            created_at: delivery.created_at,
        }
    }
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuery {
    /// Alleen zendingen in deze staat.
    #[serde(default)]
    state: String,
    /// Aantal per bladzijde, 1 tot en met 100.
    page_size: Option<String>,
    /// Waar de vorige bladzijde ophield.
    cursor: Option<String>,
}

/// Zendingen, de nieuwste eerst. Alleen voor coördinatoren.
#[utoipa::path(get, path = "/outbox", operation_id = "listDeliveries", tag = "post", params(DeliveryQuery), security(("bearer" = [])),
    responses((status = 200, body = List<DeliveryView>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, query: Query<DeliveryQuery>) -> Answer {
    let query = query.0;
    let mut problems = Gather::default();
    let state = problems.at("?state", one_of(&query.state));
    let state = problems.done(|| state).map_err(Problem::invalid)?;
    let slice = slice(&app, query.page_size.as_deref(), query.cursor.as_deref())?;
    let page = app.list_outbox(&who.0, state, slice).await?;
    ok(&List::of(&app, page, DeliveryView::from)?)
}

/// Laat een zending die bleef steken het opnieuw proberen.
#[utoipa::path(post, path = "/outbox/{id}/retries", operation_id = "retryDelivery", tag = "post", params(("id" = String, Path, description = "Kenmerk.")),
    security(("bearer" = [])),
    responses((status = 201, body = DeliveryView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub(crate) async fn retry(app: web::Data<App>, who: Who, id: Id<DeliveryId>) -> Answer {
    let retried = app.retry_delivery(&who.0, id.0).await?;
    created("/v1/outbox".to_owned(), &DeliveryView::from(retried))
}
