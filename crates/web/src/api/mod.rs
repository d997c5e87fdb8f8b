//! The JSON API, version 1: a file for each noun, and the contract made from their descriptions.

pub(crate) mod consents;
pub(crate) mod dressing;
pub(crate) mod fits;
pub(crate) mod health;
pub(crate) mod login_links;
pub(crate) mod match_reviews;
pub(crate) mod match_runs;
pub(crate) mod matches;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod near_duplicates;
pub(crate) mod offers;
pub(crate) mod openapi;
pub(crate) mod organisations;
pub(crate) mod outbox;
pub(crate) mod outcomes;
pub(crate) mod places;
pub(crate) mod posts;
pub(crate) mod promises;
pub(crate) mod registrations;
pub(crate) mod reports;
pub(crate) mod requests;
pub(crate) mod sessions;
pub(crate) mod shape;
pub(crate) mod subscriptions;
pub(crate) mod suggestions;
pub(crate) mod unsubscriptions;
pub(crate) mod verifications;
pub(crate) mod vocabularies;

use actix_web::HttpResponse;
use actix_web::http::header;
use app::App;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;

pub use openapi::openapi_yaml;
pub(crate) use openapi::promised;

/// The version of the API: on every answer, and in the contract.
pub(crate) const VERSION: &str = "1.0.0";

/// What a handler answers.
pub(crate) type Answer = Result<HttpResponse, Problem>;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// The cursor of the next page; null on the last.
    pub(crate) next: Option<String>,
}

impl<T> List<T> {
    /// A page of rows as they go over the wire.
    ///
    /// # Errors
    /// A problem of ours when the cursor cannot be signed.
    pub(crate) fn of<U>(
        app: &App,
        page: app::Page<U>,
        view: impl FnMut(U) -> T,
    ) -> Result<Self, Problem> {
        let page = page.map(view);
        let next = page.next.map(|cursor| app.seal(&cursor)).transpose()?;
        Ok(Self {
            items: page.items,
            next,
        })
    }
}

/// 200 with a body.
pub(crate) fn ok(body: &impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().json(body))
}

/// 201 with a body and where it can be read from now on.
pub(crate) fn created(location: String, body: &impl Serialize) -> Answer {
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .json(body))
}

/// A field of a change: not sent, sent as null, or sent with a value.
pub(crate) fn sent<'de, T, D>(input: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(input).map(Some)
}

/// Puts a value over a field when one was sent; null empties it.
pub(crate) fn put<T: Default>(field: &mut T, change: Option<Option<T>>) {
    if let Some(value) = change {
        *field = value.unwrap_or_default();
    }
}
