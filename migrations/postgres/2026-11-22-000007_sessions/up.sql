-- Who is signed in, from a login until it ends.
CREATE TABLE sessions (
    id         TEXT PRIMARY KEY NOT NULL,
    member_id  TEXT NOT NULL REFERENCES members (id),
    expires_at TIMESTAMP NOT NULL,
    ended_at   TIMESTAMP,
    reason     TEXT NOT NULL CHECK (reason IN ('', 'logout', 'reuse')),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_member ON sessions (member_id);

-- The refresh tokens of a session, each used once: the token itself is never kept, only its hash.
CREATE TABLE refresh_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    used_at    TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
