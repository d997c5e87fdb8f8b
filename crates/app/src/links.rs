//! Links in letters: made with a letter, found by their token.

use chrono::{DateTime, Utc};
use domain::ids::LinkId;
use domain::links::{Link, LinkPurpose};
use domain::matches::Side;
use domain::members::Member;
use domain::posts::PostKind;
use store::Conn;

use crate::error::{AppError, Conflict};
use crate::tokens::{hash, random_text};

/// The path of the page a link of this purpose leads to, without its token.
pub const fn page_path(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::Confirm => "/bevestigen",
        LinkPurpose::Login => "/inloggen",
        LinkPurpose::Consent => "/toestemming",
        LinkPurpose::Outcome => "/uitkomst",
        LinkPurpose::Renew => "/verlengen",
        LinkPurpose::Close => "/sluiten",
        LinkPurpose::Settings => "/instellingen",
        LinkPurpose::Unsubscribe => UNSUBSCRIBE_PATH,
    }
}

/// The path of the page that ends reminders or a subscription at once; its token is that of the settings page, or one of
/// the subscription.
pub const UNSUBSCRIBE_PATH: &str = "/afmelden";

/// The path of the public list of this kind of posts; each post has its page under it.
pub const fn list_path(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Request => "/vragen",
        PostKind::Offer => "/aanbod",
    }
}

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
        expires_at: now + purpose.purpose.lifetime(),
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
