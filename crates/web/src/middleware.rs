//! Around every handler: an id for each request, headers that keep browsers safe, a log line, and an answer also when
//! a handler panics.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError, web};
use app::App;
use futures_util::FutureExt;
use tracing::Instrument;

use crate::error::Problem;
use crate::metrics::{Answered, Metrics};
use crate::trace::{Origin, TRACEPARENT, Trace};
use crate::{api, cors};

/// What pages may load: our own style and pictures, nothing inline, nothing from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a JSON answer may load: nothing.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Answers a request whatever happens, logs it and counts it without anything personal: the pattern of the path, not
/// the path. What is logged meanwhile carries the id of the request.
pub(crate) async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let id = uuid_text();
    let kind = Kind::of(&request);
    let method = request.method().clone();
    let route = request.match_pattern().unwrap_or_default();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let trace = Trace::of(request.headers());
    let origin = cors::allowed(&request);
    let dressing = Dressing {
        kind,
        id: &id,
        trace: &trace,
        origin: origin.as_ref(),
    };
    let span = tracing::error_span!("request", request.id = id, trace.id = trace.id);
    let handling = async {
        match cors::preflight(&request) {
            Some(told) => Ok(request.into_response(told)),
            None => next
                .call(request)
                .await
                .map(ServiceResponse::map_into_boxed_body),
        }
    };
    let handling = handling.instrument(span.clone());
    let outcome = AssertUnwindSafe(handling).catch_unwind().await;
    let _within = span.entered();
    let answer = match outcome {
        Ok(Ok(response)) => {
            let (request, response) = response.into_parts();
            Ok(ServiceResponse::new(request, dressing.put_on(response)))
        }
        // Without its request there is no `ServiceResponse` to make; an error carries the whole answer instead.
        Ok(Err(error)) => Err(finished(dressing.put_on(error.error_response()))),
        Err(_panic) => {
            tracing::error!("a handler panicked");
            Err(finished(
                dressing.put_on(Problem::broken().error_response()),
            ))
        }
    };
    let status = match &answer {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let took = began.elapsed();
    if let Some(metrics) = metrics {
        metrics.requests.count(&Answered {
            method: &method,
            route: &route,
            status,
            took,
        });
    }
    tracing::info!(
        request.method = %method,
        request.route = route,
        response.status = status.as_u16(),
        duration_ms = took.as_millis(),
        "answered"
    );
    answer
}

/// Which headers an answer needs.
#[derive(Clone, Copy)]
struct Kind {
    /// It is of the JSON API, not a page.
    api: bool,
    /// People reach us over TLS only.
    secure: bool,
}

impl Kind {
    fn of(request: &ServiceRequest) -> Self {
        let app = request.app_data::<web::Data<App>>();
        Self {
            api: request.path().starts_with("/v1"),
            secure: app.is_some_and(|app| app.config().http.is_secure()),
        }
    }
}

fn finished(answer: HttpResponse) -> Error {
    InternalError::from_response("answered by the middleware", answer).into()
}

/// What is put on every answer.
struct Dressing<'a> {
    kind: Kind,
    id: &'a str,
    trace: &'a Trace,
    origin: Option<&'a HeaderValue>,
}

impl Dressing<'_> {
    fn put_on(&self, answer: HttpResponse) -> HttpResponse {
        let mut answer = self.traced(answer);
        let headers = answer.headers_mut();
        protect(headers, self.kind);
        cors::open(headers, self.origin);
        let names = [
            (HeaderName::from_static("request-id"), self.id),
            (TRACEPARENT, &self.trace.header()),
        ];
        for (name, value) in names {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        answer
    }

    /// Names the trace in a problem, for a client that follows it.
    fn traced(&self, answer: HttpResponse) -> HttpResponse {
        let problem = answer.extensions().get::<Problem>().cloned();
        match problem {
            Some(mut problem) if self.trace.origin == Origin::Client => {
                problem.trace_id = Some(self.trace.id.as_str().into());
                let body = serde_json::to_string(&problem).unwrap_or_default();
                answer.set_body(BoxBody::new(body))
            }
            _ => answer,
        }
    }
}

/// Sets the headers every answer carries, unless the handler chose its own.
fn protect(headers: &mut HeaderMap, kind: Kind) {
    let mut offer = |name: &'static str, value: &'static str| {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    offer("x-content-type-options", "nosniff");
    offer("x-frame-options", "DENY");
    offer("referrer-policy", "no-referrer");
    offer(
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    offer("cross-origin-opener-policy", "same-origin");
    if kind.secure {
        offer(
            "strict-transport-security",
            "max-age=31536000; includeSubDomains",
        );
    }
    if kind.api {
        offer("content-security-policy", API_POLICY);
        offer("cache-control", "no-store");
        offer("api-version", api::VERSION);
    } else {
        offer("content-security-policy", PAGE_POLICY);
        offer("cache-control", "no-cache");
    }
}

fn uuid_text() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}
