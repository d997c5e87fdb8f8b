-- Deliveries know since when a worker has them and since when they are uncertain, how often they were repeated, and
-- the site of their address, for which there is a rate. Made anew, so that the columns stand in the order of SQLite.
CREATE TABLE deliveries_new (
    id              TEXT PRIMARY KEY NOT NULL,
    letter_id       TEXT NOT NULL REFERENCES letters (id),
    recipient       TEXT NOT NULL,
    site            TEXT NOT NULL,
    state           TEXT NOT NULL
        CHECK (state IN ('ready', 'leased', 'in_data', 'sent', 'ambiguous', 'failed', 'dead', 'withdrawn', 'expired',
                         'suppressed', 'bounced')),
    epoch           INTEGER NOT NULL,
    owner           TEXT NOT NULL,
    attempts        INTEGER NOT NULL,
    repeats         INTEGER NOT NULL,
    due_at          TIMESTAMP NOT NULL,
    claimed_at      TIMESTAMP,
    uncertain_since TIMESTAMP,
    last_error      TEXT NOT NULL,
    sent_at         TIMESTAMP,
    created_at      TIMESTAMP NOT NULL,
    UNIQUE (letter_id, recipient)
);
INSERT INTO deliveries_new
SELECT id, letter_id, recipient, lower(substr(recipient, strpos(recipient, '@') + 1)), state, epoch, owner, attempts, 0,
       due_at, CASE WHEN state IN ('leased', 'in_data') THEN due_at END,
       CASE WHEN state = 'ambiguous' THEN due_at END, last_error, sent_at, created_at
FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE deliveries_new RENAME TO deliveries;
CREATE INDEX deliveries_due ON deliveries (state, due_at, id);

-- How each transmission ended; only ever added to.
CREATE TABLE transmissions (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id),
    epoch       INTEGER NOT NULL,
    result      TEXT NOT NULL
        CHECK (result IN ('taken', 'refused', 'put_off', 'unreached', 'uncertain', 'found_taken', 'found_missing')),
    at          TIMESTAMP NOT NULL,
    reply       TEXT NOT NULL,
    PRIMARY KEY (delivery_id, epoch, result)
);

-- Addresses nothing is sent to any more.
CREATE TABLE suppressions (
    address     TEXT PRIMARY KEY NOT NULL,
    reason      TEXT NOT NULL CHECK (reason IN ('bounce', 'complaint', 'by_hand')),
    delivery_id TEXT REFERENCES deliveries (id),
    since       TIMESTAMP NOT NULL
);

-- How many letters went to a site in the running minute; the site * counts all.
CREATE TABLE rates (
    site   TEXT PRIMARY KEY NOT NULL,
    minute TIMESTAMP NOT NULL,
    used   INTEGER NOT NULL
);

-- While a row is here, no letter goes.
CREATE TABLE pauses (
    id     TEXT PRIMARY KEY NOT NULL,
    reason TEXT NOT NULL,
    since  TIMESTAMP NOT NULL
);
