//! How people come in: an organisation registers with its first member, an administrator adds members.

use domain::dutch::problems;
use domain::email_address::EmailAddress;
use domain::fields::{Gather, one_of, some_of};
use domain::ids::MemberId;
use domain::invalid::Invalid;
use domain::links::LinkPurpose;
use domain::members::{Member, Role};
use domain::organisations::{Organisation, OrganisationKind, OrganisationState};
use domain::person_name::DisplayName;
use mail::{AlreadyKnown, Confirmation, Letter};
use store::{Conn, links as link_rows, members, organisations};

use crate::App;
use crate::error::{AppError, Conflict};
use crate::letters::Desk;
use crate::links::{Purpose, find_open};
use crate::places;

/// Regions a coordinator may be bounded to at most.
const MAX_REGIONS: usize = 100;

/// A registration as it was typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RegistrationFields {
    /// The organisation's name.
    pub organisation: String,
    /// `initiative`, `partner` or `system_party`.
    pub kind: String,
    /// Its place as people write it; may be empty.
    pub place: String,
    /// Its own site; may be empty.
    pub website: String,
    /// The first member's name.
    pub name: String,
    /// The first member's address.
    pub email: String,
}

/// An organisation that registered, with its first member.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// The organisation, not yet verified.
    pub organisation: Organisation,
    /// Its first member, not yet confirmed.
    pub member: Member,
}

/// A member to add, as an administrator typed it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemberFields {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The name of their organisation; made, verified, when it is not there.
    pub organisation: String,
    /// What that organisation is, when it is made; empty is `partner`.
    pub kind: String,
    /// `member`, `coordinator` or `admin`; empty is `member`.
    pub role: String,
    /// Codes or names of the regions a coordinator is bounded to; empty is all.
    pub regions: Vec<String>,
}

impl App {
    /// Registers an organisation with its first member, and mails a link to confirm the address. For an address that is
    /// known the answer is the same, nothing is kept, and who has the address hears of it: a stranger learns nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that cannot be accepted.
    pub async fn register(&self, fields: RegistrationFields) -> Result<Registered, AppError> {
        let desk = self.desk();
        let registered = registration(&fields, &desk)?;
        match self.enroll(&desk, &registered).await {
            // Somebody registered the same address at the same moment; now it is known.
            Err(AppError::Conflict(Conflict::Taken { .. })) => {
                self.enroll(&desk, &registered).await?;
            }
            done => done?,
        }
        Ok(registered)
    }

    async fn enroll(&self, desk: &Desk, registered: &Registered) -> Result<(), AppError> {
        let (desk, registered) = (desk.clone(), registered.clone());
        let has_letter = self.0.budgets.has_letter_for(&registered.member.email);
        self.db()
            .write(
                move |conn| match members::find_by_email(conn, &registered.member.email)? {
                    Some(known) if has_letter => remind(conn, &desk, &known),
                    Some(_) => Ok(()),
                    None => {
                        organisations::insert(conn, &registered.organisation)?;
                        members::insert(conn, &registered.member)?;
                        ask_to_confirm(conn, &desk, &registered.organisation, &registered.member)
                    }
                },
            )
            .await
    }

    /// Whose address a confirmation link is about; looking changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token nobody was given, [`crate::Conflict::LinkOver`] for one that is over.
    pub async fn confirmation(&self, token: &str) -> Result<Member, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Confirm, now)?;
                Ok(members::find(conn, link.member)?)
            })
            .await
    }

    /// Confirms the address of a confirmation link.
    ///
    /// # Errors
    /// As [`Self::confirmation`].
    pub async fn confirm(&self, token: &str) -> Result<Member, AppError> {
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .write(move |conn| {
                let link = find_open(conn, &token, LinkPurpose::Confirm, now)?;
                link_rows::mark_used(conn, link.id, now)?;
                let mut member = members::find(conn, link.member)?;
                member.confirmed_at = Some(now);
                members::save(conn, &member)?;
                Ok(member)
            })
            .await
    }

    /// Adds a member by an administrator's hand: no confirmation is asked. An organisation that is not there is made,
    /// verified.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that cannot be accepted; [`crate::Conflict::Taken`] for a known address.
    pub async fn add_member(&self, fields: MemberFields) -> Result<Member, AppError> {
        let desk = self.desk();
        let mut problems = Gather::default();
        let name = problems.at("name", fields.name.parse::<DisplayName>());
        let email = problems.at("email", fields.email.parse::<EmailAddress>());
        let organisation = problems.at("organisation", fields.organisation.parse::<DisplayName>());
        let kind = problems.keep(one_of(&fields.kind));
        let role = problems.keep(one_of(&fields.role));
        let codes: Vec<String> = fields.regions.clone();
        let regions = problems.keep(regions_of(&codes));
        let parts =
            problems.done(|| Some((name?, email?, organisation?, kind?, role?, regions?)))?;
        let (name, email, organisation, kind, role, regions) = parts;
        self.db()
            .write(move |conn| {
                let known = organisations::find_by_name(conn, organisation.as_str())?;
                let organisation = match known {
                    Some(known) => known,
                    None => make_verified(
                        conn,
                        &desk,
                        organisation,
                        kind.unwrap_or(OrganisationKind::Partner),
                    )?,
                };
                let member = Member {
                    role: role.unwrap_or(Role::Member),
                    regions,
                    confirmed_at: Some(desk.now),
                    ..new_member(&desk, organisation.id, name, email)
                };
                members::insert(conn, &member)?;
                Ok(member)
            })
            .await
    }
}

/// Tells somebody who registers again that they are known, or asks them once more to confirm.
pub(crate) fn remind(conn: &mut Conn, desk: &Desk, known: &Member) -> Result<(), AppError> {
    if known.confirmed_at.is_none() {
        let organisation = organisations::find(conn, known.organisation)?;
        return ask_to_confirm(conn, desk, &organisation, known);
    }
    let letter = Letter::AlreadyKnown(AlreadyKnown {
        name: known.name.as_str().into(),
    });
    desk.send(conn, &letter, &known.id.to_string(), &[known])
}

fn ask_to_confirm(
    conn: &mut Conn,
    desk: &Desk,
    organisation: &Organisation,
    member: &Member,
) -> Result<(), AppError> {
    let purpose = Purpose {
        purpose: LinkPurpose::Confirm,
        member,
        subject: member.id.to_string(),
        side: None,
    };
    let letter = Letter::Confirmation(Confirmation {
        name: member.name.as_str().into(),
        organisation: organisation.name.as_str().into(),
        link: desk.link(conn, purpose)?,
        days: u32::try_from(LinkPurpose::Confirm.days()).unwrap_or_default(),
    });
    desk.send(conn, &letter, &member.id.to_string(), &[member])
}

fn registration(fields: &RegistrationFields, desk: &Desk) -> Result<Registered, AppError> {
    let mut problems = Gather::default();
    let organisation = problems.at(
        "organisation.name",
        fields.organisation.parse::<DisplayName>(),
    );
    let kind = problems.at("organisation.kind", fields.kind.parse::<OrganisationKind>());
    let municipality = problems.at(
        "organisation.place",
        match fields.place.trim() {
            "" => Ok(None),
            place => places::municipality("place", place).map(Some),
        },
    );
    let website = problems.at("organisation.website", website(&fields.website));
    let name = problems.at("member.name", fields.name.parse::<DisplayName>());
    let email = problems.at("member.email", fields.email.parse::<EmailAddress>());
    let parts =
        problems.done(|| Some((organisation?, kind?, municipality?, website?, name?, email?)))?;
    let (organisation, kind, municipality, website, name, email) = parts;
    let place = fields.place.trim().to_owned();
    let organisation = Organisation {
        website,
        ..Organisation::register(organisation, kind, place, municipality, desk.now)
    };
    let member = new_member(desk, organisation.id, name, email);
    Ok(Registered {
        organisation,
        member,
    })
}

pub(crate) fn new_member(
    desk: &Desk,
    organisation: domain::ids::OrganisationId,
    name: DisplayName,
    email: EmailAddress,
) -> Member {
    Member {
        id: MemberId::new(desk.now),
        organisation,
        name,
        email,
        role: Role::Member,
        regions: Vec::new(),
        confirmed_at: None,
        wants_reminders: true,
        created_at: desk.now,
    }
}

fn make_verified(
    conn: &mut Conn,
    desk: &Desk,
    name: DisplayName,
    kind: OrganisationKind,
) -> Result<Organisation, AppError> {
    let organisation = Organisation {
        state: OrganisationState::Verified,
        ..Organisation::register(name, kind, String::new(), None, desk.now)
    };
    organisations::insert(conn, &organisation)?;
    Ok(organisation)
}

pub(crate) fn regions_of(typed: &[String]) -> Result<Vec<domain::region::Region>, Invalid> {
    let codes: Result<Vec<String>, Invalid> = typed
        .iter()
        .map(|text| {
            places::region(text)
                .map(String::from)
                .map_err(|problem| problem.at("regions"))
        })
        .collect();
    some_of("regions", &codes?, MAX_REGIONS)
}

/// The longest address of a site that is kept.
const MAX_WEBSITE: usize = 200;

/// An address of a site people can click on, or nothing.
pub(crate) fn website(typed: &str) -> Result<String, Invalid> {
    let text = typed.trim();
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_plain = text
        .chars()
        .all(|letter| !letter.is_whitespace() && !letter.is_control());
    match text {
        "" => Ok(String::new()),
        _ if is_web && is_plain && text.len() <= MAX_WEBSITE => Ok(text.to_owned()),
        _ => Err(problems::not_a_website(text)),
    }
}
