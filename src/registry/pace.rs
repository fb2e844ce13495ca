//! How quickly requests may follow each other.

use std::time::Duration;

use reqwest::Method;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

use super::Limits;
use crate::http::Address;

/// The pace that is kept towards a registry.
pub(super) struct Pace(Mutex<Schedule>);

impl Pace {
    /// The pace towards a registry with these limits.
    pub fn towards(base: &Address, limits: &Limits) -> Pace {
        Pace(Mutex::new(Schedule::new(limits, base.is_loopback(), Instant::now())))
    }

    /// Lets no request go out for a while, and keeps the pace from now on.
    pub async fn hold(&self, pause: Duration) {
        self.0.lock().await.hold(Instant::now(), pause);
    }

    /// Waits for the next moment at which a request may go out.
    pub async fn wait(&self, method: &Method) {
        let start = self.0.lock().await.next(Instant::now(), method);
        sleep_until(start).await;
    }
}

/// When requests may go out. Pure: what time it is comes from outside.
struct Schedule {
    read: Duration,
    write: Duration,
    /// A registry on this machine is spared the pace, until it says that it is asked too quickly.
    is_kept: bool,
    free: Instant,
}

impl Schedule {
    fn new(limits: &Limits, is_spared: bool, now: Instant) -> Schedule {
        Schedule { read: limits.read, write: limits.write, is_kept: !is_spared, free: now }
    }

    /// When a request may go out that is ready now.
    fn next(&mut self, now: Instant, method: &Method) -> Instant {
        let interval = match self.is_kept {
            false => Duration::ZERO,
            true if *method == Method::GET => self.read,
            true => self.write,
        };
        let start = self.free.max(now);
        self.free = start + interval;
        start
    }

    fn hold(&mut self, now: Instant, pause: Duration) {
        self.is_kept = true;
        self.free = self.free.max(now + pause);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A registry that lets so many reads and so many other requests through in any second, and counts what it rejects:
    /// the filter of the RIPE Database (rules.md §11).
    struct Filter {
        most: [usize; 2],
        seen: [VecDeque<Instant>; 2],
        rejected: usize,
    }

    impl Filter {
        fn new(reads: usize, others: usize) -> Filter {
            Filter { most: [reads, others], seen: Default::default(), rejected: 0 }
        }

        /// Whether a request is let through that comes at this time.
        fn lets(&mut self, method: &Method, now: Instant) -> bool {
            let kind = usize::from(*method != Method::GET);
            let seen = &mut self.seen[kind];
            seen.retain(|at| now - *at < Duration::from_secs(1));
            seen.push_back(now); // what is rejected counts too (api.md §9)
            let is_let = seen.len() <= self.most[kind];
            self.rejected += usize::from(!is_let);
            is_let
        }
    }

    #[test]
    fn five_hundred_writes_are_never_too_quick() {
        let begun = Instant::now();
        let mut schedule = Schedule::new(&Limits::of_ripe_database(), false, begun);
        let (mut filter, mut now) = (Filter::new(50, 10), begun);
        for write in 0..500 {
            // Each with its proof before it, and now and then many reads.
            let reads = std::iter::repeat_n(Method::GET, if write % 50 == 0 { 100 } else { 0 });
            for method in [Method::PUT, Method::PUT].into_iter().chain(reads) {
                now = schedule.next(now, &method);
                filter.lets(&method, now);
            }
        }
        assert_eq!(filter.rejected, 0);
        let seconds = (now - begun).as_secs();
        assert!((125..160).contains(&seconds), "1,000 writes and dry-runs and 1,000 reads in {seconds} s");
    }

    #[test]
    fn who_was_too_quick_once_is_so_no_more() {
        let begun = Instant::now();
        let mut schedule = Schedule::new(&Limits::of_ripe_database(), true, begun);
        let (mut filter, mut now, mut written) = (Filter::new(50, 10), begun, 0);
        while written < 500 {
            now = schedule.next(now, &Method::POST);
            match filter.lets(&Method::POST, now) {
                true => written += 1,
                false => schedule.hold(now, Duration::from_secs(2)),
            }
        }
        assert_eq!(filter.rejected, 1, "also a registry on this machine is asked at its pace from then on");
    }
}
