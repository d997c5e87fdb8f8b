//! The end of posts: their owners are asked in time, and a post nobody speaks for ends by itself.

use chrono::{DateTime, Utc};
use domain::dutch::dates;
use domain::links::LinkPurpose;
use domain::posts::{ExpiryStage, Post, PostAction, PostId, PostState};
use mail::{ExpiryReminder, Letter};
use store::{Conn, members, posts};

use super::MAX_BATCH;
use crate::App;
use crate::error::AppError;
use crate::introductions::Actor;
use crate::letters::Desk;
use crate::links::Purpose;
use crate::posts::{Change, changed};

impl App {
    /// Does the expiry stages that have come; answers how many.
    pub(crate) async fn expire_posts(&self) -> Result<usize, AppError> {
        let now = self.now();
        let due = self
            .db()
            .read(move |conn| posts::due(conn, now, MAX_BATCH))
            .await?;
        let mut done = 0;
        for post in due {
            let (desk, id) = (self.desk(), post.id);
            match self.db().write(move |conn| stage(conn, &desk, id)).await {
                Ok(()) => {
                    self.market_post_changed(id).await?;
                    done += 1;
                }
                Err(error) => {
                    tracing::error!(%error, post_id = %id, "a post could not be asked about");
                }
            }
        }
        Ok(done)
    }
}

/// Does the latest stage that has come for one post: tells its owner, and ends it when its time is over; nothing when
/// another worker was first.
fn stage(conn: &mut Conn, desk: &Desk, id: PostId) -> Result<(), AppError> {
    posts::hold(conn, id)?;
    let mut post = posts::find(conn, id)?;
    if post.life.due_at().is_none_or(|due| due > desk.now) {
        return Ok(());
    }
    let Some(stage) = ExpiryStage::reached(post.life.expires_at, desk.now) else {
        return Ok(());
    };
    if ends_at(&post, stage) {
        post.life = changed(
            conn,
            desk,
            &post,
            Change::Plain(PostAction::Expire),
            Actor::Itself,
        )?;
    }
    post.life.told = Some(stage);
    post.life.version += 1;
    posts::save_life(conn, id, &post.life)?;
    tell_owner(conn, desk, &post, stage)
}

/// A post ends when its term does; one that lasts gets another month after the question, unless nobody sees it.
fn ends_at(post: &Post, stage: ExpiryStage) -> bool {
    let unseen = matches!(post.life.state, PostState::Draft | PostState::Hidden);
    let last = if post.lasting && !unseen {
        ExpiryStage::AMonthAfter
    } else {
        ExpiryStage::Ended
    };
    stage >= last && !matches!(post.life.state, PostState::Expired | PostState::Closed)
}

fn tell_owner(
    conn: &mut Conn,
    desk: &Desk,
    post: &Post,
    stage: ExpiryStage,
) -> Result<(), AppError> {
    let owner = members::find(conn, post.author)?;
    if !owner.wants_reminders {
        return Ok(());
    }
    let mut link = |purpose| {
        desk.link(
            conn,
            Purpose {
                purpose,
                member: &owner,
                subject: post.id.to_string(),
                side: None,
            },
        )
    };
    let (said, end) = words_for(post, stage);
    let letter = Letter::ExpiryReminder(ExpiryReminder {
        kind: post.id.kind(),
        name: owner.name.as_str().into(),
        title: post.title.as_str().into(),
        expires_on: dates::day(end).into(),
        stage: said,
        renew_link: link(LinkPurpose::Renew)?,
        close_link: link(LinkPurpose::Close)?,
    });
    desk.send(conn, &letter, &post.id.to_string(), &[&owner])
}

/// What a stage is called to the owner, and the day it speaks of: a post that lasts stays open a month longer.
fn words_for(post: &Post, stage: ExpiryStage) -> (ExpiryStage, DateTime<Utc>) {
    if !post.lasting {
        return (stage, post.life.expires_at);
    }
    let end = ExpiryStage::AMonthAfter.at(post.life.expires_at);
    if stage == ExpiryStage::AMonthAfter {
        (ExpiryStage::Ended, end)
    } else {
        (ExpiryStage::TwoWeeks, end)
    }
}
