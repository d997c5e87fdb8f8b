//! Organisations: listed, read, changed by their members, verified by a coordinator.

use domain::ids::{MemberId, OrganisationId};
use domain::matches::Decision;
use domain::members::Viewer;
use domain::organisations::{Organisation, OrganisationState};
use domain::person_name::DisplayName;
use domain::posts::{PostAction, PostId, PostState};
use domain::text::Note;
use mail::{Letter, NotVerified, Verified};
use store::history::{self, Event};
use store::organisations::OrganisationFilter;
use store::{Conn, Page, Slice, members, organisations, posts};

use crate::App;
use crate::coordination::{check_managed, coordinator_of, may_manage, municipalities};
use crate::error::AppError;
use crate::letters::Desk;
use crate::places;
use crate::posts::{Change, admit_all, changed};
use crate::tokens::{coordinator, signed_in};

/// What may be changed about an organisation by its members; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrganisationEdit {
    /// The name.
    pub name: Option<String>,
    /// The place as people write it.
    pub place: Option<String>,
    /// Its own site, an http address.
    pub website: Option<String>,
}

impl App {
    /// A page of organisations. Everybody sees verified ones; a coordinator sees all of their regions and those without
    /// a place, in one `state` if asked.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`].
    pub async fn list_organisations(
        &self,
        viewer: &Viewer,
        state: Option<OrganisationState>,
        words: String,
        slice: Slice,
    ) -> Result<Page<Organisation>, AppError> {
        let state = if viewer.coordinates() {
            state
        } else {
            Some(OrganisationState::Verified)
        };
        let bounds = viewer
            .member()
            .and_then(|member| municipalities(member, None));
        Ok(self
            .db()
            .read(move |conn| {
                let filter = OrganisationFilter {
                    state,
                    words,
                    bounds,
                };
                organisations::page(conn, &filter, &slice)
            })
            .await?)
    }

    /// One organisation.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none the viewer may see.
    pub async fn find_organisation(
        &self,
        viewer: &Viewer,
        id: OrganisationId,
    ) -> Result<Organisation, AppError> {
        let found = self
            .db()
            .read(move |conn| organisations::find(conn, id))
            .await?;
        if found.is_verified() || may_manage(viewer, &found) {
            Ok(found)
        } else {
            Err(AppError::NotFound)
        }
    }

    /// Changes an organisation; with `version`, only that version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs, [`AppError::Stale`] when it was changed since,
    /// [`AppError::Invalid`] with every field that cannot be accepted.
    pub async fn edit_organisation(
        &self,
        viewer: &Viewer,
        id: OrganisationId,
        version: Option<i32>,
        edit: OrganisationEdit,
    ) -> Result<Organisation, AppError> {
        signed_in(viewer)?;
        let viewer = viewer.clone();
        self.db()
            .write(move |conn| {
                let mut organisation = organisations::find(conn, id)?;
                check_managed(&viewer, &organisation)?;
                if version.is_some_and(|version| version != organisation.version) {
                    return Err(AppError::Stale);
                }
                apply(&mut organisation, &edit)?;
                organisation.version += 1;
                organisations::save(conn, &organisation)?;
                Ok(organisation)
            })
            .await
    }

    /// Verifies an organisation, or refuses it with a reason; its members are told, and its waiting posts open.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate, [`AppError::NotFound`] when there is none in their regions.
    pub async fn verify_organisation(
        &self,
        viewer: &Viewer,
        id: OrganisationId,
        decision: Decision,
        reason: Note,
    ) -> Result<Organisation, AppError> {
        let by = coordinator(viewer)?.id;
        let (viewer, desk) = (viewer.clone(), self.desk());
        let (organisation, changed) = self
            .db()
            .write(move |conn| {
                let mut organisation = organisations::find(conn, id)?;
                coordinator_of(&viewer, &organisation)?;
                organisation.state = match decision {
                    Decision::Approve => OrganisationState::Verified,
                    Decision::Reject => OrganisationState::Refused,
                };
                organisation.reason = reason.to_string();
                organisation.version += 1;
                organisations::save(conn, &organisation)?;
                let event = Event {
                    subject: id.to_string(),
                    at: desk.now,
                    actor: by.to_string(),
                    action: organisation.state.to_string(),
                    detail: String::new(),
                };
                history::add(conn, &event)?;
                tell_members(conn, &desk, &organisation)?;
                let changed = match decision {
                    Decision::Approve => {
                        admit_all(conn, &desk, id, by)?;
                        open_posts(conn, id)?
                    }
                    Decision::Reject => withdraw_all(conn, &desk, id, by)?,
                };
                Ok::<_, AppError>((organisation, changed))
            })
            .await?;
        for post in changed {
            self.market_post_changed(post).await?;
        }
        Ok(organisation)
    }
}

fn apply(organisation: &mut Organisation, edit: &OrganisationEdit) -> Result<(), AppError> {
    let mut problems = domain::fields::Gather::default();
    if let Some(typed) = &edit.name
        && let Some(name) = problems.at("name", typed.parse::<DisplayName>())
    {
        organisation.name = name;
    }
    if let Some(place) = &edit.place {
        let municipality = if place.trim().is_empty() {
            None
        } else {
            problems.keep(places::municipality("place", place))
        };
        organisation.municipality = municipality;
        organisation.place.clone_from(place);
    }
    if let Some(typed) = &edit.website
        && let Some(website) = problems.keep(crate::accounts::website(typed))
    {
        organisation.website = website;
    }
    Ok(problems.done(|| Some(()))?)
}

fn tell_members(conn: &mut Conn, desk: &Desk, organisation: &Organisation) -> Result<(), AppError> {
    for member in members::of_organisation(conn, organisation.id)? {
        let (name, own) = (
            member.name.as_str().into(),
            organisation.name.as_str().into(),
        );
        let letter = if organisation.is_verified() {
            Letter::Verified(Verified {
                name,
                organisation: own,
            })
        } else {
            Letter::NotVerified(NotVerified {
                name,
                organisation: own,
                reason: organisation.reason.as_str().into(),
            })
        };
        desk.send(conn, &letter, &organisation.id.to_string(), &[&member])?;
    }
    Ok(())
}

/// The open posts of an organisation that is refused: they wait again, unseen, and their matches end.
fn withdraw_all(
    conn: &mut Conn,
    desk: &Desk,
    id: OrganisationId,
    by: MemberId,
) -> Result<Vec<PostId>, AppError> {
    let open = open_posts(conn, id)?;
    for post in &open {
        posts::hold(conn, *post)?;
    }
    for post in &open {
        let post = posts::find(conn, *post)?;
        changed(
            conn,
            desk,
            &post,
            Change::Plain(PostAction::Withdraw),
            by.into(),
        )?;
    }
    Ok(open)
}

/// The open posts of an organisation, in the order in which posts are held.
fn open_posts(conn: &mut Conn, id: OrganisationId) -> Result<Vec<PostId>, AppError> {
    let mut open: Vec<PostId> = posts::of_organisation(conn, id, PostState::Open)?
        .iter()
        .map(|post| post.id)
        .collect();
    open.sort();
    Ok(open)
}
