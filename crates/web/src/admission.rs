//! Who asks for something that costs a letter is counted by the network address they come from, and told how often they
//! may ask still (`RateLimit` header fields for HTTP, draft 11 of the HTTP API working group of the IETF).

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use app::AppError;
use app::config::is_near;

use crate::error::Problem;
use crate::extract::the_app;

/// How often somebody may ask in which time.
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How often they may still.
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Seconds.
const HOUR: u64 = 3_600;

/// Somebody who may still ask; taking it counts.
pub(crate) struct Admitted;

impl FromRequest for Admitted {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = request.peer_addr().map(|peer| peer.ip());
        let from = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| {
            asker(peer, request.headers())
        });
        let admitted = the_app(request).and_then(|app| {
            let admitted = app.admit(from);
            let budget = Budget::of(&admitted, app.config().auth.asks_per_hour);
            request.extensions_mut().insert(budget);
            Ok(admitted?)
        });
        ready(admitted.map(|_left| Self))
    }
}

/// How often somebody may ask, and may ask still.
#[derive(Debug, Clone, Copy)]
struct Budget {
    in_an_hour: NonZeroU32,
    left: u32,
    /// Until the next may come when none is left, and until all are back otherwise.
    seconds: u64,
}

impl Budget {
    fn of(admitted: &Result<u32, AppError>, in_an_hour: NonZeroU32) -> Self {
        let (left, seconds) = match admitted {
            Ok(left) => {
                let used = u64::from(in_an_hour.get().saturating_sub(*left));
                (*left, (used * HOUR).div_ceil(u64::from(in_an_hour.get())))
            }
            Err(AppError::TooOften { seconds }) => (0, *seconds),
            Err(_) => (0, HOUR),
        };
        Self {
            in_an_hour,
            left,
            seconds,
        }
    }

    /// The headers that tell it.
    fn headers(self) -> [(HeaderName, String); 2] {
        let Self {
            in_an_hour,
            left,
            seconds,
        } = self;
        [
            (POLICY, format!("\"asks\";q={in_an_hour};w={HOUR}")),
            (LIMIT, format!("\"asks\";r={left};t={seconds}")),
        ]
    }
}

/// Tells who was counted how often they may ask still.
pub(crate) async fn tell(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let budget = response.request().extensions().get::<Budget>().copied();
    for (name, text) in budget.iter().flat_map(|budget| budget.headers()) {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// The network address somebody asks from. Our own proxies stand near and write down whom they ask for, each behind the
/// one before, so the last that is not near is as far as can be trusted; somebody who is not near can write anything.
fn asker(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !is_near(peer) {
        return peer;
    }
    let told: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    told.iter()
        .rev()
        .map_while(|text| address(text.trim()))
        .find(|address| !is_near(*address))
        .unwrap_or(peer)
}

/// An address as proxies write it: some add a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = |text: &str| text.parse().map(|place: SocketAddr| place.ip());
    text.parse().or_else(|_no_address| with_port(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(peer: &str, told: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in told {
            let name = HeaderName::from_static("x-forwarded-for");
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        asker(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_proxy_of_our_own_is_believed_and_only_the_last_it_tells() {
        assert_eq!(asks("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(asks("127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(asks("198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        let forged = ["1.1.1.1, 203.0.113.9"];
        assert_eq!(asks("10.0.0.2", &forged), "203.0.113.9");
        let two_proxies = ["1.1.1.1, 203.0.113.9", "10.0.0.3"];
        assert_eq!(asks("10.0.0.2", &two_proxies), "203.0.113.9");
        assert_eq!(asks("10.0.0.2", &["203.0.113.9, x"]), "10.0.0.2");
        assert_eq!(asks("::1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(asks("::1", &["[2001:db8::1]:80"]), "2001:db8::1");
    }
}
