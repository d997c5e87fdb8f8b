//! What is held about a person: they can have it, and have it erased; and what is old is forgotten by itself.

use domain::dutch::privacy as words;
use domain::members::{Member, Viewer};
use domain::posts::{CloseReason, PostId, PostState};
use serde_json::{Map, Value};
use store::history::{self, Event};
use store::privacy::{self, Forgotten, Texts};
use store::{Conn, changes, match_claims, members, posts};

use crate::error::AppError;
use crate::introductions::Actor;
use crate::letters::Desk;
use crate::posts::{Change, changed};
use crate::tokens::signed_in;
use crate::{App, idempotency, match_runs};

/// What is put in the place of texts that go.
fn texts() -> Texts<'static> {
    Texts {
        organisation: words::erased_organisation(),
        title: words::erased_title(),
        body: words::erased_body(),
    }
}

impl App {
    /// Everything held about the viewer: an object with a list of rows for each table (AVG art. 15 and 20).
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone.
    pub async fn export_me(&self, viewer: &Viewer) -> Result<Map<String, Value>, AppError> {
        let member = signed_in(viewer)?.clone();
        let tables = self
            .db()
            .read(move |conn| privacy::told(conn, &member))
            .await?;
        let named = tables
            .into_iter()
            .map(|(table, rows)| (table.to_owned(), Value::Array(rows)));
        Ok(named.collect())
    }

    /// Erases the viewer (AVG art. 17): what leads to them goes at once, also from letters; what they took part in
    /// stays as a figure. When nobody else acts for their organisation, its posts end and lose their texts too.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone.
    pub async fn erase_me(&self, viewer: &Viewer) -> Result<(), AppError> {
        let (member, desk) = (signed_in(viewer)?.clone(), self.desk());
        let ended = self
            .db()
            .write(move |conn| erase(conn, &desk, &member, member.id.into()))
            .await?;
        self.market_posts_changed(ended).await
    }

    /// Forgets all that is too old, and who registered or was invited and never confirmed their address.
    pub(crate) async fn forget_old(&self) -> Result<Forgotten, AppError> {
        let desk = self.desk();
        let (forgotten, ended) = self
            .db()
            .write(move |conn| {
                let mut ended = Vec::new();
                for id in privacy::overdue_registrations(conn, desk.now)? {
                    let member = members::find(conn, id)?;
                    ended.extend(erase(conn, &desk, &member, Actor::Itself)?);
                }
                let forgotten = privacy::forget_old(conn, desk.now, texts())?;
                match_runs::prune(conn, desk.now)?;
                match_claims::prune(conn, desk.now)?;
                idempotency::prune(conn, desk.now)?;
                changes::prune(conn)?;
                Ok::<_, AppError>((forgotten, ended))
            })
            .await?;
        self.market_posts_changed(ended).await?;
        Ok(forgotten)
    }

    pub(crate) async fn market_posts_changed(&self, posts: Vec<PostId>) -> Result<(), AppError> {
        for post in posts {
            self.market_post_changed(post).await?;
        }
        Ok(())
    }
}

/// Erases a member; the posts that ended with them.
pub(crate) fn erase(
    conn: &mut Conn,
    desk: &Desk,
    member: &Member,
    by: Actor,
) -> Result<Vec<PostId>, AppError> {
    let organisation = member.organisation;
    store::organisations::hold(conn, organisation)?;
    let acting = members::of_organisation(conn, organisation)?;
    let is_last = acting.iter().all(|other| other.id == member.id);
    let mut ended = Vec::new();
    if is_last {
        for state in [PostState::Pending, PostState::Open, PostState::Paused] {
            for post in posts::of_organisation(conn, organisation, state)? {
                posts::hold(conn, post.id)?;
                let change = Change::Close(CloseReason::NoLongerNeeded);
                changed(conn, desk, &post, change, by)?;
                ended.push(post.id);
            }
        }
    }
    // The letters about posts that just ended go to the other side only, so nothing new is written to the member.
    privacy::erase(conn, member, desk.now)?;
    if is_last {
        privacy::blank_organisation(conn, organisation, texts())?;
    }
    let event = Event {
        subject: member.id.to_string(),
        at: desk.now,
        actor: by.to_string(),
        action: "erase".to_owned(),
        detail: String::new(),
    };
    history::add(conn, &event)?;
    Ok(ended)
}
