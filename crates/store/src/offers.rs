//! Offers in the database.

use diesel::prelude::*;
use domain::ids::OfferId;
use domain::members::Viewer;
use domain::offers::{Offer, OfferContent};
use domain::posts::{PostFilter, PostId, PostKind, PostState, Posted};

use crate::changes::{self, Subject};
use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{joined, split, value};
use crate::page::{Page, Slice};
use crate::posts::{self, Shared};
use crate::schema::offers::{self, table};
use crate::schema::{organisations, posts as post_rows};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = offers)]
struct Row {
    id: String,
    reach: String,
    neighbours: bool,
    phases: String,
    capacity: i32,
    carried: i32,
    evergreen: bool,
}

type Joined = (posts::Row, Row, crate::organisations::Row);

fn rows(offer: &Offer) -> (posts::Row, Row) {
    let content = &offer.content;
    let shared = Shared {
        id: PostId::Offer(offer.id),
        organisation: offer.organisation,
        author: offer.author,
        reference: offer.reference.as_deref(),
        title: content.title.as_str(),
        body: content.body.as_str(),
        themes: &content.themes,
        support: &content.support,
        consent: content.consent,
        life: &offer.life,
    };
    let own = Row {
        id: offer.id.to_string(),
        reach: joined(&content.reach),
        neighbours: content.neighbours,
        phases: joined(&content.phases),
        capacity: i32::try_from(content.capacity).unwrap_or(i32::MAX),
        carried: i32::try_from(offer.carried).unwrap_or(i32::MAX),
        evergreen: content.evergreen,
    };
    (shared.into(), own)
}

fn read((post, row, owner): Joined) -> Result<Posted<Offer>, StoreError> {
    let parts = post.parts()?;
    Ok(Posted {
        post: Offer {
            id: value(&row.id)?,
            organisation: parts.organisation,
            author: parts.author,
            reference: parts.reference,
            content: OfferContent {
                title: parts.title,
                body: parts.body,
                reach: split(&row.reach)?,
                neighbours: row.neighbours,
                themes: parts.themes,
                phases: split(&row.phases)?,
                support: parts.support,
                capacity: row.capacity.unsigned_abs(),
                evergreen: row.evergreen,
                consent: parts.consent,
            },
            carried: row.carried.unsigned_abs(),
            life: parts.life,
        },
        owner: owner.try_into()?,
    })
}

/// Stores a new offer.
///
/// # Errors
/// [`StoreError::Taken`] when its organisation already has one under the same reference.
pub fn insert(conn: &mut Conn, offer: &Offer) -> Result<(), StoreError> {
    let (post, own) = rows(offer);
    posts::insert(conn, PostId::Offer(offer.id), post)?;
    diesel::insert_into(table).values(own).execute(conn)?;
    Ok(())
}

/// Stores the offer as it is now; its version must be one more than the stored one, and it must still carry what it
/// carried: only [`carry`] and [`put_down`] change that.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it first.
pub fn save(conn: &mut Conn, offer: &Offer) -> Result<(), StoreError> {
    let (post, own) = rows(offer);
    posts::save(conn, PostId::Offer(offer.id), post)?;
    let unmoved = table
        .find(own.id.clone())
        .filter(offers::carried.eq(own.carried));
    match diesel::update(unmoved).set(own).execute(conn)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// The offer with this id, if the viewer may see it; what they may not see is not there.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none they may see.
pub fn find(conn: &mut Conn, id: OfferId, viewer: &Viewer) -> Result<Posted<Offer>, StoreError> {
    let found = any(conn, id)?;
    if viewer.may_see_post(found.post.organisation, found.post.life.state) {
        Ok(found)
    } else {
        Err(StoreError::NotFound)
    }
}

/// The offer with this id, for work nobody looks at: matching, letters and jobs.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn any(conn: &mut Conn, id: OfferId) -> Result<Posted<Offer>, StoreError> {
    load(conn, &[id.to_string()])?
        .pop()
        .ok_or(StoreError::NotFound)
}

/// A page of the offers the viewer may see, newest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn page(
    conn: &mut Conn,
    filter: &PostFilter,
    viewer: &Viewer,
    slice: &Slice,
) -> Result<Page<Posted<Offer>>, StoreError> {
    let ids = posts::page(conn, PostKind::Offer, filter, viewer, slice)?;
    let items = load(conn, &ids.items)?;
    Ok(Page {
        items,
        next: ids.next,
    })
}

/// Every open offer.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn open(conn: &mut Conn) -> Result<Vec<Posted<Offer>>, StoreError> {
    let joined: Vec<Joined> = table
        .inner_join(post_rows::table.inner_join(organisations::table))
        .filter(post_rows::state.eq(PostState::Open.code()))
        .order(offers::id)
        .select((
            post_rows::all_columns,
            offers::all_columns,
            organisations::all_columns,
        ))
        .load(conn)?;
    joined.into_iter().map(read).collect()
}

/// Holds an offer until the transaction ends, as [`posts::hold`] does.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn hold(conn: &mut Conn, id: OfferId) -> Result<(), StoreError> {
    posts::hold(conn, PostId::Offer(id))
}

/// What became of a try to carry one more introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// The offer carries it; it can carry this many more.
    Yes {
        /// How many more it can carry.
        left: u32,
    },
    /// The offer carries as many as it can.
    Full,
}

/// Lets the offer carry one more introduction, unless it is full.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such offer.
pub fn carry(conn: &mut Conn, id: OfferId) -> Result<Carried, StoreError> {
    let room = table
        .find(id.to_string())
        .filter(offers::carried.lt(offers::capacity));
    let taken = diesel::update(room)
        .set(offers::carried.eq(offers::carried + 1))
        .execute(conn)?;
    if taken > 0 {
        changes::add(conn, Subject::Post(PostId::Offer(id)))?;
    }
    let (carried, capacity): (i32, i32) = table
        .find(id.to_string())
        .select((offers::carried, offers::capacity))
        .first(conn)?;
    Ok(match taken {
        0 => Carried::Full,
        _ => Carried::Yes {
            left: capacity.abs_diff(carried),
        },
    })
}

/// Lets the offer carry one introduction less: it came to an end.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn put_down(conn: &mut Conn, id: OfferId) -> Result<(), StoreError> {
    let carrying = table.find(id.to_string()).filter(offers::carried.gt(0));
    diesel::update(carrying)
        .set(offers::carried.eq(offers::carried - 1))
        .execute(conn)?;
    changes::add(conn, Subject::Post(PostId::Offer(id)))
}

/// The offers with these ids, newest first.
fn load(conn: &mut Conn, ids: &[String]) -> Result<Vec<Posted<Offer>>, StoreError> {
    let joined: Vec<Joined> = table
        .inner_join(post_rows::table.inner_join(organisations::table))
        .filter(offers::id.eq_any(ids))
        .order(offers::id.desc())
        .select((
            post_rows::all_columns,
            offers::all_columns,
            organisations::all_columns,
        ))
        .load(conn)?;
    joined.into_iter().map(read).collect()
}
