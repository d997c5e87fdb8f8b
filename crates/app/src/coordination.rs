//! Who manages what: those who act for its organisation, and who coordinates where it lies.
//!
//! The one rule for everything that is somebody's. What a viewer may not manage and not everybody may see is absent to
//! them: the answer is the same as for what does not exist.

use std::collections::BTreeSet;

use domain::ids::OrganisationId;
use domain::members::{Member, Viewer};
use domain::offers::Offer;
use domain::organisations::Organisation;
use domain::posts::{PostFilter, PostId, PostKind, PostState};
use domain::region::{Municipality, Region};
use domain::requests::Request;
use regions::Regions;
use store::{Conn, offers, requests};

use crate::error::AppError;
use crate::places;
use crate::tokens::coordinator;

/// Whose something is, and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Whereabouts {
    owner: OrganisationId,
    /// A request lies in its municipality, an offer wherever it reaches, an organisation in the municipality of its
    /// place; nothing is nowhere in particular.
    areas: Vec<Region>,
}

impl From<&Request> for Whereabouts {
    fn from(request: &Request) -> Self {
        Self {
            owner: request.organisation,
            areas: vec![Region::Municipality(request.content.municipality)],
        }
    }
}

impl From<&Offer> for Whereabouts {
    fn from(offer: &Offer) -> Self {
        Self {
            owner: offer.organisation,
            areas: offer.content.reach.clone(),
        }
    }
}

impl From<&Organisation> for Whereabouts {
    fn from(organisation: &Organisation) -> Self {
        let municipality = organisation.municipality.map(Region::Municipality);
        Self {
            owner: organisation.id,
            areas: municipality.into_iter().collect(),
        }
    }
}

impl Whereabouts {
    /// Those of a request or an offer.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub(crate) fn of_post(conn: &mut Conn, id: PostId) -> Result<Self, AppError> {
        Ok(match id {
            PostId::Request(id) => Self::from(&requests::any(conn, id)?.post),
            PostId::Offer(id) => Self::from(&offers::any(conn, id)?.post),
        })
    }
}

/// Whether a viewer may see all of it and change it: who acts for its organisation, and who coordinates where it lies.
pub fn may_manage(viewer: &Viewer, it: impl Into<Whereabouts>) -> bool {
    let it = it.into();
    viewer.acts_for(it.owner) || coordinates(viewer, &it)
}

/// Whether a viewer coordinates where it lies: some of it lies in their regions. Every coordinator does who has no
/// regions, and for what lies nowhere in particular.
pub(crate) fn coordinates(viewer: &Viewer, it: &Whereabouts) -> bool {
    viewer
        .member()
        .filter(|member| member.coordinates())
        .is_some_and(|member| coordinates_in(member, &it.areas))
}

/// Refuses who may not manage it, as if it did not exist.
///
/// # Errors
/// [`AppError::NotFound`].
pub(crate) fn check_managed(viewer: &Viewer, it: impl Into<Whereabouts>) -> Result<(), AppError> {
    match may_manage(viewer, it) {
        true => Ok(()),
        false => Err(AppError::NotFound),
    }
}

/// Refuses who may not see a post in this state, as if it did not exist.
///
/// # Errors
/// [`AppError::NotFound`].
pub(crate) fn check_seen(
    viewer: &Viewer,
    state: PostState,
    it: impl Into<Whereabouts>,
) -> Result<(), AppError> {
    match state {
        PostState::Open => Ok(()),
        _ => check_managed(viewer, it),
    }
}

/// The member of a viewer who must coordinate where it lies.
///
/// # Errors
/// [`AppError::NotSignedIn`] for anyone, [`AppError::Forbidden`] for who coordinates nowhere, [`AppError::NotFound`] for
/// a coordinator of other regions.
pub(crate) fn coordinator_of(
    viewer: &Viewer,
    it: impl Into<Whereabouts>,
) -> Result<&Member, AppError> {
    let member = coordinator(viewer)?;
    match coordinates(viewer, &it.into()) {
        true => Ok(member),
        false => Err(AppError::NotFound),
    }
}

/// A coordinator who is bounded to regions sees nothing of the matches of other regions.
///
/// # Errors
/// [`AppError::NotFound`] for who does not coordinate here.
pub(crate) fn check_region(viewer: &Viewer, here: Municipality) -> Result<(), AppError> {
    let here = [Region::Municipality(here)];
    match viewer.member() {
        Some(member) if member.coordinates() && coordinates_in(member, &here) => Ok(()),
        _ => Err(AppError::NotFound),
    }
}

/// Whether some of these areas lies in the regions of a coordinator.
fn coordinates_in(member: &Member, areas: &[Region]) -> bool {
    let regions = Regions::shipped();
    let overlaps = |area: &Region| {
        let mut bounds = member.regions.iter();
        bounds.any(|bound| regions.overlap(*bound, *area))
    };
    member.regions.is_empty() || areas.is_empty() || areas.iter().any(overlaps)
}

/// The municipalities a list is narrowed to: those of the asked region that also lie in the coordinator's.
pub(crate) fn municipalities(
    member: &Member,
    asked: Option<Region>,
) -> Option<BTreeSet<Municipality>> {
    let bounds: &[Region] = if member.coordinates() {
        &member.regions
    } else {
        &[]
    };
    if asked.is_none() && bounds.is_empty() {
        return None;
    }
    let regions = Regions::shipped();
    let codes = regions
        .municipalities()
        .iter()
        .map(|facts| facts.code)
        .filter(|code| asked.is_none_or(|region| regions.holds(region, *code)))
        .filter(|code| {
            bounds.is_empty() || bounds.iter().any(|region| regions.holds(*region, *code))
        })
        .collect();
    Some(codes)
}

/// A filter that shows a coordinator of some regions what everybody sees of the others.
pub(crate) fn bounded(mut filter: PostFilter, viewer: &Viewer, kind: PostKind) -> PostFilter {
    if let Some(member) = viewer.member().filter(|member| member.coordinates()) {
        filter.bounds = places::written_out(&member.regions, kind);
    }
    filter
}
