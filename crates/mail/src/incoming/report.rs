//! Reports that programs write for programs: failed deliveries (RFC 3464), complaints (RFC 5965), receipts (RFC 8098).

use domain::ids::DeliveryId;

use super::parts::Part;
use super::verdict::{BounceKind, Evidence, Status};
use super::{Bounce, notice, wording};
use crate::failure::without_addresses;

/// The most groups of a report that are read; one of ours has one recipient.
const MAX_GROUPS: usize = 50;

/// A failure that is not yet of a delivery.
pub(super) struct Failure {
    pub(super) kind: BounceKind,
    pub(super) status: Option<Status>,
    pub(super) recipients: Vec<String>,
    pub(super) text: String,
}

impl Failure {
    pub(super) fn of(self, delivery: DeliveryId) -> Bounce {
        Bounce {
            delivery,
            kind: self.kind,
            status: self.status,
            recipients: self.recipients,
            text: without_addresses(&self.text),
        }
    }
}

/// What a message says of a delivery.
pub(super) enum Found {
    /// It failed.
    Failure(Failure),
    /// It is late, done or handed on.
    NoFailure,
    /// There is no report in it.
    NoReport,
}

/// Reads the report of a delivery. When it has more recipients that failed, the mildest says what kind it is: we sent
/// to one, and who the others are is anybody's guess.
pub(super) fn failure(message: &Part<'_>) -> Found {
    let kinds = ["message/delivery-status", "message/global-delivery-status"];
    let Some(part) = message.find(&kinds) else {
        return Found::NoReport;
    };
    let groups = groups(&part.text());
    let recipients: Vec<&Group> = groups
        .iter()
        .filter(|group| {
            ["final-recipient", "original-recipient", "action"]
                .iter()
                .any(|name| !group.value(name).is_empty())
        })
        .collect();
    if recipients.is_empty() {
        return Found::NoReport;
    }
    let words = notice::words(message);
    let failures = recipients
        .into_iter()
        .filter_map(|group| group.failure(&words));
    let mildest = failures.reduce(|one, other| {
        let named = [one.recipients.as_slice(), &other.recipients].concat();
        let milder = if other.kind < one.kind { other } else { one };
        Failure {
            recipients: named.into_iter().take(10).collect(),
            ..milder
        }
    });
    mildest.map_or(Found::NoFailure, Found::Failure)
}

/// The return path that a complaint is about, as quoted in it; empty when it quotes none. `None`: no complaint.
///
/// "Not spam" and failed authentication are reports of the same form, and no complaints (RFC 5965 §7.3, RFC 6591).
pub(super) fn complaint(message: &Part<'_>) -> Option<String> {
    let part = message.find(&["message/feedback-report"])?;
    let fields = groups(&part.text()).into_iter().next()?;
    let kind = fields.value("feedback-type").to_lowercase();
    let complains = [
        "abuse",
        "fraud",
        "virus",
        "other",
        "opt-out",
        "opt-out-list",
    ];
    complains
        .contains(&kind.trim())
        .then(|| fields.value("original-mail-from").to_owned())
}

/// Whether it says that a letter was opened or thrown away.
pub(super) fn is_about_reading(message: &Part<'_>) -> bool {
    message.parameter("report-type") == "disposition-notification"
        || message
            .find(&["message/disposition-notification"])
            .is_some()
}

/// Fields that belong together.
struct Group(Vec<(String, String)>);

impl Group {
    fn value(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(found, _)| found == name)
            .map_or("", |(_, value)| value)
    }

    /// The failure of one recipient; `None` when it did not fail. Where the report does not quote the server, the words
    /// for people may.
    fn failure(&self, words: &str) -> Option<Failure> {
        let action = self.value("action").to_lowercase();
        let action = action.split(|c: char| !c.is_alphabetic()).next();
        let status = self.value("status").split_whitespace().next();
        let status = status.and_then(Status::of_word);
        match action.unwrap_or_default() {
            "failed" => {}
            "delayed" | "delivered" | "relayed" | "expanded" => return None,
            _ if status.is_some_and(|status| status.class == 5) => {}
            _ => return None,
        }
        let (said, text) = match self.value("diagnostic-code") {
            "" => (words, notice::said_by_the_server(words)),
            quoted => (quoted, quoted),
        };
        let (kind, status) = Evidence { status, said }.judge()?;
        Some(Failure {
            kind,
            status,
            recipients: self.recipients(),
            text: text.to_owned(),
        })
    }

    /// Whom we wrote to, and where it ended up: the same address but for aliases and forwarding.
    fn recipients(&self) -> Vec<String> {
        let mut named: Vec<String> = ["original-recipient", "final-recipient"]
            .iter()
            .filter_map(|name| {
                let value = self.value(name);
                value.split_once(';').map_or(Some(value), |(kind, value)| {
                    let kind = kind.trim().to_lowercase();
                    ["rfc822", "utf-8"]
                        .contains(&kind.as_str())
                        .then_some(value)
                })
            })
            .flat_map(wording::addresses)
            .collect();
        named.dedup();
        named
    }
}

/// The groups of fields, which empty lines divide; names in lower case, values unfolded.
fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group(Vec::new())];
    for line in text.lines() {
        if line.trim().is_empty() {
            if groups.len() >= MAX_GROUPS {
                break;
            }
            groups.push(Group(Vec::new()));
            continue;
        }
        let Some(Group(fields)) = groups.last_mut() else {
            break;
        };
        match (
            line.starts_with([' ', '\t']),
            fields.last_mut(),
            line.split_once(':'),
        ) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (_, _, Some((name, value))) => {
                fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
    groups.retain(|group| !group.0.is_empty());
    groups
}
