//! One of each letter, with fixed data or with the same hostile text in every field a person fills.

use chrono::{DateTime, Utc};
use domain::ids::LetterId;
use domain::letters::LetterKind;
use domain::matches::Side;
use domain::posts::{ExpiryStage, PostKind};
use domain::subscriptions::{Frequency, NewsKind};

use crate::{
    AlreadyKnown, Confirmation, Digest, DigestItem, DigestSection, ExpiryReminder, Heading,
    Introduction, Invitation, Letter, LoginLink, MemberInvitation, NoIntroduction, NotVerified,
    OutcomeQuestion, Parcel, Party, ReviewWaiting, Round, Verified,
};

pub(super) const SETTINGS_LINK: &str = "https://samenspel.example/mail/instellingen?t=s3t&n=1";

/// Every letter as people would get it, by the name of its snapshot.
pub(super) fn letters() -> Vec<(&'static str, Letter)> {
    written(&|text| text.to_owned())
}

/// Every letter with `text` in each field that comes from a person.
pub(super) fn letters_saying(text: &str) -> Vec<(&'static str, Letter)> {
    written(&|_| text.to_owned())
}

fn written(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, Letter)> {
    let mut letters = about_registration(say);
    letters.extend(about_matches(say));
    letters.extend(about_posts(say));
    letters.push(("digest", Letter::Digest(digest(say))));
    letters
}

fn digest(say: &dyn Fn(&str) -> String) -> Digest {
    let item = |title: &str, link: Option<&str>| DigestItem {
        title: say(title).into(),
        about: say("Apeldoorn · ontmoeten").into(),
        link: link.map(|id| format!("https://samenspel.example/vragen/{id}")),
    };
    let section = |kind, items| DigestSection { kind, items };
    Digest {
        frequency: Frequency::Weekly,
        name: say("Ria de Vries").into(),
        sections: vec![
            section(
                NewsKind::Requests,
                vec![
                    item("Ruimte gezocht om te koken", Some("req_1")),
                    item("Wie helpt ons met een website", Some("req_2")),
                ],
            ),
            section(
                NewsKind::Matches,
                vec![item("Een vraag en een aanbod", None)],
            ),
            section(
                NewsKind::Gaps,
                vec![item("Bus gezocht voor onze uitjes", Some("req_3"))],
            ),
        ],
        left: 2,
        unsubscribe_link: "https://samenspel.example/afmelden/t0ken".to_owned(),
    }
}

fn about_registration(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, Letter)> {
    let (name, organisation) = (say("Ria de Vries"), say("Buurttuin De Heeze"));
    vec![
        (
            "confirmation",
            Letter::Confirmation(Confirmation {
                name: name.as_str().into(),
                organisation: organisation.as_str().into(),
                link: "https://samenspel.example/bevestigen/t0ken".to_owned(),
                days: 7,
            }),
        ),
        (
            "login_link",
            Letter::LoginLink(LoginLink {
                name: name.as_str().into(),
                link: "https://samenspel.example/inloggen/t0ken".to_owned(),
                minutes: 15,
            }),
        ),
        (
            "already_known",
            Letter::AlreadyKnown(AlreadyKnown {
                name: name.as_str().into(),
            }),
        ),
        (
            "member_invitation",
            Letter::MemberInvitation(MemberInvitation {
                name: name.as_str().into(),
                inviter: say("Bo Bakker").into(),
                organisation: organisation.as_str().into(),
                link: "https://samenspel.example/bevestigen/t0ken".to_owned(),
                days: 7,
            }),
        ),
        (
            "verified",
            Letter::Verified(Verified {
                name: name.as_str().into(),
                organisation: organisation.as_str().into(),
            }),
        ),
        (
            "not_verified",
            Letter::NotVerified(NotVerified {
                name: name.into(),
                organisation: organisation.into(),
                reason: say("Wij kunnen niet vinden wie u bent. Stuur ons uw website.").into(),
            }),
        ),
    ]
}

fn invitation(say: &dyn Fn(&str) -> String, reader: Side) -> Invitation {
    let (own_title, other_organisation, other_title, other_place) = match reader {
        Side::Request => (
            "Ruimte gezocht om te koken",
            "Wijkcentrum Orden",
            "Keuken en zaal vrij op dinsdag",
            "Apeldoorn",
        ),
        Side::Offer => (
            "Keuken en zaal vrij op dinsdag",
            "Buurttuin De Heeze",
            "Ruimte gezocht om te koken",
            "Apeldoorn",
        ),
    };
    Invitation {
        reader,
        name: say("Ria de Vries").into(),
        own_title: say(own_title).into(),
        other_organisation: say(other_organisation).into(),
        other_title: say(other_title).into(),
        other_place: say(other_place).into(),
        other_body: say(
            "Een keuken voor twintig mensen.\nMet een grote oven.\n\nKom gerust kijken.",
        )
        .into(),
        reasons: vec![
            say("zelfde gemeente (Apeldoorn)").into(),
            say("thema ontmoeten").into(),
        ],
        link: "https://samenspel.example/voorstel/t0ken?a=1&b=2".to_owned(),
        days: 10,
    }
}

fn about_matches(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, Letter)> {
    let reminder = Invitation {
        days: 1,
        reasons: Vec::new(),
        ..invitation(say, Side::Offer)
    };
    let outcome = |round| {
        Letter::OutcomeQuestion(OutcomeQuestion {
            name: say("Ria de Vries").into(),
            other_organisation: say("Wijkcentrum Orden").into(),
            title: say("Ruimte gezocht om te koken").into(),
            link: "https://samenspel.example/uitkomst/t0ken".to_owned(),
            introduced_on: "14 april 2026".into(),
            round,
        })
    };
    vec![
        (
            "invitation_asker",
            Letter::Invitation(invitation(say, Side::Request)),
        ),
        (
            "invitation_giver",
            Letter::Invitation(invitation(say, Side::Offer)),
        ),
        ("invitation_reminder", Letter::InvitationReminder(reminder)),
        ("introduction", Letter::Introduction(introduction(say))),
        (
            "no_introduction",
            Letter::NoIntroduction(NoIntroduction {
                name: say("Ria de Vries").into(),
                own_title: say("Ruimte gezocht om te koken").into(),
                other_title: say("Keuken en zaal vrij op dinsdag").into(),
                reason: domain::dutch::mail::other_side_declined().into(),
            }),
        ),
        ("outcome_question_first", outcome(Round::First)),
        ("outcome_question_second", outcome(Round::Second)),
    ]
}

fn introduction(say: &dyn Fn(&str) -> String) -> Introduction {
    Introduction {
        request_title: say("Ruimte gezocht om te koken").into(),
        request_place: say("Apeldoorn").into(),
        request_body: say("Wij koken elke week voor de buurt.\nOnze keuken is te klein.").into(),
        asker: Party {
            organisation: say("Buurttuin De Heeze").into(),
            name: say("Ria de Vries").into(),
            email: "ria@heeze.example".parse().unwrap(),
        },
        offer_title: say("Keuken en zaal vrij op dinsdag").into(),
        offer_body: say("Een keuken voor twintig mensen.").into(),
        giver: Party {
            organisation: say("Wijkcentrum Orden").into(),
            name: say("Jan Bakker").into(),
            email: "jan@orden.example".parse().unwrap(),
        },
        reasons: vec![
            say("zelfde gemeente (Apeldoorn)").into(),
            say("gevraagd: ruimte; geboden: ruimte").into(),
        ],
        first_step: say("Bel of mail om samen de keuken te bekijken.").into(),
        first_step_by: say("Ria de Vries").into(),
    }
}

fn about_posts(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, Letter)> {
    let expiry = |kind, stage| {
        Letter::ExpiryReminder(ExpiryReminder {
            kind,
            name: say("Ria de Vries").into(),
            title: say("Ruimte gezocht om te koken").into(),
            expires_on: "14 april 2026".into(),
            stage,
            renew_link: "https://samenspel.example/verlengen/t0ken".to_owned(),
            close_link: "https://samenspel.example/sluiten/t0ken".to_owned(),
        })
    };
    let review = |count| {
        Letter::ReviewWaiting(ReviewWaiting {
            count,
            oldest_days: 4,
            link: "https://samenspel.example/beoordelen".to_owned(),
        })
    };
    vec![
        (
            "expiry_two_weeks",
            expiry(PostKind::Request, ExpiryStage::TwoWeeks),
        ),
        (
            "expiry_three_days",
            expiry(PostKind::Offer, ExpiryStage::ThreeDays),
        ),
        (
            "expiry_ended",
            expiry(PostKind::Request, ExpiryStage::Ended),
        ),
        (
            "expiry_a_month_after",
            expiry(PostKind::Offer, ExpiryStage::AMonthAfter),
        ),
        ("review_waiting", review(3)),
        ("review_waiting_one", review(1)),
    ]
}

pub(super) fn written_at() -> DateTime<Utc> {
    "2026-04-14T11:05:09Z".parse().unwrap()
}

pub(super) fn letter_id() -> LetterId {
    "let_019d8b4c5a7070008000000000000001".parse().unwrap()
}

/// The heading of a letter to both sides.
pub(super) fn heading() -> Heading {
    let both = vec![
        (
            "Ria de Vries".parse().unwrap(),
            "ria@heeze.example".parse().unwrap(),
        ),
        (
            "Jan Bakker".parse().unwrap(),
            "jan@orden.example".parse().unwrap(),
        ),
    ];
    Heading {
        id: letter_id(),
        from_name: "Samenspel".parse().unwrap(),
        from_address: "post@samenspel.example".parse().unwrap(),
        to: both.clone(),
        reply_to: both,
        written_at: written_at(),
        thread: Some("let_019d8b4c5a7070008000000000000000".parse().unwrap()),
        public_host: "samenspel.example".to_owned(),
        settings_link: SETTINGS_LINK.to_owned(),
        unsubscribe_link: None,
    }
}

/// A small message, with a line that starts with a dot, for `recipient`.
pub(super) fn parcel(recipient: &str) -> Parcel {
    Parcel {
        letter: letter_id(),
        kind: LetterKind::Introduction,
        written_at: written_at(),
        recipient: recipient.parse().unwrap(),
        return_path: "b+t0ken@samenspel.example".parse().unwrap(),
        mime: b"Subject: Kennismaking\r\n\r\nEen regel.\r\n.. en een punt.\r\n.\r\n".to_vec(),
    }
}
