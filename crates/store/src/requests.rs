//! Requests in the database.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::ids::RequestId;
use domain::members::Viewer;
use domain::posts::{PostFilter, PostId, PostKind, PostState, Posted};
use domain::requests::{Request, RequestContent};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{optional, value};
use crate::page::{Page, Slice};
use crate::posts::{self, Shared};
use crate::schema::requests::{self, table};
use crate::schema::{organisations, posts as post_rows};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    place: String,
    municipality: String,
    phase: Option<String>,
    needed_by: Option<NaiveDate>,
}

type Joined = (posts::Row, Row, crate::organisations::Row);

fn rows(request: &Request) -> (posts::Row, Row) {
    let content = &request.content;
    let shared = Shared {
        id: PostId::Request(request.id),
        organisation: request.organisation,
        author: request.author,
        reference: request.reference.as_deref(),
        title: content.title.as_str(),
        body: content.body.as_str(),
        themes: &content.themes,
        support: &content.support,
        consent: content.consent,
        life: &request.life,
    };
    let own = Row {
        id: request.id.to_string(),
        place: content.place.clone(),
        municipality: content.municipality.to_string(),
        phase: content.phase.map(String::from),
        needed_by: content.needed_by,
    };
    (shared.into(), own)
}

fn read((post, row, owner): Joined) -> Result<Posted<Request>, StoreError> {
    let parts = post.parts()?;
    Ok(Posted {
        post: Request {
            id: value(&row.id)?,
            organisation: parts.organisation,
            author: parts.author,
            reference: parts.reference,
            content: RequestContent {
                title: parts.title,
                body: parts.body,
                place: row.place,
                municipality: value(&row.municipality)?,
                themes: parts.themes,
                phase: optional(row.phase.as_deref())?,
                support: parts.support,
                needed_by: row.needed_by,
                consent: parts.consent,
            },
            life: parts.life,
        },
        owner: owner.try_into()?,
    })
}

/// Stores a new request.
///
/// # Errors
/// [`StoreError::Taken`] when its organisation already has one under the same reference.
pub fn insert(conn: &mut Conn, request: &Request) -> Result<(), StoreError> {
    let (post, own) = rows(request);
    posts::insert(conn, PostId::Request(request.id), post)?;
    diesel::insert_into(table).values(own).execute(conn)?;
    Ok(())
}

/// Stores the request as it is now; its version must be one more than the stored one.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it first.
pub fn save(conn: &mut Conn, request: &Request) -> Result<(), StoreError> {
    let (post, own) = rows(request);
    posts::save(conn, PostId::Request(request.id), post)?;
    diesel::update(table.find(own.id.clone()))
        .set(own)
        .execute(conn)?;
    Ok(())
}

/// The request with this id, if the viewer may see it; what they may not see is not there.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none they may see.
pub fn find(
    conn: &mut Conn,
    id: RequestId,
    viewer: &Viewer,
) -> Result<Posted<Request>, StoreError> {
    let found = any(conn, id)?;
    if viewer.may_see_post(found.post.organisation, found.post.life.state) {
        Ok(found)
    } else {
        Err(StoreError::NotFound)
    }
}

/// The request with this id, for work nobody looks at: matching, letters and jobs.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn any(conn: &mut Conn, id: RequestId) -> Result<Posted<Request>, StoreError> {
    load(conn, &[id.to_string()])?
        .pop()
        .ok_or(StoreError::NotFound)
}

/// A page of the requests the viewer may see, newest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn page(
    conn: &mut Conn,
    filter: &PostFilter,
    viewer: &Viewer,
    slice: &Slice,
) -> Result<Page<Posted<Request>>, StoreError> {
    let ids = posts::page(conn, PostKind::Request, filter, viewer, slice)?;
    let items = load(conn, &ids.items)?;
    Ok(Page {
        items,
        next: ids.next,
    })
}

/// Every open request.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn open(conn: &mut Conn) -> Result<Vec<Posted<Request>>, StoreError> {
    let joined: Vec<Joined> = table
        .inner_join(post_rows::table.inner_join(organisations::table))
        .filter(post_rows::state.eq(PostState::Open.code()))
        .order(requests::id)
        .select((
            post_rows::all_columns,
            requests::all_columns,
            organisations::all_columns,
        ))
        .load(conn)?;
    joined.into_iter().map(read).collect()
}

/// The requests with these ids, newest first.
fn load(conn: &mut Conn, ids: &[String]) -> Result<Vec<Posted<Request>>, StoreError> {
    let joined: Vec<Joined> = table
        .inner_join(post_rows::table.inner_join(organisations::table))
        .filter(requests::id.eq_any(ids))
        .order(requests::id.desc())
        .select((
            post_rows::all_columns,
            requests::all_columns,
            organisations::all_columns,
        ))
        .load(conn)?;
    joined.into_iter().map(read).collect()
}
