//! Logging in on the site: the page a mailed link leads to, the click that logs in, who is logged in, and logging out.
//!
//! The cookie holds a bearer token of the session, which no page shows and no script can read. Only these pages look at
//! it: the API takes no cookies, so a page elsewhere cannot make a browser use the API in somebody's name.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use app::{App, AppError, page_path};
use askama::Template;
use domain::links::LinkPurpose;
use domain::person_name::DisplayName;

use super::{Answer, PageError, personal, see_other};
use crate::error::Problem;

/// The name of the cookie: browsers take one that begins so only over TLS, for this host alone (RFC 6265bis §4.1.3.2).
const COOKIE: &str = "__Host-samenspel";

/// What goes with it: sent to us only, never to scripts, and not with forms of other sites.
const BOUNDS: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

#[derive(Template)]
#[template(path = "nl/login.html")]
pub(super) struct Login {
    pub(super) name: DisplayName,
}

#[derive(Template)]
#[template(path = "nl/logged_in.html")]
pub(super) struct LoggedIn {
    /// Who is logged in, if somebody is.
    pub(super) name: Option<DisplayName>,
}

/// `GET /inloggen/{token}`
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    let member = app.login_of(&token).await?;
    personal(&Login { name: member.name })
}

/// `POST /inloggen/{token}`: the link works once, so who is logged in stands on a page of its own.
pub(crate) async fn post(app: web::Data<App>, token: web::Path<String>) -> Answer {
    let session = app.log_in(&token).await?;
    let seconds = (session.expires_at - app.now()).num_seconds();
    let value = format!("{}; Max-Age={seconds}", session.access_token);
    led_on(&value)
}

/// `GET /inloggen`
pub(crate) async fn show(app: web::Data<App>, request: HttpRequest) -> Answer {
    let name = match app.viewer(cookie(&request).as_deref()).await {
        Ok(viewer) => viewer.member().map(|member| member.name.clone()),
        Err(AppError::NotSignedIn) => None,
        Err(other) => return Err(other.into()),
    };
    personal(&LoggedIn { name })
}

/// `POST /uitloggen`: whoever was not logged in is so afterwards too.
pub(crate) async fn end(app: web::Data<App>, request: HttpRequest) -> Answer {
    match app.log_out(cookie(&request).as_deref()).await {
        Ok(()) | Err(AppError::NotSignedIn | AppError::NotFound) => led_on("; Max-Age=0"),
        Err(other) => Err(other.into()),
    }
}

/// Leads on to the page that says who is logged in, with a cookie of this value.
fn led_on(value: &str) -> Answer {
    let cookie = HeaderValue::from_str(&format!("{COOKIE}={value}; {BOUNDS}"))
        .map_err(|_unwritable| PageError::from(Problem::broken()))?;
    let mut answer: HttpResponse = see_other(page_path(LinkPurpose::Login))?;
    let headers = answer.headers_mut();
    headers.insert(header::SET_COOKIE, cookie);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// The token in the cookie, if there is one.
fn cookie(request: &HttpRequest) -> Option<String> {
    request
        .headers()
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| token.to_owned())
}
