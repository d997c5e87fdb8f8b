//! `/v1/registrations`: an organisation comes in with its first member.

use actix_web::web;
use app::{App, RegistrationFields};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admission::Admitted;
use crate::api::organisations::OrganisationView;
use crate::api::{Answer, created};
use crate::error::Problem;
use crate::extract::Body;

/// An organisation with its first member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Registration {
    /// De organisatie.
    organisation: NewOrganisation,
    /// Wie namens haar spreekt.
    member: NewMember,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewOrganisation {
    /// Naam, 1 tot en met 120 tekens.
    #[schema(example = "Zuid Doet Samen")]
    #[serde(default)]
    name: String,
    /// `initiative`, `partner` of `system_party`.
    #[schema(example = "initiative")]
    #[serde(default)]
    kind: String,
    /// Plaats zoals mensen die schrijven; mag leeg zijn.
    #[schema(example = "De Heeze, Apeldoorn")]
    #[serde(default)]
    place: String,
    /// Eigen website; mag leeg zijn.
    #[serde(default)]
    website: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewMember {
    /// Naam.
    #[schema(example = "Ria Jansen")]
    #[serde(default)]
    name: String,
    /// E-mailadres.
    #[schema(example = "ria@zuiddoetsamen.example")]
    #[serde(default)]
    email: String,
}

/// What was registered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registered {
    /// De organisatie; zij is nog niet gecontroleerd.
    organisation: OrganisationView,
    /// Kenmerk van het lid.
    member_id: String,
}

/// Meld een organisatie aan met haar eerste lid. Het lid krijgt een mail om het adres te bevestigen. Is het adres al
/// bekend, dan is het antwoord hetzelfde, wordt er niets bewaard, en krijgt wie daar woont een mail die dat zegt.
#[utoipa::path(post, path = "/registrations", operation_id = "register", tag = "organisaties", request_body = Registration,
    responses((status = 201, body = Registered), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, _: Admitted, body: Body<Registration>) -> Answer {
    let Registration {
        organisation,
        member,
    } = body.0;
    let fields = RegistrationFields {
        organisation: organisation.name,
        kind: organisation.kind,
        place: organisation.place,
        website: organisation.website,
        name: member.name,
        email: member.email,
    };
    let registered = app.register(fields).await?;
    let location = format!("/v1/organisations/{}", registered.organisation.id);
    let view = Registered {
        organisation: OrganisationView::from(&registered.organisation),
        member_id: registered.member.id.to_string(),
    };
    created(location, &view)
}
