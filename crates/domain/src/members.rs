//! Members of organisations, their roles, and what a viewer may see.

use chrono::{DateTime, Utc};

use crate::codes::codes;
use crate::email_address::EmailAddress;
use crate::ids::{MemberId, OrganisationId};
use crate::person_name::DisplayName;
use crate::posts::PostState;
use crate::region::Region;

codes!(
    /// What a member may do beside acting for their own organisation.
    Role in "role" {
        /// Acts for their own organisation.
        Member = "member",
        /// Verifies, reviews and repairs, for all regions or for some.
        Coordinator = "coordinator",
        /// Everything a coordinator may, and the settings.
        Admin = "admin",
    }
);

/// A person who acts for an organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// The organisation they act for.
    pub organisation: OrganisationId,
    /// Their name.
    pub name: DisplayName,
    /// Their address; one member has it.
    pub email: EmailAddress,
    /// What they may do.
    pub role: Role,
    /// The regions a coordinator is bounded to; empty means all.
    pub regions: Vec<Region>,
    /// When they confirmed that the address is theirs.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Whether they want mail about posts that end and introductions that went by.
    pub wants_reminders: bool,
    /// When they joined.
    pub created_at: DateTime<Utc>,
}

impl Member {
    /// Whether they coordinate, in all regions or in some.
    pub fn coordinates(&self) -> bool {
        matches!(self.role, Role::Coordinator | Role::Admin)
    }
}

/// Who looks: every read of something owned takes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Viewer {
    /// Somebody who is not known.
    Anyone,
    /// A member who signed in.
    Member(Member),
}

impl Viewer {
    /// The member, where one signed in.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Anyone => None,
            Self::Member(member) => Some(member),
        }
    }

    /// Whether the viewer acts for this organisation.
    pub fn acts_for(&self, organisation: OrganisationId) -> bool {
        self.member()
            .is_some_and(|member| member.organisation == organisation)
    }

    /// Whether the viewer coordinates.
    pub fn coordinates(&self) -> bool {
        self.member().is_some_and(Member::coordinates)
    }

    /// Whether the viewer may see a post of this organisation that is in this state: open ones everybody may, others
    /// who acts for it and who coordinates where it lies, which is for who knows geography to say.
    pub fn may_see_post(&self, organisation: OrganisationId, state: PostState) -> bool {
        state == PostState::Open || self.acts_for(organisation) || self.coordinates()
    }
}
