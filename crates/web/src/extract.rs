//! What handlers read from a request: who asks, the JSON body, the query, an id in the path.

use std::str::FromStr;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use app::{App, MAX_PAGE, Slice};
use domain::dutch::{answers, problems};
use domain::invalid::Invalid;
use domain::members::Viewer;
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::api::shape;
use crate::error::Problem;

/// Bytes a body may have.
pub(crate) const MAX_BODY: usize = 256 * 1024;

/// Rows of a page when nobody says how many.
const USUAL_PAGE: usize = 20;

/// Who asks: somebody with a bearer token that holds, or anyone.
pub(crate) struct Who(pub(crate) Viewer);

impl FromRequest for Who {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = the_app(request);
        let token = bearer(request);
        Box::pin(async move { Ok(Self(app?.viewer(token?.as_deref()).await?)) })
    }
}

/// The bearer token as it came, of a request that is about the token itself.
pub(crate) struct Bearer(pub(crate) Option<String>);

impl FromRequest for Bearer {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(bearer(request).map(Self))
    }
}

/// The product that answers.
pub(crate) fn the_app(request: &HttpRequest) -> Result<App, Problem> {
    request
        .app_data::<web::Data<App>>()
        .map(|app| app.get_ref().clone())
        .ok_or_else(Problem::broken)
}

/// The bearer token; an Authorization header of another kind does not hold.
fn bearer(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| Some(token.trim().to_owned()))
        .ok_or_else(|| app::AppError::NotSignedIn.into())
}

/// A JSON body: of the right content type, at most [`MAX_BODY`] bytes, in time, and with known fields only.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = read(request, payload, "application/json");
        Box::pin(async move { parse(&reading.await?).map(Self) })
    }
}

/// A form a page sent, under the same bounds.
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = read(request, payload, "application/x-www-form-urlencoded");
        Box::pin(async move {
            let text = reading.await?;
            let text = std::str::from_utf8(&text).unwrap_or_default();
            web::Query::<T>::from_query(text)
                .map(|query| Self(query.into_inner()))
                .map_err(|error| unreadable("", &error.to_string()))
        })
    }
}

/// Reads a whole body of one type under its bounds.
fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    expected: &'static str,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let sent = actix_web::HttpMessage::content_type(request).to_owned();
    let reading = gather(request, payload);
    async move {
        if !sent.eq_ignore_ascii_case(expected) {
            let answer = answers::unsupported_media_type(expected);
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media_type",
                answer,
            ));
        }
        reading.await
    }
}

/// Reads a whole body under its bounds: at most [`MAX_BODY`] bytes, in time.
pub(crate) fn gather(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let patience = the_app(request).map(|app| Duration::from_secs(app.config().http.body_seconds));
    let mut payload = payload.take();
    async move {
        let whole = async {
            let mut body = BytesMut::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|error| unreadable("", &error.to_string()))?;
                if body.len() + chunk.len() > MAX_BODY {
                    let answer = answers::too_large(MAX_BODY);
                    return Err(Problem::new(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        "too_large",
                        answer,
                    ));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(body.freeze())
        };
        timeout(patience?, whole).await.unwrap_or_else(|_elapsed| {
            Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "too_slow",
                answers::too_slow(),
            ))
        })
    }
}

fn parse<T: DeserializeOwned + ToSchema>(body: &[u8]) -> Result<T, Problem> {
    let value = serde_json::from_slice(body).map_err(|error| unreadable("", &error.to_string()))?;
    let misshapen = shape::problems::<T>(&value);
    if !misshapen.is_empty() {
        return Err(Problem::of_fields(misshapen));
    }
    // Read once more from the text: that also refuses a field that stands in it twice.
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        unreadable(&field, &error.into_inner().to_string())
    })?;
    reader
        .end()
        .map_err(|error| unreadable("", &error.to_string()))?;
    Ok(value)
}

fn unreadable(field: &str, cause: &str) -> Problem {
    let problem = Invalid::new(
        field,
        answers::unreadable(cause),
        answers::unreadable_remedy(),
    );
    Problem::invalid(vec![problem])
}

/// The query of an address, with known names only.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let typed = request.query_string();
        // PostgreSQL keeps no text with this character (its manual, 8.3), so nothing can be found with it.
        if typed.contains("%00") {
            return std::future::ready(Err(unreadable("?", "%00")));
        }
        std::future::ready(
            web::Query::<T>::from_query(typed)
                .map(|query| Self(query.into_inner()))
                .map_err(|error| unreadable("?", &error.to_string())),
        )
    }
}

/// The id in a path; one of another kind or form is not there.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr> FromRequest for Id<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request
            .match_info()
            .get("id")
            .and_then(|text| text.parse().ok());
        std::future::ready(id.map(Self).ok_or_else(Problem::not_found))
    }
}

/// The page of a list that a query asks.
///
/// # Errors
/// A size that is no number from 1 to [`MAX_PAGE`], and a cursor that we did not give.
pub(crate) fn slice(app: &App, size: Option<&str>, cursor: Option<&str>) -> Result<Slice, Problem> {
    let most = u32::try_from(MAX_PAGE).unwrap_or(u32::MAX);
    let size = match size {
        None => USUAL_PAGE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=MAX_PAGE).contains(size))
            .ok_or_else(|| {
                Problem::invalid(vec![problems::not_in_range("?pageSize", text, 1, most)])
            })?,
    };
    let after = cursor
        .filter(|typed| !typed.is_empty())
        .map(|typed| {
            app.unseal(typed)
                .ok_or_else(|| Problem::invalid(vec![problems::not_a_cursor("?cursor", typed)]))
        })
        .transpose()?;
    Ok(Slice { size, after })
}

/// An answer with the tag of what it holds; only that tag (304) when whoever asks has that already (RFC 9110 §13.1.2).
pub(crate) fn tagged(
    tag: header::EntityTag,
    known: Option<web::Header<header::IfNoneMatch>>,
    mut answer: HttpResponse,
) -> HttpResponse {
    let is_known = known.is_some_and(|known| match known.into_inner() {
        header::IfNoneMatch::Any => true,
        header::IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(&tag)),
    });
    if let Ok(tag) = header::TryIntoHeaderValue::try_into_value(tag) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    if is_known {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        answer.headers_mut().remove(header::CONTENT_TYPE);
        return answer.drop_body().map_into_boxed_body();
    }
    answer
}

/// The version an If-Match header names; `None` when it does not matter.
pub(crate) fn version(request: &HttpRequest) -> Option<i32> {
    let value = request
        .headers()
        .get(header::IF_MATCH)?
        .to_str()
        .ok()?
        .trim();
    if value == "*" {
        return None;
    }
    // A tag that is not ours matches no version.
    Some(value.trim_matches('"').parse().unwrap_or(0))
}

/// The strong entity tag of a version (RFC 9110 §8.8.3).
pub(crate) fn tag(version: i32) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}
