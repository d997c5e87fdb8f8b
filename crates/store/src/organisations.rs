//! Organisations in the database.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::ids::OrganisationId;
use domain::organisations::{Organisation, OrganisationState};
use domain::region::Municipality;

use crate::changes::{self, Subject};
use crate::connection::Conn;
use crate::dialect;
use crate::error::StoreError;
use crate::lists::{containing, folded, instant, optional, stored, value};
use crate::page::{Page, Slice};
use crate::schema::organisations::{self, table};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = organisations, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct Row {
    id: String,
    name: String,
    name_key: String,
    kind: String,
    place: String,
    municipality: Option<String>,
    website: String,
    state: String,
    reason: String,
    reference: Option<String>,
    created_at: NaiveDateTime,
    version: i32,
}

impl From<&Organisation> for Row {
    fn from(organisation: &Organisation) -> Self {
        Self {
            id: organisation.id.to_string(),
            name: organisation.name.to_string(),
            name_key: folded(organisation.name.as_str()),
            kind: organisation.kind.to_string(),
            place: organisation.place.clone(),
            municipality: organisation.municipality.map(String::from),
            website: organisation.website.clone(),
            state: organisation.state.to_string(),
            reason: organisation.reason.clone(),
            reference: organisation.reference.clone(),
            created_at: stored(organisation.created_at),
            version: organisation.version,
        }
    }
}

impl TryFrom<Row> for Organisation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: value(&row.id)?,
            name: value(&row.name)?,
            kind: value(&row.kind)?,
            place: row.place,
            municipality: optional(row.municipality.as_deref())?,
            website: row.website,
            state: value(&row.state)?,
            reason: row.reason,
            reference: row.reference,
            created_at: instant(row.created_at),
            version: row.version,
        })
    }
}

/// Stores a new organisation.
///
/// # Errors
/// [`StoreError::Taken`] when its reference is there already.
pub fn insert(conn: &mut Conn, organisation: &Organisation) -> Result<(), StoreError> {
    diesel::insert_into(table)
        .values(Row::from(organisation))
        .execute(conn)?;
    Ok(())
}

/// Stores the organisation as it is now; its version must be one more than the stored one.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it first.
pub fn save(conn: &mut Conn, organisation: &Organisation) -> Result<(), StoreError> {
    let row = Row::from(organisation);
    let stored = table
        .find(row.id.clone())
        .filter(organisations::version.eq(row.version - 1));
    match diesel::update(stored).set(row).execute(conn)? {
        0 => Err(StoreError::Stale),
        _ => changes::add(conn, Subject::Organisation(organisation.id)),
    }
}

/// The organisation with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: OrganisationId) -> Result<Organisation, StoreError> {
    table.find(id.to_string()).first::<Row>(conn)?.try_into()
}

/// Holds an organisation until the transaction ends: whoever places a post for it holds it first, and no post before.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn hold(conn: &mut Conn, id: OrganisationId) -> Result<(), StoreError> {
    Ok(dialect::hold_organisation(conn, &id.to_string())?)
}

/// The organisation with this name, whatever its capitals and accents; the first registered when several have it.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn find_by_name(conn: &mut Conn, name: &str) -> Result<Option<Organisation>, StoreError> {
    table
        .filter(organisations::name_key.eq(folded(name)))
        .order(organisations::id)
        .first::<Row>(conn)
        .optional()?
        .map(Organisation::try_from)
        .transpose()
}

/// The organisation that was imported under this reference.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn find_by_reference(
    conn: &mut Conn,
    reference: &str,
) -> Result<Option<Organisation>, StoreError> {
    table
        .filter(organisations::reference.eq(reference))
        .first::<Row>(conn)
        .optional()?
        .map(Organisation::try_from)
        .transpose()
}

/// Which organisations a list shows; an empty field does not narrow it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrganisationFilter {
    /// The state they are in.
    pub state: Option<OrganisationState>,
    /// Words that must all stand in the name.
    pub words: String,
    /// The municipalities outside which only verified ones are shown; who has no place lies in none and in each.
    pub bounds: Option<BTreeSet<Municipality>>,
}

/// A page of organisations, newest first.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn page(
    conn: &mut Conn,
    filter: &OrganisationFilter,
    slice: &Slice,
) -> Result<Page<Organisation>, StoreError> {
    let mut query = table.into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(organisations::state.eq(state.code()));
    }
    for word in containing(&filter.words) {
        query = query.filter(organisations::name_key.like(word).escape('\\'));
    }
    if let Some(bounds) = &filter.bounds {
        let codes: Vec<String> = bounds.iter().copied().map(String::from).collect();
        let verified = organisations::state.eq(OrganisationState::Verified.code());
        let here = organisations::municipality.assume_not_null().eq_any(codes);
        let nowhere = organisations::municipality.is_null();
        query = query.filter(verified.or(nowhere).or(here));
    }
    if let Some(after) = &slice.after {
        query = query.filter(organisations::id.lt(after.clone()));
    }
    let rows: Vec<Row> = query
        .order(organisations::id.desc())
        .limit(slice.limit())
        .load(conn)?;
    Page::from_rows(rows, slice, |row| row.id.clone()).read(Organisation::try_from)
}
