//! `/v1/unsubscriptions/{token}`: no more reminders, or no more digests, by a mailed link. The token is the proof; nobody signs in.

use actix_web::web;
use app::{App, Unsubscription};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{Answer, ok};
use crate::error::Problem;

/// Whether the mail still comes that the link is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Unsubscription)]
pub(crate) struct UnsubscriptionView {
    /// Of u herinneringen krijgt; alleen bij een link uit een herinnering.
    #[schema(example = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    reminders: Option<bool>,
    /// Of u het overzicht krijgt; alleen bij een link uit een overzicht.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<bool>,
}

impl From<Unsubscription> for UnsubscriptionView {
    fn from(asked: Unsubscription) -> Self {
        let (reminders, subscription) = match asked {
            Unsubscription::Reminders(member) => (Some(member.wants_reminders), None),
            Unsubscription::Digest(_, subscription) => (None, Some(subscription.is_some())),
        };
        Self {
            reminders,
            subscription,
        }
    }
}

/// Wat een link uit een mail vraagt. Kijken verandert niets.
#[utoipa::path(get, path = "/unsubscriptions/{token}", operation_id = "getUnsubscription", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    responses((status = 200, body = UnsubscriptionView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    ok(&UnsubscriptionView::from(
        app.unsubscription_of(&token).await?,
    ))
}

/// Zet herinneringen uit, of stop het overzicht waar de link in stond. De inhoud van het verzoek doet er niet toe, zodat een mailprogramma het met één klik kan.
#[utoipa::path(post, path = "/unsubscriptions/{token}", operation_id = "unsubscribe", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    responses((status = 200, body = UnsubscriptionView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, token: web::Path<String>) -> Answer {
    ok(&UnsubscriptionView::from(app.unsubscribe(&token).await?))
}
