//! A set of VRPs in which those that cover a prefix are found quickly.

use crate::net::Prefix;

use super::Vrp;

/// VRPs, each once, ordered by prefix, maxLength and origin.
///
/// In this order all that covers a prefix stands before it, and what covers an entry is a chain of
/// earlier entries. So one number per entry is the whole index: a lookup is one binary search and a walk
/// along the chain.
///
/// Invariant: `up[i]` is the nearest entry before `i` whose prefix covers that of `i`, or `i` if none does.
#[derive(Clone, Debug, Default)]
pub struct VrpSet {
    vrps: Vec<Vrp>,
    up: Vec<usize>,
}

impl VrpSet {
    /// How many different VRPs there are.
    pub fn len(&self) -> usize {
        self.vrps.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.vrps.is_empty()
    }

    /// All VRPs, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Vrp> {
        self.vrps.iter()
    }

    /// The VRPs whose prefix is `prefix` or a less specific one, the most specific first.
    pub fn covering(&self, prefix: Prefix) -> impl Iterator<Item = &Vrp> {
        let behind = self.vrps.partition_point(|vrp| vrp.prefix() <= prefix);
        self.chain(behind.checked_sub(1)).skip_while(move |vrp| !vrp.covers(prefix))
    }

    /// The set without those for which `keep` says no.
    #[must_use]
    pub fn filter(self, keep: impl Fn(&Vrp) -> bool) -> VrpSet {
        if self.vrps.iter().all(&keep) { self } else { self.vrps.into_iter().filter(keep).collect() }
    }

    /// The entry at `start` and all that cover it.
    fn chain(&self, start: Option<usize>) -> impl Iterator<Item = &Vrp> {
        let next = |at: &usize| self.up.get(*at).copied().filter(|up| up != at);
        std::iter::successors(start, next).filter_map(|at| self.vrps.get(at))
    }
}

impl FromIterator<Vrp> for VrpSet {
    fn from_iter<I: IntoIterator<Item = Vrp>>(vrps: I) -> VrpSet {
        let mut vrps: Vec<Vrp> = vrps.into_iter().collect();
        vrps.sort_unstable_by(|a, b| (a.order(), a.trust_anchor()).cmp(&(b.order(), b.trust_anchor())));
        vrps.dedup_by(|later, earlier| later.says_what(earlier));
        vrps.shrink_to_fit();
        let up = links(&vrps);
        VrpSet { vrps, up }
    }
}

/// For each of the ordered `vrps` the nearest earlier one that covers it, or itself.
fn links(vrps: &[Vrp]) -> Vec<usize> {
    let mut open: Vec<(usize, Prefix)> = Vec::new(); // each covers the next
    let link = |(at, vrp): (usize, &Vrp)| {
        while open.pop_if(|(_, prefix)| !prefix.covers(vrp.prefix())).is_some() {}
        let up = open.last().map_or(at, |(up, _)| *up);
        open.push((at, vrp.prefix()));
        up
    };
    vrps.iter().enumerate().map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpki::validity::tests::vrps;

    #[test]
    fn finds_all_that_cover_and_nothing_else() {
        let check = |set: &str, prefix: &str, expected: &str| {
            let set = vrps(set);
            let found: Vec<String> = set.covering(prefix.parse().unwrap()).map(Vrp::to_string).collect();
            assert_eq!(found.join(", "), expected, "{prefix}");
        };
        let set = "AS1 10.0.0.0/8-8, AS2 10.0.0.0/16-16, AS3 10.0.0.0/16-24, AS4 10.1.0.0/16-16, AS5 ::/0-0";
        check(set, "10.0.9.0/24", "AS3 10.0.0.0/16-24, AS2 10.0.0.0/16-16, AS1 10.0.0.0/8-8");
        check(set, "10.0.0.0/16", "AS3 10.0.0.0/16-24, AS2 10.0.0.0/16-16, AS1 10.0.0.0/8-8");
        check(set, "10.9.0.0/16", "AS1 10.0.0.0/8-8");
        check(set, "10.0.0.0/7", "");
        check(set, "9.0.0.0/8", "");
        check(set, "2001:db8::/32", "AS5 ::/0-0");
        check("", "2001:db8::/32", "");
    }

    #[test]
    fn one_that_two_trust_anchors_have_counts_once_and_lives_longest() {
        let vrp = |anchor: &str, expires: i64| {
            let vrp = vrps("AS1 10.0.0.0/8-8").iter().next().unwrap().clone();
            vrp.under(anchor.into()).expiring(jiff::Timestamp::from_second(expires).unwrap())
        };
        let set: VrpSet = [vrp("a", 1), vrp("b", 3), vrp("c", 2)].into_iter().collect();
        assert_eq!(set.iter().map(Vrp::to_string).collect::<Vec<_>>(), ["AS1 10.0.0.0/8-8 (b)"]);
    }
}
