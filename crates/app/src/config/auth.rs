//! Settings of bearer tokens.

use std::num::NonZeroU32;

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
    /// Whose bearer tokens hold too: those that signed before, and the one that is to sign next.
    pub previous_secrets: Vec<SecretString>,
    /// Minutes a bearer token works.
    pub token_minutes: i64,
    /// Days after which somebody logs in again, however often their session was refreshed.
    pub session_days: i64,
    /// Letters with a link one address gets in an hour, whoever asks for them.
    pub letters_per_hour: NonZeroU32,
    /// Registrations and login links that one network address may ask for in an hour.
    pub asks_per_hour: NonZeroU32,
}

impl Auth {
    pub(super) fn problems(&self) -> Vec<String> {
        let is_long = |secret: &SecretString| secret.expose_secret().chars().count() >= MIN_SECRET;
        [
            unless(
                self.secret.expose_secret().is_empty() || is_long(&self.secret),
                "auth.secret",
                "Gebruik minstens 32 willekeurige tekens, of laat het leeg bij SQLite.",
            ),
            unless(
                self.previous_secrets.iter().all(is_long),
                "auth.previous_secrets",
                "Elk heeft minstens 32 tekens. Haal wat korter is weg.",
            ),
            unless(
                (1..=1_440).contains(&self.token_minutes),
                "auth.token_minutes",
                "Kies 1 tot en met 1440.",
            ),
            unless(
                (1..=365).contains(&self.session_days),
                "auth.session_days",
                "Kies 1 tot en met 365.",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
