//! Judging announcements by all that there is to judge by: what a registry must be asked is asked until nothing is left.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::bail;
use jiff::Timestamp;

use super::{evidence, session::Session};
use crate::{
    net::Prefix,
    registered::Registered,
    report::{Validated, ValidationDetail},
    rpki::{self, VrpError},
    rpsl::Key,
    validate::{self, Grounds, Routes, Subject, Validation},
};

/// Where route objects are from.
#[derive(Clone, Debug, Default)]
pub enum RouteOrigin {
    /// They are not looked at.
    #[default]
    Nowhere,
    /// The registry of the estate is asked.
    Registry,
    /// They were read of dumps and of other registries.
    Read(Routes),
}

/// What announcements are judged by.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// VRPs.
    pub vrps: Option<Arc<rpki::Evidence>>,
    /// Where route objects are from.
    pub routes: RouteOrigin,
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
    let subjects = validate::subjects(Some(&session.estate), Vec::new(), &[]);
    let given = Given {
        vrps: Some(Arc::new(vrps)),
        routes: RouteOrigin::Registry,
        upstreams: true,
        ..Given::default()
    };
    judge(Some(session), subjects, given).await
}

/// Validates `subjects`; `session` is that of the estate, if there is one.
pub async fn judge(
    session: Option<&Session>,
    subjects: Vec<Subject>,
    given: Given,
) -> anyhow::Result<Validated> {
    let routes = match (given.routes, session) {
        (RouteOrigin::Read(routes), _) => Some(routes),
        (RouteOrigin::Registry, Some(session)) => {
            Some(session.reading(registered(session, &subjects)).await?)
        }
        (RouteOrigin::Registry, None) | (RouteOrigin::Nowhere, _) => None,
    };
    let grounds = Grounds {
        estate: session.map(|session| Arc::clone(&session.estate)),
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
pub fn whole_evidence(validation: &Validation) -> Result<(), VrpError> {
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

/// The route objects of the registry of the estate. What is not there is asked for once more, past all replicas that may be
/// behind.
async fn registered(session: &Session, subjects: &[Subject]) -> anyhow::Result<Routes> {
    let mut world = Registered::default();
    let ours = validate::asked_of_registry(&session.estate, subjects);
    let (blocks, source) = (session.blocks(), &session.estate.registry.source);
    let (mut asked, mut confirmed) = (BTreeSet::new(), false);
    loop {
        let prefixes = ours.iter().map(|subject| subject.prefix);
        match validate::registered_routes(&world, prefixes, source) {
            Ok(own) => {
                let routes = Routes::new(own, vec![source.clone()], false);
                let missing: BTreeSet<Key> = validate::unmatched(&ours, &routes).collect();
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
