//! Whether a program answered a letter, and no person.

use super::parts::Part;
use super::wording::Wording;

/// Fields that only programs write, whatever is in them.
const FIELDS: [&str; 8] = [
    "X-Autoreply",
    "X-Autoreply-From",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-FC-MachineGenerated",
    "X-Mail-Autoreply",
    "X-Vacation",
];

/// What subjects of automatic answers start with, in Dutch, English, German and French.
const SUBJECTS: &[&str] = &[
    "abwesenheit",
    "abwesenheitsnotiz",
    "absence",
    "accusé de réception",
    "afwezig",
    "afwezigheid",
    "afwezigheidsassistent",
    "afwezigheidsbericht",
    "afwezigheidsmelding",
    "auto reply",
    "auto response",
    "automatic reply",
    "automatic response",
    "automatisch antwoord",
    "automatisch bericht",
    "automatische antwort",
    "automatische beantwoording",
    "automatische reactie",
    "autoreply",
    "away from",
    "buiten kantoor",
    "i am out of the office",
    "ik ben afwezig",
    "ik ben met vakantie",
    "ik ben niet aanwezig",
    "ik ben op vakantie",
    "niet aanwezig",
    "niet op kantoor",
    "on vacation",
    "ontvangstbevestiging",
    "out of office",
    "out of the office",
    "réponse automatique",
    "uit kantoor",
    "vacation",
    "vakantie",
    "wij hebben uw bericht ontvangen",
    "wij hebben uw e mail ontvangen",
];

/// Whether headers or subject say so (RFC 3834 §2, and what programs did before it).
pub(super) fn is_automatic(message: &Part<'_>) -> bool {
    let automatic = message.field("Auto-Submitted").to_lowercase();
    let precedence = message.field("Precedence").to_lowercase();
    (!automatic.is_empty() && !automatic.starts_with("no"))
        || ["auto_reply", "auto-reply", "bulk", "junk", "list"].contains(&precedence.trim())
        || FIELDS.iter().any(|name| !message.all(name).is_empty())
        || has_the_subject(message)
}

fn has_the_subject(message: &Part<'_>) -> bool {
    let subject = message.subject().trim();
    let lower = subject.to_lowercase();
    let subject = ["re:", "antw:", "aw:", "betreft:", "auto:"]
        .iter()
        .find_map(|prefix| lower.strip_prefix(prefix))
        .unwrap_or(&lower);
    lower.starts_with("auto:") || Wording::new(subject).starts_with(SUBJECTS)
}
