//! What the text around a word does: "zaal gezocht" asks, "we hebben al een zaal" does not.

use super::entries::{About, Cue, Deed, Direction, Side};
use super::hits::Hit;
use super::tokens::{Mood, Place, Token};

/// How far a cue reaches, in words.
const REACH: usize = 10;
/// How far "geen" and its like reach: only to what follows at once.
const REFUSAL_REACH: usize = 4;

/// What a kind of help or a phase is worth by what the text around it does.
///
/// What is already there or not wanted is hardly what a post is about; what is asked for or offered outright is more
/// than what is mentioned.
fn worth(deed: Option<Deed>, side: Side) -> f64 {
    match (deed, side) {
        (Some(Deed::Refuse), _) => 0.0,
        (Some(Deed::Have), Side::Request) => 0.15,
        (Some(Deed::Ask), Side::Request) => 1.6,
        // An initiative that gives something in return mentions it.
        (Some(Deed::Offer), Side::Request) => 0.5,
        (Some(Deed::Offer), Side::Offer) => 1.5,
        // "Zoekt u een zaal?" says what is on offer.
        (Some(Deed::Ask), Side::Offer) => 1.2,
        (Some(Deed::Have), Side::Offer) => 1.0,
        (None, Side::Request) => 0.5,
        (None, Side::Offer) => 0.8,
    }
}

/// Weighs each use by how much it counts where it stands.
pub(super) fn weigh(hits: &mut [Hit], tokens: &[Token], side: Side) {
    let cues: Vec<(Cue, Hit)> = hits
        .iter()
        .filter_map(|hit| match hit.about {
            About::Cue(cue) => Some((cue, *hit)),
            _ => None,
        })
        .collect();
    for hit in hits {
        hit.strength *= weight(hit, &cues, tokens, side);
    }
}

/// How much a use counts where it stands.
fn weight(hit: &Hit, cues: &[(Cue, Hit)], tokens: &[Token], side: Side) -> f64 {
    let place = tokens
        .get(hit.start)
        .map_or(Place::Body, |token| token.place);
    let title = place == Place::Title;
    let asks = tokens.get(hit.start).map(|token| token.mood) == Some(Mood::Asks);
    // A question asks, whatever stands nearest in it; a refusal in it is still one.
    let deed = deed(hit, cues, tokens).or((asks && side == Side::Request).then_some(Deed::Ask));
    match hit.about {
        About::Theme(_) => {
            let refused = deed == Some(Deed::Refuse);
            (if refused { 0.3 } else { 1.0 }) * (if title { 1.8 } else { 1.0 })
        }
        About::Support(_) => {
            let unsaid = title && deed.is_none();
            // A title without a cue asks or offers: it has no room for anything else.
            let worth = if unsaid { 1.2 } else { worth(deed, side) };
            worth * (if title { 1.4 } else { 1.0 })
        }
        About::Phase(_) | About::AnyPhase => {
            if deed == Some(Deed::Refuse) {
                0.0
            } else {
                1.0
            }
        }
        About::Cue(_) => 0.0,
    }
}

/// What the nearest cue in the same clause that looks its way does.
fn deed(hit: &Hit, cues: &[(Cue, Hit)], tokens: &[Token]) -> Option<Deed> {
    let clause = |place: usize| tokens.get(place).map(|token| token.clause);
    cues.iter()
        .filter_map(|(cue, other)| {
            if clause(other.start) != clause(hit.start) {
                return None;
            }
            let apart = match cue.direction {
                Direction::Following => hit.start.checked_sub(other.end),
                Direction::Preceding => other.start.checked_sub(hit.end),
            };
            // A cue inside a phrase belongs to it: "geen geld voor" asks for money.
            if hit.start <= other.start && other.end <= hit.end {
                return None;
            }
            // A cue around it names the help at once, such as "hulp bij de administratie".
            let overlaps = other.start < hit.end && hit.start < other.end;
            let apart = apart.or(overlaps.then_some(0))?;
            let reach = if cue.deed == Deed::Refuse {
                REFUSAL_REACH
            } else {
                REACH
            };
            (apart < reach).then_some((apart, other.start, cue.deed))
        })
        .min_by_key(|(apart, start, _)| (*apart, *start))
        .map(|(_, _, deed)| deed)
}
