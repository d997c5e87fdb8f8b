DROP TABLE pauses;
DROP TABLE rates;
DROP TABLE suppressions;
DROP TABLE transmissions;
CREATE TABLE deliveries_old (
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
INSERT INTO deliveries_old
SELECT id, letter_id, recipient,
       CASE WHEN state IN ('expired', 'suppressed') THEN 'withdrawn' WHEN state = 'bounced' THEN 'failed' ELSE state END,
       epoch, owner, attempts, due_at, last_error, sent_at, created_at
FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE deliveries_old RENAME TO deliveries;
CREATE INDEX deliveries_due ON deliveries (state, due_at, id);
