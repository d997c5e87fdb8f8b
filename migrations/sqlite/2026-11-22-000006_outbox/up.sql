-- Deliveries know since when a worker has them and since when they are uncertain, how often they were repeated, and
-- the site of their address, for which there is a rate. A column with a CHECK cannot be changed in place.
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
    due_at          TEXT NOT NULL,
    claimed_at      TEXT,
    uncertain_since TEXT,
    last_error      TEXT NOT NULL,
    sent_at         TEXT,
    created_at      TEXT NOT NULL,
    UNIQUE (letter_id, recipient)
) STRICT;
INSERT INTO deliveries_new
SELECT id, letter_id, recipient, lower(substr(recipient, instr(recipient, '@') + 1)), state, epoch, owner, attempts, 0,
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
    at          TEXT NOT NULL,
    reply       TEXT NOT NULL,
    PRIMARY KEY (delivery_id, epoch, result)
) STRICT;

-- Addresses nothing is sent to any more.
CREATE TABLE suppressions (
    address     TEXT PRIMARY KEY NOT NULL,
    reason      TEXT NOT NULL CHECK (reason IN ('bounce', 'complaint', 'by_hand')),
    delivery_id TEXT REFERENCES deliveries (id),
    since       TEXT NOT NULL
) STRICT;

-- How many letters went to a site in the running minute; the site * counts all.
CREATE TABLE rates (
    site   TEXT PRIMARY KEY NOT NULL,
    minute TEXT NOT NULL,
    used   INTEGER NOT NULL
) STRICT;

-- While a row is here, no letter goes.
CREATE TABLE pauses (
    id     TEXT PRIMARY KEY NOT NULL,
    reason TEXT NOT NULL,
    since  TEXT NOT NULL
) STRICT;
