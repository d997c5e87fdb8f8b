//! Which pages of others may call the API from a browser (Fetch standard, CORS): those that the settings name, without
//! cookies; used by `middleware`.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web;
use app::App;

/// What such a page may ask, send, and read beside the body.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const SENT: &str =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Traceparent";
const READ: &str = "API-Version, ETag, Link, Location, RateLimit, RateLimit-Policy, Request-Id, Retry-After, Traceparent";

/// Seconds a browser may remember what it was told.
const MAX_AGE: &str = "600";

/// The page that calls the API, when the settings allow it.
pub(crate) fn allowed(request: &ServiceRequest) -> Option<HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    let app = request.app_data::<web::Data<App>>()?;
    let known = &app.config().http.allowed_origins;
    let named = known
        .iter()
        .any(|each| each.as_bytes() == origin.as_bytes());
    (named && request.path().starts_with("/v1")).then(|| origin.clone())
}

/// The answer to a browser that asks first whether the page may.
pub(crate) fn preflight(request: &ServiceRequest) -> Option<HttpResponse> {
    let asks = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    (asks && allowed(request).is_some()).then(|| {
        HttpResponse::NoContent()
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
            .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, SENT))
            .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE))
            .finish()
    })
}

/// Lets the page read the answer; what is open to all stays so.
pub(crate) fn open(headers: &mut HeaderMap, origin: Option<&HeaderValue>) {
    let Some(origin) = origin else {
        return;
    };
    let tells: [(HeaderName, HeaderValue); 3] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()),
        (
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(READ),
        ),
        (header::VARY, HeaderValue::from_static("Origin")),
    ];
    for (name, value) in tells {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
}
