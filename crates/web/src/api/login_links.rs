//! `/v1/login-links`: a link to log in with, by mail.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use app::App;
use domain::dutch::sessions as words;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use utoipa::ToSchema;

use crate::admission::Admitted;
use crate::api::Answer;
use crate::error::Problem;
use crate::extract::Body;

/// How long every answer takes at least: longer than writing a letter, so that the time tells nobody who is known.
const ANSWER_TIME: Duration = Duration::from_millis(100);

/// Who wants to log in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LoginLinkRequest {
    /// E-mailadres.
    #[schema(example = "ria@zuiddoetsamen.example")]
    #[serde(default)]
    email: String,
}

/// What happens now; the same for an address that is known and one that is not.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LoginLinkAsked {
    /// Wat er nu gebeurt.
    #[schema(
        example = "Kennen wij dit adres? Dan krijgt u een mail met een link om in te loggen."
    )]
    detail: &'static str,
}

/// Vraag een link om in te loggen. Het antwoord is altijd hetzelfde; een bekend adres krijgt een mail met een link die
/// een kwartier werkt, één keer.
#[utoipa::path(post, path = "/login-links", operation_id = "requestLoginLink", tag = "inloggen", request_body = LoginLinkRequest,
    responses((status = 202, body = LoginLinkAsked), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, _: Admitted, body: Body<LoginLinkRequest>) -> Answer {
    let (asked, ()) = tokio::join!(app.send_login_link(&body.0.email), sleep(ANSWER_TIME));
    asked?;
    Ok(HttpResponse::Accepted().json(LoginLinkAsked {
        detail: words::link_asked(),
    }))
}
