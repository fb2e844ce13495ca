//! Progress, on a terminal only: what takes longer than a second, and why it waits.

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::visible;

/// What is done more quickly is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is looked whether there is something to show.
const TICK: Duration = Duration::from_millis(200);
/// The width of a bar, in characters.
const WIDTH: u64 = 24;

/// One line on stderr at the bottom of the terminal, or nothing. A clone speaks of the same line.
#[derive(Clone, Debug)]
pub struct Progress {
    line: ProgressBar,
    doing: Arc<Mutex<String>>,
}

impl Progress {
    /// A line that shows nothing until something is begun.
    pub(super) fn new(target: ProgressDrawTarget) -> Progress {
        let line = ProgressBar::with_draw_target(None, target);
        let doing: Arc<Mutex<String>> = Arc::default();
        let said = Arc::clone(&doing);
        let show = move |state: &ProgressState, to: &mut dyn Write| {
            if state.elapsed() >= PATIENCE {
                let doing = said.lock().unwrap_or_else(PoisonError::into_inner);
                // What a terminal does not take is not missed.
                let _ = write!(
                    to,
                    "{} {doing}",
                    state.len().map_or_else(|| counted(state.pos()), |all| bar(state.pos(), all))
                );
            }
        };
        // The form is a constant: it is well-formed.
        let style = ProgressStyle::with_template("{line}").unwrap_or_else(|_| ProgressStyle::default_bar());
        line.set_style(style.with_key("line", show));
        line.finish_and_clear();
        Progress { line, doing }
    }

    /// Begins something that has `length` steps; 0 if nobody knows how many.
    pub fn begin(&self, length: usize, what: impl Into<String>) {
        match u64::try_from(length).unwrap_or(u64::MAX) {
            0 => self.line.unset_length(),
            length => self.line.set_length(length),
        }
        self.line.reset();
        self.doing(what);
        if !self.line.is_hidden() {
            self.line.enable_steady_tick(TICK);
        }
    }

    /// Says what is being done now.
    pub fn doing(&self, what: impl Into<String>) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = visible::shown(what.into());
    }

    /// Sets how many steps are done.
    pub fn reached(&self, done: usize) {
        self.line.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    }

    /// Says how many requests were answered, where the number of steps is not known.
    pub fn answered(&self, requests: usize) {
        if self.line.length().is_none() && !self.line.is_finished() {
            self.reached(requests);
        }
    }

    /// Says a line at once, above what is shown.
    pub fn tell(&self, line: &str) {
        self.line.println(visible::line(line));
    }

    /// Does something that prints, out of the way of what is shown.
    pub fn beside(&self, print: impl FnOnce()) {
        self.line.suspend(print);
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.line.finish_and_clear();
    }
}

fn counted(done: u64) -> String {
    if done == 1 { "1 request,".to_owned() } else { format!("{done} requests,") }
}

fn bar(done: u64, all: u64) -> String {
    let full = done.saturating_mul(WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
    let cells = |count: u64, cell: &str| cell.repeat(usize::try_from(count).unwrap_or_default());
    format!("{}{} {done}/{all}", cells(full, "█"), cells(WIDTH - full, "░"))
}

#[cfg(test)]
mod tests {
    use std::io;

    use indicatif::TermLike;

    use super::*;

    /// A terminal that remembers all that was written to it.
    #[derive(Clone, Debug, Default)]
    struct Paper(Arc<Mutex<String>>);

    impl Paper {
        fn write(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }
    }

    impl TermLike for Paper {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write(&format!("{text}\n"))
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.write(text)
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_wait_is_told_at_once_and_work_after_a_second() {
        let paper = Paper::default();
        let progress = Progress::new(ProgressDrawTarget::term_like(Box::new(paper.clone())));
        let shown = || paper.0.lock().unwrap().clone();
        progress.begin(0, "reading rest.db.ripe.net");
        progress.answered(3);
        progress.tell("ripe asks to wait 5 s");
        assert!(shown().contains("ripe asks to wait 5 s") && !shown().contains("reading"), "{}", shown());
        std::thread::sleep(PATIENCE + 3 * TICK);
        assert!(shown().contains("3 requests, reading rest.db.ripe.net"), "{}", shown());
        progress.begin(4, "create");
        progress.answered(9);
        progress.reached(1);
        std::thread::sleep(PATIENCE + 3 * TICK);
        assert!(shown().contains("██████░░░░░░░░░░░░░░░░░░ 1/4 create"), "{}", shown());
        progress.finish();
    }
}
