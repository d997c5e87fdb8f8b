//! `/metrics`: how the service is, in figures for Prometheus. Outside `/v1`; nothing personal, and no ids.

mod requests;
mod text;

use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::{HttpRequest, HttpResponse, web};
use app::config::{MetricsFor, is_near};
use app::{App, Inventory, OutboxHealth};
use domain::letters::DeliveryState;

pub(crate) use requests::{Answered, Requests};
use text::{Exposition, Kind};

use crate::api::Answer;
use crate::error::Problem;

/// What a proxy says of whom it asks for; who comes with any of these does not come from near.
const OF_PROXIES: [&str; 6] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// What is known of this process; clones share it.
#[derive(Clone)]
pub(crate) struct Metrics {
    pub(crate) requests: Requests,
    started: f64,
}

impl Metrics {
    /// Begins to count.
    pub(crate) fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            requests: Requests::default(),
            started: since.unwrap_or_default().as_secs_f64(),
        }
    }
}

/// `GET /metrics`
pub(crate) async fn get(
    request: HttpRequest,
    app: web::Data<App>,
    metrics: web::Data<Metrics>,
) -> Answer {
    if !may_read(&request, &app) {
        return Err(Problem::not_found());
    }
    let mut out = Exposition::default();
    of_process(&mut out, &metrics);
    metrics.requests.write(&mut out);
    of_outbox(&mut out, &app.outbox_health().await?);
    of_market(&mut out, &app.inventory().await?);
    Ok(HttpResponse::Ok()
        .content_type(text::CONTENT_TYPE)
        .body(out.into_text()))
}

/// Whether the settings let this one read.
fn may_read(request: &HttpRequest, app: &App) -> bool {
    let http = &app.config().http;
    match http.metrics {
        MetricsFor::Open => true,
        MetricsFor::Off => false,
        MetricsFor::Private => {
            let headers = request.headers();
            let comes_from_near = request.peer_addr().is_some_and(|peer| is_near(peer.ip()));
            // A proxy on this machine asks for people who are elsewhere.
            let through_proxy = OF_PROXIES.iter().any(|name| headers.contains_key(*name));
            comes_from_near && !through_proxy && !(http.is_secure() && names_site(request, app))
        }
    }
}

/// Whether the site itself was asked for, as a proxy does that says nothing of whom it asks for.
fn names_site(request: &HttpRequest, app: &App) -> bool {
    let asked = request.headers().get("host");
    let asked = asked
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let asked = asked.split(':').next().unwrap_or_default();
    asked.eq_ignore_ascii_case(app.config().http.public_host())
}

fn of_process(out: &mut Exposition, metrics: &Metrics) {
    out.family(
        "samenspel_build_info",
        Kind::Gauge,
        "The version of the program.",
    );
    out.sample(
        "samenspel_build_info",
        &[("version", env!("CARGO_PKG_VERSION"))],
        1,
    );
    out.family(
        "process_start_time_seconds",
        Kind::Gauge,
        "When the process started, in seconds since 1970.",
    );
    out.sample("process_start_time_seconds", &[], metrics.started);
}

fn of_outbox(out: &mut Exposition, health: &OutboxHealth) {
    out.family(
        "samenspel_deliveries",
        Kind::Gauge,
        "Deliveries in each state, of all instances together.",
    );
    for state in DeliveryState::ALL {
        let count = health.deliveries.get(state).copied().unwrap_or_default();
        out.sample("samenspel_deliveries", &[("state", state.code())], count);
    }
    out.family(
        "samenspel_outbox_oldest_wait_seconds",
        Kind::Gauge,
        "How long the delivery that waits longest could have gone already.",
    );
    let waited = health.oldest_wait.as_seconds_f64();
    out.sample("samenspel_outbox_oldest_wait_seconds", &[], waited);
    out.family(
        "samenspel_outbox_paused",
        Kind::Gauge,
        "1 while no letter goes because somebody said so, or since a backup was put back.",
    );
    out.sample("samenspel_outbox_paused", &[], yes(health.pause.is_some()));
    out.family(
        "samenspel_relay_down",
        Kind::Gauge,
        "1 while this process leaves the relay alone because it does not work.",
    );
    out.sample("samenspel_relay_down", &[], yes(health.relay_is_down));
}

fn of_market(out: &mut Exposition, inventory: &Inventory) {
    out.family("samenspel_open_posts", Kind::Gauge, "Posts that are open.");
    for (kind, count) in [
        ("request", inventory.open_requests),
        ("offer", inventory.open_offers),
    ] {
        out.sample("samenspel_open_posts", &[("kind", kind)], count);
    }
}

fn yes(holds: bool) -> u8 {
    u8::from(holds)
}
