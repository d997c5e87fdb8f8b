//! Rows of a file and what they say: fields to import, and the records of an export.

use app::{ImportRow, MatchView, OrganisationFields};
use domain::dutch::reasons::{self, Reader};
use domain::explanation::{Explanation, Signal};
use domain::invalid::Invalid;
use domain::members::Member;
use domain::offers::{Offer, OfferFields};
use domain::organisations::Organisation;
use domain::posts::{Life, Posted};
use domain::region::Region;
use domain::requests::{Request, RequestFields};
use regions::Regions;

use crate::tables::Row;

/// What an export adds to the columns of an organisation.
pub(crate) const ORGANISATION_EXTRA: &[&str] = &["state", "created_at", "key"];

/// What an export adds to the columns of a post.
pub(crate) const POST_EXTRA: &[&str] = &["state", "created_at", "opened_at", "expires_at", "key"];

/// The columns of a match.
pub(crate) const MATCH_COLUMNS: &[&str] = &[
    "key",
    "state",
    "request_id",
    "request_organisation",
    "request_title",
    "offer_id",
    "offer_organisation",
    "offer_title",
    "score",
    "region",
    "theme",
    "phase",
    "support",
    "text",
    "reasons",
    "origin",
    "created_at",
    "since",
];

/// A request as its row has it.
pub(crate) fn request(row: &Row) -> Result<ImportRow<RequestFields>, Invalid> {
    Ok(import_row(
        row,
        "organisation",
        RequestFields {
            title: row.get("title").to_owned(),
            body: row.get("body").to_owned(),
            place: row.get("place").to_owned(),
            municipality: row.get("municipality").to_owned(),
            themes: row.list("themes"),
            phase: row.get("phase").to_owned(),
            support: row.list("support"),
            needed_by: row.get("needed_by").to_owned(),
            consent: row.get("consent").to_owned(),
        },
    ))
}

/// An offer as its row has it.
///
/// # Errors
/// A yes or no that is neither.
pub(crate) fn offer(row: &Row) -> Result<ImportRow<OfferFields>, Invalid> {
    Ok(import_row(
        row,
        "organisation",
        OfferFields {
            title: row.get("title").to_owned(),
            body: row.get("body").to_owned(),
            reach: row.list("reach"),
            neighbours: yes(row, "neighbours")?,
            themes: row.list("themes"),
            phases: row.list("phases"),
            support: row.list("support"),
            capacity: row.get("capacity").to_owned(),
            evergreen: yes(row, "evergreen")?,
            consent: row.get("consent").to_owned(),
        },
    ))
}

/// An organisation as its row has it.
pub(crate) fn organisation(row: &Row) -> Result<ImportRow<OrganisationFields>, Invalid> {
    Ok(import_row(
        row,
        "name",
        OrganisationFields {
            kind: row.get("kind").to_owned(),
            place: row.get("place").to_owned(),
            municipality: row.get("municipality").to_owned(),
            website: row.get("website").to_owned(),
            contact_name: row.get("contact_name").to_owned(),
            contact_email: row.get("contact_email").to_owned(),
        },
    ))
}

fn import_row<F>(row: &Row, organisation: &str, fields: F) -> ImportRow<F> {
    ImportRow {
        line: row.line,
        id: row.get("id").to_owned(),
        organisation: row.get(organisation).to_owned(),
        fields,
    }
}

/// Whether a cell says yes; empty is no.
///
/// # Errors
/// The problem with any other word.
pub(crate) fn yes(row: &Row, column: &str) -> Result<bool, Invalid> {
    match row.get(column).to_lowercase().as_str() {
        "ja" | "true" => Ok(true),
        "" | "nee" | "false" => Ok(false),
        other => Err(domain::dutch::problems::unknown_choice(
            column,
            other,
            &["ja", "nee"],
        )),
    }
}

/// A request as an export writes it.
pub(crate) fn request_record(found: &Posted<Request>) -> Vec<String> {
    let post = &found.post;
    let fields = RequestFields::from(&post.content);
    let own = [
        reference(post.reference.as_ref(), &post.id),
        found.owner.name.to_string(),
        fields.title,
        fields.body,
        fields.place,
        fields.municipality,
        fields.themes.join(";"),
        fields.phase,
        fields.support.join(";"),
        fields.needed_by,
        fields.consent,
    ];
    own.into_iter().chain(life(&post.life, &post.id)).collect()
}

/// An offer as an export writes it.
pub(crate) fn offer_record(found: &Posted<Offer>) -> Vec<String> {
    let post = &found.post;
    let fields = OfferFields::from(&post.content);
    let own = [
        reference(post.reference.as_ref(), &post.id),
        found.owner.name.to_string(),
        fields.title,
        fields.body,
        fields.reach.join(";"),
        fields.themes.join(";"),
        fields.phases.join(";"),
        fields.support.join(";"),
        fields.capacity,
        yes_or_no(fields.neighbours),
        yes_or_no(fields.evergreen),
        fields.consent,
    ];
    own.into_iter().chain(life(&post.life, &post.id)).collect()
}

/// An organisation as an export writes it, with the member who speaks for it.
pub(crate) fn organisation_record(found: &Organisation, speaker: Option<&Member>) -> Vec<String> {
    vec![
        reference(found.reference.as_ref(), &found.id),
        found.name.to_string(),
        found.kind.to_string(),
        found.place.clone(),
        found.municipality.map(String::from).unwrap_or_default(),
        found.website.clone(),
        speaker
            .map(|member| member.name.to_string())
            .unwrap_or_default(),
        speaker
            .map(|member| member.email.to_string())
            .unwrap_or_default(),
        found.state.to_string(),
        found.created_at.to_rfc3339(),
        found.id.to_string(),
    ]
}

/// A match as an export writes it.
pub(crate) fn match_record(seen: &MatchView) -> Vec<String> {
    let (found, request, offer) = (&seen.found, &seen.request, &seen.offer);
    let mut record = vec![
        found.id.to_string(),
        found.state.to_string(),
        reference(request.post.reference.as_ref(), &request.post.id),
        request.owner.name.to_string(),
        request.post.content.title.to_string(),
        reference(offer.post.reference.as_ref(), &offer.post.id),
        offer.owner.name.to_string(),
        offer.post.content.title.to_string(),
        decimals(found.explanation.score),
    ];
    record.extend(signals(&found.explanation));
    record.extend([
        why(&found.explanation),
        found.origin.to_string(),
        found.created_at.to_rfc3339(),
        found.since.to_rfc3339(),
    ]);
    record
}

/// The values of the scoring signals with four decimals; empty for one that has no part.
pub(crate) fn signals(explanation: &Explanation) -> [String; Signal::SCORING.len()] {
    Signal::SCORING.map(|signal| {
        let part = explanation.part(signal);
        part.map_or_else(String::new, |part| decimals(part.value))
    })
}

/// A score or value with four decimals, as `{:.4}` writes it, but several times faster; zero never has a minus sign.
pub(crate) fn decimals(value: f64) -> String {
    let many = value * 10_000.0;
    let nearest = many.round();
    // The product is off by far less than a thousandth, so this is the nearest, unless the next is about as near.
    let is_certain = (many - nearest).abs() < 0.499;
    if !is_certain || !(0.0..=1.0).contains(&value) {
        return format!("{value:.4}");
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number of 0 to 10,000"
    )]
    let many = nearest as u16;
    let digit = |unit| char::from_digit(u32::from(many / unit % 10), 10).unwrap_or_default();
    [
        digit(10_000),
        '.',
        digit(1000),
        digit(100),
        digit(10),
        digit(1),
    ]
    .into_iter()
    .collect()
}

/// Why two posts fit, on one Dutch line.
pub(crate) fn why(explanation: &Explanation) -> String {
    reasons::line(explanation, Reader::Other, |region: Region| {
        Regions::shipped().label(region)
    })
}

/// The id a post had in its file, or else its own: an import knows both.
fn reference(reference: Option<&String>, key: &impl ToString) -> String {
    reference.cloned().unwrap_or_else(|| key.to_string())
}

fn life(life: &Life, key: &impl ToString) -> [String; 5] {
    [
        life.state.to_string(),
        life.created_at.to_rfc3339(),
        life.opened_at
            .map(|opened| opened.to_rfc3339())
            .unwrap_or_default(),
        life.expires_at.to_rfc3339(),
        key.to_string(),
    ]
}

fn yes_or_no(value: bool) -> String {
    if value {
        "ja".to_owned()
    } else {
        "nee".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::decimals;

    #[test]
    fn decimals_are_rounded_as_the_standard_library_rounds() {
        // Each number of four decimals, each point half way between two, and their nearest neighbors; then all ties:
        // what is exactly half way is a whole number of 32nds.
        let halves = (0..=20_000_u32).map(|count| f64::from(count) / 20_000.0);
        let parts = (0..=32_u32).map(|count| f64::from(count) / 32.0);
        for near in halves.chain(parts) {
            for value in [near.next_down(), near, near.next_up()] {
                assert_eq!(decimals(value), format!("{value:.4}"), "{value:e}");
            }
        }
        for value in [-0.0, 0.0] {
            assert_eq!(decimals(value), "0.0000");
        }
        for value in [-0.25, 1.5, 12.0, 123_456.789, f64::MIN_POSITIVE] {
            assert_eq!(decimals(value), format!("{value:.4}"));
        }
    }
}
