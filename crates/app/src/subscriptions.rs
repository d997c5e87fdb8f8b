//! Subscriptions: made, listed, changed and ended by the member whose they are, or ended by the link in a digest.

use chrono::{DateTime, Utc};
use domain::digests::{news_from, next_due};
use domain::ids::{MemberId, SubscriptionId};
use domain::letters::LetterKind;
use domain::links::LinkPurpose;
use domain::members::{Member, Viewer};
use domain::subscriptions::{MAX_SUBSCRIPTIONS, Subscription, SubscriptionFields};
use store::{Conn, Page, Slice, StoreError, deliveries, members, organisations, subscriptions};

use crate::App;
use crate::error::{AppError, Conflict};
use crate::links::find_open;
use crate::places;
use crate::reminders::Wanted;
use crate::tokens::signed_in;

/// What a link to stop mail stops.
#[derive(Debug, Clone, PartialEq)]
pub enum Unsubscription {
    /// Reminders to this member, who may have stopped them already.
    Reminders(Member),
    /// A subscription of this member; `None` when it ended.
    Digest(Member, Option<Box<Subscription>>),
}

impl App {
    /// Subscribes the viewer; the first letter comes at the next moment of its frequency.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that cannot be accepted, [`AppError::Forbidden`] when their organisation
    /// is not verified, [`Conflict::TooManySubscriptions`] when they have as many as one may have.
    pub async fn subscribe(
        &self,
        viewer: &Viewer,
        fields: SubscriptionFields,
    ) -> Result<Subscription, AppError> {
        let member = signed_in(viewer)?.clone();
        let content = fields.check(places::region)?;
        let now = self.now();
        let subscription = Subscription {
            id: SubscriptionId::new(now),
            member: member.id,
            news_from: news_from(content.frequency, now),
            due_at: next_due(content.frequency, now),
            content,
            created_at: now,
            version: 1,
        };
        self.db()
            .write(move |conn| {
                subscriptions::hold_of(conn, member.id)?;
                refuse_unverified(conn, &member)?;
                let most = i64::try_from(MAX_SUBSCRIPTIONS).unwrap_or(i64::MAX);
                if subscriptions::count_of(conn, member.id)? >= most {
                    return Err(AppError::Conflict(Conflict::TooManySubscriptions));
                }
                subscriptions::insert(conn, &subscription)?;
                Ok(subscription)
            })
            .await
    }

    /// A page of the viewer's own subscriptions, newest first.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for who is not known.
    pub async fn list_subscriptions(
        &self,
        viewer: &Viewer,
        slice: Slice,
    ) -> Result<Page<Subscription>, AppError> {
        let member = signed_in(viewer)?.id;
        Ok(self
            .db()
            .read(move |conn| subscriptions::page(conn, member, &slice))
            .await?)
    }

    /// One of the viewer's own subscriptions.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs.
    pub async fn find_subscription(
        &self,
        viewer: &Viewer,
        id: SubscriptionId,
    ) -> Result<Subscription, AppError> {
        let member = signed_in(viewer)?.id;
        self.db().read(move |conn| own(conn, member, id)).await
    }

    /// Changes one of the viewer's own subscriptions: `edit` gets the fields as they are now. With `version`, only that
    /// version.
    ///
    /// # Errors
    /// As [`Self::subscribe`]; [`AppError::NotFound`] when it is not theirs, [`AppError::Stale`] when it was changed
    /// since.
    pub async fn edit_subscription(
        &self,
        viewer: &Viewer,
        id: SubscriptionId,
        version: Option<i32>,
        edit: impl FnOnce(&mut SubscriptionFields) + Send + 'static,
    ) -> Result<Subscription, AppError> {
        let (member, now) = (signed_in(viewer)?.clone(), self.now());
        self.db()
            .write(move |conn| {
                let found = own_at(conn, member.id, id, version)?;
                refuse_unverified(conn, &member)?;
                let mut fields = SubscriptionFields::from(&found.content);
                edit(&mut fields);
                let changed = edited(found, &fields, now)?;
                subscriptions::save(conn, &changed)?;
                Ok(changed)
            })
            .await
    }

    /// Ends one of the viewer's own subscriptions; a letter of it that waits does not go any more. With `version`, only
    /// that version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs, [`AppError::Stale`] when it was changed since.
    pub async fn end_subscription(
        &self,
        viewer: &Viewer,
        id: SubscriptionId,
        version: Option<i32>,
    ) -> Result<(), AppError> {
        let member = signed_in(viewer)?.id;
        self.db()
            .write(move |conn| {
                own_at(conn, member, id, version)?;
                end(conn, id)
            })
            .await
    }

    /// What a link to stop mail stops; looking changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token nobody was given, [`Conflict::LinkOver`] for one that is too old.
    pub async fn unsubscription_of(&self, token: &str) -> Result<Unsubscription, AppError> {
        let settings = self.settings_of(token).await;
        match settings {
            Ok(member) => return Ok(Unsubscription::Reminders(member)),
            Err(AppError::NotFound) => {}
            Err(other) => return Err(other),
        }
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .read(move |conn| {
                let (member, id) = followed(conn, &token, now)?;
                let subscription = match subscriptions::find(conn, id) {
                    Ok(found) => Some(Box::new(found)),
                    Err(StoreError::NotFound) => None,
                    Err(other) => return Err(other.into()),
                };
                Ok(Unsubscription::Digest(member, subscription))
            })
            .await
    }

    /// Stops what a link to stop mail is for, from now on; doing it again changes nothing.
    ///
    /// # Errors
    /// As [`Self::unsubscription_of`].
    pub async fn unsubscribe(&self, token: &str) -> Result<Unsubscription, AppError> {
        match self.change_settings(token, Wanted::No).await {
            Ok(member) => return Ok(Unsubscription::Reminders(member)),
            Err(AppError::NotFound) => {}
            Err(other) => return Err(other),
        }
        let (token, now) = (token.to_owned(), self.now());
        self.db()
            .write(move |conn| {
                let (member, id) = followed(conn, &token, now)?;
                subscriptions::hold_of(conn, member.id)?;
                end(conn, id)?;
                Ok(Unsubscription::Digest(member, None))
            })
            .await
    }
}

/// The member and the subscription of the link in a digest.
fn followed(
    conn: &mut Conn,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(Member, SubscriptionId), AppError> {
    let link = find_open(conn, token, LinkPurpose::Unsubscribe, now)?;
    Ok((members::find(conn, link.member)?, link.subject.parse()?))
}

/// Ends a subscription, with the letters of it that wait.
fn end(conn: &mut Conn, id: SubscriptionId) -> Result<(), AppError> {
    subscriptions::remove(conn, id)?;
    deliveries::withdraw(conn, &id.to_string(), &[LetterKind::Digest])?;
    Ok(())
}

fn own(conn: &mut Conn, member: MemberId, id: SubscriptionId) -> Result<Subscription, AppError> {
    let found = subscriptions::find(conn, id)?;
    if found.member == member {
        Ok(found)
    } else {
        Err(AppError::NotFound)
    }
}

/// The same to change it: held, and in the version that is meant.
fn own_at(
    conn: &mut Conn,
    member: MemberId,
    id: SubscriptionId,
    version: Option<i32>,
) -> Result<Subscription, AppError> {
    subscriptions::hold_of(conn, member)?;
    let found = own(conn, member, id)?;
    if version.is_some_and(|version| version != found.version) {
        return Err(AppError::Stale);
    }
    Ok(found)
}

fn refuse_unverified(conn: &mut Conn, member: &Member) -> Result<(), AppError> {
    if organisations::find(conn, member.organisation)?.is_verified() {
        Ok(())
    } else {
        Err(AppError::Forbidden)
    }
}

/// The subscription with other fields. Only another frequency moves its next letter.
fn edited(
    mut subscription: Subscription,
    fields: &SubscriptionFields,
    now: DateTime<Utc>,
) -> Result<Subscription, AppError> {
    let content = fields.check(places::region)?;
    if content.frequency != subscription.content.frequency {
        subscription.due_at = next_due(content.frequency, now);
        subscription.news_from = news_from(content.frequency, now);
    }
    subscription.content = content;
    subscription.version += 1;
    Ok(subscription)
}
