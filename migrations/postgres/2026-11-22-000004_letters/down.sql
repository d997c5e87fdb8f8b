DROP TABLE deliveries;
DROP TABLE letters;
DROP TABLE links;
