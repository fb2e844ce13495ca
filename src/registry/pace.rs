//! How quickly requests may follow each other.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use reqwest::Method;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

use super::Limits;
use crate::http::Address;

/// The pace that is kept. A registry on this machine is spared it, until it says that it is too quick.
pub(super) struct Pace {
    read: Duration,
    write: Duration,
    is_kept: AtomicBool,
    free: Mutex<Instant>,
}

impl Pace {
    /// The pace towards a registry with these limits.
    pub fn towards(base: &Address, limits: &Limits) -> Pace {
        Pace {
            read: limits.read,
            write: limits.write,
            is_kept: AtomicBool::new(!base.is_loopback()),
            free: Mutex::new(Instant::now()),
        }
    }

    /// Lets no request go out for a while, and keeps the pace from now on.
    pub async fn hold(&self, pause: Duration) {
        self.is_kept.store(true, Ordering::Relaxed);
        let mut free = self.free.lock().await;
        *free = (*free).max(Instant::now() + pause);
    }

    /// Waits for the next moment at which a request may go out.
    pub async fn wait(&self, method: &Method) {
        let interval = match self.is_kept.load(Ordering::Relaxed) {
            false => Duration::ZERO,
            true if *method == Method::GET => self.read,
            true => self.write,
        };
        let mut free = self.free.lock().await;
        let start = (*free).max(Instant::now());
        *free = start + interval;
        drop(free);
        sleep_until(start).await;
    }
}
