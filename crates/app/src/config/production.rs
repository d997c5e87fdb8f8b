//! What must not be so where people reach the site over https, and what is unwise anywhere.

use std::collections::BTreeSet;

use domain::dutch::settings as words;
use secrecy::ExposeSecret;

use super::network::{is_near_host, is_nobodys};
use super::{Config, MailSecurity, MailTransport, unless};

/// Different characters that a secret drawn at random has at least; 32 random hexadecimal digits have fewer once in
/// some ten thousand.
const DIFFERENT: usize = 8;

/// Words that stand in secrets of examples.
const OF_EXAMPLES: [&str; 7] = [
    "example",
    "voorbeeld",
    "change",
    "verander",
    "geheim",
    "secret",
    "password",
];

/// Seconds after which a relay has certainly answered to a letter (RFC 5321 §4.5.3.2.6).
const PATIENCE_SECONDS: u64 = 600;

impl Config {
    /// Settings that are unsafe where people reach the site over https; nothing where they do not.
    pub(super) fn unsafe_settings(&self) -> Vec<String> {
        if !self.http.is_secure() {
            return Vec::new();
        }
        let mail = &self.mail;
        let is_plain =
            mail.transport == MailTransport::Smtp && mail.security == MailSecurity::Plain;
        let listens = self.http.listen.ip();
        [
            unless(
                !is_guessable(self.auth.secret.expose_secret()),
                "auth.secret",
                words::secret_guessable(),
            ),
            unless(
                !self
                    .auth
                    .previous_secrets
                    .iter()
                    .any(|secret| is_guessable(secret.expose_secret())),
                "auth.previous_secrets",
                words::secret_guessable(),
            ),
            unless(
                mail.transport != MailTransport::Files,
                "mail.transport",
                words::mail_reaches_nobody(),
            ),
            unless(
                !is_plain || is_near_host(&mail.host),
                "mail.security",
                words::mail_readable(),
            ),
            unless(
                !is_nobodys(&mail.from_address.site()),
                "mail.from_address",
                words::address_of_example(),
            ),
            unless(
                !is_nobodys(&mail.return_path.site()),
                "mail.return_path",
                words::address_of_example(),
            ),
            unless(
                listens.is_unspecified() || is_near_host(&listens.to_string()),
                "http.listen",
                words::listens_to_all(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Settings that work and are unwise, each with what would be better.
    pub fn warnings(&self) -> Vec<String> {
        let is_production = self.http.is_secure();
        let smtp = self.mail.transport == MailTransport::Smtp;
        let database_is_near = database_host(&self.database.url).is_none_or(is_near_host);
        [
            unless(
                is_production || is_near_host(self.http.public_host()),
                "http.public_url",
                words::site_readable(),
            ),
            unless(
                !is_production || !self.http.listen.ip().is_unspecified(),
                "http.listen",
                words::listens_everywhere(),
            ),
            unless(
                !smtp || self.mail.content_seconds >= PATIENCE_SECONDS,
                "mail.content_seconds",
                words::impatient(),
            ),
            unless(
                !is_production || !smtp || !self.outbox.ask_command.is_empty(),
                "outbox.ask_command",
                words::relay_not_asked(),
            ),
            unless(database_is_near, "database.url", words::database_readable()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether somebody could guess a secret: one that stood in an example, or with few different characters. An empty one
/// is in a file that nobody chose.
fn is_guessable(secret: &str) -> bool {
    if secret.is_empty() {
        return false;
    }
    let lower = secret.to_lowercase();
    let different: BTreeSet<char> = lower.chars().collect();
    different.len() < DIFFERENT || OF_EXAMPLES.iter().any(|word| lower.contains(word))
}

/// The host of an address of PostgreSQL; `None` for a file, or for a socket on this machine.
fn database_host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.starts_with("postgres") {
        return None;
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let place = authority
        .rsplit_once('@')
        .map_or(authority, |(_, place)| place);
    let host = match place.split_once(']') {
        Some((six, _port)) => six,
        None => place.split(':').next().unwrap_or_default(),
    };
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn production() -> Config {
        let mut config = Config::load(None).unwrap();
        config.http.public_url = "https://samenspel.nl".to_owned();
        config.mail.transport = MailTransport::Smtp;
        config.mail.from_address = "samenspel@samenspel.nl".parse().unwrap();
        config.mail.return_path = "bounces@samenspel.nl".parse().unwrap();
        config.auth.secret = "2f0c9e1b7ad84c53b6e0917d3f5a8c42".into();
        config
    }

    #[test]
    fn everything_unsafe_is_refused_at_once_where_people_come_over_https() {
        production().check().unwrap();
        let mut config = Config::load(None).unwrap();
        config.http.listen = "203.0.113.9:80".parse().unwrap();
        config.auth.secret = "verander dit geheim van 32 tekens of meer".into();
        config.check().unwrap();
        config.http.public_url = "https://samenspel.nl".to_owned();
        let refused = config.check().unwrap_err().to_string();
        let settings = [
            "auth.secret:",
            "mail.transport:",
            "mail.from_address:",
            "mail.return_path:",
            "http.listen:",
        ];
        for setting in settings {
            assert!(refused.contains(setting), "{setting} in {refused}");
        }
        assert_eq!(refused.lines().count(), settings.len(), "{refused}");
    }

    #[test]
    fn a_relay_on_the_internet_must_be_spoken_to_over_tls() {
        let mut config = production();
        config.mail.host = "smtp.relay.nl".to_owned();
        assert!(
            config
                .check()
                .unwrap_err()
                .to_string()
                .contains("mail.security")
        );
        config.mail.security = MailSecurity::StartTls;
        config.check().unwrap();
        for near in ["127.0.0.1", "10.0.0.7", "mailsink"] {
            config.mail.security = MailSecurity::Plain;
            config.mail.host = near.to_owned();
            config.check().unwrap();
        }
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_refused() {
        for guessable in [
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "een voorbeeld van ruim dertig tekens!",
        ] {
            let mut config = production();
            config.auth.secret = guessable.into();
            assert!(
                config
                    .check()
                    .unwrap_err()
                    .to_string()
                    .contains("auth.secret"),
                "{guessable}"
            );
        }
        let mut config = production();
        config.auth.secret = "".into();
        config.check().unwrap();
    }

    #[test]
    fn what_is_unwise_is_said_and_works() {
        assert!(Config::load(None).unwrap().warnings().is_empty());
        let mut config = production();
        config.outbox.ask_command = vec!["asked".to_owned()];
        assert!(config.warnings().is_empty(), "{:?}", config.warnings());
        config.outbox.ask_command.clear();
        config.http.listen = "0.0.0.0:8080".parse().unwrap();
        config.mail.content_seconds = 30;
        config.database.url = "postgres://ria:ge@db.relay.nl:5432/markt".to_owned();
        config.check().unwrap();
        let said = config.warnings().join("\n");
        for setting in [
            "http.listen",
            "mail.content_seconds",
            "outbox.ask_command",
            "database.url",
        ] {
            assert!(said.contains(setting), "{setting} in {said}");
        }
        config.http.public_url = "http://samenspel.nl".to_owned();
        assert!(config.warnings().join("\n").contains("http.public_url"));
    }

    #[test]
    fn the_host_of_a_database_is_found() {
        for (url, host) in [
            ("samenspel.sqlite", None),
            ("postgres:///markt?host=/run/postgresql", None),
            ("postgres://db/markt", Some("db")),
            ("postgres://ria:x@10.0.0.1:5432/markt", Some("10.0.0.1")),
            ("postgresql://ria@[fd00::1]:5432/markt", Some("[fd00::1")),
        ] {
            assert_eq!(database_host(url), host, "{url}");
        }
    }
}
