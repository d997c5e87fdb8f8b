DROP TABLE members;
DROP TABLE organisations;
