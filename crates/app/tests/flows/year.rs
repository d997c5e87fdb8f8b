//! A virtual year of one market, day by day: every rule of time is met on exactly its day, and nothing else happens.
//!
//! Each day the program looks at what is due in the early morning, when letters about news are written. Then people do
//! things, in [`deeds`]; an hour later the program looks again, a second later than the day before, as a machine is never
//! exactly on time. Everything that came by itself and every letter is written down with its day and held against the
//! table in [`rules`]. After a year only the days around those in the table are looked at. Rules of minutes are tested
//! elsewhere: claims with reviews, bearer tokens and sessions with logging in.

mod deeds;
mod means;
mod rules;
mod watch;

use std::collections::{BTreeMap, BTreeSet};

use app::jobs::Done;
use chrono::TimeDelta;
use domain::letters::LetterKind;
use domain::links::LinkPurpose;

use self::means::Market;
use self::rules::{Fact, due};
use self::watch::Watched;
use super::letters::Received;
use super::town::{Person, Town, on_both_with, opening};

/// The days that are lived through one by one.
const DAYS: i64 = 365;

/// From when people do things to the early look at news before it.
const EARLIER: TimeDelta = TimeDelta::minutes(-140);

/// From when people do things to the look at everything after it.
const LATER: TimeDelta = TimeDelta::minutes(60);

/// A year in a town.
struct Year {
    town: Town,
    coordinator: Person,
    market: Market,
    day: i64,
    /// Every letter that came.
    letters: Vec<Received>,
    /// What is watched, and how it was last seen.
    watched: BTreeMap<&'static str, (Watched, &'static str)>,
    /// On which days each thing happened.
    happened: BTreeMap<(String, Fact), Vec<i64>>,
    /// How often each job did something.
    jobs: BTreeMap<&'static str, usize>,
}

#[test]
fn every_rule_of_time_is_met_on_its_day() {
    let with_returned_mail = |config: &mut app::config::Config| {
        config.mail.bounces_folder = config.mail.folder.with_file_name("returned");
    };
    on_both_with(with_returned_mail, async |town| {
        let coordinator = town.coordinator().await;
        let mut year = Year {
            town,
            coordinator,
            market: Market::default(),
            day: 0,
            letters: Vec::new(),
            watched: BTreeMap::new(),
            happened: BTreeMap::new(),
            jobs: BTreeMap::new(),
        };
        let later = due().into_values().flat_map(|due| due.days);
        let later = later.flat_map(|day| [day - 1, day, day + 1]);
        let days: BTreeSet<i64> = (0..=DAYS).chain(later).collect();
        for day in days {
            year.day = day;
            year.live().await;
        }
        year.holds_against_the_rules();
        year.left_nothing_out();
    });
}

impl Year {
    async fn live(&mut self) {
        if self.day > 0 {
            self.look(EARLIER).await;
        }
        self.town.set_day(self.day);
        self.note_changes().await;
        self.act().await;
        let letters = self.town.mail().await;
        self.write_down(letters);
        // What people change is not what comes by itself.
        for (watched, seen) in self.watched.values_mut() {
            *seen = watched.state(&self.town).await;
        }
        self.look(LATER).await;
    }

    /// The program does what is due, and everything that happened is written down.
    async fn look(&mut self, since_deeds: TimeDelta) {
        let late = TimeDelta::seconds(self.day);
        let now = opening() + TimeDelta::days(self.day) + since_deeds + late;
        self.town.clock.set(now);
        let done = self.town.app.run_once().await.unwrap();
        self.count(done);
        let letters = self.town.mail().await;
        self.write_down(letters);
        self.note_changes().await;
    }

    /// Writes down what changed by itself since it was last seen.
    async fn note_changes(&mut self) {
        for (name, (watched, seen)) in &mut self.watched {
            let state = watched.state(&self.town).await;
            if state != *seen {
                *seen = state;
                let fact = ((*name).to_owned(), Fact::Becomes(state));
                self.happened.entry(fact).or_default().push(self.day);
            }
        }
    }

    fn write_down(&mut self, letters: Vec<Received>) {
        for letter in &letters {
            let came_before = self
                .letters
                .iter()
                .any(|other| other.message_id == letter.message_id && other.to == letter.to);
            assert!(!came_before, "{} came twice", letter.subject);
            for reader in &letter.to {
                let (name, _) = reader.split_once('@').unwrap();
                let fact = (name.to_owned(), Fact::Letter(letter.kind));
                self.happened.entry(fact).or_default().push(self.day);
            }
        }
        self.letters.extend(letters);
    }

    fn count(&mut self, done: Done) {
        // A job that is added later must be named here, and be seen at work.
        let Done {
            match_steps,
            post_stages,
            review_letters,
            digests,
            returned,
            delivered,
        } = done;
        for (job, times) in [
            ("match_steps", match_steps),
            ("post_stages", post_stages),
            ("review_letters", review_letters),
            ("digests", digests),
            ("returned", returned),
            ("delivered", delivered.sent),
        ] {
            *self.jobs.entry(job).or_default() += times;
        }
    }

    /// Everything happened on the days the rules give, and nothing else did.
    fn holds_against_the_rules(&self) {
        let rules = due();
        let all: BTreeSet<_> = rules.keys().chain(self.happened.keys()).collect();
        let mut broken = Vec::new();
        for about in all {
            let happened = self.happened.get(about).cloned().unwrap_or_default();
            let due = rules.get(about);
            let days = due.map(|due| due.days.iter().copied().collect());
            if days.as_ref() != Some(&happened) {
                let says = due.map(|due| due.says.join("; "));
                broken.push(format!(
                    "{about:?} on days {happened:?}, not on {days:?} ({says:?})"
                ));
            }
        }
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }

    /// Every kind of letter came, every job did something, and every kind of link ended.
    fn left_nothing_out(&self) {
        let came: BTreeSet<LetterKind> = self.letters.iter().map(|letter| letter.kind).collect();
        for kind in LetterKind::ALL {
            assert!(came.contains(kind), "no letter {kind} came in a year");
        }
        for (job, times) in &self.jobs {
            assert!(*times > 0, "{job} had nothing to do in a year");
        }
        for purpose in LinkPurpose::ALL {
            let name = format!("{purpose} link");
            let ended = self.happened.contains_key(&(name, Fact::Becomes("over")));
            assert!(ended, "no link to {purpose} ended in a year");
        }
    }
}
