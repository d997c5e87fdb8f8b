//! What the links in a reminder do: renew a post, close it, and choose which mail still comes.

use domain::ids::MemberId;
use domain::links::LinkPurpose;
use domain::members::Member;
use domain::posts::{CloseReason, Post, PostAction, PostId};

use crate::App;
use crate::error::AppError;
use crate::links::find_open;
use crate::posts::Change;

/// What a link to a post asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The post.
    pub post: Post,
    /// Whether it can still be done from the state the post is in.
    pub possible: bool,
}

impl App {
    /// What a renew or close link asks; looking changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token nobody was given, [`crate::Conflict::LinkOver`] for one that is too old.
    pub async fn asked_of_post(
        &self,
        token: &str,
        purpose: LinkPurpose,
    ) -> Result<Asked, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let link = find_open(conn, &token, purpose, now)?;
                let post = store::posts::find(conn, link.subject.parse::<PostId>()?)?;
                let possible = post
                    .life
                    .after(action(purpose), post.id.kind(), now)
                    .is_some();
                Ok(Asked { post, possible })
            })
            .await
    }

    /// Renews the post of a renew link.
    ///
    /// # Errors
    /// As [`Self::asked_of_post`]; [`crate::Conflict::Post`] when its state does not allow it.
    pub async fn renew_by_link(&self, token: &str) -> Result<Post, AppError> {
        let (post, member) = self.post_of_link(token, LinkPurpose::Renew).await?;
        self.change_life(post, Change::Plain(PostAction::Renew), member.into())
            .await
    }

    /// Closes the post of a close link.
    ///
    /// # Errors
    /// As [`Self::renew_by_link`].
    pub async fn close_by_link(&self, token: &str, reason: CloseReason) -> Result<Post, AppError> {
        let (post, member) = self.post_of_link(token, LinkPurpose::Close).await?;
        self.change_life(post, Change::Close(reason), member.into())
            .await
    }

    async fn post_of_link(
        &self,
        token: &str,
        purpose: LinkPurpose,
    ) -> Result<(PostId, MemberId), AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let link = find_open(conn, &token, purpose, now)?;
                Ok((link.subject.parse::<PostId>()?, link.member))
            })
            .await
    }

    /// The member of a settings link; looking changes nothing.
    ///
    /// # Errors
    /// As [`Self::asked_of_post`].
    pub async fn settings_of(&self, token: &str) -> Result<Member, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Settings, now)?;
                Ok(store::members::find(conn, link.member)?)
            })
            .await
    }

    /// Stores whether the member of a settings link wants reminders.
    ///
    /// # Errors
    /// As [`Self::settings_of`].
    pub async fn change_settings(
        &self,
        token: &str,
        reminders: Wanted,
    ) -> Result<Member, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .write(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Settings, now)?;
                let mut member = store::members::find(conn, link.member)?;
                member.wants_reminders = reminders == Wanted::Yes;
                store::members::save(conn, &member)?;
                Ok(member)
            })
            .await
    }
}

/// Whether somebody wants a kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// They do.
    Yes,
    /// They do not.
    No,
}

fn action(purpose: LinkPurpose) -> PostAction {
    match purpose {
        LinkPurpose::Close => PostAction::Close,
        _ => PostAction::Renew,
    }
}
