//! Offers as everyone may see them: the list and one page each.

use actix_web::http::StatusCode;
use actix_web::web;
use app::App;
use domain::ids::OfferId;
use domain::members::Viewer;
use domain::posts::PostKind;

use super::posts::{PostList, PostPage, Shown};
use super::search::{Search, Typed};
use super::{Answer, Audience, PageError, answer, open};
use crate::extract::{Id, Query};

/// `GET /aanbod`
pub(crate) async fn list(app: web::Data<App>, query: Result<Query<Typed>, PageError>) -> Answer {
    let kind = PostKind::Offer;
    let (search, filter) = Search::read(&app, kind, query?.0);
    let Some(filter) = filter else {
        let page = PostList {
            kind,
            search,
            posts: Vec::new(),
            next: None,
        };
        return answer(StatusCode::BAD_REQUEST, Audience::Everyone, &page);
    };
    let found = app
        .list_offers(&Viewer::Anyone, filter, search.slice())
        .await?;
    open(&PostList {
        kind,
        posts: found
            .items
            .iter()
            .map(|posted| Shown::offer(&app, posted))
            .collect(),
        next: found.next.map(|cursor| search.next(cursor)),
        search,
    })
}

/// `GET /aanbod/{id}`
pub(crate) async fn get(app: web::Data<App>, id: Result<Id<OfferId>, PageError>) -> Answer {
    let posted = app.find_offer(&Viewer::Anyone, id?.0).await?;
    open(&PostPage {
        post: Shown::offer(&app, &posted),
    })
}
