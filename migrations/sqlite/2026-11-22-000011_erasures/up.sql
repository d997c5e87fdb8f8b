-- Members whose data were erased; their rows stay, without anything that leads to a person, for what they took part in.
CREATE TABLE erasures (
    member_id TEXT PRIMARY KEY NOT NULL REFERENCES members (id),
    at        TEXT NOT NULL
) STRICT;
