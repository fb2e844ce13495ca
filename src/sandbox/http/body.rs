//! The body of a request: as much of it as is taken, in bounded memory and time.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::{
    Request,
    body::{Body, Bytes, Incoming},
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The longest body that is taken, in bytes; the registry takes objects of 5 MB.
const LONGEST: usize = 8 << 20;
/// The longest body that is read to its end, in bytes: a client that is cut off while it sends hears no refusal.
const LONGEST_REFUSED: usize = 64 << 20;
/// How long a client may take to send its body.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much of all bodies is kept at the same time, in bytes. Who comes later is read when there is room.
pub const ROOM: usize = 128 << 20;

/// A body that was read, and the room that it takes.
pub struct Read<'a> {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The room that it takes, until it is dropped.
    pub room: Option<SemaphorePermit<'a>>,
}

/// Reads the body; `None` if it is too long, too slow, or broken off: there is no request then.
pub async fn read<'a>(request: &mut Request<Incoming>, room: &'a Semaphore) -> Option<Read<'a>> {
    tokio::time::timeout(PATIENCE, within(request.body_mut(), room)).await.ok().flatten()
}

async fn within<'a>(body: &mut Incoming, room: &'a Semaphore) -> Option<Read<'a>> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let (mut read, mut kept) = (0_usize, Read { bytes: Vec::new(), room: None });
    while let Some(frame) = body.frame().await {
        let data: Bytes = frame.ok()?.into_data().unwrap_or_default();
        read = read.saturating_add(data.len());
        if read > LONGEST_REFUSED {
            return None;
        }
        if read > LONGEST || announced > LONGEST {
            kept = Read { bytes: Vec::new(), room: None };
            continue;
        }
        let more = room.acquire_many(u32::try_from(data.len()).ok()?).await.ok()?;
        match &mut kept.room {
            Some(held) => held.merge(more),
            None => kept.room = Some(more),
        }
        kept.bytes.extend_from_slice(&data);
    }
    (read <= LONGEST && announced <= LONGEST).then_some(kept)
}
