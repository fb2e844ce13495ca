//! `ripectl completions`: what a shell reads to complete commands and options, and keys where it may ask.

use std::{
    env, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::ValueEnum;
use clap_complete::{
    Shell,
    env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh},
};

use super::{Answer, complete};
use crate::{
    outcome::Outcome,
    report::{Again, Output, Verbatim},
};

/// Print what a shell reads to complete what is typed
///
/// Bash: `source <(ripectl completions bash --dynamic)` in `~/.bashrc`; zsh: the same in `~/.zshrc`; fish:
/// `ripectl completions fish --dynamic | source` in `~/.config/fish/config.fish`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
    /// Ask ripectl at each word: keys, registries, credentials and runs are completed too
    #[arg(long)]
    dynamic: bool,
}

impl Args {
    /// What a further command needs, to mean the same: nothing.
    pub fn again(&self) -> Again {
        Again::default()
    }

    /// It is shown as it is.
    pub fn output(&self) -> Output {
        Output::default()
    }
}

/// The shells that may ask.
pub const SHELLS: Shells = Shells(&[&BashWithColons, &Elvish, &Fish, &Powershell, &Zsh]);

/// Writes it for the command line `line`.
pub fn run(args: &Args, mut line: clap::Command) -> anyhow::Result<Answer> {
    let (name, mut script) = (line.get_name().to_owned(), Vec::new());
    if args.dynamic {
        let shell = args.shell.to_possible_value().context("a shell without a name")?;
        let shell = SHELLS.completer(shell.get_name()).context("no shell of this name asks")?;
        shell.write_registration(complete::VARIABLE, &name, &name, &program()?, &mut script)?;
    } else {
        clap_complete::generate(args.shell, &mut line, name, &mut script);
    }
    Ok(Answer::new(Outcome::Clean, Verbatim(String::from_utf8(script)?)))
}

/// The program as the shell would start it again: by its name if that is how it was found.
fn program() -> anyhow::Result<String> {
    let word = PathBuf::from(env::args_os().next().unwrap_or_default());
    let is_path = word.components().count() > 1;
    let program = if is_path { env::current_dir().unwrap_or_default().join(&word) } else { word };
    program.to_str().map(str::to_owned).context("the path of the program is not UTF-8")
}

/// Bash, which takes a word apart at its colons, of which keys have many: they are joined again before it is asked, and
/// what stands before the last one is taken off what is offered.
struct BashWithColons;

const JOINED: &str = r#"
_clap_complete_NAME_joined() {
    local line="${COMP_LINE:0:COMP_POINT}" i
    local -a COMP_WORDS
    IFS=$' \t\n' read -r -a COMP_WORDS <<< "$line"
    if [[ "$line" == *[[:space:]] ]]; then
        COMP_WORDS+=("")
    fi
    local COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
    local word="${COMP_WORDS[COMP_CWORD]}"
    _clap_complete_NAME "$1" "$word" ""
    if [[ "$word" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
        local head="${word%"${word##*:}"}"
        for i in "${!COMPREPLY[@]}"; do
            COMPREPLY[i]="${COMPREPLY[i]:${#head}}"
        done
    fi
}
"#;

impl EnvCompleter for BashWithColons {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut script = Vec::new();
        Bash.write_registration(var, name, bin, completer, &mut script)?;
        let function = format!("_clap_complete_{}", name.replace('-', "_"));
        let script = String::from_utf8_lossy(&script);
        let joined = script.replace(&format!("-F {function} "), &format!("-F {function}_joined "));
        to.write_all(JOINED.replace("_clap_complete_NAME", &function).as_bytes())?;
        to.write_all(joined.as_bytes())
    }

    fn write_complete(
        &self,
        line: &mut clap::Command,
        words: Vec<std::ffi::OsString>,
        folder: Option<&Path>,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        Bash.write_complete(line, words, folder, to)
    }
}
