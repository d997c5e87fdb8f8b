//! The notice that what somebody writes or places may stand there already, as `/v1/requests`, `/v1/offers` and
//! `/v1/suggestions` give it.

use app::{App, Draft, NearDuplicate};
use domain::members::Viewer;
use serde::Serialize;
use utoipa::ToSchema;

/// An open post that is nearly the same.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NearDuplicate)]
pub(crate) struct NearDuplicateView {
    /// Kenmerk van het bericht dat al open staat.
    #[schema(example = "req_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// Titel daarvan.
    #[schema(example = "Ruimte gezocht voor onze wijkmaaltijd")]
    title: String,
    /// Een zin om te laten zien.
    #[schema(
        example = "Is dit dezelfde vraag? Van Zuid Doet Samen staat al open: 'Ruimte gezocht voor onze wijkmaaltijd'."
    )]
    question: String,
}

impl From<NearDuplicate> for NearDuplicateView {
    fn from(found: NearDuplicate) -> Self {
        Self {
            id: found.id.to_string(),
            title: found.title,
            question: found.question,
        }
    }
}

/// What is nearly the same as a post that is being placed or written.
pub(crate) async fn of(
    app: &App,
    viewer: &Viewer,
    draft: impl Into<Draft>,
) -> Vec<NearDuplicateView> {
    let found = app.near_duplicates(viewer, draft).await;
    found.into_iter().map(NearDuplicateView::from).collect()
}
