//! Requests that were answered: how many, how, and how long it took.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::{Method, StatusCode};

use super::text::{Exposition, Kind};

/// Seconds that divide the answers; what takes longer than the last counts under none but all.
const BOUNDS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

const COUNT: &str = "samenspel_http_requests_total";
const TIME: &str = "samenspel_http_request_duration_seconds";

/// What there is to know of a request that was answered; nothing of who asked, or for what.
pub(crate) struct Answered<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// The pattern of the path; empty when nothing stands there.
    pub(crate) route: &'a str,
    /// The status.
    pub(crate) status: StatusCode,
    /// How long it took.
    pub(crate) took: Duration,
}

/// The counts; clones share them.
#[derive(Clone, Default)]
pub(crate) struct Requests(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    /// By method, route and class of the status.
    answers: BTreeMap<(&'static str, String, u16), u64>,
    /// By method and route.
    times: BTreeMap<(&'static str, String), Times>,
}

#[derive(Default)]
struct Times {
    /// Answers that took at most each of the bounds.
    within: [u64; BOUNDS.len()],
    all: u64,
    seconds: f64,
}

impl Requests {
    /// Counts one more.
    pub(crate) fn count(&self, answered: &Answered<'_>) {
        let method = named(answered.method);
        let route = if answered.route.is_empty() {
            "none"
        } else {
            answered.route
        };
        let class = answered.status.as_u16() / 100;
        let seconds = answered.took.as_secs_f64();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts
            .answers
            .entry((method, route.to_owned(), class))
            .or_default() += 1;
        let times = counts.times.entry((method, route.to_owned())).or_default();
        for (within, bound) in times.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(seconds <= bound);
        }
        times.all += 1;
        times.seconds += seconds;
    }

    pub(super) fn write(&self, out: &mut Exposition) {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.family(
            COUNT,
            Kind::Counter,
            "Requests that were answered, by class of the status.",
        );
        for ((method, route, class), count) in &counts.answers {
            let status = format!("{class}xx");
            let labels = [
                ("method", *method),
                ("route", route.as_str()),
                ("status", &status),
            ];
            out.sample(COUNT, &labels, count);
        }
        out.family(
            TIME,
            Kind::Histogram,
            "How long it took to answer requests.",
        );
        for ((method, route), times) in &counts.times {
            let labels = [("method", *method), ("route", route.as_str())];
            let bucket = |out: &mut Exposition, bound: &str, count: u64| {
                let [method, route] = labels;
                out.sample(
                    &format!("{TIME}_bucket"),
                    &[method, route, ("le", bound)],
                    count,
                );
            };
            for (bound, count) in BOUNDS.iter().zip(times.within) {
                bucket(out, &bound.to_string(), count);
            }
            bucket(out, "+Inf", times.all);
            out.sample(&format!("{TIME}_sum"), &labels, times.seconds);
            out.sample(&format!("{TIME}_count"), &labels, times.all);
        }
    }
}

/// The method, or `other`: who asks can make up any number of them.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
