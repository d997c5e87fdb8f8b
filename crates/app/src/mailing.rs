//! How letters leave, by the settings: the relay or the folder, and the key they are signed with.

use std::fmt::Display;
use std::path::Path;

use anyhow::bail;
use domain::dutch::settings;
use mail::{
    DnsRecord, Login, RootCertificate, Security, Signer, SmtpRelay, SmtpSettings, Transport,
};

use crate::App;
use crate::config::{self, Config, MailSecurity, MailTransport};

/// The way letters go by these settings.
///
/// # Errors
/// A Dutch sentence when the certificate of the relay cannot be read.
pub(crate) fn transport(config: &Config) -> anyhow::Result<Transport> {
    let mail = &config.mail;
    if mail.transport == MailTransport::Files {
        return Ok(Transport::Files(mail::Folder::new(&mail.folder)));
    }
    let settings = SmtpSettings {
        host: mail.host.clone(),
        port: mail.port,
        security: match mail.security {
            MailSecurity::Plain => Security::Plain,
            MailSecurity::StartTls => Security::StartTls,
            MailSecurity::Tls => Security::Tls,
        },
        root: root_certificate(&mail.root_certificate)?,
        login: (!mail.user.is_empty()).then(|| Login {
            user: mail.user.clone(),
            password: mail.password.clone(),
        }),
        hello: config.http.public_host().to_owned(),
    };
    let relay = SmtpRelay::new(settings).with_deadlines(mail.deadlines());
    Ok(Transport::Smtp(relay))
}

fn root_certificate(file: &Path) -> anyhow::Result<Option<RootCertificate>> {
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    match RootCertificate::read(file) {
        Ok(root) => Ok(Some(root)),
        Err(cause) => bail!(settings::certificate_unusable(file.display(), &cause)),
    }
}

/// What signs letters; `None` when the settings name no key.
///
/// # Errors
/// A Dutch sentence when the key cannot be read or does not count for the address letters are from.
pub(crate) fn signer(mail: &config::Mail) -> anyhow::Result<Option<Signer>> {
    let file = &mail.dkim_key;
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    let unusable = |cause: &dyn Display| settings::dkim_key_unusable(file.display(), cause);
    let pem = std::fs::read_to_string(file).map_err(|error| anyhow::anyhow!(unusable(&error)))?;
    let signer = Signer::new(mail.from_address.domain(), &mail.dkim_selector, &pem)
        .map_err(|error| anyhow::anyhow!(unusable(&error)))?;
    Ok(Some(signer))
}

impl App {
    /// The DNS record with which others can check our signatures; `None` when letters are not signed.
    pub fn dkim_record(&self) -> Option<DnsRecord> {
        self.0.signer.as_ref().map(Signer::dns_record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadlines_are_the_usual_ones_unless_told_otherwise() {
        let mut config = Config::load(None).unwrap();
        assert_eq!(config.mail.deadlines(), mail::Deadlines::default());
        config.mail.content_seconds = 0;
        let refused = config.check().unwrap_err().to_string();
        assert!(refused.contains("mail.content_seconds"), "{refused}");
    }

    #[test]
    fn answers_that_a_power_cut_can_take_back_are_refused_on_a_public_site() {
        let mut config = Config::load(None).unwrap();
        config.database.durability = config::Durability::Normal;
        config.check().unwrap();
        config.http.public_url = "https://samenspel.example".to_owned();
        let refused = config.check().unwrap_err().to_string();
        assert!(refused.contains("database.durability"), "{refused}");
    }

    #[test]
    fn a_certificate_that_is_not_there_is_refused_by_the_name_of_its_setting() {
        let mut config = Config::load(None).unwrap();
        config.mail.root_certificate = "nergens.pem".into();
        assert!(transport(&config).is_ok(), "letters go to files");
        config.mail.transport = MailTransport::Smtp;
        let refused = transport(&config).err().unwrap().to_string();
        for part in ["mail.root_certificate", "nergens.pem", "PEM"] {
            assert!(refused.contains(part), "{refused}");
        }
    }
}
