//! What `samenspel demo` says at each step.

use std::fmt::Display;

/// Step 1.
pub fn database(path: impl Display) -> String {
    format!("Een nieuwe database: {path}")
}

/// Step 2.
pub fn import() -> &'static str {
    "Inlezen van de voorbeelden"
}

/// A file that came in.
pub fn imported(file: &str, rows: usize) -> String {
    format!("{file}: {rows} regels ingelezen")
}

/// Step 3.
pub fn matching() -> &'static str {
    "Matchen: elke vraag naast al het aanbod"
}

/// Step 4.
pub fn proposals() -> &'static str {
    "De voorstellen, met de reden erbij"
}

/// A request above its proposals.
pub fn request(title: &str, organisation: &str, place: &str) -> String {
    format!("{title} ({organisation}, {place})")
}

/// Proposals of a request that are not shown.
pub fn more(count: usize) -> String {
    format!(" en nog {count}")
}

/// The requests without a proposal.
pub fn without_proposal(requests: &[String]) -> String {
    if requests.is_empty() {
        return "Voor elke vraag is er een voorstel.".to_owned();
    }
    format!("Nog geen passend aanbod:\n{}", requests.join("\n"))
}

/// A score as people read it: `0,78`.
pub fn score(score: f64) -> String {
    format!("{score:.2}").replace('.', ",")
}

/// Step 5.
pub fn review() -> &'static str {
    "Een coördinator keurt voorstellen goed"
}

/// The name of the coordinator.
pub fn coordinator_name() -> &'static str {
    "Sanne Proef"
}

/// Where the coordinator works.
pub fn coordinator_organisation() -> &'static str {
    "Coördinatie We Doen Het Samen"
}

/// A proposal that was approved.
pub fn approved(place: &str, request: &str, offer: &str, value: f64) -> String {
    format!(
        "Goedgekeurd ({place}, {}): {request} → {offer}",
        score(value)
    )
}

/// The invitations that were written.
pub fn invited(count: usize, folder: impl Display) -> String {
    format!("Beide kanten kregen een brief met de vraag of het mag: {count} brieven in {folder}")
}

/// Step 6.
pub fn consent() -> &'static str {
    "Beide kanten antwoorden met de link in hun brief"
}

/// An answer.
pub fn answer(answer: crate::matches::Answer, organisation: &str, title: &str) -> String {
    let said = match answer {
        crate::matches::Answer::Yes => "ja ",
        crate::matches::Answer::No => "nee",
    };
    format!("{said}  {organisation}: {title}")
}

/// Step 7.
pub fn introductions(folder: impl Display) -> String {
    format!("De kennismakingen, als brief aan beide kanten, in {folder}")
}

/// An introduction that was written.
pub fn introduction(to: &str, subject: &str, path: &str) -> String {
    format!("Aan: {to}\nOnderwerp: {subject}\nBestand: {path}\n")
}

/// Step 8; where it listens follows.
pub fn serve(settings: impl Display, coordinator: &str) -> String {
    format!(
        "De website start. Stop met Ctrl-C.\n   Een token voor de API: samenspel --config {settings} token issue --email {coordinator}"
    )
}

/// How to go on when the site was not asked for.
pub fn serve_later(settings: impl Display) -> String {
    format!("\nKlaar. De website erbij: samenspel --config {settings} serve")
}

/// What stands in the file that marks the folder.
pub fn mark() -> &'static str {
    "Deze map is gemaakt door samenspel demo. Een volgende demo wist alles wat erin staat.\n"
}

/// A folder that holds other things.
pub fn folder_of_others(folder: impl Display) -> String {
    format!(
        "In de map {folder} staan bestanden die niet van een proefmarkt zijn. Er is niets gewist. Kies een andere map met --folder."
    )
}

/// A folder that cannot be used; the cause follows it.
pub fn folder_unusable(folder: impl Display) -> String {
    format!(
        "De map {folder} is niet te gebruiken. Controleer de rechten, of kies een andere map met --folder"
    )
}
