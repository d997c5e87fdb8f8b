-- Links that go out by mail: the token itself is never kept, only its hash.
CREATE TABLE links (
    id         TEXT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    purpose    TEXT NOT NULL,
    member_id  TEXT NOT NULL REFERENCES members (id),
    subject    TEXT NOT NULL,
    side       TEXT,
    expires_at TEXT NOT NULL,
    used_at    TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX links_by_subject ON links (subject);

-- The outbox: letters with their frozen bytes, and one delivery for each recipient.
CREATE TABLE letters (
    id         TEXT PRIMARY KEY NOT NULL,
    kind       TEXT NOT NULL,
    about      TEXT NOT NULL,
    subject    TEXT NOT NULL,
    mime       BLOB NOT NULL,
    not_after  TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX letters_by_about ON letters (about);

CREATE TABLE deliveries (
    id         TEXT PRIMARY KEY NOT NULL,
    letter_id  TEXT NOT NULL REFERENCES letters (id),
    recipient  TEXT NOT NULL,
    state      TEXT NOT NULL
        CHECK (state IN ('ready', 'leased', 'in_data', 'sent', 'ambiguous', 'failed', 'dead', 'withdrawn')),
    epoch      INTEGER NOT NULL,
    owner      TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    due_at     TEXT NOT NULL,
    last_error TEXT NOT NULL,
    sent_at    TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (letter_id, recipient)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (state, due_at, id);
