//! A set of VRPs in which those that cover a prefix are found quickly.

use std::{cmp::Reverse, collections::HashSet, sync::Arc};

use super::{Vrp, VrpLengthError, vrp::FOREVER};
use crate::net::{Asn, Entries, Prefix, PrefixMap};

/// VRPs, each once, ordered by prefix, maxLength and origin. Of those that say the same, the longest lived counts.
#[derive(Clone, Debug, Default)]
pub struct VrpSet {
    map: PrefixMap<Payload>,
    anchors: Anchors,
}

/// What a VRP says of its prefix. 700,000 of these are held at a time, in 32 bytes each with their prefix.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Payload {
    pub(super) max_length: u8,
    pub(super) origin: Asn,
    expires: Reverse<u32>,
    anchor: u16,
}

/// What stands in the place of the trust anchor of what a SLURM file asserts, a run assumes, or a change adds.
pub(super) const SLURM: &str = "SLURM";
pub(super) const ASSUMED: &str = "assumed";
pub(super) const ADDED: &str = "added";
const LOCAL: [&str; 3] = [SLURM, ASSUMED, ADDED];

/// VRPs in any order, of which a [`VrpSet`] is made.
#[derive(Clone, Debug, Default)]
pub struct Payloads {
    entries: Entries<Payload>,
    anchors: Anchors,
}

/// The names of trust anchors: there are five, and 700,000 VRPs. The first stands for none.
#[derive(Clone, Debug)]
struct Anchors(Vec<Arc<str>>);

impl Payloads {
    /// Adds a VRP; `expires` is in seconds since 1970, and none if it is not known.
    pub fn push(
        &mut self,
        prefix: Prefix,
        origin: Asn,
        max_length: u8,
        expires: Option<u32>,
        anchor: Option<&str>,
    ) -> Result<(), VrpLengthError> {
        Vrp::check_length(prefix, max_length)?;
        let anchor = anchor.map_or(0, |name| self.anchors.number(name));
        let expires = Reverse(expires.unwrap_or(FOREVER));
        self.entries.push(prefix, Payload { max_length, origin, expires, anchor });
        Ok(())
    }

    /// Adds a VRP that is one already.
    pub fn add(&mut self, vrp: &Vrp) {
        let anchor = vrp.trust_anchor().map_or(0, |name| self.anchors.number(name));
        let Vrp { prefix, origin, max_length, expires, .. } = *vrp;
        self.entries.push(prefix, Payload { max_length, origin, expires: Reverse(expires), anchor });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds those of `other`.
    pub fn append(&mut self, other: Payloads) {
        let numbers: Vec<u16> = other.anchors.0.iter().map(|name| self.anchors.number(name)).collect();
        let number = |old: u16| numbers.get(usize::from(old)).copied().unwrap_or(0);
        self.entries.append(other.entries, |each| Payload { anchor: number(each.anchor), ..each });
    }

    /// The set of them.
    pub fn into_set(self) -> VrpSet {
        let same = |later: &Payload, earlier: &Payload| {
            (later.max_length, later.origin) == (earlier.max_length, earlier.origin)
        };
        VrpSet { map: self.entries.into_map(same), anchors: self.anchors }
    }
}

impl VrpSet {
    /// How many different VRPs there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// All VRPs, in order.
    pub fn iter(&self) -> impl Iterator<Item = Vrp> + '_ {
        self.map.iter().map(|item| self.vrp(item))
    }

    /// The VRPs whose prefix is `prefix` or a less specific one, the most specific first.
    pub fn covering(&self, prefix: Prefix) -> impl Iterator<Item = Vrp> + '_ {
        self.map.covering(prefix).map(|item| self.vrp(item))
    }

    /// The VRPs whose prefix is `prefix` or a more specific one, in order.
    pub fn inside(&self, prefix: Prefix) -> impl Iterator<Item = Vrp> + '_ {
        self.map.inside(prefix).map(|item| self.vrp(item))
    }

    /// The names of the trust anchors, as the validator calls them; what was added here is under none.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        let names = self.anchors.0.iter().map(|name| &**name);
        names.filter(|name| !name.is_empty() && !LOCAL.contains(name))
    }

    /// Whether a VRP is in it that says the same.
    pub fn holds(&self, vrp: &Vrp) -> bool {
        self.exactly(vrp.prefix).any(|own| own.says_the_same_as(vrp))
    }

    /// The VRPs whose prefix is `prefix`.
    pub fn exactly(&self, prefix: Prefix) -> impl Iterator<Item = Vrp> + '_ {
        self.covering(prefix).take_while(move |vrp| vrp.prefix == prefix)
    }

    /// The set without `removed` and with `added`. Of what is said already, the VRP that is there stays.
    #[must_use]
    pub fn changed(&self, added: &[Vrp], removed: &[Vrp]) -> VrpSet {
        let removed: HashSet<(Prefix, Asn, u8)> =
            removed.iter().map(|vrp| (vrp.prefix, vrp.origin, vrp.max_length)).collect();
        let mut payloads = Payloads { entries: Entries::default(), anchors: self.anchors.clone() };
        for (prefix, payload) in self.map.iter() {
            if removed.is_empty() || !removed.contains(&(prefix, payload.origin, payload.max_length)) {
                payloads.entries.push(prefix, payload);
            }
        }
        added.iter().filter(|vrp| !self.holds(vrp)).for_each(|vrp| payloads.add(vrp));
        payloads.into_set()
    }

    /// The VRPs that have not expired at `now`, in seconds since 1970, and those that have.
    pub fn split_at(self, now: u32) -> (VrpSet, VrpSet) {
        let is_alive = |each: Payload| now < each.expires.0;
        if self.map.iter().all(|(_, each)| is_alive(each)) {
            return (self, VrpSet::default());
        }
        let gone = self.map.clone().filter(|each| !is_alive(each));
        let alive = self.map.filter(is_alive);
        let part = |map| VrpSet { anchors: self.anchors.only_of(&map), map };
        (part(alive), part(gone))
    }

    pub(super) fn map(&self) -> &PrefixMap<Payload> {
        &self.map
    }

    fn vrp(&self, (prefix, payload): (Prefix, Payload)) -> Vrp {
        let Payload { max_length, origin, expires, anchor } = payload;
        let name = self.anchors.0.get(usize::from(anchor)).filter(|_| anchor != 0);
        Vrp { prefix, origin, max_length, expires: expires.0, trust_anchor: name.cloned() }
    }
}

impl FromIterator<Vrp> for VrpSet {
    fn from_iter<I: IntoIterator<Item = Vrp>>(vrps: I) -> VrpSet {
        let mut payloads = Payloads::default();
        for vrp in vrps {
            payloads.add(&vrp);
        }
        payloads.into_set()
    }
}

impl Anchors {
    /// The names of those that stand in `map`, in their places: who has nothing there is no anchor of it.
    fn only_of(&self, map: &PrefixMap<Payload>) -> Anchors {
        let used: HashSet<u16> = map.iter().map(|(_, each)| each.anchor).collect();
        let is_used = |number: u16| used.contains(&number);
        let names = (0_u16..).zip(&self.0);
        Anchors(names.map(|(at, name)| if is_used(at) { name.clone() } else { "".into() }).collect())
    }

    /// The number of a name. What a hostile file has beyond [`Anchors::MOST`] of them has none.
    fn number(&mut self, name: &str) -> u16 {
        let known = self.0.iter().rposition(|known| **known == *name);
        let number = known.or_else(|| {
            (self.0.len() <= Anchors::MOST).then(|| {
                self.0.push(name.into());
                self.0.len() - 1
            })
        });
        number.and_then(|number| u16::try_from(number).ok()).unwrap_or(0)
    }

    /// So many are told from each other: those of the registries, and the comments of a SLURM file that some validators
    /// print in their place.
    const MOST: usize = 256;
}

impl Default for Anchors {
    fn default() -> Anchors {
        Anchors(vec!["".into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpki::validity::tests::vrps;

    #[test]
    fn one_that_two_trust_anchors_have_counts_once_and_lives_longest() {
        let vrp = |anchor: &str, expires: i64| {
            let vrp = vrps("AS1 10.0.0.0/8-8").iter().next().unwrap();
            vrp.under(anchor.into()).expiring(jiff::Timestamp::from_second(expires).unwrap())
        };
        let set: VrpSet = [vrp("a", 1), vrp("b", 3), vrp("c", 2)].into_iter().collect();
        assert_eq!(set.iter().map(|vrp| vrp.to_string()).collect::<Vec<_>>(), ["AS1 10.0.0.0/8-8 (b)"]);
    }

    #[test]
    fn sets_that_are_joined_keep_the_names_of_their_anchors() {
        let payloads = |names: &[&str]| {
            let mut payloads = Payloads::default();
            for (number, name) in (1..).zip(names) {
                payloads.push("::/0".parse().unwrap(), Asn(number), 0, None, Some(name)).unwrap();
            }
            payloads
        };
        let mut joined = payloads(&["a", "b"]);
        let mut later = payloads(&["c", "b"]);
        later.push("10.0.0.0/8".parse().unwrap(), Asn(9), 8, Some(5), None).unwrap();
        joined.append(later);
        let set = joined.into_set();
        let told: Vec<String> = set.iter().map(|vrp| vrp.to_string()).collect();
        // AS1 and AS2 stand in both: the first that said it is named.
        assert_eq!(told, ["AS9 10.0.0.0/8-8", "AS1 ::/0-0 (a)", "AS2 ::/0-0 (b)"]);
        assert_eq!(set.anchors().collect::<Vec<_>>(), ["a", "b", "c"]);
        let (alive, gone) = set.split_at(5);
        assert_eq!((alive.len(), gone.len()), (2, 1));
        assert_eq!(gone.anchors().count(), 0, "AS9 is under none");
    }

    /// An anchor all of whose VRPs have expired has said nothing.
    #[test]
    fn who_has_only_expired_vrps_is_no_anchor() {
        let mut payloads = Payloads::default();
        payloads.push("10.0.0.0/8".parse().unwrap(), Asn(1), 8, Some(5), Some("ripe")).unwrap();
        payloads.push("11.0.0.0/8".parse().unwrap(), Asn(1), 8, Some(9), Some("apnic")).unwrap();
        let (alive, gone) = payloads.into_set().split_at(5);
        let names = |set: &VrpSet| set.anchors().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!((names(&alive), names(&gone)), (vec!["apnic".to_owned()], vec!["ripe".to_owned()]));
        assert_eq!(alive.iter().next().unwrap().to_string(), "AS1 11.0.0.0/8-8 (apnic)");
    }

    /// What a hostile file names beyond bounds is read, and not told apart.
    #[test]
    fn anchors_without_end_are_bounded() {
        let mut payloads = Payloads::default();
        for number in 0..1000_u32 {
            let name = format!("{number}");
            payloads.push("10.0.0.0/8".parse().unwrap(), Asn(number), 8, None, Some(&name)).unwrap();
        }
        let set = payloads.into_set();
        assert_eq!((set.len(), set.anchors().count()), (1000, 256));
    }
}
