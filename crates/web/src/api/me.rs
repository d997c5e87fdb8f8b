//! `/v1/me`: who asks, and what they change of themselves.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use app::{App, Me, MeEdit, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::organisations::OrganisationView;
use crate::api::{Answer, ok};
use crate::error::Problem;
use crate::extract::{Body, Who};

/// A member as they see themselves.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Me)]
pub(crate) struct MeView {
    /// Kenmerk.
    #[schema(example = "mem_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// Naam.
    #[schema(example = "Ria Jansen")]
    name: String,
    /// E-mailadres.
    #[schema(example = "ria@zuiddoetsamen.example")]
    email: String,
    /// `member`, `coordinator` of `admin`.
    #[schema(example = "member")]
    role: String,
    /// Codes van de gebieden van een coördinator; leeg betekent alle.
    regions: Vec<String>,
    /// Of u herinneringen krijgt.
    wants_reminders: bool,
    /// De organisatie waarvoor u handelt.
    organisation: OrganisationView,
}

impl From<Me> for MeView {
    fn from(me: Me) -> Self {
        let member = me.member;
        Self {
            id: member.id.to_string(),
            name: member.name.to_string(),
            email: member.email.to_string(),
            role: member.role.to_string(),
            regions: member.regions.into_iter().map(String::from).collect(),
            wants_reminders: member.wants_reminders,
            organisation: OrganisationView::from(&me.organisation),
        }
    }
}

/// What a member may change of themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MeChange {
    /// Naam, 1 tot en met 120 tekens.
    name: Option<String>,
    /// Of u herinneringen wilt.
    wants_reminders: Option<bool>,
}

/// Uw eigen gegevens.
#[utoipa::path(get, path = "/me", operation_id = "getMe", tag = "inloggen", security(("bearer" = [])),
    responses((status = 200, body = MeView), (status = 401, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, who: Who) -> Answer {
    Ok(tagged(app.me(&who.0).await?))
}

/// Wijzig uw eigen gegevens.
#[utoipa::path(patch, path = "/me", operation_id = "changeMe", tag = "inloggen", request_body = MeChange, security(("bearer" = [])),
    responses((status = 200, body = MeView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn patch(
    app: web::Data<App>,
    who: Who,
    seen: Option<web::Header<header::IfMatch>>,
    body: Body<MeChange>,
) -> Answer {
    let wanted = |wants| if wants { Wanted::Yes } else { Wanted::No };
    let edit = MeEdit {
        name: body.0.name,
        reminders: body.0.wants_reminders.map(wanted),
        seen: match seen.map(web::Header::into_inner) {
            None | Some(header::IfMatch::Any) => None,
            // Without the header the list is empty.
            Some(header::IfMatch::Items(tags)) if tags.is_empty() => None,
            Some(header::IfMatch::Items(tags)) => {
                Some(tags.iter().map(|tag| tag.tag().to_owned()).collect())
            }
        },
    };
    Ok(tagged(app.edit_me(&who.0, edit).await?))
}

fn tagged(me: Me) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(header::ETag(header::EntityTag::new_strong(me.tag())))
        .json(MeView::from(me))
}

/// Alles wat wij over u bewaren: per tabel een lijst (AVG artikel 15 en 20).
#[utoipa::path(get, path = "/me/export", operation_id = "exportMe", tag = "inloggen", security(("bearer" = [])),
    responses((status = 200, body = serde_json::Value), (status = 401, body = Problem)))]
pub(crate) async fn export(app: web::Data<App>, who: Who) -> Answer {
    ok(&app.export_me(&who.0).await?)
}

/// Laat u vergeten (AVG artikel 17). Dit kan niet ongedaan worden gemaakt: wie u bent, verdwijnt meteen, ook uit mails.
#[utoipa::path(delete, path = "/me", operation_id = "eraseMe", tag = "inloggen", security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem)))]
pub(crate) async fn delete(app: web::Data<App>, who: Who) -> Answer {
    app.erase_me(&who.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
