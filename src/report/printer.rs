//! Where output goes, and how it looks there.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    sync::LazyLock,
};

use clap::builder::{PossibleValue, StyledStr};
use serde_json::Value;

use super::{
    Again, Findings, Personal, Progress, Report, Stopped, Style, Terminal, finding,
    forms::{self, Form},
    paint::{Paint, add, lines, shown, with_marks},
    progress::Shown,
};
use crate::{
    finding::{Finding, Severity},
    visible::visible,
};

/// The form of the data on stdout.
#[derive(Clone, Copy, Debug, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a pull request.
    Markdown,
    /// Findings only, for programs that know nothing else of us.
    Findings(&'static Form),
    /// Rows, where a command has them.
    Csv,
}

impl clap::ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        static ALL: LazyLock<Vec<Format>> = LazyLock::new(|| {
            let own = [Format::Text, Format::Json, Format::Markdown];
            own.into_iter().chain(forms::FORMS.iter().map(Format::Findings)).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Format::Text => ("text", "For people"),
            Format::Json => ("json", "For programs"),
            Format::Markdown => ("markdown", "For a pull request"),
            Format::Findings(form) => (form.name, form.help),
            Format::Csv => ("csv", "A row for each announcement"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// When there are colours.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub enum Colour {
    /// On a terminal that knows them, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What is said on stderr.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Talk {
    /// All that there is to say.
    #[default]
    All,
    /// Errors, and questions (`-q`).
    ErrorsOnly,
}

/// How the output of a command is shown.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The form of the data.
    pub format: Format,
    /// Whether personal data is shown in what is made for others.
    pub personal: Personal,
    /// Whether everything is shown.
    pub verbose: bool,
    /// Whether progress is shown.
    pub progress: bool,
    /// What is said on stderr.
    pub talk: Talk,
    /// Whether something else stands on stdout: what is shown goes to stderr then.
    pub stdout_is_taken: bool,
}

impl Default for Output {
    fn default() -> Output {
        Output {
            format: Format::Text,
            personal: Personal::Masked,
            verbose: false,
            progress: false,
            talk: Talk::All,
            stdout_is_taken: false,
        }
    }
}

/// Output that could not be written: nobody has seen it.
#[derive(Debug, thiserror::Error)]
#[error("the output cannot be written to stdout\nhint: is the disk full?")]
pub struct Unwritten(#[source] io::Error);

/// Prints what commands return.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    format: Format,
    personal: Personal,
    out: Style,
    err: Style,
    progress: Option<Shown>,
    talk: Talk,
    stdout_is_taken: bool,
    again: &'static Again,
}

impl Printer {
    /// A printer; there is one for the life of the program.
    pub fn new(output: Output, colour: Colour, terminal: Terminal, again: Again) -> Printer {
        let Output { format, personal, verbose, progress, talk, stdout_is_taken } = output;
        let colour = |is_terminal: bool| match colour {
            Colour::Auto => is_terminal && terminal.colour,
            Colour::Always => true,
            Colour::Never => false,
        };
        let style = |is_terminal: bool, width: usize| Style {
            colour: colour(is_terminal),
            verbose,
            width: Some(width),
        };
        let (out, err) = (io::stdout(), io::stderr());
        let redraws = err.is_terminal() && terminal.redraws;
        let shown = if redraws { Shown::Bar } else { Shown::Lines(terminal.width(&err)) };
        Printer {
            format,
            personal,
            out: style(out.is_terminal(), terminal.width(&out)),
            err: style(err.is_terminal(), terminal.width(&err)),
            progress: (progress && talk == Talk::All).then_some(shown),
            talk,
            stdout_is_taken,
            again: Box::leak(Box::new(again)),
        }
    }

    /// A file of the estate as the user would name it from where the program was started.
    pub fn from_here(&self, path: &Path) -> String {
        let folder = self.again.directory.as_deref().map(Path::new);
        let path = folder.map_or_else(|| path.to_path_buf(), |folder| folder.join(path));
        path.display().to_string()
    }

    /// Shows a report on stdout.
    pub fn show(&self, report: &dyn Report) -> Result<(), Unwritten> {
        if self.stdout_is_taken {
            self.repeat(report);
            return Ok(());
        }
        match self.format {
            // What stands in the lines that are commands is none.
            Format::Findings(Form { is_of_commands: true, .. }) => data(&self.formed(report)),
            Format::Csv => streamed(|out| report.csv(out)),
            Format::Json => streamed(|out| self.json(report, out)),
            Format::Text => {
                self.read(&self.formed(report), if report.is_file() { None } else { self.out.width })
            }
            _ => data(&shown(&self.formed(report), None)),
        }
    }

    /// Stdout, for what is written there line by line while a command is at work.
    pub fn stream(&self) -> Box<dyn Write + Send + Sync> {
        Box::new(io::stdout())
    }

    /// Shows a report on stderr that stdout did not take.
    pub fn repeat(&self, report: &dyn Report) {
        self.talk(&self.formed(report));
    }

    /// The report in the form that was asked for.
    fn formed(&self, report: &dyn Report) -> String {
        match self.format {
            Format::Text | Format::Csv => report.text(self.out),
            Format::Json => {
                let mut bytes = Vec::new();
                let _ = self.json(report, &mut bytes); // memory takes it
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Format::Markdown if report.is_of_findings() => forms::markdown(&self.findings_of(report)),
            Format::Markdown => self.personal.text(&self.again.completed(&report.markdown())),
            Format::Findings(form) => match form.rules.filter(|_| report.is_of_rules()) {
                Some(rules) => rules(),
                None => (form.findings)(&self.findings_of(report)),
            },
        }
    }

    fn json(&self, report: &dyn Report, out: &mut dyn Write) -> io::Result<()> {
        let change = |value: &mut Value| self.again.json(value);
        if let Some(rows) = report.rows() {
            return rows.write(change, out);
        }
        let mut value = report.json();
        change(&mut value);
        out.write_all(forms::json(&value).as_bytes())
    }

    /// What a report found, masked: others read it.
    fn findings_of(&self, report: &dyn Report) -> Findings {
        let none = || Findings { command: "ripectl", looked_at: "nothing".to_owned(), findings: Vec::new() };
        let found = report.findings().unwrap_or_else(none);
        let findings = found.findings.into_iter().map(|finding| self.again.finding(finding)).collect();
        self.personal.findings(&Findings { findings, ..found })
    }

    /// Shows a report to people before a question: on stderr while something else is the data. Whoever is asked sees it.
    pub fn preview(&self, report: &dyn Report) -> Result<(), Unwritten> {
        if matches!(self.format, Format::Text) && !self.stdout_is_taken {
            return self.read(&report.text(self.out), self.out.width);
        }
        if self.talk == Talk::All || self.can_ask() {
            self.talk(&report.text(self.err));
        }
        Ok(())
    }

    /// Writes what people read to stdout.
    fn read(&self, text: &str, width: Option<usize>) -> Result<(), Unwritten> {
        data(&shown(&self.again.completed(text), width))
    }

    /// Shows what `--help` and `--version` ask for.
    pub fn help(&self, text: &StyledStr) -> Result<(), Unwritten> {
        data(&shown(&styled(text, self.out), self.out.width))
    }

    /// Says what is wrong with what was typed.
    pub fn usage(&self, text: &StyledStr) {
        self.talk(&styled(text, self.err));
    }

    /// Says a line on stderr, unless nothing is to be said.
    pub fn say(&self, line: &str) {
        if self.talk == Talk::All {
            self.talk(&format!("{line}\n"));
        }
    }

    /// Says on stderr what stopped a command: findings with their source lines, or an error with its hint.
    pub fn complain(&self, error: &anyhow::Error) {
        if let Some(Stopped(findings)) = error.downcast_ref() {
            return self.talk(&finding::list(findings, self.err));
        }
        self.talk(&self::error(error, self.err));
    }

    /// Shows findings on stderr; only the errors, if nothing else is to be said.
    pub fn findings(&self, findings: Vec<Finding>) {
        let is_shown = |finding: &Finding| self.talk == Talk::All || finding.severity == Severity::Error;
        let findings: Vec<Finding> = findings.into_iter().filter(is_shown).collect();
        self.talk(&finding::list(&findings, self.err));
    }

    /// Shows what is wrong or may be, and not what is for information.
    pub fn warnings(&self, mut findings: Vec<Finding>) {
        findings.retain(|finding| finding.severity != Severity::Info);
        self.findings(findings);
    }

    /// Whether a person can be asked.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question on stderr; only `y` or `yes` is a yes.
    pub fn ask(&self, question: &str) -> io::Result<bool> {
        self.talk(&format!("{question} [y/N] "));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// Asks a question on stderr; the answer as it was typed. The end of the input ends it.
    pub fn ask_text(&self, question: &str) -> io::Result<String> {
        self.talk(&format!("{question}: "));
        let mut answer = String::new();
        match io::stdin().read_line(&mut answer)? {
            0 => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the answers end here; nothing was written"))
            }
            _ => Ok(answer),
        }
    }

    /// Asks for some words on stderr; only these are a yes.
    pub fn ask_for(&self, question: &str, words: &str) -> io::Result<bool> {
        self.talk(&format!("{question}: "));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(answer.trim() == words)
    }

    /// What shows progress.
    pub fn progress(&self) -> Progress {
        Progress::new(self.progress)
    }

    /// Writes to stderr. There is nowhere to say that this could not be done.
    fn talk(&self, text: &str) {
        let _ = write(&mut io::stderr().lock(), &shown(&self.again.completed(text), self.err.width));
    }
}

/// An error with its causes, and what to do last.
pub(super) fn error(error: &anyhow::Error, style: Style) -> String {
    let (mut text, mut hints) = (String::new(), String::new());
    for (number, cause) in error.chain().enumerate() {
        let cause = cause.to_string();
        let (told, said): (Vec<&str>, Vec<&str>) = cause.lines().partition(|line| line.starts_with("hint: "));
        let word = if number == 0 { style.paint(Paint::Bad, "error:") } else { "  because:".to_owned() };
        let hang = style.hang();
        add(&mut text, format!("{word} {hang}{}\n", said.join("\n  ")));
        let told = told.iter().map(|hint| hint.replacen("hint: ", &format!("hint: {hang}"), 1));
        add(&mut hints, lines(told)); // what to do is read last
    }
    text + &hints
}

/// What is said of the command line, in colours unless it quotes what could be taken for one.
fn styled(text: &StyledStr, style: Style) -> String {
    let plain = text.to_string();
    let is_plain = visible(&plain) == plain.as_str();
    let text = if style.colour && is_plain { with_marks(&text.ansi().to_string()) } else { plain };
    format!("{}\n", text.trim_end())
}

/// Writes to stdout, and lets it be when nobody reads any more (`ripectl plan | head`).
fn data(text: &str) -> Result<(), Unwritten> {
    out_of(write(&mut io::stdout().lock(), text))
}

/// Writes to stdout what is too much to be held.
fn streamed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Unwritten> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    out_of(write(&mut out).and_then(|()| out.flush()))
}

/// A reader that has seen enough is no trouble.
fn out_of(written: io::Result<()>) -> Result<(), Unwritten> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Unwritten),
    }
}

fn write(to: &mut impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes()).and_then(|()| to.flush())
}
