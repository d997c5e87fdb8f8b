DROP TABLE told_items;
DROP TABLE subscriptions;
