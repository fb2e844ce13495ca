//! The command line: what can be typed, and which command it means. Nothing else.

use std::{env, ffi::OsString, path::PathBuf};

use clap::{
    Arg, CommandFactory, FromArgMatches, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use clap_complete::CompleteEnv;

use crate::{
    commands::{self, Answer, complete, completions::SHELLS},
    outcome::Outcome,
    report::{Again, Colour, Output, Printer, Talk, Terminal},
    visible,
};

/// Keeps Internet registry data right: RIPE Database objects, RPKI ROAs and announcements, as files
#[derive(Debug, Parser)]
#[command(name = "ripectl", version)]
pub struct Cli {
    /// Run as if started in this folder
    #[arg(short = 'C', long, global = true, value_name = "DIR", help_heading = "Common options")]
    directory: Option<PathBuf>,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        help_heading = "Common options"
    )]
    color: Colour,
    /// Say nothing on stderr but errors, and what is asked
    #[arg(short, long, global = true, help_heading = "Common options")]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

/// The enum of the commands, and what each of them has: a row is the variant and the module of [`commands`]. Those behind
/// the semicolon are about the command line itself, and are given it.
macro_rules! commands {
    ($($variant:ident: $module:ident),+; $($about:ident: $its:ident),+ $(,)?) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($variant(commands::$module::Args),)+
            $($about(commands::$its::Args)),+
        }

        impl Command {
            /// How its report is shown.
            fn output(&self) -> Output {
                match self {
                    $(Command::$variant(args) => args.output(),)+
                    $(Command::$about(args) => args.output()),+
                }
            }

            /// What a further command needs, to mean the same.
            fn again(&self) -> Again {
                match self {
                    $(Command::$variant(args) => args.again(),)+
                    $(Command::$about(args) => args.again()),+
                }
            }

            async fn run(&self, printer: Printer) -> anyhow::Result<Answer> {
                match self {
                    $(Command::$variant(args) => commands::$module::run(args, printer).await,)+
                    $(Command::$about(args) => commands::$its::run(args, Cli::command())),+
                }
            }
        }
    };
}

commands! {
    Init: init,
    Plan: plan,
    Apply: apply,
    Runs: runs,
    Resume: resume,
    Undo: undo,
    Validate: validate,
    Roa: roa,
    Audit: audit,
    Check: check,
    Show: show,
    Explain: explain,
    Fmt: fmt,
    Split: split,
    Import: import,
    Lir: lir,
    Asn: asn,
    Geofeed: geofeed,
    Reference: reference,
    Login: login,
    Logout: logout,
    Whoami: whoami,
    Sandbox: sandbox;
    Completions: completions,
    Man: man,
}

impl Cli {
    /// What was typed; where help is asked for, it fits `width` columns.
    fn of(
        words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
        width: usize,
    ) -> Result<Cli, clap::Error> {
        let known = Cli::command().term_width(width.min(LONGEST_LINE));
        Cli::from_arg_matches(&known.try_get_matches_from(words)?)
    }
}

/// Prose in longer lines is hard to read.
const LONGEST_LINE: usize = 100;

/// Runs the command that was typed and shows what it returns.
pub fn main() -> Outcome {
    if complete::is_asked() {
        return completed();
    }
    let terminal = Terminal::of(|name| env::var(name).ok());
    let width = terminal.columns();
    let Cli { directory, color, quiet, command } = match Cli::of(env::args_os(), width) {
        Ok(cli) => cli,
        Err(said) => {
            let printer = Printer::new(Output::default(), Colour::Auto, terminal, Again::default());
            if let Some(better) = later(&said, env::args_os()).or_else(|| misplaced(&said, env::args_os())) {
                printer.complain(&anyhow::Error::msg(better));
                return Outcome::Trouble;
            }
            return ended(printer, &on_its_lines(said, width));
        }
    };
    let again =
        Again { directory: directory.as_ref().map(|folder| folder.display().to_string()), ..command.again() };
    let talk = if quiet { Talk::ErrorsOnly } else { Talk::All };
    let printer = Printer::new(Output { talk, ..command.output() }, color, terminal, again);
    if let Some(folder) = &directory
        && let Err(error) = env::set_current_dir(folder)
    {
        let what = format!("`{}` cannot be entered", visible::shown(folder.display()));
        printer.complain(&anyhow::Error::new(error).context(what));
        return Outcome::Trouble;
    }
    let Answer { outcome, report } = match run(&command, printer) {
        Ok(answer) => answer,
        Err(error) => {
            printer.complain(&error);
            return Outcome::Trouble;
        }
    };
    match printer.show(report.as_ref()) {
        Ok(()) => outcome,
        Err(error) => {
            printer.complain(&error.into());
            if report.is_record() {
                printer.repeat(report.as_ref());
            }
            Outcome::Trouble
        }
    }
}

/// Tells a shell what can be typed next, and nothing else: what cannot be told is passed over in silence.
fn completed() -> Outcome {
    let words = complete::asked_about(env::args_os());
    let typed = Cli::command().ignore_errors(true).try_get_matches_from(words);
    if let Some(folder) = typed.ok().as_ref().and_then(|typed| typed.get_one::<PathBuf>("directory")) {
        complete::enter(folder);
    }
    let shell = CompleteEnv::with_factory(Cli::command).var(complete::VARIABLE).shells(SHELLS);
    match shell.try_complete(env::args_os(), env::current_dir().ok().as_deref()) {
        Ok(_) => Outcome::Clean,
        Err(_) => Outcome::Trouble,
    }
}

/// What is said of a command that is not there yet; below another command the word means something else.
fn later(said: &clap::Error, words: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Option<String> {
    let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(name))) =
        (said.kind(), said.get(ContextKind::InvalidSubcommand))
    else {
        return None;
    };
    let understood = Cli::command().ignore_errors(true).try_get_matches_from(words).ok()?;
    commands::later(name).filter(|_| understood.subcommand_name().is_none())
}

/// What is said of an option that stands before its command.
fn misplaced(said: &clap::Error, words: impl IntoIterator<Item = OsString>) -> Option<String> {
    let Some(ContextValue::String(option)) = said.get(ContextKind::InvalidArg) else { return None };
    let words: Vec<String> = words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let behind = words.iter().skip_while(|word| word.split('=').next() != Some(option)).skip(1);
    let long = |arg: &Arg| arg.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long));
    let short = |arg: &Arg| arg.get_short().is_some_and(|short| *option == format!("-{short}"));
    let cli = Cli::command();
    let mut commands = behind.filter_map(|word| cli.find_subcommand(word));
    let name =
        commands.find(|command| command.get_arguments().any(|arg| long(arg) || short(arg)))?.get_name();
    Some(format!(
        "`{option}` is an option of `{name}`\nhint: put it behind the command: `ripectl {name} {option} …`"
    ))
}

/// The same error, of words with nothing hidden in them: what is quoted begins no line.
fn on_its_lines(said: clap::Error, width: usize) -> clap::Error {
    let words = env::args_os().map(|word| visible::shown(word.to_string_lossy()));
    match Cli::of(words, width) {
        Err(same) if same.kind() == said.kind() => same,
        _ => said,
    }
}

/// What is left to do where no command is run: help and version are data, what is wrong with the line is talk.
fn ended(printer: Printer, said: &clap::Error) -> Outcome {
    if said.exit_code() != 0 {
        printer.usage(&said.render());
        return Outcome::Trouble;
    }
    match printer.help(&said.render()) {
        Ok(()) => Outcome::Clean,
        Err(error) => {
            printer.complain(&error.into());
            Outcome::Trouble
        }
    }
}

fn run(command: &Command, printer: Printer) -> anyhow::Result<Answer> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(command.run(printer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_of_the_future_stands_below_no_other() {
        let check = |words: &[&str], is_told: bool| {
            let words = || ["ripectl"].iter().chain(words);
            let said = Cli::of(words(), 80).unwrap_err();
            assert_eq!(later(&said, words()).is_some(), is_told, "{said}");
        };
        check(&["bgp"], true);
        check(&["-C", "sandbox", "bgp", "--force"], true);
        check(&["help", "bgp"], true);
        check(&["sandbox", "bgp"], false);
        check(&["sandbox", "help", "bgp"], false);
        check(&["bpg"], false);
    }
}
