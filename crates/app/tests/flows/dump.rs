//! Everything that is stored, as text: to prove that something changed nothing.

use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

/// One column of text.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of every table of the database at `url`, sorted.
pub(crate) fn dump(url: &str) -> Vec<String> {
    let mut rows = if url.starts_with("postgres") {
        of_postgres(url)
    } else {
        of_sqlite(url)
    };
    assert!(
        !rows.is_empty(),
        "a database with an opened market is not empty"
    );
    rows.sort();
    rows
}

fn of_sqlite(file: &str) -> Vec<String> {
    let mut conn = SqliteConnection::establish(file).unwrap();
    let mut ask = |query: String| -> Vec<String> {
        let lines: Vec<Line> = sql_query(query).load(&mut conn).unwrap();
        lines.into_iter().map(|found| found.line).collect()
    };
    let mut rows = Vec::new();
    for table in ask("SELECT name AS line FROM sqlite_master WHERE type = 'table'".to_owned()) {
        let columns = ask(format!(
            "SELECT 'quote(' || name || ')' AS line FROM pragma_table_info('{table}')"
        ));
        let all = columns.join(" || ',' || ");
        rows.extend(ask(format!(
            "SELECT '{table}: ' || {all} AS line FROM {table}"
        )));
    }
    rows
}

#[cfg(feature = "postgres")]
fn of_postgres(url: &str) -> Vec<String> {
    let mut conn = diesel::PgConnection::establish(url).unwrap();
    let mut ask = |query: String| -> Vec<String> {
        let lines: Vec<Line> = sql_query(query).load(&mut conn).unwrap();
        lines.into_iter().map(|found| found.line).collect()
    };
    let tables = "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public'";
    let mut rows = Vec::new();
    for table in ask(tables.to_owned()) {
        rows.extend(ask(format!(
            "SELECT '{table}: ' || row_to_json(each)::text AS line FROM {table} AS each"
        )));
    }
    rows
}

#[cfg(not(feature = "postgres"))]
fn of_postgres(url: &str) -> Vec<String> {
    panic!("built without PostgreSQL, so {url} cannot be read");
}
