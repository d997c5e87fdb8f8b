//! Members in the database.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::email_address::EmailAddress;
use domain::ids::{MemberId, OrganisationId};
use domain::members::{Member, Role};

use crate::connection::Conn;
use crate::error::StoreError;
use crate::lists::{instant, joined, split, stored, value};
use crate::schema::erasures;
use crate::schema::members::{self, table};

/// Members of one organisation who are written to at once.
const MAX_MEMBERS: i64 = 50;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = members, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct Row {
    id: String,
    organisation_id: String,
    name: String,
    email: String,
    email_key: String,
    role: String,
    regions: String,
    confirmed_at: Option<NaiveDateTime>,
    wants_reminders: bool,
    created_at: NaiveDateTime,
}

impl From<&Member> for Row {
    fn from(member: &Member) -> Self {
        Self {
            id: member.id.to_string(),
            organisation_id: member.organisation.to_string(),
            name: member.name.to_string(),
            email: member.email.to_string(),
            email_key: member.email.key(),
            role: member.role.to_string(),
            regions: joined(&member.regions),
            confirmed_at: member.confirmed_at.map(stored),
            wants_reminders: member.wants_reminders,
            created_at: stored(member.created_at),
        }
    }
}

impl TryFrom<Row> for Member {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: value(&row.id)?,
            organisation: value(&row.organisation_id)?,
            name: value(&row.name)?,
            email: value(&row.email)?,
            role: value(&row.role)?,
            regions: split(&row.regions)?,
            confirmed_at: row.confirmed_at.map(instant),
            wants_reminders: row.wants_reminders,
            created_at: instant(row.created_at),
        })
    }
}

/// Stores a new member.
///
/// # Errors
/// [`StoreError::Taken`] when somebody has the address already.
pub fn insert(conn: &mut Conn, member: &Member) -> Result<(), StoreError> {
    diesel::insert_into(table)
        .values(Row::from(member))
        .execute(conn)?;
    Ok(())
}

/// Stores the member as they are now.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such member.
pub fn save(conn: &mut Conn, member: &Member) -> Result<(), StoreError> {
    let row = Row::from(member);
    match diesel::update(table.find(row.id.clone()))
        .set(row)
        .execute(conn)?
    {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// Stores the name of a member and which mail they want; a role that is changed meanwhile stays changed.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such member.
pub fn save_settings(conn: &mut Conn, member: &Member) -> Result<(), StoreError> {
    let changed = diesel::update(table.find(member.id.to_string()))
        .set((
            members::name.eq(member.name.as_str()),
            members::wants_reminders.eq(member.wants_reminders),
        ))
        .execute(conn)?;
    match changed {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// The member with this id.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: MemberId) -> Result<Member, StoreError> {
    table.find(id.to_string()).first::<Row>(conn)?.try_into()
}

/// The member with this id, unless they were erased.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn present(conn: &mut Conn, id: MemberId) -> Result<Member, StoreError> {
    table
        .find(id.to_string())
        .filter(members::id.ne_all(erasures::table.select(erasures::member_id)))
        .first::<Row>(conn)?
        .try_into()
}

/// The member with this address, whatever its capitals.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn find_by_email(conn: &mut Conn, email: &EmailAddress) -> Result<Option<Member>, StoreError> {
    table
        .filter(members::email_key.eq(email.key()))
        .first::<Row>(conn)
        .optional()?
        .map(Member::try_from)
        .transpose()
}

/// The members of an organisation, longest first, without those who were erased.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn of_organisation(conn: &mut Conn, id: OrganisationId) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<Row> = table
        .filter(members::organisation_id.eq(id.to_string()))
        .filter(members::id.ne_all(erasures::table.select(erasures::member_id)))
        .order(members::id)
        .limit(MAX_MEMBERS)
        .load(conn)?;
    rows.into_iter().map(Member::try_from).collect()
}

/// Everybody who coordinates.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn coordinators(conn: &mut Conn) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<Row> = table
        .filter(members::role.eq_any([Role::Coordinator.code(), Role::Admin.code()]))
        .order(members::id)
        .limit(MAX_MEMBERS)
        .load(conn)?;
    rows.into_iter().map(Member::try_from).collect()
}
