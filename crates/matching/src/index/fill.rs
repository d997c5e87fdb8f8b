//! Filling the index with many posts: several threads read, one takes in.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::posts::{Demand, Supply};

use super::Index;
use super::prepared::{NewDemand, NewSupply};

/// Posts a thread reads at a time: enough that threads seldom wait for each other, few enough that what was read and
/// waits to be taken in needs little memory.
const BATCH: usize = 256;

impl Index {
    /// Puts many posts in at once, read by so many threads: the same as [`Self::put_demand`] and [`Self::put_supply`]
    /// for one after the other. No threads or one is this thread alone.
    pub fn fill<D, S>(&mut self, demands: D, supplies: S, threads: usize)
    where
        D: IntoIterator<Item = Demand, IntoIter: Send>,
        S: IntoIterator<Item = Supply, IntoIter: Send>,
    {
        let weights = self.weights.clone();
        let read = |demand| NewDemand::read(demand, &weights);
        in_order(demands.into_iter(), threads, read, |new| {
            self.take_in_demand(new);
        });
        let read = |supply| NewSupply::read(supply, &weights);
        in_order(supplies.into_iter(), threads, read, |new| {
            self.take_in_supply(new);
        });
    }
}

/// Reads posts on several threads, and takes in what was read in the order of the posts.
fn in_order<P: Send, N: Send>(
    posts: impl Iterator<Item = P> + Send,
    threads: usize,
    read: impl Fn(P) -> N + Sync,
    mut take_in: impl FnMut(N),
) {
    if threads <= 1 {
        return posts.map(read).for_each(take_in);
    }
    let batches = Mutex::new((0_usize.., posts));
    let next_batch = || -> Option<(usize, Vec<P>)> {
        let mut batches = batches.lock().unwrap_or_else(PoisonError::into_inner);
        let batch: Vec<P> = batches.1.by_ref().take(BATCH).collect();
        let number = batches.0.next()?;
        (!batch.is_empty()).then_some((number, batch))
    };
    let (done, ready) = mpsc::sync_channel(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (done, next_batch, read) = (done.clone(), &next_batch, &read);
            scope.spawn(move || {
                while let Some((number, batch)) = next_batch() {
                    let batch: Vec<N> = batch.into_iter().map(read).collect();
                    if done.send((number, batch)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        for (number, batch) in ready {
            waiting.insert(number, batch);
            while let Some(batch) = waiting.remove(&turn) {
                batch.into_iter().for_each(&mut take_in);
                turn += 1;
            }
        }
    });
}
