//! Who may do what: one row for each operation of the API.

use serde_json::{Value, json};

use crate::support::market;

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Everybody, also who did not sign in.
    Everybody,
    /// Everybody who signed in.
    SignedIn,
    /// Who acts for the organisation it belongs to, and coordinators; to others it is not there.
    Owner,
    /// Who acts for one of the two sides, and nobody else.
    Sides,
    /// Coordinators.
    Coordinator,
    /// Whoever has the token from a letter.
    Bearer,
    /// Whoever has the secret that the body holds; ours is wrong.
    Secret,
    /// Who signed in by a letter, which is where a session comes from; ours signed in by hand.
    Session,
    /// The member it belongs to, and nobody else.
    Myself,
}

/// One row: the method, the address, who is let in, and a body that is accepted.
pub(crate) type Row = (&'static str, &'static str, Policy, Value);

/// Every operation.
pub(crate) fn rows() -> Vec<Row> {
    use Policy::{Bearer, Coordinator, Everybody, Myself, Owner, Secret, Session, Sides, SignedIn};
    let none = Value::Null;
    let close = json!({ "reason": "no_longer_needed" });
    let hide = json!({ "reason": "spam" });
    vec![
        ("GET", "/consents/{token}", Bearer, none.clone()),
        (
            "POST",
            "/consents/{token}",
            Bearer,
            json!({ "answer": "yes" }),
        ),
        ("GET", "/matches", SignedIn, none.clone()),
        ("POST", "/matches", Coordinator, json!({})),
        ("GET", "/matches/{id}", Owner, none.clone()),
        (
            "POST",
            "/matches/{id}/outcomes",
            Sides,
            json!({ "outcome": "succeeded" }),
        ),
        (
            "POST",
            "/matches/{id}/reviews",
            Coordinator,
            json!({ "decision": "approve", "reason": "good_fit" }),
        ),
        ("GET", "/offers", Everybody, none.clone()),
        ("POST", "/offers", SignedIn, market::offer()),
        ("GET", "/offers/{id}", Everybody, none.clone()),
        (
            "PATCH",
            "/offers/{id}",
            Owner,
            json!({ "title": "Een andere titel" }),
        ),
        ("POST", "/offers/{id}/closures", Owner, close.clone()),
        ("POST", "/offers/{id}/hidings", Coordinator, hide.clone()),
        ("GET", "/offers/{id}/matches", Owner, none.clone()),
        ("POST", "/offers/{id}/pauses", Owner, json!({})),
        ("POST", "/offers/{id}/renewals", Owner, json!({})),
        ("POST", "/offers/{id}/reopenings", Owner, json!({})),
        ("GET", "/organisations", Everybody, none.clone()),
        ("GET", "/organisations/{id}", Everybody, none.clone()),
        (
            "PATCH",
            "/organisations/{id}",
            Owner,
            json!({ "website": "https://zuid.example" }),
        ),
        (
            "POST",
            "/organisations/{id}/verifications",
            Coordinator,
            json!({ "decision": "approve" }),
        ),
        ("GET", "/outcomes/{token}", Bearer, none.clone()),
        (
            "POST",
            "/outcomes/{token}",
            Bearer,
            json!({ "outcome": "succeeded" }),
        ),
        ("GET", "/places", Everybody, none.clone()),
        ("POST", "/registrations", Everybody, json!({})),
        ("GET", "/me/export", SignedIn, none.clone()),
        ("GET", "/requests", Everybody, none.clone()),
        ("POST", "/requests", SignedIn, market::request()),
        ("GET", "/requests/{id}", Everybody, none.clone()),
        (
            "PATCH",
            "/requests/{id}",
            Owner,
            json!({ "title": "Een andere titel" }),
        ),
        ("POST", "/requests/{id}/closures", Owner, close),
        ("POST", "/requests/{id}/hidings", Coordinator, hide),
        ("GET", "/requests/{id}/matches", Owner, none.clone()),
        ("POST", "/requests/{id}/pauses", Owner, json!({})),
        ("POST", "/requests/{id}/renewals", Owner, json!({})),
        ("POST", "/requests/{id}/reopenings", Owner, json!({})),
        (
            "POST",
            "/suggestions",
            Everybody,
            json!({ "title": "", "body": "Wij zoeken een zaal in Apeldoorn." }),
        ),
        ("GET", "/unsubscriptions/{token}", Bearer, none.clone()),
        ("POST", "/unsubscriptions/{token}", Bearer, json!({})),
        ("GET", "/vocabularies/phases", Everybody, none.clone()),
        ("GET", "/vocabularies/regions", Everybody, none.clone()),
        (
            "GET",
            "/vocabularies/support-kinds",
            Everybody,
            none.clone(),
        ),
        ("GET", "/vocabularies/themes", Everybody, none),
        (
            "GET",
            "/vocabularies/review-reasons",
            Everybody,
            Value::Null,
        ),
        (
            "POST",
            "/login-links",
            Everybody,
            json!({ "email": "niemand@elders.example" }),
        ),
        (
            "POST",
            "/sessions",
            Secret,
            json!({ "token": "a".repeat(43) }),
        ),
        (
            "POST",
            "/sessions/refreshes",
            Secret,
            json!({ "refreshToken": "a".repeat(43) }),
        ),
        ("DELETE", "/sessions/current", Session, Value::Null),
        ("GET", "/me", SignedIn, Value::Null),
        ("PATCH", "/me", SignedIn, json!({ "wantsReminders": true })),
        ("DELETE", "/me", SignedIn, Value::Null),
        ("GET", "/organisations/{id}/members", Owner, Value::Null),
        (
            "POST",
            "/organisations/{id}/members",
            Owner,
            json!({ "name": "Nieuw", "email": "nieuw@zuid.example" }),
        ),
        ("GET", "/subscriptions", SignedIn, Value::Null),
        (
            "POST",
            "/subscriptions",
            SignedIn,
            json!({ "kinds": ["requests"] }),
        ),
        ("GET", "/subscriptions/{id}", Myself, Value::Null),
        (
            "PATCH",
            "/subscriptions/{id}",
            Myself,
            json!({ "frequency": "daily" }),
        ),
        ("DELETE", "/subscriptions/{id}", Myself, Value::Null),
        ("GET", "/reports/{report}", SignedIn, Value::Null),
        ("GET", "/match-runs", Coordinator, Value::Null),
        ("POST", "/match-runs", Coordinator, Value::Null),
        ("GET", "/match-runs/{id}", Coordinator, Value::Null),
        (
            "POST",
            "/match-runs/{id}/sign-offs",
            Coordinator,
            json!({ "note": "Gezien." }),
        ),
        (
            "POST",
            "/match-reviews",
            Coordinator,
            json!({ "matches": [{ "matchId": "mat_019ab3c4d5e67f8091a2b3c4d5e6f708" }], "decision": "approve", "reason": "good_fit" }),
        ),
        ("POST", "/matches/{id}/claims", Coordinator, json!({})),
    ]
}
