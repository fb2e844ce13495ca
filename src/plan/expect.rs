//! What others must hold, looked up in what is known of the registry. Nothing of it is ever written.

use std::collections::BTreeSet;

use crate::{
    estate::{Absence, Demand, Estate, Expect, Side},
    finding::Location,
    net::Block,
    registered::{Known, Query, Registered, all},
    rpsl::{Class, Key, Name, Object},
};

/// An expectation of the estate, and what stands.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What is expected.
    pub demand: Demand,
    /// Whether it is so.
    pub met: bool,
    /// What stands, in one line.
    pub text: String,
    /// The registered objects that it speaks of: the one that is expected, or those that should not be there.
    pub stands: Vec<Key>,
    /// Whom to ask.
    pub ask: Option<String>,
    /// What to ask for, if it is not met.
    pub remedy: Option<String>,
    /// Declared objects that are not made because of what stands.
    pub left_out: Vec<Key>,
    /// Where it is expected.
    pub place: Location,
}

/// Every expectation of `estate`, or the questions that must be answered first.
pub fn expectations(world: &Registered, estate: &Estate) -> Result<Vec<Expectation>, BTreeSet<Query>> {
    let ours: Vec<&str> = estate.manage.maintainers.iter().map(Key::text).collect();
    all(estate.expects.iter().map(|expect| match &expect.demand {
        Demand::Has { key, values } => world.object(key).map(|object| has(expect, key, values, object)),
        Demand::Absent(absence) => found(world, absence).map(|found| absent(expect, absence, &found, &ours)),
    }))
}

fn has(expect: &Expect, key: &Key, values: &[(Name, Vec<String>)], object: Option<&Object>) -> Expectation {
    let Expect { demand, ask, place, .. } = expect.clone();
    let name = format!("{} {}", key.class(), key.text());
    let missing: Vec<&(Name, Vec<String>)> = values
        .iter()
        .filter(|(name, wanted)| {
            object.is_none_or(|object| !wanted.iter().all(|value| holds(object, *name, value)))
        })
        .collect();
    let met = object.is_some() && missing.is_empty();
    let text = match object {
        None => format!("{name} is not registered"),
        Some(_) if met && values.is_empty() => format!("{name} stands"),
        Some(_) if met => format!("{name}: {}", gathered(values)),
        Some(object) => {
            let parts: Vec<String> =
                missing.iter().map(|(name, wanted)| differs(object, *name, wanted)).collect();
            format!("{name}: {}", parts.join("; "))
        }
    };
    let whom = ask.clone().unwrap_or_else(|| "its holder".to_owned());
    let remedy = (!met).then(|| match object {
        None => format!(
            "ask {whom} to make it{}",
            wishes(&missing).map_or_else(String::new, |all| format!(" with {all}"))
        ),
        Some(_) => format!("ask {whom} for {} in it", wishes(&missing).unwrap_or_default()),
    });
    let stands = object.map(Object::key).into_iter().collect();
    Expectation { demand, met, text, stands, ask, remedy, left_out: Vec::new(), place }
}

/// Whether one of the values of `name` is `wanted`, as the registry compares: without regard to letter case. Of
/// `mnt-routes` the maintainer counts, unless a list of prefixes is wanted with it.
fn holds(object: &Object, name: Name, wanted: &str) -> bool {
    let same = |value: &String| match name {
        Name::MntRoutes if !wanted.contains('{') => {
            value.split([' ', '{']).next().is_some_and(|maintainer| maintainer.eq_ignore_ascii_case(wanted))
        }
        _ => value.eq_ignore_ascii_case(wanted),
    };
    object.values(name).iter().any(same)
}

/// `ALLOCATED-BY-LIR; mnt-lower, mnt-routes HOBBY-MNT`: attributes with the same values are named together.
fn gathered(values: &[(Name, Vec<String>)]) -> String {
    let mut groups: Vec<(Vec<&str>, String)> = Vec::new();
    for (name, wanted) in values {
        let wanted = wanted.join(", ");
        let label = Some(name.text()).filter(|_| *name != Name::Status);
        match groups
            .iter_mut()
            .find(|(labels, value)| *value == wanted && !labels.is_empty() && label.is_some())
        {
            Some((labels, _)) => labels.extend(label),
            None => groups.push((label.into_iter().collect(), wanted)),
        }
    }
    let group =
        |(labels, value): &(Vec<&str>, String)| format!("{} {value}", labels.join(", ")).trim().to_owned();
    groups.iter().map(group).collect::<Vec<_>>().join("; ")
}

fn differs(object: &Object, name: Name, wanted: &[String]) -> String {
    let wanted = wanted.join(", ");
    match object.values(name) {
        stand if stand.is_empty() => format!("{name} is missing, should be {wanted}"),
        stand => format!("{name} is {}, should be {wanted}", stand.join(", ")),
    }
}

/// The attributes to ask for, as they would be written.
fn wishes(missing: &[&(Name, Vec<String>)]) -> Option<String> {
    let wish = |(name, wanted): &&(Name, Vec<String>)| format!("`{name}: {}`", wanted.join(", "));
    let (last, others) = missing.split_last()?;
    let others: Vec<String> = others.iter().map(wish).collect();
    Some(match others.is_empty() {
        true => wish(last),
        false => format!("{} and {}", others.join(", "), wish(last)),
    })
}

/// The registered objects that should be absent, the closest first.
fn found<'a>(world: &'a Registered, absence: &Absence) -> Known<Vec<&'a Object>> {
    match absence {
        Absence::Object(key) => Ok(world.object(key)?.into_iter().collect()),
        Absence::Around { class, side, prefix } => {
            let block: Block = prefix.block();
            let beyond = match side.is_upward() {
                true => world.less_specific(*class, block)?.into_iter().flatten().collect(),
                false => world.more_specific(*class, block)?,
            };
            let at = if side.is_inclusive() { world.exact(*class, block)? } else { Vec::new() };
            Ok(at.into_iter().chain(beyond).collect())
        }
    }
}

fn absent(expect: &Expect, absence: &Absence, found: &[&Object], ours: &[&str]) -> Expectation {
    let Expect { demand, ask, place, .. } = expect.clone();
    let (class, side) = match absence {
        Absence::Object(key) => (key.class(), None),
        Absence::Around { class, side, .. } => (*class, Some(*side)),
    };
    let text = match (found, absence) {
        ([], Absence::Object(key)) => format!("no {} {}", key.class(), key.text()),
        ([], Absence::Around { class, side, prefix }) => format!("no {class} {} {prefix}", side.words()),
        ([first, others @ ..], _) => {
            let more =
                if others.is_empty() { String::new() } else { format!(" (and {} more)", others.len()) };
            let key = first.key();
            let held = first.values(Name::MntBy).join(", ");
            format!("{} {} ({held}) exists{more}{}", key.class(), key.text(), effect(class, side))
        }
    };
    let whom = ask.clone().unwrap_or_else(|| "its holder".to_owned());
    let remedy =
        (!found.is_empty()).then(|| format!("ask {whom} to delete it{}", instead(class, side, ours)));
    let stands = found.iter().map(|object| object.key()).collect();
    Expectation { demand, met: found.is_empty(), text, stands, ask, remedy, left_out: Vec::new(), place }
}

/// What the object does to ours, by the rules of the registry: domains of one line cannot nest (rules.md §6.10), and
/// the closest route above decides over a new one (rules.md §5).
fn effect(class: Class, side: Option<Side>) -> &'static str {
    let upward = side.map(Side::is_upward);
    match (class, upward) {
        (Class::Domain, Some(true)) => ": none of yours can be made below it",
        (Class::Domain, Some(false)) => ": none of yours can be made above it",
        (Class::Route6, Some(true)) => ": it decides who may make a route6 below it",
        (Class::Route, Some(true)) => ": it decides who may make a route below it",
        (Class::Inet6num | Class::Inetnum, Some(true)) => ": it decides what may be made below it",
        _ => "",
    }
}

/// What would do as well.
fn instead(class: Class, side: Option<Side>, ours: &[&str]) -> String {
    let upward = side.is_some_and(Side::is_upward);
    match (class, ours) {
        (Class::Route | Class::Route6, [first, ..]) if upward => {
            format!(", or for `mnt-routes: {first}` in it")
        }
        (Class::Domain, _) if upward => ", or for NS records in that zone instead".to_owned(),
        _ => String::new(),
    }
}
