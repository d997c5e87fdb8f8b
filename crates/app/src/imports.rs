//! Posts and organisations from a file: all of them in one transaction, or none.

use std::collections::BTreeMap;

use domain::dutch::problems;
use domain::email_address::EmailAddress;
use domain::fields::Gather;
use domain::invalid::Invalid;
use domain::members::Member;
use domain::offers::OfferFields;
use domain::organisations::{Organisation, OrganisationKind, OrganisationState};
use domain::person_name::DisplayName;
use domain::posts::{PostId, PostKind};
use domain::requests::RequestFields;
use store::{Conn, StoreError, members, organisations, posts};

use crate::App;
use crate::accounts::{new_member, website};
use crate::error::AppError;
use crate::letters::Desk;
use crate::{offers, places, requests};

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow<F> {
    /// The line it starts on, from 1.
    pub line: u64,
    /// Its id in the file: a row whose id is known already is left as it is.
    pub id: String,
    /// The name of the organisation it belongs to, or that organisation's id in its own file.
    pub organisation: String,
    /// The other columns.
    pub fields: F,
}

/// An organisation as a file has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrganisationFields {
    /// `initiative`, `partner` or `system_party`.
    pub kind: String,
    /// The place as people write it; may be empty.
    pub place: String,
    /// The municipality; may be empty.
    pub municipality: String,
    /// Its own site; may be empty.
    pub website: String,
    /// Who speaks for it.
    pub contact_name: String,
    /// Their address.
    pub contact_email: String,
}

/// What to do with rows that cannot be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnInvalid {
    /// Import nothing of the file.
    Refuse,
    /// Import the others.
    Skip,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportReport {
    /// Rows that are new.
    pub imported: usize,
    /// Rows that were there already.
    pub known: usize,
    /// What was wrong, in the order of the file.
    pub refused: Vec<RefusedRow>,
}

/// A problem in one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedRow {
    /// The line the row starts on.
    pub line: u64,
    /// The column, what is wrong and what to do.
    pub problem: Invalid,
}

/// What became of one row.
enum Became {
    New,
    Known,
}

/// Hears how many rows are done.
pub type Progress = Box<dyn Fn(usize) + Send>;

impl App {
    /// Imports organisations, verified, each with the member who speaks for it.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`]; rows that are wrong are in the report.
    pub async fn import_organisations(
        &self,
        rows: Vec<ImportRow<OrganisationFields>>,
        on_invalid: OnInvalid,
        progress: Progress,
    ) -> Result<ImportReport, AppError> {
        self.import(rows, on_invalid, progress, import_organisation)
            .await
    }

    /// Imports requests of organisations that are known.
    ///
    /// # Errors
    /// As [`Self::import_organisations`].
    pub async fn import_requests(
        &self,
        rows: Vec<ImportRow<RequestFields>>,
        on_invalid: OnInvalid,
        progress: Progress,
    ) -> Result<ImportReport, AppError> {
        self.import(rows, on_invalid, progress, |conn, desk, row| {
            let author = author(conn, &row.organisation)?;
            if is_known(conn, &author, PostKind::Request, &row.id)? {
                return Ok(Became::Known);
            }
            let RequestFields { title, body, .. } = &row.fields;
            let locate = |field: &str, typed: &str| {
                places::municipality_beside(field, typed, &[title, body])
            };
            let content = row.fields.check(locate)?;
            requests::insert(conn, desk, &author, content, Some(row.id.clone()))?;
            Ok(Became::New)
        })
        .await
    }

    /// Imports offers of organisations that are known.
    ///
    /// # Errors
    /// As [`Self::import_organisations`].
    pub async fn import_offers(
        &self,
        rows: Vec<ImportRow<OfferFields>>,
        on_invalid: OnInvalid,
        progress: Progress,
    ) -> Result<ImportReport, AppError> {
        self.import(rows, on_invalid, progress, |conn, desk, row| {
            let author = author(conn, &row.organisation)?;
            if is_known(conn, &author, PostKind::Offer, &row.id)? {
                return Ok(Became::Known);
            }
            let content = row.fields.check(places::region)?;
            offers::insert(conn, desk, &author, content, Some(row.id.clone()))?;
            Ok(Became::New)
        })
        .await
    }

    /// Takes the rows one by one in one transaction, and undoes it when a row is wrong and none may be skipped.
    async fn import<F: Send + 'static>(
        &self,
        rows: Vec<ImportRow<F>>,
        on_invalid: OnInvalid,
        progress: Progress,
        take: impl Fn(&mut Conn, &Desk, &ImportRow<F>) -> Result<Became, AppError> + Send + 'static,
    ) -> Result<ImportReport, AppError> {
        let desk = self.desk();
        let outcome = self
            .db()
            .write(move |conn| {
                let mut report = ImportReport::default();
                let mut lines = BTreeMap::new();
                for (index, row) in rows.iter().enumerate() {
                    progress(index + 1);
                    match twice(&mut lines, row).and_then(|()| take(conn, &desk, row)) {
                        Ok(Became::New) => report.imported += 1,
                        Ok(Became::Known) => report.known += 1,
                        Err(AppError::Invalid(problems)) => {
                            let line = row.line;
                            report.refused.extend(
                                problems
                                    .into_iter()
                                    .map(|problem| RefusedRow { line, problem }),
                            );
                        }
                        Err(other) => return Err(Undone::Failed(other)),
                    }
                }
                if on_invalid == OnInvalid::Refuse && !report.refused.is_empty() {
                    report.imported = 0;
                    return Err(Undone::Refused(report));
                }
                Ok(report)
            })
            .await;
        match outcome {
            Ok(report) => {
                self.follow_market().await?;
                Ok(report)
            }
            Err(Undone::Refused(report)) => Ok(report),
            Err(Undone::Failed(error)) => Err(error),
        }
    }
}

/// Why a transaction of rows was undone.
enum Undone {
    Refused(ImportReport),
    Failed(AppError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Refuses a row without an id, or with one that an earlier row of the file has.
fn twice<F>(lines: &mut BTreeMap<String, u64>, row: &ImportRow<F>) -> Result<(), AppError> {
    if row.id.trim().is_empty() {
        return Err(problems::required("id").into());
    }
    match lines.insert(row.id.clone(), row.line) {
        Some(before) => Err(problems::row_twice(&row.id, before).into()),
        None => Ok(()),
    }
}

/// The member who speaks for an organisation, found by its name, its id, or its id in a file.
fn author(conn: &mut Conn, organisation: &str) -> Result<Member, AppError> {
    let name = organisation.trim();
    if name.is_empty() {
        return Err(problems::required("organisation").into());
    }
    let found = match name.parse().map(|id| organisations::find(conn, id)) {
        Ok(Ok(found)) => Some(found),
        Ok(Err(StoreError::NotFound)) => None,
        Ok(Err(other)) => return Err(other.into()),
        Err(_not_an_id) => match organisations::find_by_name(conn, name)? {
            Some(found) => Some(found),
            None => organisations::find_by_reference(conn, name)?,
        },
    };
    let found = found.ok_or_else(|| problems::unknown_organisation(name))?;
    let speakers = members::of_organisation(conn, found.id)?;
    Ok(speakers
        .into_iter()
        .next()
        .ok_or_else(|| problems::organisation_without_member(name))?)
}

/// Whether a post has this id in a file of its organisation, or as its own: two organisations may have one name, so an
/// own id says more than the name beside it.
fn is_known(conn: &mut Conn, author: &Member, kind: PostKind, id: &str) -> Result<bool, AppError> {
    if let Some(own) = id.parse::<PostId>().ok().filter(|own| own.kind() == kind) {
        match posts::find(conn, own) {
            Ok(_found) => return Ok(true),
            Err(StoreError::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(posts::has_reference(conn, author.organisation, kind, id)?)
}

/// Whether an organisation has this id in a file, or as its own: an export writes the one it has.
fn is_known_organisation(conn: &mut Conn, id: &str) -> Result<bool, AppError> {
    if organisations::find_by_reference(conn, id)?.is_some() {
        return Ok(true);
    }
    match id.parse().map(|own| organisations::find(conn, own)) {
        Ok(Ok(_found)) => Ok(true),
        Ok(Err(StoreError::NotFound)) | Err(_) => Ok(false),
        Ok(Err(other)) => Err(other.into()),
    }
}

fn import_organisation(
    conn: &mut Conn,
    desk: &Desk,
    row: &ImportRow<OrganisationFields>,
) -> Result<Became, AppError> {
    if is_known_organisation(conn, &row.id)? {
        return Ok(Became::Known);
    }
    let fields = &row.fields;
    let mut problems = Gather::default();
    let name = problems.at("name", row.organisation.parse::<DisplayName>());
    let kind = problems.keep(fields.kind.parse::<OrganisationKind>());
    let municipality = problems.keep(match (fields.municipality.trim(), fields.place.trim()) {
        ("", "") => Ok(None),
        ("", place) => places::municipality("place", place).map(Some),
        (code, _) => places::municipality("municipality", code).map(Some),
    });
    let website = problems.keep(website(&fields.website));
    let contact = problems.at("contact_name", fields.contact_name.parse::<DisplayName>());
    let email = problems.at(
        "contact_email",
        fields.contact_email.parse::<EmailAddress>(),
    );
    let parts =
        problems.done(|| Some((name?, kind?, municipality?, website?, contact?, email?)))?;
    let (name, kind, municipality, website, contact, email) = parts;
    if members::find_by_email(conn, &email)?.is_some() {
        return Err(problems::address_taken("contact_email").into());
    }
    let place = fields.place.trim().to_owned();
    let organisation = Organisation {
        website,
        state: OrganisationState::Verified,
        reference: Some(row.id.clone()),
        ..Organisation::register(name, kind, place, municipality, desk.now)
    };
    organisations::insert(conn, &organisation)?;
    let member = Member {
        confirmed_at: Some(desk.now),
        ..new_member(desk, organisation.id, contact, email)
    };
    members::insert(conn, &member)?;
    Ok(Became::New)
}
