//! Posts by key and by number: people know a post by its key, the shelves by a small number.

use crate::lookup::Lookup;

/// Posts with keys; the number of a post that leaves goes to a later one.
#[derive(Debug)]
pub(super) struct Keyed<P> {
    numbers: Lookup<Box<str>, u32>,
    posts: Vec<Option<P>>,
    free: Vec<u32>,
}

impl<P> Default for Keyed<P> {
    fn default() -> Self {
        Self {
            numbers: Lookup::default(),
            posts: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<P> Keyed<P> {
    /// The number the next post will get.
    pub(super) fn next(&self) -> u32 {
        self.free
            .last()
            .copied()
            .unwrap_or_else(|| u32::try_from(self.posts.len()).unwrap_or(u32::MAX))
    }

    /// Adds a post under a key that is not in use, with the number [`Self::next`] told.
    pub(super) fn put(&mut self, key: &str, post: P) {
        let number = self.next();
        self.numbers.put(key.into(), number);
        match self
            .free
            .pop()
            .and_then(|free| self.posts.get_mut(usize::try_from(free).ok()?))
        {
            Some(place) => *place = Some(post),
            None => self.posts.push(Some(post)),
        }
    }

    /// Takes a post out, and tells the number it had.
    pub(super) fn remove(&mut self, key: &str) -> Option<(u32, P)> {
        let number = self.numbers.take(key)?;
        self.free.push(number);
        let post = self.posts.get_mut(usize::try_from(number).ok()?)?.take()?;
        Some((number, post))
    }

    /// The post with this key.
    pub(super) fn find(&self, key: &str) -> Option<&P> {
        self.get(*self.numbers.get(key)?)
    }

    /// The post with this number.
    pub(super) fn get(&self, number: u32) -> Option<&P> {
        self.posts.get(usize::try_from(number).ok()?)?.as_ref()
    }

    /// The post with this number, to be changed.
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut P> {
        self.posts.get_mut(usize::try_from(number).ok()?)?.as_mut()
    }

    /// Every post, in the order of numbers.
    pub(super) fn posts(&self) -> impl Iterator<Item = &P> {
        self.posts.iter().flatten()
    }

    /// Every key, in order.
    pub(super) fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.numbers.in_order().map(|(key, _)| &**key)
    }
}
