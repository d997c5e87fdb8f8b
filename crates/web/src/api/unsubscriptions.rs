//! `/v1/unsubscriptions/{token}`: no more reminders, by a mailed link. The token is the proof; nobody signs in.

use actix_web::web;
use app::{App, Wanted};
use domain::members::Member;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{Answer, ok};
use crate::error::Problem;

/// Whether reminders come.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Unsubscription)]
pub(crate) struct UnsubscriptionView {
    /// Of u herinneringen krijgt.
    reminders: bool,
}

impl From<Member> for UnsubscriptionView {
    fn from(member: Member) -> Self {
        Self {
            reminders: member.wants_reminders,
        }
    }
}

/// Wat een link uit een mail vraagt. Kijken verandert niets.
#[utoipa::path(get, path = "/unsubscriptions/{token}", operation_id = "getUnsubscription", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    responses((status = 200, body = UnsubscriptionView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    ok(&UnsubscriptionView::from(app.settings_of(&token).await?))
}

/// Zet herinneringen uit. De inhoud van het verzoek doet er niet toe, zodat een mailprogramma het met één klik kan.
#[utoipa::path(post, path = "/unsubscriptions/{token}", operation_id = "unsubscribe", tag = "links", params(("token" = String, Path, description = "Het geheim uit de link.")),
    responses((status = 200, body = UnsubscriptionView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, token: web::Path<String>) -> Answer {
    ok(&UnsubscriptionView::from(
        app.change_settings(&token, Wanted::No).await?,
    ))
}
