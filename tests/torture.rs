//! What `cargo xtask torture` does for long, for a short time: the program among faults made on purpose.

use torture::power::{self, Plan};
use torture::program::Program;
use torture::smtp::{self, Share};

use crate::support::server::PROGRAM;

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
