//! Copies of a PostgreSQL database by its own programs: `pg_dump` writes them, `pg_restore` reads them.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Bool;
use domain::dutch::backups as words;

use super::{Contents, Restart, STEPS, Said, contents, existing, failed, same_rows, start_still};
use crate::connection::{Conn, Location};
use crate::error::StoreError;
use crate::{dialect, migrate};

/// Stands in a database while a copy is put back into it, so that no server begins to work on it.
const UNFINISHED: &str = "samenspel_restore_unfinished";

/// Lines of what a program said that are told.
const MAX_LINES: usize = 5;

/// Writes a copy to `file`; what it holds is counted in the same snapshot.
pub(super) fn dump(
    conn: &mut Conn,
    location: &Location,
    file: &Path,
) -> Result<Contents, StoreError> {
    let major = server_major(conn)?;
    check_tool("pg_dump", major)?;
    check_tool("pg_restore", major)?;
    let snapshot = begin_snapshot(conn)?;
    let found = contents(conn)?;
    run(
        on_database("pg_dump", location)
            .args(["--format=custom", "--no-owner", "--no-privileges"])
            .arg(format!("--snapshot={snapshot}"))
            .arg("--file")
            .arg(file),
        major,
    )?;
    conn.batch_execute("ROLLBACK")?;
    check(file, &found, major)?;
    Ok(found)
}

/// Begins a transaction that holds one state of the database for as long as a copy of it takes; its name.
fn begin_snapshot(conn: &mut Conn) -> Result<String, StoreError> {
    // Meanwhile nothing is asked on this connection, which would end it after some seconds as that of a hung program.
    conn.batch_execute(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0",
    )?;
    let snapshot: Said = sql_query("SELECT pg_export_snapshot() AS said").get_result(conn)?;
    Ok(snapshot.said)
}

/// Reads the whole copy, and sees that the rows of every table are in it.
fn check(file: &Path, wanted: &Contents, major: u32) -> Result<(), StoreError> {
    let listed = run(Command::new("pg_restore").arg("--list").arg(file), major)?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    for table in wanted.rows.keys() {
        let is_there = |line: &str| {
            line.split_once(" TABLE DATA ")
                .and_then(|(_, rest)| rest.split(' ').nth(1))
                == Some(table)
        };
        if !listed.lines().any(is_there) {
            let missing = words::table_missing(table);
            return Err(failed(words::not_whole(file.display(), missing)));
        }
    }
    let mut read = Command::new("pg_restore");
    run(read.arg("--file=-").arg(file).stdout(Stdio::null()), major).map(drop)
}

/// Puts a copy back into a database without our tables, all of it or nothing.
pub(super) fn restore(
    file: &Path,
    to: &Location,
    wanted: &Contents,
    restart: &Restart,
) -> Result<usize, StoreError> {
    let mut conn = existing(to)?;
    refuse_unfinished(&mut conn)?;
    let is_ours = |table: &String| table == STEPS || wanted.rows.contains_key(table);
    if dialect::table_names(&mut conn)?.iter().any(is_ours) {
        return Err(failed(words::target_taken(to)));
    }
    let major = server_major(&mut conn)?;
    check_tool("pg_restore", major)?;
    conn.batch_execute(&format!("CREATE TABLE {UNFINISHED} (id INTEGER)"))?;
    let put_back = run(
        on_database("pg_restore", to)
            .args(["--single-transaction", "--exit-on-error"])
            .args(["--no-owner", "--no-privileges"])
            .arg(file),
        major,
    );
    let drop_mark = format!("DROP TABLE {UNFINISHED}");
    if let Err(error) = put_back {
        // Nothing was put back, so the database is as it was.
        conn.batch_execute(&drop_mark)?;
        return Err(error);
    }
    same_rows(wanted, &contents(&mut conn)?)?;
    migrate::up(&mut conn)?;
    conn.transaction(|conn| {
        conn.batch_execute(&drop_mark)?;
        start_still(conn, restart)
    })
}

/// Refuses a database into which a copy was put back half.
pub(super) fn refuse_unfinished(conn: &mut Conn) -> Result<(), StoreError> {
    let question = format!("SELECT to_regclass('{UNFINISHED}') IS NOT NULL AS holds");
    let found: Holds = sql_query(question).get_result(conn)?;
    if found.holds {
        Err(failed(words::unfinished().to_owned()))
    } else {
        Ok(())
    }
}

/// The whole number the version of the server begins with.
fn server_major(conn: &mut Conn) -> Result<u32, StoreError> {
    let question = "SELECT current_setting('server_version_num') AS said";
    let answer: Said = sql_query(question).get_result(conn)?;
    let number: u32 = answer.said.parse().unwrap_or_default();
    Ok(number / 10_000)
}

/// Refuses a program that is older than the server, which cannot read all that the server keeps.
fn check_tool(tool: &str, major: u32) -> Result<(), StoreError> {
    let answer = run(Command::new(tool).arg("--version"), major)?;
    match tool_major(&String::from_utf8_lossy(&answer.stdout)) {
        Some(found) if found < major => Err(failed(words::tool_too_old(tool, found, major))),
        _ => Ok(()),
    }
}

/// `pg_dump (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)` is of 15.
fn tool_major(answer: &str) -> Option<u32> {
    let (_, version) = answer.split_once("(PostgreSQL) ")?;
    let end = version.find(|letter: char| !letter.is_ascii_digit());
    version.get(..end.unwrap_or(version.len()))?.parse().ok()
}

/// A program of PostgreSQL on a database. The password goes through the environment: everybody on the machine can
/// read the words a program was started with.
fn on_database(tool: &str, location: &Location) -> Command {
    let mut command = Command::new(tool);
    if let Location::Postgres(url) = location {
        let (address, password) = without_password(url);
        command.arg(format!("--dbname={address}"));
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
    }
    // A program that cannot ask fails, where it would wait for ever.
    command.arg("--no-password");
    command
}

/// Runs a program to its end.
fn run(command: &mut Command, major: u32) -> Result<Output, StoreError> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| match cause.kind() {
            ErrorKind::NotFound => failed(words::tool_missing(&tool, major)),
            _ => failed(words::tool_failed(&tool, &cause.to_string())),
        })?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first: Vec<&str> = said.trim().lines().take(MAX_LINES).collect();
    Err(failed(words::tool_failed(&tool, &first.join(" "))))
}

/// An address and the password that stood in it: after the name, or as a parameter
/// (postgresql.org/docs, "Connection URIs").
fn without_password(url: &str) -> (String, Option<String>) {
    let mut password = None;
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let mut rest = rest.to_owned();
    let name = rest.split(['@', '/']).next().unwrap_or_default().to_owned();
    if rest
        .get(name.len()..)
        .is_some_and(|after| after.starts_with('@'))
        && let Some((user, secret)) = name.split_once(':')
    {
        password = Some(decoded(secret));
        rest = rest.replacen(&name, user, 1);
    }
    if let Some((address, parameters)) = rest.clone().split_once('?') {
        let (secret, others): (Vec<&str>, Vec<&str>) = parameters
            .split('&')
            .partition(|parameter| parameter.starts_with("password="));
        if let Some((_, secret)) = secret.first().and_then(|found| found.split_once('=')) {
            password = Some(decoded(secret));
        }
        rest = format!("{address}?{}", others.join("&"));
    }
    (format!("{scheme}://{rest}"), password)
}

/// A text of an address with its `%41` as letters.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.filter(|_digits| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(QueryableByName)]
struct Holds {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Access, open};
    use crate::fresh::on_each;

    #[test]
    fn a_password_never_stands_among_the_words_of_a_program() {
        for (url, address, password) in [
            ("postgres://db/markt", "postgres://db/markt", None),
            ("postgres://ria@db/markt", "postgres://ria@db/markt", None),
            (
                "postgresql://ria:ge%40h%2Feim@db:5432/markt",
                "postgresql://ria@db:5432/markt",
                Some("ge@h/eim"),
            ),
            (
                "postgres://ria@db/markt?password=geheim&sslmode=require",
                "postgres://ria@db/markt?sslmode=require",
                Some("geheim"),
            ),
            (
                "postgres://db:5432/markt?user=ria:x@y",
                "postgres://db:5432/markt?user=ria:x@y",
                None,
            ),
        ] {
            let (found, secret) = without_password(url);
            assert_eq!((found.as_str(), secret.as_deref()), (address, password));
            let command = on_database("pg_dump", &Location::Postgres(url.to_owned()));
            let shown = format!("{:?}", command.get_args().collect::<Vec<_>>());
            assert!(
                !shown.contains("geheim") && !shown.contains("h%2F"),
                "{shown}"
            );
        }
    }

    #[test]
    fn a_copy_that_takes_long_keeps_its_snapshot() {
        on_each(|fresh| {
            let location: Location = fresh.url.parse().unwrap();
            if matches!(location, Location::Sqlite(_)) {
                return;
            }
            let mut conn = open(&location, Access::Write).unwrap();
            let limit = |conn: &mut Conn| {
                let asked = "SELECT current_setting('idle_in_transaction_session_timeout') AS said";
                sql_query(asked).get_result::<Said>(conn).unwrap().said
            };
            assert_eq!(limit(&mut conn), "15s");
            begin_snapshot(&mut conn).unwrap();
            assert_eq!(limit(&mut conn), "0");
        });
    }

    #[test]
    fn the_version_of_a_program_is_read() {
        assert_eq!(
            tool_major("pg_dump (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(tool_major("pg_restore (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(tool_major("pg_dump"), None);
    }
}
