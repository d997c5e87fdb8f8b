//! `samenspel tune`: weights fitted on judged pairs, shown and not applied.

use crate::support::{Folder, Ran};

const REQUESTS: &str = "id,organisation,title,body,place,municipality,themes,phase,support";
const OFFERS: &str = "id,organisation,title,body,reach,themes,phases,support,capacity";

/// Six requests in two phases and four offers: those of the right phase are beside the theme, and still the best.
fn market() -> Folder {
    let folder = Folder::new();
    let phase = |number: usize| ["idee", "bestendig"][number % 2];
    let mut requests = vec![REQUESTS.to_owned()];
    let mut judged = Vec::new();
    for asks in 0..6 {
        requests.push(format!(
            "v{asks},Zuid,Vraag {asks},,,GM0200,eenzaamheid,{},ruimte",
            phase(asks)
        ));
        for gives in 0..4 {
            let grade = if phase(asks) == phase(gives) { 3 } else { 0 };
            judged.push(format!("v{asks}\ta{gives}\t{grade}"));
        }
    }
    let mut offers = vec![OFFERS.to_owned()];
    for gives in 0..4 {
        let theme = ["eenzaamheid", "dagbesteding"][gives / 2];
        offers.push(format!(
            "a{gives},Noord,Aanbod {gives},,GM0200,{theme},{},ruimte,5",
            phase(gives)
        ));
    }
    folder.write("vragen.csv", &requests.join("\n"));
    folder.write("aanbod.csv", &offers.join("\n"));
    folder.write("oordelen.tsv", &judged.join("\n"));
    folder
}

fn tune(folder: &Folder, judged: &str, more: &[&str]) -> Ran {
    let files = [
        "tune",
        "--judged",
        judged,
        "--requests",
        "vragen.csv",
        "--offers",
        "aanbod.csv",
    ];
    folder.run(&[&files[..], more].concat())
}

#[test]
fn the_weights_that_moved_are_shown_and_nothing_is_changed() {
    let folder = market();
    let before = folder.names("");
    let ran = tune(&folder, "oordelen.tsv", &[])
        .expect(0)
        .saying(&["24 beoordeelde paren bij 6 vragen", "Er is niets veranderd"]);
    for shown in [
        "gewicht", "was", "wordt", "shares.", "nDCG@10", "ongezien", "F1",
    ] {
        assert!(ran.out.contains(shown), "no {shown} in: {}", ran.out);
    }
    assert_eq!(folder.names(""), before, "no file is made");
    let again = tune(&folder, "oordelen.tsv", &[]).expect(0);
    assert_eq!(again.out, ran.out);
}

#[test]
fn what_is_written_can_be_used_as_settings() {
    let folder = market();
    let first = tune(
        &folder,
        "oordelen.tsv",
        &["--json", "--output", "gewichten.toml"],
    )
    .expect(0)
    .saying(&["De gewichten staan in gewichten.toml"])
    .json();
    let better = |found: &serde_json::Value, name: &str| found[name]["ndcg10"].as_f64().unwrap();
    assert!(better(&first, "fitted") > better(&first, "before"));
    assert!(better(&first, "unseen") > better(&first, "beforeByFold"));
    assert!(!first["moved"].as_array().unwrap().is_empty());

    let written = folder.read("gewichten.toml");
    assert!(written.contains("[matching.weights.shares]"), "{written}");
    let more = ["--config", "gewichten.toml", "--json"];
    let second = tune(&folder, "oordelen.tsv", &more).expect(0).json();
    assert_eq!(
        second["before"], first["fitted"],
        "it begins where the first ended"
    );
}

#[test]
fn every_wrong_line_is_named_with_its_cell_and_what_to_do() {
    let folder = market();
    let wrong =
        "v0\ta0\t3\n\nv9\ta1\t2\nv1\tonbekend\t2\nv1\ta1\t4\nv1\ta2\tgoed\nv1 a3 1\nv0\ta0\t3\n";
    folder.write("fout.tsv", wrong);
    let ran = tune(&folder, "fout.tsv", &["--output", "gewichten.toml"])
        .expect(1)
        .saying(&[
            "fout.tsv:3 kolom request, waarde \"v9\": Het id 'v9' staat niet in vragen.csv.",
            "fout.tsv:4 kolom offer, waarde \"onbekend\": Het id 'onbekend' staat niet in aanbod.csv.",
            "fout.tsv:5 kolom grade, waarde \"4\"",
            "fout.tsv:6 kolom grade, waarde \"goed\"",
            "fout.tsv:7: Deze regel heeft 1 cel",
            "fout.tsv:8: Dit paar staat ook al in fout.tsv op regel 1.",
            "6 fouten",
        ]);
    assert!(ran.out.is_empty(), "{}", ran.out);
    assert!(!folder.names("").contains(&"gewichten.toml".to_owned()));
}

#[test]
fn a_wrong_row_of_a_post_is_named_too() {
    let folder = market();
    let row = "v7,Zuid,Vraag,,,GM0200,eenzamheid,idee,ruimte";
    folder.write("vragen.csv", &format!("{REQUESTS}\n{row}\n"));
    tune(&folder, "oordelen.tsv", &[])
        .expect(1)
        .saying(&["vragen.csv:2 kolom themes", "eenzaamheid"]);
}

#[test]
fn a_few_judgments_are_too_few() {
    let folder = market();
    folder.write("weinig.tsv", "v0\ta0\t3\nv0\ta1\t0\n");
    tune(&folder, "weinig.tsv", &[])
        .expect(1)
        .saying(&["Er zijn maar 2 beoordeelde paren", "minder dan 20"]);
}

#[test]
fn judgments_may_be_in_several_files() {
    let folder = market();
    let all = folder.read("oordelen.tsv");
    let (first, second) = all.split_at(all.match_indices('\n').nth(11).unwrap().0);
    folder.write("een.tsv", first);
    folder.write("twee.tsv", second);
    let parts = tune(&folder, "een.tsv", &["--judged", "twee.tsv"]).expect(0);
    assert_eq!(parts.out, tune(&folder, "oordelen.tsv", &[]).expect(0).out);
}

#[test]
fn the_judgments_of_the_market_come_from_its_database() {
    let folder = Folder::with_database();
    folder
        .run(&["tune", "--judged", "market"])
        .expect(1)
        .saying(&["Er zijn maar 0 beoordeelde paren"]);
    tune(&folder, "market", &[])
        .expect(2)
        .saying(&["Laat --requests, --offers"]);
    folder
        .run(&["tune", "--judged", "oordelen.tsv"])
        .expect(2)
        .saying(&["--requests en --offers"]);
    Folder::new()
        .run(&["tune"])
        .expect(2)
        .saying(&["--judged <BESTAND>"]);
}
