//! What the pages look like that mailed links lead to.

use app::{ConsentPage, ConsentState, OutcomePage};
use chrono::NaiveDate;
use domain::matches::{DeclineReason, MatchState, Outcome, Side};
use domain::posts::{CloseReason, PostKind, PostState};

use super::{HOSTILE, hostile, problem, safe};
use crate::pages::{closures, confirmations, consents, outcomes, renewals, settings};

fn consent(side: Side, state: ConsentState) -> consents::Consent {
    consents::Consent {
        page: ConsentPage {
            side,
            own_title: hostile(),
            other_organisation: hostile(),
            other_title: hostile(),
            other_place: hostile(),
            other_body: hostile(),
            reasons: vec![hostile()],
            state,
        },
        days: 10,
        problems: Vec::new(),
    }
}

#[test]
fn consent_is_asked_only_while_there_is_something_to_answer() {
    let states = [
        ConsentState::Open,
        ConsentState::Waiting,
        ConsentState::Introduced,
        ConsentState::Declined,
        ConsentState::Over,
    ];
    for side in Side::ALL.iter().copied() {
        for state in states {
            let html = safe(&consent(side, state));
            assert_eq!(
                html.contains("<form"),
                state == ConsentState::Open,
                "{html}"
            );
        }
        let mut page = consent(side, ConsentState::Open);
        let html = safe(&page);
        for button in [
            "name=\"answer\" value=\"yes\"",
            "name=\"answer\" value=\"no\"",
        ] {
            assert!(html.contains(button), "{html}");
        }
        for reason in DeclineReason::ALL {
            assert!(
                html.contains(&format!("<option value=\"{reason}\"")),
                "{html}"
            );
        }
        page.problems = ["answer", "reason"].into_iter().flat_map(problem).collect();
        let html = safe(&page);
        assert!(
            html.contains("href=\"#answer\"") && html.contains("id=\"answer\""),
            "{html}"
        );
        assert!(
            html.contains("href=\"#reason\"") && html.contains("id=\"reason\""),
            "{html}"
        );
    }
}

#[test]
fn an_outcome_can_be_told_until_it_is_settled() {
    for said in [
        None,
        Some(Outcome::Succeeded),
        Some(Outcome::Failed),
        Some(Outcome::Busy),
    ] {
        for state in MatchState::ALL.iter().copied() {
            let page = outcomes::Told {
                page: OutcomePage {
                    own_title: hostile(),
                    other_organisation: hostile(),
                    said,
                    state,
                },
                problems: problem("outcome"),
            };
            let html = safe(&page);
            let open = [MatchState::Introduced, MatchState::Unknown].contains(&state);
            for outcome in Outcome::ALL {
                assert_eq!(
                    html.contains(&format!("value=\"{outcome}\"")),
                    open,
                    "{html}"
                );
            }
        }
    }
}

#[test]
fn a_post_is_renewed_by_its_own_button_only() {
    use renewals::{Moment, Renewal};
    for kind in PostKind::ALL.iter().copied() {
        for state in PostState::ALL.iter().copied() {
            for moment in [Moment::Asked, Moment::Renewed, Moment::Impossible] {
                let page = Renewal {
                    kind,
                    title: hostile(),
                    state,
                    until: "2026-04-14".parse::<NaiveDate>().unwrap().into(),
                    weeks: 12,
                    moment,
                };
                let html = safe(&page);
                assert_eq!(
                    html.contains("<form method=\"post\">"),
                    moment == Moment::Asked,
                    "{html}"
                );
            }
        }
    }
}

#[test]
fn closing_asks_every_reason_there_is() {
    use closures::{Closure, Moment};
    for kind in PostKind::ALL.iter().copied() {
        for moment in [Moment::Asked, Moment::Closed, Moment::Expired] {
            let page = Closure {
                kind,
                title: hostile(),
                moment,
                problems: problem("reason"),
            };
            let html = safe(&page);
            for reason in CloseReason::ALL {
                assert_eq!(
                    html.contains(&format!("value=\"{reason}\"")),
                    moment == Moment::Asked,
                    "{html}"
                );
            }
        }
    }
}

#[test]
fn settings_and_confirmation_show_names_as_words() {
    for reminders in [true, false] {
        let page = settings::Settings {
            name: HOSTILE.parse().unwrap(),
            reminders,
            saved: true,
            problems: problem("reminders"),
        };
        let chosen = if reminders {
            "value=\"yes\" checked"
        } else {
            "value=\"no\" checked"
        };
        assert!(safe(&page).contains(chosen));
    }
    let page = confirmations::Confirmation {
        name: HOSTILE.parse().unwrap(),
        email: "eva&co@voorbeeld.nl".parse().unwrap(),
    };
    assert!(safe(&page).contains("<strong>eva&#38;co@voorbeeld.nl</strong>"));
}
