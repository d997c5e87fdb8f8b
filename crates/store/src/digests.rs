//! What there is to tell in digests, and who was told what.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use domain::digests::{Item, MatchFacts, PostFacts};
use domain::ids::MemberId;
use domain::matches::MatchState;
use domain::organisations::OrganisationState;
use domain::phase::Phase;
use domain::posts::{PostId, PostKind, PostState};

use crate::connection::Conn;
use crate::dialect;
use crate::error::StoreError;
use crate::lists::{instant, optional, split, stored, value};
use crate::schema::told_items::{self, table};
use crate::schema::{matches, offers, organisations, posts, requests};

/// Rows of what was told that one statement writes.
const MAX_ROWS: usize = 1_000;

/// Ids that one question names.
const MAX_NAMED: usize = 1_000;

#[derive(Insertable)]
#[diesel(table_name = told_items, treat_none_as_default_value = false)]
pub(crate) struct Told {
    member_id: String,
    item: String,
    told_at: NaiveDateTime,
}

/// Everything a member was ever told.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn told(conn: &mut Conn, member: MemberId) -> Result<BTreeSet<Item>, StoreError> {
    let items: Vec<String> = table
        .filter(told_items::member_id.eq(member.to_string()))
        .select(told_items::item)
        .load(conn)?;
    items.iter().map(|item| value(item)).collect()
}

/// Remembers that a member is told these items, in the transaction of the letter that tells them.
///
/// # Errors
/// [`StoreError::Taken`] when they were told one of them before.
pub fn remember(
    conn: &mut Conn,
    member: MemberId,
    items: &BTreeSet<Item>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let items: Vec<Item> = items.iter().copied().collect();
    for some in items.chunks(MAX_ROWS) {
        let rows: Vec<Told> = some
            .iter()
            .map(|item| Told {
                member_id: member.to_string(),
                item: item.to_string(),
                told_at: stored(now),
            })
            .collect();
        dialect::insert_told(conn, rows)?;
    }
    Ok(())
}

type PostRow = (String, String, Option<NaiveDateTime>, NaiveDateTime);

type Named = (String, String);

/// Every open post of a verified organisation, as far as filters look at it.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn open_posts(conn: &mut Conn) -> Result<Vec<PostFacts>, StoreError> {
    let shared = (
        posts::id,
        posts::organisation_id,
        posts::opened_at,
        posts::created_at,
    );
    let named = (posts::themes, posts::support);
    let visible = posts::table
        .inner_join(organisations::table)
        .filter(posts::state.eq(PostState::Open.code()))
        .filter(organisations::state.eq(OrganisationState::Verified.code()));
    let asked: Vec<(PostRow, Named, (String, Option<String>))> = visible
        .inner_join(requests::table)
        .select((shared, named, (requests::municipality, requests::phase)))
        .load(conn)?;
    let offered: Vec<(PostRow, Named, Named)> = visible
        .inner_join(offers::table)
        .select((shared, named, (offers::reach, offers::phases)))
        .load(conn)?;
    let of_requests = best_scores(conn, PostKind::Request)?;
    let of_offers = best_scores(conn, PostKind::Offer)?;
    let requests = asked.into_iter().map(|(post, named, (place, phase))| {
        let phase: Option<Phase> = optional(phase.as_deref())?;
        facts(
            post,
            named,
            vec![value(&place)?],
            Vec::from_iter(phase),
            &of_requests,
        )
    });
    let offers = offered.into_iter().map(|(post, named, (reach, phases))| {
        facts(post, named, split(&reach)?, split(&phases)?, &of_offers)
    });
    requests.chain(offers).collect()
}

fn facts(
    (id, organisation, opened_at, created_at): PostRow,
    (themes, support): Named,
    areas: Vec<domain::region::Region>,
    phases: Vec<Phase>,
    best: &BTreeMap<String, f64>,
) -> Result<PostFacts, StoreError> {
    Ok(PostFacts {
        organisation: value(&organisation)?,
        opened_at: instant(opened_at.unwrap_or(created_at)),
        areas,
        themes: split(&themes)?,
        phases,
        support: split(&support)?,
        best_score: best.get(&id).copied(),
        id: value(&id)?,
    })
}

/// The best score that any match of each post ever had; posts without a match are not in it.
fn best_scores(conn: &mut Conn, kind: PostKind) -> Result<BTreeMap<String, f64>, StoreError> {
    let rows: Vec<(String, Option<f64>)> = match kind {
        PostKind::Request => matches::table
            .group_by(matches::request_id)
            .select((matches::request_id, max(matches::score)))
            .load(conn)?,
        PostKind::Offer => matches::table
            .group_by(matches::offer_id)
            .select((matches::offer_id, max(matches::score)))
            .load(conn)?,
    };
    Ok(rows
        .into_iter()
        .filter_map(|(id, best)| Some((id, best?)))
        .collect())
}

type Met = (String, String, String, NaiveDateTime, f64);

/// The matches whose parties were introduced, or told that it succeeded, since `since`; both organisations are verified.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn met(conn: &mut Conn, since: DateTime<Utc>) -> Result<Vec<MatchFacts>, StoreError> {
    let states = [MatchState::Introduced, MatchState::Succeeded].map(MatchState::code);
    let rows: Vec<Met> = matches::table
        .filter(matches::state.eq_any(states))
        .filter(matches::since.ge(stored(since)))
        .order(matches::id)
        .select((
            matches::id,
            matches::request_id,
            matches::offer_id,
            matches::since,
            matches::score,
        ))
        .load(conn)?;
    let asked: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    let offered: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
    let owners = owners(conn, &[asked.as_slice(), offered.as_slice()].concat())?;
    let asked = asked_by(conn, &asked)?;
    let mut found = Vec::new();
    for (id, request, offer, since, score) in rows {
        let parties = owners.get(&request).zip(owners.get(&offer));
        let (Some((asker, giver)), Some(named)) = (parties, asked.get(&request)) else {
            continue;
        };
        found.push(MatchFacts {
            id: value(&id)?,
            organisations: [value(asker)?, value(giver)?],
            posts: [value(&request)?, value(&offer)?],
            since: instant(since),
            score,
            municipality: value(&named.0)?,
            phase: optional(named.1.as_deref())?,
            themes: split(&named.2)?,
            support: split(&named.3)?,
        });
    }
    Ok(found)
}

/// The organisations of posts, where these are verified.
fn owners(conn: &mut Conn, ids: &[&str]) -> Result<BTreeMap<String, String>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(MAX_NAMED) {
        let rows: Vec<(String, String)> = posts::table
            .inner_join(organisations::table)
            .filter(posts::id.eq_any(some))
            .filter(organisations::state.eq(OrganisationState::Verified.code()))
            .select((posts::id, posts::organisation_id))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Where requests are, their phase, their themes and the help they ask.
type Asked = (String, Option<String>, String, String);

fn asked_by(conn: &mut Conn, ids: &[&str]) -> Result<BTreeMap<String, Asked>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(MAX_NAMED) {
        let rows: Vec<(String, Asked)> = requests::table
            .inner_join(posts::table)
            .filter(requests::id.eq_any(some))
            .select((
                requests::id,
                (
                    requests::municipality,
                    requests::phase,
                    posts::themes,
                    posts::support,
                ),
            ))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The titles of those of the posts that everyone may read now: open, of a verified organisation.
///
/// # Errors
/// [`StoreError`] when the database cannot answer.
pub fn open_titles(
    conn: &mut Conn,
    ids: &BTreeSet<PostId>,
) -> Result<BTreeMap<PostId, String>, StoreError> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut found = BTreeMap::new();
    for some in ids.chunks(MAX_NAMED) {
        let rows: Vec<(String, String)> = posts::table
            .inner_join(organisations::table)
            .filter(posts::id.eq_any(some))
            .filter(posts::state.eq(PostState::Open.code()))
            .filter(organisations::state.eq(OrganisationState::Verified.code()))
            .select((posts::id, posts::title))
            .load(conn)?;
        for (id, title) in rows {
            found.insert(value(&id)?, title);
        }
    }
    Ok(found)
}
