//! Reads text: comma, semicolon or tab between the cells, as spreadsheets save it.

use anyhow::bail;
use csv::{ReaderBuilder, StringRecord};
use domain::dutch::commands::files as words;

use super::sheet::{Cells, Sheet};

/// What may stand between two cells; Dutch spreadsheets use the semicolon.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The text in a file, without the mark that some programs put before it.
///
/// # Errors
/// A Dutch sentence that names the line of the first byte that is not UTF-8.
pub(crate) fn utf8<'a>(file: &str, bytes: &'a [u8]) -> anyhow::Result<&'a str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            bail!(words::file_not_utf8(file, 1 + line_ends(before)));
        }
    }
}

/// The cells of a text file.
pub(super) fn sheet(file: &str, bytes: &[u8]) -> anyhow::Result<Sheet> {
    let text = utf8(file, bytes)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut header = None;
    let mut rows = Vec::new();
    // What the cells hold is never longer than the text they stand in.
    let mut cells = Cells::with_room(text.len());
    let mut record = StringRecord::new();
    while reader.read_record(&mut record)? {
        match header {
            None => header = Some(record.iter().map(str::to_owned).collect()),
            Some(_) => rows.push(cells.add(line(text, &record)?, &record)),
        }
    }
    let Some(header) = header else {
        bail!(words::file_empty(file));
    };
    Ok(Sheet {
        header,
        rows,
        cells,
    })
}

/// The separator the first line uses most.
fn separator(text: &str) -> u8 {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let times = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    // The first of equals is the comma.
    SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|separator| times(*separator))
        .unwrap_or(b',')
}

/// The line of the first cell of a row: the CSV reader says where a row begins before it skips the line end and the
/// empty lines in front of it.
fn line(text: &str, record: &StringRecord) -> anyhow::Result<u64> {
    let Some(position) = record.position() else {
        return Ok(1);
    };
    let begin = usize::try_from(position.byte())?;
    let rest = text.as_bytes().get(begin..).unwrap_or_default();
    let skipped = rest
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    Ok(position.line() + line_ends(rest.get(..skipped).unwrap_or_default()))
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
