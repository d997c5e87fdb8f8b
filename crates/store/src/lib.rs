//! Rows, queries, migrations and transactions on SQLite and PostgreSQL.
