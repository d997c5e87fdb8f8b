DROP TABLE market_changes;
