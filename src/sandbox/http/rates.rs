//! How many requests a second one address may send.

use std::{collections::HashMap, net::IpAddr};

use hyper::http::Method;
use jiff::Timestamp;

use crate::sandbox::settings::Rates;

/// Requests counted by address and second. Those that are refused count too (api.md §9).
#[derive(Debug, Default)]
pub struct Counters {
    rates: Rates,
    second: i64,
    counts: HashMap<(IpAddr, bool), u32>,
}

impl Counters {
    /// Counters for these rates.
    pub fn new(rates: Rates) -> Counters {
        Counters { rates, ..Counters::default() }
    }

    /// Counts a request, and says whether it is answered.
    pub fn admits(&mut self, peer: IpAddr, method: &Method, now: Timestamp) -> bool {
        let reads = method == Method::GET;
        let Some(most) = (if reads { self.rates.get } else { self.rates.write }) else { return true };
        if self.second != now.as_second() {
            self.second = now.as_second();
            self.counts.clear();
        }
        let count = self.counts.entry((peer, reads)).or_default();
        *count = count.saturating_add(1);
        *count <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_so_many_requests() {
        let mut counters = Counters::new(Rates { get: None, write: Some(2) });
        let mut admits = |method, second| {
            let now = Timestamp::from_second(second).unwrap();
            counters.admits(IpAddr::from([127, 0, 0, 1]), &method, now)
        };
        assert!(admits(Method::PUT, 1) && admits(Method::POST, 1));
        assert!(!admits(Method::PUT, 1));
        assert!(admits(Method::GET, 1));
        assert!(admits(Method::PUT, 2));
    }
}
