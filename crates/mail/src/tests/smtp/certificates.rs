//! Relays with a certificate of their own.

use torture::relay::{Protection, Relay, Script};

use super::{PATIENT, settings, with_login};
use crate::tests::sample::parcel;
use crate::{Phase, RootCertificate, Security, SmtpRelay, SmtpSettings, Transport, Verdict};

/// A transport that speaks to a relay in this way, and trusts only this certificate.
fn trusting(relay: &Relay, security: Security, root: &Relay) -> Transport {
    let settings = SmtpSettings {
        security,
        root: Some(RootCertificate::read(root.root_certificate()).unwrap()),
        ..settings(relay.port())
    };
    Transport::Smtp(SmtpRelay::new(settings).with_deadlines(PATIENT))
}

#[tokio::test]
async fn a_relay_with_a_certificate_of_its_own_is_trusted_when_told_to() {
    for (protection, security, wrong_at) in [
        (Protection::StartTls, Security::StartTls, Phase::StartTls),
        (Protection::Tls, Security::Tls, Phase::Connect),
    ] {
        let relay = Relay::start(Script::new().protection(protection)).unwrap();
        let letter = parcel("ria@heeze.example");
        let told = trusting(&relay, security, &relay);
        told.transmit(&letter).await.unwrap();
        assert_eq!(relay.copies_for("ria@heeze.example"), 1);

        let other = Relay::start(Script::new()).unwrap();
        let usual = with_login(relay.port(), security);
        for stranger in [trusting(&relay, security, &other), usual] {
            let failure = stranger.transmit(&letter).await.unwrap_err();
            let found = (failure.phase, failure.verdict);
            assert_eq!(found, (wrong_at, Verdict::RelayDown), "{failure}");
            assert!(failure.text.contains("certificate"), "{failure}");
        }
        let seen = relay.seen();
        assert_eq!(seen.letters, 1, "nothing was said to a stranger");
        assert!(seen.commands.iter().all(|said| !said.starts_with("AUTH")));
    }
}

#[test]
fn a_file_without_a_certificate_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for text in ["", "hallo", broken] {
        std::fs::write(&file, text).unwrap();
        assert!(RootCertificate::read(&file).is_err(), "{text:?}");
    }
    assert!(RootCertificate::read(&folder.path().join("none")).is_err());
}
