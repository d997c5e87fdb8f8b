//! What requests and offers share in the database: their texts, their life, and how lists are narrowed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::ids::{MemberId, OrganisationId};
use domain::members::Viewer;
use domain::posts::{Life, Post, PostFilter, PostId, PostKind, PostState};
use domain::region::Region;
use domain::support::Support;
use domain::theme::Theme;

use crate::changes::{self, Subject};
use crate::connection::{Conn, MultiBackend};
use crate::dialect;
use crate::error::StoreError;
use crate::lists::{containing, folded, holding, instant, joined, optional, split, stored, value};
use crate::page::{Page, Slice};
use crate::schema::posts::{self, table};
use crate::schema::{offers, requests};

/// A condition on posts and the offers among them.
type Condition = Box<
    dyn BoxableExpression<
            diesel::dsl::LeftJoinQuerySource<table, offers::table>,
            MultiBackend,
            SqlType = Bool,
        >,
>;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = posts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct Row {
    pub(crate) id: String,
    kind: String,
    organisation_id: String,
    author_id: String,
    reference: Option<String>,
    title: String,
    body: String,
    themes: String,
    support: String,
    consent: String,
    search: String,
    state: String,
    reason: String,
    opened_at: Option<NaiveDateTime>,
    expires_at: NaiveDateTime,
    told: Option<String>,
    due_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    version: i32,
}

/// What a request and an offer both put in a row.
pub(crate) struct Shared<'a> {
    pub(crate) id: PostId,
    pub(crate) organisation: OrganisationId,
    pub(crate) author: MemberId,
    pub(crate) reference: Option<&'a str>,
    pub(crate) title: &'a str,
    pub(crate) body: &'a str,
    pub(crate) themes: &'a [Theme],
    pub(crate) support: &'a [Support],
    pub(crate) consent: domain::posts::Consent,
    pub(crate) life: &'a Life,
}

impl From<Shared<'_>> for Row {
    fn from(post: Shared<'_>) -> Self {
        Self {
            id: post.id.to_string(),
            kind: post.id.kind().to_string(),
            organisation_id: post.organisation.to_string(),
            author_id: post.author.to_string(),
            reference: post.reference.map(str::to_owned),
            title: post.title.to_owned(),
            body: post.body.to_owned(),
            themes: joined(post.themes),
            support: joined(post.support),
            consent: post.consent.to_string(),
            search: folded(&format!("{} {}", post.title, post.body)),
            state: post.life.state.to_string(),
            reason: post.life.reason.clone(),
            opened_at: post.life.opened_at.map(stored),
            expires_at: stored(post.life.expires_at),
            told: post.life.told.map(String::from),
            due_at: post.life.due_at().map(stored),
            created_at: stored(post.life.created_at),
            version: post.life.version,
        }
    }
}

/// The parts of a row that a request and an offer read back.
pub(crate) struct Parts {
    pub(crate) organisation: OrganisationId,
    pub(crate) author: MemberId,
    pub(crate) reference: Option<String>,
    pub(crate) title: domain::text::Title,
    pub(crate) body: domain::text::Body,
    pub(crate) themes: Vec<Theme>,
    pub(crate) support: Vec<Support>,
    pub(crate) consent: domain::posts::Consent,
    pub(crate) life: Life,
}

impl Row {
    pub(crate) fn parts(self) -> Result<Parts, StoreError> {
        Ok(Parts {
            organisation: value(&self.organisation_id)?,
            author: value(&self.author_id)?,
            title: value(&self.title)?,
            body: value(&self.body)?,
            themes: split(&self.themes)?,
            support: split(&self.support)?,
            consent: value(&self.consent)?,
            life: self.life()?,
            reference: self.reference,
        })
    }

    fn life(&self) -> Result<Life, StoreError> {
        Ok(Life {
            state: value(&self.state)?,
            reason: self.reason.clone(),
            created_at: instant(self.created_at),
            opened_at: self.opened_at.map(instant),
            expires_at: instant(self.expires_at),
            told: optional(self.told.as_deref())?,
            version: self.version,
        })
    }

    fn post(self, lasting: bool) -> Result<Post, StoreError> {
        Ok(Post {
            id: value(&self.id)?,
            organisation: value(&self.organisation_id)?,
            author: value(&self.author_id)?,
            title: value(&self.title)?,
            lasting,
            life: self.life()?,
        })
    }
}

/// Stores a new row.
pub(crate) fn insert(conn: &mut Conn, id: PostId, row: Row) -> Result<(), StoreError> {
    diesel::insert_into(table).values(row).execute(conn)?;
    changes::add(conn, Subject::Post(id))
}

/// Stores a row over the one whose version is one less.
pub(crate) fn save(conn: &mut Conn, id: PostId, row: Row) -> Result<(), StoreError> {
    let stored = table
        .find(row.id.clone())
        .filter(posts::version.eq(row.version - 1));
    match diesel::update(stored).set(row).execute(conn)? {
        0 => Err(StoreError::Stale),
        _ => changes::add(conn, Subject::Post(id)),
    }
}

/// What is common to the request or offer with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: PostId) -> Result<Post, StoreError> {
    let (row, lasting): (Row, Option<bool>) = table
        .left_join(offers::table)
        .filter(posts::id.eq(id.to_string()))
        .select((posts::all_columns, offers::evergreen.nullable()))
        .first(conn)?;
    row.post(lasting.unwrap_or(false))
}

/// Holds a request or an offer until the transaction ends. Whoever decides about the matches of a post holds it first, so
/// that no two decisions about it cross. Who holds several holds them in the order of their ids, requests before offers,
/// so that nobody waits for each other.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn hold(conn: &mut Conn, id: PostId) -> Result<(), StoreError> {
    Ok(dialect::hold_post(conn, &id.to_string())?)
}

/// Stores the life of a post as it is now; its version must be one more than the stored one.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it first.
pub fn save_life(conn: &mut Conn, id: PostId, life: &Life) -> Result<(), StoreError> {
    let stored_before = table
        .find(id.to_string())
        .filter(posts::version.eq(life.version - 1));
    let changed = diesel::update(stored_before)
        .set((
            posts::state.eq(life.state.code()),
            posts::reason.eq(&life.reason),
            posts::opened_at.eq(life.opened_at.map(stored)),
            posts::expires_at.eq(stored(life.expires_at)),
            posts::told.eq(life.told.map(String::from)),
            posts::due_at.eq(life.due_at().map(stored)),
            posts::version.eq(life.version),
        ))
        .execute(conn)?;
    if changed == 0 {
        Err(StoreError::Stale)
    } else {
        changes::add(conn, Subject::Post(id))
    }
}

/// Posts whose expiry stage has come, the longest due first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn due(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<Vec<Post>, StoreError> {
    let rows: Vec<(Row, Option<bool>)> = table
        .left_join(offers::table)
        .filter(posts::due_at.le(stored(now)))
        .order((posts::due_at, posts::id))
        .limit(limit)
        .select((posts::all_columns, offers::evergreen.nullable()))
        .load(conn)?;
    rows.into_iter()
        .map(|(row, lasting)| row.post(lasting.unwrap_or(false)))
        .collect()
}

/// The posts of an organisation in one state.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn of_organisation(
    conn: &mut Conn,
    organisation: OrganisationId,
    state: PostState,
) -> Result<Vec<Post>, StoreError> {
    let rows: Vec<(Row, Option<bool>)> = table
        .left_join(offers::table)
        .filter(posts::organisation_id.eq(organisation.to_string()))
        .filter(posts::state.eq(state.code()))
        .order(posts::id)
        .select((posts::all_columns, offers::evergreen.nullable()))
        .load(conn)?;
    rows.into_iter()
        .map(|(row, lasting)| row.post(lasting.unwrap_or(false)))
        .collect()
}

/// How many posts of this kind are open.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn count_open(conn: &mut Conn, kind: PostKind) -> Result<i64, StoreError> {
    Ok(table
        .filter(posts::kind.eq(kind.code()))
        .filter(posts::state.eq(PostState::Open.code()))
        .select(count_star())
        .first(conn)?)
}

/// Whether this organisation already imported a post of this kind under this reference.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn has_reference(
    conn: &mut Conn,
    organisation: OrganisationId,
    kind: PostKind,
    reference: &str,
) -> Result<bool, StoreError> {
    let found = table
        .filter(posts::organisation_id.eq(organisation.to_string()))
        .filter(posts::kind.eq(kind.code()))
        .filter(posts::reference.eq(reference).or(posts::id.eq(reference)));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// The ids of a page of requests or offers that the viewer may see, newest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub(crate) fn page(
    conn: &mut Conn,
    kind: PostKind,
    filter: &PostFilter,
    viewer: &Viewer,
    slice: &Slice,
) -> Result<Page<String>, StoreError> {
    let mut query = table
        .left_join(offers::table)
        .filter(posts::kind.eq(kind.code()))
        .select(posts::id)
        .into_boxed();
    for word in containing(&filter.words) {
        query = query.filter(posts::search.like(word).escape('\\'));
    }
    if let Some(named) = any(filter
        .themes
        .iter()
        .map(|theme| -> Condition { Box::new(posts::themes.like(holding(theme))) }))
    {
        query = query.filter(named);
    }
    if let Some(kind) = filter.support {
        query = query.filter(posts::support.like(holding(kind)));
    }
    if let Some(phase) = filter.phase {
        query = match kind {
            PostKind::Request => query.filter(
                posts::id.eq_any(
                    requests::table
                        .filter(requests::phase.eq(phase.code()))
                        .select(requests::id),
                ),
            ),
            PostKind::Offer => {
                let phases = offers::phases.assume_not_null();
                query.filter(phases.like(holding(phase)).or(phases.eq("")))
            }
        };
    }
    if !filter.areas.is_empty() {
        query = query.filter(in_areas(kind, &filter.areas));
    }
    if !filter.states.is_empty() {
        let states: Vec<&str> = filter.states.iter().map(|state| state.code()).collect();
        query = query.filter(posts::state.eq_any(states));
    }
    if let Some(owner) = filter.organisation {
        query = query.filter(posts::organisation_id.eq(owner.to_string()));
    }
    if !viewer.coordinates() {
        query = query.filter(seen_by(viewer));
    } else if !filter.bounds.is_empty() {
        query = query.filter(seen_by(viewer).or(in_areas(kind, &filter.bounds)));
    }
    if let Some(after) = &slice.after {
        query = query.filter(posts::id.lt(after.clone()));
    }
    let rows: Vec<String> = query
        .order(posts::id.desc())
        .limit(slice.limit())
        .load(conn)?;
    Ok(Page::from_rows(rows, slice, Clone::clone))
}

/// A request lies in one of these municipalities; an offer names one of these areas in its reach.
fn in_areas(kind: PostKind, areas: &[Region]) -> Condition {
    let codes: Vec<String> = areas.iter().copied().map(String::from).collect();
    let nowhere = || -> Condition { Box::new(posts::id.eq("")) };
    match kind {
        PostKind::Request => Box::new(
            posts::id.eq_any(
                requests::table
                    .filter(requests::municipality.eq_any(codes))
                    .select(requests::id),
            ),
        ),
        PostKind::Offer => any(areas.iter().map(|area| -> Condition {
            Box::new(offers::reach.assume_not_null().like(holding(area)))
        }))
        .unwrap_or_else(nowhere),
    }
}

/// What somebody who does not coordinate may see: open posts, and their own in any state.
fn seen_by(viewer: &Viewer) -> Condition {
    let open = posts::state.eq(PostState::Open.code());
    match viewer.member() {
        Some(member) => {
            Box::new(open.or(posts::organisation_id.eq(member.organisation.to_string())))
        }
        None => Box::new(open),
    }
}

/// One condition that holds when any of these does; nothing for no conditions at all.
fn any(conditions: impl Iterator<Item = Condition>) -> Option<Condition> {
    conditions.reduce(|one, other| Box::new(one.or(other)))
}
