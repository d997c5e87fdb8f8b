//! The rules of time, each with its days: what the virtual year is held against, line by line.

use std::collections::{BTreeMap, BTreeSet};

use domain::letters::LetterKind;

/// Something that is seen to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// A letter of this kind comes.
    Letter(LetterKind),
    /// It becomes this by itself.
    Becomes(&'static str),
}

/// Something that happens by itself, and when.
pub(super) struct Rule {
    /// What the rule says.
    pub(super) says: &'static str,
    /// To whom or to what it happens in the year.
    pub(super) whom: &'static str,
    pub(super) fact: Fact,
    /// The day of the year from which it counts.
    from: i64,
    /// How many days later it happens.
    after: &'static [i64],
}

const fn rule(
    says: &'static str,
    whom: &'static str,
    fact: Fact,
    from: i64,
    after: &'static [i64],
) -> Rule {
    Rule {
        says,
        whom,
        fact,
        from,
        after,
    }
}

/// The days on which something must happen, and the rules that say so.
#[derive(Debug, Default)]
pub(super) struct Due {
    pub(super) days: BTreeSet<i64>,
    pub(super) says: Vec<&'static str>,
}

/// Every rule, by whom it is about and what happens.
pub(super) fn due() -> BTreeMap<(String, Fact), Due> {
    let mut all = BTreeMap::<_, Due>::new();
    for rule in RULES {
        let due = all.entry((rule.whom.to_owned(), rule.fact)).or_default();
        due.days
            .extend(rule.after.iter().map(|days| rule.from + days));
        due.says.push(rule.says);
    }
    all
}

use Fact::{Becomes, Letter};
use LetterKind as Kind;

const REQUEST: i64 = 12 * 7;
const OFFER: i64 = 26 * 7;
const POST_LETTERS: &str =
    "the owner of a post is asked 14 and 3 days before its end, at its end, and 30 days after";
const LASTING: &str = "an offer that lasts is asked about each half year, and stays a month longer";
const ANSWER: &str = "a letter that answers somebody goes at once";
const INVITED: &str = "who is silent is reminded on day 4, and on day 10 it is over";
const MET: &str = "what came of an introduction is asked on days 7 and 30, and unknown on day 44";
const WAITING: &str = "coordinators hear of what waits for 3 days, once a week at most";
const NEWS: &str = "news comes at once, the next morning, or on the next Monday morning";
const LINKS: &str = "a link works for its time, and is forgotten two years later";
const YEAR: i64 = 365;

/// The rules. Each line is met on exactly its days, and nothing happens in the year that stands in no line.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    // A request that nobody speaks for, and one that is renewed on day 71 and closed on day 150.
    rule(POST_LETTERS, "stil", Letter(Kind::ExpiryReminder), 0, &[REQUEST - 14, REQUEST - 3, REQUEST, REQUEST + 30]),
    rule("a request ends after 12 weeks", "request of stil", Becomes("expired"), 0, &[REQUEST]),
    rule(POST_LETTERS, "verlengt", Letter(Kind::ExpiryReminder), 0, &[REQUEST - 14]),
    rule("renewing gives 12 weeks again, and closing ends all letters", "verlengt", Letter(Kind::ExpiryReminder), 71, &[REQUEST - 14]),
    // An offer that nobody speaks for, and one that lasts, renewed on day 190.
    rule(POST_LETTERS, "half", Letter(Kind::ExpiryReminder), 0, &[OFFER - 14, OFFER - 3, OFFER, OFFER + 30]),
    rule("an offer ends after 26 weeks", "offer of half", Becomes("expired"), 0, &[OFFER]),
    rule(LASTING, "altijd", Letter(Kind::ExpiryReminder), 0, &[OFFER - 14, OFFER - 3, OFFER]),
    rule(LASTING, "altijd", Letter(Kind::ExpiryReminder), 190, &[OFFER - 14, OFFER - 3, OFFER, OFFER + 30]),
    rule(LASTING, "offer of altijd", Becomes("expired"), 190, &[OFFER + 30]),

    // Registrations: one that nobody confirms, and one with all that follows.
    rule(ANSWER, "kwijt", Letter(Kind::Confirmation), 5, &[0]),
    rule("a registration that nobody confirms is gone after 7 days", "member kwijt", Becomes("gone"), 5, &[7]),
    rule(ANSWER, "nieuw", Letter(Kind::Confirmation), 5, &[0]),
    rule(ANSWER, "nieuw", Letter(Kind::Verification), 8, &[0]),
    rule(ANSWER, "nieuw", Letter(Kind::AlreadyKnown), 9, &[0]),
    rule(ANSWER, "nieuw", Letter(Kind::LoginLink), 9, &[0]),
    rule(ANSWER, "collega", Letter(Kind::MemberInvitation), 9, &[0]),
    rule("who was invited and does not come is gone after 7 days", "member collega", Becomes("gone"), 9, &[7]),

    // Asked on day 12: one says yes and the other nothing.
    rule(ANSWER, "wacht", Letter(Kind::Invitation), 12, &[0]),
    rule(ANSWER, "zwijgt", Letter(Kind::Invitation), 12, &[0]),
    rule(INVITED, "zwijgt", Letter(Kind::InvitationReminder), 12, &[4]),
    rule(INVITED, "match of wacht", Becomes("expired"), 12, &[10]),
    rule("who said yes hears that it goes by", "wacht", Letter(Kind::NoIntroduction), 12, &[10]),
    // Asked on day 12, introduced on day 14, and then nobody tells anything.
    rule(ANSWER, "ontmoet", Letter(Kind::Invitation), 12, &[0]),
    rule(ANSWER, "ontvangt", Letter(Kind::Invitation), 12, &[0]),
    rule(ANSWER, "ontmoet", Letter(Kind::Introduction), 14, &[0]),
    rule(ANSWER, "ontvangt", Letter(Kind::Introduction), 14, &[0]),
    rule(MET, "ontmoet", Letter(Kind::OutcomeQuestion), 14, &[7, 30]),
    rule(MET, "ontvangt", Letter(Kind::OutcomeQuestion), 14, &[7, 30]),
    rule(MET, "match of ontmoet", Becomes("unknown"), 14, &[44]),
    // Asked on day 12; on day 15 the request is closed.
    rule(ANSWER, "sluit", Letter(Kind::Invitation), 12, &[0]),
    rule(ANSWER, "hoort", Letter(Kind::Invitation), 12, &[0]),
    rule("who was asked hears that a post ended", "hoort", Letter(Kind::NoIntroduction), 15, &[0]),
    // Approved on day 16, and then the program died: what it left undone is done at the next look.
    rule("what is approved is asked at once", "blijft", Letter(Kind::Invitation), 16, &[0]),
    rule("what is approved is asked at once", "hangt", Letter(Kind::Invitation), 16, &[0]),
    rule("what is approved is asked at once", "match of blijft", Becomes("invited"), 16, &[0]),
    rule(INVITED, "blijft", Letter(Kind::InvitationReminder), 16, &[4]),
    rule(INVITED, "hangt", Letter(Kind::InvitationReminder), 16, &[4]),
    rule(INVITED, "match of blijft", Becomes("expired"), 16, &[10]),
    // Approved on day 9 as it were, while the program was away.
    rule("what is approved and cannot be asked for 7 days lapses", "match of verlaten", Becomes("lapsed"), 9, &[7]),
    // Proposed on day 40, and nobody reviews it.
    rule(WAITING, "coalitie", Letter(Kind::ReviewWaiting), 40, &[3, 10, 17, 24]),
    rule("a proposal ends after 30 days", "match of ongezien", Becomes("expired"), 40, &[30]),

    // News of days 30 (a Wednesday), 33 (a Saturday) and 55 (a Sunday); who reads daily stops on day 36.
    rule(NEWS, "direct", Letter(Kind::Digest), 0, &[30, 33, 55]),
    rule(NEWS, "dagelijks", Letter(Kind::Digest), 0, &[30 + 1, 33 + 1]),
    rule(NEWS, "wekelijks", Letter(Kind::Digest), 0, &[35, 56]),
    rule("a post that nothing fits is missing something after 14 days", "mist", Letter(Kind::Digest), 30, &[14, 3 + 14]),
    // Who follows introductions, from before there is one, and from the last two days on which it is news.
    rule(NEWS, "ziet", Letter(Kind::Digest), 14, &[7]),
    rule("an introduction is news for 28 days", "optijd", Letter(Kind::Digest), 14, &[28]),

    // What is forgotten.
    rule("the bytes of a letter go after 90 days", "introduction", Becomes("empty"), 14, &[90]),
    rule("a post that ended loses its texts after 12 months", "text of stil", Becomes("blank"), REQUEST, &[YEAR]),
    rule("a post that ended loses its texts after 12 months", "text of verlengt", Becomes("blank"), 150, &[YEAR]),
    rule("the history is kept for 24 months", "history of verlengt", Becomes("gone"), 150, &[2 * YEAR + 1]),
    rule("a run is kept for 90 days", "run", Becomes("gone"), 20, &[90]),
    rule("a run that was signed off is kept for 24 months", "signed run", Becomes("gone"), 21, &[2 * YEAR]),
    rule("what was sent under a key is known for 24 hours", "key", Becomes("gone"), 20, &[1]),

    // Links, from the day of their letter. That one to log in works for 15 minutes is asked on day 9 itself.
    rule(LINKS, "confirm link", Becomes("over"), 9, &[7]),
    rule("a link goes with the member it was for", "confirm link", Becomes("forgotten"), 9, &[7]),
    rule(LINKS, "login link", Becomes("over"), 9, &[0]),
    rule(LINKS, "login link", Becomes("forgotten"), 9, &[2 * YEAR]),
    rule(LINKS, "consent link", Becomes("over"), 12, &[10]),
    rule(LINKS, "consent link", Becomes("forgotten"), 12 + 10, &[2 * YEAR]),
    rule(LINKS, "outcome link", Becomes("over"), 21, &[60]),
    rule(LINKS, "outcome link", Becomes("forgotten"), 21 + 60, &[2 * YEAR]),
    rule(LINKS, "renew link", Becomes("over"), OFFER - 14, &[75]),
    rule(LINKS, "close link", Becomes("over"), OFFER - 14, &[75]),
    rule(LINKS, "settings link", Becomes("over"), REQUEST - 14, &[YEAR]),
    rule(LINKS, "unsubscribe link", Becomes("over"), 31, &[YEAR]),
];
