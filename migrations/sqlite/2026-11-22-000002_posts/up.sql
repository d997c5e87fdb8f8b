-- What is asked and offered. A post has a life; requests and offers add what only they have.
CREATE TABLE posts (
    id              TEXT PRIMARY KEY NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('request', 'offer')),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    author_id       TEXT NOT NULL REFERENCES members (id),
    reference       TEXT,
    title           TEXT NOT NULL,
    body            TEXT NOT NULL,
    -- Lists of codes stand between semicolons, also at both ends: ';dorpshuis;wonen;'.
    themes          TEXT NOT NULL,
    support         TEXT NOT NULL,
    consent         TEXT NOT NULL CHECK (consent IN ('ask', 'standing')),
    -- Title and body, folded to lower case without accents: what a search looks in.
    search          TEXT NOT NULL,
    state           TEXT NOT NULL
        CHECK (state IN ('draft', 'pending', 'open', 'paused', 'hidden', 'closed', 'expired')),
    reason          TEXT NOT NULL,
    opened_at       TEXT,
    expires_at      TEXT NOT NULL,
    told            TEXT,
    due_at          TEXT,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL,
    UNIQUE (organisation_id, kind, reference)
) STRICT;
CREATE INDEX posts_by_state ON posts (kind, state, id);
CREATE INDEX posts_by_organisation ON posts (organisation_id, id);
CREATE INDEX posts_due ON posts (due_at);

CREATE TABLE requests (
    id           TEXT PRIMARY KEY NOT NULL REFERENCES posts (id),
    place        TEXT NOT NULL,
    municipality TEXT NOT NULL,
    phase        TEXT,
    needed_by    TEXT
) STRICT;
CREATE INDEX requests_by_municipality ON requests (municipality);

CREATE TABLE offers (
    id         TEXT PRIMARY KEY NOT NULL REFERENCES posts (id),
    reach      TEXT NOT NULL,
    neighbours INTEGER NOT NULL,
    phases     TEXT NOT NULL,
    capacity   INTEGER NOT NULL,
    carried    INTEGER NOT NULL,
    evergreen  INTEGER NOT NULL,
    -- An offer is never overfilled, whatever the program does.
    CHECK (carried >= 0 AND carried <= capacity)
) STRICT;
