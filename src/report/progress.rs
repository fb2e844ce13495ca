//! Progress: what takes longer than a second, and why it waits. On a terminal it is a line that changes; elsewhere, as in
//! the log of a build server, a line every ten seconds. What is told is told at once, here and there.

use std::{
    fmt,
    io::{self, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::paint::shown;
use crate::{finding::counted, visible};

/// What is done more quickly is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is looked whether there is something to show.
const TICK: Duration = Duration::from_millis(200);
/// How often there is a line where no line can change.
const EVERY: Duration = Duration::from_secs(10);
/// The width of a bar, in characters.
const WIDTH: u64 = 24;

/// How progress is shown on stderr.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    /// As a line that changes.
    Bar,
    /// As lines of so many columns, one now and then.
    Lines(usize),
}

/// One line on stderr at the bottom of the terminal, lines one after another, or nothing. A clone speaks of the same
/// work.
#[derive(Clone, Debug)]
pub struct Progress {
    line: ProgressBar,
    doing: Arc<Mutex<String>>,
    log: Option<Arc<Log>>,
}

/// Lines one after another, where no line can change.
struct Log {
    every: Duration,
    say: Box<dyn Fn(&str) + Send + Sync>,
    /// How many pieces of work were begun: each has its own clock.
    begun: AtomicUsize,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Log").field("every", &self.every).finish_non_exhaustive()
    }
}

impl Log {
    fn new(every: Duration, say: impl Fn(&str) + Send + Sync + 'static) -> Log {
        Log { every, say: Box::new(say), begun: AtomicUsize::new(0) }
    }
}

impl Progress {
    /// What shows nothing until something is begun, or nothing at all.
    pub(super) fn new(shown: Option<Shown>) -> Progress {
        match shown {
            None => Progress::on(ProgressDrawTarget::hidden(), None),
            Some(Shown::Bar) => Progress::on(ProgressDrawTarget::stderr(), None),
            Some(Shown::Lines(width)) => {
                // There is nowhere to say that this could not be said.
                let say = move |line: &str| {
                    let _ = io::stderr().write_all(self::shown(line, Some(width)).as_bytes());
                };
                Progress::on(ProgressDrawTarget::hidden(), Some(Log::new(EVERY, say)))
            }
        }
    }

    fn on(target: ProgressDrawTarget, log: Option<Log>) -> Progress {
        let line = ProgressBar::with_draw_target(None, target);
        let doing: Arc<Mutex<String>> = Arc::default();
        let said = Arc::clone(&doing);
        let show = move |state: &ProgressState, to: &mut dyn fmt::Write| {
            if state.elapsed() >= PATIENCE {
                let doing = said.lock().unwrap_or_else(PoisonError::into_inner);
                // What a terminal does not take is not missed.
                let _ = write!(
                    to,
                    "{} {doing}",
                    state
                        .len()
                        .map_or_else(|| format!("{},", requests(state.pos())), |all| bar(state.pos(), all))
                );
            }
        };
        // The form is a constant: it is well-formed.
        let style = ProgressStyle::with_template("{line}").unwrap_or_else(|_| ProgressStyle::default_bar());
        line.set_style(style.with_key("line", show));
        line.finish_and_clear();
        Progress { line, doing, log: log.map(Arc::new) }
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
        if let Some(log) = &self.log {
            let number = log.begun.fetch_add(1, Ordering::SeqCst) + 1;
            let (progress, log) = (self.clone(), Arc::clone(log));
            thread::spawn(move || {
                loop {
                    thread::sleep(log.every);
                    if progress.line.is_finished() || log.begun.load(Ordering::SeqCst) != number {
                        return;
                    }
                    (log.say)(&progress.in_words());
                }
            });
        }
    }

    /// `step 120 of 2000: create route6/…`.
    fn in_words(&self) -> String {
        let done = self.line.position();
        let doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let done = self.line.length().map_or_else(|| requests(done), |all| format!("step {done} of {all}"));
        format!("{done}: {doing}\n")
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
        match &self.log {
            Some(log) => (log.say)(&format!("{}\n", visible::line(line))),
            None => self.line.println(visible::line(line)),
        }
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

fn requests(done: u64) -> String {
    counted(usize::try_from(done).unwrap_or(usize::MAX), "request")
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
        let progress = Progress::on(ProgressDrawTarget::term_like(Box::new(paper.clone())), None);
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

    #[test]
    fn where_no_line_can_change_there_is_one_now_and_then() {
        let (every, paper) = (Duration::from_millis(400), Paper::default());
        let to = paper.clone();
        let log = Log::new(every, move |line| to.write(line).unwrap());
        let progress = Progress::on(ProgressDrawTarget::hidden(), Some(log));
        let shown = || paper.0.lock().unwrap().clone();
        progress.begin(0, "reading");
        progress.answered(1);
        progress.finish();
        std::thread::sleep(2 * every);
        assert_eq!(shown(), "", "what is done sooner is not worth a word");
        progress.begin(0, "reading rest.db.ripe.net");
        progress.answered(1200);
        std::thread::sleep(every + every / 2);
        assert_eq!(shown(), "1200 requests: reading rest.db.ripe.net\n");
        progress.begin(2000, "writing");
        progress.reached(120);
        progress.doing("create as-set/AS1:AS-X");
        std::thread::sleep(every + every / 2);
        progress.finish();
        assert!(shown().ends_with("ripe.net\nstep 120 of 2000: create as-set/AS1:AS-X\n"), "{}", shown());
        progress.begin(1, "reading");
        progress.finish();
    }

    #[test]
    fn where_no_line_can_change_nothing_that_is_told_is_lost() {
        let paper = Paper::default();
        let to = paper.clone();
        let log = Log::new(EVERY, move |line| to.write(line).unwrap());
        let progress = Progress::on(ProgressDrawTarget::hidden(), Some(log));
        let shown = || paper.0.lock().unwrap().clone();
        progress.begin(2000, "writing");
        progress.tell("ripe asks to wait 60 s");
        progress.tell("ends after the step that was sent\x1b[2J");
        let said = "ripe asks to wait 60 s\nends after the step that was sent\\u{1b}[2J\n";
        assert_eq!(shown(), said, "at once, each on a line of its own");
        progress.finish();
        progress.tell("twice");
        assert_eq!(shown(), format!("{said}twice\n"));
    }
}
