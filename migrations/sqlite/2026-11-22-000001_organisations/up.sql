-- Who takes part. Times are UTC; `*_key` columns hold the folded form that equality and uniqueness go by.
CREATE TABLE organisations (
    id           TEXT PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('initiative', 'partner', 'system_party')),
    place        TEXT NOT NULL,
    municipality TEXT,
    website      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('unverified', 'verified', 'refused')),
    reason       TEXT NOT NULL,
    reference    TEXT UNIQUE,
    created_at   TEXT NOT NULL,
    version      INTEGER NOT NULL
) STRICT;
CREATE INDEX organisations_by_name ON organisations (name_key);
CREATE INDEX organisations_by_state ON organisations (state, id);

CREATE TABLE members (
    id              TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    name            TEXT NOT NULL,
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL UNIQUE,
    role            TEXT NOT NULL CHECK (role IN ('member', 'coordinator', 'admin')),
    -- Codes of regions between semicolons; empty means all.
    regions         TEXT NOT NULL,
    confirmed_at    TEXT,
    wants_reminders INTEGER NOT NULL,
    created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX members_by_organisation ON members (organisation_id);
CREATE INDEX members_by_role ON members (role);
