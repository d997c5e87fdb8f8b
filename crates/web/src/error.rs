//! What goes over the wire when something is not done: problem details (RFC 9457), and the one table of status codes.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use app::{AppError, Conflict};
use domain::dutch::{answers, match_runs as runs, outbox, reviews, sessions};
use domain::invalid::Invalid;
use serde::Serialize;
use utoipa::ToSchema;

/// Seconds after which a busy service is worth another try.
const BUSY_SECONDS: u16 = 2;

/// An error as problem details: what went wrong, in Dutch, and for wrong input each field with what to do.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank", "status": 400, "code": "invalid", "title": "Niet goed ingevuld",
    "detail": "Een veld klopt niet. Kijk bij dat veld wat u kunt doen.",
    "errors": [{ "pointer": "/title", "detail": "Deze tekst heeft 3 tekens.", "remedy": "Schrijf er minstens 5." }]
}))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Problem {
    /// What kind of problem it is; the code tells kinds apart.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// The HTTP status.
    pub(crate) status: u16,
    /// A stable code for programs.
    pub(crate) code: &'static str,
    /// A short title for people.
    pub(crate) title: &'static str,
    /// What happened and what to do.
    pub(crate) detail: String,
    /// Each field that cannot be accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<FieldProblem>,
    /// Seconds after which it is worth another try, for the header that says so.
    #[serde(skip)]
    pub(crate) retry_seconds: Option<u16>,
    /// The trace the request belongs to (W3C Trace Context), when the client sent one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) trace_id: Option<Box<str>>,
}

/// One field that cannot be accepted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// Where the field is, as a JSON pointer (RFC 6901), or the name of a query parameter behind `?`.
    pub(crate) pointer: String,
    /// What is wrong with it.
    pub(crate) detail: String,
    /// What to do.
    pub(crate) remedy: String,
    /// Values that would have been accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) choices: Vec<String>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        (title, detail): answers::Answer,
    ) -> Self {
        Self {
            kind: "about:blank",
            status: status.as_u16(),
            code,
            title,
            detail,
            errors: Vec::new(),
            retry_seconds: None,
            trace_id: None,
        }
    }

    /// Fields that cannot be accepted.
    pub(crate) fn invalid(problems: Vec<Invalid>) -> Self {
        Self::of_fields(problems.into_iter().map(FieldProblem::from).collect())
    }

    /// The same, of fields that already have a pointer.
    pub(crate) fn of_fields(errors: Vec<FieldProblem>) -> Self {
        let answer = answers::invalid(errors.len());
        Self {
            errors,
            ..Self::new(StatusCode::BAD_REQUEST, "invalid", answer)
        }
    }

    /// A header that cannot be accepted; it is named as it is, as there is no pointer to it.
    pub(crate) fn of_header(invalid: Invalid) -> Self {
        let name = invalid.field.clone();
        let mut problem = Self::invalid(vec![invalid]);
        for each in &mut problem.errors {
            each.pointer.clone_from(&name);
        }
        problem
    }

    /// There is nothing here.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", answers::not_found())
    }

    /// A fault of ours; the cause was logged.
    pub(crate) fn broken() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "broken",
            answers::broken(),
        )
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Invalid> for FieldProblem {
    fn from(problem: Invalid) -> Self {
        let pointer = match problem.field.strip_prefix('?') {
            Some(_) => problem.field,
            None => format!("/{}", problem.field.replace('.', "/")),
        };
        Self {
            pointer,
            detail: problem.reason,
            remedy: problem.remedy,
            choices: problem.choices,
        }
    }
}

/// The one table from how a use case ended to what goes over the wire.
impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(problems) => Self::invalid(problems),
            AppError::NotSignedIn => Self::new(
                StatusCode::UNAUTHORIZED,
                "not_signed_in",
                answers::not_signed_in(),
            ),
            AppError::TokenRefused => Self::new(
                StatusCode::UNAUTHORIZED,
                "token_refused",
                sessions::refused(),
            ),
            AppError::TooOften { seconds } => {
                let answer = sessions::too_often(seconds);
                Self {
                    retry_seconds: Some(u16::try_from(seconds).unwrap_or(u16::MAX)),
                    ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often", answer)
                }
            }
            AppError::Forbidden => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", answers::forbidden())
            }
            AppError::NotFound => Self::not_found(),
            AppError::Conflict(why) => why.into(),
            AppError::Stale => {
                Self::new(StatusCode::PRECONDITION_FAILED, "stale", answers::stale())
            }
            AppError::Busy => Self {
                retry_seconds: Some(BUSY_SECONDS),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", answers::busy())
            },
            AppError::Broken(cause) => {
                tracing::error!(
                    error = format!("{cause:#}"),
                    "a request failed by our fault"
                );
                Self::broken()
            }
        }
    }
}

impl From<Conflict> for Problem {
    fn from(why: Conflict) -> Self {
        let conflict = StatusCode::CONFLICT;
        match why {
            Conflict::Taken { field } => {
                let mut problem = Self::new(conflict, "taken", answers::taken());
                let (_, detail) = answers::taken();
                problem.errors = vec![FieldProblem {
                    pointer: format!("/{field}"),
                    detail: problem.title.to_owned(),
                    remedy: detail,
                    choices: Vec::new(),
                }];
                problem
            }
            Conflict::Post { state } => {
                Self::new(conflict, "wrong_state", answers::wrong_post_state(state))
            }
            Conflict::Match { state } => {
                Self::new(conflict, "wrong_state", answers::wrong_match_state(state))
            }
            Conflict::Answered => Self::new(conflict, "answered", answers::answered()),
            Conflict::MatchGoing => Self::new(conflict, "match_going", answers::match_going()),
            Conflict::Refused { gate } => Self::new(conflict, "refused", answers::refused(gate)),
            Conflict::Gone => Self::new(conflict, "gone", outbox::gone()),
            Conflict::TooManySubscriptions => Self::new(
                conflict,
                "too_many_subscriptions",
                answers::too_many_subscriptions(),
            ),
            Conflict::RunGoing => Self::new(conflict, "run_going", runs::going()),
            Conflict::RunUnfinished => Self::new(conflict, "run_unfinished", runs::unfinished()),
            Conflict::RunSigned => Self::new(conflict, "run_signed", runs::signed()),
            Conflict::Claimed { by, until } => {
                Self::new(conflict, "claimed", reviews::claimed(&by, until))
            }
            Conflict::LinkOver => Self::new(StatusCode::GONE, "link_over", answers::link_over()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.status, self.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status());
        if self.status() == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = self.retry_seconds {
            answer.insert_header((header::RETRY_AFTER, u64::from(seconds)));
        }
        let body = serde_json::to_string(self).unwrap_or_default();
        let mut answer = answer.body(body);
        // For who knows the trace, around the handlers.
        answer.extensions_mut().insert(self.clone());
        answer.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        answer
    }
}
