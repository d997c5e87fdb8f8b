//! `/v1/organisations/{id}/members`: who acts for an organisation; they invite others, and take out who left.

use actix_web::{HttpResponse, web};
use app::{App, InvitationFields};
use domain::dutch::sessions as words;
use domain::ids::OrganisationId;
use domain::members::Member;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admission::Admitted;
use crate::api::{Answer, List, ok};
use crate::error::Problem;
use crate::extract::{Body, Id, Who};

/// A member as others of the organisation see them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub(crate) struct MemberView {
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
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name.to_string(),
            email: member.email.to_string(),
            role: member.role.to_string(),
        }
    }
}

/// Somebody to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MemberInvitation {
    /// Naam.
    #[schema(example = "Bo Bakker")]
    #[serde(default)]
    name: String,
    /// E-mailadres.
    #[schema(example = "bo@zuiddoetsamen.example")]
    #[serde(default)]
    email: String,
}

/// What happens now; the same for an address that is known and one that is not.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberInvited {
    /// Wat er nu gebeurt.
    detail: &'static str,
}

/// Wie namens een organisatie handelen: u, en wie het eigen adres heeft bevestigd.
#[utoipa::path(get, path = "/organisations/{id}/members", operation_id = "listMembers", tag = "organisaties",
    params(("id" = String, Path, description = "Kenmerk.")), security(("bearer" = [])),
    responses((status = 200, body = List<MemberView>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, id: Id<OrganisationId>) -> Answer {
    let found = app.members_of(&who.0, id.0).await?;
    ok(&List {
        items: found.into_iter().map(MemberView::from).collect(),
        next: None,
    })
}

/// Nodig iemand uit om namens een organisatie te handelen. Diegene krijgt een mail om het adres te bevestigen.
#[utoipa::path(post, path = "/organisations/{id}/members", operation_id = "inviteMember", tag = "organisaties",
    params(("id" = String, Path, description = "Kenmerk.")), request_body = MemberInvitation, security(("bearer" = [])),
    responses((status = 202, body = MemberInvited), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn post(
    app: web::Data<App>,
    who: Who,
    _: Admitted,
    id: Id<OrganisationId>,
    body: Body<MemberInvitation>,
) -> Answer {
    let fields = InvitationFields {
        name: body.0.name,
        email: body.0.email,
    };
    app.invite_member(&who.0, id.0, fields).await?;
    Ok(HttpResponse::Accepted().json(MemberInvited {
        detail: words::member_invited(),
    }))
}

/// Haal iemand uit een organisatie. Wie het is, verdwijnt meteen (AVG artikel 17); wat diegene voor de organisatie plaatste, blijft.
#[utoipa::path(delete, path = "/organisations/{id}/members/{memberId}", operation_id = "removeMember", tag = "organisaties",
    params(("id" = String, Path, description = "Kenmerk van de organisatie."), ("memberId" = String, Path, description = "Kenmerk van het lid.")),
    security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    app: web::Data<App>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Answer {
    let (organisation, member) = path.into_inner();
    let ids = organisation.parse().ok().zip(member.parse().ok());
    let (organisation, member) = ids.ok_or_else(Problem::not_found)?;
    app.remove_member(&who.0, organisation, member).await?;
    Ok(HttpResponse::NoContent().finish())
}
