-- What changed for the market, written in the transaction of the change itself, so that every process that ranks posts
-- hears of what the others did. Old rows are taken out again.
CREATE TABLE market_changes (
    -- Never used twice, also not after the newest rows are gone: whoever reads goes by it.
    id             INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- Of no use here: there is one writer, so ids are in the order of their commits.
    transaction_id INTEGER NOT NULL DEFAULT 0,
    -- The id of a request, an offer, a match or an organisation.
    subject        TEXT NOT NULL,
    at             TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;
CREATE INDEX market_changes_by_time ON market_changes (at);
