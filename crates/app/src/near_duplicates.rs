//! The notice that a post which is being placed or written may stand there already; it never blocks anything.
//!
//! The market in memory finds which open posts of the same kind and place say nearly the same; each is read again from
//! the database before it is named, so that what was closed or hidden meanwhile stays unnamed.

use domain::dutch::near_duplicates::{Whose, is_it_the_same};
use domain::members::Viewer;
use domain::offers::Offer;
use domain::posts::{PostId, PostKind, PostState, Posted};
use domain::region::{Municipality, Region};
use domain::requests::Request;
use matching::Index;
use store::{Conn, StoreError, organisations, posts};

use crate::App;
use crate::error::AppError;

/// The most that are named: who has seen three looks at the list.
const MAX_NAMED: usize = 3;

/// A post that is being placed or written.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its own id, once it was placed.
    pub id: Option<PostId>,
    /// One line.
    pub title: String,
    /// The story.
    pub body: String,
    /// Its kind, with the place where it counts.
    pub place: DraftPlace,
}

/// Where a post of each kind counts.
#[derive(Debug, Clone, PartialEq)]
pub enum DraftPlace {
    /// A request from a municipality.
    Request(Municipality),
    /// An offer for some areas.
    Offer(Vec<Region>),
}

/// An open post that is nearly the same.
#[derive(Debug, Clone, PartialEq)]
pub struct NearDuplicate {
    /// Its id.
    pub id: PostId,
    /// Its title.
    pub title: String,
    /// The question, in Dutch, whether it is the same.
    pub question: String,
}

impl From<&Posted<Request>> for Draft {
    fn from(placed: &Posted<Request>) -> Self {
        let content = &placed.post.content;
        Self {
            id: Some(PostId::Request(placed.post.id)),
            title: content.title.to_string(),
            body: content.body.to_string(),
            place: DraftPlace::Request(content.municipality),
        }
    }
}

impl From<&Posted<Offer>> for Draft {
    fn from(placed: &Posted<Offer>) -> Self {
        let content = &placed.post.content;
        Self {
            id: Some(PostId::Offer(placed.post.id)),
            title: content.title.to_string(),
            body: content.body.to_string(),
            place: DraftPlace::Offer(content.reach.clone()),
        }
    }
}

impl App {
    /// The open posts of verified organisations, of the same kind and place, that are nearly the same as this one, the
    /// most alike first and at most three. Also those of the viewer's own organisation.
    ///
    /// It is a courtesy: when it cannot be found out, that is logged and there are none.
    pub async fn near_duplicates(
        &self,
        viewer: &Viewer,
        draft: impl Into<Draft>,
    ) -> Vec<NearDuplicate> {
        let found = self.find_near_duplicates(viewer.clone(), draft.into());
        found.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "near-duplicates could not be looked for");
            Vec::new()
        })
    }

    async fn find_near_duplicates(
        &self,
        viewer: Viewer,
        draft: Draft,
    ) -> Result<Vec<NearDuplicate>, AppError> {
        let itself = draft.id;
        let keys = self.ask_market(move |market| alike(market, &draft)).await?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.db()
            .read(move |conn| {
                let mut named = Vec::new();
                for key in keys {
                    let id: PostId = key.parse()?;
                    if Some(id) != itself && named.len() < MAX_NAMED {
                        named.extend(name(conn, id, &viewer)?);
                    }
                }
                Ok(named)
            })
            .await
    }
}

/// The keys of what is nearly the same in the market in memory.
fn alike(market: &Index, draft: &Draft) -> Vec<String> {
    let Draft { title, body, .. } = draft;
    match &draft.place {
        DraftPlace::Request(home) => market.requests_like(title, body, *home),
        DraftPlace::Offer(reach) => market.offers_like(title, body, reach),
    }
}

/// A post as the database has it now, if everybody may see it.
fn name(conn: &mut Conn, id: PostId, viewer: &Viewer) -> Result<Option<NearDuplicate>, AppError> {
    let post = match posts::find(conn, id) {
        Err(StoreError::NotFound) => return Ok(None),
        found => found?,
    };
    let owner = organisations::find(conn, post.organisation)?;
    if post.life.state != PostState::Open || !owner.is_verified() {
        return Ok(None);
    }
    let whose = if viewer.acts_for(post.organisation) {
        Whose::Own
    } else {
        Whose::Of(owner.name.as_str())
    };
    let kind: PostKind = id.kind();
    Ok(Some(NearDuplicate {
        id,
        question: is_it_the_same(kind, post.title.as_str(), whose),
        title: post.title.to_string(),
    }))
}
