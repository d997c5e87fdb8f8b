//! A table to look things up in, which cannot be walked in the order of its hashes: no answer can depend on that.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashMap};

/// Values by keys.
#[derive(Debug)]
pub(crate) struct Lookup<K, V, S = DefaultHashBuilder>(HashMap<K, V, S>);

impl<K, V, S: Default> Default for Lookup<K, V, S> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Eq + Hash + Ord, V, S: BuildHasher> Lookup<K, V, S> {
    /// The value of a key.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    /// The value of a key, to be changed.
    pub(crate) fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.0.get_mut(key)
    }

    /// The value of a key, which is the default one where there is none yet.
    pub(crate) fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.0.entry(key).or_default()
    }

    /// Whether there is a value for a key.
    pub(crate) fn has<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Puts a value under a key, in the place of the one that was there.
    pub(crate) fn put(&mut self, key: K, value: V) {
        self.0.insert(key, value);
    }

    /// Takes a value out.
    pub(crate) fn take<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.remove(key)
    }

    /// Every key with its value, in the order of the keys.
    pub(crate) fn in_order(&self) -> impl ExactSizeIterator<Item = (&K, &V)> {
        let mut all: Vec<(&K, &V)> = self.0.iter().collect();
        all.sort_unstable_by(|one, other| one.0.cmp(other.0));
        all.into_iter()
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Extend<(K, V)> for Lookup<K, V, S> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, more: I) {
        self.0.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::Lookup;

    #[test]
    fn what_is_put_in_is_found_and_walked_in_order() {
        let mut lookup: Lookup<Box<str>, u32> = Lookup::default();
        for (key, value) in [("zaal", 1), ("tuin", 2), ("kas", 3), ("tuin", 4)] {
            lookup.put(key.into(), value);
        }
        *lookup.get_or_default("boom".into()) += 5;
        assert_eq!(lookup.take("kas"), Some(3));
        assert!(lookup.has("zaal") && !lookup.has("kas"));
        let all: Vec<(&str, u32)> = lookup
            .in_order()
            .map(|(key, value)| (&**key, *value))
            .collect();
        assert_eq!(all, [("boom", 5), ("tuin", 4), ("zaal", 1)]);
    }
}
