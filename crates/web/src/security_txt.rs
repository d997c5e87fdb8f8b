//! `/.well-known/security.txt`: whom to tell about a hole (RFC 9116).

use actix_web::{HttpResponse, web};
use app::App;
use chrono::{SecondsFormat, TimeDelta};

/// How long what it says may be trusted: less than a year (RFC 9116 §2.5.5). It is made anew at every request, so it
/// never runs out.
const DAYS: i64 = 180;

/// `GET /.well-known/security.txt`
pub(crate) async fn get(app: web::Data<App>) -> HttpResponse {
    let expires = (app.now() + TimeDelta::days(DAYS)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let contact = &app.config().mail.from_address;
    let site = app.config().http.public_url.trim_end_matches('/');
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(format!(
            "Contact: mailto:{contact}\nExpires: {expires}\nPreferred-Languages: nl, en\nCanonical: {site}/.well-known/security.txt\n"
        ))
}
