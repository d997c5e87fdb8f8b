//! Who asks for something that costs a letter is counted by the network address they come from.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};
use app::config::is_near;

use crate::error::Problem;
use crate::extract::the_app;

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
        let admitted = the_app(request).and_then(|app| app.admit(from).map_err(Problem::from));
        ready(admitted.map(|()| Self))
    }
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
    use actix_web::http::header::{HeaderName, HeaderValue};

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
