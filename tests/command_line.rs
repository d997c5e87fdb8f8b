//! What is typed on the command line, and what the files it leaves say.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::support::mailbox::read_letters;
use crate::support::{Client, Folder, Ran, ended, example, signal, until};

const REQUESTS: &str = "id,organisation,title,body,place,municipality,themes,phase,support\n";

/// A folder with a database in which the organisations of the examples are known.
fn town() -> Folder {
    let folder = Folder::with_database();
    let ran = folder.run(&["import", "organisations", &example("organisations.csv")]);
    assert!(ran.expect(0).out.contains("37 regels ingelezen"));
    folder
}

/// A row of a request with this id, place and theme.
fn row(id: &str, place: &str, theme: &str) -> String {
    format!(
        "{id},Stimenz,Zaal gezocht nummer {id},Wij zoeken een zaal voor onze koffieochtend.,{place},,{theme},start,ruimte\n"
    )
}

/// How many rows an export has.
fn count(folder: &Folder, what: &str) -> usize {
    rows(&folder.run(&["export", what]).expect(0).out).len()
}

/// The rows of a CSV text, each cell by the name of its column.
fn rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn json_of(ran: Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("no JSON: {}", ran.out))
}

/// Starts a command that serves; the process and a client for the address it says.
fn serving(folder: &Folder, arguments: &[&str]) -> (Child, Client) {
    let mut command = folder.command(arguments);
    let mut process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = said.find_map(|line| {
        line.unwrap()
            .split_once("http://")
            .map(|(_, rest)| rest.to_owned())
    });
    let address = address.expect("it says where it listens");
    let host = address
        .split(|sign: char| sign.is_whitespace() || sign == '/')
        .next()
        .unwrap();
    (process, Client::new(&format!("http://{host}")))
}

#[test]
fn a_demo_shows_reasons_and_leaves_introductions() {
    let folder = Folder::new();
    for _again in 0..2 {
        let ran = folder.run(&["demo", "--no-serve"]).expect(0);
        for shown in [
            "gemeente",
            "geboden:",
            "thema",
            "fase",
            "0,8",
            "Kennismaking: ",
            "ja   ",
            "nee  ",
        ] {
            assert!(ran.out.contains(shown), "no {shown} in: {}", ran.out);
        }
        let names = folder.names("demo/mail");
        let introductions = names.iter().filter(|name| name.contains("-introduction-"));
        let files: Vec<_> = introductions
            .map(|name| folder.path("demo/mail").join(name))
            .collect();
        assert!(files.len() >= 5, "{names:?}");
        for letter in read_letters(&files) {
            let (to, reply_to) = (letter.header("to"), letter.header("reply-to"));
            let sides: Vec<&str> = to.split(", ").collect();
            assert_eq!(sides.len(), 2, "{to}");
            assert_eq!(to, reply_to);
            assert!(letter.defects().is_empty(), "{:?}", letter.defects());
            for part in [letter.text(), letter.html()] {
                for side in &sides {
                    let address = side.split(['<', '>']).nth(1).unwrap();
                    assert!(part.contains(address), "{address} in {part}");
                }
                for leftover in ["{{", "}}", "{%", "None", "Some(", "GM0"] {
                    assert!(!part.contains(leftover), "{leftover} in {part}");
                }
            }
            for (part, bullet) in [(letter.text(), "\n- "), (letter.html(), "<li")] {
                let reasons = part.split("Waarom u bij elkaar past").nth(1).unwrap();
                assert!(reasons.matches(bullet).count() >= 2, "{part}");
            }
            assert!(!letter.text().contains("<li"));
        }
    }
    let check = folder.run(&["check", "--config", "demo/samenspel.toml", "--json"]);
    assert_eq!(json_of(check.expect(0))["openOffers"], json!(48));
}

#[test]
fn a_demo_leaves_a_folder_of_somebody_else_alone() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("demo")).unwrap();
    folder.write("demo/werk.txt", "belangrijk");
    let ran = folder.run(&["demo", "--no-serve"]).expect(1);
    assert!(
        ran.err.contains("demo") && !ran.out.contains("1. "),
        "{}",
        ran.err
    );
    assert_eq!(folder.names("demo"), ["werk.txt"]);
    assert_eq!(folder.read("demo/werk.txt"), "belangrijk");
}

#[test]
fn a_demo_ends_by_serving_the_site_and_says_where() {
    let folder = Folder::new();
    let (mut process, client) = serving(&folder, &["demo", "--listen", "127.0.0.1:0"]);
    assert!(client.get("/").expect(200).text.contains("<h1"));
    let open = client.get("/v1/requests?pageSize=100").expect(200).json();
    assert_eq!(open["items"].as_array().unwrap().len(), 28);
    signal(&process, "INT");
    assert_eq!(ended(&mut process).code(), Some(0));
}

#[test]
fn a_wrong_row_is_named_and_nothing_of_its_file_comes_in() {
    let folder = town();
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
    assert_eq!(count(&folder, "requests"), 0);

    let ran = folder
        .run(&["import", "requests", "vragen.csv", "--skip-invalid"])
        .expect(0);
    assert!(
        ran.out.contains("1 regel ingelezen") && ran.out.contains("1 overgeslagen"),
        "{}",
        ran.out
    );
    ran.saying(&["vragen.csv:3 kolom themes", "vragen.csv:3 kolom place"]);
    assert_eq!(count(&folder, "requests"), 1);

    let again = folder
        .run(&["import", "requests", "vragen.csv", "--skip-invalid"])
        .expect(0);
    assert!(
        again.out.contains("0 regels ingelezen, 1 al bekend"),
        "{}",
        again.out
    );
    assert_eq!(count(&folder, "requests"), 1);
    let told = json_of(
        folder
            .run(&["import", "requests", "vragen.csv", "--json"])
            .expect(1),
    );
    assert_eq!(
        (&told["imported"], &told["refused"][0]["line"]),
        (&json!(0), &json!(3))
    );
}

#[test]
fn files_that_are_shaped_otherwise_are_read_or_refused_with_what_to_do() {
    let folder = town();
    let semicolons = "id;organisation;title;body;place;municipality;themes;phase;support\n\
        v1;Stimenz;Zaal gezocht;Wij zoeken een zaal voor de koffie.;Apeldoorn;;\"ontmoeten;eenzaamheid\";start;\n";
    folder.write("punt.csv", &format!("\u{feff}{semicolons}"));
    folder.run(&["import", "requests", "punt.csv"]).expect(0);
    let found = rows(&folder.run(&["export", "requests"]).expect(0).out);
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
    assert_eq!(count(&folder, "requests"), 1);
}

#[test]
fn an_export_is_read_back_as_it_was_and_is_safe_in_a_spreadsheet() {
    let folder = town();
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
    let cells = rows(&written).into_iter().flat_map(|row| row.into_values());
    let active: Vec<String> = cells
        .filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t']))
        .collect();
    assert!(active.is_empty(), "{active:?}");
    assert!(written.contains("'=HYPERLINK"));
    assert!(count(&folder, "matches") > 20);

    let elsewhere = town();
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
            let mut found = rows(&folder.run(&["export", what]).expect(0).out);
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
fn a_database_that_is_not_there_is_refused_and_not_made() {
    let folder = Folder::new();
    for arguments in [
        &["check"][..],
        &["export", "requests"],
        &["outbox", "list"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let typed = [arguments, &["--database", "mrkt.sqlite"]].concat();
        folder
            .run(&typed)
            .expect(1)
            .saying(&["mrkt.sqlite", "samenspel migrate"]);
    }
    assert!(folder.names(".").is_empty(), "{:?}", folder.names("."));
    let ran = folder
        .run(&["check", "--database", "mysql://root@db/markt"])
        .expect(1);
    ran.saying(&["mysql://", "postgres://"]);
    folder
        .run(&["check", "--database", "weg/markt.sqlite"])
        .expect(1)
        .saying(&["weg/markt.sqlite"]);
    folder.write(
        "tekst.sqlite",
        "dit is geen database maar een gewone tekst die lang genoeg is",
    );
    let ran = folder
        .run(&["check", "--database", "tekst.sqlite"])
        .expect(1);
    assert!(
        ran.err.contains("tekst.sqlite") || ran.err.contains("database"),
        "{}",
        ran.err
    );
}

#[test]
fn a_wrong_setting_is_named_with_what_to_do() {
    let folder = Folder::with_database();
    let ran = folder.run(&["check"]).expect(0);
    assert!(ran.out.contains("Alles is in orde."), "{}", ran.out);
    for (text, named) in [
        ("[mail]\nhots = \"relay\"\n", "hots"),
        ("[matching.weights]\ntheem = 1.0\n", "theem"),
        ("[outbox]\npoll_seconds = \"vaak\"\n", "poll_seconds"),
        ("[http]\npublic_url = \"samenspel.nl\"\n", "http.public_url"),
        ("[matching]\nmax_proposals = 0\n", "matching.max_proposals"),
        ("[mail\n", "mail"),
    ] {
        folder.write("eigen.toml", text);
        let ran = folder.run(&["check", "--config", "eigen.toml"]).expect(1);
        assert!(
            ran.err.contains(named) && ran.out.is_empty(),
            "{named}: {}",
            ran.err
        );
    }
    let ran = folder
        .command(&["check"])
        .env("SAMENSPEL_MAIL__PORT", "veel")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert!(
        String::from_utf8(ran.stderr)
            .unwrap()
            .to_lowercase()
            .contains("port")
    );
    folder
        .run(&["check", "--config", "weg.toml"])
        .expect(1)
        .saying(&["weg.toml"]);
}

#[test]
fn what_is_not_typed_right_ends_with_two() {
    let folder = Folder::new();
    for (typed, said) in [
        (&["serf"][..], "serve"),
        (&["serve", "--lisen", "x"], "--lisen"),
        (&["import", "wensen", "x.csv"], "requests"),
        (&["rank", "--requests", "v.csv"], "--offers"),
        (&["outbox"], "list"),
        (&["run"], "--once"),
        (&[], "demo"),
    ] {
        let ran = folder.run(typed).expect(2);
        assert!(
            ran.err.contains(said) && ran.out.is_empty(),
            "{typed:?}: {}",
            ran.err
        );
    }
    assert!(folder.run(&["--help"]).expect(0).out.contains("serve"));
    assert!(
        folder
            .run(&["--version"])
            .expect(0)
            .out
            .starts_with("samenspel ")
    );
    assert!(folder.names(".").is_empty());
}

#[test]
fn a_token_is_issued_to_a_member_only() {
    let folder = Folder::with_database();
    let ran = folder
        .run(&["token", "issue", "--email", "ria@zuid.example"])
        .expect(1);
    ran.saying(&["ria@zuid.example", "samenspel member add"]);
    let add = [
        "member",
        "add",
        "--email",
        "ria@zuid.example",
        "--name",
        "Ria",
        "--organisation",
        "Zuid",
    ];
    assert!(folder.run(&add).expect(0).out.starts_with("mem_"));
    folder.run(&add).expect(1).saying(&["e-mailadres"]);
    let ran = folder
        .run(&["token", "issue", "--email", "RIA@zuid.example"])
        .expect(0);
    assert_eq!(
        ran.out.trim().split('.').count(),
        3,
        "a token alone: {}",
        ran.out
    );
    let wrong = [
        "member",
        "add",
        "--email",
        "ria",
        "--name",
        "",
        "--organisation",
        "Zuid",
        "--role",
        "baas",
    ];
    folder
        .run(&wrong)
        .expect(1)
        .saying(&["email", "name", "role"]);
}

#[test]
fn scripts_get_json() {
    let folder = town();
    folder
        .run(&[
            "import",
            "requests",
            &example("requests.csv"),
            "--no-rematch",
        ])
        .expect(0);
    folder
        .run(&["import", "offers", &example("offers.csv"), "--no-rematch"])
        .expect(0);
    let rematched = json_of(folder.run(&["rematch", "--json"]).expect(0));
    assert_eq!(
        (&rematched["requests"], &rematched["offers"]),
        (&json!(28), &json!(48))
    );
    assert!(rematched["proposed"].as_u64().unwrap() > 20);
    assert_eq!(
        json_of(folder.run(&["rematch", "--json"]).expect(0))["proposed"],
        json!(0)
    );
    assert_eq!(
        json_of(folder.run(&["outbox", "list", "--json"]).expect(0)),
        json!([])
    );
    let ran = json_of(folder.run(&["run", "--once", "--json"]).expect(0));
    assert_eq!(ran["delivered"]["sent"], json!(0));
    assert_eq!(
        json_of(folder.run(&["check", "--json"]).expect(0))["openRequests"],
        json!(28)
    );
    let contract =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.yaml"));
    assert!(folder.run(&["openapi"]).expect(0).out == contract.unwrap());
}

#[test]
fn a_server_stops_when_it_is_asked_and_leaves_a_sound_database() {
    let folder = town();
    for name in ["INT", "TERM"] {
        let (mut process, client) = serving(&folder, &["serve", "--listen", "127.0.0.1:0"]);
        client.get("/healthz/ready").expect(200);
        let body = json!({ "organisation": { "name": "Zuid", "kind": "partner" },
            "member": { "name": "Ria", "email": format!("{name}@zuid.example") } });
        client.post("/v1/registrations", &body).expect(201);
        signal(&process, name);
        assert_eq!(ended(&mut process).code(), Some(0), "after {name}");
        folder.run(&["check"]).expect(0);
    }
    assert_eq!(count(&folder, "organisations"), 39);
}

#[test]
fn an_import_that_is_broken_off_leaves_all_of_its_rows_or_none() {
    const ROWS: usize = 20_000;
    let folder = town();
    let many: String = (0..ROWS)
        .map(|number| row(&number.to_string(), "7311 AB", "ontmoeten"))
        .collect();
    folder.write("veel.csv", &format!("{REQUESTS}{many}"));
    let import = ["import", "requests", "veel.csv", "--no-rematch"];
    let known = || json_of(folder.run(&["check", "--json"]).expect(0))["openRequests"].clone();
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
