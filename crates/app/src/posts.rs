//! The life of requests and offers: what their owners and coordinators do to it, and what follows for their matches.

use domain::ids::{MemberId, OrganisationId};
use domain::matches::LapseReason;
use domain::members::Viewer;
use domain::posts::{CloseReason, Life, Post, PostAction, PostId, PostKind, PostState};
use domain::text::Note;
use store::history::{self, Event};
use store::{Conn, posts};

use crate::App;
use crate::coordination::{Whereabouts, check_managed, coordinates, coordinator_of};
use crate::error::{AppError, Conflict};
use crate::introductions::{Actor, lapse_all};
use crate::letters::Desk;
use crate::tokens::{coordinator, signed_in};

/// Something that is done to the life of a post, with what is said about it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// Something that needs no reason.
    Plain(PostAction),
    /// Its owner ends it.
    Close(CloseReason),
    /// A coordinator takes it out, in their words.
    Hide(Note),
}

impl Change {
    fn action(&self) -> PostAction {
        match self {
            Self::Plain(action) => *action,
            Self::Close(_) => PostAction::Close,
            Self::Hide(_) => PostAction::Hide,
        }
    }
}

impl App {
    /// Takes a post out for a while.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs, [`Conflict::Post`] when its state does not allow it.
    pub async fn pause_post(&self, viewer: &Viewer, id: PostId) -> Result<Post, AppError> {
        self.change_own(viewer, id, Change::Plain(PostAction::Pause))
            .await
    }

    /// Brings a post back after a pause, an end or an expiry.
    ///
    /// # Errors
    /// As [`Self::pause_post`].
    pub async fn reopen_post(&self, viewer: &Viewer, id: PostId) -> Result<Post, AppError> {
        self.change_own(viewer, id, Change::Plain(PostAction::Reopen))
            .await
    }

    /// Says that a post is still right: it lives on for a whole term.
    ///
    /// # Errors
    /// As [`Self::pause_post`].
    pub async fn renew_post(&self, viewer: &Viewer, id: PostId) -> Result<Post, AppError> {
        self.change_own(viewer, id, Change::Plain(PostAction::Renew))
            .await
    }

    /// Ends a post with a reason; nothing is deleted.
    ///
    /// # Errors
    /// As [`Self::pause_post`].
    pub async fn close_post(
        &self,
        viewer: &Viewer,
        id: PostId,
        reason: CloseReason,
    ) -> Result<Post, AppError> {
        self.change_own(viewer, id, Change::Close(reason)).await
    }

    /// Takes a post out as a coordinator, with a reason.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`AppError::NotFound`] outside their regions,
    /// [`Conflict::Post`] when its state does not allow it.
    pub async fn hide_post(
        &self,
        viewer: &Viewer,
        id: PostId,
        reason: Note,
    ) -> Result<Post, AppError> {
        coordinator(viewer)?;
        let by = coordinator_of(viewer, self.whereabouts(id).await?)?.id;
        self.change_life(id, Change::Hide(reason), by.into()).await
    }

    async fn change_own(
        &self,
        viewer: &Viewer,
        id: PostId,
        change: Change,
    ) -> Result<Post, AppError> {
        let by = signed_in(viewer)?.id;
        let place = self.whereabouts(id).await?;
        check_managed(viewer, place.clone())?;
        let post = self.db().read(move |conn| posts::find(conn, id)).await?;
        // What a coordinator hid, a coordinator lets in again.
        let hidden = post.life.state == PostState::Hidden;
        let change = match change {
            Change::Plain(PostAction::Reopen) if hidden && coordinates(viewer, &place) => {
                Change::Plain(PostAction::Admit)
            }
            other => other,
        };
        self.change_life(id, change, by.into()).await
    }

    async fn whereabouts(&self, id: PostId) -> Result<Whereabouts, AppError> {
        self.db()
            .read(move |conn| Whereabouts::of_post(conn, id))
            .await
    }

    /// Does something to the life of a post, with what follows for its matches and for the market.
    pub(crate) async fn change_life(
        &self,
        id: PostId,
        change: Change,
        by: Actor,
    ) -> Result<Post, AppError> {
        let desk = self.desk();
        let post = self
            .db()
            .write(move |conn| {
                posts::hold(conn, id)?;
                let mut post = posts::find(conn, id)?;
                post.life = changed(conn, &desk, &post, change, by)?;
                Ok::<_, AppError>(post)
            })
            .await?;
        self.market_post_changed(id).await?;
        Ok(post)
    }
}

/// Stores a post's life after a change; a post that leaves the market takes its matches with it.
pub(crate) fn changed(
    conn: &mut Conn,
    desk: &Desk,
    post: &Post,
    change: Change,
    by: Actor,
) -> Result<Life, AppError> {
    let action = change.action();
    let mut life = post
        .life
        .after(action, post.id.kind(), desk.now)
        .ok_or(AppError::Conflict(Conflict::Post {
            state: post.life.state,
        }))?;
    // What an owner does is no way around the coordinator: nothing opens for an organisation that is not verified.
    if life.state == PostState::Open && first_state(conn, post.organisation)? != PostState::Open {
        life.state = PostState::Pending;
        life.opened_at = post.life.opened_at;
    }
    match change {
        Change::Plain(_) => {}
        Change::Close(reason) => life.reason = reason.to_string(),
        Change::Hide(note) => life.reason = note.to_string(),
    }
    posts::save_life(conn, post.id, &life)?;
    remember(conn, desk, post.id, by, action.code())?;
    if post.life.state == PostState::Open && life.state != PostState::Open {
        lapse_all(conn, desk, post.id, why_ended(post.id.kind()))?;
    }
    Ok(life)
}

/// The state a new post starts in: seen only when its organisation is verified.
pub(crate) fn first_state(
    conn: &mut Conn,
    organisation: OrganisationId,
) -> Result<PostState, AppError> {
    let verified = store::organisations::find(conn, organisation)?.is_verified();
    Ok(if verified {
        PostState::Open
    } else {
        PostState::Pending
    })
}

/// Adds a line to the history of a post.
pub(crate) fn remember(
    conn: &mut Conn,
    desk: &Desk,
    id: PostId,
    by: Actor,
    action: &str,
) -> Result<(), AppError> {
    let event = Event {
        subject: id.to_string(),
        at: desk.now,
        actor: by.to_string(),
        action: action.to_owned(),
        detail: String::new(),
    };
    Ok(history::add(conn, &event)?)
}

/// Opens the posts that waited for their organisation to be verified.
pub(crate) fn admit_all(
    conn: &mut Conn,
    desk: &Desk,
    organisation: OrganisationId,
    by: MemberId,
) -> Result<(), AppError> {
    for post in posts::of_organisation(conn, organisation, PostState::Pending)? {
        changed(
            conn,
            desk,
            &post,
            Change::Plain(PostAction::Admit),
            by.into(),
        )?;
    }
    Ok(())
}

fn why_ended(kind: PostKind) -> LapseReason {
    match kind {
        PostKind::Request => LapseReason::RequestEnded,
        PostKind::Offer => LapseReason::OfferEnded,
    }
}
