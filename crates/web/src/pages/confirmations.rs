//! Whether an address is somebody's own: the page a mailed link leads to, and the click that confirms.

use actix_web::web;
use app::{App, page_path};
use askama::Template;
use domain::email_address::EmailAddress;
use domain::links::LinkPurpose;
use domain::person_name::DisplayName;

use super::{Answer, personal, see_other};

#[derive(Template)]
#[template(path = "nl/confirmation.html")]
pub(super) struct Confirmation {
    pub(super) name: DisplayName,
    pub(super) email: EmailAddress,
}

#[derive(Template)]
#[template(path = "nl/confirmed.html")]
pub(super) struct Confirmed;

/// `GET /bevestigen/{token}`
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    let member = app.confirmation(&token).await?;
    personal(&Confirmation {
        name: member.name,
        email: member.email,
    })
}

/// `POST /bevestigen/{token}`: the link works once, so the result stands on a page of its own.
pub(crate) async fn post(app: web::Data<App>, token: web::Path<String>) -> Answer {
    app.confirm(&token).await?;
    see_other(page_path(LinkPurpose::Confirm))
}

/// `GET /bevestigen`
pub(crate) async fn done() -> Answer {
    personal(&Confirmed)
}
