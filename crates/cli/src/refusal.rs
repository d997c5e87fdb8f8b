//! What the command line says when a use case ends other than well.

use app::{AppError, Conflict};
use domain::dutch::{answers, commands as words, match_runs as runs, outbox, reviews, sessions};

/// The sentence for a refusal; a fault of ours shows its cause, because whoever types commands can do something about it.
pub(crate) fn said(error: AppError) -> anyhow::Error {
    let sentence = match error {
        AppError::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(words::field_problem).collect();
            lines.join("\n")
        }
        AppError::NotSignedIn | AppError::Forbidden => answers::forbidden().1,
        AppError::TokenRefused => sessions::refused().1,
        AppError::TooOften { seconds } => sessions::too_often(seconds).1,
        AppError::NotFound => words::not_found().to_owned(),
        AppError::Stale => answers::stale().1,
        AppError::Busy => answers::busy().1,
        AppError::Broken(cause) => return cause.context(words::broken()),
        AppError::Conflict(conflict) => match conflict {
            Conflict::Taken { field } => words::taken(field),
            Conflict::Post { state } => answers::wrong_post_state(state).1,
            Conflict::Match { state } => answers::wrong_match_state(state).1,
            Conflict::Answered => answers::answered().1,
            Conflict::MatchGoing => answers::match_going().1,
            Conflict::Refused { gate } => answers::refused(gate).1,
            Conflict::RunGoing => runs::going().1,
            Conflict::RunUnfinished => runs::unfinished().1,
            Conflict::RunSigned => runs::signed().1,
            Conflict::Claimed { by, until } => reviews::claimed(&by, until).1,
            Conflict::LinkOver => answers::link_over().1,
            Conflict::Gone => outbox::gone().1,
            Conflict::TooManySubscriptions => answers::too_many_subscriptions().1,
        },
    };
    anyhow::anyhow!(sentence)
}
