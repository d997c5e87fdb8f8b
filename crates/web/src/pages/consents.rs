//! Whether somebody may be introduced: what a mailed link asks, why it fits, and the answer.

use actix_web::web;
use app::{App, ConsentPage, ConsentState};
use askama::Template;
use domain::dutch::{mail, pages as words};
use domain::fields::one_of;
use domain::invalid::Invalid;
use domain::links::LinkPurpose;
use domain::matches::{Answer as Said, DeclineReason, Side};
use serde::Deserialize;

use super::{Answer, PageError, link_address, personal, refused, see_other, wrong};
use crate::extract::Form;

#[derive(Template)]
#[template(path = "nl/consent.html")]
pub(super) struct Consent {
    pub(super) page: ConsentPage,
    /// Days there are to answer.
    pub(super) days: u32,
    pub(super) problems: Vec<Invalid>,
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    answer: String,
    reason: String,
}

/// `GET /toestemming/{token}`
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    personal(&show(&app, &token, Vec::new()).await?)
}

/// `POST /toestemming/{token}`
pub(crate) async fn post(
    app: web::Data<App>,
    token: web::Path<String>,
    form: Result<Form<Fields>, PageError>,
) -> Answer {
    match read(&form?.0) {
        Ok((answer, reason)) => {
            app.answer_consent(&token, answer, reason).await?;
            see_other(&link_address(LinkPurpose::Consent, &token))
        }
        Err(problem) => refused(&show(&app, &token, vec![problem]).await?),
    }
}

fn read(fields: &Fields) -> Result<(Said, DeclineReason), Invalid> {
    let answer = fields
        .answer
        .parse()
        .map_err(|_neither: Invalid| words::nothing_chosen("answer"))?;
    let reason =
        one_of(&fields.reason).map_err(|_unknown: Invalid| words::no_such_choice("reason"))?;
    Ok((answer, reason.unwrap_or(DeclineReason::Other)))
}

async fn show(app: &App, token: &str, problems: Vec<Invalid>) -> Result<Consent, PageError> {
    Ok(Consent {
        page: app.consent(token).await?,
        days: u32::try_from(LinkPurpose::Consent.days()).unwrap_or_default(),
        problems,
    })
}
