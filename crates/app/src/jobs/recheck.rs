//! Asks at the last moment whether a letter may still go.

use chrono::{DateTime, Utc};
use domain::letters::{Delivery, DeliveryState, LetterKind, StoredLetter};
use domain::matches::MatchState;
use store::{Conn, matches, subscriptions, suppressions};

use crate::error::AppError;
use crate::letters::side_of;

/// How a delivery ends without being sent; `None` when its letter is still of use and may go to the address.
pub(super) fn end_of(
    conn: &mut Conn,
    delivery: &Delivery,
    letter: &StoredLetter,
    now: DateTime<Utc>,
) -> Result<Option<DeliveryState>, AppError> {
    if letter.not_after.is_some_and(|end| end <= now) {
        return Ok(Some(DeliveryState::Expired));
    }
    if letter.mime.is_empty() || !is_asked_still(conn, letter)? {
        return Ok(Some(DeliveryState::Withdrawn));
    }
    if !letter.kind.passes_suppression() && suppressions::holds(conn, &delivery.recipient)? {
        return Ok(Some(DeliveryState::Suppressed));
    }
    Ok(None)
}

/// Whether what an invitation asks was not answered or ended meanwhile, and who gets a digest still wants it.
fn is_asked_still(conn: &mut Conn, letter: &StoredLetter) -> Result<bool, AppError> {
    if letter.kind == LetterKind::Digest {
        return Ok(subscriptions::is_served(conn, letter.about.parse()?)?);
    }
    let asks = matches!(
        letter.kind,
        LetterKind::Invitation | LetterKind::InvitationReminder
    );
    match side_of(&letter.about).filter(|_| asks) {
        None => Ok(true),
        Some((id, side)) => {
            let found = matches::find(conn, id)?;
            Ok(found.state == MatchState::Invited && found.voice(side).answer.is_none())
        }
    }
}
