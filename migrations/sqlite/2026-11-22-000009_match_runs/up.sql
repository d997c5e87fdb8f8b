-- Full match runs with everything they looked at, so that each can be done again and give the same.
CREATE TABLE match_runs (
    id          TEXT PRIMARY KEY NOT NULL,
    -- The id of a member, or 'itself'.
    begun_by    TEXT NOT NULL,
    at          TEXT NOT NULL,
    algorithm   TEXT NOT NULL,
    -- The weights, the posts and the pairs that are not proposed again, as JSON; weights also apart, for who looks.
    weights     TEXT NOT NULL,
    inputs      TEXT NOT NULL,
    requests    INTEGER NOT NULL,
    offers      INTEGER NOT NULL,
    -- Null while it is going, or when it was interrupted.
    finished_at TEXT,
    proposed    INTEGER NOT NULL,
    -- What was proposed, and what the gates said, as JSON; the ids of the matches that came of it between semicolons.
    proposals   TEXT NOT NULL,
    gated       TEXT NOT NULL,
    kept        TEXT NOT NULL,
    signed_by   TEXT,
    signed_at   TEXT,
    note        TEXT NOT NULL
) STRICT;

-- A coordinator who is looking at a match, so that no other does the same work.
CREATE TABLE match_claims (
    match_id  TEXT PRIMARY KEY NOT NULL REFERENCES matches (id),
    member_id TEXT NOT NULL REFERENCES members (id),
    until     TEXT NOT NULL
) STRICT;
