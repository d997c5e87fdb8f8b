-- One request and one offer on their way to an introduction.
CREATE TABLE matches (
    id                TEXT PRIMARY KEY NOT NULL,
    request_id        TEXT NOT NULL REFERENCES requests (id),
    offer_id          TEXT NOT NULL REFERENCES offers (id),
    round             INTEGER NOT NULL,
    origin            TEXT NOT NULL CHECK (origin IN ('engine', 'manual')),
    state             TEXT NOT NULL
        CHECK (state IN ('proposed', 'approved', 'invited', 'introduced', 'succeeded', 'failed', 'unknown',
                         'rejected', 'declined', 'expired', 'lapsed')),
    since             TIMESTAMP NOT NULL,
    score             DOUBLE PRECISION NOT NULL,
    -- The frozen signals and weights that made the score, as JSON.
    explanation       TEXT NOT NULL,
    weights           TEXT NOT NULL,
    asker_answer      TEXT,
    asker_answered_at TIMESTAMP,
    asker_answered_by TEXT,
    asker_outcome     TEXT,
    giver_answer      TEXT,
    giver_answered_at TIMESTAMP,
    giver_answered_by TEXT,
    giver_outcome     TEXT,
    reason            TEXT NOT NULL,
    note              TEXT NOT NULL,
    declined_by       TEXT,
    reviewed_by       TEXT,
    told              TEXT,
    due_at            TIMESTAMP,
    created_at        TIMESTAMP NOT NULL,
    version           INTEGER NOT NULL,
    UNIQUE (request_id, offer_id, round)
);
CREATE INDEX matches_by_state ON matches (state, id);
CREATE INDEX matches_by_offer ON matches (offer_id, state);
CREATE INDEX matches_due ON matches (due_at);

-- What happened to whom, by whom: only added to.
CREATE TABLE history (
    id      TEXT PRIMARY KEY NOT NULL,
    subject TEXT NOT NULL,
    at      TIMESTAMP NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    detail  TEXT NOT NULL
);
CREATE INDEX history_by_subject ON history (subject, id);
