//! SIGINT and SIGTERM once something is written: the step that was sent is brought to its end, and the receipt is shown.

use tokio::{sync::watch, task::JoinHandle};

use crate::{outcome::Outcome, report::Progress};

/// Listens for signals as long as it lives. The first is noted, the second ends the program at once.
pub struct Interrupt {
    noted: watch::Receiver<bool>,
    listener: JoinHandle<()>,
}

impl Interrupt {
    /// Begins to listen, and tells on `progress` what a signal does.
    pub fn listen(progress: &Progress) -> std::io::Result<Interrupt> {
        let mut signals = Signals::new()?;
        let (note, noted) = watch::channel(false);
        let progress = progress.clone();
        let listener = tokio::spawn(async move {
            signals.next().await;
            note.send_replace(true);
            progress.tell(
                "ends after the step that was sent; once more ends it at once, with that step in doubt",
            );
            signals.next().await;
            std::process::exit(Outcome::Trouble.status().into());
        });
        Ok(Interrupt { noted, listener })
    }

    /// Whether a signal came.
    pub fn is_noted(&self) -> bool {
        *self.noted.borrow()
    }

    /// Waits for a signal, if none came yet.
    pub async fn noted(&self) {
        if self.noted.clone().wait_for(|noted| *noted).await.is_err() {
            std::future::pending::<()>().await; // nobody listens any more
        }
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// The signals that ask a program to end.
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// From now on they no longer end the program by themselves.
    pub(super) fn new() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one of them.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
