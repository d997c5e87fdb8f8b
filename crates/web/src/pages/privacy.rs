//! What happens with people's data, in their own language.

use actix_web::web;
use app::App;
use askama::Template;
use domain::email_address::EmailAddress;

use super::{Answer, open};

#[derive(Template)]
#[template(path = "nl/privacy.html")]
pub(super) struct Privacy<'a> {
    pub(super) contact: &'a EmailAddress,
}

/// `GET /privacy`
pub(crate) async fn get(app: web::Data<App>) -> Answer {
    open(&Privacy {
        contact: &app.config().mail.from_address,
    })
}
