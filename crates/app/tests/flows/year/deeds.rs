//! What people do in the virtual year, day by day.

use app::{Attempted, InvitationFields, MeEdit, RegistrationFields, SentRequest};
use chrono::TimeDelta;
use domain::letters::LetterKind;
use domain::links::LinkPurpose;
use domain::matches::{Answer, Decision, MatchState};
use domain::posts::{CloseReason, PostId};

use super::Year;
use super::means::address;
use super::watch::{Watched, link};
use crate::flows::town::{approve, consent_token, offer, request};

/// Each pair of one who asks and one who offers has a municipality of its own, so that nobody else fits.
const PAIRS: [(&str, &str, &str); 6] = [
    ("wacht", "zwijgt", "Apeldoorn"),
    ("ontmoet", "ontvangt", "Zutphen"),
    ("sluit", "hoort", "Assen"),
    ("blijft", "hangt", "Emmen"),
    ("verlaten", "elders", "Almere"),
    ("ongezien", "onbekend", "Horst aan de Maas"),
];

impl Year {
    /// What people do today.
    pub(super) async fn act(&mut self) {
        match self.day {
            0 => self.open().await,
            5 => self.register().await,
            6 => self.confirm().await,
            8 => self.verify().await,
            9 => self.ask_for_links().await,
            10 => {
                for pair in 0..3 {
                    self.pair(pair).await;
                }
            }
            12 => self.approve_three().await,
            13 => self.say_yes("wacht").await,
            14 => self.meet().await,
            15 => self.end_one_and_begin_two().await,
            16 => self.leave_undone().await,
            17 => self.close("verlaten", CloseReason::NoLongerNeeded).await,
            20 => self.rematch_with_a_key().await,
            21 => self.sign_a_run().await,
            23 => self.is_told_politely("wacht", "zwijgt"),
            30 | 33 | 55 => self.give_news().await,
            32 => self.keep_link("dagelijks", LetterKind::Digest, LinkPurpose::Unsubscribe),
            36 => self.stop_following().await,
            40 => self.pair(5).await,
            41 => self.follow("optijd", "matches", "daily", "Zutphen").await,
            42 => self.follow("telaat", "matches", "daily", "Zutphen").await,
            50 => self.bring_mail_back(),
            62 => self.close_news().await,
            71 => self.renew("verlengt").await,
            75 => self.close_pairs().await,
            150 => self.close_by_link("verlengt").await,
            190 => self.renew("altijd").await,
            _ => {}
        }
        self.keep_links();
    }

    /// Links are watched from the day after their letter, when nothing of it can have ended.
    fn keep_links(&mut self) {
        let reminder = LetterKind::ExpiryReminder;
        match self.day {
            22 => self.keep_link("ontmoet", LetterKind::OutcomeQuestion, LinkPurpose::Outcome),
            71 => self.keep_link("stil", reminder, LinkPurpose::Settings),
            169 => {
                self.keep_link("half", reminder, LinkPurpose::Renew);
                self.keep_link("half", reminder, LinkPurpose::Close);
            }
            _ => {}
        }
    }

    async fn open(&mut self) {
        let returned = &self.town.config.mail.bounces_folder;
        for folder in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(returned.join(folder)).unwrap();
        }
        self.ask("stil", "Groningen").await;
        self.ask("verlengt", "Groningen").await;
        self.offer("half", "Hoogeveen", false).await;
        self.offer("altijd", "Hoogeveen", true).await;
        for (name, of) in [
            ("request of stil", "stil"),
            ("offer of half", "half"),
            ("offer of altijd", "altijd"),
        ] {
            self.watch(name, Watched::Post(self.market.posts[of]));
        }
        self.watch("text of stil", Watched::Text(self.market.posts["stil"]));
        let verlengt = self.market.posts["verlengt"];
        self.watch("text of verlengt", Watched::Text(verlengt));
        self.watch("history of verlengt", Watched::Closing(verlengt));
        for (name, frequency) in [
            ("direct", "immediate"),
            ("dagelijks", "daily"),
            ("wekelijks", "weekly"),
        ] {
            self.follow(name, "requests", frequency, "Maastricht").await;
        }
        self.follow("mist", "gaps", "immediate", "Maastricht").await;
        self.follow("ziet", "matches", "weekly", "Zutphen").await;
    }

    async fn register(&mut self) {
        for name in ["kwijt", "nieuw"] {
            let registered = self.town.app.register(registration(name)).await.unwrap();
            self.market.organisation = Some(registered.organisation.id);
        }
        self.watch("member kwijt", Watched::Address(address("kwijt")));
    }

    async fn confirm(&mut self) {
        let token = self.token("nieuw", LetterKind::Confirmation, LinkPurpose::Confirm);
        self.town.app.confirm(&token).await.unwrap();
        let nieuw = self.town.who(&address("nieuw")).await;
        self.market.people.insert("nieuw", nieuw);
    }

    async fn verify(&mut self) {
        let (by, id) = (&self.coordinator.viewer, self.market.organisation.unwrap());
        let note = "Welkom.".parse().unwrap();
        let verified = self
            .town
            .app
            .verify_organisation(by, id, Decision::Approve, note);
        verified.await.unwrap();
    }

    /// Registers once more, asks for a link to log in, which is tried to the second, and invites a colleague.
    async fn ask_for_links(&mut self) {
        let app = self.town.app.clone();
        app.register(registration("nieuw")).await.unwrap();
        app.send_login_link(&address("nieuw")).await.unwrap();
        let invited = InvitationFields {
            name: "Cor Collega".to_owned(),
            email: address("collega"),
        };
        let (by, id) = (
            &self.market.people["nieuw"].viewer,
            self.market.organisation.unwrap(),
        );
        app.invite_member(by, id, invited).await.unwrap();
        self.watch("member collega", Watched::Address(address("collega")));
        let letters = self.town.mail().await;
        self.write_down(letters);
        self.keep_link(
            "collega",
            LetterKind::MemberInvitation,
            LinkPurpose::Confirm,
        );
        self.keep_link("nieuw", LetterKind::LoginLink, LinkPurpose::Login);
        let token = self.token("nieuw", LetterKind::LoginLink, LinkPurpose::Login);
        let now = app.now();
        for (seconds, state) in [(15 * 60 - 1, "works"), (15 * 60, "over")] {
            self.town.clock.set(now + TimeDelta::seconds(seconds));
            assert_eq!(link(&self.town, LinkPurpose::Login, &token).await, state);
        }
        self.town.clock.set(now);
    }

    /// Two posts that fit each other, and the proposal between them.
    async fn pair(&mut self, number: usize) {
        let (asker, giver, place) = PAIRS[number];
        self.offer(giver, place, false).await;
        let id = self.ask(asker, place).await;
        let all = self.town.matches().await;
        let mut own = all
            .iter()
            .filter(|found| PostId::Request(found.request) == id);
        let found = own.next().unwrap().id;
        self.market.matches.insert(asker, found);
        let watched = [
            "match of wacht",
            "match of ontmoet",
            "match of sluit",
            "match of blijft",
            "match of verlaten",
            "match of ongezien",
        ];
        self.watch(watched[number], Watched::Match(found));
    }

    async fn approve_three(&mut self) {
        for asker in ["wacht", "ontmoet", "sluit"] {
            let (by, id) = (&self.coordinator.viewer, self.market.matches[asker]);
            self.town.app.review_match(by, id, approve()).await.unwrap();
        }
        let letters = self.town.mail().await;
        self.write_down(letters);
        self.keep_link("zwijgt", LetterKind::Invitation, LinkPurpose::Consent);
    }

    async fn say_yes(&self, name: &str) {
        let token = consent_token(self.letter(name, LetterKind::Invitation));
        self.town.say(&token, Answer::Yes).await;
    }

    async fn meet(&mut self) {
        self.say_yes("ontmoet").await;
        self.say_yes("ontvangt").await;
        let letters = self.town.mail().await;
        self.write_down(letters);
        let introduction = self.letter("ontmoet", LetterKind::Introduction);
        let (id, _) = introduction.message_id.split_once('@').unwrap();
        let body = Watched::Body(id.parse().unwrap());
        self.watch("introduction", body);
    }

    async fn end_one_and_begin_two(&mut self) {
        self.close("sluit", CloseReason::FulfilledElsewhere).await;
        let letters = self.town.mail().await;
        self.write_down(letters);
        self.is_told_politely("hoort", "sluit");
        self.pair(3).await;
        self.pair(4).await;
    }

    /// As if the program had died after an approval: one a moment ago, and one a week ago.
    async fn leave_undone(&self) {
        for (asker, days) in [("blijft", 0), ("verlaten", 7)] {
            let found = self.town.found(self.market.matches[asker]).await;
            let approved_at = self.town.app.now() - TimeDelta::days(days);
            let next = found.moved(MatchState::Approved, approved_at).unwrap();
            let db = self.town.db();
            db.write(move |conn| store::matches::save(conn, &next, found.version))
                .await
                .unwrap();
        }
    }

    async fn rematch_with_a_key(&mut self) {
        let run = self.town.app.rematch(|_, _| {}).await.unwrap().run;
        self.watch("run", Watched::Run(run));
        let (app, who) = (&self.town.app, &self.market.people["stil"].viewer);
        let sent = SentRequest {
            key: "eenmaal",
            method: "POST",
            address: "/v1/requests",
            body: b"{}",
        };
        let Attempted::New(attempt) = app.attempt(who, sent).await.unwrap() else {
            panic!("the key is new");
        };
        let edited = attempt.run(app.edit_me(who, MeEdit::default())).await;
        edited.unwrap();
        let member = who.member().unwrap().id;
        self.watch("key", Watched::Key(member, "eenmaal"));
    }

    async fn sign_a_run(&mut self) {
        let app = &self.town.app;
        let run = app.rematch(|_, _| {}).await.unwrap().run;
        let (by, note) = (&self.coordinator.viewer, "Nagekeken.".parse().unwrap());
        app.sign_match_run(by, run, note).await.unwrap();
        self.watch("signed run", Watched::Run(run));
    }

    /// A letter that ends an introduction says of which posts and why, and gives away nobody.
    fn is_told_politely(&self, name: &str, other: &str) {
        let letter = self.letter(name, LetterKind::NoIntroduction);
        let who = &self.market.people[name];
        let greeting = format!("Beste {}", who.viewer.member().unwrap().name);
        for said in [
            greeting.as_str(),
            offer().title.as_str(),
            request().title.as_str(),
        ] {
            assert!(letter.text.contains(said), "no {said} in: {}", letter.text);
        }
        for part in [&letter.text, &letter.html] {
            assert!(!part.contains(&address(other)), "{part}");
        }
    }

    async fn give_news(&mut self) {
        let name = match self.day {
            30 => "nieuws",
            33 => "meer nieuws",
            _ => "laat nieuws",
        };
        self.ask(name, "Maastricht").await;
    }

    async fn stop_following(&self) {
        let token = self.token("dagelijks", LetterKind::Digest, LinkPurpose::Unsubscribe);
        self.town.app.unsubscribe(&token).await.unwrap();
    }

    fn bring_mail_back(&self) {
        let absent = "From: jan@voorbeeld.nl\r\nSubject: Afwezig\r\nAuto-Submitted: auto-replied\r\n\r\nIk ben er niet.\r\n";
        let file = self.town.config.mail.bounces_folder.join("new/1.afwezig");
        std::fs::write(file, absent).unwrap();
    }

    async fn close_news(&self) {
        for name in ["nieuws", "meer nieuws", "laat nieuws"] {
            self.close(name, CloseReason::NoLongerNeeded).await;
        }
    }

    async fn close_pairs(&self) {
        let posts = PAIRS.iter().flat_map(|(asker, giver, _)| [*asker, *giver]);
        for name in posts.filter(|name| !["sluit", "verlaten"].contains(name)) {
            self.close(name, CloseReason::NoLongerNeeded).await;
        }
    }
}

fn registration(name: &str) -> RegistrationFields {
    RegistrationFields {
        organisation: format!("Buurt {name}"),
        kind: "initiative".to_owned(),
        place: "Apeldoorn".to_owned(),
        website: String::new(),
        name: format!("{name} Jansen"),
        email: address(name),
    }
}
