DROP TABLE offers;
DROP TABLE requests;
DROP TABLE posts;
