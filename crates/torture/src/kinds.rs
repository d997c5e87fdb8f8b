//! The kinds of torture as they are typed: their options, and what is told of their figures.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use torture::database::SERVER;
use torture::kill::Askable;
use torture::power;
use torture::program::Program;
use torture::smtp::{self, Share};
use torture::{backup, frozen, kill, outage, simulate, sweep, throughput};

use crate::Words;

/// What came of a run.
pub(crate) struct Found {
    pub(crate) title: &'static str,
    pub(crate) command: String,
    /// Markdown for people.
    pub(crate) text: String,
    /// What should not be; empty when all is well.
    pub(crate) wrong: Vec<String>,
}

/// A database to torture on: its name, and the server when it has one.
type Place = (&'static str, Option<String>);

/// SQLite, and the PostgreSQL server of the environment.
fn places() -> Result<[Place; 2]> {
    let server = std::env::var(SERVER).with_context(|| format!("{SERVER} names no server"))?;
    Ok([("SQLite", None), ("PostgreSQL", Some(server))])
}

/// Adds what is wrong at a place.
fn blame(wrong: &mut Vec<String>, place: &str, found: Vec<String>) {
    wrong.extend(found.into_iter().map(|what| format!("{place}: {what}")));
}

impl Words {
    pub(crate) fn smtp(&mut self, program: &Program, seed: u64) -> Result<Found> {
        let share = match self.number("one-in", 1)? {
            1 => Share::All,
            many => Share::OneIn(many),
        };
        let report = smtp::run(program, share, seed)?;
        Ok(Found {
            title: "A relay that misbehaves",
            command: "cargo xtask torture smtp".to_owned(),
            text: format!("{}\n\n{}", report.summary(), report.table()),
            wrong: report.wrong(),
        })
    }

    pub(crate) fn power(&mut self, program: &Program, seed: u64) -> Result<Found> {
        let plan = power::Plan {
            writes: self.number("writes", 400)?,
            cuts: self.number("cuts", 2000)?,
            seed,
        };
        let report = power::run(program, &plan)?;
        let text = format!(
            "Power cuts at random moments while {} clients write at once and letters go, with seed {}; what was not \
             synced is lost, there in part, or torn.\n\n{}",
            power::CLIENTS,
            plan.seed,
            report.table()
        );
        Ok(Found {
            title: "Power cuts",
            command: format!("cargo xtask torture power --cuts {}", plan.cuts),
            text,
            wrong: report.wrong(),
        })
    }

    pub(crate) fn kill(&mut self, program: &Program, seed: u64) -> Result<Found> {
        let (introductions, kills) = (
            self.number("introductions", 10_000)?,
            self.number("kills", 200)?,
        );
        let mut text = "A server is killed again and again while it makes introductions and sends them, each a letter \
                        to two; two servers on PostgreSQL. A letter whose end nobody knows is asked about, or sent \
                        once more.\n\n\
                        | database | relay | introductions | letters | kills | uncertain | copies | copies not known \
                        to be possible | never arrived | requests lost | s |\n\
                        |---|---|---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
        let mut wrong = Vec::new();
        for (place, postgres) in places()? {
            for (relay, askable) in [
                ("cannot be asked", Askable::No),
                ("can be asked", Askable::Yes),
            ] {
                let plan = kill::Plan {
                    introductions,
                    kills,
                    workers: 4,
                    postgres: postgres.clone(),
                    askable,
                    seed,
                };
                let report = kill::run(program, &plan)?;
                let ledger = &report.ledger;
                let row = format!(
                    "| {place} | {relay} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                    report.acknowledged,
                    ledger.letters,
                    report.kills,
                    ledger.uncertain,
                    ledger.copies,
                    ledger.unannounced,
                    ledger.lost,
                    report.lost_requests,
                    report.seconds
                );
                println!("{row}");
                text.push_str(&row);
                blame(
                    &mut wrong,
                    &format!("{place}, {relay}"),
                    report.wrong(&plan),
                );
            }
        }
        Ok(Found {
            title: "Kills",
            command: format!(
                "cargo xtask torture kill --introductions {introductions} --kills {kills}"
            ),
            text,
            wrong,
        })
    }

    #[expect(clippy::unused_self, reason = "all kinds are called alike")]
    pub(crate) fn sweep(&mut self, program: &Program) -> Result<Found> {
        let mut text = "Every write of a scene is broken in turn, one a run; after that the program starts again, \
                        and ends where a run without a fault ends.\n\n\
                        | database | scene | fault | writes broken | not repaired |\n|---|---|---|---|---|\n"
            .to_owned();
        let mut wrong = Vec::new();
        for (place, postgres) in places()? {
            for swept in sweep::run(program, postgres.as_deref(), 1)? {
                text.push_str(&format!(
                    "| {place} | {} | {} | {} | {} |\n",
                    swept.scene,
                    swept.fault,
                    swept.writes,
                    swept.wrong.len()
                ));
                if swept.writes == 0 {
                    wrong.push(format!("{place}: {} has no write", swept.scene));
                }
                let where_it_was = format!("{place}, {}, {}", swept.scene, swept.fault);
                blame(&mut wrong, &where_it_was, swept.wrong);
            }
        }
        Ok(Found {
            title: "Every write broken",
            command: "cargo xtask torture sweep".to_owned(),
            text,
            wrong,
        })
    }

    pub(crate) fn frozen(&mut self, program: &Program, seed: u64) -> Result<Found> {
        let rounds = self.number("rounds", 200)?;
        let mut text = "A worker is frozen, another does its work, and the first is woken.\n\n\
                        | database | frozen | had letters | were writing | late writes | uncertain | copies | copies \
                        not known to be possible | never arrived |\n|---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
        let mut wrong = Vec::new();
        for (place, postgres) in places()? {
            let report = frozen::run(program, postgres.as_deref(), rounds, seed)?;
            let ledger = &report.ledger;
            text.push_str(&format!(
                "| {place} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                report.frozen,
                report.with_claims,
                report.while_writing,
                report.late_writes,
                ledger.uncertain,
                ledger.copies,
                ledger.unannounced,
                ledger.lost
            ));
            blame(&mut wrong, place, report.wrong());
        }
        Ok(Found {
            title: "Frozen workers",
            command: format!("cargo xtask torture frozen --rounds {rounds}"),
            text,
            wrong,
        })
    }

    pub(crate) fn backup(&mut self, program: &Program) -> Result<Found> {
        let rounds = self.number("rounds", 100)?;
        let [_, (_, server)] = places()?;
        let told = |database, done| eprintln!("{database}: {done} of {rounds}");
        let report = backup::run(program, rounds, server.as_deref(), told)?;
        let text = format!(
            "Backups while {} clients write as fast as they can; each is put back into a new database, in which \
             everything must be that was answered before. The control copies the file of the running \
             database.\n\n{}",
            backup::CLIENTS,
            report.table()
        );
        Ok(Found {
            title: "Backups under full write load",
            command: format!("cargo xtask torture backup --rounds {rounds}"),
            text,
            wrong: report.wrong(),
        })
    }

    pub(crate) fn outage(&mut self, program: &Program) -> Result<Found> {
        let (letters, rate) = (self.number("letters", 10_000)?, self.number("rate", 600)?);
        let report = outage::run(program, letters, rate)?;
        let full: Vec<String> = report.in_each_minute.iter().map(usize::to_string).collect();
        let text = format!(
            "The relay is gone for 24 hours of virtual time.\n\n\
             | letters waiting | looks at the outbox | attempts used | too late, not sent | too late, sent | lost | a \
             minute allowed | in each minute after it |\n|---|---|---|---|---|---|---|---|\n\
             | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            report.waiting,
            report.looks,
            report.attempts,
            report.expired,
            report.sent_too_late,
            report.ledger.lost.saturating_sub(report.expired),
            report.rate,
            full.join(" ")
        );
        Ok(Found {
            title: "A relay that is gone for a day",
            command: format!("cargo xtask torture outage --letters {letters} --rate {rate}"),
            text,
            wrong: report.wrong(),
        })
    }

    pub(crate) fn simulate(&mut self, program: &Program, seed: u64) -> Result<Found> {
        let seeds = self.number("seeds", 200)?;
        let report = simulate::run(program, seed, seeds)?;
        let text = format!(
            "Histories by chance in virtual time: a relay that misbehaves or is gone, a clock that jumps, writes that \
             fail and programs that end in them; eight good days later everything must agree.\n\n\
             | seeds | from | letters | programs broken off | uncertain | copies | not as it should be |\n\
             |---|---|---|---|---|---|---|\n| {} | {seed} | {} | {} | {} | {} | {} |\n",
            report.seeds,
            report.letters,
            report.broken,
            report.uncertain,
            report.copies,
            report.wrong.len()
        );
        Ok(Found {
            title: "Histories by chance",
            command: format!("cargo xtask torture simulate --seed {seed} --seeds {seeds}"),
            text,
            wrong: report.wrong,
        })
    }

    pub(crate) fn throughput(&mut self, program: &Program) -> Result<Found> {
        let introductions = self.number("introductions", 2_000)?;
        let source = self.take("smtp-source").flatten();
        let source =
            PathBuf::from(source.context("`--smtp-source` wants the path of smtp-source")?);
        let mut text = "Introductions over HTTP by 16 clients at once, each a request, a match and a letter to two, \
                        durable before the answer; beside it one writer that inserts bare rows into the same \
                        database. Letters handed over by 4 workers; beside it Postfix's `smtp-source` with 4 sessions \
                        to the same relay, which keeps nothing durable.\n\n\
                        | database | introductions/s | bare inserts/s | ratio | deliveries/s | smtp-source/s | ratio |\n\
                        |---|---|---|---|---|---|---|\n"
            .to_owned();
        for (place, postgres) in places()? {
            let plan = throughput::Plan {
                introductions,
                postgres,
                smtp_source: &source,
                workers: 4,
            };
            let report = throughput::run(program, &plan)?;
            text.push_str(&format!(
                "| {place} | {:.0} | {:.0} | {:.2} | {:.0} | {:.0} | {:.2} |\n",
                report.introductions,
                report.inserts,
                report.of_inserts(),
                report.deliveries,
                report.source,
                report.of_source()
            ));
        }
        Ok(Found {
            title: "Throughput",
            command: format!("cargo xtask torture throughput --introductions {introductions}"),
            text,
            wrong: Vec::new(),
        })
    }
}
