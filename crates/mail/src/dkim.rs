//! Signs letters (DKIM, RFC 6376), so that who gets one can see that it is ours and unchanged.
//!
//! `freeze` signs once, and the signature's time is the letter's own, so that the same letter gives the same bytes; that
//! is why this is written here and not left to lettre, which signs with the time of the clock.

mod canonical;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::email_address::EmailAddress;
use ring::digest::{SHA256, digest};
use ring::error::{KeyRejected, Unspecified};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use thiserror::Error;

/// Signed once more than they occur (RFC 6376 §8.15), so that nobody can add one either.
const SEALED: [&str; 11] = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
];

/// Signed where they occur; a mailing list that a letter goes through may add its own.
const SIGNED: [&str; 2] = ["List-Unsubscribe", "List-Unsubscribe-Post"];

/// The most characters of a signature on one line.
const LINE: usize = 70;

/// The key that letters are signed with, and where its public half is found. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Signer {
    key: Arc<Key>,
    domain: String,
    selector: String,
}

/// What to put in the DNS, so that others can check the signatures: one TXT record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsRecord {
    /// `<selector>._domainkey.<domain>`.
    pub name: String,
    /// `v=DKIM1; k=…; p=…`: over 255 characters for an RSA key, so in two strings in the file of a name server.
    pub value: String,
}

/// Why there is no signer; each says what to do.
#[derive(Debug, Error)]
pub enum BadKey {
    /// Not the text of a private key.
    #[error(
        "the DKIM key is not a private key in PEM. Make one with `openssl genpkey -algorithm ed25519` or \
         `openssl genrsa 2048`, and name its file"
    )]
    NotAKey,
    /// There is a password on it.
    #[error(
        "the DKIM key has a password on it. Take that off with `openssl pkey -in old.pem -out new.pem`, and let only \
         the service read the file"
    )]
    Locked,
    /// Another kind of key, or an RSA key of less than 2,048 or more than 4,096 bits.
    #[error(
        "the DKIM key cannot be used ({0}). It must be an RSA key of 2,048 to 4,096 bits (`openssl genrsa 2048`) or an \
         Ed25519 key (`openssl genpkey -algorithm ed25519`)"
    )]
    Refused(KeyRejected),
    /// The domain or the selector cannot stand in the DNS.
    #[error(
        "the DKIM domain or selector is not a name in the DNS. The domain is the part after the @ of the address that \
         letters come from; the selector is a word such as `samenspel1`"
    )]
    Name,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    /// Reads a key once, at the start: PKCS#8 or PKCS#1 in PEM, RSA or Ed25519.
    ///
    /// # Errors
    /// [`BadKey`], which says what to do and shows nothing of the key.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Self, BadKey> {
        let domain = idna::domain_to_ascii(domain).map_err(|_not_a_domain| BadKey::Name)?;
        if !is_dns_name(&domain) || !is_dns_name(selector) {
            return Err(BadKey::Name);
        }
        Ok(Self {
            key: Arc::new(Key::read(pem)?),
            domain,
            selector: selector.to_owned(),
        })
    }

    /// The record that others check the signatures with (RFC 6376 §3.6.1, RFC 8463 §4).
    pub fn dns_record(&self) -> DnsRecord {
        let (kind, public) = match self.key.as_ref() {
            Key::Rsa(pair) => ("rsa", public_key_info(pair.public_key().as_ref())),
            Key::Ed25519(pair) => ("ed25519", pair.public_key().as_ref().to_vec()),
        };
        DnsRecord {
            name: format!("{}._domainkey.{}", self.selector, self.domain),
            value: format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(public)),
        }
    }

    /// Whether a signature counts for letters from this address: its site is the signer's domain or under it, as DMARC
    /// asks at its least (RFC 7489 §3.1.1).
    pub fn signs_for(&self, from: &EmailAddress) -> bool {
        idna::domain_to_ascii(from.domain()).is_ok_and(|site| {
            site.strip_suffix(&self.domain)
                .is_some_and(|under| under.is_empty() || under.ends_with('.'))
        })
    }

    /// The message with its signature on top: relaxed/relaxed, over the headers of [`SEALED`] and [`SIGNED`].
    pub(crate) fn sign(&self, mime: &str, at: DateTime<Utc>) -> Result<Vec<u8>, Unspecified> {
        let (head, body) = mime.split_once("\r\n\r\n").unwrap_or((mime, ""));
        let (names, fields) = covered(&canonical::fields(head));
        let names: Vec<String> = names.chunks(4).map(|some| some.join(":")).collect();
        let hash = digest(&SHA256, canonical::body(body).as_bytes());
        let header = format!(
            "DKIM-Signature: v=1; a={}-sha256; c=relaxed/relaxed;\r\n\td={};\r\n\ts={}; t={};\r\n\th={};\r\n\tbh={};\r\n\tb=",
            self.key.name(),
            self.domain,
            self.selector,
            at.timestamp().max(0),
            names.join(":\r\n\t "),
            STANDARD.encode(hash)
        );
        let covered = fields + &canonical::field(&header);
        let signature = STANDARD.encode(self.key.sign(covered.as_bytes())?);
        let lines: Vec<&[u8]> = signature.as_bytes().chunks(LINE).collect();
        Ok([
            header.as_bytes(),
            &lines.join(&b"\r\n\t "[..]),
            b"\r\n",
            mime.as_bytes(),
        ]
        .concat())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Signer(..)")
    }
}

impl Key {
    fn read(pem: &str) -> Result<Self, BadKey> {
        let (label, der) = der_of(pem).ok_or(BadKey::NotAKey)?;
        match label {
            "ENCRYPTED PRIVATE KEY" => return Err(BadKey::Locked),
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).map(Self::rsa),
            "PRIVATE KEY" => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
                .map(Self::Ed25519)
                .or_else(|_another_kind| RsaKeyPair::from_pkcs8(&der).map(Self::rsa)),
            _ => return Err(BadKey::NotAKey),
        }
        .map_err(BadKey::Refused)
    }

    fn rsa(pair: RsaKeyPair) -> Self {
        Self::Rsa(Box::new(pair))
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa",
            Self::Ed25519(_) => "ed25519",
        }
    }

    /// Neither kind of signature holds anything random: the same bytes give the same signature.
    fn sign(&self, covered: &[u8]) -> Result<Vec<u8>, Unspecified> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                // The randomness hides the key from who measures the time; the signature has none of it.
                pair.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    covered,
                    &mut signature,
                )?;
                Ok(signature)
            }
            // RFC 8463 §3: the hash is signed, not the text.
            Self::Ed25519(pair) => {
                let hash = digest(&SHA256, covered);
                Ok(pair.sign(hash.as_ref()).as_ref().to_vec())
            }
        }
    }
}

/// The names for `h=`, and the fields they stand for, each ended; the last of a name first (RFC 6376 §5.4.2).
fn covered(fields: &[(&str, String)]) -> (Vec<&'static str>, String) {
    let mut names = Vec::new();
    let mut text = String::new();
    let sealed = SEALED.map(|name| (name, 1));
    for (name, more) in sealed.into_iter().chain(SIGNED.map(|name| (name, 0))) {
        let of_this_name = fields
            .iter()
            .rev()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name));
        let mut count = more;
        for (_, field) in of_this_name {
            text.push_str(field);
            text.push_str("\r\n");
            count += 1;
        }
        names.extend(std::iter::repeat_n(name, count));
    }
    (names, text)
}

/// The label and the bytes of the first block of a PEM text (RFC 7468).
fn der_of(pem: &str) -> Option<(&str, Vec<u8>)> {
    let (_, block) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = block.split_once("-----")?;
    let (text, _) = rest.split_once(&format!("-----END {label}-----"))?;
    if text.contains("ENCRYPTED") {
        // The old way of OpenSSL to put a password on a PKCS#1 key.
        return Some(("ENCRYPTED PRIVATE KEY", Vec::new()));
    }
    let text: String = text.split_ascii_whitespace().collect();
    Some((label, STANDARD.decode(text).ok()?))
}

/// An RSA key as others expect it in the DNS: a `SubjectPublicKeyInfo` (RFC 3279 §2.3.1) around the bare key.
fn public_key_info(key: &[u8]) -> Vec<u8> {
    const RSA_ENCRYPTION: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    let bits = [&[0], key].concat();
    element(0x30, &[RSA_ENCRYPTION, &element(0x03, &bits)].concat())
}

/// One element of DER: tag, length, content.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length: Vec<u8> = content
        .len()
        .to_be_bytes()
        .into_iter()
        .skip_while(|byte| *byte == 0)
        .collect();
    let head = match (length.as_slice(), u8::try_from(length.len())) {
        (&[short @ ..0x80], _) => vec![tag, short],
        (long, count) => [&[tag, 0x80 | count.unwrap_or_default()], long].concat(),
    };
    [head.as_slice(), content].concat()
}

/// Labels of letters, digits and inner hyphens, with dots between.
fn is_dns_name(name: &str) -> bool {
    name.len() <= 200
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}
