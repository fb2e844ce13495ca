//! `ripectl init`: the first files of an estate, from a few answers and what is registered already.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::bail;

use super::{
    Answer,
    answering::Answering,
    drafting::{self, Drafting, Made, Proof},
    files,
    key::Need,
    looked_for::{Looked, gather},
    options::{RegistryOptions, ReportForm},
    session::Session,
};
use crate::{
    apply,
    begin::{self, Answer as A, Answers, Contact, Who},
    disk::{StateDir, Tree},
    estate::{self, CONFIG, Draft},
    finding::Finding,
    import::{self, Wanted},
    outcome::Outcome,
    registered::Registered,
    report::{Again, Headed, Initialised, Output, Printer, Stopped},
    rpsl::{Class, Key, Name, Object},
    sandbox::{self, Network, Status},
    user::{self, Configuration},
};

/// Write the first files of an estate here
///
/// Asks for what is not given, reads what the registry holds of it (no key is needed), takes over what is registered and
/// yours, and says what only others can do. Nothing of yours is written over. For many objects, `ripectl import` with
/// `--fold` is the better beginning.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Your maintainer, or the name of the one to make
    #[arg(long, value_name = "NAME")]
    mntner: Option<String>,
    /// Your AS number
    #[arg(long, value_name = "AS")]
    asn: Option<String>,
    /// A prefix of yours; may be repeated
    #[arg(long, value_name = "PREFIX")]
    prefix: Vec<String>,
    /// The country where your addresses are used, such as `NL`
    #[arg(long, value_name = "CC")]
    country: Option<String>,
    /// Where your LIR is written to
    #[arg(long, value_name = "MAIL")]
    lir: Option<String>,
    /// For a new maintainer: your name
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// For a new maintainer: a line of your postal address; may be repeated
    #[arg(long, value_name = "LINE")]
    address: Vec<String>,
    /// For a new maintainer: your telephone
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// For a new maintainer: where mail about your network goes
    #[arg(long, value_name = "MAIL")]
    email: Option<String>,
    /// For a new maintainer: the mail address of your RIPE NCC Access account [default: that of --email]
    #[arg(long, value_name = "MAIL")]
    account: Option<String>,
    /// For a new maintainer: your organisation, if one is to be made
    #[arg(long, value_name = "NAME")]
    org_name: Option<String>,
    /// Fill the sandbox with a base for your network, in the place of what it holds, and try it there
    #[arg(long)]
    sandbox: bool,
    /// With --sandbox: how your space is registered, such as ALLOCATED-BY-LIR or ASSIGNED-PI
    #[arg(long, value_name = "STATUS", requires = "sandbox")]
    status: Option<String>,
    /// With --sandbox: as if your LIR, or the RIPE NCC, had done their part already
    #[arg(long, requires = "sandbox")]
    given: bool,
    #[command(flatten)]
    registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.options().again()
    }

    /// How what was written is shown.
    pub fn output(&self) -> Output {
        self.registry.on(self.form.output())
    }

    /// Which registry is asked.
    fn options(&self) -> RegistryOptions {
        match self.sandbox {
            true => RegistryOptions { registry: Some("sandbox".to_owned()), ..self.registry.clone() },
            false => self.registry.clone(),
        }
    }
}

/// Asks, reads, drafts, proves, and then writes.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let user = user::load().map_err(Stopped)?;
    let root = free_folder()?;
    let mut answering = Answering::new(printer);
    let mut answers = network(args, &mut answering)?;
    let given = args.sandbox.then(|| sandbox_network(args, &answers, &mut answering));
    answering.agreed()?;
    let options = args.options();
    estate::registry(options.registry.as_deref(), &user).map_err(Stopped)?;
    if let Some(network) = given {
        let state = StateDir::open(options.state.state_dir.as_deref(), &root)?;
        sandbox::replace(&state.file(sandbox::STORE)?, sandbox::surroundings(&network)?)?;
    }
    let head = head(args, &answers);
    let base = Draft { config: Some(head.clone()), ..Draft::default() };
    let (estate, findings) = estate::load_draft(&root, &base, options.registry.as_deref(), &user);
    let estate = estate.ok_or(Stopped(findings))?;
    let session = Session::of(estate, user.clone(), &options, Need::Read, printer).await?;
    let wanted = wanted(&answers);
    let world = known(&session, &answers, &wanted).await?;
    let spaces = begin::spaces(&answers.prefixes, &world.objects, &session.estate.manage);
    let maintainer = world.objects.get(&Key::new(Class::Mntner, &answers.maintainer)).cloned();
    details(args, &mut answers, &spaces, maintainer.is_none(), &mut answering)?;
    answering.agreed()?;
    let contact = contact(&session, &answers, maintainer.as_ref()).await?;
    let base = begin::draft(&answers, &spaces, contact.as_ref(), &head, &world.objects);
    let found = import::sort(&world.objects, &wanted, &session.estate);
    let others = begin::others(&answers, &spaces, &world.objects);
    let made = proved(&root, &base, &user, &session, &options, &found, world).await?;
    drafting::write(&root, &made.draft, &made.replaced)?;
    let is_ignored = ignore(&root)?;
    let objects: BTreeMap<PathBuf, usize> =
        drafting::counted(&made.draft, &made.replaced).into_iter().collect();
    let files = [PathBuf::from(CONFIG)].into_iter().chain(made.draft.files.into_keys());
    let files = files.chain(is_ignored.then(|| PathBuf::from(IGNORE)));
    let files = files.map(|path| (path.clone(), objects.get(&path).copied().unwrap_or_default())).collect();
    let report = Initialised {
        registry: session.estate.registry.name.clone(),
        files,
        imported: made.objects.iter().map(Object::key).collect(),
        hidden: found.hidden,
        misfits: made.misfits,
        others,
        account: answers.who.as_ref().filter(|_| !args.sandbox).map(|who| who.account.clone()),
        plan: made.plan,
    };
    Ok(Answer::new(Outcome::Clean, Headed { about: session.about(), report }))
}

/// The name of the file of what git leaves alone.
const IGNORE: &str = ".gitignore";

/// Where the user stands, if no estate is there yet.
fn free_folder() -> anyhow::Result<PathBuf> {
    match files::root_if_any()? {
        None => files::here(),
        Some(root) => bail!(
            "{} is there already, and nothing was written\n\
             hint: `ripectl import --mntner YOUR-MNT` takes over what is registered; for another estate go to a folder that is not below this one",
            root.join(CONFIG).display()
        ),
    }
}

/// Whose network it is.
fn network(args: &Args, answering: &mut Answering) -> anyhow::Result<Answers> {
    let maintainer = answering.one(A::MNTNER, args.mntner.as_ref())?.to_ascii_uppercase();
    let asn = answering.one(A::ASN, args.asn.as_ref())?;
    let prefixes = answering.several(A::PREFIX, &args.prefix, Some(' '))?;
    let prefixes = prefixes.iter().filter_map(|text| text.parse().ok()).collect();
    Ok(Answers { maintainer, asn: asn.parse().ok(), prefixes, ..Answers::default() })
}

/// What the sandbox is filled for.
fn sandbox_network(args: &Args, answers: &Answers, answering: &mut Answering) -> Network {
    let status = args.status.as_ref().and_then(|text| {
        let status = Status::parse(text);
        if status.is_none() {
            let told = format!("`--status {}` is none that a base is made for", crate::visible::line(text));
            answering
                .refuse(Finding::error("answer", told).fix(format!("write one of {}", Status::listed())));
        }
        status
    });
    let registered = |prefix: &crate::net::Prefix| {
        let fits = status.filter(|status| status.is_of(prefix.family()));
        (*prefix, fits.unwrap_or_else(|| Status::usual(*prefix)))
    };
    Network {
        maintainer: answers.maintainer.clone(),
        asn: answers.asn,
        spaces: answers.prefixes.iter().map(registered).collect(),
        is_given: args.given,
    }
}

/// The beginning of `ripectl.toml`: whose objects are ours, and of which registry if that is not the usual one.
fn head(args: &Args, answers: &Answers) -> String {
    let other = args.registry.registry.as_deref().filter(|name| !["ripe", "sandbox"].contains(name));
    import::config::first(std::slice::from_ref(&answers.maintainer), other)
}

/// What is ours there.
fn wanted(answers: &Answers) -> Vec<Wanted> {
    let inside = answers.prefixes.iter().copied().map(Wanted::Inside);
    let routed = answers.asn.map(Wanted::OfOrigin);
    inside.chain(routed).chain([Wanted::MaintainedBy(answers.maintainer.clone())]).collect()
}

/// What the registry holds of it, and around it.
async fn known(session: &Session, answers: &Answers, wanted: &[Wanted]) -> anyhow::Result<Registered> {
    let Looked { mut world, .. } = session.reading(gather(session, wanted)).await?;
    session.reading(session.registry.ask(&begin::questions(answers), &[], &mut world)).await?;
    Ok(world)
}

/// What else must be known: who we are, if nobody knows our maintainer; the country of an organisation and of blocks.
fn details(
    args: &Args,
    answers: &mut Answers,
    spaces: &[begin::Space],
    is_new: bool,
    answering: &mut Answering,
) -> anyhow::Result<()> {
    if is_new {
        let person = answering.one(A::PERSON, args.person.as_ref())?;
        let address = answering.several(A::ADDRESS, &args.address, Some(';'))?;
        let phone = answering.one(A::PHONE, args.phone.as_ref())?;
        let email = answering.one(A::EMAIL, args.email.as_ref())?;
        let account = answering.one(A::ACCOUNT, args.account.as_ref())?;
        let organisation = Some(answering.one(A::ORGANISATION, args.org_name.as_ref())?);
        let account = if account.is_empty() { email.clone() } else { account };
        let organisation = organisation.filter(|name| !name.is_empty());
        answers.who = Some(Who { person, address, phone, email, account, organisation });
    }
    let is_divided = spaces.iter().any(|space| space.room != begin::Room::Whole);
    if is_divided || answers.who.as_ref().is_some_and(|who| who.organisation.is_some()) {
        answers.country = Some(answering.one(A::COUNTRY, args.country.as_ref())?.to_ascii_uppercase());
    }
    if spaces.iter().any(|space| !space.is_ours) {
        answers.lir = Some(answering.one(A::LIR, args.lir.as_ref())?).filter(|lir| !lir.is_empty());
    }
    Ok(())
}

/// Who stands in the templates: a contact of our maintainer, or a role under a handle that is free.
async fn contact(
    session: &Session,
    answers: &Answers,
    maintainer: Option<&Object>,
) -> anyhow::Result<Option<Contact>> {
    let Some(who) = &answers.who else {
        let handles = [Name::TechC, Name::AdminC].map(|name| maintainer.map(|object| object.values(name)));
        let handle = handles.into_iter().flatten().flatten().next();
        return Ok(handle.map(|handle| Contact { handle, is_new: false }));
    };
    let role = begin::role(who, &answers.maintainer)?;
    let source = &session.estate.registry.source;
    let free = session.reading(apply::free_handle(&session.registry, &role, source)).await;
    match free {
        Ok(key) => Ok(Some(Contact { handle: key.text().to_owned(), is_new: true })),
        Err(message) => bail!("{message}"),
    }
}

/// The files, with those of what is registered, once it is known what would be planned.
async fn proved(
    root: &Path,
    base: &Draft,
    user: &Configuration,
    session: &Session,
    options: &RegistryOptions,
    found: &import::Found,
    world: Registered,
) -> anyhow::Result<Made> {
    let drafting = Drafting {
        root,
        base,
        user,
        session,
        registry: options.registry.as_deref(),
        is_folded: false,
        is_forced: false,
        proof: Proof::Known,
    };
    drafting.proved(found, world).await
}

/// Lets git leave the state directory alone; whether a file was written for that.
fn ignore(root: &Path) -> anyhow::Result<bool> {
    let path = Path::new(IGNORE);
    if root.join(path).symlink_metadata().is_ok() {
        return Ok(false); // `.ripectl/` has one of its own, too
    }
    Tree::open(root)?.add(path, b".ripectl/\n")?;
    Ok(true)
}
