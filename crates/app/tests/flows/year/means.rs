//! What the people of the virtual year can do, each in a word: place, follow, close, renew, and find their letters.

use std::collections::BTreeMap;

use app::page_path;
use domain::ids::{MatchId, OrganisationId};
use domain::letters::LetterKind;
use domain::links::LinkPurpose;
use domain::offers::OfferFields;
use domain::posts::{CloseReason, PostId};
use domain::requests::RequestFields;
use domain::subscriptions::SubscriptionFields;

use super::watch::Watched;
use super::{Received, Year};
use crate::flows::letters::of;
use crate::flows::town::{Person, offer, request};

/// Who and what there is, by the names in the table of rules.
#[derive(Default)]
pub(super) struct Market {
    pub(super) people: BTreeMap<&'static str, Person>,
    pub(super) posts: BTreeMap<&'static str, PostId>,
    pub(super) matches: BTreeMap<&'static str, MatchId>,
    pub(super) organisation: Option<OrganisationId>,
}

impl Year {
    pub(super) async fn renew(&self, name: &str) {
        let token = self.token(name, LetterKind::ExpiryReminder, LinkPurpose::Renew);
        self.town.app.renew_by_link(&token).await.unwrap();
    }

    pub(super) async fn close_by_link(&self, name: &str) {
        let token = self.token(name, LetterKind::ExpiryReminder, LinkPurpose::Close);
        let closed = self.town.app.close_by_link(&token, CloseReason::NoResponse);
        closed.await.unwrap();
    }

    pub(super) async fn close(&self, name: &str, reason: CloseReason) {
        let (who, post) = (&self.market.people[name].viewer, self.market.posts[name]);
        self.town.app.close_post(who, post, reason).await.unwrap();
    }

    pub(super) async fn follow(
        &mut self,
        name: &'static str,
        kind: &str,
        frequency: &str,
        region: &str,
    ) {
        let who = self.town.member(name).await;
        let fields = SubscriptionFields {
            kinds: vec![kind.to_owned()],
            regions: vec![region.to_owned()],
            frequency: frequency.to_owned(),
            ..SubscriptionFields::default()
        };
        self.town.app.subscribe(&who.viewer, fields).await.unwrap();
        self.market.people.insert(name, who);
    }

    pub(super) async fn ask(&mut self, name: &'static str, place: &str) -> PostId {
        let who = self.town.member(name).await;
        let fields = RequestFields {
            place: place.to_owned(),
            ..request()
        };
        let id = PostId::Request(self.town.ask(&who, fields).await);
        self.market.people.insert(name, who);
        self.market.posts.insert(name, id);
        id
    }

    pub(super) async fn offer(&mut self, name: &'static str, place: &str, evergreen: bool) {
        let who = self.town.member(name).await;
        let fields = OfferFields {
            reach: vec![place.to_owned()],
            evergreen,
            ..offer()
        };
        let id = PostId::Offer(self.town.give(&who, fields).await);
        self.market.people.insert(name, who);
        self.market.posts.insert(name, id);
    }

    pub(super) fn watch(&mut self, name: &'static str, watched: Watched) {
        // How it is now is found out after the deeds of the day.
        self.watched.insert(name, (watched, ""));
    }

    /// Watches the link in the last letter of a kind to somebody.
    pub(super) fn keep_link(&mut self, name: &str, kind: LetterKind, purpose: LinkPurpose) {
        let token = self.token(name, kind, purpose);
        let watched = match purpose {
            LinkPurpose::Confirm => "confirm link",
            LinkPurpose::Login => "login link",
            LinkPurpose::Consent => "consent link",
            LinkPurpose::Outcome => "outcome link",
            LinkPurpose::Renew => "renew link",
            LinkPurpose::Close => "close link",
            LinkPurpose::Settings => "settings link",
            LinkPurpose::Unsubscribe => "unsubscribe link",
        };
        self.watch(watched, Watched::Link(purpose, token));
    }

    pub(super) fn token(&self, name: &str, kind: LetterKind, purpose: LinkPurpose) -> String {
        self.letter(name, kind).token(page_path(purpose))
    }

    /// The last letter of a kind to somebody.
    pub(super) fn letter(&self, name: &str, kind: LetterKind) -> &Received {
        let own = of(&self.letters, kind, &address(name));
        own.last().unwrap_or_else(|| panic!("no {kind} to {name}"))
    }
}

/// The address a town gives to somebody of this name.
pub(super) fn address(name: &str) -> String {
    format!("{}@voorbeeld.nl", name.replace(' ', "."))
}
