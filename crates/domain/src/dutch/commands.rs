//! What the command line says: answers, notices and refusals. What it says of files stands in
//! [`files`], of its demo in [`demo`], of a post it reads in [`suggest`], of weights in [`tune`], of the pause of the post in [`outbox`], and its help
//! in [`help`].

use std::fmt::Display;

pub mod demo;
pub mod files;
pub mod help;
pub mod outbox;
pub mod suggest;
pub mod tune;

use crate::invalid::Invalid;
use crate::letters::DeliveryState;

/// How many ids a notice names before it only counts.
const MAX_NAMED: usize = 20;

/// What stands before a refusal.
pub fn error_label() -> &'static str {
    "Fout:"
}

/// A fault of ours; the cause follows it.
pub fn broken() -> &'static str {
    "Er ging iets mis. Zoek het uit met de oorzaak die hierachter staat"
}

/// There is no such thing.
pub fn not_found() -> &'static str {
    "Dat is er niet. Controleer wat u hebt ingevuld."
}

/// Something with this value in `field` is there already.
pub fn taken(field: &str) -> String {
    match field {
        "email" => "Iemand gebruikt dit e-mailadres al. Kies een ander adres.".to_owned(),
        _ => format!("{field}: dit is al in gebruik. Kies iets anders."),
    }
}

/// A field that cannot be accepted.
pub fn field_problem(problem: &Invalid) -> String {
    format!("{}: {}", problem.field, files::advice(problem))
}

/// `1 vraag`, `3 vragen`.
fn counted(count: impl Into<i128>, one: &str, more: &str) -> String {
    let count = count.into();
    format!("{count} {}", if count == 1 { one } else { more })
}

fn number(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX)
}

/// What a bar says while a file comes in.
pub fn importing() -> &'static str {
    "Inlezen"
}

/// What is said while files are read.
pub fn reading() -> &'static str {
    "Bestanden lezen"
}

/// What a bar says while posts are made ready to be matched.
pub fn preparing() -> &'static str {
    "Voorbereiden"
}

/// What a bar says while posts are matched.
pub fn matching() -> &'static str {
    "Matchen"
}

/// A file that came in; `skipped` rows were wrong.
pub fn imported(new: usize, known: usize, skipped: usize) -> String {
    let mut said = format!(
        "{} ingelezen, {known} al bekend",
        counted(number(new), "regel", "regels")
    );
    if skipped > 0 {
        said.push_str(&format!(", {skipped} overgeslagen"));
    }
    said + "."
}

/// A file of which nothing came in, because rows were wrong.
pub fn import_refused(file: &str, rows: usize) -> String {
    format!(
        "Uit {file} is niets ingelezen: {} niet goed. Verbeter het bestand, of sla ze over met --skip-invalid.",
        counted(number(rows), "regel is", "regels zijn")
    )
}

/// Files that were not ranked, because cells were wrong.
pub fn rank_refused(problems: usize) -> String {
    format!(
        "Er is niets gematcht: {} in de bestanden. Verbeter ze, of sla de regels over met --skip-invalid.",
        counted(number(problems), "fout", "fouten")
    )
}

/// The new proposals after an import.
pub fn proposals_new(proposed: usize) -> String {
    format!(
        "{}.",
        counted(number(proposed), "nieuw voorstel", "nieuwe voorstellen")
    )
}

/// What a full rematch did.
pub fn rematched(requests: usize, offers: usize, proposed: usize) -> String {
    format!(
        "{} vergeleken met {}: {}.",
        counted(number(requests), "vraag", "vragen"),
        counted(number(offers), "aanbod", "aanbiedingen"),
        counted(number(proposed), "nieuw voorstel", "nieuwe voorstellen")
    )
}

/// What a ranking of files did: requests, offers, lines and proposals, in so many seconds.
pub fn ranked([requests, offers, lines, proposed]: [usize; 4], seconds: f64) -> String {
    format!(
        "{} en {}: {}, waarvan {}, in {} seconden.",
        counted(number(requests), "vraag", "vragen"),
        counted(number(offers), "aanbod", "aanbiedingen"),
        counted(number(lines), "koppeling", "koppelingen"),
        counted(number(proposed), "voorstel", "voorstellen"),
        format!("{seconds:.1}").replace('.', ",")
    )
}

/// A request and the place that could not be found.
pub fn place_of(id: &str, place: &str) -> String {
    format!("{id} ('{}')", files::quoted(place))
}

/// Requests of which the municipality is not known.
pub fn places_unknown(requests: &[String]) -> String {
    format!(
        "Let op: van {} is de gemeente niet bekend, dus past er alleen aanbod voor heel Nederland bij. Vul de kolom municipality in: {}.",
        counted(number(requests.len()), "vraag", "vragen"),
        named(requests)
    )
}

/// Offers without a reach.
pub fn reach_unknown(offers: &[String]) -> String {
    format!(
        "Let op: {} geen werkgebied, dus daar past niets bij. Vul de kolom reach in: {}.",
        counted(number(offers.len()), "aanbod heeft", "aanbiedingen hebben"),
        named(offers)
    )
}

fn named(names: &[String]) -> String {
    let shown = names
        .iter()
        .take(MAX_NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(MAX_NAMED) {
        0 => shown,
        more => format!("{shown} en nog {more}"),
    }
}

/// A file that was written.
pub fn exported(rows: usize, file: impl Display) -> String {
    format!(
        "{} geschreven naar {file}.",
        counted(number(rows), "regel", "regels")
    )
}

/// A database that was not there before.
pub fn database_made(location: impl Display) -> String {
    format!("Nieuwe database gemaakt: {location}")
}

/// A database that was there.
pub fn database_updated(location: impl Display) -> String {
    format!("De database {location} bestond al; de tabellen zijn bijgewerkt.")
}

/// Nobody has this address.
pub fn member_unknown(email: &str) -> String {
    format!(
        "Niemand heeft het adres {email}. Controleer het, of voeg iemand toe met: samenspel member add"
    )
}

/// Somebody was taken out.
pub fn member_removed(email: &str) -> String {
    format!("Wie {email} was, is vergeten.")
}

/// No delivery with this id that can try again.
pub fn delivery_unknown(id: &str) -> String {
    format!(
        "Er is geen zending {id} die opnieuw kan. Bekijk de zendingen met: samenspel outbox list"
    )
}

/// Deliveries that will try again.
pub fn retried(count: usize) -> String {
    match count {
        0 => "Er zijn geen zendingen waarvan de pogingen op zijn.".to_owned(),
        _ => format!(
            "{} opnieuw.",
            counted(number(count), "zending gaat", "zendingen gaan")
        ),
    }
}

/// There are no deliveries to show.
pub fn outbox_empty() -> &'static str {
    "Er zijn geen zendingen."
}

/// The heads of the table of deliveries.
pub fn outbox_columns() -> &'static [&'static str] {
    &[
        "Kenmerk",
        "Status",
        "Gemaakt",
        "Aan",
        "Onderwerp",
        "Antwoord",
    ]
}

/// Letters are signed; the record of the DNS that shows it to others.
pub fn signed(name: &str, value: &str) -> String {
    format!("Post is ondertekend (DKIM). Zet dit in uw DNS: {name} TXT \"{value}\"")
}

/// Letters are not signed by the program itself.
pub fn not_signed() -> &'static str {
    "Post wordt hier niet ondertekend (mail.dkim_key is leeg)."
}

/// The name of a delivery's state.
pub fn delivery_state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Ready => "wacht",
        DeliveryState::Leased => "wordt opgehaald",
        DeliveryState::InData => "wordt verstuurd",
        DeliveryState::Sent => "verstuurd",
        DeliveryState::Ambiguous => "onzeker",
        DeliveryState::Failed => "geweigerd",
        DeliveryState::Dead => "pogingen op",
        DeliveryState::Withdrawn => "ingetrokken",
        DeliveryState::Expired => "te laat",
        DeliveryState::Suppressed => "adres geblokkeerd",
        DeliveryState::Bounced => "onbestelbaar",
    }
}

/// What a round of deliveries did.
pub fn delivered(counts: &[(DeliveryState, usize)]) -> String {
    let told: Vec<String> = counts
        .iter()
        .filter(|(state, count)| *count > 0 || *state == DeliveryState::Sent)
        .map(|(state, count)| format!("{count} {}", delivery_state(*state)))
        .collect();
    format!("Post: {}.", told.join(", "))
}

/// What a look at everything that is due did.
pub fn jobs_done(
    match_steps: usize,
    post_stages: usize,
    review_letters: usize,
    digests: usize,
) -> String {
    format!(
        "{}, {}, {}, {}.",
        counted(
            number(match_steps),
            "stap in koppelingen",
            "stappen in koppelingen"
        ),
        counted(
            number(post_stages),
            "stap in vragen en aanbod",
            "stappen in vragen en aanbod"
        ),
        counted(
            number(review_letters),
            "brief aan coördinatoren",
            "brieven aan coördinatoren"
        ),
        counted(number(digests), "overzicht", "overzichten")
    )
}

/// The first line of a server: tests and scripts read the address from it.
pub fn listening(address: impl Display) -> String {
    format!("Samenspel luistert op http://{address}")
}

/// The address cannot be listened on; the cause follows it.
pub fn cannot_listen(address: impl Display) -> String {
    format!("Op {address} kan de website niet luisteren. Kies een ander adres met --listen")
}

/// The version of the program.
pub fn version(version: &str) -> String {
    format!("Versie: samenspel {version}")
}

/// Where the database is.
pub fn database_found(location: impl Display) -> String {
    format!("Database: {location}")
}

/// Where letters go.
pub fn mail_goes(to: &str) -> String {
    format!("Post gaat naar: {to}")
}

/// How many posts are open.
pub fn posts_found(requests: i64, offers: i64) -> String {
    let offers = counted(offers, "aanbod", "aanbiedingen");
    format!("Open: {} en {offers}", counted(requests, "vraag", "vragen"))
}

/// How many deliveries are in each state, by its code.
pub fn deliveries_found<'a>(counts: impl Iterator<Item = (&'a str, i64)>) -> String {
    let told: Vec<String> = counts
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    if told.is_empty() {
        "Zendingen: geen".to_owned()
    } else {
        format!("Zendingen: {}", told.join(", "))
    }
}

/// A setting that works and is unwise.
pub fn warning(said: &str) -> String {
    format!("Let op: {said}")
}

/// Why and since when no letter goes.
pub fn post_paused(reason: &str, since: &str) -> String {
    format!("De post staat stil sinds {since}: {reason}.")
}

/// Nothing is wrong.
pub fn all_fine() -> &'static str {
    "Alles is in orde."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_counted_after_twenty() {
        let ids: Vec<String> = (1..=25).map(|id| id.to_string()).collect();
        assert!(places_unknown(&ids).ends_with("20 en nog 5."));
    }
}
