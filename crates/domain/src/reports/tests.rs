//! Counting, checked by hand on markets small enough to count by hand.

use chrono::{DateTime, Utc};

use super::*;
use crate::ids::{OfferId, OrganisationId, RequestId};
use crate::matches::{MatchOrigin, MatchState};
use crate::posts::PostState;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn organisation(number: u32) -> OrganisationId {
    format!("org_{number:032x}").parse().unwrap()
}

fn post(owner: u32) -> PostFact {
    PostFact {
        organisation: organisation(owner),
        regions: vec!["PV25".parse().unwrap()],
        themes: vec!["ontmoeten".parse().unwrap()],
        phases: vec!["start".parse().unwrap()],
        support: vec!["ruimte".parse().unwrap()],
        state: PostState::Open,
        reason: String::new(),
        introductions: 0,
    }
}

fn made(state: MatchState) -> MatchFact {
    let at = moment("2026-03-01T10:00:00Z");
    MatchFact {
        request: RequestId::new(at),
        offer: OfferId::new(at),
        asker: organisation(1),
        giver: organisation(2),
        region: "PV25".parse().ok(),
        phase: "start".parse().ok(),
        origin: MatchOrigin::Engine,
        state,
        reason: String::new(),
        waited_since: None,
        made_at: at,
        reviewed_at: None,
        approved_at: None,
        invited_at: None,
        introduced_at: None,
    }
}

fn name(region: Region) -> String {
    format!("gebied {region}")
}

/// A report as text: a line of cells for each row.
fn lines(report: &Report) -> Vec<String> {
    let cell = |cell: &Cell| match (cell, cell.number()) {
        (Cell::Text(text), _) => text.clone(),
        (Cell::Hidden, _) => "<3".to_owned(),
        (_, number) => number.map_or("-".to_owned(), |number| number.to_string()),
    };
    report
        .rows
        .iter()
        .map(|row| {
            assert_eq!(row.len(), report.columns.len());
            row.iter().map(cell).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn the_funnel_counts_each_step_reached_and_the_median_wait() {
    let hours = |hours: i64| moment("2026-03-01T10:00:00Z") + chrono::TimeDelta::hours(hours);
    let mut matches: Vec<MatchFact> = [
        MatchState::Proposed,
        MatchState::Rejected,
        MatchState::Declined,
        MatchState::Introduced,
        MatchState::Succeeded,
        MatchState::Lapsed,
    ]
    .map(made)
    .into();
    for (found, [waited, reviewed, asked]) in matches.iter_mut().zip([
        [Some(1), None, None],
        [Some(5), Some(2), None],
        [None, Some(4), None],
        [Some(3), Some(10), Some(24)],
        [None, Some(6), Some(72)],
        [None, None, None],
    ]) {
        found.waited_since = waited.map(|waited| hours(-waited));
        found.reviewed_at = reviewed.map(hours);
        found.invited_at = asked.map(|_| hours(0));
        found.introduced_at = asked.map(hours);
    }
    // By hand: reviewed in the same breath, which is no wait.
    matches.push(MatchFact {
        origin: MatchOrigin::Manual,
        reviewed_at: Some(hours(0)),
        ..made(MatchState::Invited)
    });
    // Asked before it lapsed: history knows, the state does not.
    matches.push(MatchFact {
        invited_at: Some(hours(1)),
        ..made(MatchState::Lapsed)
    });
    let facts = Facts {
        requests: vec![post(1), post(1)],
        offers: vec![post(2)],
        matches,
        ..Facts::default()
    };
    let report = ReportKind::Overview.count(&facts, name);
    // 2 requests, 1 offer; 8 proposed, 5 approved, 5 invited, 2 introduced; 1 succeeded; 1 rejected, 1 declined, 2 lapsed;
    // waits 1, 3, 5; reviews 2, 4, 6, 10; introductions 24, 72.
    assert_eq!(lines(&report), ["2 1 8 5 5 2 1 0 0 1 1 0 2 3 5 48"]);
    let nothing = ReportKind::Overview.count(&Facts::default(), name);
    assert_eq!(lines(&nothing), ["0 0 0 0 0 0 0 0 0 0 0 0 0 - - -"]);
}

#[test]
fn gaps_are_what_is_wanted_and_never_met_in_each_place_it_stands() {
    let mut unknown = post(1);
    (unknown.themes, unknown.phases, unknown.support) = (vec![], vec![], vec![]);
    let mut twice = post(1);
    twice.themes.push("wonen".parse().unwrap());
    let ended = |state, reason: &str, introductions| PostFact {
        state,
        reason: reason.to_owned(),
        introductions,
        ..post(1)
    };
    let facts = Facts {
        requests: vec![
            unknown,
            twice,
            ended(PostState::Expired, "", 0),
            ended(PostState::Closed, "no_response", 0),
            ended(PostState::Closed, "fulfilled_elsewhere", 0),
            ended(PostState::Hidden, "", 0),
            ended(PostState::Paused, "", 0),
            ended(PostState::Open, "", 1),
        ],
        offers: vec![
            PostFact {
                regions: vec![Region::Netherlands],
                ..post(2)
            },
            post(2),
        ],
        ..Facts::default()
    };
    let report = ReportKind::Gaps.count(&facts, name);
    assert_eq!(
        lines(&report),
        [
            "NL gebied NL ontmoeten start ruimte 0 1",
            "PV25 gebied PV25    1 0",
            "PV25 gebied PV25 wonen start ruimte 1 0",
            "PV25 gebied PV25 ontmoeten start ruimte 3 1",
        ]
    );
    assert_eq!(
        lines(&report.for_outsiders()),
        ["PV25 gebied PV25 ontmoeten start ruimte 3 <3"]
    );
}

#[test]
fn the_realised_rate_counts_who_never_told() {
    let mut matches: Vec<MatchFact> = [
        MatchState::Succeeded,
        MatchState::Failed,
        MatchState::Unknown,
        MatchState::Unknown,
        MatchState::Introduced,
        MatchState::Expired,
    ]
    .map(made)
    .into();
    for (state, reason) in [
        (MatchState::Rejected, "wrong_phase"),
        (MatchState::Rejected, "wrong_phase"),
        (MatchState::Declined, "not_now"),
    ] {
        matches.push(MatchFact {
            reason: reason.to_owned(),
            ..made(state)
        });
    }
    for found in &mut matches {
        if found.state == MatchState::Succeeded {
            found.reason = "good_fit".to_owned();
        }
    }
    let report = ReportKind::Outcomes.count(
        &Facts {
            matches,
            ..Facts::default()
        },
        name,
    );
    assert_eq!(
        lines(&report),
        [
            "realised  1 0.25",
            "succeeded  1 0.25",
            "failed  1 0.25",
            "unknown  2 0.5",
            "rejected wrong_phase 2 0.5",
            "declined not_now 1 0.25",
            "expired  1 0.25",
        ]
    );
}

#[test]
fn the_top_tenth_is_of_all_who_offered() {
    let mut facts = Facts::default();
    for number in 0..11 {
        facts.offers.push(post(100 + number));
    }
    // Two of eleven organisations are the top tenth; they have 5 of 6 introductions.
    for (giver, times) in [(100, 3), (101, 2), (102, 1)] {
        for _ in 0..times {
            facts.matches.push(MatchFact {
                giver: organisation(giver),
                ..made(MatchState::Introduced)
            });
        }
    }
    facts.matches.push(made(MatchState::Proposed));
    facts
        .organisations
        .insert(organisation(100), "Stimenz".to_owned());
    let report = ReportKind::Fairness.count(&facts, name);
    let shown = lines(&report);
    assert_eq!(shown[0], "top_ten_percent 2  5 5 0.8333");
    assert_eq!(shown[1], "region PV25 gebied PV25 7 6 1");
    assert_eq!(shown[2], "phase start Start 7 6 1");
    let stimenz = format!(
        "offering_organisation {} Stimenz 3 3 0.5",
        organisation(100)
    );
    assert!(shown.contains(&stimenz), "{shown:#?}");
    let unseen = format!("offering_organisation {}  0 0 0", organisation(110));
    assert!(shown.contains(&unseen), "{shown:#?}");
    let asker = format!("asking_organisation {}  7 6 1", organisation(1));
    assert!(shown.contains(&asker), "{shown:#?}");

    assert_eq!(
        lines(&report.for_outsiders()),
        ["region PV25 gebied PV25 6 6 1", "phase start Start 6 6 1"]
    );
}

#[test]
fn outsiders_cannot_compute_a_hidden_figure_from_the_others() {
    let report = |counts: &[u64]| Report {
        kind: ReportKind::Overview,
        columns: &[],
        rows: vec![counts.iter().copied().map(Cell::Count).collect()],
    };
    // Whatever the small figure is, the answer is the same: total and parts do not tell it.
    let shown = |small: u64| lines_of(report(&[9 + small, 5, 4, small]).for_outsiders());
    assert_eq!(shown(0), "9 6 3 <3");
    assert_eq!(shown(1), "9 6 3 <3");
    assert_eq!(
        lines_of(report(&[0, 1, 2, 3, 4, 5, 7]).for_outsiders()),
        "<3 <3 <3 3 3 6 6"
    );
    let rates = Report {
        rows: vec![vec![
            Cell::share(2, 9),
            Cell::share(4, 5),
            Cell::share(0, 0),
            Cell::Wait { hours: 7.4, of: 2 },
            Cell::Wait { hours: 7.4, of: 3 },
        ]],
        ..report(&[])
    };
    assert_eq!(lines_of(rates.for_outsiders()), "<3 0.5 <3 <3 7");
}

fn lines_of(report: Report) -> String {
    let cell = |cell: &Cell| {
        cell.number()
            .map_or("<3".to_owned(), |number| number.to_string())
    };
    let row: Vec<String> = report.rows.iter().flatten().map(cell).collect();
    row.join(" ")
}

#[test]
fn a_period_is_of_days_in_the_netherlands() {
    let period = Period::parse("?", "2026-07-01", "2026-07-31").unwrap();
    for (text, is_in) in [
        ("2026-06-30T21:59:59Z", false),
        ("2026-06-30T22:00:00Z", true),
        ("2026-07-31T21:59:59Z", true),
        ("2026-07-31T22:00:00Z", false),
    ] {
        assert_eq!(period.holds(moment(text)), is_in, "{text}");
    }
    assert!(period.is_whole_months());
    assert!(Period::default().holds(moment("1990-01-01T00:00:00Z")));
    assert!(Period::default().is_whole_months());
    for [from, to] in [["2026-07-02", ""], ["", "2026-07-30"]] {
        assert!(!Period::parse("?", from, to).unwrap().is_whole_months());
    }
    let wrong = Period::parse("?", "gisteren", "12026-01-01").unwrap_err();
    let fields: Vec<&str> = wrong.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["?from", "?to"]);
    let turned = Period::parse("?", "2026-07-02", "2026-07-01").unwrap_err();
    assert_eq!(turned[0].field, "?to");
}
