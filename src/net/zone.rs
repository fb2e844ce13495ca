//! Reverse DNS zones (RFC 1035 §3.5, RFC 2317, RFC 3596 §2.5) and the blocks that they name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Block, Family, Prefix};

/// The block whose reverse zone `name` is; one trailing dot and any letter case are accepted.
///
/// `in-addr.arpa` takes one to four octets, the fourth may be a range that is not the whole /24;
/// `ip6.arpa` takes one to 32 nibbles. `None` for any other name, also for `e164.arpa`.
pub fn zone_block(name: &str) -> Option<Block> {
    let name = name.trim().to_ascii_lowercase();
    let name = name.strip_suffix('.').unwrap_or(&name);
    if let Some(labels) = name.strip_suffix(".in-addr.arpa") {
        return ipv4_block(labels);
    }
    ipv6_block(name.strip_suffix(".ip6.arpa")?)
}

fn ipv4_block(labels: &str) -> Option<Block> {
    let labels: Vec<&str> = labels.split('.').rev().collect();
    let (mut first, mut last) = ([0; 4], [255; 4]);
    if labels.len() > 4 {
        return None;
    }
    for (place, label) in labels.iter().enumerate() {
        let (from, to) = match label.split_once('-') {
            Some(_) if place != 3 => return None,
            Some((from, to)) => (octet(from)?, octet(to)?),
            None => (octet(label)?, octet(label)?),
        };
        if from > to || (from, to) == (0, 255) {
            return None;
        }
        *first.get_mut(place)? = from;
        *last.get_mut(place)? = to;
    }
    Block::new(Ipv4Addr::from(first).into(), Ipv4Addr::from(last).into())
}

fn octet(text: &str) -> Option<u8> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    canonical.then(|| text.parse().ok())?
}

fn ipv6_block(labels: &str) -> Option<Block> {
    let mut address: u128 = 0;
    let mut length: u8 = 0;
    for label in labels.split('.').rev() {
        let nibble = u128::from_str_radix(label, 16).ok().filter(|_| label.len() == 1 && label != "+")?;
        if length == 128 {
            return None;
        }
        length += 4;
        address |= nibble << (128 - u32::from(length));
    }
    Prefix::truncated(Ipv6Addr::from(address).into(), length).map(Block::from)
}

/// The name of the reverse zone of `prefix`; the length is rounded up to the next label.
/// `None` for a length of 0 and for IPv4 longer than /24 (RFC 2317 names are the user's to choose).
pub fn zone_of(prefix: Prefix) -> Option<String> {
    let (labels, suffix): (Vec<String>, _) = match (prefix.address(), prefix.family()) {
        (IpAddr::V4(address), Family::V4) if prefix.len() <= 24 => {
            let count = usize::from(prefix.len().div_ceil(8));
            (address.octets().iter().take(count).map(u8::to_string).collect(), "in-addr.arpa")
        }
        (IpAddr::V6(address), Family::V6) => {
            let count = usize::from(prefix.len().div_ceil(4));
            let text = format!("{:032x}", u128::from(address));
            (text.chars().take(count).map(String::from).collect(), "ip6.arpa")
        }
        _ => return None,
    };
    let labels: Vec<String> = labels.into_iter().rev().collect();
    (!labels.is_empty()).then(|| format!("{}.{suffix}", labels.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_and_its_prefix() {
        let check = |prefix: &str, zone: &str| {
            let prefix: Prefix = prefix.parse().unwrap();
            assert_eq!(zone_of(prefix).as_deref(), Some(zone));
            assert_eq!(zone_block(zone), Some(prefix.block()));
        };
        check("2a0f:85c1:260::/44", "6.2.0.1.c.5.8.f.0.a.2.ip6.arpa");
        check("192.0.2.0/24", "2.0.192.in-addr.arpa");
    }
}
