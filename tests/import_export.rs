//! Files that come in and go out: `samenspel import` and `samenspel export`.

use std::process::Stdio;

use serde_json::json;

use crate::support::folder::rows;
use crate::support::{Folder, ended, example, signal, until};

const REQUESTS: &str = "id,organisation,title,body,place,municipality,themes,phase,support\n";

/// A row of a request with this id, place and theme.
fn row(id: &str, place: &str, theme: &str) -> String {
    format!(
        "{id},Stimenz,Zaal gezocht nummer {id},Wij zoeken een zaal voor onze koffieochtend.,{place},,{theme},start,ruimte\n"
    )
}

#[test]
fn a_wrong_row_is_named_and_nothing_of_its_file_comes_in() {
    let folder = Folder::with_organisations();
    let text = [
        REQUESTS,
        &row("v1", "Apeldoorn", "ontmoeten"),
        &row("v2", "Zuidwolde", "dorphuis"),
    ]
    .concat();
    folder.write("vragen.csv", &text);
    let ran = folder.run(&["import", "requests", "vragen.csv"]).expect(1);
    let ran = ran.saying(&[
        "vragen.csv:3 kolom themes",
        "\"dorphuis\"",
        "Kies een code",
        "dorpshuis",
    ]);
    ran.saying(&[
        "kolom place",
        "\"Zuidwolde\"",
        "--skip-invalid",
        "niets ingelezen",
    ]);
    assert_eq!(folder.exported("requests").len(), 0);

    let ran = folder
        .run(&["import", "requests", "vragen.csv", "--skip-invalid"])
        .expect(0);
    assert!(
        ran.out.contains("1 regel ingelezen") && ran.out.contains("1 overgeslagen"),
        "{}",
        ran.out
    );
    ran.saying(&["vragen.csv:3 kolom themes", "vragen.csv:3 kolom place"]);
    assert_eq!(folder.exported("requests").len(), 1);

    let again = folder
        .run(&["import", "requests", "vragen.csv", "--skip-invalid"])
        .expect(0);
    assert!(
        again.out.contains("0 regels ingelezen, 1 al bekend"),
        "{}",
        again.out
    );
    assert_eq!(folder.exported("requests").len(), 1);
    let told = folder
        .run(&["import", "requests", "vragen.csv", "--json"])
        .expect(1)
        .json();
    assert_eq!(
        (&told["imported"], &told["refused"][0]["line"]),
        (&json!(0), &json!(3))
    );
}

#[test]
fn files_that_are_shaped_otherwise_are_read_or_refused_with_what_to_do() {
    let folder = Folder::with_organisations();
    let semicolons = "id;organisation;title;body;place;municipality;themes;phase;support\n\
        v1;Stimenz;Zaal gezocht;Wij zoeken een zaal voor de koffie.;Apeldoorn;;\"ontmoeten;eenzaamheid\";start;\n";
    folder.write("punt.csv", &format!("\u{feff}{semicolons}"));
    folder.run(&["import", "requests", "punt.csv"]).expect(0);
    let found = folder.exported("requests");
    assert_eq!(found[0]["themes"], "ontmoeten;eenzaamheid");

    folder.write("kort.csv", "id,organisation,title\nv2,Stimenz,Zaal\n");
    let ran = folder.run(&["import", "requests", "kort.csv"]).expect(1);
    ran.saying(&["kort.csv", "'body'", "title"]);
    folder.write("cel.csv", &format!("{REQUESTS}v3,Stimenz,Zaal\n"));
    folder
        .run(&["import", "requests", "cel.csv"])
        .expect(1)
        .saying(&["cel.csv:2", "3 cellen"]);
    folder.write("leeg.csv", "");
    folder
        .run(&["import", "requests", "leeg.csv"])
        .expect(1)
        .saying(&["leeg.csv", "leeg"]);
    std::fs::write(
        folder.path("oud.csv"),
        b"id,organisation,title,body\nv4,Stimenz,Caf\xe9,x\n",
    )
    .unwrap();
    folder
        .run(&["import", "requests", "oud.csv"])
        .expect(1)
        .saying(&["oud.csv", "regel 2", "UTF-8"]);
    folder
        .run(&["import", "requests", "weg.csv"])
        .expect(1)
        .saying(&["weg.csv"]);
    let stranger = row("v5", "Apeldoorn", "").replace("Stimenz", "Nergens BV");
    folder.write("vreemd.csv", &format!("{REQUESTS}{stranger}"));
    folder
        .run(&["import", "requests", "vreemd.csv"])
        .expect(1)
        .saying(&["vreemd.csv:2", "kolom organisation", "Nergens BV"]);
    assert_eq!(folder.exported("requests").len(), 1);
}

#[test]
fn an_export_is_read_back_as_it_was_and_is_safe_in_a_spreadsheet() {
    let folder = Folder::with_organisations();
    for what in ["requests", "offers"] {
        folder
            .run(&["import", what, &example(&format!("{what}.csv"))])
            .expect(0);
    }
    let formula = row("v=1", "Apeldoorn", "").replace(
        "Zaal gezocht nummer v=1",
        "\"=HYPERLINK(\"\"http://kwaad.example\"\")\"",
    );
    folder.write("formule.csv", &format!("{REQUESTS}{formula}"));
    folder.run(&["import", "requests", "formule.csv"]).expect(0);
    let written = folder.run(&["export", "requests"]).expect(0).out;
    let cells = rows(&written)
        .into_iter()
        .flat_map(std::collections::BTreeMap::into_values);
    let active: Vec<String> = cells
        .filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t']))
        .collect();
    assert!(active.is_empty(), "{active:?}");
    assert!(written.contains("'=HYPERLINK"));
    assert!(folder.exported("matches").len() > 20);

    let elsewhere = Folder::with_organisations();
    for (what, ending, expected) in [("requests", "csv", 29), ("offers", "xlsx", 48)] {
        let file = folder.path(&format!("uit.{ending}")).display().to_string();
        folder
            .run(&["export", what, "--output", &file])
            .expect(0)
            .saying(&[&format!("{expected} regels")]);
        elsewhere
            .run(&["import", what, &file, "--no-rematch"])
            .expect(0);
        let own = |folder: &Folder| {
            let mut found = folder.exported(what);
            for row in &mut found {
                row.retain(|column, _| !column.ends_with("_at") && column != "key");
            }
            found.sort();
            found
        };
        assert_eq!(own(&elsewhere), own(&folder), "{what} as {ending}");
    }
    folder
        .run(&["export", "requests", "--output", "uit.pdf"])
        .expect(1)
        .saying(&[".csv", ".xlsx"]);
}

#[test]
fn an_import_that_is_broken_off_leaves_all_of_its_rows_or_none() {
    const ROWS: usize = 20_000;
    let folder = Folder::with_organisations();
    let many: String = (0..ROWS)
        .map(|number| row(&number.to_string(), "7311 AB", "ontmoeten"))
        .collect();
    folder.write("veel.csv", &format!("{REQUESTS}{many}"));
    let import = ["import", "requests", "veel.csv", "--no-rematch"];
    let known = || folder.run(&["check", "--json"]).expect(0).json()["openRequests"].clone();
    // How far it is, is seen from the journal that SQLite writes beside the database.
    for (name, journal) in [
        ("KILL", 0),
        ("INT", 1),
        ("KILL", 1_000_000),
        ("INT", 4_000_000),
    ] {
        let mut process = folder
            .command(&import)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until("the import is on its way", || {
            let size =
                std::fs::metadata(folder.path("samenspel.sqlite-wal")).map_or(0, |file| file.len());
            (size >= journal || process.try_wait().unwrap().is_some()).then_some(())
        });
        signal(&process, name);
        ended(&mut process);
        let found = known();
        assert!(
            found == json!(0) || found == json!(ROWS),
            "{found} rows after {name} at {journal} bytes"
        );
    }
    folder.run(&import).expect(0);
    assert_eq!(known(), json!(ROWS));
}
