//! Cells that people open in a spreadsheet: none of them may become a formula there. For everything that writes or
//! reads a file of rows.

use std::borrow::Cow;

/// What makes a spreadsheet take the text of a cell for a formula (OWASP, CSV Injection).
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// Whether a spreadsheet could take a cell for a formula, also once apostrophes before it are taken off.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

/// The cell as it is written: an apostrophe goes before what a spreadsheet would take for a formula.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell without the apostrophe of [`guarded`].
pub fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|rest| is_formula(rest))
        .unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_guarded_and_reads_back() {
        for formula in ["=1+1", "+31", "-2", "@SUM(A1)", "\tx", "\rx", "'=1"] {
            assert_eq!(guarded(formula), format!("'{formula}"));
            assert_eq!(bare(&guarded(formula)), formula);
        }
        for text in ["", "zaal", "'s-Gravenhage", "1-2"] {
            assert_eq!(guarded(text), text);
            assert_eq!(bare(text), text);
        }
    }
}
