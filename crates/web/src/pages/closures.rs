//! Closing a post: the page a mailed link leads to, which asks the reason.

use actix_web::web;
use app::{App, Asked};
use askama::Template;
use domain::dutch::{mail, pages as words};
use domain::invalid::Invalid;
use domain::links::LinkPurpose;
use domain::posts::{CloseReason, PostKind, PostState};
use serde::Deserialize;

use super::{Answer, PageError, link_address, personal, refused, see_other, wrong};
use crate::extract::Form;

#[derive(Template)]
#[template(path = "nl/closure.html")]
pub(super) struct Closure {
    pub(super) kind: PostKind,
    pub(super) title: String,
    pub(super) moment: Moment,
    pub(super) problems: Vec<Invalid>,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The owner is asked.
    Asked,
    /// It is closed.
    Closed,
    /// It ended by itself.
    Expired,
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    reason: String,
}

/// `GET /sluiten/{token}`
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    personal(&show(&app, &token, Vec::new()).await?)
}

/// `POST /sluiten/{token}`
pub(crate) async fn post(
    app: web::Data<App>,
    token: web::Path<String>,
    form: Result<Form<Fields>, PageError>,
) -> Answer {
    let Ok(reason) = form?.0.reason.parse::<CloseReason>() else {
        return refused(&show(&app, &token, vec![words::nothing_chosen("reason")]).await?);
    };
    app.close_by_link(&token, reason).await?;
    see_other(&link_address(LinkPurpose::Close, &token))
}

async fn show(app: &App, token: &str, problems: Vec<Invalid>) -> Result<Closure, PageError> {
    let Asked { post, possible } = app.asked_of_post(token, LinkPurpose::Close).await?;
    Ok(Closure {
        kind: post.id.kind(),
        title: post.title.to_string(),
        moment: match post.life.state {
            _ if possible => Moment::Asked,
            PostState::Expired => Moment::Expired,
            _ => Moment::Closed,
        },
        problems,
    })
}
