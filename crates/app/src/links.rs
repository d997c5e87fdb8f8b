//! Links in letters: made with a letter, found by their token, used up by an answer.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::LinkId;
use domain::links::{Link, LinkPurpose};
use domain::matches::Side;
use domain::members::Member;
use domain::posts::{Post, PostAction, PostId};
use store::Conn;

use crate::App;
use crate::error::{AppError, Conflict};
use crate::posts::Change;
use crate::tokens::{hash, random_text};

/// The path of the page a link of this purpose leads to, without its token.
pub const fn page_path(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::Confirm => "/bevestigen",
        LinkPurpose::Consent => "/toestemming",
        LinkPurpose::Outcome => "/uitkomst",
        LinkPurpose::Renew => "/verlengen",
        LinkPurpose::Close => "/sluiten",
        LinkPurpose::Settings => "/instellingen",
    }
}

/// The path of the page that ends reminders at once; its token is that of the settings page.
pub const UNSUBSCRIBE_PATH: &str = "/afmelden";

/// What a link is about and for whom.
pub(crate) struct Purpose<'a> {
    pub(crate) purpose: LinkPurpose,
    pub(crate) member: &'a Member,
    pub(crate) subject: String,
    pub(crate) side: Option<Side>,
}

/// Stores a new link and gives the path of its page.
pub(crate) fn make(
    conn: &mut Conn,
    purpose: Purpose<'_>,
    now: DateTime<Utc>,
) -> Result<String, AppError> {
    let token = random_text();
    let link = Link {
        id: LinkId::new(now),
        token_hash: hash(&token),
        purpose: purpose.purpose,
        member: purpose.member.id,
        subject: purpose.subject,
        side: purpose.side,
        expires_at: now + TimeDelta::days(purpose.purpose.days()),
        used_at: None,
        created_at: now,
    };
    store::links::insert(conn, &link)?;
    Ok(format!("{}/{token}", page_path(purpose.purpose)))
}

/// The link with this token, whether or not it still works.
pub(crate) fn find(conn: &mut Conn, token: &str, purpose: LinkPurpose) -> Result<Link, AppError> {
    Ok(store::links::find(conn, &hash(token), purpose)?)
}

/// The link with this token, if it still works.
pub(crate) fn find_open(
    conn: &mut Conn,
    token: &str,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> Result<Link, AppError> {
    let link = find(conn, token, purpose)?;
    let used = purpose.is_single_use() && link.used_at.is_some();
    if used || link.expires_at <= now {
        return Err(AppError::Conflict(Conflict::LinkOver));
    }
    Ok(link)
}

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
    /// [`AppError::NotFound`] for a token nobody was given, [`Conflict::LinkOver`] for one that is too old.
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
    /// As [`Self::asked_of_post`]; [`Conflict::Post`] when its state does not allow it.
    pub async fn renew_by_link(&self, token: &str) -> Result<Post, AppError> {
        let (post, member) = self.post_of_link(token, LinkPurpose::Renew).await?;
        self.change_life(post, Change::Plain(PostAction::Renew), member.into())
            .await
    }

    /// Closes the post of a close link.
    ///
    /// # Errors
    /// As [`Self::renew_by_link`].
    pub async fn close_by_link(
        &self,
        token: &str,
        reason: domain::posts::CloseReason,
    ) -> Result<Post, AppError> {
        let (post, member) = self.post_of_link(token, LinkPurpose::Close).await?;
        self.change_life(post, Change::Close(reason), member.into())
            .await
    }

    async fn post_of_link(
        &self,
        token: &str,
        purpose: LinkPurpose,
    ) -> Result<(PostId, domain::ids::MemberId), AppError> {
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
