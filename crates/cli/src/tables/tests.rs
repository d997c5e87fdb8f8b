//! Files as people make them: by hand, in Dutch Excel, with mistakes.

use domain::spreadsheets::{bare, guarded};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::*;

const HEADER: &str = "id,organisation,title,body,place,municipality,themes,phase,support\n";

fn requests(text: &str) -> anyhow::Result<Table> {
    read_bytes("vragen.csv", text.as_bytes(), Kind::Requests)
}

fn refused(text: &str) -> String {
    format!("{:#}", requests(text).unwrap_err())
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

#[test]
fn rows_know_their_line_also_after_breaks_inside_cells() {
    for end in ["\n", "\r\n"] {
        let text =
            format!("{HEADER}1,o,t,\"een\ntwee\ndrie\",,,,,\n\n2,o,t,b,,,,,\n3,o,t,b,,,,,\n")
                .replace('\n', end);
        let table = requests(&text).unwrap();
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 6, 7], "{end:?}");
        assert_eq!(table.cell(6, "id"), "2");
    }
}

#[test]
fn dutch_excel_is_read_as_it_saves() {
    let text = format!("\u{feff}{HEADER}1,o,t,b,,,\"ontmoeten,dorpshuis\",,\n").replace(',', ";");
    let table = requests(&text.replace('\n', "\r\n")).unwrap();
    assert_eq!(table.rows[0].list("themes"), ["ontmoeten", "dorpshuis"]);
    assert!(table.ignored.is_empty());
}

#[test]
fn columns_may_stand_in_any_order_and_be_missing_or_extra() {
    let table = requests("Title,ID,opmerking,Body , organisation\nt,1,zomaar,b,o\n").unwrap();
    assert_eq!(table.rows[0].get("title"), "t");
    assert_eq!(table.rows[0].get("support"), "");
    assert_eq!(table.ignored, ["opmerking"]);
}

#[test]
fn a_file_without_a_column_it_needs_is_refused_by_its_name() {
    let said = refused("id,organisation,title\n1,o,t\n");
    assert!(
        said.contains("vragen.csv") && said.contains("'body'"),
        "{said}"
    );
    assert!(refused("").contains("leeg"));
    assert!(refused("id,id,organisation,title,body\n").contains("twee keer"));
}

#[test]
fn a_row_of_another_shape_is_named_and_left_out() {
    let table = requests(&format!(
        "{HEADER}1,o,t,b,,,,,\n2,o,Soep, brood en spelen,b,,,,,\n3,o\n\n,,,,\n4,o,t,b,,,,,,\n"
    ))
    .unwrap();
    assert_eq!(table.rows.len(), 1);
    let lines: Vec<u64> = table.broken.iter().map(|refused| refused.line).collect();
    assert_eq!(lines, [3, 4, 7], "a row without any text is no row");
    assert_eq!(
        table.said(&table.broken[0]),
        "vragen.csv:3: Deze regel heeft 10 cellen, de eerste regel heeft er 9. Zet een tekst met een komma, puntkomma of nieuwe regel erin tussen aanhalingstekens."
    );
}

#[test]
fn another_encoding_is_refused_with_its_line() {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend(b"1,Caf\xe9,t,b,,,,,\n");
    let said = read_bytes("vragen.csv", &bytes, Kind::Requests)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("regel 2") && said.contains("CSV UTF-8"),
        "{said}"
    );
}

#[test]
fn a_workbook_is_read_like_text() {
    let bytes = workbook(|sheet| {
        for (column, name) in (0_u16..).zip(["id", "organisation", "title", "body", "needed_by"]) {
            sheet.write_string(1, column, name).unwrap();
        }
        sheet.write_number(3, 0, 7.0).unwrap();
        sheet.write_string(3, 1, "LSA").unwrap();
        let day = ExcelDateTime::from_ymd(2026, 4, 14).unwrap();
        let format = Format::new().set_num_format("dd-mm-yyyy");
        sheet
            .write_datetime_with_format(3, 4, &day, &format)
            .unwrap();
    });
    let table = read_bytes("vragen.xlsx", &bytes, Kind::Requests).unwrap();
    let row = &table.rows[0];
    assert_eq!(
        (row.line, row.get("id"), row.get("organisation")),
        (4, "7", "LSA")
    );
    assert_eq!(row.get("needed_by"), "2026-04-14");
}

#[test]
fn a_file_that_is_no_table_is_refused_with_what_to_do() {
    let old = read_bytes("oud.xls", b"\xD0\xCF\x11\xE0\xA1\xB1", Kind::Requests).unwrap_err();
    assert!(old.to_string().contains(".xlsx"));
    let broken = read_bytes("stuk.xlsx", b"PK\x03\x04niets", Kind::Requests).unwrap_err();
    assert!(format!("{broken:#}").contains("stuk.xlsx"));
    assert!(read(Path::new("/bestaat/niet.csv"), Kind::Requests).is_err());
}

#[test]
fn no_cell_becomes_a_formula_and_each_reads_back() {
    for (cell, written) in [
        ("=1+1", "'=1+1"),
        ("-tje", "'-tje"),
        ("+31", "'+31"),
        ("@iedereen", "'@iedereen"),
        ("\tA", "'\tA"),
        ("'=1+1", "''=1+1"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("gewoon", "gewoon"),
        ("", ""),
    ] {
        assert_eq!(guarded(cell), written);
        assert_eq!(bare(written), cell);
    }
}

#[test]
fn what_is_written_reads_back_from_both_kinds_of_file() {
    let folder = tempfile::tempdir().unwrap();
    let row: Vec<String> = [
        "1",
        "LSA",
        "=SOM(A1)",
        "Een \"tekst\"\nop twee regels; met, tekens",
    ]
    .map(str::to_owned)
    .into();
    for name in ["uit.csv", "uit.xlsx"] {
        let path = folder.path().join(name);
        write(
            Some(&path),
            &["id", "organisation", "title", "body"],
            std::iter::once(Lines::of([&row])),
        )
        .unwrap();
        let table = read(&path, Kind::Requests).unwrap();
        let cells: Vec<&str> = ["id", "organisation", "title", "body"]
            .map(|column| table.rows[0].get(column))
            .into();
        assert_eq!(cells, row, "{name}");
    }
    let refused = write(
        Some(&folder.path().join("uit.ods")),
        &["id"],
        std::iter::empty(),
    )
    .unwrap_err();
    assert!(refused.to_string().contains(".xlsx"));
}
