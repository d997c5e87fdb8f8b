//! What people and pipes see: answers on standard output, the rest on standard error, color and bars on a terminal only.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use domain::dutch::commands as words;
use indicatif::{ProgressBar, ProgressStyle};

/// The width of a table where there is no terminal, in columns.
const USUAL_WIDTH: u16 = 110;

/// The widest table that still reads well, in columns.
const MAX_WIDTH: u16 = 160;

/// How long [`busy`] stands still.
const TURN: Duration = Duration::from_millis(100);

/// Writes an answer and a line end, at once.
///
/// # Errors
/// Whatever the other end of a pipe says, such as that it has gone.
pub(crate) fn say(answer: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{answer}")?;
    out.flush()
}

/// Writes what is worth knowing beside the answer. Where standard error is closed nobody can be told.
pub(crate) fn note(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// Writes why a command did nothing.
pub(crate) fn refuse(why: &str) {
    let label = words::error_label();
    let label = if may_color(&io::stderr()) {
        format!("\u{1b}[1;31m{label}\u{1b}[0m")
    } else {
        label.to_owned()
    };
    note(&format!("{label} {why}"));
}

/// A heading: bold on a terminal.
pub(crate) fn heading(text: &str) -> String {
    if may_color(&io::stdout()) {
        format!("\u{1b}[1m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// Whether a stream may have color: on a terminal, unless `NO_COLOR` says otherwise (no-color.org).
pub(crate) fn may_color(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A bar for `total` steps; nothing is drawn where standard error is no terminal.
pub(crate) fn progress(label: &'static str, total: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(counted(total));
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {human_pos}/{human_len} {eta}")
    {
        bar.set_style(style);
    }
    bar.set_message(label);
    bar
}

/// What turns while something is done of which the end cannot be seen; nothing is drawn where standard error is no
/// terminal.
pub(crate) fn busy(label: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let turning = ProgressBar::new_spinner().with_message(label);
    turning.enable_steady_tick(TURN);
    turning
}

/// A number of steps as the bar counts them.
pub(crate) fn counted(steps: usize) -> u64 {
    u64::try_from(steps).unwrap_or(u64::MAX)
}

/// A table with a header, and lines between its rows; the first column is never wrapped, so that an id can be copied.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table
        .set_width(width())
        .set_header(header.to_vec())
        .add_rows(rows);
    table.set_constraints([ColumnConstraint::ContentWidth]);
    table.to_string()
}

/// Rows under each other without any lines; the columns have the shares of the width in `percents`.
pub(crate) fn columns(percents: &[u16], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width()).add_rows(rows);
    let shares = percents
        .iter()
        .map(|percent| ColumnConstraint::Absolute(Width::Percentage(*percent)));
    table.set_constraints(shares);
    table.trim_fmt()
}

/// As wide as the terminal, but never wider than reads well.
fn width() -> u16 {
    let terminal = if io::stdout().is_terminal() {
        Table::new().width()
    } else {
        None
    };
    terminal.unwrap_or(USUAL_WIDTH).min(MAX_WIDTH)
}
