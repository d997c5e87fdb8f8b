//! `samenspel rank`: the engine on files, against what a coordinator expects of the examples.

use std::collections::BTreeMap;

use crate::support::{Folder, Ran, example};

/// Requests without any help in the examples, on purpose.
const HELPLESS: [&str; 2] = ["voorbeeld-vraag-17", "voorbeeld-vraag-21"];

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
struct Line {
    request_id: String,
    offer_id: String,
    rank: usize,
    score: f64,
    proposed: bool,
    reasons: String,
}

fn rank(folder: &Folder, requests: &str, offers: &str, more: &[&str]) -> Ran {
    let files = ["rank", "--requests", requests, "--offers", offers];
    folder.run(&[&files[..], more].concat())
}

fn lines(answer: &str) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(answer.as_bytes());
    reader.deserialize().map(|line| line.unwrap()).collect()
}

/// The ranks of the examples.
fn examples(more: &[&str]) -> Vec<Line> {
    let folder = Folder::new();
    let ran = rank(
        &folder,
        &example("requests.csv"),
        &example("offers.csv"),
        more,
    );
    lines(&ran.expect(0).out)
}

/// A file with its rows in reverse order.
fn reversed(file: &str) -> String {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let mut rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    rows.reverse();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for row in rows {
        writer.write_record(&row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn the_offers_a_coordinator_would_choose_come_first() {
    let found = examples(&[]);
    let rank_of = |request: &str, offer: &str| {
        let line = found
            .iter()
            .find(|line| line.request_id == request && line.offer_id == offer);
        line.map_or(usize::MAX, |line| line.rank)
    };
    let mut expected: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(example("expected.csv")).unwrap();
    for pair in reader.records() {
        let pair = pair.unwrap();
        let rank = rank_of(&pair[0], &pair[1]);
        expected.entry(pair[0].to_owned()).or_default().push(rank);
    }
    assert_eq!(expected.len(), 26);
    let first: Vec<(&String, usize)> = expected
        .iter()
        .map(|(request, ranks)| (request, ranks[0]))
        .collect();
    let not_in = |top| {
        first
            .iter()
            .filter(|(_, rank)| *rank > top)
            .collect::<Vec<_>>()
    };
    assert!(
        not_in(5).is_empty(),
        "the best offer is not in the first five of {:?}",
        not_in(5)
    );
    assert!(
        not_in(3).len() <= 2,
        "the best offer is not in the first three of {:?}",
        not_in(3)
    );
    let ranks: Vec<usize> = expected.into_values().flatten().collect();
    let shown = ranks.iter().filter(|rank| **rank <= 5).count();
    assert!(
        shown * 10 >= ranks.len() * 9,
        "{shown} of {} are in the first five",
        ranks.len()
    );
}

#[test]
fn nothing_is_proposed_where_nothing_fits() {
    let found = examples(&[]);
    for request in HELPLESS {
        let proposed: Vec<&Line> = found
            .iter()
            .filter(|line| line.request_id == request && line.proposed)
            .collect();
        assert!(proposed.is_empty(), "{proposed:?}");
    }
    let helped = found
        .iter()
        .filter(|line| line.rank == 1 && line.proposed)
        .count();
    assert!(helped >= 20, "{helped} requests have a proposal");
}

#[test]
fn the_answer_has_the_columns_scripts_count_on() {
    let folder = Folder::new();
    let (requests, offers) = (example("requests.csv"), example("offers.csv"));
    let ran = rank(&folder, &requests, &offers, &[]).expect(0);
    let header = "request_id,offer_id,rank,score,proposed,region,theme,phase,support,text,reasons";
    assert_eq!(ran.out.lines().next(), Some(header));
    assert!(ran.err.contains("28 vragen"), "{}", ran.err);

    let found = lines(&ran.out);
    let mut before: Option<&Line> = None;
    for line in &found {
        assert!(
            (0.0..=1.0).contains(&line.score) && !line.reasons.is_empty(),
            "{line:?}"
        );
        let same = before.filter(|before| before.request_id == line.request_id);
        let (rank, score) = same.map_or((0, 1.0), |before| (before.rank, before.score));
        assert!(
            line.rank == rank + 1 && line.score <= score,
            "{line:?} after {before:?}"
        );
        before = Some(line);
    }
    let mut asked: Vec<&str> = found.iter().map(|line| line.request_id.as_str()).collect();
    asked.dedup();
    assert!(asked.is_sorted(), "in the order of the requests");

    rank(
        &folder,
        &requests,
        &offers,
        &["--output", "koppelingen.csv"],
    )
    .expect(0);
    assert_eq!(folder.read("koppelingen.csv"), ran.out);
}

#[test]
fn the_same_files_give_the_same_bytes_and_their_order_does_not_matter() {
    let folder = Folder::new();
    let (requests, offers) = (example("requests.csv"), example("offers.csv"));
    let first = rank(&folder, &requests, &offers, &[]).expect(0).out;
    let second = rank(&folder, &requests, &offers, &[]).expect(0).out;
    assert!(first == second, "two runs differ");

    folder.write("vragen.csv", &reversed(&requests));
    folder.write("aanbod.csv", &reversed(&offers));
    let turned = rank(&folder, "vragen.csv", "aanbod.csv", &[]).expect(0).out;
    let sorted = |answer: &str| {
        let mut rows: Vec<String> = answer.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    assert_eq!(sorted(&turned), sorted(&first));
}

#[test]
fn top_says_how_many_offers_each_request_gets() {
    let ten = examples(&[]);
    let two = examples(&["--top", "2"]);
    let first_two: Vec<Line> = ten.into_iter().filter(|line| line.rank <= 2).collect();
    assert_eq!(two, first_two);
    let folder = Folder::new();
    for wrong in ["0", "101", "veel"] {
        let ran = rank(&folder, "v.csv", "a.csv", &["--top", wrong]).expect(2);
        assert!(
            ran.err.contains("--top") && ran.err.contains(wrong),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_wrong_code_is_named_with_its_place_and_the_nearest_right_one() {
    let folder = Folder::new();
    let right = "id,organisation,title,body,place,municipality,themes,phase,support\n\
        v1,Zuid,Zaal gezocht,Wij zoeken een zaal voor de maaltijd.,,GM0200,ontmoeten,start,ruimte\n";
    let wrong = format!(
        "{right}v2,Zuid,Dorpshuis gezocht,Wij zoeken een dorpshuis.,,GM0200,dorphuis,start,ruimte\n"
    );
    folder.write("vragen.csv", &wrong);
    let offers = example("offers.csv");
    let ran = rank(&folder, "vragen.csv", &offers, &[]).expect(1);
    assert_eq!(ran.out, "", "nothing is ranked");
    ran.saying(&["vragen.csv:3", "kolom themes", "\"dorphuis\"", "dorpshuis"]);
    let ran = rank(&folder, "vragen.csv", &offers, &["--skip-invalid"]).expect(0);
    let found = lines(&ran.out);
    assert!(!found.is_empty() && found.iter().all(|line| line.request_id == "v1"));
    assert!(ran.err.contains("vragen.csv:3"));
    rank(&folder, "er-is-niets.csv", &offers, &[])
        .expect(1)
        .saying(&["er-is-niets.csv"]);
    rank(&folder, &offers, "vragen.csv", &["--weights", "weg.toml"])
        .expect(1)
        .saying(&["weg.toml"]);
}
