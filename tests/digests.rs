//! A weekly letter to 500 followers over 2,000 posts: each gets exactly what is for them, once, whenever the program is
//! killed.

mod followers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};

use self::followers::{FOLLOWERS, POSTS, Post, follows, post};
use crate::support::mailbox::read_letters;
use crate::support::{Database, Folder, on_each, signal, until};

/// The most that one letter names.
const MAX_ITEMS: usize = 400;

/// A Sunday on which everything is placed, and Mondays after it; at the third, all is open for two weeks.
const SUNDAY: &str = "2027-01-03T12:00:00Z";
const MONDAYS: [&str; 4] = [
    "2027-01-04T07:00:00Z",
    "2027-01-11T07:00:00Z",
    "2027-01-18T07:00:00Z",
    "2027-01-25T07:00:00Z",
];

/// The letters that went, by their reader: the numbers each one names.
type Letters = BTreeMap<String, Vec<BTreeSet<usize>>>;

/// A market of files and a clock, without a server.
struct Scene<'a> {
    folder: Folder,
    database: &'a Database,
    posts: Vec<Post>,
}

impl<'a> Scene<'a> {
    /// Everything is placed, everybody follows, and nobody was told anything.
    fn open(database: &'a Database) -> Self {
        let scene = Self {
            folder: Folder::new(),
            database,
            posts: (0..2 * POSTS).map(post).collect(),
        };
        scene.at(SUNDAY);
        scene.does(&["migrate"]);
        scene.bring("organisations", &organisations());
        scene.bring("requests", &requests(&scene.posts));
        scene.bring("offers", &offers(&scene.posts));
        scene.everybody_follows();
        scene
    }

    fn at(&self, time: &str) {
        self.folder.write("clock", time);
    }

    fn command(&self, arguments: &[&str], fault: Option<&str>) -> Command {
        let mut command = self.folder.command(arguments);
        command
            .env("SAMENSPEL_DATABASE", self.database.url())
            .env("SAMENSPEL_CLOCK_FILE", self.folder.path("clock"))
            .env("SAMENSPEL_DATABASE__DURABILITY", "normal")
            .env("SAMENSPEL_MAIL__TRANSPORT", "files")
            .env(
                "SAMENSPEL_AUTH__SECRET",
                "een geheim van ruim tweeendertig tekens",
            )
            .env("RUST_LOG", "error");
        if let Some(fault) = fault {
            command.env("SAMENSPEL_FAULT", fault);
        }
        command
    }

    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments, None).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn bring(&self, what: &str, file: &str) {
        let name = format!("{what}.csv");
        self.folder.write(&name, file);
        self.does(&["import", what, &name, "--no-rematch"]);
    }

    /// Subscribes every member in the database itself, as signing 500 people in takes longer than what is tested.
    fn everybody_follows(&self) {
        let list = |codes: &[&str]| {
            let named: Vec<&str> = codes
                .iter()
                .copied()
                .filter(|code| !code.is_empty())
                .collect();
            if named.is_empty() {
                String::new()
            } else {
                format!(";{};", named.join(";"))
            }
        };
        let mut statement = String::new();
        for number in 0..FOLLOWERS {
            let wants = follows(number);
            let kinds = [
                (wants.requests, "requests"),
                (wants.offers, "offers"),
                (wants.gaps, "gaps"),
            ];
            let kinds: Vec<&str> = kinds
                .into_iter()
                .filter_map(|(is_wanted, kind)| is_wanted.then_some(kind))
                .collect();
            statement.push_str(&format!(
                "INSERT INTO subscriptions SELECT 'sub_{number:032x}', id, '{}', '{}', '{}', '{}', '{}', 0, 'weekly',
                 NULL, '2027-01-04 07:00:00', '2027-01-03 12:00:00', 1 FROM members WHERE email = '{}';",
                list(&kinds),
                list(&[wants.region]),
                list(&[wants.theme]),
                list(&[wants.phase]),
                list(&[wants.support]),
                address(number),
            ));
        }
        match self.database {
            Database::Sqlite(_) => SqliteConnection::establish(&self.database.url())
                .unwrap()
                .batch_execute(&statement)
                .unwrap(),
            Database::Postgres { .. } => PgConnection::establish(&self.database.url())
                .unwrap()
                .batch_execute(&statement)
                .unwrap(),
        }
    }

    /// The letters that went.
    fn told(&self) -> Letters {
        let folder = self.folder.path("mail");
        let files: Vec<PathBuf> = match std::fs::read_dir(folder) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_nothing_went) => Vec::new(),
        };
        let mut files: Vec<PathBuf> = files
            .into_iter()
            .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
            .collect();
        files.sort();
        let mut told = Letters::new();
        for letter in read_letters(&files) {
            let named: Vec<usize> = letter
                .text()
                .lines()
                .filter_map(|line| line.strip_prefix("- Nummer "))
                .map(|rest| rest[..4].parse().unwrap())
                .collect();
            let once: BTreeSet<usize> = named.iter().copied().collect();
            assert_eq!(once.len(), named.len(), "twice in one letter");
            told.entry(letter.header("to").to_owned())
                .or_default()
                .push(once);
        }
        told
    }

    /// Whether every follower has so many letters, after `before` others, that name what they should, each thing once.
    #[track_caller]
    fn assert_told(&self, before: &Letters, wanted: impl Fn(usize) -> BTreeSet<usize>) -> Letters {
        let told = self.told();
        for number in 0..FOLLOWERS {
            let (reader, wanted) = (to(number), wanted(number));
            let known = before.get(&reader).map_or(0, Vec::len);
            let letters = told
                .get(&reader)
                .map_or(&[][..], |letters| &letters[known..]);
            assert_eq!(letters.len(), wanted.len().div_ceil(MAX_ITEMS), "{reader}");
            let named: BTreeSet<usize> = letters.iter().flatten().copied().collect();
            assert_eq!(named, wanted, "{reader}");
            let counted: usize = letters.iter().map(BTreeSet::len).sum();
            assert_eq!(counted, named.len(), "{reader} is told something twice");
        }
        told
    }
}

fn address(number: usize) -> String {
    format!("volger{number:03}@voorbeeld.example")
}

/// How a letter names its reader.
fn to(number: usize) -> String {
    format!("Volger {number:03} <{}>", address(number))
}

fn organisations() -> String {
    let mut file =
        String::from("id,name,kind,place,municipality,website,contact_name,contact_email\n");
    for number in 0..FOLLOWERS {
        let kind = ["initiative", "partner", "system_party"][number % 3];
        file.push_str(&format!(
            "org-{number},Club {number:03},{kind},Apeldoorn,GM0200,,Volger {number:03},{}\n",
            address(number)
        ));
    }
    file
}

fn requests(posts: &[Post]) -> String {
    let mut file =
        String::from("id,organisation,title,body,place,municipality,themes,phase,support\n");
    for (number, post) in posts.iter().enumerate().filter(|(_, post)| post.is_request) {
        let Post {
            title,
            owner,
            area,
            theme: (theme, _),
            phase,
            support,
            ..
        } = post;
        file.push_str(&format!(
            "v{number},org-{owner},{title},Wij zoeken iets voor de hele buurt.,,{area},{theme},{phase},{support}\n"
        ));
    }
    file
}

fn offers(posts: &[Post]) -> String {
    let mut file =
        String::from("id,organisation,title,body,reach,themes,phases,support,capacity\n");
    for (number, post) in posts
        .iter()
        .enumerate()
        .filter(|(_, post)| !post.is_request)
    {
        let Post {
            title,
            owner,
            area,
            theme: (theme, _),
            phase,
            support,
            ..
        } = post;
        file.push_str(&format!(
            "a{number},org-{owner},{title},Wij bieden iets voor de hele buurt.,{area},{theme},{phase},{support},1\n"
        ));
    }
    file
}

/// How many digests are in the outbox, gone or not.
fn written(database: &Database) -> usize {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let question = diesel::sql_query(
        "SELECT COUNT(*) AS count FROM deliveries JOIN letters ON letters.id = letter_id WHERE kind = 'digest'",
    );
    let url = database.url();
    let answer: Count = match database {
        Database::Sqlite(_) => question.get_result(&mut SqliteConnection::establish(&url).unwrap()),
        Database::Postgres { .. } => {
            question.get_result(&mut PgConnection::establish(&url).unwrap())
        }
    }
    .unwrap();
    usize::try_from(answer.count).unwrap()
}

#[test]
fn a_weekly_letter_tells_500_followers_of_2000_posts_exactly_what_is_for_them() {
    on_each(|database| {
        let scene = Scene::open(database);
        let news = |number| follows(number).news(number, &scene.posts);
        let readers = (0..FOLLOWERS).filter(|number| !news(*number).is_empty());
        let readers = readers.count();
        let long = (0..FOLLOWERS).filter(|number| news(*number).len() > MAX_ITEMS);
        let long = long.count();
        assert!(readers > FOLLOWERS / 2 && long > 0, "{readers} {long}");
        scene.at(MONDAYS[0]);
        // Killed after a commit in the middle: letters are in the outbox, and there are followers nobody came to.
        let mut killed = scene.command(&["run", "--once"], Some("200:crash_after"));
        assert!(!killed.output().unwrap().status.success());
        let before = written(database);
        assert!((1..readers).contains(&before), "{before}");
        assert!(scene.told().is_empty(), "nothing was delivered");
        // And once more from outside, at whatever it is doing.
        let mut child = scene.command(&["run", "--once"], None).spawn().unwrap();
        until("it goes on", || (written(database) > before).then_some(()));
        signal(&child, "KILL");
        child.wait().unwrap();
        // Then two at once, and one that finds nothing left.
        let mut both = [(); 2].map(|()| scene.command(&["run", "--once"], None).spawn().unwrap());
        for child in &mut both {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(written(database), readers);
        scene.does(&["run", "--once"]);
        assert_eq!(written(database), readers);

        // There is nothing new, but for who had more than fits in one letter.
        scene.at(MONDAYS[1]);
        scene.does(&["run", "--once"]);
        assert_eq!(written(database), readers + long);
        let told = scene.assert_told(&Letters::new(), news);

        // Two weeks without anything that fits: who follows that hears it, once.
        for monday in &MONDAYS[2..] {
            scene.at(monday);
            scene.does(&["run", "--once"]);
        }
        scene.assert_told(&told, |number| {
            follows(number).missing(number, &scene.posts)
        });
    });
}
