//! Settings of the server.

use std::net::SocketAddr;

use serde::Deserialize;

use super::unless;

/// Settings of the server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The address people see, without a slash at the end.
    pub public_url: String,
    /// Seconds a request may take to send its body.
    pub body_seconds: u64,
    /// Pages of others that may call the API from a browser, each as scheme, host and port; none by default.
    pub allowed_origins: Vec<String>,
    /// Who may read `/metrics`.
    pub metrics: MetricsFor,
}

/// Who may read the figures of how the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricsFor {
    /// Programs on this machine or a private network that do not come through a proxy.
    Private,
    /// Everybody.
    Open,
    /// Nobody.
    Off,
}

impl Http {
    /// The host of the public address: the right side of every Message-ID.
    pub fn public_host(&self) -> &str {
        let (_, rest) = self
            .public_url
            .split_once("://")
            .unwrap_or(("", &self.public_url));
        rest.split(['/', ':']).next().unwrap_or_default()
    }

    /// Whether people reach the server over TLS only.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    pub(super) fn problems(&self) -> Vec<String> {
        let has_scheme = self.public_url.starts_with("http://") || self.is_secure();
        [
            unless(
                has_scheme && !self.public_url.ends_with('/') && !self.public_host().is_empty(),
                "http.public_url",
                "Schrijf het hele adres zonder streep aan het eind, zoals https://samenspel.nl.",
            ),
            unless(
                self.allowed_origins.iter().all(|origin| is_origin(origin)),
                "http.allowed_origins",
                "Schrijf elk adres als https://site.nl, zonder pad of streep aan het eind.",
            ),
            unless(
                (1..=300).contains(&self.body_seconds),
                "http.body_seconds",
                "Kies 1 tot en met 300.",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether a text is an origin as browsers send it (RFC 6454 §6.2).
fn is_origin(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        let taken = |letter: char| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-:[]".contains(letter)
        };
        !host.is_empty() && host.chars().all(taken)
    })
}
