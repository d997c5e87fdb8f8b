DROP TABLE history;
DROP TABLE matches;
