//! How to reach the relay: filled in by the configuration of `app`.

use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use secrecy::SecretString;

/// Where the relay is and how to speak to it.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The relay's host name; with TLS its certificate must be for this name.
    pub host: String,
    /// Its port: 587 for STARTTLS, 465 for TLS, 25 for a relay on the same machine.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who vouches for the relay, when that is not one of the usual authorities.
    pub root: Option<RootCertificate>,
    /// The login, when the relay wants one.
    pub login: Option<Login>,
    /// How we name ourselves in EHLO: the public host.
    pub hello: String,
}

/// A name and a password; `Debug` does not show the password.
#[derive(Debug, Clone)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all; only for a relay on the same machine or network.
    Plain,
    /// Starts in the clear and must switch to TLS; a relay that does not offer it gets neither login nor letter.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A certificate of one's own that vouches for the relay, instead of the usual authorities.
#[derive(Debug, Clone)]
pub struct RootCertificate(Certificate);

impl RootCertificate {
    /// Reads a PEM file.
    ///
    /// # Errors
    /// What is wrong with the file, in English as the system and the reader of certificates say it.
    pub fn read(file: &Path) -> Result<Self, String> {
        let pem = std::fs::read(file).map_err(|cause| cause.to_string())?;
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err("no PEM certificate".to_owned());
        }
        let root = Certificate::from_pem(&pem).map(Self);
        // Only who uses it finds out whether a certificate is inside.
        root.and_then(|root| root.trusted_for("localhost").map(|_usable| root))
            .map_err(|cause| cause.to_string())
    }

    /// What a connection to this host needs to trust this certificate and no other.
    pub(crate) fn trusted_for(
        &self,
        host: &str,
    ) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        TlsParameters::builder(host.to_owned())
            .certificate_store(CertificateStore::None)
            .add_root_certificate(self.0.clone())
            .build()
    }
}

/// How long each phase may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Finding and reaching the relay.
    pub connect: Duration,
    /// The reply to the greeting and to each command.
    pub command: Duration,
    /// Sending the content and the reply to it. Shorter than ten minutes makes duplicates: the relay may take the
    /// letter after we gave up (RFC 5321 §4.5.3.2.6, RFC 1047).
    pub content: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(60),
            content: Duration::from_secs(600),
        }
    }
}
