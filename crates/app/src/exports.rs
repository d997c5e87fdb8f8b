//! Everything that is kept, read page by page for a file.

use std::collections::BTreeMap;

use domain::ids::OrganisationId;
use domain::members::{Member, Viewer};
use domain::offers::Offer;
use domain::organisations::Organisation;
use domain::posts::{PostFilter, Posted};
use domain::requests::Request;
use store::{MAX_PAGE, Page, Slice, members};

use crate::App;
use crate::error::AppError;
use crate::matches::{MatchFilter, MatchView};
use crate::tokens::coordinator;

impl App {
    /// Every organisation, newest first, for somebody who coordinates.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`].
    pub async fn export_organisations(
        &self,
        viewer: &Viewer,
    ) -> Result<Vec<Organisation>, AppError> {
        all(|slice| self.list_organisations(viewer, None, String::new(), slice)).await
    }

    /// The member who speaks for each organisation that has one, for somebody who coordinates.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who does not coordinate.
    pub async fn export_speakers(
        &self,
        viewer: &Viewer,
    ) -> Result<BTreeMap<OrganisationId, Member>, AppError> {
        coordinator(viewer)?;
        let organisations = self.export_organisations(viewer).await?;
        self.db()
            .read(move |conn| {
                let mut speakers = BTreeMap::new();
                for organisation in &organisations {
                    let found = members::of_organisation(conn, organisation.id)?;
                    speakers.extend(
                        found
                            .into_iter()
                            .next()
                            .map(|member| (organisation.id, member)),
                    );
                }
                Ok(speakers)
            })
            .await
    }

    /// Every request the viewer may see, newest first.
    ///
    /// # Errors
    /// As [`Self::export_organisations`].
    pub async fn export_requests(&self, viewer: &Viewer) -> Result<Vec<Posted<Request>>, AppError> {
        all(|slice| self.list_requests(viewer, PostFilter::default(), slice)).await
    }

    /// Every offer the viewer may see, newest first.
    ///
    /// # Errors
    /// As [`Self::export_organisations`].
    pub async fn export_offers(&self, viewer: &Viewer) -> Result<Vec<Posted<Offer>>, AppError> {
        all(|slice| self.list_offers(viewer, PostFilter::default(), slice)).await
    }

    /// Every match the viewer may see, newest first.
    ///
    /// # Errors
    /// As [`Self::export_organisations`].
    pub async fn export_matches(&self, viewer: &Viewer) -> Result<Vec<MatchView>, AppError> {
        all(|slice| self.list_matches(viewer, MatchFilter::default(), slice)).await
    }
}

/// Every page of a list, one after the other.
async fn all<T>(
    list: impl AsyncFn(Slice) -> Result<Page<T>, AppError>,
) -> Result<Vec<T>, AppError> {
    let mut items = Vec::new();
    let mut slice = Slice::first(MAX_PAGE);
    loop {
        let page = list(slice).await?;
        items.extend(page.items);
        match page.next {
            Some(next) => {
                slice = Slice {
                    size: MAX_PAGE,
                    after: Some(next),
                }
            }
            None => return Ok(items),
        }
    }
}
