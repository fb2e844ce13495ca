//! The options that several commands have. Each stands only where it has an effect, and takes one value.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{
    ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::complete;
use crate::{
    report::{Again, Format, Output, Personal, ValidationDetail, quoted},
    visible,
};

/// Which registry is used, and where the program keeps things.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Registry")]
pub struct RegistryOptions {
    /// The registry: ripe, ripe-test, ripe-rc, sandbox, or one of ripectl.toml or your own configuration
    #[arg(long, value_name = "NAME", add = complete::registries())]
    pub registry: Option<String>,
    #[command(flatten)]
    pub state: StateOptions,
    /// No progress: neither a bar nor, where stderr is no terminal, a line every ten seconds
    #[arg(long)]
    pub no_progress: bool,
}

/// Where the program keeps things.
#[derive(Clone, Debug, clap::Args)]
pub struct StateOptions {
    /// Where the sandbox and the journals are kept [default: .ripectl beside ripectl.toml]
    #[arg(long, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
}

/// The form of a report that is no list of findings.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct ReportForm {
    /// The form of the output
    #[arg(long, value_parser = forms_of_reports(), default_value = "text")]
    pub format: Format,
}

/// The form of what looks for findings, and how much of them is shown.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct FindingForm {
    /// The form of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    #[command(flatten)]
    pub personal: PersonalOption,
    #[command(flatten)]
    pub verbosity: Verbosity,
}

/// The form of what has rows and findings: there may be a million.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct RowForm {
    /// The form of the output
    #[arg(long, value_parser = forms_of_rows(), default_value = "text")]
    pub format: Format,
    /// Show each announcement, also where there are more than 50 and nothing is wrong with them
    #[arg(long, conflicts_with = "summary")]
    pub all: bool,
    /// Show the outcome in a line
    #[arg(long)]
    pub summary: bool,
    #[command(flatten)]
    pub personal: PersonalOption,
    #[command(flatten)]
    pub verbosity: Verbosity,
}

impl RowForm {
    /// How it is shown.
    pub fn output(self) -> Output {
        self.personal.on(Output { format: self.format, verbose: self.verbosity.verbose, ..Output::default() })
    }

    /// How much of it people see.
    pub fn detail(self) -> ValidationDetail {
        match (self.all, self.summary) {
            (_, true) => ValidationDetail::Summary,
            (true, _) => ValidationDetail::All,
            _ => ValidationDetail::Findings,
        }
    }
}

/// The form of what changes of many rows.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct ChangeForm {
    /// The form of the output
    #[arg(long, value_parser = forms_of_rows(), default_value = "text")]
    pub format: Format,
    /// Show each announcement, also what stays as it is
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub personal: PersonalOption,
    #[command(flatten)]
    pub verbosity: Verbosity,
}

impl ChangeForm {
    /// How it is shown.
    pub fn output(self) -> Output {
        self.personal.on(Output { format: self.format, verbose: self.verbosity.verbose, ..Output::default() })
    }
}

/// The forms of what has rows.
fn forms_of_rows() -> impl TypedValueParser<Value = Format> {
    let forms = Format::value_variants().iter().chain([&Format::Csv]);
    PossibleValuesParser::new(forms.filter_map(ValueEnum::to_possible_value)).try_map(|name| {
        match name.as_str() {
            "csv" => Ok(Format::Csv),
            name => Format::from_str(name, false),
        }
    })
}

/// Whether personal data is masked.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct PersonalOption {
    /// Show e-mail, phone, address and auth in what is made for others to read, such as markdown
    #[arg(long)]
    pub show_personal: bool,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Verbosity {
    /// Show everything
    #[arg(short, long, overrides_with = "verbose")]
    pub verbose: bool,
}

/// The forms that every report has.
fn forms_of_reports() -> impl TypedValueParser<Value = Format> {
    let forms = Format::value_variants().iter().filter(|form| !matches!(form, Format::Findings(_)));
    PossibleValuesParser::new(forms.filter_map(ValueEnum::to_possible_value))
        .try_map(|name| Format::from_str(&name, false))
}

impl ReportForm {
    /// How the report is shown.
    pub fn output(self) -> Output {
        Output { format: self.format, ..Output::default() }
    }
}

impl FindingForm {
    /// How the findings are shown.
    pub fn output(self) -> Output {
        self.personal.on(Output { format: self.format, verbose: self.verbosity.verbose, ..Output::default() })
    }
}

impl PersonalOption {
    /// The same output, with or without personal data.
    pub fn on(self, output: Output) -> Output {
        Output { personal: if self.show_personal { Personal::Shown } else { Personal::Masked }, ..output }
    }
}

impl StateOptions {
    /// What a further command needs, to find the same.
    pub fn again(&self) -> Again {
        Again {
            state_dir: self.state_dir.as_ref().map(|folder| folder.display().to_string()),
            ..Again::default()
        }
    }
}

impl RegistryOptions {
    /// What a further command needs, to go to the same place.
    pub fn again(&self) -> Again {
        Again { registry: self.registry.clone(), ..self.state.again() }
    }

    /// The same options for what a saved plan names: `of`, in which it is for `registry`.
    pub fn for_saved(&self, of: &Path, registry: &str) -> anyhow::Result<RegistryOptions> {
        if let Some(other) = self.registry.as_ref().filter(|named| *named != registry) {
            bail!(
                "{} is a plan for `{}`, and not for `{}`\nhint: `ripectl apply {}` does it there",
                visible::shown(of.display()),
                visible::line(registry),
                visible::line(other),
                quoted(&of.display().to_string()),
            );
        }
        Ok(RegistryOptions { registry: Some(registry.to_owned()), ..self.clone() })
    }

    /// The same output, with a progress bar where somebody looks.
    pub fn on(&self, output: Output) -> Output {
        Output { progress: !self.no_progress, ..output }
    }
}
