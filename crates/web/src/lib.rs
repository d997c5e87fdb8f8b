//! HTTP: the JSON API and the pages.
//!
//! A handler says who asks, reads what, calls one function of `app`, and answers. Addresses stand in `routes`, status
//! codes in `error`.

mod admission;
mod api;
mod cors;
mod error;
mod extract;
mod feeds;
mod idempotency;
mod metrics;
mod middleware;
mod pages;
mod routes;
mod security_txt;
mod trace;

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App as Service, HttpServer, web};
use app::App;

pub use api::openapi_yaml;

/// Seconds a client may take to send the head of a request.
const HEAD_SECONDS: u64 = 5;

/// Seconds requests that are going on get to finish when the server stops.
const STOP_SECONDS: u64 = 30;

/// Whether the server is stopping: then it is not ready for new work.
#[derive(Clone, Default)]
pub(crate) struct Stopping(Arc<AtomicBool>);

impl Stopping {
    pub(crate) fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Serves until `stop` resolves, then finishes what is going on.
///
/// # Errors
/// What the operating system says when the listener cannot be used.
pub async fn run(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let stopping = Stopping::default();
    let shared = stopping.clone();
    let metrics = web::Data::new(metrics::Metrics::start());
    let promises = web::Data::new(api::promised());
    let server = HttpServer::new(move || {
        Service::new()
            .app_data(web::Data::new(app.clone()))
            .app_data(web::Data::new(shared.clone()))
            .app_data(metrics.clone())
            .app_data(promises.clone())
            .wrap(from_fn(middleware::answer))
            .configure(routes::configure)
    })
    .client_request_timeout(Duration::from_secs(HEAD_SECONDS))
    .shutdown_timeout(STOP_SECONDS)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let ending = async move {
        stop.await;
        stopping.0.store(true, Ordering::Relaxed);
        handle.stop(true).await;
    };
    let (served, ()) = tokio::join!(server, ending);
    served
}
