//! The return path of each delivery: an address of its own, so that whatever comes back says which delivery it is about.
//!
//! Such addresses are known as variable envelope return paths. `app` sends with them and `incoming` reads them.

use domain::email_address::EmailAddress;
use domain::ids::DeliveryId;
use domain::invalid::Invalid;

/// The return path of one delivery: `<name>+<token>@<site>`, from the return path of the service.
///
/// The token is the delivery's id without its prefix: 32 hexadecimal digits of which 74 bits are random, so that who
/// has not had the letter cannot guess it.
///
/// # Errors
/// When the name of `base` is so long that the whole name gets over 64 characters (RFC 5321 §4.5.3.1.1): over 31.
pub fn return_path(base: &EmailAddress, delivery: DeliveryId) -> Result<EmailAddress, Invalid> {
    let id = delivery.to_string();
    let token = id.strip_prefix(DeliveryId::PREFIX).unwrap_or(&id);
    format!("{}+{token}@{}", base.name(), base.domain()).parse()
}

/// The delivery whose return path this is; `None` when it is another address.
///
/// `address` has no angle brackets. Upper and lower case are the same in all its parts, as some relays change them, and
/// so are the two spellings of a site in Unicode.
pub fn delivery_of(base: &EmailAddress, address: &str) -> Option<DeliveryId> {
    let (name, site) = address.rsplit_once('@')?;
    let (before, token) = name.rsplit_once('+')?;
    if !before.eq_ignore_ascii_case(base.name()) || !is_same_site(site, base.domain()) {
        return None;
    }
    format!("{}{token}", DeliveryId::PREFIX).parse().ok()
}

/// Whether two names of a site are one, in Unicode or in its ASCII form (RFC 5891), in any case.
pub(crate) fn is_same_site(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || match (idna::domain_to_ascii(one), idna::domain_to_ascii(other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        }
}
