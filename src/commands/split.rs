//! `ripectl split`: the prefixes that an allocation is divided into, shown or added to the estate.

use std::path::Path;

use anyhow::{Context, bail};

use super::{
    Answer, files,
    options::{ReportForm, Verbosity},
};
use crate::{
    disk::{CONFIG_LIMIT, Tree},
    estate::{self, CONFIG, Draft, Estate},
    finding::{Finding, Severity},
    net::{Asn, Family, Prefix, Split},
    outcome::Outcome,
    report::{Added, Again, Children, Format, Output, Printer, Stopped},
    user,
};

/// Show how a prefix divides
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The prefix, such as `2a0f:85c1:260::/44`
    prefix: String,
    /// The length of its children [default: 48 for IPv6, 24 for IPv4]
    #[arg(long, value_name = "LEN")]
    into: Option<u8>,
    /// Who originates them, such as `AS205398`
    #[arg(long, value_name = "ASN")]
    origin: Option<String>,
    /// Add it to ripectl.toml as an [[allocation]] with a block for each child
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    form: ReportForm,
    #[command(flatten)]
    verbosity: Verbosity,
}

impl Args {
    /// What a further command needs, to mean the same: nothing.
    pub fn again(&self) -> Again {
        Again::default()
    }

    /// How the division is shown.
    pub fn output(&self) -> Output {
        Output { verbose: self.verbosity.verbose, ..self.form.output() }
    }
}

/// As many prefixes are listed whole or written: a /32 in /48s.
const LISTED: u32 = 1 << 16;

/// Divides the prefix.
#[expect(clippy::unused_async, reason = "the shape of a command, also of one without I/O")]
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let prefix: Prefix = args.prefix.parse()?;
    let origin: Option<Asn> = args.origin.as_ref().map(|text| text.parse()).transpose()?;
    let usual = match prefix.family() {
        Family::V4 => 24,
        Family::V6 => 48,
    };
    let children = Children { split: Split::new(prefix, args.into.unwrap_or(usual))?, origin };
    let is_whole = args.write || args.verbosity.verbose || matches!(args.form.format, Format::Json);
    if is_whole && children.split.count() > LISTED {
        bail!(
            "{prefix} holds {} prefixes, more than the {LISTED} that are listed at once (a /32 in /48s)\n\
             hint: split a longer prefix, or look at the first ones without `-v`, as text",
            children.split.count()
        );
    }
    match args.write {
        true => Ok(Answer::new(Outcome::Clean, write(children, printer)?)),
        false => Ok(Answer::new(Outcome::Clean, children)),
    }
}

/// Adds the division to the estate: at the end of its file, whose text stays as it is. What would not load is not
/// written.
fn write(children: Children, printer: Printer) -> anyhow::Result<Added> {
    let root = files::root().context(format!(
        "an [[allocation]] is added to a {CONFIG}\nhint: for a first one here: `echo 'format = 1' > {CONFIG}`"
    ))?;
    let user = user::load().map_err(Stopped)?;
    let source = estate::config(&root).map_err(|finding| Stopped(vec![*finding]))?;
    let estate = sound(estate::load(&root, None, &user))?;
    apart(&estate, children.split.parent())?;
    let added = Added::to(&source.text, children, Path::new(CONFIG));
    let text = format!("{}{}", source.text, added.addition());
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > CONFIG_LIMIT {
        bail!(
            "{CONFIG} would have {} bytes; at most {CONFIG_LIMIT} are read\n\
             hint: write the [[allocation]] with its `split`, and name only the blocks that are used",
            text.len()
        );
    }
    let draft = Draft { config: Some(text.clone()), ..Draft::default() };
    sound(estate::load_draft(&root, &draft, None, &user))?;
    Tree::open(&root)?.replace(Path::new(CONFIG), text.as_bytes())?;
    printer.say("nothing is made of the blocks yet: `templates = { … }` says what, `at = [\"SITE\"]` where they are announced");
    Ok(added)
}

fn sound((estate, findings): (Option<Estate>, Vec<Finding>)) -> anyhow::Result<Estate> {
    estate.ok_or_else(|| {
        Stopped(findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect()).into()
    })
}

/// Address space belongs to one allocation.
fn apart(estate: &Estate, prefix: Prefix) -> Result<(), Stopped> {
    let overlaps = estate.allocations.iter().filter(|each| each.prefix.block().overlaps(prefix.block()));
    let finding = |other: &estate::Allocation| {
        let text = format!("{prefix} overlaps the allocation {}", other.prefix);
        let remedy = "give the block of this allocation a name there, or split what is still free";
        Finding::error("allocation-overlap", text).fix(remedy).at(other.place.clone())
    };
    let findings: Vec<Finding> = overlaps.map(finding).collect();
    if findings.is_empty() { Ok(()) } else { Err(Stopped(findings)) }
}
