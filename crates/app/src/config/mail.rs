//! Settings of outgoing mail.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use domain::email_address::EmailAddress;
use domain::ids::DeliveryId;
use domain::person_name::DisplayName;
use mail::Deadlines;
use secrecy::SecretString;
use serde::Deserialize;

use super::unless;

/// How letters go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// To a folder or over a relay.
    pub transport: MailTransport,
    /// The folder for files.
    pub folder: PathBuf,
    /// The relay's host.
    pub host: String,
    /// The relay's port.
    pub port: u16,
    /// How the connection to the relay is protected.
    pub security: MailSecurity,
    /// A PEM file with the certificate that vouches for the relay; empty for the usual authorities.
    pub root_certificate: PathBuf,
    /// Seconds to reach the relay.
    pub connect_seconds: u64,
    /// Seconds to wait for the reply to the greeting and to each command.
    pub command_seconds: u64,
    /// Seconds to send a letter and wait for the reply to it.
    pub content_seconds: u64,
    /// The login; empty for none.
    pub user: String,
    /// Its password.
    pub password: SecretString,
    /// Who letters are from.
    pub from_name: DisplayName,
    /// The address they are from.
    pub from_address: EmailAddress,
    /// Where relays report what they cannot deliver; each delivery adds a mark of its own to the part before the @.
    pub return_path: EmailAddress,
    /// A Maildir in which mail to the return path arrives; empty for none.
    pub bounces_folder: PathBuf,
    /// Where a listener for mail to the return path listens, on this machine only; empty for none.
    pub bounces_listen: String,
    /// A PEM file with the private key that letters are signed with (DKIM); empty for none.
    pub dkim_key: PathBuf,
    /// The name of the key in the DNS.
    pub dkim_selector: String,
}

/// Where letters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// To a folder of `.eml` files.
    Files,
    /// Over a relay.
    Smtp,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// Not at all.
    Plain,
    /// Switches to TLS after the greeting, and must.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl Mail {
    /// How long the relay may take over the content of a letter.
    pub(crate) fn longest_content(&self) -> TimeDelta {
        TimeDelta::from_std(self.deadlines().content).unwrap_or(TimeDelta::MAX)
    }

    /// How long each phase may take.
    pub fn deadlines(&self) -> Deadlines {
        Deadlines {
            connect: Duration::from_secs(self.connect_seconds),
            command: Duration::from_secs(self.command_seconds),
            content: Duration::from_secs(self.content_seconds),
        }
    }

    /// Where the listener for returned mail listens.
    pub(crate) fn bounces_listener(&self) -> Option<SocketAddr> {
        let address: SocketAddr = self.bounces_listen.parse().ok()?;
        address.ip().is_loopback().then_some(address)
    }

    pub(super) fn problems(&self) -> Vec<String> {
        let smtp = self.transport == MailTransport::Smtp;
        let is_local = ["127.0.0.1", "localhost", "::1"].contains(&self.host.as_str());
        [
            unless(
                !smtp || !self.host.is_empty(),
                "mail.host",
                "Vul de naam van de mailserver in.",
            ),
            unless(
                !smtp || self.port > 0,
                "mail.port",
                "Vul een poort in, zoals 587.",
            ),
            unless(
                !smtp || self.user.is_empty() || is_local || self.security != MailSecurity::Plain,
                "mail.security",
                "Kies starttls of tls: anders gaat het wachtwoord leesbaar over het net.",
            ),
            unless(
                mail::return_path(&self.return_path, DeliveryId::new(Utc::now())).is_ok(),
                "mail.return_path",
                "Neem een adres met hoogstens 31 tekens voor de @.",
            ),
            unless(
                self.bounces_listener().is_some() || self.bounces_listen.is_empty(),
                "mail.bounces_listen",
                "Schrijf een adres van deze machine met een poort, zoals 127.0.0.1:2525.",
            ),
            unless(
                (1..=60).contains(&self.connect_seconds),
                "mail.connect_seconds",
                "Kies 1 tot en met 60.",
            ),
            unless(
                (1..=600).contains(&self.command_seconds),
                "mail.command_seconds",
                "Kies 1 tot en met 600.",
            ),
            unless(
                (1..=3600).contains(&self.content_seconds),
                "mail.content_seconds",
                "Kies 1 tot en met 3600.",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
