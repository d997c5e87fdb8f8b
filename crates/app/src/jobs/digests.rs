//! Letters to subscribers: each tells what is new and remembers that it told, in one transaction.
//!
//! What there is, is read once for all subscribers, and compared with what each of them follows in memory. Whoever stops
//! at any moment leaves every subscriber either told, with the letter in the outbox, or not told at all.

use std::sync::Arc;

use domain::digests::{Item, MAX_ITEMS, Watch, is_quiet, next_due};
use domain::links::LinkPurpose;
use domain::members::Member;
use domain::subscriptions::Frequency;
use mail::{Digest, Letter};
use store::{Conn, StoreError, digests, members, subscriptions};

use super::MAX_BATCH;
use crate::App;
use crate::digests::{News, sections, watch};
use crate::error::AppError;
use crate::letters::Desk;
use crate::links::Purpose;

/// What became of one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It is in the outbox.
    Written,
    /// There was nothing to tell, or somebody else did, or it is not wanted any more.
    Nothing,
}

impl App {
    /// Writes the digests that are due; answers how many.
    pub(crate) async fn write_digests(&self) -> Result<usize, AppError> {
        let now = self.now();
        let often: &'static [Frequency] = if is_quiet(now) {
            &[Frequency::Daily, Frequency::Weekly]
        } else {
            Frequency::ALL
        };
        let (mut news, mut after, mut written) = (None, None, 0);
        loop {
            let due = self
                .db()
                .read(move |conn| subscriptions::due(conn, now, often, after, MAX_BATCH))
                .await?;
            let Some((last, _)) = due.last() else {
                return Ok(written);
            };
            after = Some(last.id);
            let there = match &news {
                Some(there) => Arc::clone(there),
                None => {
                    let read = self.db().read(move |conn| News::read(conn, now)).await?;
                    Arc::clone(news.insert(Arc::new(read)))
                }
            };
            for (subscription, organisation) in due {
                let id = subscription.id;
                let watch = watch(subscription, organisation);
                match self.write_digest(watch, Arc::clone(&there)).await {
                    Ok(Told::Written) => written += 1,
                    Ok(Told::Nothing) => {}
                    Err(error) => {
                        tracing::error!(%error, subscription_id = %id, "a digest could not be written");
                    }
                }
            }
        }
    }

    /// Writes the digest of one subscription, if there is something to tell.
    async fn write_digest(&self, watch: Watch, news: Arc<News>) -> Result<Told, AppError> {
        let (seen, there, member) = (watch.clone(), Arc::clone(&news), watch.subscription.member);
        let items = self
            .db()
            .read(move |conn| {
                Ok::<_, StoreError>(there.items_for(&seen, &digests::told(conn, member)?))
            })
            .await?;
        // Who is told at once is asked about at every look; that they hear nothing is not worth a write.
        if items.is_empty() && watch.subscription.content.frequency == Frequency::Immediate {
            return Ok(Told::Nothing);
        }
        let desk = self.desk();
        self.db()
            .write(move |conn| tell(conn, &desk, &watch, items, &news))
            .await
    }
}

/// Tells a subscriber those of the items that they were not told meanwhile and that are still there.
fn tell(
    conn: &mut Conn,
    desk: &Desk,
    watch: &Watch,
    items: Vec<Item>,
    news: &News,
) -> Result<Told, AppError> {
    let planned = &watch.subscription;
    subscriptions::hold_of(conn, planned.member)?;
    let found = match subscriptions::find(conn, planned.id) {
        Ok(found) => found,
        Err(StoreError::NotFound) => return Ok(Told::Nothing),
        Err(other) => return Err(other.into()),
    };
    // What was changed or served meanwhile is looked at anew the next time.
    let is_unchanged = found.version == planned.version && found.due_at == planned.due_at;
    if !is_unchanged || !subscriptions::is_served(conn, found.id)? {
        return Ok(Told::Nothing);
    }
    let frequency = found.content.frequency;
    if frequency != Frequency::Immediate {
        subscriptions::put_off(conn, found.id, next_due(frequency, desk.now))?;
    }
    let told = digests::told(conn, found.member)?;
    let mut items: Vec<Item> = items
        .into_iter()
        .filter(|item| !told.contains(item))
        .collect();
    let left = items.len().saturating_sub(MAX_ITEMS);
    items.truncate(MAX_ITEMS);
    let titles = digests::open_titles(conn, &news.posts_of(&items))?;
    let (mut remembered, mut worded) = (Vec::new(), Vec::new());
    for item in items {
        if let Some(said) = news.worded(desk, item, &titles) {
            remembered.extend(item.remembered());
            worded.push(said);
        }
    }
    if worded.is_empty() {
        return Ok(Told::Nothing);
    }
    let remembered = remembered
        .into_iter()
        .filter(|item| !told.contains(item))
        .collect();
    digests::remember(conn, found.member, &remembered, desk.now)?;
    let reader = members::find(conn, found.member)?;
    let letter = Letter::Digest(Digest {
        frequency,
        name: reader.name.as_str().into(),
        sections: sections(worded),
        left,
        unsubscribe_link: stop_link(conn, desk, &reader, watch)?,
    });
    desk.send(conn, &letter, &found.id.to_string(), &[&reader])?;
    Ok(Told::Written)
}

fn stop_link(
    conn: &mut Conn,
    desk: &Desk,
    reader: &Member,
    watch: &Watch,
) -> Result<String, AppError> {
    let purpose = Purpose {
        purpose: LinkPurpose::Unsubscribe,
        member: reader,
        subject: watch.id().to_string(),
        side: None,
    };
    desk.link(conn, purpose)
}
