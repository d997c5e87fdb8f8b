//! `/v1/sessions`: logged in with a mailed link, refreshed, and logged out.

use actix_web::{HttpResponse, web};
use app::{App, SignedIn};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::Answer;
use crate::error::Problem;
use crate::extract::{Bearer, Body};

/// The token of a mailed link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Login {
    /// Het geheim uit de link in de mail: wat na `/inloggen/` staat.
    #[schema(example = "n0p3qR5tUv7wXy9zA1bC3dE5fG7hI9jK1lM3nO5pQ7r")]
    #[serde(default)]
    token: String,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Refresh {
    /// Het laatste `refreshToken` dat u kreeg.
    #[schema(example = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V")]
    #[serde(default)]
    refresh_token: String,
}

/// The tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// Stuur dit mee als `Authorization: Bearer …`.
    access_token: String,
    /// Tot wanneer `accessToken` werkt.
    expires_at: DateTime<Utc>,
    /// Hiermee krijgt u de volgende twee tokens, één keer.
    refresh_token: String,
}

impl From<SignedIn> for SessionView {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            access_token: signed_in.access_token,
            expires_at: signed_in.expires_at,
            refresh_token: signed_in.refresh_token,
        }
    }
}

/// Log in met het geheim uit een mail. Het werkt één keer, een kwartier lang.
#[utoipa::path(post, path = "/sessions", operation_id = "openSession", tag = "inloggen", request_body = Login,
    responses((status = 201, body = SessionView), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, body: Body<Login>) -> Answer {
    opened(app.log_in(&body.0.token).await?)
}

/// Vraag de volgende tokens. Een `refreshToken` werkt één keer; komt het later nog eens, dan eindigt de sessie.
#[utoipa::path(post, path = "/sessions/refreshes", operation_id = "refreshSession", tag = "inloggen", request_body = Refresh,
    responses((status = 201, body = SessionView), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn refresh(app: web::Data<App>, body: Body<Refresh>) -> Answer {
    opened(app.refresh_session(&body.0.refresh_token).await?)
}

/// Log uit. Alle tokens van deze sessie werken vanaf nu niet meer.
#[utoipa::path(delete, path = "/sessions/current", operation_id = "endSession", tag = "inloggen", security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(app: web::Data<App>, bearer: Bearer) -> Answer {
    app.log_out(bearer.0.as_deref()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 201 with the tokens; a session has no address of its own to point at.
fn opened(signed_in: SignedIn) -> Answer {
    Ok(HttpResponse::Created().json(SessionView::from(signed_in)))
}
