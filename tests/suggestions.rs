//! What a post is about: `POST /v1/suggestions` and `samenspel suggest`.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Database, Folder, Mailbox, Ran, Server};

const SUGGESTIONS: &str = "/v1/suggestions";
const TITLE: &str = "Zaal gezocht voor onze buurtmaaltijd";
const BODY: &str =
    "Wij zijn net begonnen en zoeken een ruimte om samen te koken, tegen eenzaamheid.";

/// A server, and what it stands on until the test is over.
fn server() -> (Server, (Mailbox, Database)) {
    let mailbox = Mailbox::start();
    let database = Database::sqlite();
    let server = Server::start(&database, &mailbox);
    (server, (mailbox, database))
}

/// The codes in a list of proposals.
fn codes(found: &Value) -> Vec<&str> {
    let found = found.as_array().unwrap().iter();
    found.map(|each| each["code"].as_str().unwrap()).collect()
}

/// Runs the command with this post typed into it.
fn typed(folder: &Folder, arguments: &[&str], text: &[u8]) -> Ran {
    let mut process = folder
        .command(&[&["suggest"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses early may have closed its end.
    drop(process.stdin.take().unwrap().write_all(text));
    let output = process.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_post_that_is_being_written_gets_values_with_their_evidence() {
    let (server, _held) = server();
    let anyone = server.client();
    let body = json!({ "title": TITLE, "body": BODY, "place": "Apeldoorn" });
    let answer = anyone.post(SUGGESTIONS, &body).expect(200);
    let found = answer.json();
    assert!(codes(&found["support"]).contains(&"ruimte"), "{found}");
    assert!(codes(&found["themes"]).contains(&"eenzaamheid"), "{found}");
    assert_eq!(found["phase"]["code"], "start");
    assert_eq!(found["municipality"]["code"], "GM0200");
    assert_eq!(found["municipality"]["label"], "Apeldoorn");
    assert_eq!(found["municipality"]["evidence"], json!(["Apeldoorn"]));
    assert_eq!(found["places"], json!([]));
    let written = format!("{TITLE} {BODY} Apeldoorn").to_lowercase();
    let all = ["themes", "support"].map(|list| found[list].as_array().unwrap().clone());
    for each in all
        .concat()
        .iter()
        .chain([&found["phase"], &found["municipality"]])
    {
        let confidence = each["confidence"].as_f64().unwrap();
        assert!(confidence > 0.0 && confidence <= 1.0, "{each}");
        assert!(!each["label"].as_str().unwrap().is_empty(), "{each}");
        let evidence = each["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty(), "{each}");
        for word in evidence {
            let word = word.as_str().unwrap().to_lowercase();
            assert!(written.contains(&word), "{word}");
        }
    }
    let listed = anyone.get("/v1/requests").expect(200).json();
    assert_eq!(listed["items"], json!([]), "nothing is stored");
}

#[test]
fn what_is_left_out_is_no_error_and_what_is_too_long_is() {
    let (server, _held) = server();
    let anyone = server.client();
    let nothing = json!({
        "themes": [], "phase": null, "support": [], "municipality": null, "places": [],
        "nearDuplicates": [],
    });
    for body in [
        json!({}),
        json!({ "title": "", "body": " ", "place": null }),
    ] {
        assert_eq!(anyone.post(SUGGESTIONS, &body).expect(200).json(), nothing);
    }
    let long =
        json!({ "title": "a".repeat(121), "body": "a".repeat(5_001), "place": "a".repeat(121) });
    let refused = anyone.post(SUGGESTIONS, &long).expect(400).json();
    let pointers: Vec<&str> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/title", "/body", "/place"]);
    anyone
        .post(SUGGESTIONS, &json!({ "kind": "offer" }))
        .expect(400);
    anyone.post(SUGGESTIONS, &json!({ "title": 5 })).expect(400);
    anyone.get(SUGGESTIONS).expect(405);
    let longest = json!({ "body": "é".repeat(5_000) });
    anyone.post(SUGGESTIONS, &longest).expect(200);
}

#[test]
fn the_text_decides_between_places_of_one_name_or_leaves_the_choice() {
    let (server, _held) = server();
    let anyone = server.client();
    let ask = |body: &str, place: &str| {
        let post = json!({ "title": "Rijders gezocht", "body": body, "place": place });
        anyone.post(SUGGESTIONS, &post).expect(200).json()
    };
    let decided = ask("Wij rijden rond Oosterwolde en Donkerbroek.", "Oosterwolde");
    assert_eq!(decided["municipality"]["code"], "GM0085");
    assert_eq!(
        decided["municipality"]["evidence"],
        json!(["Oosterwolde", "Donkerbroek"])
    );
    let open = ask("Wij rijden elke dag.", "Oosterwolde");
    assert_eq!(open["municipality"], json!(null));
    let choices = open["places"].as_array().unwrap();
    assert_eq!(choices.len(), 2);
    for choice in choices {
        let chosen = ask("Wij rijden elke dag.", choice.as_str().unwrap());
        assert_ne!(chosen["municipality"], json!(null), "{choice}");
    }
    let told = ask("Wij rijden in Apeldoorn.", "");
    assert_eq!(told["municipality"]["code"], "GM0200");
}

#[test]
fn a_post_in_a_file_or_typed_in_is_shown_as_a_table() {
    let folder = Folder::new();
    let text = format!("{TITLE}\n\n{BODY} Wij koken in Apeldoorn.\n");
    folder.write("bericht.txt", &text);
    let ran = folder.run(&["suggest", "bericht.txt"]).expect(0);
    for shown in [
        "veld",
        "voorstel",
        "zekerheid",
        "woorden",
        "thema",
        "fase",
        "soort hulp",
        "gemeente",
        "Apeldoorn",
        " %",
    ] {
        assert!(ran.out.contains(shown), "no {shown} in: {}", ran.out);
    }
    for arguments in [&[][..], &["-"]] {
        let same = typed(&folder, arguments, text.as_bytes()).expect(0);
        assert_eq!(
            (same.out.as_str(), same.err.as_str()),
            (ran.out.as_str(), "")
        );
    }
    let told = folder
        .run(&["suggest", "bericht.txt", "--json"])
        .expect(0)
        .json();
    assert_eq!(told["municipality"]["code"], "GM0200");
    let elsewhere = ["suggest", "bericht.txt", "--json", "--place", "Zuilen"];
    let told = folder.run(&elsewhere).expect(0).json();
    assert_eq!(told["municipality"]["code"], "GM0344");
    let open = folder
        .run(&["suggest", "bericht.txt", "--place", "Hengelo"])
        .expect(0);
    assert!(
        open.out.contains("--place") && open.out.contains("Bronckhorst"),
        "{}",
        open.out
    );
    let offer = "Wij geven raad over subsidie\nOnze adviseurs denken met u mee.";
    let read = typed(&folder, &["--offer", "--json"], offer.as_bytes())
        .expect(0)
        .json();
    assert!(!read["support"].as_array().unwrap().is_empty(), "{read}");
    let empty = typed(&folder, &[], b"Hallo").expect(0);
    assert!(
        empty.out.contains("niets") || empty.out.contains("geen"),
        "{}",
        empty.out
    );
    assert_eq!(folder.names("."), ["bericht.txt"]);
}

#[test]
fn a_post_that_cannot_be_read_is_refused_with_what_to_do() {
    let folder = Folder::new();
    folder
        .run(&["suggest", "weg.txt"])
        .expect(1)
        .saying(&["weg.txt", "niet te lezen"]);
    folder.write("leeg.txt", " \n\n");
    folder.run(&["suggest", "leeg.txt"]).expect(1).saying(&[
        "leeg.txt",
        "staat niets",
        "eerste regel",
    ]);
    std::fs::write(folder.path("oud.txt"), b"Zaal gezocht\nCaf\xe9 met zaal").unwrap();
    folder
        .run(&["suggest", "oud.txt"])
        .expect(1)
        .saying(&["oud.txt", "geen UTF-8", "regel 2"]);
    folder.write(
        "lang.txt",
        &format!("{}\n{}", "a".repeat(121), "b".repeat(5_001)),
    );
    folder
        .run(&["suggest", "lang.txt", "--place", &"c".repeat(121)])
        .expect(1)
        .saying(&[
            "De titel",
            "hoogstens 120",
            "De tekst",
            "hoogstens 5000",
            "De plaats",
        ]);
    folder.write("enorm.txt", &"woord ".repeat(200_000));
    folder
        .run(&["suggest", "enorm.txt"])
        .expect(1)
        .saying(&["enorm.txt", "te groot"]);
    typed(&folder, &[], &b"woord ".repeat(200_000))
        .expect(1)
        .saying(&["(invoer)", "te groot"]);
}

#[test]
fn files_with_a_place_of_several_names_are_read_with_their_text() {
    let folder = Folder::with_organisations();
    let header = "id,organisation,title,body,place,municipality,themes,phase,support\n";
    let row = |id: &str, body: &str| {
        format!(
            "{id},Stimenz,Zaal gezocht voor de soos,{body},Oosterwolde,,ontmoeten,start,ruimte\n"
        )
    };
    let clear = row("v1", "Onze leden komen ook uit Donkerbroek en Haulerwijk.");
    let open = row("v2", "Wij zoeken een zaal voor onze koffieochtend.");
    folder.write("beide.csv", &[header, &clear, &open].concat());
    let imported = folder
        .run(&[
            "import",
            "requests",
            "beide.csv",
            "--skip-invalid",
            "--no-rematch",
        ])
        .expect(0);
    imported.saying(&["beide.csv:3 kolom place", "Oldebroek"]);
    let stored = folder.exported("requests");
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0]["municipality"], "GM0085");

    let offers = "id,organisation,title,body,reach,themes,phases,support,capacity\n\
        a1,Dorpswerk,Zaal voor groepen,Een zaal voor groepen uit de buurt.,GM0085,ontmoeten,,ruimte,3\n";
    folder.write("aanbod.csv", offers);
    let ranked = folder
        .run(&["rank", "--requests", "beide.csv", "--offers", "aanbod.csv"])
        .expect(0);
    assert!(
        ranked.out.contains("v1,a1,") && !ranked.out.contains("v2,a1,"),
        "{}",
        ranked.out
    );
    ranked.saying(&["van 1 vraag is de gemeente niet bekend", "v2"]);
}
