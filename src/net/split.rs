//! Dividing an allocation into the prefixes that are announced.
//!
//! Pure arithmetic: nothing here knows of files, registries or route objects.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Family, Prefix};

/// A prefix divided into children of equal length.
///
/// Invariant: at least two children, and at most [`Split::MAX_CHILDREN`]. How many are shown or written is for others to
/// limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Split {
    parent: Prefix,
    child_len: u8,
}

/// Why a prefix cannot be divided as asked.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SplitError {
    /// The children would be as large as the parent, or larger.
    #[error("{0} cannot be split into /{1}; choose a length from /{2} to /{3}")]
    NotLonger(Prefix, u8, u8, u8),
    /// More children than anyone means.
    #[error(
        "{0} holds {1} prefixes of /{2}, more than the {max} that can be counted by their index (a /20 in /48s); split a longer prefix",
        max = Split::MAX_CHILDREN
    )]
    TooMany(Prefix, u128, u8),
}

impl Split {
    /// Room for a /20 in /48s; a larger split is taken for a slip of the pen.
    pub const MAX_CHILDREN: u32 = 1 << 28;

    /// Divides `parent` into children of `child_len` bits.
    pub fn new(parent: Prefix, child_len: u8) -> Result<Split, SplitError> {
        let longest = parent.family().bits();
        if child_len <= parent.len() || child_len > longest {
            return Err(SplitError::NotLonger(parent, child_len, (parent.len() + 1).min(longest), longest));
        }
        let count = 1u128.checked_shl(u32::from(child_len - parent.len())).unwrap_or(u128::MAX);
        match count > u128::from(Split::MAX_CHILDREN) {
            true => Err(SplitError::TooMany(parent, count, child_len)),
            false => Ok(Split { parent, child_len }),
        }
    }

    /// The prefix that is divided.
    pub fn parent(self) -> Prefix {
        self.parent
    }

    /// How many children there are.
    pub fn count(self) -> u32 {
        1 << (self.child_len - self.parent.len())
    }

    /// The child with this index, counted from 0 in the order of addresses.
    pub fn child(self, index: u32) -> Option<Prefix> {
        if index >= self.count() {
            return None;
        }
        let step = u32::from(self.parent.family().bits() - self.child_len);
        let first = self.parent.block().first() + (u128::from(index) << step);
        let address: IpAddr = match self.parent.family() {
            Family::V4 => Ipv4Addr::from(u32::try_from(first).ok()?).into(),
            Family::V6 => Ipv6Addr::from(first).into(),
        };
        Prefix::truncated(address, self.child_len)
    }

    /// The index of `child`, if it is one of the children.
    pub fn index(self, child: Prefix) -> Option<u32> {
        if child.len() != self.child_len || !self.parent.covers(child) {
            return None;
        }
        let step = u32::from(self.parent.family().bits() - self.child_len);
        u32::try_from((child.block().first() - self.parent.block().first()) >> step).ok()
    }

    /// All children in the order of addresses.
    pub fn children(self) -> impl Iterator<Item = Prefix> {
        (0..self.count()).filter_map(move |index| self.child(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parent: &str, len: u8, expected: &str) {
        let text = match Split::new(parent.parse().unwrap(), len) {
            Ok(split) => split.children().map(|p| p.to_string()).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn divides_in_the_order_of_addresses() {
        check("2001:db8::/46", 48, "2001:db8::/48 2001:db8:1::/48 2001:db8:2::/48 2001:db8:3::/48");
        check("192.0.2.0/24", 25, "192.0.2.0/25 192.0.2.128/25");
    }

    #[test]
    fn a_refusal_names_the_way_out() {
        check(
            "2001:db8::/44",
            44,
            "2001:db8::/44 cannot be split into /44; choose a length from /45 to /128",
        );
        check(
            "2001::/19",
            64,
            "2001::/19 holds 35184372088832 prefixes of /64, more than the 268435456 that can be counted by their index \
             (a /20 in /48s); split a longer prefix",
        );
    }

    #[test]
    fn index_is_the_inverse_of_child() {
        let split = Split::new("2a0f:85c1:260::/44".parse().unwrap(), 48).unwrap();
        for index in 0..split.count() {
            assert_eq!(split.index(split.child(index).unwrap()), Some(index));
        }
        assert_eq!(split.child(16), None);
        let largest = Split::new("2001::/20".parse().unwrap(), 48).unwrap();
        let last = largest.child(largest.count() - 1).unwrap();
        assert_eq!(
            (last.to_string().as_str(), largest.index(last)),
            ("2001:fff:ffff::/48", Some((1 << 28) - 1))
        );
    }
}
