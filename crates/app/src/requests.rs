//! Requests: placed, listed, read and edited.

use domain::ids::{OrganisationId, RequestId};
use domain::members::{Member, Viewer};
use domain::posts::{Life, PostFilter, PostId, PostKind, Posted};
use domain::requests::{Request, RequestContent, RequestFields};
use store::{Conn, Page, Slice, requests};

use crate::App;
use crate::coordination::{bounded, check_managed, check_seen};
use crate::error::AppError;
use crate::introductions::Actor;
use crate::letters::Desk;
use crate::places;
use crate::posts::{first_state, remember};
use crate::tokens::signed_in;

impl App {
    /// Places a request. It is open at once when its organisation is verified, and then what fits is proposed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that cannot be accepted.
    pub async fn place_request(
        &self,
        viewer: &Viewer,
        fields: RequestFields,
    ) -> Result<Posted<Request>, AppError> {
        let author = signed_in(viewer)?.clone();
        let content = fields.check(places::municipality)?;
        let desk = self.desk();
        let id = self
            .db()
            .write(move |conn| insert(conn, &desk, &author, content, None))
            .await?;
        self.market_post_changed(PostId::Request(id)).await?;
        self.find_request(viewer, id).await
    }

    /// A page of the requests the viewer may see, newest first.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`].
    pub async fn list_requests(
        &self,
        viewer: &Viewer,
        filter: PostFilter,
        slice: Slice,
    ) -> Result<Page<Posted<Request>>, AppError> {
        let viewer = viewer.clone();
        let filter = places::widened(filter, PostKind::Request);
        let filter = bounded(filter, &viewer, PostKind::Request);
        Ok(self
            .db()
            .read(move |conn| requests::page(conn, &filter, &viewer, &slice))
            .await?)
    }

    /// One request.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none the viewer may see.
    pub async fn find_request(
        &self,
        viewer: &Viewer,
        id: RequestId,
    ) -> Result<Posted<Request>, AppError> {
        let viewer = viewer.clone();
        self.db()
            .read(move |conn| {
                let found = requests::find(conn, id, &viewer)?;
                check_seen(&viewer, found.post.life.state, &found.post)?;
                Ok(found)
            })
            .await
    }

    /// Changes what a request says: `edit` gets the fields as they are now. With `version`, only that version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs, [`AppError::Stale`] when it was changed since,
    /// [`AppError::Invalid`] with every field that cannot be accepted.
    pub async fn edit_request(
        &self,
        viewer: &Viewer,
        id: RequestId,
        version: Option<i32>,
        edit: impl FnOnce(&mut RequestFields) + Send + 'static,
    ) -> Result<Posted<Request>, AppError> {
        let by = signed_in(viewer)?.id;
        let (seer, desk) = (viewer.clone(), self.desk());
        self.db()
            .write(move |conn| {
                let mut request = requests::find(conn, id, &seer)?.post;
                check_managed(&seer, &request)?;
                if version.is_some_and(|version| version != request.life.version) {
                    return Err(AppError::Stale);
                }
                let mut fields = RequestFields::from(&request.content);
                edit(&mut fields);
                request.content = fields.check(places::municipality)?;
                request.life.version += 1;
                requests::save(conn, &request)?;
                remember(conn, &desk, PostId::Request(id), Actor::Member(by), "edit")
            })
            .await?;
        self.market_post_changed(PostId::Request(id)).await?;
        self.find_request(viewer, id).await
    }
}

/// Stores a new request of `author`; `reference` is its id in the file it came from.
pub(crate) fn insert(
    conn: &mut Conn,
    desk: &Desk,
    author: &Member,
    content: RequestContent,
    reference: Option<String>,
) -> Result<RequestId, AppError> {
    let organisation: OrganisationId = author.organisation;
    store::organisations::hold(conn, organisation)?;
    let state = first_state(conn, organisation)?;
    let request = Request {
        id: RequestId::new(desk.now),
        organisation,
        author: author.id,
        reference,
        content,
        life: Life::begin(PostKind::Request, state, desk.now),
    };
    requests::insert(conn, &request)?;
    remember(
        conn,
        desk,
        PostId::Request(request.id),
        Actor::Member(author.id),
        "place",
    )?;
    Ok(request.id)
}
