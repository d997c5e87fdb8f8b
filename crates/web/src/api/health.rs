//! `/healthz`: whether the process lives, and whether it can do its work. Outside `/v1`, without details.

use actix_web::{HttpResponse, web};
use app::App;

use crate::Stopping;
use crate::api::Answer;
use crate::error::Problem;

/// The process answers.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// The database answers, and the server is not stopping.
pub(crate) async fn ready(app: web::Data<App>, stopping: web::Data<Stopping>) -> Answer {
    if stopping.is_on() {
        return Err(Problem::from(app::AppError::Busy));
    }
    app.ready()
        .await
        .map_err(|_cannot_read| Problem::from(app::AppError::Busy))?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "status": "ok" })))
}
