//! What came of an introduction: one click on the page a mailed link leads to.

use actix_web::web;
use app::{App, OutcomePage};
use askama::Template;
use domain::dutch::pages as words;
use domain::invalid::Invalid;
use domain::links::LinkPurpose;
use domain::matches::{MatchState, Outcome};
use serde::Deserialize;

use super::{Answer, PageError, link_address, personal, refused, see_other};
use crate::extract::Form;

#[derive(Template)]
#[template(path = "nl/outcome.html")]
pub(super) struct Told {
    pub(super) page: OutcomePage,
    pub(super) problems: Vec<Invalid>,
}

impl Told {
    /// Whether a word from this side still counts.
    fn is_open(&self) -> bool {
        matches!(
            self.page.state,
            MatchState::Introduced | MatchState::Unknown
        )
    }
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    outcome: String,
}

/// `GET /uitkomst/{token}`
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    personal(&show(&app, &token, Vec::new()).await?)
}

/// `POST /uitkomst/{token}`
pub(crate) async fn post(
    app: web::Data<App>,
    token: web::Path<String>,
    form: Result<Form<Fields>, PageError>,
) -> Answer {
    let Ok(outcome) = form?.0.outcome.parse::<Outcome>() else {
        return refused(&show(&app, &token, vec![words::nothing_chosen("outcome")]).await?);
    };
    app.tell_outcome_by_link(&token, outcome).await?;
    see_other(&link_address(LinkPurpose::Outcome, &token))
}

async fn show(app: &App, token: &str, problems: Vec<Invalid>) -> Result<Told, PageError> {
    Ok(Told {
        page: app.outcome(token).await?,
        problems,
    })
}
