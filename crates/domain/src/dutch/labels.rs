//! The Dutch names of what has a code in English: states, kinds, signals, gates.

use crate::explanation::Signal;
use crate::matches::MatchState;
use crate::organisations::OrganisationKind;
use crate::posts::PostState;

/// The name of a signal in a table or a sentence.
pub fn signal(signal: Signal) -> &'static str {
    match signal {
        Signal::Region => "regio",
        Signal::Theme => "thema",
        Signal::Phase => "fase",
        Signal::Support => "soort hulp",
        Signal::Text => "tekst",
        Signal::Freshness => "wachttijd",
        Signal::Fairness => "spreiding",
    }
}

/// The name of a post's state: "dit bericht is …".
pub fn post_state(state: PostState) -> &'static str {
    match state {
        PostState::Draft => "een concept",
        PostState::Pending => "nog niet zichtbaar",
        PostState::Open => "open",
        PostState::Paused => "gepauzeerd",
        PostState::Hidden => "verborgen",
        PostState::Closed => "gesloten",
        PostState::Expired => "verlopen",
    }
}

/// The name of a match's state: "deze koppeling is …".
pub fn match_state(state: MatchState) -> &'static str {
    match state {
        MatchState::Proposed => "voorgesteld",
        MatchState::Approved => "goedgekeurd",
        MatchState::Invited => "voorgelegd aan beide kanten",
        MatchState::Introduced => "voorgesteld aan elkaar",
        MatchState::Succeeded => "gelukt",
        MatchState::Failed => "niet gelukt",
        MatchState::Unknown => "afgerond zonder bericht",
        MatchState::Rejected => "afgekeurd",
        MatchState::Declined => "afgewezen",
        MatchState::Expired => "verlopen",
        MatchState::Lapsed => "vervallen",
    }
}

/// The name of a kind of organisation.
pub fn organisation_kind(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::Initiative => "initiatief",
        OrganisationKind::Partner => "partner",
        OrganisationKind::SystemParty => "systeempartij",
    }
}

/// Why a pair may not be matched, by the code of the gate.
pub fn gate(code: &str) -> &'static str {
    match code {
        "demandNotOpen" => "de vraag staat niet open",
        "supplyNotOpen" => "het aanbod staat niet open",
        "notVerified" => "een van beide organisaties is nog niet gecontroleerd",
        "sameOrganisation" => "ze zijn van dezelfde organisatie",
        "noCapacity" => "het aanbod is vol",
        "declinedBefore" => "een van beide heeft eerder nee gezegd",
        "outOfReach" => "het aanbod werkt niet in deze gemeente",
        _ => "een regel laat het niet toe",
    }
}
