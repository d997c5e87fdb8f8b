//! Who acts for an organisation: its members see each other, invite more, and take out who left.

use domain::email_address::EmailAddress;
use domain::fields::Gather;
use domain::ids::{MemberId, OrganisationId};
use domain::links::LinkPurpose;
use domain::members::{Member, Role, Viewer};
use domain::person_name::DisplayName;
use mail::{Letter, MemberInvitation};
use store::history::{self, Event};
use store::{Conn, members, organisations};

use crate::App;
use crate::accounts::{new_member, regions_of, remind};
use crate::coordination::check_managed;
use crate::error::{AppError, Conflict};
use crate::letters::Desk;
use crate::links::Purpose;
use crate::privacy::erase;
use crate::tokens::signed_in;

/// Who the history names for what is done on the machine itself.
const ADMINISTRATOR: &str = "administrator";

/// Somebody to invite, as a member typed it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InvitationFields {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

impl App {
    /// Who acts for an organisation: themselves, and all who confirmed their address, longest first. Who was invited and
    /// did not answer is not in it, so that it tells nobody which addresses were known.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone, [`AppError::NotFound`] when it is not theirs.
    pub async fn members_of(
        &self,
        viewer: &Viewer,
        id: OrganisationId,
    ) -> Result<Vec<Member>, AppError> {
        let own = signed_in(viewer)?.id;
        let viewer = viewer.clone();
        self.db()
            .read(move |conn| {
                may_manage(conn, &viewer, id)?;
                let mut found = members::of_organisation(conn, id)?;
                found.retain(|member| member.confirmed_at.is_some() || member.id == own);
                Ok(found)
            })
            .await
    }

    /// Invites somebody to act for an organisation, by a letter in which they confirm their address. For an address that
    /// is known nothing is kept, and who has it hears that they are known.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone, [`AppError::NotFound`] when it is not theirs, [`AppError::Invalid`] with
    /// every field that cannot be accepted.
    pub async fn invite_member(
        &self,
        viewer: &Viewer,
        id: OrganisationId,
        fields: InvitationFields,
    ) -> Result<(), AppError> {
        signed_in(viewer)?;
        let mut problems = Gather::default();
        let name = problems.at("name", fields.name.parse::<DisplayName>());
        let email = problems.at("email", fields.email.parse::<EmailAddress>());
        let (name, email) = problems.done(|| Some((name?, email?)))?;
        let desk = self.desk();
        let invited = new_member(&desk, id, name, email);
        match self.invite(viewer, &desk, &invited).await {
            // Somebody registered the same address at the same moment; now it is known.
            Err(AppError::Conflict(Conflict::Taken { .. })) => {
                self.invite(viewer, &desk, &invited).await
            }
            done => done,
        }
    }

    /// Takes somebody out of an organisation: they are erased ([`App::erase_me`]), for what they did stays of the
    /// organisation.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone, [`AppError::NotFound`] when it is not theirs or nobody of it has this id,
    /// [`AppError::Forbidden`] when that is who coordinates and the viewer does not.
    pub async fn remove_member(
        &self,
        viewer: &Viewer,
        organisation: OrganisationId,
        id: MemberId,
    ) -> Result<(), AppError> {
        let remover = signed_in(viewer)?.id;
        let (viewer, desk) = (viewer.clone(), self.desk());
        let ended = self
            .db()
            .write(move |conn| {
                may_manage(conn, &viewer, organisation)?;
                let member = members::present(conn, id)?;
                if member.organisation != organisation {
                    return Err(AppError::NotFound);
                }
                if member.coordinates() && !viewer.coordinates() {
                    return Err(AppError::Forbidden);
                }
                erase(conn, &desk, &member, remover.into())
            })
            .await?;
        self.market_posts_changed(ended).await
    }

    /// Takes out whoever has this address, by an administrator's hand.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is no address, [`AppError::NotFound`] when nobody has it.
    pub async fn remove_by_address(&self, email: &str) -> Result<(), AppError> {
        let email: EmailAddress = email.parse()?;
        let known = self
            .db()
            .read(move |conn| members::find_by_email(conn, &email))
            .await?
            .ok_or(AppError::NotFound)?;
        self.remove_member(&self.administrator(), known.organisation, known.id)
            .await
    }

    /// Gives a member another role, and a coordinator the regions they work for; both count from the next thing they
    /// ask.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that cannot be accepted, [`AppError::NotFound`] when nobody has the address.
    pub async fn change_role(
        &self,
        email: &str,
        role: &str,
        regions: &[String],
    ) -> Result<Member, AppError> {
        let mut problems = Gather::default();
        let email = problems.at("email", email.parse::<EmailAddress>());
        let role = problems.at("role", role.parse::<Role>());
        let regions = problems.keep(regions_of(regions));
        let (email, role, regions) = problems.done(|| Some((email?, role?, regions?)))?;
        let now = self.now();
        self.db()
            .write(move |conn| {
                let known = members::find_by_email(conn, &email)?.ok_or(AppError::NotFound)?;
                let member = Member {
                    role,
                    regions,
                    ..known
                };
                members::save(conn, &member)?;
                let event = Event {
                    subject: member.id.to_string(),
                    at: now,
                    actor: ADMINISTRATOR.to_owned(),
                    action: "role".to_owned(),
                    detail: role.to_string(),
                };
                history::add(conn, &event)?;
                Ok(member)
            })
            .await
    }

    async fn invite(&self, viewer: &Viewer, desk: &Desk, invited: &Member) -> Result<(), AppError> {
        let (viewer, desk, invited) = (viewer.clone(), desk.clone(), invited.clone());
        let has_letter = self.0.budgets.has_letter_for(&invited.email);
        self.db()
            .write(move |conn| {
                may_manage(conn, &viewer, invited.organisation)?;
                match members::find_by_email(conn, &invited.email)? {
                    Some(known) if has_letter => remind(conn, &desk, &known),
                    Some(_) => Ok(()),
                    None => {
                        members::insert(conn, &invited)?;
                        ask_to_join(conn, &desk, signed_in(&viewer)?, &invited)
                    }
                }
            })
            .await
    }
}

/// An organisation that is not theirs is not there.
fn may_manage(conn: &mut Conn, viewer: &Viewer, id: OrganisationId) -> Result<(), AppError> {
    check_managed(viewer, &organisations::find(conn, id)?)
}

fn ask_to_join(
    conn: &mut Conn,
    desk: &Desk,
    inviter: &Member,
    invited: &Member,
) -> Result<(), AppError> {
    let organisation = organisations::find(conn, invited.organisation)?;
    let purpose = Purpose {
        purpose: LinkPurpose::Confirm,
        member: invited,
        subject: invited.id.to_string(),
        side: None,
    };
    let letter = Letter::MemberInvitation(MemberInvitation {
        name: invited.name.as_str().into(),
        inviter: inviter.name.as_str().into(),
        organisation: organisation.name.as_str().into(),
        link: desk.link(conn, purpose)?,
        days: u32::try_from(LinkPurpose::Confirm.days()).unwrap_or_default(),
    });
    desk.send(conn, &letter, &invited.id.to_string(), &[invited])
}
