//! Who may do what: one row for each operation of the API.

use serde_json::Value;

use crate::support::market;

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Everybody, also who did not sign in.
    Everybody,
    /// Everybody who signed in.
    SignedIn,
    /// Who acts for the organisation it belongs to, and coordinators of where it lies; to others it is not there.
    Owner,
    /// Who acts for one of the two sides, and nobody else.
    Sides,
    /// Coordinators.
    Coordinator,
    /// Coordinators of the whole country.
    Everywhere,
    /// Coordinators of where it lies; to those of other regions it is not there.
    Regional,
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
pub(crate) type Row = (&'static str, &'static str, Policy, &'static str);

/// The body of a row: a usual request or offer by name, JSON, or none.
pub(crate) fn body((.., text): &Row) -> Value {
    match *text {
        "" => Value::Null,
        "request" => market::request(),
        "offer" => market::offer(),
        text => serde_json::from_str(text).unwrap(),
    }
}

/// Every operation.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/consents/{token}", Policy::Bearer, ""),
    ("POST", "/consents/{token}", Policy::Bearer, r#"{ "answer": "yes" }"#),
    ("POST", "/login-links", Policy::Everybody, r#"{ "email": "niemand@elders.example" }"#),
    ("POST", "/match-reviews", Policy::Coordinator, r#"{ "matches": [{ "matchId": "mat_019ab3c4d5e67f8091a2b3c4d5e6f708" }], "decision": "approve", "reason": "good_fit" }"#),
    ("GET", "/match-runs", Policy::Coordinator, ""),
    ("POST", "/match-runs", Policy::Coordinator, ""),
    ("GET", "/match-runs/{id}", Policy::Coordinator, ""),
    ("POST", "/match-runs/{id}/sign-offs", Policy::Coordinator, r#"{ "note": "Gezien." }"#),
    ("GET", "/matches", Policy::SignedIn, ""),
    ("POST", "/matches", Policy::Regional, r#"{}"#),
    ("GET", "/matches/{id}", Policy::Owner, ""),
    ("POST", "/matches/{id}/claims", Policy::Regional, r#"{}"#),
    ("POST", "/matches/{id}/outcomes", Policy::Sides, r#"{ "outcome": "succeeded" }"#),
    ("POST", "/matches/{id}/reviews", Policy::Regional, r#"{ "decision": "approve", "reason": "good_fit" }"#),
    ("DELETE", "/me", Policy::SignedIn, ""),
    ("GET", "/me", Policy::SignedIn, ""),
    ("PATCH", "/me", Policy::SignedIn, r#"{ "wantsReminders": true }"#),
    ("GET", "/me/export", Policy::SignedIn, ""),
    ("GET", "/offers", Policy::Everybody, ""),
    ("POST", "/offers", Policy::SignedIn, "offer"),
    ("GET", "/offers/{id}", Policy::Everybody, ""),
    ("PATCH", "/offers/{id}", Policy::Owner, r#"{ "title": "Een andere titel" }"#),
    ("POST", "/offers/{id}/closures", Policy::Owner, r#"{ "reason": "no_longer_needed" }"#),
    ("POST", "/offers/{id}/hidings", Policy::Regional, r#"{ "reason": "spam" }"#),
    ("GET", "/offers/{id}/matches", Policy::Owner, ""),
    ("POST", "/offers/{id}/pauses", Policy::Owner, r#"{}"#),
    ("POST", "/offers/{id}/renewals", Policy::Owner, r#"{}"#),
    ("POST", "/offers/{id}/reopenings", Policy::Owner, r#"{}"#),
    ("GET", "/organisations", Policy::Everybody, ""),
    ("GET", "/organisations/{id}", Policy::Everybody, ""),
    ("PATCH", "/organisations/{id}", Policy::Owner, r#"{ "website": "https://zuid.example" }"#),
    ("GET", "/organisations/{id}/members", Policy::Owner, ""),
    ("POST", "/organisations/{id}/members", Policy::Owner, r#"{ "name": "Nieuw", "email": "nieuw@zuid.example" }"#),
    ("DELETE", "/organisations/{id}/members/{memberId}", Policy::Owner, ""),
    ("POST", "/organisations/{id}/verifications", Policy::Regional, r#"{ "decision": "approve" }"#),
    ("GET", "/outbox", Policy::Everywhere, ""),
    ("POST", "/outbox/{id}/retries", Policy::Everywhere, ""),
    ("GET", "/outcomes/{token}", Policy::Bearer, ""),
    ("POST", "/outcomes/{token}", Policy::Bearer, r#"{ "outcome": "succeeded" }"#),
    ("GET", "/places", Policy::Everybody, ""),
    ("POST", "/registrations", Policy::Everybody, r#"{}"#),
    ("GET", "/reports/{report}", Policy::SignedIn, ""),
    ("GET", "/requests", Policy::Everybody, ""),
    ("POST", "/requests", Policy::SignedIn, "request"),
    ("GET", "/requests/{id}", Policy::Everybody, ""),
    ("PATCH", "/requests/{id}", Policy::Owner, r#"{ "title": "Een andere titel" }"#),
    ("POST", "/requests/{id}/closures", Policy::Owner, r#"{ "reason": "no_longer_needed" }"#),
    ("POST", "/requests/{id}/hidings", Policy::Regional, r#"{ "reason": "spam" }"#),
    ("GET", "/requests/{id}/matches", Policy::Owner, ""),
    ("POST", "/requests/{id}/pauses", Policy::Owner, r#"{}"#),
    ("POST", "/requests/{id}/renewals", Policy::Owner, r#"{}"#),
    ("POST", "/requests/{id}/reopenings", Policy::Owner, r#"{}"#),
    ("POST", "/sessions", Policy::Secret, r#"{ "token": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }"#),
    ("DELETE", "/sessions/current", Policy::Session, ""),
    ("POST", "/sessions/refreshes", Policy::Secret, r#"{ "refreshToken": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }"#),
    ("GET", "/subscriptions", Policy::SignedIn, ""),
    ("POST", "/subscriptions", Policy::SignedIn, r#"{ "kinds": ["requests"] }"#),
    ("DELETE", "/subscriptions/{id}", Policy::Myself, ""),
    ("GET", "/subscriptions/{id}", Policy::Myself, ""),
    ("PATCH", "/subscriptions/{id}", Policy::Myself, r#"{ "frequency": "daily" }"#),
    ("POST", "/suggestions", Policy::Everybody, r#"{ "title": "", "body": "Wij zoeken een zaal in Apeldoorn." }"#),
    ("GET", "/unsubscriptions/{token}", Policy::Bearer, ""),
    ("POST", "/unsubscriptions/{token}", Policy::Bearer, r#"{}"#),
    ("GET", "/vocabularies/phases", Policy::Everybody, ""),
    ("GET", "/vocabularies/regions", Policy::Everybody, ""),
    ("GET", "/vocabularies/review-reasons", Policy::Everybody, ""),
    ("GET", "/vocabularies/support-kinds", Policy::Everybody, ""),
    ("GET", "/vocabularies/themes", Policy::Everybody, ""),
];
