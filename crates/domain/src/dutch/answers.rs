//! What the service answers when it does not do what was asked: a title, and what to do.

use crate::dutch::labels;
use crate::matches::MatchState;
use crate::posts::PostState;
use crate::subscriptions::MAX_SUBSCRIPTIONS;

/// A short title and a sentence that says what to do.
pub type Answer = (&'static str, String);

/// Fields that cannot be accepted.
pub fn invalid(count: usize) -> Answer {
    let detail = if count == 1 {
        "Een veld klopt niet. Kijk bij dat veld wat u kunt doen.".to_owned()
    } else {
        format!("{count} velden kloppen niet. Kijk bij elk veld wat u kunt doen.")
    };
    ("Niet goed ingevuld", detail)
}

/// Nobody signed in, or their token does not hold.
pub fn not_signed_in() -> Answer {
    (
        "Niet aangemeld",
        "Meld u aan, en stuur een geldig token mee in de kop Authorization.".to_owned(),
    )
}

/// They may not do this.
pub fn forbidden() -> Answer {
    (
        "Niet toegestaan",
        "Uw rol mag dit niet doen. Vraag het een coördinator.".to_owned(),
    )
}

/// There is nothing here for them.
pub fn not_found() -> Answer {
    (
        "Niet gevonden",
        "Hier is niets, of het is niet van u. Controleer het adres.".to_owned(),
    )
}

/// The address is right and the method is not.
pub fn method_not_allowed(allowed: &str) -> Answer {
    (
        "Methode niet toegestaan",
        format!("Gebruik hier: {allowed}."),
    )
}

/// The answer does not come in a form the asker takes.
pub fn not_acceptable(forms: &[&str]) -> Answer {
    (
        "Deze vorm is er niet",
        format!("Kies in de kop Accept uit: {}.", forms.join(", ")),
    )
}

/// The body is not of a kind we read.
pub fn unsupported_media_type(expected: &str) -> Answer {
    (
        "Verkeerd soort inhoud",
        format!("Stuur de inhoud als {expected}."),
    )
}

/// The body is larger than we take.
pub fn too_large(bytes: usize) -> Answer {
    (
        "Te groot",
        format!("Stuur hoogstens {} kilobyte.", bytes / 1024),
    )
}

/// The body did not come in time.
pub fn too_slow() -> Answer {
    (
        "Te langzaam",
        "De inhoud kwam niet op tijd binnen. Probeer het opnieuw.".to_owned(),
    )
}

/// The body is no JSON, or not of the right shape; `cause` is what the reader said.
pub fn unreadable(cause: &str) -> String {
    format!("Dit is niet te lezen: {cause}.")
}

/// What to do about a body that cannot be read.
pub fn unreadable_remedy() -> &'static str {
    "Kijk in /v1/openapi.json welke velden er zijn en hoe ze eruitzien."
}

/// Something with this name or address is there already.
pub fn taken() -> Answer {
    (
        "Bestaat al",
        "Dit is al in gebruik. Kies iets anders.".to_owned(),
    )
}

/// The post is in a state from which this cannot be done.
pub fn wrong_post_state(state: PostState) -> Answer {
    (
        "Kan nu niet",
        format!(
            "Dit bericht is {}. Daarom kan dit nu niet.",
            labels::post_state(state)
        ),
    )
}

/// The match is in a state from which this cannot be done.
pub fn wrong_match_state(state: MatchState) -> Answer {
    (
        "Kan nu niet",
        format!(
            "Deze koppeling is {}. Daarom kan dit nu niet.",
            labels::match_state(state)
        ),
    )
}

/// This party answered before.
pub fn answered() -> Answer {
    (
        "Al beantwoord",
        "U hebt deze vraag al beantwoord. U hoeft niets meer te doen.".to_owned(),
    )
}

/// The pair has a match that is still going.
pub fn match_going() -> Answer {
    (
        "Loopt al",
        "Voor deze vraag en dit aanbod loopt al een koppeling.".to_owned(),
    )
}

/// A gate refuses the pair.
pub fn refused(gate: &str) -> Answer {
    (
        "Past niet",
        format!(
            "Deze vraag en dit aanbod kunnen niet bij elkaar: {}.",
            labels::gate(gate)
        ),
    )
}

/// Somebody has as many subscriptions as one may have.
pub fn too_many_subscriptions() -> Answer {
    (
        "Al veel abonnementen",
        format!("U heeft al {MAX_SUBSCRIPTIONS} abonnementen. Wijzig of stop er eerst een."),
    )
}

/// The link is too old or was used.
pub fn link_over() -> Answer {
    (
        "Link verlopen",
        "Deze link werkt niet meer. Is er nog iets te doen? Dan krijgt u een nieuwe mail."
            .to_owned(),
    )
}

/// It was changed by somebody else since it was read.
pub fn stale() -> Answer {
    (
        "Intussen gewijzigd",
        "Iemand anders heeft dit intussen gewijzigd. Haal het opnieuw op en probeer het nog eens."
            .to_owned(),
    )
}

/// Too much at once.
pub fn busy() -> Answer {
    (
        "Even druk",
        "Het is nu te druk. Probeer het over een paar tellen opnieuw.".to_owned(),
    )
}

/// A fault of ours.
pub fn broken() -> Answer {
    ("Er ging iets mis", "Dat ligt aan ons. Probeer het later opnieuw. Blijft het misgaan? Geef dan het kenmerk door.".to_owned())
}
