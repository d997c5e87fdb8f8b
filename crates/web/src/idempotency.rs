//! The header `Idempotency-Key`: what is sent twice under one key is done once, and answered twice.

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, FromRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use app::{Answered, App, Attempted, SentRequest};
use domain::dutch::idempotency as words;
use domain::members::Viewer;

use crate::error::Problem;
use crate::extract::{Who, gather, the_app};

/// The header.
const NAME: &str = "idempotency-key";

/// The header of an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The longest key.
const MAX_KEY: usize = 255;

/// Addresses whose answers hold tokens, which are kept nowhere; what they take can be used only once anyhow.
const NEVER_KEPT: &str = "/v1/sessions";

/// A request with all that tells it from another.
struct Sent {
    app: App,
    viewer: Viewer,
    key: String,
    method: String,
    address: String,
    body: Bytes,
}

/// Does a request under its key; one without a key is none of its business.
pub(crate) async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_kept = !request.path().starts_with(NEVER_KEPT);
    let has_key = request.method() == Method::POST && request.headers().contains_key(NAME);
    if !is_kept || !has_key {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let sent = match Sent::read(&mut request).await {
        Ok(sent) => sent,
        Err(problem) => return Ok(request.into_response(problem.error_response())),
    };
    let attempt = match sent.attempt().await {
        Ok(attempt) => attempt,
        Err(answer) => return Ok(request.into_response(answer)),
    };
    let response = attempt.run(next.call(request)).await?.map_into_boxed_body();
    if attempt.is_taken() {
        // Somebody was faster with the same key; what they did counts.
        let answer = match sent.attempt().await {
            Ok(_forgotten) => in_flight(),
            Err(answer) => answer,
        };
        let (request, _) = response.into_parts();
        return Ok(ServiceResponse::new(request, answer));
    }
    if attempt.is_kept() && !response.status().is_server_error() {
        return sent.keep(&attempt, response).await;
    }
    Ok(response)
}

impl Sent {
    /// Reads the request, and leaves it as it was.
    async fn read(request: &mut ServiceRequest) -> Result<Self, Problem> {
        let key = key(request.headers())
            .ok_or_else(|| Problem::of_header(words::not_a_key()))?
            .to_owned();
        let (head, payload) = request.parts_mut();
        let app = the_app(head)?;
        let Who(viewer) = Who::from_request(head, payload).await?;
        let body = gather(head, payload).await?;
        request.set_payload(Payload::from(body.clone()));
        Ok(Self {
            app,
            viewer,
            key,
            method: request.method().to_string(),
            address: request.uri().to_string(),
            body,
        })
    }

    /// What is to be done, or what is to be answered at once.
    async fn attempt(&self) -> Result<app::Attempt, HttpResponse> {
        let request = SentRequest {
            key: &self.key,
            method: &self.method,
            address: &self.address,
            body: &self.body,
        };
        let attempted = self.app.attempt(&self.viewer, request).await;
        match attempted.map_err(|error| Problem::from(error).error_response())? {
            Attempted::New(attempt) => Ok(attempt),
            Attempted::Done(answered) => Err(again(answered)),
            Attempted::OtherRequest => {
                let said = words::other_request();
                Err(
                    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", said)
                        .error_response(),
                )
            }
            Attempted::InFlight => Err(in_flight()),
            Attempted::AnswerLost => {
                Err(
                    Problem::new(StatusCode::CONFLICT, "answer_lost", words::answer_lost())
                        .error_response(),
                )
            }
        }
    }

    /// Keeps an answer before it is given.
    async fn keep(
        &self,
        attempt: &app::Attempt,
        response: ServiceResponse<BoxBody>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let (request, response) = response.into_parts();
        let (response, body) = response.into_parts();
        let body = to_bytes(body).await.map_err(Error::from)?;
        let text = |name| {
            let value: Option<&HeaderValue> = response.headers().get(name);
            let value = value.and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let answered = Answered {
            status: response.status().as_u16(),
            location: text(header::LOCATION),
            tag: text(header::ETAG),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        let kept = self.app.keep_answer(attempt, answered).await;
        if let Err(error) = kept {
            // What was asked is done; that its answer cannot be given again is said when it is asked again.
            tracing::error!(%error, "the answer under a key could not be kept");
        }
        Ok(ServiceResponse::new(
            request,
            response.set_body(body).map_into_boxed_body(),
        ))
    }
}

/// The key, which the draft writes as a quoted string and many write bare.
fn key(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(NAME)?.to_str().ok()?.trim();
    let quoted = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let key = quoted.unwrap_or(text);
    let is_plain = key
        .chars()
        .all(|letter| letter.is_ascii_graphic() && letter != '"' && letter != '\\');
    (is_plain && (1..=MAX_KEY).contains(&key.len())).then_some(key)
}

/// The answer that was given before.
fn again(answered: Answered) -> HttpResponse {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK);
    let mut answer = HttpResponseBuilder::new(status);
    answer.insert_header((REPLAYED, "true"));
    for (name, value) in [
        (header::LOCATION, answered.location),
        (header::ETAG, answered.tag),
    ] {
        if !value.is_empty() {
            answer.insert_header((name, value));
        }
    }
    if answered.body.is_empty() {
        return answer.finish();
    }
    let kind = if status.is_success() {
        "application/json"
    } else {
        "application/problem+json"
    };
    answer.content_type(kind).body(answered.body)
}

fn in_flight() -> HttpResponse {
    let problem = Problem::new(StatusCode::CONFLICT, "in_flight", words::in_flight());
    let mut answer = problem.error_response();
    let after = HeaderValue::from_static("1");
    answer.headers_mut().insert(header::RETRY_AFTER, after);
    answer
}
