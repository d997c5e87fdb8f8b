//! The pages people see in their browser: a file for each noun. They work without JavaScript and load nothing from
//! elsewhere.
//!
//! Opening a page changes nothing, because mail scanners open links too. Only a form that is sent acts; after that the
//! browser is led to the page that shows what came of it, so that reloading does not act again.

pub(crate) mod closures;
pub(crate) mod confirmations;
pub(crate) mod consents;
pub(crate) mod files;
pub(crate) mod home;
pub(crate) mod offers;
pub(crate) mod outcomes;
pub(crate) mod privacy;
pub(crate) mod renewals;
pub(crate) mod requests;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod unsubscriptions;
pub(crate) mod vocabulary;

mod posts;
mod search;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use app::{AppError, page_path};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use domain::dutch::dates;
use domain::invalid::Invalid;
use domain::links::LinkPurpose;

use crate::error::Problem;

/// What a page answers.
pub(crate) type Answer = Result<HttpResponse, PageError>;

/// Whom a page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Audience {
    /// Anyone, search engines too.
    Everyone,
    /// Who holds the link: nothing keeps the page, and its address goes nowhere.
    Holder,
}

/// A page for everyone.
fn open(page: &impl Template) -> Answer {
    answer(StatusCode::OK, Audience::Everyone, page)
}

/// A page for who holds the link.
fn personal(page: &impl Template) -> Answer {
    answer(StatusCode::OK, Audience::Holder, page)
}

/// A page with a form that was not accepted, for who holds the link.
fn refused(page: &impl Template) -> Answer {
    answer(StatusCode::BAD_REQUEST, Audience::Holder, page)
}

fn answer(status: StatusCode, audience: Audience, page: &impl Template) -> Answer {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"));
    if audience == Audience::Holder {
        answer
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header(("X-Robots-Tag", "noindex"));
    }
    Ok(answer.body(page.render()?))
}

/// Leads the browser on after a form acted.
fn see_other(address: &str) -> Answer {
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .finish())
}

/// The address of the page a link leads to. Only what a token is made of is kept, as it goes into a header.
fn link_address(purpose: LinkPurpose, token: &str) -> String {
    format!("{}/{}", page_path(purpose), token_text(token))
}

/// A token without what no token is made of.
fn token_text(token: &str) -> String {
    token
        .chars()
        .filter(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign))
        .collect()
}

/// Whether one of the problems is with this field.
fn wrong(field: &str, problems: &[Invalid]) -> bool {
    problems.iter().any(|problem| problem.field == field)
}

/// Nothing stands at this address.
pub(crate) fn not_found() -> HttpResponse {
    PageError::from(Problem::not_found()).error_response()
}

/// A day as people and as machines read it.
struct Day {
    code: String,
    words: String,
}

impl From<DateTime<Utc>> for Day {
    fn from(instant: DateTime<Utc>) -> Self {
        Self {
            code: instant.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            words: dates::day(instant),
        }
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self {
            code: date.to_string(),
            words: dates::date(date),
        }
    }
}

/// What a page shows when it cannot show what was asked.
#[derive(Debug)]
pub(crate) struct PageError(Problem);

impl From<Problem> for PageError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        Self(error.into())
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(error = %error, "a page could not be made");
        Self(Problem::broken())
    }
}

impl std::fmt::Display for PageError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.0.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        // Some errors bring headers, such as when to try again; a page needs them as much as a program.
        let plain = self.0.error_response();
        let shown = answer(
            self.status_code(),
            Audience::Holder,
            &ErrorPage { problem: &self.0 },
        );
        let Ok(mut shown) = shown else {
            return plain;
        };
        if let Some(seconds) = plain.headers().get(header::RETRY_AFTER) {
            shown
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.clone());
        }
        shown
    }
}

#[derive(Template)]
#[template(path = "nl/error.html")]
struct ErrorPage<'a> {
    problem: &'a Problem,
}

#[cfg(test)]
mod tests;
