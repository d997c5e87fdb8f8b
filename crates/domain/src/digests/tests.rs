//! When letters are due, and what is news to whom.

use super::*;
use crate::ids::{MemberId, OfferId, RequestId};
use crate::subscriptions::SubscriptionContent;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn monday() -> DateTime<Utc> {
    at("2026-11-23T07:00:00Z")
}

fn watch(kinds: &[NewsKind]) -> Watch {
    Watch {
        subscription: Subscription {
            id: SubscriptionId::new(monday()),
            member: MemberId::new(monday()),
            content: SubscriptionContent {
                kinds: kinds.to_vec(),
                regions: Vec::new(),
                themes: Vec::new(),
                phases: Vec::new(),
                support: Vec::new(),
                minimum_score: 0.6,
                frequency: Frequency::Weekly,
            },
            news_from: None,
            due_at: monday(),
            created_at: monday(),
            version: 1,
        },
        organisation: OrganisationId::new(monday()),
        of_requests: Written::default(),
        of_offers: Written::default(),
    }
}

fn request() -> PostFacts {
    PostFacts {
        id: PostId::Request(RequestId::new(monday())),
        organisation: OrganisationId::new(monday()),
        opened_at: monday(),
        areas: vec!["GM0200".parse().unwrap()],
        themes: vec!["dorpshuis".parse().unwrap()],
        phases: vec!["start".parse().unwrap()],
        support: vec!["ruimte".parse().unwrap()],
        best_score: None,
    }
}

#[test]
fn mornings_are_dutch_also_when_the_clock_changes() {
    let due = |frequency, now| next_due(frequency, at(now)).to_rfc3339();
    let weekly = |now| due(Frequency::Weekly, now);
    assert_eq!(weekly("2026-11-22T12:00:00Z"), "2026-11-23T07:00:00+00:00");
    assert_eq!(weekly("2026-11-23T06:59:59Z"), "2026-11-23T07:00:00+00:00");
    assert_eq!(weekly("2026-11-23T07:00:00Z"), "2026-11-30T07:00:00+00:00");
    // Summer time begins on Sunday 28 March 2027.
    assert_eq!(weekly("2027-03-22T07:00:00Z"), "2027-03-29T06:00:00+00:00");
    let daily = |now| due(Frequency::Daily, now);
    assert_eq!(daily("2026-11-24T07:00:01Z"), "2026-11-25T07:00:00+00:00");
    // It is the next day in the Netherlands already.
    assert_eq!(daily("2026-07-14T22:30:00Z"), "2026-07-15T06:00:00+00:00");
    let now = at("2026-11-24T07:00:01Z");
    assert_eq!(next_due(Frequency::Immediate, now), now);
}

#[test]
fn nights_are_quiet() {
    for (time, expected) in [
        ("2026-11-24T19:59:59Z", false),
        ("2026-11-24T20:00:00Z", true),
        ("2026-11-25T05:59:59Z", true),
        ("2026-11-25T06:00:00Z", false),
        ("2026-07-24T19:00:00Z", true),
    ] {
        assert_eq!(is_quiet(at(time)), expected, "{time}");
    }
}

#[test]
fn every_filter_must_be_met_and_one_value_of_it_is_enough() {
    let post = request();
    let news = |watch: &Watch, post: &PostFacts| watch.news_of_post(post, monday());
    let wide = watch(&[NewsKind::Requests]);
    assert_eq!(news(&wide, &post), Some(Item::Post(post.id)));
    let mut narrow = wide.clone();
    narrow.of_requests = Written {
        areas: ["GM0200".parse().unwrap(), "GM0203".parse().unwrap()].into(),
        themes: ["dorpshuis".parse().unwrap()].into(),
    };
    let content = &mut narrow.subscription.content;
    content.phases = vec!["idee".parse().unwrap(), "start".parse().unwrap()];
    content.support = vec!["ruimte".parse().unwrap()];
    assert_eq!(news(&narrow, &post), Some(Item::Post(post.id)));
    let elsewhere = PostFacts {
        areas: vec!["GM0344".parse().unwrap()],
        ..request()
    };
    let about_another = PostFacts {
        themes: vec!["wonen".parse().unwrap()],
        ..request()
    };
    let in_no_phase = PostFacts {
        phases: Vec::new(),
        ..request()
    };
    let asks_another = PostFacts {
        support: Vec::new(),
        ..request()
    };
    for other in [elsewhere, about_another, in_no_phase, asks_another] {
        assert_eq!(news(&narrow, &other), None, "{other:?}");
        assert!(news(&wide, &other).is_some());
    }
    let own = PostFacts {
        organisation: wide.organisation,
        ..request()
    };
    assert_eq!(news(&wide, &own), None);
    assert_eq!(news(&watch(&[NewsKind::Offers]), &post), None);
}

#[test]
fn an_offer_without_phases_is_for_every_phase() {
    let mut follower = watch(&[NewsKind::Offers]);
    follower.subscription.content.phases = vec!["idee".parse().unwrap()];
    let offer = PostFacts {
        id: PostId::Offer(OfferId::new(monday())),
        phases: Vec::new(),
        ..request()
    };
    let news = follower.news_of_post(&offer, monday());
    assert_eq!(news, Some(Item::Post(offer.id)));
    let for_start = PostFacts {
        phases: vec!["start".parse().unwrap()],
        ..offer
    };
    assert_eq!(follower.news_of_post(&for_start, monday()), None);
}

#[test]
fn a_post_is_missing_something_after_two_weeks_without_a_match_that_counts() {
    let follower = watch(&[NewsKind::Gaps]);
    let later = monday() + TimeDelta::days(GAP_DAYS);
    let post = request();
    assert_eq!(
        follower.news_of_post(&post, later - TimeDelta::seconds(1)),
        None
    );
    assert_eq!(
        follower.news_of_post(&post, later),
        Some(Item::Gap(post.id))
    );
    let scored = |score| PostFacts {
        best_score: Some(score),
        ..post.clone()
    };
    assert!(follower.news_of_post(&scored(0.59), later).is_some());
    assert!(follower.news_of_post(&scored(0.6), later).is_none());
    let both = watch(&[NewsKind::Gaps, NewsKind::Requests]);
    assert_eq!(both.news_of_post(&post, later), Some(Item::Gap(post.id)));
    let told: BTreeSet<Item> = Item::Gap(post.id).remembered().into_iter().collect();
    assert!(told.contains(&Item::Post(post.id)));
    let as_new: BTreeSet<Item> = Item::Post(post.id).remembered().into_iter().collect();
    assert!(!as_new.contains(&Item::Gap(post.id)));
    for item in told {
        assert_eq!(item.to_string().parse::<Item>().unwrap(), item);
    }
}

#[test]
fn who_is_told_at_once_hears_what_comes_from_then_on() {
    let mut follower = watch(&[NewsKind::Requests]);
    follower.subscription.news_from =
        news_from(Frequency::Immediate, monday() + TimeDelta::seconds(1));
    assert_eq!(follower.news_of_post(&request(), monday()), None);
    follower.subscription.news_from = news_from(Frequency::Immediate, monday());
    assert!(follower.news_of_post(&request(), monday()).is_some());
    assert_eq!(news_from(Frequency::Daily, monday()), None);
}

#[test]
fn a_match_passes_as_its_request_does_and_not_to_its_own_parties() {
    let follower = watch(&[NewsKind::Matches]);
    let facts = MatchFacts {
        id: MatchId::new(monday()),
        organisations: [OrganisationId::new(monday()), OrganisationId::new(monday())],
        posts: [request().id, PostId::Offer(OfferId::new(monday()))],
        since: monday(),
        score: 0.6,
        municipality: "GM0200".parse().unwrap(),
        themes: Vec::new(),
        phase: None,
        support: Vec::new(),
    };
    assert!(follower.is_for_match(&facts));
    let low = MatchFacts {
        score: 0.59,
        ..facts.clone()
    };
    let own = MatchFacts {
        organisations: [OrganisationId::new(monday()), follower.organisation],
        ..facts.clone()
    };
    assert!(!follower.is_for_match(&low) && !follower.is_for_match(&own));
    assert!(!watch(&[NewsKind::Requests]).is_for_match(&facts));
    let mut elsewhere = follower;
    elsewhere.of_requests.areas = ["GM0344".parse().unwrap()].into();
    assert!(!elsewhere.is_for_match(&facts));
}
