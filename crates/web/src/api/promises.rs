//! What the contract promises of every operation, kept before its handler is asked: the parameters it knows, who must
//! sign in, and the kinds of answers there are. Read from the contract itself, so that the two cannot differ; used by
//! `routes`.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use domain::dutch::{answers, problems};
use domain::invalid::Invalid;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::{HttpMethod, OpenApi, RefOr};

use crate::api::dressing::operations;
use crate::error::Problem;

/// What every operation may answer with, and addresses the contract does not know.
const KINDS: [&str; 3] = [
    "application/json",
    "application/problem+json",
    "application/yaml",
];

/// What the contract says about one operation.
#[derive(Debug, Default)]
struct Promise {
    /// The names a query may have.
    query: BTreeSet<String>,
    /// The kinds of answers there are besides those of every operation.
    kinds: BTreeSet<String>,
    /// Whether somebody must have signed in.
    signed_in: bool,
}

/// The promises, by method and pattern of the address.
#[derive(Debug)]
pub(crate) struct Promises(BTreeMap<(String, String), Promise>);

impl Promises {
    /// What a contract promises of the addresses under `base`.
    pub(crate) fn read(base: &str, mut contract: OpenApi) -> Self {
        let mut promises = BTreeMap::new();
        for (path, item) in &mut contract.paths.paths {
            for (method, operation) in operations(item) {
                let query = operation.parameters.iter().flatten();
                let query = query.filter_map(|parameter| match parameter {
                    RefOr::T(known) if known.parameter_in == ParameterIn::Query => {
                        Some(known.name.clone())
                    }
                    _ => None,
                });
                let answers = operation.responses.responses.values();
                let kinds = answers.filter_map(|answer| match answer {
                    RefOr::T(known) => Some(known.content.keys().cloned()),
                    RefOr::Ref(_) => None,
                });
                let ways = operation.security.as_deref().unwrap_or_default();
                let promise = Promise {
                    query: query.collect(),
                    kinds: kinds.flatten().collect(),
                    signed_in: !ways.is_empty() && !ways.contains(&Default::default()),
                };
                promises.insert((name(&method).to_owned(), format!("{base}{path}")), promise);
            }
        }
        Self(promises)
    }

    /// What is wrong with a request before anybody looks what it is about.
    fn broken_by(&self, request: &ServiceRequest) -> Option<Problem> {
        let method = match request.method() {
            &Method::HEAD => Method::GET,
            other => other.clone(),
        };
        let pattern = request.match_pattern().unwrap_or_default();
        let promise = self.0.get(&(method.to_string(), pattern));
        let own = promise.iter().flat_map(|promise| &promise.kinds);
        let kinds: BTreeSet<&str> = own.map(String::as_str).chain(KINDS).collect();
        if !is_accepted(request.headers(), &kinds) {
            let kinds: Vec<&str> = kinds.into_iter().collect();
            return Some(Problem::new(
                StatusCode::NOT_ACCEPTABLE,
                "not_acceptable",
                answers::not_acceptable(&kinds),
            ));
        }
        let promise = promise?;
        if promise.signed_in && !request.headers().contains_key(header::AUTHORIZATION) {
            return Some(app::AppError::NotSignedIn.into());
        }
        let unknown: Vec<Invalid> = names_in(request.query_string())
            .into_iter()
            .filter(|sent| !promise.query.contains(sent))
            .map(|sent| problems::unknown_parameter(&sent, promise.query.iter()))
            .collect();
        (!unknown.is_empty()).then(|| Problem::invalid(unknown))
    }
}

/// Refuses what the contract does not know, before its handler is asked.
pub(crate) async fn keep(
    promises: web::Data<Promises>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match promises.broken_by(&request) {
        Some(problem) => Err(problem.into()),
        None => next.call(request).await,
    }
}

fn name(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Put => "PUT",
        HttpMethod::Post => "POST",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Patch => "PATCH",
        _ => "GET",
    }
}

/// The names of a query, each once, decoded.
fn names_in(query: &str) -> BTreeSet<String> {
    web::Query::<Vec<(String, String)>>::from_query(query)
        .map(|pairs| {
            pairs
                .into_inner()
                .into_iter()
                .map(|(name, _)| name)
                .collect()
        })
        .unwrap_or_default()
}

/// Whether the client takes an answer of a kind we have; without a wish it takes all (RFC 9110 §12.5.1).
fn is_accepted(headers: &HeaderMap, kinds: &BTreeSet<&str>) -> bool {
    let mut wishes = headers
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|wish| wish.split(';').next().unwrap_or_default().trim())
        .filter(|wish| !wish.is_empty())
        .peekable();
    wishes.peek().is_none()
        || wishes.any(|wish| {
            let range = wish.strip_suffix('*').filter(|range| range.ends_with('/'));
            match range {
                Some("*/") => true,
                Some(range) => kinds.iter().any(|kind| {
                    kind.get(..range.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(range))
                }),
                None => kinds.iter().any(|kind| kind.eq_ignore_ascii_case(wish)),
            }
        })
}
