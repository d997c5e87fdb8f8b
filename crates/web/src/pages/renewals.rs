//! Whether a post is still right: the page a mailed link leads to, and the click that renews.

use actix_web::web;
use app::{App, Asked};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::dutch::{labels, mail};
use domain::links::LinkPurpose;
use domain::posts::{ExpiryStage, OFFER_WEEKS, PostKind, PostState, REQUEST_WEEKS};

use super::{Answer, Day, link_address, personal, see_other};

#[derive(Template)]
#[template(path = "nl/renewal.html")]
pub(super) struct Renewal {
    pub(super) kind: PostKind,
    pub(super) title: String,
    pub(super) state: PostState,
    pub(super) until: Day,
    pub(super) weeks: i64,
    pub(super) moment: Moment,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The owner is asked.
    Asked,
    /// It was renewed: the time it is asked again is still to come.
    Renewed,
    /// It cannot be renewed from the state it is in.
    Impossible,
}

impl Renewal {
    fn of(asked: Asked, now: DateTime<Utc>) -> Self {
        let Asked { post, possible } = asked;
        let kind = post.id.kind();
        let moment = match ExpiryStage::reached(post.life.expires_at, now) {
            _ if !possible => Moment::Impossible,
            Some(_) => Moment::Asked,
            None => Moment::Renewed,
        };
        Self {
            kind,
            title: post.title.to_string(),
            state: post.life.state,
            until: post.life.expires_at.into(),
            weeks: match kind {
                PostKind::Request => REQUEST_WEEKS,
                PostKind::Offer => OFFER_WEEKS,
            },
            moment,
        }
    }
}

/// `GET /verlengen/{token}`
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    let asked = app.asked_of_post(&token, LinkPurpose::Renew).await?;
    personal(&Renewal::of(asked, app.now()))
}

/// `POST /verlengen/{token}`
pub(crate) async fn post(app: web::Data<App>, token: web::Path<String>) -> Answer {
    app.renew_by_link(&token).await?;
    see_other(&link_address(LinkPurpose::Renew, &token))
}
