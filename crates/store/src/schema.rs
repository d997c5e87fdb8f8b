//! The tables, shared by both databases; columns in the order of the tables, because rows are read by position.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    organisations (id) {
        id -> Text, name -> Text, name_key -> Text, kind -> Text, place -> Text, municipality -> Nullable<Text>,
        website -> Text, state -> Text, reason -> Text, reference -> Nullable<Text>, created_at -> Timestamp,
        version -> Integer,
    }
}

table! {
    members (id) {
        id -> Text, organisation_id -> Text, name -> Text, email -> Text, email_key -> Text, role -> Text,
        regions -> Text, confirmed_at -> Nullable<Timestamp>, wants_reminders -> Bool, created_at -> Timestamp,
    }
}

table! {
    posts (id) {
        id -> Text, kind -> Text, organisation_id -> Text, author_id -> Text, reference -> Nullable<Text>,
        title -> Text, body -> Text, themes -> Text, support -> Text, consent -> Text, search -> Text,
        state -> Text, reason -> Text, opened_at -> Nullable<Timestamp>, expires_at -> Timestamp,
        told -> Nullable<Text>, due_at -> Nullable<Timestamp>, created_at -> Timestamp, version -> Integer,
    }
}

table! {
    requests (id) {
        id -> Text, place -> Text, municipality -> Text, phase -> Nullable<Text>, needed_by -> Nullable<Date>,
    }
}

table! {
    offers (id) {
        id -> Text, reach -> Text, neighbours -> Bool, phases -> Text, capacity -> Integer, carried -> Integer,
        evergreen -> Bool,
    }
}

table! {
    matches (id) {
        id -> Text, request_id -> Text, offer_id -> Text, round -> Integer, origin -> Text, state -> Text,
        since -> Timestamp, score -> Double, explanation -> Text, weights -> Text,
        asker_answer -> Nullable<Text>, asker_answered_at -> Nullable<Timestamp>,
        asker_answered_by -> Nullable<Text>, asker_outcome -> Nullable<Text>,
        giver_answer -> Nullable<Text>, giver_answered_at -> Nullable<Timestamp>,
        giver_answered_by -> Nullable<Text>, giver_outcome -> Nullable<Text>,
        reason -> Text, note -> Text, declined_by -> Nullable<Text>, reviewed_by -> Nullable<Text>,
        told -> Nullable<Text>, due_at -> Nullable<Timestamp>, created_at -> Timestamp, version -> Integer,
    }
}

table! {
    match_runs (id) {
        id -> Text, begun_by -> Text, at -> Timestamp, algorithm -> Text, weights -> Text, inputs -> Text,
        requests -> Integer, offers -> Integer, finished_at -> Nullable<Timestamp>, proposed -> Integer,
        proposals -> Text, gated -> Text, kept -> Text, signed_by -> Nullable<Text>,
        signed_at -> Nullable<Timestamp>, note -> Text,
    }
}

table! {
    match_claims (match_id) {
        match_id -> Text, member_id -> Text, until -> Timestamp,
    }
}

table! {
    history (id) {
        id -> Text, subject -> Text, at -> Timestamp, actor -> Text, action -> Text, detail -> Text,
    }
}

table! {
    links (id) {
        id -> Text, token_hash -> Text, purpose -> Text, member_id -> Text, subject -> Text,
        side -> Nullable<Text>, expires_at -> Timestamp, used_at -> Nullable<Timestamp>, created_at -> Timestamp,
    }
}

table! {
    letters (id) {
        id -> Text, kind -> Text, about -> Text, subject -> Text, mime -> Binary,
        not_after -> Nullable<Timestamp>, created_at -> Timestamp,
    }
}

table! {
    deliveries (id) {
        id -> Text, letter_id -> Text, recipient -> Text, site -> Text, state -> Text, epoch -> Integer, owner -> Text,
        attempts -> Integer, repeats -> Integer, due_at -> Timestamp, claimed_at -> Nullable<Timestamp>,
        uncertain_since -> Nullable<Timestamp>, last_error -> Text, sent_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

table! {
    transmissions (delivery_id, epoch, result) {
        delivery_id -> Text, epoch -> Integer, result -> Text, at -> Timestamp, reply -> Text,
    }
}

table! {
    suppressions (address) {
        address -> Text, reason -> Text, delivery_id -> Nullable<Text>, since -> Timestamp,
    }
}

table! {
    rates (site) {
        site -> Text, minute -> Timestamp, used -> Integer,
    }
}

table! {
    pauses (id) {
        id -> Text, reason -> Text, since -> Timestamp,
    }
}

table! {
    idempotency_keys (caller, key) {
        caller -> Text, key -> Text, fingerprint -> Text, status -> Nullable<Integer>, location -> Text, tag -> Text,
        body -> Text, created_at -> Timestamp,
    }
}

table! {
    erasures (member_id) {
        member_id -> Text, at -> Timestamp,
    }
}

table! {
    market_changes (id) {
        id -> BigInt, transaction_id -> BigInt, subject -> Text, at -> Timestamp,
    }
}

table! {
    sessions (id) {
        id -> Text, member_id -> Text, expires_at -> Timestamp, ended_at -> Nullable<Timestamp>, reason -> Text,
        created_at -> Timestamp,
    }
}

table! {
    subscriptions (id) {
        id -> Text, member_id -> Text, kinds -> Text, regions -> Text, themes -> Text, phases -> Text,
        support -> Text, minimum_score -> Double, frequency -> Text, news_from -> Nullable<Timestamp>,
        due_at -> Timestamp, created_at -> Timestamp, version -> Integer,
    }
}

table! {
    refresh_tokens (token_hash) {
        token_hash -> Text, session_id -> Text, used_at -> Nullable<Timestamp>, created_at -> Timestamp,
    }
}

table! {
    told_items (member_id, item) {
        member_id -> Text, item -> Text, told_at -> Timestamp,
    }
}

joinable!(members -> organisations (organisation_id));
joinable!(posts -> organisations (organisation_id));
joinable!(requests -> posts (id));
joinable!(match_claims -> members (member_id));
joinable!(offers -> posts (id));
joinable!(deliveries -> letters (letter_id));
joinable!(sessions -> members (member_id));
joinable!(refresh_tokens -> sessions (session_id));
joinable!(subscriptions -> members (member_id));
allow_tables_to_appear_in_same_query!(
    organisations,
    members,
    posts,
    requests,
    offers,
    matches,
    match_runs,
    match_claims,
    history,
    links,
    letters,
    deliveries,
    transmissions,
    suppressions,
    rates,
    pauses,
    idempotency_keys,
    erasures,
    sessions,
    refresh_tokens,
    market_changes,
    subscriptions,
    told_items
);
