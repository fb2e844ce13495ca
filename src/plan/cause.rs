//! The causes that many refusals have in common: told once and first, with the number of steps.

use std::collections::{BTreeMap, BTreeSet};

use super::{Plan, Step};
use crate::{
    estate::{Endpoint, Estate},
    finding::{Finding, Location, Severity, counted},
    net::Block,
    registered::Registered,
    rpsl::{Class, Object},
    rules::{Authority, Decision, maintainers},
};

/// So many steps that are refused for one cause are told together.
const MANY: usize = 3;

/// Why several steps of a plan are refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cause {
    /// What it is.
    pub text: String,
    /// How many steps it refuses.
    pub steps: usize,
    /// How many steps the plan has.
    pub of: usize,
    /// Where it was declared.
    pub place: Option<Location>,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Cause {
    /// The same as a finding.
    pub fn finding(&self) -> Finding {
        let Cause { text, steps, of, place, remedy } = self;
        let text = format!("{text}; for this {steps} of {} will be refused", counted(*of, "step"));
        let finding = Finding::error("one-cause", text).weighing(Severity::Warning);
        Finding { place: place.clone(), remedy: remedy.clone(), ..finding }
    }
}

/// Why a step is refused.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Reason {
    /// The allocation with this number is not registered.
    Unregistered(usize),
    /// The key speaks for nobody who is asked.
    WrongKey,
    /// The key speaks for none of these.
    OtherKey(Vec<String>),
    /// The registry says this.
    Said(String),
}

/// What is known of the steps that are refused for one reason.
#[derive(Default)]
struct Refused<'a> {
    steps: usize,
    asked: BTreeSet<&'a str>,
    decider: Option<&'a Authority>,
    remedy: Option<&'a str>,
}

/// The causes of the refusals of a plan that are common to many, the one of most steps first. `speaks_for` is for whom the
/// key speaks, if there is one.
pub fn causes(plan: &Plan, world: &Registered, estate: &Estate, speaks_for: Option<&[String]>) -> Vec<Cause> {
    let blocks = unregistered(world, estate);
    let mut found: BTreeMap<Reason, Refused> = BTreeMap::new();
    for (step, decision) in plan.refused().filter_map(|step| Some((step, step.decision.as_ref()?))) {
        let Some((reason, decider)) = reason(step, decision, &blocks, speaks_for) else { continue };
        let refused = found.entry(reason).or_default();
        refused.steps += 1;
        refused.asked.extend(decider.into_iter().flat_map(theirs));
        refused.decider = refused.decider.or(decider);
        let first = decision.errors().next().and_then(|message| message.remedy.as_deref());
        refused.remedy = if refused.steps == 1 || refused.remedy == first { first } else { None };
    }
    let is_told = |(reason, refused): &(Reason, Refused)| match reason {
        Reason::Unregistered(_) | Reason::WrongKey => true,
        Reason::OtherKey(_) | Reason::Said(_) => refused.steps >= MANY,
    };
    let mut told: Vec<(Reason, Refused)> = found.into_iter().filter(is_told).collect();
    told.sort_by_key(|(_, refused)| std::cmp::Reverse(refused.steps));
    let of = plan.steps.len();
    told.into_iter().filter_map(|(reason, refused)| cause(reason, &refused, of, &blocks, estate)).collect()
}

/// The allocations that no block is registered or declared for, by their number.
fn unregistered(world: &Registered, estate: &Estate) -> Vec<(usize, Block, Location)> {
    let stands = |block: Block| {
        let registered = world.exact(class_of(block), block);
        let declared = || {
            estate
                .declared
                .iter()
                .any(|each| is_block(each.object.class()) && each.object.block() == Some(block))
        };
        registered.is_err() || registered.is_ok_and(|found| !found.is_empty()) || declared()
    };
    let allocations = estate.allocations.iter().enumerate();
    allocations
        .map(|(number, allocation)| (number, allocation.prefix.block(), allocation.place.clone()))
        .filter(|(_, block, _)| !stands(*block))
        .collect()
}

fn class_of(block: Block) -> Class {
    crate::rules::authorise::class_of(block)
}

fn is_block(class: Class) -> bool {
    matches!(class, Class::Inetnum | Class::Inet6num)
}

/// Why a step is refused, and who would have had to consent; the reason that lies deepest.
fn reason<'a>(
    step: &Step,
    decision: &'a Decision,
    blocks: &[(usize, Block, Location)],
    speaks_for: Option<&[String]>,
) -> Option<(Reason, Option<&'a Authority>)> {
    let refuses = |authority: &&Authority| {
        authority.proven.is_none() && decision.errors().any(|message| message.rule == authority.rule)
    };
    let refusing: Vec<&Authority> = decision.authority.iter().filter(refuses).collect();
    let own = step.change.as_object().and_then(Object::block);
    let space = refusing.iter().copied().find(|authority| authority.is_space);
    if let (Some(own), Some(space)) = (own, space)
        && let Some((number, ..)) = blocks.iter().find(|(_, block, _)| block.contains(own))
    {
        return Some((Reason::Unregistered(*number), Some(space)));
    }
    let first = decision.errors().next()?;
    let Some(decider) = refusing.into_iter().find(|authority| !authority.maintainers.is_empty()) else {
        return Some((Reason::Said(first.to_string().trim().to_owned()), None));
    };
    let reason = match speaks_for {
        Some([]) => Reason::WrongKey,
        _ => Reason::OtherKey(theirs(decider).into_iter().map(str::to_owned).collect()),
    };
    Some((reason, Some(decider)))
}

/// The maintainers that are asked, without those of the RIPE NCC, whose key nobody else has.
fn theirs(decider: &Authority) -> BTreeSet<&str> {
    let names = decider.maintainers.iter().map(String::as_str);
    names.filter(|name| !maintainers::is_one_of(maintainers::REGISTRY, name)).collect()
}

fn cause(
    reason: Reason,
    refused: &Refused,
    of: usize,
    blocks: &[(usize, Block, Location)],
    estate: &Estate,
) -> Option<Cause> {
    let said = refused.remedy.filter(|remedy| !remedy.is_empty()).map(str::to_owned);
    let (text, place, remedy) = match reason {
        Reason::Unregistered(number) => {
            let (_, block, place) = blocks.iter().find(|(other, ..)| *other == number)?;
            let way = way_to_block(refused.decider, estate);
            (not_there(*block, refused.decider, estate), Some(place.clone()), Some(way))
        }
        Reason::WrongKey => {
            let asked = refused.asked.iter().copied().collect::<Vec<_>>().join(", ");
            let way = format!(
                "a key that is mistyped, expired or made for another registry is taken for none by {}: `ripectl whoami` \
                 shows which it is; give one of {asked}",
                estate.registry.name
            );
            let text = format!("the key speaks for none of the maintainers that are asked: {asked}");
            (text, None, Some(way))
        }
        Reason::OtherKey(names) => (format!("the key does not speak for {}", names.join(" or ")), None, said),
        Reason::Said(text) => (text, None, said),
    };
    Some(Cause { text, steps: refused.steps, of, place, remedy })
}

fn not_there(block: Block, decider: Option<&Authority>, estate: &Estate) -> String {
    let (class, prefix) = (class_of(block), block.prefix_text());
    let above = decider.filter(|decider| is_block(decider.object.class()));
    let above = above.map_or_else(
        || "nothing stands above it".to_owned(),
        |decider| format!("{} of {} is what stands above it", decider.object, decider.maintainers.join(", ")),
    );
    format!("{class}/{prefix} is not registered ({}): {above}", estate.registry.name)
}

/// How a block comes into the registry of the run.
fn way_to_block(decider: Option<&Authority>, estate: &Estate) -> String {
    match estate.registry.endpoint {
        Endpoint::Embedded => {
            "the sandbox begins with the example network, and nothing of yours: `ripectl sandbox copy --registry ripe` fills it \
             with what stands around your estate"
                .to_owned()
        }
        Endpoint::Url(_) | Endpoint::Unknown => {
            let holder = decider.filter(|decider| !decider.is_unregistered_space());
            let holder = holder.map_or_else(|| "your LIR".to_owned(), |decider| decider.maintainers.join(" or "));
            format!("correct the prefix, or ask {holder} to register the block for you")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        estate,
        plan::{EarlierRound, PlanOptions, plan, preflight},
        registered::Inventory,
        rules::{Credential, KeyScope, Settings},
    };

    /// The causes of the refusals of the repository's own estate over the sandbox's content, with a key of these.
    fn check(proven: &[&str], hidden: &str, expected: &[&str]) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let estate = estate::load(root, Some("sandbox"), &crate::user::Configuration::default()).0.unwrap();
        let base =
            include_str!("../sandbox/base.rpsl").split("\n\n").filter_map(|text| Object::parse(text).ok());
        let world =
            Registered::whole(Inventory::of(base.filter(|object| object.key().to_string() != hidden)));
        let proven: Vec<String> = proven.iter().map(|name| (*name).to_owned()).collect();
        let mut plan = plan(&world, &estate, &PlanOptions::default()).unwrap();
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        let key_scopes =
            [KeyScope { key: String::new(), credential: Credential::Maintainers(proven.clone()) }];
        preflight(&mut plan.steps, EarlierRound::default(), &world, &key_scopes, &Settings::default(), now);
        let causes = causes(&plan, &world, &estate, Some(&proven));
        let told: Vec<String> = causes
            .into_iter()
            .map(|cause| cause.finding())
            .map(|finding| format!("{} → {}", finding.text, finding.remedy.unwrap_or_default()))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn a_cause_stands_for_all_its_steps() {
        check(&["HOBBY-MNT"], "", &[]);
        check(
            &[],
            "",
            &[
                "the key speaks for none of the maintainers that are asked: HOBBY-MNT; for this 38 of 38 steps will be refused → a \
               key that is mistyped, expired or made for another registry is taken for none by sandbox: `ripectl whoami` \
               shows which it is; give one of HOBBY-MNT",
            ],
        );
        check(
            &["SPONSOR-MNT"],
            "",
            &["the key does not speak for HOBBY-MNT; for this 38 of 38 steps will be refused → "],
        );
        check(
            &["HOBBY-MNT"],
            "inet6num/2a0f:85c1:260::/44",
            &[
                "inet6num/2a0f:85c1:260::/44 is not registered (sandbox): inet6num/2a0f:85c0::/29 of SPONSOR-MNT is what \
               stands above it; for this 33 of 38 steps will be refused → the sandbox begins with \
               the example network, and nothing of yours: `ripectl sandbox copy --registry ripe` fills it with what stands \
               around your estate",
            ],
        );
    }
}
