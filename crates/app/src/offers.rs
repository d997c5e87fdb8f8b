//! Offers: placed, listed, read and edited.

use domain::dutch::problems;
use domain::ids::OfferId;
use domain::members::{Member, Viewer};
use domain::offers::{Offer, OfferContent, OfferFields};
use domain::posts::{Life, PostFilter, PostId, PostKind, Posted};
use store::{Conn, Page, Slice, offers};

use crate::App;
use crate::coordination::{bounded, check_managed, check_seen};
use crate::error::AppError;
use crate::introductions::Actor;
use crate::letters::Desk;
use crate::places;
use crate::posts::{first_state, remember};
use crate::tokens::signed_in;

impl App {
    /// Places an offer. It is open at once when its organisation is verified, and then what fits is proposed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that cannot be accepted.
    pub async fn place_offer(
        &self,
        viewer: &Viewer,
        fields: OfferFields,
    ) -> Result<Posted<Offer>, AppError> {
        let author = signed_in(viewer)?.clone();
        let content = fields.check(places::region)?;
        let desk = self.desk();
        let id = self
            .db()
            .write(move |conn| insert(conn, &desk, &author, content, None))
            .await?;
        self.market_post_changed(PostId::Offer(id)).await?;
        self.find_offer(viewer, id).await
    }

    /// A page of the offers the viewer may see, newest first.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`].
    pub async fn list_offers(
        &self,
        viewer: &Viewer,
        filter: PostFilter,
        slice: Slice,
    ) -> Result<Page<Posted<Offer>>, AppError> {
        let viewer = viewer.clone();
        let filter = places::widened(filter, PostKind::Offer);
        let filter = bounded(filter, &viewer, PostKind::Offer);
        Ok(self
            .db()
            .read(move |conn| offers::page(conn, &filter, &viewer, &slice))
            .await?)
    }

    /// One offer.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none the viewer may see.
    pub async fn find_offer(
        &self,
        viewer: &Viewer,
        id: OfferId,
    ) -> Result<Posted<Offer>, AppError> {
        let viewer = viewer.clone();
        self.db()
            .read(move |conn| {
                let found = offers::find(conn, id, &viewer)?;
                check_seen(&viewer, found.post.life.state, &found.post)?;
                Ok(found)
            })
            .await
    }

    /// Changes what an offer says: `edit` gets the fields as they are now. With `version`, only that version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs, [`AppError::Stale`] when it was changed since,
    /// [`AppError::Invalid`] with every field that cannot be accepted, also a capacity under what it carries now.
    pub async fn edit_offer(
        &self,
        viewer: &Viewer,
        id: OfferId,
        version: Option<i32>,
        edit: impl FnOnce(&mut OfferFields) + Send + 'static,
    ) -> Result<Posted<Offer>, AppError> {
        let by = signed_in(viewer)?.id;
        let (seer, desk) = (viewer.clone(), self.desk());
        self.db()
            .write(move |conn| {
                offers::hold(conn, id)?;
                let mut offer = offers::find(conn, id, &seer)?.post;
                check_managed(&seer, &offer)?;
                if version.is_some_and(|version| version != offer.life.version) {
                    return Err(AppError::Stale);
                }
                let mut fields = OfferFields::from(&offer.content);
                edit(&mut fields);
                offer.content = fields.check(places::region)?;
                if offer.content.capacity < offer.carried {
                    return Err(problems::capacity_in_use(offer.carried).into());
                }
                offer.life.version += 1;
                offers::save(conn, &offer)?;
                remember(conn, &desk, PostId::Offer(id), Actor::Member(by), "edit")
            })
            .await?;
        self.market_post_changed(PostId::Offer(id)).await?;
        self.find_offer(viewer, id).await
    }
}

/// Stores a new offer of `author`; `reference` is its id in the file it came from.
pub(crate) fn insert(
    conn: &mut Conn,
    desk: &Desk,
    author: &Member,
    content: OfferContent,
    reference: Option<String>,
) -> Result<OfferId, AppError> {
    store::organisations::hold(conn, author.organisation)?;
    let state = first_state(conn, author.organisation)?;
    let offer = Offer {
        id: OfferId::new(desk.now),
        organisation: author.organisation,
        author: author.id,
        reference,
        content,
        carried: 0,
        life: Life::begin(PostKind::Offer, state, desk.now),
    };
    offers::insert(conn, &offer)?;
    remember(
        conn,
        desk,
        PostId::Offer(offer.id),
        Actor::Member(author.id),
        "place",
    )?;
    Ok(offer.id)
}
