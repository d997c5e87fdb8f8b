-- What members follow, and how often they are told.
CREATE TABLE subscriptions (
    id            TEXT PRIMARY KEY NOT NULL,
    member_id     TEXT NOT NULL REFERENCES members (id),
    -- Lists of codes stand between semicolons, as those of posts do; an empty list does not narrow anything.
    kinds         TEXT NOT NULL,
    regions       TEXT NOT NULL,
    themes        TEXT NOT NULL,
    phases        TEXT NOT NULL,
    support       TEXT NOT NULL,
    minimum_score DOUBLE PRECISION NOT NULL CHECK (minimum_score >= 0 AND minimum_score <= 1),
    frequency     TEXT NOT NULL CHECK (frequency IN ('immediate', 'daily', 'weekly')),
    news_from     TIMESTAMP,
    due_at        TIMESTAMP NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX subscriptions_by_member ON subscriptions (member_id, id);
CREATE INDEX subscriptions_due ON subscriptions (due_at);

-- What a member was told in a digest: a row is written with the letter, so nobody is told anything twice. It outlives the
-- subscription, so that ending one and making another does not tell everything again.
CREATE TABLE told_items (
    member_id TEXT NOT NULL REFERENCES members (id),
    -- The id of a post or a match; gap_ and the id of a post that waits in vain.
    item      TEXT NOT NULL,
    told_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (member_id, item)
);
