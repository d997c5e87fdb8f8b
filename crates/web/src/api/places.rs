//! `/v1/places`: what a person may mean with the name of a place.

#![expect(
    unused_qualifications,
    reason = "the contract macro names the query type by its path"
)]

use actix_web::web;
use app::App;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Answer, List, ok};
use crate::error::Problem;
use crate::extract::Query;

/// A place that may be meant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    /// De naam, met wat haar onderscheidt.
    #[schema(example = "De Heeze, Apeldoorn")]
    label: String,
    /// Code van de gemeente; null voor een groter gebied.
    #[schema(example = "GM0200")]
    municipality: Option<String>,
    /// Code van het kleinste gebied dat een code heeft.
    #[schema(example = "GM0200")]
    region: String,
    /// Hoe zeker dit bedoeld is, 0 tot en met 1.
    #[schema(example = 1.0)]
    confidence: f64,
}

/// What is searched.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlaceQuery {
    /// Plaats, wijk, postcode, gemeente of groter gebied.
    q: String,
}

/// Plaatsen die bedoeld kunnen zijn, de waarschijnlijkste eerst.
#[utoipa::path(get, path = "/places", operation_id = "searchPlaces", tag = "woordenlijsten", params(PlaceQuery),
    responses((status = 200, body = List<Place>), (status = 400, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, query: Query<PlaceQuery>) -> Answer {
    let items: Vec<Place> = app
        .search_places(&query.0.q)
        .into_iter()
        .map(|found| Place {
            label: found.label,
            municipality: found.municipality.map(String::from),
            region: found.region.to_string(),
            confidence: found.confidence,
        })
        .collect();
    ok(&List { items, next: None })
}
