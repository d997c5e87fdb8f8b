//! What `cargo xtask torture` does for long, for a short time: the program among faults made on purpose.

use torture::kill::{self, Askable};
use torture::power::{self, Plan};
use torture::program::Program;
use torture::smtp::{self, Share};
use torture::{backup, frozen, outage, simulate, sweep};

use crate::support::on_each_server;
use crate::support::server::PROGRAM;

#[test]
fn a_server_that_is_killed_loses_no_letter_and_hides_no_second_copy() {
    on_each_server(|postgres| {
        for askable in [Askable::No, Askable::Yes] {
            let plan = kill::Plan {
                introductions: 60,
                kills: 6,
                workers: 4,
                postgres: postgres.clone(),
                askable,
                seed: 1,
            };
            let report = kill::run(&Program::new(PROGRAM), &plan).unwrap();
            let wrong = report.wrong(&plan);
            assert!(wrong.is_empty(), "{askable:?}: {wrong:?} {report:?}");
            assert!(report.acknowledged >= 60 && report.kills == 6, "{report:?}");
        }
    });
}

#[test]
fn whatever_write_is_broken_the_next_start_repairs_it() {
    on_each_server(|postgres| {
        for swept in sweep::run(&Program::new(PROGRAM), postgres.as_deref(), 11).unwrap() {
            assert!(swept.writes > 0 && swept.wrong.is_empty(), "{swept:?}");
        }
    });
}

#[test]
fn a_worker_that_slept_writes_nothing_that_is_not_its_own_any_more() {
    on_each_server(|postgres| {
        let report = frozen::run(&Program::new(PROGRAM), postgres.as_deref(), 5, 1).unwrap();
        let wrong = report.wrong();
        assert!(wrong.is_empty(), "{wrong:?} {report:?}");
    });
}

#[test]
fn backups_of_a_server_at_work_miss_nothing_that_was_answered() {
    let report = backup::run(&Program::new(PROGRAM), 4, None, |_, _| {}).unwrap();
    let wrong = report.wrong();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), report.table());
}

#[test]
fn histories_by_chance_end_where_program_and_relay_agree() {
    let report = simulate::run(&Program::new(PROGRAM), 1, 4).unwrap();
    assert!(report.wrong.is_empty(), "{report:?}");
    assert!(report.letters >= 4 * 12, "{report:?}");
}

#[test]
fn a_relay_that_is_gone_for_a_day_costs_no_letter_and_no_attempt() {
    let report = outage::run(&Program::new(PROGRAM), 100, 30).unwrap();
    let wrong = report.wrong();
    assert!(wrong.is_empty(), "{wrong:?} {report:?}");
    assert_eq!((report.waiting, report.expired), (100, 10));
}

#[test]
fn a_letter_is_classified_right_whatever_the_relay_does_and_the_next_one_goes() {
    let report = smtp::run(&Program::new(PROGRAM), Share::OneIn(3), 1).unwrap();
    assert!(report.tried() > 100, "{}", report.summary());
    let wrong = report.wrong();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_power_cut_takes_back_no_answer_and_forgets_no_letter() {
    let strace = std::process::Command::new("strace")
        .arg("--version")
        .output();
    if strace.is_err() {
        assert!(
            std::env::var("CI").is_err(),
            "strace is not installed; run the tests with: cargo xtask test"
        );
        return;
    }
    let plan = Plan {
        writes: 48,
        cuts: 60,
        seed: 1,
    };
    let report = power::run(&Program::new(PROGRAM), &plan).unwrap();
    let wrong = report.wrong();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), report.table());
    assert_eq!((report.full.cuts, report.full.answers), (60, 48));
}
