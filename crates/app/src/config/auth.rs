//! Settings of bearer tokens.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::unless;

/// Characters a secret has at least: 256 bits when they are random letters and digits (RFC 7518 §3.2).
const MIN_SECRET: usize = 32;

/// How people prove who they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Signs bearer tokens; empty means that a file beside the embedded database holds it.
    pub secret: SecretString,
    /// Minutes a bearer token works.
    pub token_minutes: i64,
}

impl Auth {
    pub(super) fn problems(&self) -> Vec<String> {
        let length = self.secret.expose_secret().chars().count();
        [
            unless(
                length == 0 || length >= MIN_SECRET,
                "auth.secret",
                "Gebruik minstens 32 willekeurige tekens, of laat het leeg bij SQLite.",
            ),
            unless(
                (1..=1_440).contains(&self.token_minutes),
                "auth.token_minutes",
                "Kies 1 tot en met 1440.",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
