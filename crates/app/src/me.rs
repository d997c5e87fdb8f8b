//! What a member sees and changes of themselves.

use domain::fields::Gather;
use domain::members::{Member, Viewer};
use domain::organisations::Organisation;
use domain::person_name::DisplayName;
use store::{members, organisations};

use crate::App;
use crate::error::AppError;
use crate::reminders::Wanted;
use crate::tokens::{hash, signed_in};

/// A member with the organisation they act for.
#[derive(Debug, Clone, PartialEq)]
pub struct Me {
    /// The member.
    pub member: Member,
    /// Their organisation, verified or not.
    pub organisation: Organisation,
}

/// What a member may change of themselves; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeEdit {
    /// Their name.
    pub name: Option<String>,
    /// Whether they want reminders.
    pub reminders: Option<Wanted>,
    /// The tags of what they saw when they wrote this, one of which must still hold; `None` when it does not matter.
    pub seen: Option<Vec<String>>,
}

impl Me {
    /// A text that is another one when anything of this is.
    pub fn tag(&self) -> String {
        let Member {
            name,
            role,
            regions,
            ..
        } = &self.member;
        let all = format!(
            "{name}\n{role}\n{regions:?}\n{}\n{}",
            self.member.wants_reminders, self.organisation.version
        );
        hash(&all)
    }
}

impl App {
    /// Who asks, with their organisation.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone.
    pub async fn me(&self, viewer: &Viewer) -> Result<Me, AppError> {
        let member = signed_in(viewer)?.clone();
        self.db()
            .read(move |conn| {
                let organisation = organisations::find(conn, member.organisation)?;
                Ok(Me {
                    member,
                    organisation,
                })
            })
            .await
    }

    /// Changes what a member may change of themselves.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone, [`AppError::Invalid`] with every field that cannot be accepted,
    /// [`AppError::Stale`] when it is not any more what they saw.
    pub async fn edit_me(&self, viewer: &Viewer, edit: MeEdit) -> Result<Me, AppError> {
        let id = signed_in(viewer)?.id;
        let mut problems = Gather::default();
        let name = match &edit.name {
            None => Some(None),
            Some(typed) => problems.at("name", typed.parse::<DisplayName>()).map(Some),
        };
        let name = problems.done(|| name)?;
        self.db()
            .write(move |conn| {
                let member = members::find(conn, id)?;
                let organisation = organisations::find(conn, member.organisation)?;
                let mut me = Me {
                    member,
                    organisation,
                };
                if edit.seen.is_some_and(|seen| !seen.contains(&me.tag())) {
                    return Err(AppError::Stale);
                }
                me.member.name = name.unwrap_or(me.member.name);
                if let Some(wanted) = edit.reminders {
                    me.member.wants_reminders = wanted == Wanted::Yes;
                }
                members::save_settings(conn, &me.member)?;
                Ok(me)
            })
            .await
    }
}
