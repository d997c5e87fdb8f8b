//! What happens by itself: letters go out, deadlines pass, posts end, the market is matched again.

pub(crate) mod breaker;
mod deadlines;
mod deliver;
mod digests;
mod expiries;
mod recheck;
mod recover;
mod returned;
mod reviews;

use std::time::Duration;

use domain::dutch::mail as words;
use futures_util::future::join4;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

pub use deliver::Delivered;

use crate::App;
use crate::error::AppError;

/// Rows one look takes at most; the rest waits for the next look.
pub(crate) const MAX_BATCH: i64 = 500;

/// What one look at everything that is due did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Steps of matches: invitations, reminders, questions, ends.
    pub match_steps: usize,
    /// Stages of posts: reminders and ends.
    pub post_stages: usize,
    /// Letters to coordinators about proposals that wait.
    pub review_letters: usize,
    /// Letters to subscribers about what is new.
    pub digests: usize,
    /// Messages about letters that came back.
    pub returned: usize,
    /// Letters that went.
    pub delivered: Delivered,
}

impl App {
    /// Does everything that is due now, once.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`] from the database; a relay that fails is not an error here.
    pub async fn run_once(&self) -> Result<Done, AppError> {
        let done = self.meet_what_is_due().await?;
        Ok(Done {
            delivered: self.deliver_due().await?,
            ..done
        })
    }

    /// Everything that is due but for the letters, which the outbox delivers.
    async fn meet_what_is_due(&self) -> Result<Done, AppError> {
        self.forget_old().await?;
        Ok(Done {
            match_steps: self.meet_deadlines().await?,
            post_stages: self.expire_posts().await?,
            review_letters: self.write_to_coordinators().await?,
            digests: self.write_digests().await?,
            returned: self.read_returned_mail().await?,
            delivered: Delivered::default(),
        })
    }

    /// Looks for due work, delivers letters, and rematches now and then, until `stop` resolves; what is going on then is
    /// finished first, so that no letter is left half sent. A fault is logged and tried again at the next look.
    /// Meanwhile the market in memory follows the database, also while something takes long.
    pub async fn work_until(&self, stop: impl Future<Output = ()>) {
        let stopping = async {
            stop.await;
            self.0.stopping.send_replace(true);
        };
        tokio::select! {
            _ = join4(stopping, self.look_about(), self.keep_delivering(), self.take_returned_mail()) => {}
            () = self.keep_following() => {}
        }
    }

    /// Whether the program was asked to stop: then nothing new is begun.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.0.stopping.borrow()
    }

    /// Resolves when the program is asked to stop.
    pub(crate) async fn stop_asked(&self) {
        let mut stopping = self.0.stopping.subscribe();
        // The sender lives as long as we do.
        drop(stopping.wait_for(|is_on| *is_on).await);
    }

    async fn look_about(&self) {
        let jobs = &self.config().jobs;
        let mut looks = every(Duration::from_secs(jobs.every_seconds));
        let pause = Duration::from_secs(jobs.rematch_hours * 3_600);
        let mut next_rematch = Instant::now() + pause;
        loop {
            tokio::select! {
                () = self.stop_asked() => return,
                _ = looks.tick() => {}
            }
            if let Err(error) = self.meet_what_is_due().await {
                tracing::error!(%error, "what was due could not be done");
            }
            if Instant::now() >= next_rematch {
                next_rematch = Instant::now() + pause;
                if let Err(error) = self.rematch(|_, _| {}).await {
                    tracing::error!(%error, "the rematch could not be done");
                }
            }
        }
    }

    /// Delivers on its own, so that a slow relay holds up nothing else.
    async fn keep_delivering(&self) {
        let mut polls = every(Duration::from_secs(u64::from(
            self.config().outbox.poll_seconds,
        )));
        loop {
            tokio::select! {
                () = self.stop_asked() => return,
                _ = polls.tick() => {}
            }
            if let Err(error) = self.deliver_due().await {
                tracing::error!(%error, "the outbox could not be worked through");
            }
        }
    }
}

/// Ticks at once and then with this pause between; what takes longer delays the next.
fn every(pause: Duration) -> Interval {
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The sentence for a side whose match ended by silence.
pub(crate) fn silent() -> &'static str {
    words::other_side_silent()
}
