//! Logging in by a mailed link, and staying in: each session is a chain of refresh tokens, each used once.

use chrono::{DateTime, TimeDelta, Utc};
use domain::email_address::EmailAddress;
use domain::ids::SessionId;
use domain::links::LinkPurpose;
use domain::members::Member;
use domain::sessions::{RefreshToken, Session, SessionEnd};
use mail::{Letter, LoginLink};
use store::{Conn, StoreError, links as link_rows, members, sessions};

use crate::App;
use crate::error::{AppError, Conflict};
use crate::letters::Desk;
use crate::links::{Purpose, find_open};
use crate::tokens::{Bearer, hash, random_text, signed_in};

/// What somebody gets who logged in, or came back with a refresh token.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedIn {
    /// The bearer token.
    pub access_token: String,
    /// When the bearer token ends.
    pub expires_at: DateTime<Utc>,
    /// Gets the next two tokens, once.
    pub refresh_token: String,
}

impl App {
    /// Mails a link to log in, when a member who confirmed it has this address, and their budget of letters is not used
    /// up. Whether that is so can only be seen in their mailbox.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is no address.
    pub async fn send_login_link(&self, email: &str) -> Result<(), AppError> {
        let email: EmailAddress = email.parse()?;
        if !self.0.budgets.has_letter_for(&email) {
            return Ok(());
        }
        let desk = self.desk();
        self.db()
            .write(move |conn| {
                let known = members::find_by_email(conn, &email)?;
                match known.filter(|member| member.confirmed_at.is_some()) {
                    Some(member) => write_login_link(conn, &desk, &member),
                    None => Ok(()),
                }
            })
            .await
    }

    /// Whose login link this is; looking changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token nobody was given, [`Conflict::LinkOver`] for one that is over.
    pub async fn login_of(&self, token: &str) -> Result<Member, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Login, now)?;
                Ok(members::find(conn, link.member)?)
            })
            .await
    }

    /// Logs in with the token of a mailed link.
    ///
    /// # Errors
    /// [`AppError::TokenRefused`] when it was never given out, was used, or is too old: one answer to all.
    pub async fn log_in(&self, token: &str) -> Result<SignedIn, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        let length = TimeDelta::days(self.config().auth.session_days);
        let opened: Result<_, AppError> = self
            .db()
            .write(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Login, now)?;
                link_rows::mark_used(conn, link.id, now)?;
                let session = Session {
                    id: SessionId::new(now),
                    member: link.member,
                    expires_at: now + length,
                    ended: None,
                    created_at: now,
                };
                sessions::insert(conn, &session)?;
                let refresh_token = next_token(conn, &session, now)?;
                Ok((session, refresh_token))
            })
            .await;
        let (session, refresh_token) = opened.map_err(|error| match error {
            AppError::NotFound | AppError::Stale | AppError::Conflict(Conflict::LinkOver) => {
                AppError::TokenRefused
            }
            other => other,
        })?;
        self.signed_in(&session, refresh_token)
    }

    /// Gives the next two tokens for a refresh token. One that was used before ends its session, unless it was used a
    /// moment ago: then it is only refused, so that of many who come at once one goes on.
    ///
    /// # Errors
    /// [`AppError::TokenRefused`] when it was never given out, was used, or its session is over: one answer to all.
    pub async fn refresh_session(&self, refresh_token: &str) -> Result<SignedIn, AppError> {
        let (hash, now) = (hash(refresh_token), self.now());
        let next = self
            .db()
            .write(move |conn| refresh(conn, &hash, now))
            .await?;
        let (session, refresh_token) = next.ok_or(AppError::TokenRefused)?;
        self.signed_in(&session, refresh_token)
    }

    /// Logs out: ends the session of a bearer token, with every token that was given out for it.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] when the bearer token does not hold, [`AppError::NotFound`] when it has no session, as
    /// one from the command line.
    pub async fn log_out(&self, bearer: Option<&str>) -> Result<(), AppError> {
        signed_in(&self.viewer(bearer).await?)?;
        let session = bearer
            .and_then(|token| self.bearer_of(token))
            .and_then(|bearer| bearer.session)
            .ok_or(AppError::NotFound)?;
        let now = self.now();
        self.db()
            .write(move |conn| {
                let ended = sessions::end(conn, session, SessionEnd::Logout, now);
                ended.map_err(AppError::from)
            })
            .await
    }

    fn signed_in(&self, session: &Session, refresh_token: String) -> Result<SignedIn, AppError> {
        let (access_token, expires_at) = self.token_for(Bearer {
            member: session.member,
            session: Some(session.id),
        })?;
        Ok(SignedIn {
            access_token,
            expires_at: expires_at.min(session.expires_at),
            refresh_token,
        })
    }
}

fn write_login_link(conn: &mut Conn, desk: &Desk, member: &Member) -> Result<(), AppError> {
    let lifetime = LinkPurpose::Login.lifetime();
    let letter = Letter::LoginLink(LoginLink {
        name: member.name.as_str().into(),
        link: desk.link(
            conn,
            Purpose {
                purpose: LinkPurpose::Login,
                member,
                subject: member.id.to_string(),
                side: None,
            },
        )?,
        minutes: lifetime.num_minutes().unsigned_abs(),
    });
    desk.send(conn, &letter, &member.id.to_string(), &[member])
}

/// The session that goes on and its next refresh token; nothing when the token with this hash is refused. What a refusal
/// ends must be kept, so it is no error.
fn refresh(
    conn: &mut Conn,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Session, String)>, AppError> {
    let token = match sessions::find_token(conn, hash) {
        Ok(token) => token,
        Err(StoreError::NotFound) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let session = sessions::find(conn, token.session)?;
    if !session.is_live(now) {
        return Ok(None);
    }
    match sessions::use_token(conn, hash, now) {
        Ok(()) => {
            let next = next_token(conn, &session, now)?;
            Ok(Some((session, next)))
        }
        Err(StoreError::Stale) => {
            if token.betrays_theft(now) {
                tracing::warn!(session = %session.id, "a refresh token came again: its session ends");
                sessions::end(conn, session.id, SessionEnd::Reuse, now)?;
            }
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

fn next_token(conn: &mut Conn, session: &Session, now: DateTime<Utc>) -> Result<String, AppError> {
    let token = random_text();
    let kept = RefreshToken {
        token_hash: hash(&token),
        session: session.id,
        used_at: None,
        created_at: now,
    };
    sessions::insert_token(conn, &kept)?;
    Ok(token)
}
