//! An e-mail address that can be written to; used for members, senders and the recipients of letters.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::dutch::mail;
use crate::invalid::Invalid;

/// A checked address: `name@site.nl`, kept as typed but for the white space around it.
///
/// The name is an unquoted ASCII name (RFC 5321 §4.1.2 `Dot-string`); the site has at least one dot and may be
/// Unicode. `Debug` shows the masked form, so that an address does not slip into a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The most characters an address may have (RFC 5321 §4.5.3.1.3, less the angle brackets).
    pub const MAX_LENGTH: usize = 254;

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the @.
    pub fn name(&self) -> &str {
        self.parts().0
    }

    /// The part after the @, as typed; it may hold letters outside ASCII.
    pub fn domain(&self) -> &str {
        self.parts().1
    }

    /// The part after the @ in lower case: letters to one site share a rate.
    pub fn site(&self) -> String {
        self.domain().to_lowercase()
    }

    /// The form under which two spellings of one address are equal: all in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// `j***@voorbeeld.nl`: enough to recognize an address in a log, not enough to write to it.
    pub fn masked(&self) -> String {
        let (name, domain) = self.parts();
        let first: String = name.chars().take(1).collect();
        format!("{first}***@{domain}")
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('@').unwrap_or((&self.0, ""))
    }
}

impl FromStr for EmailAddress {
    type Err = Invalid;

    fn from_str(typed: &str) -> Result<Self, Invalid> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(mail::address_missing());
        }
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(mail::address_too_long(Self::MAX_LENGTH));
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(mail::address_with_space());
        }
        match text.split_once('@') {
            Some((name, domain))
                if !name.is_empty() && !domain.is_empty() && !domain.contains('@') =>
            {
                if !is_name(name) {
                    return Err(mail::address_name_malformed());
                }
                if !is_domain(domain) {
                    return Err(mail::address_domain_malformed());
                }
                Ok(Self(text.to_owned()))
            }
            _ => Err(mail::address_without_at()),
        }
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        typed.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

/// RFC 5321 §4.1.2 `Dot-string`, at most 64 octets (§4.5.3.1.1).
fn is_name(name: &str) -> bool {
    const ALSO_ALLOWED: &str = "!#$%&'*+-/=?^_`{|}~";
    name.len() <= 64
        && name.split('.').all(|atom| {
            !atom.is_empty()
                && atom
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || ALSO_ALLOWED.contains(c))
        })
}

/// At least two labels of letters, digits and inner hyphens (RFC 1035 §2.3.1), the last not a number.
fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let named = labels
        .last()
        .is_some_and(|last| last.chars().count() >= 2 && last.chars().any(|c| !c.is_numeric()));
    labels.len() >= 2 && named && labels.into_iter().all(is_label)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_addresses_are_kept_as_typed() {
        for typed in [
            "jan@voorbeeld.nl",
            "Jan.de.Vries+buurt@Voorbeeld.NL",
            "o'neill@mail.example.co.uk",
            "info@bücher.example",
            "info@xn--bcher-kva.example",
            "1@a-b.nl",
            "ria@straße.nl",
            "ria@пример.рф",
        ] {
            assert_eq!(typed.parse::<EmailAddress>().unwrap().as_str(), typed);
        }
        let trimmed: EmailAddress = "  jan@voorbeeld.nl\n".parse().unwrap();
        assert_eq!(trimmed.to_string(), "jan@voorbeeld.nl");
        assert_eq!((trimmed.name(), trimmed.domain()), ("jan", "voorbeeld.nl"));
    }

    #[test]
    fn bad_addresses_are_refused_with_a_reason() {
        let long_name = format!("{}@voorbeeld.nl", "a".repeat(65));
        let long = format!("a@{}.nl", "voorbeeld.".repeat(30));
        for (typed, reason) in [
            ("", "ontbreekt"),
            (" \t ", "ontbreekt"),
            (long.as_str(), "te lang"),
            ("jan de vries@voorbeeld.nl", "spatie"),
            ("jan\r\nBcc: x@voorbeeld.nl", "spatie"),
            ("jan\u{0}@voorbeeld.nl", "spatie"),
            ("jan\u{a0}@voorbeeld.nl", "spatie"),
            ("voorbeeld.nl", "apenstaartje (@)"),
            ("@voorbeeld.nl", "apenstaartje (@)"),
            ("jan@", "apenstaartje (@)"),
            ("jan@piet@voorbeeld.nl", "apenstaartje (@)"),
            ("jan＠voorbeeld.nl", "apenstaartje (@)"),
            (".jan@voorbeeld.nl", "vóór"),
            ("jan..vries@voorbeeld.nl", "vóór"),
            ("jan.@voorbeeld.nl", "vóór"),
            ("\"jan\"@voorbeeld.nl", "vóór"),
            ("<jan@voorbeeld.nl", "vóór"),
            ("jan,piet@voorbeeld.nl", "vóór"),
            ("rené@voorbeeld.nl", "vóór"),
            (long_name.as_str(), "vóór"),
            ("jan@localhost", "na het"),
            ("jan@voorbeeld", "na het"),
            ("jan@voorbeeld.", "na het"),
            ("jan@.nl", "na het"),
            ("jan@-voorbeeld.nl", "na het"),
            ("jan@voorbeeld-.nl", "na het"),
            ("jan@voor_beeld.nl", "na het"),
            ("jan@voorbeeld.nl>", "na het"),
            ("jan@127.0.0.1", "na het"),
            ("jan@[127.0.0.1]", "na het"),
            ("jan@voorbeeld.n", "na het"),
            ("jan@voorbeeld。nl", "na het"),
            ("jan@voor\u{202e}beeld.nl", "na het"),
        ] {
            let problem = typed.parse::<EmailAddress>().unwrap_err();
            assert_eq!(problem.field, "email", "{typed:?}");
            assert!(problem.reason.contains(reason), "{typed:?}: {problem}");
            assert!(!problem.remedy.is_empty(), "{typed:?}");
        }
    }

    #[test]
    fn spellings_of_one_address_have_one_key() {
        let upper: EmailAddress = "Jan@Bücher.Example".parse().unwrap();
        let lower: EmailAddress = "jan@bücher.example".parse().unwrap();
        assert_ne!(upper, lower);
        assert_eq!(upper.key(), lower.key());
    }

    #[test]
    fn a_log_shows_the_first_letter_and_the_site() {
        let address: EmailAddress = "jan@voorbeeld.nl".parse().unwrap();
        assert_eq!(address.masked(), "j***@voorbeeld.nl");
        assert_eq!(format!("{address:?}"), "j***@voorbeeld.nl");
    }
}
