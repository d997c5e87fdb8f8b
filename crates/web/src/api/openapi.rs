//! The contract, made from the descriptions beside the handlers; `openapi.yaml` in the repository is a copy.

use actix_web::HttpResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::api::{
    consents, dressing::Dressing, login_links, match_reviews, match_runs, matches, me, members,
    offers, organisations, outbox, outcomes, places, promises::Promises, registrations, reports,
    requests, sessions, subscriptions, suggestions, unsubscriptions, verifications, vocabularies,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Samenspel",
        version = "1.0.0",
        description = "Brengt vraag en aanbod van burgerinitiatieven en partners bij elkaar. Namen van velden zijn Engels; codes van thema's, fasen, soorten hulp en gebieden zijn Nederlands, omdat het de woorden van het veld zelf zijn. Elke fout is een application/problem+json (RFC 9457).",
        contact(name = "Samenspel", url = "https://samenspel.example", email = "samenspel@samenspel.example"),
        license(name = "EUPL-1.2", identifier = "EUPL-1.2")
    ),
    servers((url = "/v1")),
    paths(
        registrations::post, login_links::post, sessions::post, sessions::refresh, sessions::delete, me::get, me::patch, me::delete, me::export,
        organisations::list, organisations::get, organisations::patch, verifications::post, members::list, members::post, members::delete,
        requests::post, requests::list, requests::get, requests::patch, requests::close, requests::pause,
        requests::reopen, requests::renew, requests::hide, requests::matches,
        offers::post, offers::list, offers::get, offers::patch, offers::close, offers::pause,
        offers::reopen, offers::renew, offers::hide, offers::matches,
        matches::list, matches::post, matches::get, match_reviews::claim, match_reviews::one, match_reviews::many, matches::outcome,
        match_runs::post, match_runs::list, match_runs::get, match_runs::sign,
        consents::get, consents::post, outcomes::get, outcomes::post, unsubscriptions::get, unsubscriptions::post,
        reports::get,
        outbox::list, outbox::retry,
        vocabularies::themes, vocabularies::phases, vocabularies::support_kinds, vocabularies::regions, vocabularies::review_reasons,
        places::list, suggestions::post,
        subscriptions::post, subscriptions::list, subscriptions::get, subscriptions::patch, subscriptions::delete,
    ),
    tags(
        (name = "inloggen", description = "Wie u bent."),
        (name = "organisaties", description = "Wie meedoet."),
        (name = "vragen", description = "Wat initiatieven vragen."),
        (name = "aanbod", description = "Wat partners bieden."),
        (name = "koppelingen", description = "Vraag en aanbod die bij elkaar passen."),
        (name = "abonnementen", description = "Wat u volgt, en hoe vaak u daarover mail krijgt."),
        (name = "links", description = "Wat links uit mails vragen."),
        (name = "post", description = "De mails die het programma verstuurt."),
        (name = "rapporten", description = "Cijfers over vraag, aanbod en koppelingen."),
        (name = "woordenlijsten", description = "De codes waaruit u kiest.")
    ),
    modifiers(&Bearer, &Dressing)
)]
struct Contract;

/// Describes how somebody proves who they are.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, contract: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        let components = contract.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// What the contract promises, for who keeps it.
pub(crate) fn promised() -> Promises {
    Promises::read("/v1", Contract::openapi())
}

/// The contract as YAML, as it stands in the repository.
pub fn openapi_yaml() -> String {
    Contract::openapi().to_yaml().unwrap_or_default()
}

/// `/v1/openapi.json`.
pub(crate) async fn json() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .json(Contract::openapi())
}

/// `/v1/openapi.yaml`.
pub(crate) async fn yaml() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .content_type("application/yaml")
        .body(openapi_yaml())
}
