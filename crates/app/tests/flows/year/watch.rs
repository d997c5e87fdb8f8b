//! What the virtual year keeps an eye on, and how it is found now.

use app::{AppError, ConsentState};
use domain::dutch::privacy::erased_title;
use domain::ids::{LetterId, MatchId, MemberId, RunId};
use domain::links::LinkPurpose;
use domain::posts::{PostAction, PostId};
use store::{Conn, StoreError, history, idempotency, letters, match_runs, matches, members, posts};

use crate::flows::town::Town;

/// Something that may change by itself.
#[derive(Debug, Clone)]
pub(super) enum Watched {
    /// The state of a post.
    Post(PostId),
    /// The state of a match.
    Match(MatchId),
    /// Whether a post still has its texts.
    Text(PostId),
    /// Whether a letter still has its bytes.
    Body(LetterId),
    /// Whether somebody is known by this address.
    Address(String),
    /// Whether it is remembered that a post was closed.
    Closing(PostId),
    /// Whether a match run is kept.
    Run(RunId),
    /// Whether a key that a member sent is known.
    Key(MemberId, &'static str),
    /// Whether a link works.
    Link(LinkPurpose, String),
}

impl Watched {
    /// How it is now, in a word.
    pub(super) async fn state(&self, town: &Town) -> &'static str {
        if let Self::Link(purpose, token) = self {
            return link(town, *purpose, token).await;
        }
        let (db, watched) = (town.db(), self.clone());
        db.read(move |conn| watched.stored(conn)).await.unwrap()
    }

    fn stored(self, conn: &mut Conn) -> Result<&'static str, StoreError> {
        let gone = |is_there: bool| if is_there { "there" } else { "gone" };
        Ok(match self {
            Self::Post(id) => posts::find(conn, id)?.life.state.code(),
            Self::Match(id) => matches::find(conn, id)?.state.code(),
            Self::Text(id) => {
                let title = posts::find(conn, id)?.title;
                if title.as_str() == erased_title() {
                    "blank"
                } else {
                    "written"
                }
            }
            Self::Body(id) => {
                if letters::find(conn, id)?.mime.is_empty() {
                    "empty"
                } else {
                    "whole"
                }
            }
            Self::Address(email) => {
                let email = email.parse().unwrap();
                gone(members::find_by_email(conn, &email)?.is_some())
            }
            Self::Closing(id) => {
                let lines = history::of(conn, &id.to_string())?;
                let is_close = |line: &history::Event| line.action == PostAction::Close.code();
                gone(lines.iter().any(is_close))
            }
            Self::Run(id) => match match_runs::find(conn, id) {
                Err(StoreError::NotFound) => gone(false),
                found => gone(found.map(|_run| true)?),
            },
            Self::Key(member, key) => {
                gone(idempotency::find(conn, &member.to_string(), key)?.is_some())
            }
            Self::Link(..) => unreachable!("links are asked about from the outside"),
        })
    }
}

/// Whether a link works, as its page would say; looking changes nothing.
pub(super) async fn link(town: &Town, purpose: LinkPurpose, token: &str) -> &'static str {
    let app = &town.app;
    let looked = match purpose {
        LinkPurpose::Confirm => app.confirmation(token).await.err(),
        LinkPurpose::Login => app.login_of(token).await.err(),
        LinkPurpose::Consent => match app.consent(token).await {
            Ok(page) if page.state == ConsentState::Over => return "over",
            asked => asked.err(),
        },
        LinkPurpose::Outcome => app.outcome(token).await.err(),
        LinkPurpose::Renew | LinkPurpose::Close => app.asked_of_post(token, purpose).await.err(),
        LinkPurpose::Settings => app.settings_of(token).await.err(),
        LinkPurpose::Unsubscribe => app.unsubscription_of(token).await.err(),
    };
    match looked {
        None => "works",
        Some(AppError::Conflict(_)) => "over",
        Some(AppError::NotFound) => "forgotten",
        Some(other) => panic!("{purpose}: {other}"),
    }
}
