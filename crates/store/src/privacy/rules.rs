//! What each table holds of a person, and what becomes of it when they ask to be forgotten.
//!
//! Every column of every table stands here: a test compares them with the tables, so that nothing personal is added
//! without an answer to both questions.

/// A table.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) table: &'static str,
    /// Which rows are about a member: a condition in which `$1` is their id and `$2` their address in lower case.
    /// `None` where no row is about a person.
    pub(super) whose: Option<&'static str>,
    /// Columns a member is given when they ask what is held about them.
    pub(super) told: &'static [&'static str],
    /// Columns that say nothing about a person, or only how something is kept.
    pub(super) inner: &'static [&'static str],
    pub(super) erasure: Erasure,
}

/// What becomes of the rows of a member who is erased.
#[derive(Debug)]
pub(super) enum Erasure {
    /// They stay: without the member's own row nothing in them leads to a person.
    Keep,
    /// They go.
    Delete,
    /// These columns get these values.
    Blank(&'static str),
}

/// The letters a member got.
const LETTERS: &str = "id IN (SELECT letter_id FROM deliveries WHERE lower(recipient) = $2)";

/// What a member placed.
const PLACED: &str = "id IN (SELECT id FROM posts WHERE author_id = $1)";

/// Every table, in the order in which a member is erased: what is found through another row goes before it.
pub(super) const RULES: &[Rule] = &[
    Rule {
        table: "requests",
        whose: Some(PLACED),
        told: &["id", "place", "municipality", "phase", "needed_by"],
        inner: &[],
        erasure: Erasure::Keep,
    },
    Rule {
        table: "offers",
        whose: Some(PLACED),
        told: &["id", "reach", "neighbours", "phases", "capacity", "carried", "evergreen"],
        inner: &[],
        erasure: Erasure::Keep,
    },
    Rule {
        table: "posts",
        whose: Some("author_id = $1"),
        told: &[
            "id", "kind", "organisation_id", "author_id", "reference", "title", "body", "themes", "support", "consent",
            "state", "reason", "opened_at", "expires_at", "created_at",
        ],
        inner: &["search", "told", "due_at", "version"],
        erasure: Erasure::Keep,
    },
    Rule {
        table: "matches",
        whose: Some(
            "asker_answered_by = $1 OR giver_answered_by = $1 OR reviewed_by = $1
             OR request_id IN (SELECT id FROM posts WHERE author_id = $1)
             OR offer_id IN (SELECT id FROM posts WHERE author_id = $1)",
        ),
        told: &[
            "id", "request_id", "offer_id", "round", "origin", "state", "since", "score", "asker_answer",
            "asker_answered_at", "asker_answered_by", "asker_outcome", "giver_answer", "giver_answered_at",
            "giver_answered_by", "giver_outcome", "reason", "note", "declined_by", "reviewed_by", "created_at",
        ],
        inner: &["explanation", "weights", "told", "due_at", "version"],
        erasure: Erasure::Keep,
    },
    Rule {
        table: "history",
        whose: Some("actor = $1 OR subject = $1"),
        told: &["id", "subject", "at", "actor", "action", "detail"],
        inner: &[],
        erasure: Erasure::Keep,
    },
    Rule {
        table: "links",
        whose: Some("member_id = $1"),
        told: &["id", "purpose", "member_id", "subject", "side", "expires_at", "used_at", "created_at"],
        inner: &["token_hash"],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "idempotency_keys",
        whose: Some("caller = $1"),
        told: &["caller", "key", "status", "location", "body", "created_at"],
        inner: &["fingerprint", "tag"],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "refresh_tokens",
        whose: Some("session_id IN (SELECT id FROM sessions WHERE member_id = $1)"),
        told: &["session_id", "used_at", "created_at"],
        inner: &["token_hash"],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "sessions",
        whose: Some("member_id = $1"),
        told: &["id", "member_id", "expires_at", "ended_at", "reason", "created_at"],
        inner: &[],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "subscriptions",
        whose: Some("member_id = $1"),
        told: &[
            "id", "member_id", "kinds", "regions", "themes", "phases", "support", "minimum_score", "frequency",
            "created_at",
        ],
        inner: &["news_from", "due_at", "version"],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "told_items",
        whose: Some("member_id = $1"),
        told: &["member_id", "item", "told_at"],
        inner: &[],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "suppressions",
        whose: Some("address = $2"),
        told: &["address", "reason", "delivery_id", "since"],
        inner: &[],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "transmissions",
        whose: Some("delivery_id IN (SELECT id FROM deliveries WHERE lower(recipient) = $2)"),
        told: &["delivery_id", "result", "at", "reply"],
        inner: &["epoch"],
        erasure: Erasure::Blank("reply = ''"),
    },
    Rule {
        table: "letters",
        whose: Some(LETTERS),
        told: &["id", "kind", "about", "subject", "mime", "created_at"],
        inner: &["not_after"],
        erasure: Erasure::Blank("subject = '', mime = X''"),
    },
    Rule {
        table: "deliveries",
        whose: Some("lower(recipient) = $2"),
        told: &["id", "letter_id", "recipient", "state", "attempts", "last_error", "sent_at", "created_at"],
        inner: &["site", "epoch", "owner", "repeats", "due_at", "claimed_at", "uncertain_since"],
        erasure: Erasure::Blank("recipient = id || '@verwijderd.invalid', site = 'verwijderd.invalid', last_error = ''"),
    },
    Rule {
        table: "organisations",
        whose: Some("id IN (SELECT organisation_id FROM members WHERE id = $1)"),
        told: &[
            "id", "name", "kind", "place", "municipality", "website", "state", "reason", "reference", "created_at",
        ],
        inner: &["name_key", "version"],
        erasure: Erasure::Keep,
    },
    Rule {
        table: "members",
        whose: Some("id = $1"),
        told: &[
            "id", "organisation_id", "name", "email", "role", "regions", "confirmed_at", "wants_reminders", "created_at",
        ],
        inner: &["email_key"],
        erasure: Erasure::Blank(
            "name = 'Oud-lid', email = id || '@verwijderd.invalid', email_key = id || '@verwijderd.invalid',
             role = 'member', regions = '', confirmed_at = NULL",
        ),
    },
    Rule {
        table: "erasures",
        whose: Some("member_id = $1"),
        told: &["member_id", "at"],
        inner: &[],
        erasure: Erasure::Keep,
    },
    Rule {
        table: "match_claims",
        whose: Some("member_id = $1"),
        told: &["match_id", "member_id", "until"],
        inner: &[],
        erasure: Erasure::Delete,
    },
    Rule {
        table: "match_runs",
        whose: Some("begun_by = $1 OR signed_by = $1"),
        told: &["id", "begun_by", "at", "finished_at", "signed_by", "signed_at", "note"],
        // What a run looked at are the texts of posts, frozen so that it can be done again; it names no member.
        inner: &["algorithm", "weights", "inputs", "requests", "offers", "proposed", "proposals", "gated", "kept"],
        erasure: Erasure::Keep,
    },
    nothing_personal("rates", &["site", "minute", "used"]),
    nothing_personal("pauses", &["id", "reason", "since"]),
    nothing_personal("market_changes", &["id", "transaction_id", "subject", "at"]),
];

/// A table without a row about a person.
const fn nothing_personal(table: &'static str, inner: &'static [&'static str]) -> Rule {
    Rule {
        table,
        whose: None,
        told: &[],
        inner,
        erasure: Erasure::Keep,
    }
}
