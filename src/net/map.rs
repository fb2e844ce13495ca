//! Values by prefix, in which all that cover a prefix are found quickly.
//!
//! Entries are sorted by address and length. In this order all that covers a prefix stands before it, and what covers an
//! entry is a chain of earlier entries: one number per entry is the whole index, and a lookup is one search and a walk
//! along the chain. Who asks for one prefix after the other in order has each search begin where the last one ended.

use super::{Family, Prefix};
use crate::parallel;

/// Prefixes with a value each, sorted; the same prefix may stand in it with several values.
#[derive(Clone, Debug)]
pub struct PrefixMap<T> {
    v4: Sorted<T>,
    v6: Sorted<T>,
}

/// Entries in any order, of which a [`PrefixMap`] is made.
#[derive(Clone, Debug)]
pub struct Entries<T> {
    v4: Vec<Entry<T>>,
    v6: Vec<Entry<T>>,
}

/// Ordered by address, length, value. The bits of an IPv4 address are the highest of `bits`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Entry<T> {
    bits: u128,
    len: u8,
    value: T,
}

/// Invariant: `entries` is sorted, and `up[i]` is the nearest entry before `i` that covers it, or `i` if none does.
#[derive(Clone, Debug)]
struct Sorted<T> {
    entries: Vec<Entry<T>>,
    up: Vec<u32>,
}

/// Looks one prefix up after the other, quickest in their order.
#[derive(Clone, Debug)]
pub struct Finder<'a, T> {
    map: &'a PrefixMap<T>,
    v4: usize,
    v6: usize,
}

impl<T: Copy + Ord + Send> Entries<T> {
    /// Adds one more.
    pub fn push(&mut self, prefix: Prefix, value: T) {
        let entry = Entry { bits: prefix.bits(), len: prefix.len(), value };
        match prefix.family() {
            Family::V4 => self.v4.push(entry),
            Family::V6 => self.v6.push(entry),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds those of `other`, with the values that `change` makes of theirs.
    pub fn append(&mut self, other: Entries<T>, change: impl Fn(T) -> T) {
        let changed = |entry: Entry<T>| Entry { value: change(entry.value), ..entry };
        self.v4.extend(other.v4.into_iter().map(changed));
        self.v6.extend(other.v6.into_iter().map(changed));
    }

    /// The map of them, without those that `repeats` says add nothing to the one before, of the same prefix.
    pub fn into_map(self, repeats: impl Fn(&T, &T) -> bool + Sync) -> PrefixMap<T> {
        let mut sorted =
            parallel::each([self.v4, self.v6], |entries| Sorted::new(entries, &repeats)).into_iter();
        let mut next = || sorted.next().unwrap_or_default();
        PrefixMap { v4: next(), v6: next() }
    }
}

impl<T: Copy + Ord + Send> Extend<(Prefix, T)> for Entries<T> {
    fn extend<I: IntoIterator<Item = (Prefix, T)>>(&mut self, items: I) {
        items.into_iter().for_each(|(prefix, value)| self.push(prefix, value));
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Entries<T> {
        Entries { v4: Vec::new(), v6: Vec::new() }
    }
}

impl<T> Default for PrefixMap<T> {
    fn default() -> PrefixMap<T> {
        PrefixMap { v4: Sorted::default(), v6: Sorted::default() }
    }
}

impl<T> Default for Sorted<T> {
    fn default() -> Sorted<T> {
        Sorted { entries: Vec::new(), up: Vec::new() }
    }
}

impl<T: Copy> PrefixMap<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.v4.entries.len() + self.v6.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Prefix, T)> + '_ {
        let all = |family: Family| self.of(family).entries.iter().map(move |entry| entry.item(family));
        all(Family::V4).chain(all(Family::V6))
    }

    /// A lookup of one prefix after the other.
    pub fn finder(&self) -> Finder<'_, T> {
        Finder { map: self, v4: 0, v6: 0 }
    }

    /// The entries whose prefix is `prefix` or a less specific one, the most specific first.
    pub fn covering(&self, prefix: Prefix) -> impl Iterator<Item = (Prefix, T)> + use<'_, T> {
        self.finder().covering(prefix)
    }

    /// Whether there is an entry whose prefix is `prefix` or a less specific one.
    pub fn covers(&self, prefix: Prefix) -> bool {
        !self.is_empty() && self.covering(prefix).next().is_some()
    }

    /// The entries whose prefix is `prefix` or a more specific one, in order.
    pub fn inside(&self, prefix: Prefix) -> impl Iterator<Item = (Prefix, T)> + '_ {
        let (family, key) = (prefix.family(), (prefix.bits(), prefix.len()));
        let entries = &self.of(family).entries;
        let first = entries.partition_point(|entry| entry.key() < key);
        let entries = entries.get(first..).unwrap_or_default().iter().map(move |entry| entry.item(family));
        entries.take_while(move |(inner, _)| prefix.covers(*inner))
    }

    fn of(&self, family: Family) -> &Sorted<T> {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }
}

impl<T: Copy + Ord + Send> PrefixMap<T> {
    /// The map without the entries for which `keep` says no.
    #[must_use]
    pub fn filter(self, keep: impl Fn(T) -> bool) -> PrefixMap<T> {
        if self.iter().all(|(_, value)| keep(value)) {
            return self;
        }
        let mut kept = Entries::default();
        self.iter().filter(|(_, value)| keep(*value)).for_each(|(prefix, value)| kept.push(prefix, value));
        kept.into_map(|_, _| false)
    }
}

impl<'a, T: Copy> Finder<'a, T> {
    /// The entries whose prefix is `prefix` or a less specific one, the most specific first.
    pub fn covering(&mut self, prefix: Prefix) -> impl Iterator<Item = (Prefix, T)> + use<'a, T> {
        let family = prefix.family();
        let sorted = self.map.of(family);
        let hint = if family == Family::V4 { &mut self.v4 } else { &mut self.v6 };
        let key = (prefix.bits(), prefix.len());
        let behind = sorted.behind(key, *hint);
        *hint = behind;
        let chain = sorted.chain(behind.checked_sub(1)).skip_while(move |entry| !entry.covers(key));
        chain.map(move |entry| entry.item(family))
    }
}

impl<T: Copy + Ord> Sorted<T> {
    fn new(mut entries: Vec<Entry<T>>, repeats: impl Fn(&T, &T) -> bool) -> Sorted<T> {
        if !entries.is_sorted() {
            entries.sort_unstable();
        }
        entries
            .dedup_by(|later, earlier| later.key() == earlier.key() && repeats(&later.value, &earlier.value));
        let up = links(&entries);
        Sorted { entries, up }
    }
}

impl<T: Copy> Sorted<T> {
    /// How many entries are not greater than `key`; the search begins at `hint` and takes ever longer steps.
    fn behind(&self, key: (u128, u8), hint: usize) -> usize {
        let is_behind = |at: usize| self.entries.get(at).is_some_and(|entry| entry.key() <= key);
        let (mut from, mut to, mut step) = (hint.min(self.entries.len()), self.entries.len(), 1);
        if is_behind(from) {
            while is_behind(from.saturating_add(step)) {
                from += step;
                step *= 2;
            }
            to = to.min(from.saturating_add(step));
        } else {
            to = from;
            from = 0;
            while let Some(at) = to.checked_sub(step) {
                if is_behind(at) {
                    from = at;
                    break;
                }
                to = at;
                step *= 2;
            }
        }
        let between = self.entries.get(from..to).unwrap_or_default();
        from + between.partition_point(|entry| entry.key() <= key)
    }

    /// The entry at `start` and all that cover it.
    fn chain(&self, start: Option<usize>) -> impl Iterator<Item = &Entry<T>> + use<'_, T> {
        let next = |at: &usize| {
            let up = self.up.get(*at).and_then(|up| usize::try_from(*up).ok());
            up.filter(|up| up != at)
        };
        std::iter::successors(start, next).filter_map(|at| self.entries.get(at))
    }
}

impl<T: Copy> Entry<T> {
    fn key(&self) -> (u128, u8) {
        (self.bits, self.len)
    }

    fn item(&self, family: Family) -> (Prefix, T) {
        (Prefix::of_bits(family, self.bits, self.len), self.value)
    }

    /// Whether it covers the prefix of this key, which is of its family.
    fn covers(&self, (bits, len): (u128, u8)) -> bool {
        let mask = u128::MAX.checked_shl(128 - u32::from(self.len)).unwrap_or(0);
        self.len <= len && self.bits == bits & mask
    }
}

/// For each of the ordered `entries` the nearest earlier one that covers it, or itself.
fn links<T: Copy>(entries: &[Entry<T>]) -> Vec<u32> {
    let mut open: Vec<(u32, &Entry<T>)> = Vec::new(); // each covers the next
    let mut links = Vec::with_capacity(entries.len());
    for (at, entry) in (0_u32..).zip(entries) {
        while open.pop_if(|(_, outer)| !outer.covers(entry.key())).is_some() {}
        links.push(open.last().map_or(at, |(up, _)| *up));
        open.push((at, entry));
    }
    links
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::net::Prefix;

    fn map(text: &str) -> PrefixMap<u32> {
        let mut entries = Entries::default();
        for (value, prefix) in (0..).zip(text.split_whitespace()) {
            entries.push(prefix.parse().unwrap(), value);
        }
        entries.into_map(|_, _| false)
    }

    fn told(items: impl Iterator<Item = (Prefix, u32)>) -> String {
        items.map(|(prefix, value)| format!("{prefix}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn finds_all_that_cover_and_all_inside() {
        let map = map("10.0.0.0/8 10.0.0.0/16 10.0.0.0/16 10.1.0.0/16 ::/0");
        let check = |prefix: &str, covering: &str, inside: &str| {
            let prefix = prefix.parse().unwrap();
            assert_eq!(told(map.covering(prefix)), covering, "{prefix}");
            assert_eq!(told(map.inside(prefix)), inside, "{prefix}");
        };
        check("10.0.9.0/24", "10.0.0.0/16=2 10.0.0.0/16=1 10.0.0.0/8=0", "");
        check("10.0.0.0/16", "10.0.0.0/16=2 10.0.0.0/16=1 10.0.0.0/8=0", "10.0.0.0/16=1 10.0.0.0/16=2");
        check("10.0.0.0/15", "10.0.0.0/8=0", "10.0.0.0/16=1 10.0.0.0/16=2 10.1.0.0/16=3");
        check("10.0.0.0/7", "", "10.0.0.0/8=0 10.0.0.0/16=1 10.0.0.0/16=2 10.1.0.0/16=3");
        check("9.0.0.0/8", "", "");
        check("2001:db8::/32", "::/0=4", "");
    }

    #[test]
    fn what_repeats_is_left_out() {
        let mut entries = Entries::default();
        for (prefix, value) in [("10.0.0.0/8", 3), ("10.0.0.0/8", 2), ("10.0.0.0/9", 2), ("::/8", 2)] {
            entries.push(prefix.parse().unwrap(), value);
        }
        let map = entries.into_map(|later, _| *later == 3);
        assert_eq!(told(map.iter()), "10.0.0.0/8=2 10.0.0.0/9=2 ::/8=2");
        assert_eq!(told(map.filter(|value| value != 2).iter()), "");
    }

    /// Prefixes that meet often, of both families.
    fn some_prefix() -> impl Strategy<Value = Prefix> {
        let v4 = (0..16_u128, prop_oneof![0..6_u8, 28..=32_u8])
            .prop_map(|(top, len)| (Family::V4, top << 124, len));
        let v6 = (0..16_u128, prop_oneof![0..6_u8, 126..=128_u8])
            .prop_map(|(top, len)| (Family::V6, top << 124, len));
        prop_oneof![v4, v6].prop_map(|(family, bits, len)| {
            let mask = u128::MAX.checked_shl(128 - u32::from(len)).unwrap_or(0);
            Prefix::of_bits(family, bits & mask, len)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]
        /// In whatever order they are looked up: the same as one gets by looking at each.
        #[test]
        fn a_finder_finds_what_covers(
            held in prop::collection::vec(some_prefix(), 0..40), asked in prop::collection::vec(some_prefix(), 0..20),
        ) {
            let mut entries = Entries::default();
            entries.extend(held.iter().map(|prefix| (*prefix, ())));
            let map = entries.into_map(|(), ()| false);
            let mut finder = map.finder();
            for prefix in asked {
                let found: Vec<Prefix> = finder.covering(prefix).map(|(outer, ())| outer).collect();
                let mut expected: Vec<Prefix> =
                    held.iter().copied().filter(|outer| outer.covers(prefix)).collect();
                expected.sort_by_key(|outer| std::cmp::Reverse(outer.len()));
                prop_assert_eq!(found, expected);
            }
        }
    }
}
