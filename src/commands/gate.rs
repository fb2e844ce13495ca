//! Judging announcements by all that there is to judge by: what a registry must be asked is asked until nothing is left.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::bail;
use jiff::Timestamp;

use super::{evidence, session::Session};
use crate::{
    irr::Route,
    net::Prefix,
    registered::Registered,
    report::{Validated, ValidationDetail},
    rpki::{self, VrpError},
    rpsl::Key,
    validate::{self, Grounds, Routes, Subject, Validation},
};

/// What announcements are judged by, besides what the registry of the estate says.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// VRPs.
    pub vrps: Option<Arc<rpki::Evidence>>,
    /// Route objects of others than the registry of the estate, in the order of their rank.
    pub routes: Option<Routes>,
    /// Whether the registry of the estate is asked.
    pub asks_registry: bool,
    /// Whether the demands of upstreams are looked at.
    pub upstreams: bool,
    /// Only what lies in these prefixes is told; all, if there is none.
    pub within: Vec<Prefix>,
    /// The names of the sources of what was seen.
    pub seen_in: Option<Vec<String>>,
    /// How much of the outcome people see.
    pub detail: ValidationDetail,
}

/// Validates the declared announcements with `vrps` and what is registered.
pub async fn of_estate(session: &Session, vrps: rpki::Evidence) -> anyhow::Result<Validated> {
    let subjects = validate::subjects(Some(&session.estate), std::iter::empty(), &[]);
    let given =
        Given { vrps: Some(Arc::new(vrps)), asks_registry: true, upstreams: true, ..Given::default() };
    judge(Some(session), subjects, given).await
}

/// Validates `subjects`; `session` is that of the estate, if there is one.
pub async fn judge(
    session: Option<&Session>,
    subjects: Vec<Subject>,
    given: Given,
) -> anyhow::Result<Validated> {
    let routes = match session.filter(|_| given.asks_registry) {
        Some(session) => Some(session.reading(registered(session, &subjects, given.routes)).await?),
        None => given.routes,
    };
    let estate = session.map(|session| Arc::clone(&session.estate));
    let grounds = Grounds {
        estate: estate.clone(),
        vrps: given.vrps,
        routes: routes.map(Arc::new),
        upstreams: given.upstreams,
        within: given.within,
        seen_in: given.seen_in,
        now: Timestamp::now(),
    };
    let validation = validate::validate(subjects, grounds);
    whole_evidence(&validation)?;
    Ok(Validated { evidence: evidence::described(&validation), validation, detail: given.detail })
}

/// A trust anchor of which nothing is known is no proof that there is no ROA.
fn whole_evidence(validation: &Validation) -> Result<(), VrpError> {
    let (Some((rir, prefix, others)), Some(evidence)) =
        (validation.space_without_anchor(), &validation.grounds.vrps)
    else {
        return Ok(());
    };
    Err(VrpError::AnchorOfSpaceMissing {
        name: evidence.source.clone(),
        anchor: rir.anchor(),
        prefix: prefix.to_string(),
        others,
        found: evidence.vrps.anchors().map(str::to_owned).collect(),
    })
}

/// The route objects of the registry, before those of `others`. What is not there is asked for once more, past all
/// replicas that may be behind.
async fn registered(
    session: &Session,
    subjects: &[Subject],
    others: Option<Routes>,
) -> anyhow::Result<Routes> {
    let mut world = Registered::default();
    let ours = validate::asked_of_registry(&session.estate, subjects);
    let (blocks, source) = (session.blocks(), &session.estate.registry.source);
    let (mut asked, mut confirmed) = (BTreeSet::new(), false);
    loop {
        let prefixes = ours.iter().map(|subject| subject.prefix);
        match validate::registered_routes(&world, prefixes, source) {
            Ok(own) => {
                let routes = joined(own, source, others.as_ref());
                let missing = unmatched(session, &ours, &routes);
                if confirmed || missing.is_empty() {
                    return Ok(routes);
                }
                session.registry.catch_up(missing, &mut world).await?;
                confirmed = true;
            }
            Err(open) if open.is_subset(&asked) => {
                bail!("the registry's answers left questions open: {open:?}")
            }
            Err(open) => {
                session.registry.ask(&open, &blocks, &mut world).await?;
                asked.extend(open);
            }
        }
    }
}

fn joined(own: Vec<Route>, source: &str, others: Option<&Routes>) -> Routes {
    let mut all = own;
    all.extend(others.iter().flat_map(|routes| routes.iter().cloned()));
    let sources = std::iter::once(source.to_owned());
    let sources = sources.chain(others.iter().flat_map(|routes| routes.sources.clone())).collect();
    Routes::new(all, sources, others.is_some_and(|routes| routes.is_complete))
}

fn unmatched(session: &Session, ours: &[Subject], routes: &Routes) -> BTreeSet<Key> {
    let grounds = Grounds {
        estate: Some(Arc::clone(&session.estate)),
        vrps: None,
        routes: Some(Arc::new(routes.clone())),
        upstreams: false,
        within: Vec::new(),
        seen_in: None,
        now: Timestamp::now(),
    };
    validate::validate(ours.to_vec(), grounds).unmatched().collect()
}

/// Something is to be judged within each prefix that was typed: what was not looked at is not ok.
pub fn something_within(subjects: &[Subject], within: &[Prefix]) -> anyhow::Result<()> {
    let hint =
        "hint: `[allocation.blocks]` says what is announced where, and `--announcements` what routers say";
    let is_empty = |prefix: &&Prefix| !subjects.iter().any(|subject| prefix.covers(subject.prefix));
    let empty: Vec<String> = within.iter().filter(is_empty).map(Prefix::to_string).collect();
    match empty.as_slice() {
        [] if subjects.is_empty() => bail!("nothing is announced\n{hint}"),
        [] => Ok(()),
        empty => bail!("nothing is announced within {}\n{hint}", empty.join(", ")),
    }
}
