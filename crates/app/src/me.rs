//! What a member sees and changes of themselves.

use domain::fields::Gather;
use domain::members::{Member, Viewer};
use domain::organisations::Organisation;
use domain::person_name::DisplayName;
use store::{members, organisations};

use crate::App;
use crate::error::AppError;
use crate::reminders::Wanted;
use crate::tokens::signed_in;

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
    /// [`AppError::NotSignedIn`] for anyone, [`AppError::Invalid`] with every field that cannot be accepted.
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
                let mut member = members::find(conn, id)?;
                member.name = name.unwrap_or(member.name);
                if let Some(wanted) = edit.reminders {
                    member.wants_reminders = wanted == Wanted::Yes;
                }
                members::save_settings(conn, &member)?;
                let organisation = organisations::find(conn, member.organisation)?;
                Ok(Me {
                    member,
                    organisation,
                })
            })
            .await
    }
}
