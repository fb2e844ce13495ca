//! How quickly requests may follow each other.

use std::time::Duration;

use reqwest::Method;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

use crate::http::Address;

/// The registry's rates: 50 reads and 10 others a second from one address (rules.md §11), kept with some room.
pub(super) struct Pace {
    read: Duration,
    write: Duration,
    free: Mutex<Instant>,
}

impl Pace {
    /// The pace towards a registry; this machine is not spared.
    pub fn towards(base: &Address) -> Pace {
        let (read, write) = if base.is_loopback() { (0, 0) } else { (25, 125) };
        Pace {
            read: Duration::from_millis(read),
            write: Duration::from_millis(write),
            free: Mutex::new(Instant::now()),
        }
    }

    /// Lets no request go out for a while.
    pub async fn hold(&self, pause: Duration) {
        let mut free = self.free.lock().await;
        *free = (*free).max(Instant::now() + pause);
    }

    /// Waits for the next moment at which a request may go out.
    pub async fn wait(&self, method: &Method) {
        let interval = if *method == Method::GET { self.read } else { self.write };
        let mut free = self.free.lock().await;
        let start = (*free).max(Instant::now());
        *free = start + interval;
        drop(free);
        sleep_until(start).await;
    }
}
