DROP TABLE match_claims;
DROP TABLE match_runs;
