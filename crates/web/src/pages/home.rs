//! The front page: what Samenspel is, how it works, and what is new.

use actix_web::web;
use app::{App, Slice};
use askama::Template;
use domain::email_address::EmailAddress;
use domain::members::Viewer;

use super::posts::Shown;
use super::search::only_open;
use super::{Answer, open};

/// How many new posts of each kind the front page shows.
const NEWEST: usize = 3;

#[derive(Template)]
#[template(path = "nl/home.html")]
pub(super) struct Home<'a> {
    pub(super) requests: Vec<Shown>,
    pub(super) offers: Vec<Shown>,
    pub(super) contact: &'a EmailAddress,
}

/// `GET /`
pub(crate) async fn get(app: web::Data<App>) -> Answer {
    let requests = app
        .list_requests(&Viewer::Anyone, only_open(), Slice::first(NEWEST))
        .await?;
    let offers = app
        .list_offers(&Viewer::Anyone, only_open(), Slice::first(NEWEST))
        .await?;
    open(&Home {
        requests: requests
            .items
            .iter()
            .map(|posted| Shown::request(&app, posted))
            .collect(),
        offers: offers
            .items
            .iter()
            .map(|posted| Shown::offer(&app, posted))
            .collect(),
        contact: &app.config().mail.from_address,
    })
}
