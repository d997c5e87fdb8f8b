//! Which mail somebody wants: the page under every letter, and where to find it.

use actix_web::web;
use app::{App, Wanted};
use askama::Template;
use domain::dutch::pages as words;
use domain::invalid::Invalid;
use domain::links::LinkPurpose;
use domain::person_name::DisplayName;
use serde::Deserialize;

use super::{Answer, PageError, link_address, open, personal, refused, see_other, wrong};
use crate::extract::Form;

#[derive(Template)]
#[template(path = "nl/settings.html")]
pub(super) struct Settings {
    pub(super) name: DisplayName,
    pub(super) reminders: bool,
    /// Whether a choice was just kept.
    pub(super) saved: bool,
    pub(super) problems: Vec<Invalid>,
}

#[derive(Template)]
#[template(path = "nl/settings_explained.html")]
pub(super) struct Explained;

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    reminders: String,
}

/// What the address says beside the token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct After {
    saved: String,
}

/// `GET /instellingen`
pub(crate) async fn explain() -> Answer {
    open(&Explained)
}

/// `GET /instellingen/{token}`
pub(crate) async fn get(
    app: web::Data<App>,
    token: web::Path<String>,
    after: Option<web::Query<After>>,
) -> Answer {
    let mut page = show(&app, &token, Vec::new()).await?;
    page.saved = after.is_some_and(|after| after.saved == "yes");
    personal(&page)
}

/// `POST /instellingen/{token}`
pub(crate) async fn post(
    app: web::Data<App>,
    token: web::Path<String>,
    form: Result<Form<Fields>, PageError>,
) -> Answer {
    let wanted = match form?.0.reminders.as_str() {
        "yes" => Wanted::Yes,
        "no" => Wanted::No,
        _ => return refused(&show(&app, &token, vec![words::nothing_chosen("reminders")]).await?),
    };
    app.change_settings(&token, wanted).await?;
    see_other(&format!(
        "{}?saved=yes",
        link_address(LinkPurpose::Settings, &token)
    ))
}

async fn show(app: &App, token: &str, problems: Vec<Invalid>) -> Result<Settings, PageError> {
    let member = app.settings_of(token).await?;
    Ok(Settings {
        name: member.name,
        reminders: member.wants_reminders,
        saved: false,
        problems,
    })
}
