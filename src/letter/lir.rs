//! The letter to the LIR.

use std::collections::{BTreeMap, BTreeSet};

use super::{Item, Letter, Wish};
use crate::{
    estate::{Announcement, Demand, Estate, PublisherKind},
    plan::{Expectation, Plan, Step},
    registered::Registered,
    rpki::{self, VrpSet},
    rpsl::{Class, Draft, Key, Name, Object, syntax},
    rules::Authority,
};

/// What the LIR must do for the plan, and for the announcements that `vrps` do not make valid; without VRPs for all of
/// those that it publishes for.
pub fn to_lir(plan: &Plan, world: &Registered, estate: &Estate, vrps: Option<&VrpSet>) -> Letter {
    let mut items: Vec<Item> = plan.unmet().flat_map(|unmet| expected(unmet, plan, world, estate)).collect();
    let asked: BTreeSet<Key> = plan.unmet().flat_map(subjects).collect();
    items.extend(permissions(plan, world, estate, &asked));
    items.extend(roas(estate, vrps));
    let to = if items.is_empty() { Vec::new() } else { receivers(plan, estate) };
    Letter {
        to,
        from: from(world, estate),
        subject: subject(&items, estate),
        opening: opening(estate),
        items,
    }
}

/// The objects that an expectation is about.
fn subjects(unmet: &Expectation) -> Vec<Key> {
    match &unmet.demand {
        Demand::Has { key, .. } => vec![key.clone()],
        Demand::Absent(_) => unmet.stands.clone(),
    }
}

/// What is asked for where an expectation is not met.
fn expected(unmet: &Expectation, plan: &Plan, world: &Registered, estate: &Estate) -> Vec<Item> {
    match &unmet.demand {
        // An AS number is no LIR's to make: `asn request` asks for it.
        Demand::Has { key, .. } if key.class() == Class::AutNum && unmet.stands.is_empty() => Vec::new(),
        Demand::Has { key, values } => {
            let why = waiting_for(key, plan);
            let wish = match world.objects.get(key) {
                Some(object) => added(object, values),
                None => Wish::Make { key: key.clone(), lines: lines(values) },
            };
            vec![Item { wish, why }]
        }
        Demand::Absent(_) => {
            unmet.stands.iter().map(|key| in_the_way(key, unmet, plan, (world, estate))).collect()
        }
    }
}

/// The steps that wait for an object.
fn waiting_for(key: &Key, plan: &Plan) -> Vec<String> {
    let waits = |step: &&Step| step.needs.iter().any(|need| need.key == *key);
    plan.steps.iter().filter(waits).map(|step| step.change.id().to_string()).collect()
}

fn lines(values: &[(Name, Vec<String>)]) -> Vec<String> {
    let line = |name: &Name, value: &String| format!("{:<15} {value}", format!("{name}:"));
    values.iter().flat_map(|(name, values)| values.iter().map(move |value| line(name, value))).collect()
}

/// The object with the values that it lacks.
fn added(object: &Object, values: &[(Name, Vec<String>)]) -> Wish {
    let mut draft = object.edit();
    let mut missing: Vec<(Name, Vec<String>)> = Vec::new();
    for (name, wanted) in values {
        let has = |value: &String| object.values(*name).iter().any(|own| own.eq_ignore_ascii_case(value));
        let lacking: Vec<String> = wanted.iter().filter(|value| !has(value)).cloned().collect();
        for value in &lacking {
            put(&mut draft, object, *name, value);
        }
        if !lacking.is_empty() {
            missing.push((*name, lacking));
        }
    }
    for written_by_registry in [Name::Created, Name::LastModified] {
        draft.remove(written_by_registry);
    }
    let after = draft.build().unwrap_or_else(|_| object.clone());
    Wish::Add { key: object.key(), lines: lines(&missing), after }
}

/// Puts a value behind the others of its name; a status has no other.
fn put(draft: &mut Draft, object: &Object, name: Name, value: &str) {
    let last = draft.pairs.iter().rposition(|(label, _)| Name::from_text(label.trim()) == Some(name));
    match last {
        _ if name == Name::Status => draft.set(name, value),
        Some(last) => draft.pairs.insert(last + 1, (name.text().to_owned(), value.to_owned())),
        None => draft.insert(object.class(), name, value),
    }
}

/// An object of others that stands where ours should.
fn in_the_way(key: &Key, unmet: &Expectation, plan: &Plan, (world, estate): (&Registered, &Estate)) -> Item {
    let mut why = waiting_for(key, plan);
    why.extend(unmet.left_out.iter().map(Key::to_string));
    let records = delegations(&unmet.left_out, estate);
    let wish = match key.class() {
        Class::Domain if !records.is_empty() => Wish::Delegate { key: key.clone(), records },
        class => {
            let ours = estate.manage.maintainers.first().filter(|_| class.is_route());
            Wish::Remove { key: key.clone(), instead: ours.and_then(|ours| permitting(key, ours, world)) }
        }
    };
    Item { wish, why }
}

/// The line that lets ours stand below a route, and the route with it.
fn permitting(key: &Key, ours: &Key, world: &Registered) -> Option<(String, Object)> {
    match added(world.objects.get(key)?, &[(Name::MntRoutes, vec![ours.text().to_owned()])]) {
        Wish::Add { lines, after, .. } => Some((lines.concat(), after)),
        _ => None,
    }
}

/// The NS records, and those of DNSSEC, of zones that are left out.
fn delegations(zones: &[Key], estate: &Estate) -> Vec<String> {
    let declared = estate.declared.iter().map(|declared| &declared.object);
    let zones = declared.filter(|object| zones.contains(&object.key()));
    let record =
        |zone: &Object, kind: &str, value: &str| format!("{}. IN {kind} {value}", zone.written_key());
    zones
        .flat_map(|zone| {
            let servers = zone.values(Name::Nserver).into_iter().filter_map(|value| {
                let name = value.split_whitespace().next()?.trim_end_matches('.').to_owned();
                Some(record(zone, "NS", &format!("{name}.")))
            });
            let signers = zone.values(Name::DsRdata).into_iter().map(|value| record(zone, "DS", &value));
            servers.chain(signers).collect::<Vec<String>>()
        })
        .collect()
}

/// What others must permit without anybody having expected it: for each object that refuses steps, the smallest permission.
fn permissions(plan: &Plan, world: &Registered, estate: &Estate, asked: &BTreeSet<Key>) -> Vec<Item> {
    let Some(ours) = estate.manage.maintainers.first() else { return Vec::new() };
    let mut found: BTreeMap<(Key, Name), Vec<String>> = BTreeMap::new();
    for step in plan.refused() {
        for authority in refusing(step).filter(|authority| !asked.contains(&authority.object)) {
            let Some(way) = authority.ways.first() else { continue };
            found.entry((authority.object.clone(), *way)).or_default().push(step.change.id().to_string());
        }
    }
    let item = |((key, way), why): ((Key, Name), Vec<String>)| {
        let object = world.objects.get(&key)?;
        Some(Item { wish: added(object, &[(way, vec![ours.text().to_owned()])]), why })
    };
    found.into_iter().filter_map(item).collect()
}

/// Those who would have to consent to a step and do not, as it stands.
fn refusing(step: &Step) -> impl Iterator<Item = &Authority> {
    step.decision.iter().flat_map(|decision| {
        let refuses = |authority: &&Authority| {
            authority.proven.is_none() && decision.errors().any(|message| message.rule == authority.rule)
        };
        decision.authority.iter().filter(refuses)
    })
}

/// The ROAs that the LIR publishes, and that are not there, as far as that is known.
fn roas(estate: &Estate, vrps: Option<&VrpSet>) -> Vec<Item> {
    let publishers = estate.rpki.iter().flat_map(|rpki| &rpki.publishers);
    let prefixes: Vec<_> = publishers
        .filter(|publisher| publisher.kind == PublisherKind::Lir)
        .flat_map(|publisher| publisher.prefixes.iter().copied())
        .collect();
    let is_theirs = |announced: &&Announcement| prefixes.iter().any(|prefix| prefix.covers(announced.prefix));
    let is_valid = |announced: &Announcement| {
        vrps.is_some_and(|vrps| {
            rpki::validate(vrps, announced.prefix, announced.origin).state == rpki::State::Valid
        })
    };
    let missing = estate.announcements.iter().filter(is_theirs).filter(|announced| !is_valid(announced));
    let item = |announced: &Announcement| Item {
        wish: Wish::Roa {
            prefix: announced.prefix,
            origin: announced.origin,
            max_length: announced.prefix.len(),
        },
        why: vec![format!("announced at {}", announced.sites.join(", "))],
    };
    missing.map(item).collect()
}

/// To whom it goes: whoever is to be asked, and who publishes the ROAs.
fn receivers(plan: &Plan, estate: &Estate) -> Vec<String> {
    let asked = plan.unmet().filter_map(|unmet| unmet.ask.clone());
    let publishers = estate.rpki.iter().flat_map(|rpki| &rpki.publishers);
    let publishers = publishers.filter(|publisher| publisher.kind == PublisherKind::Lir);
    let mut all: Vec<String> = Vec::new();
    for to in asked.chain(publishers.filter_map(|publisher| publisher.mail_to.clone())) {
        if is_mail(&to) && !all.iter().any(|known| known.eq_ignore_ascii_case(&to)) {
            all.push(to);
        }
    }
    all
}

/// Whether it is the address of a mailbox: `ask` may be the name of somebody.
fn is_mail(text: &str) -> bool {
    syntax::check(Name::EMail.row().syntax, Class::Role, text).is_ok()
}

/// Where our maintainers want mail to go.
fn from(world: &Registered, estate: &Estate) -> Option<String> {
    let ours = &estate.manage.maintainers;
    let declared =
        estate.declared.iter().map(|declared| &declared.object).filter(|object| ours.contains(&object.key()));
    let registered = ours.iter().filter_map(|key| world.objects.get(key));
    declared
        .chain(registered)
        .find_map(|object| object.values(Name::UpdTo).into_iter().find(|to| is_mail(to)))
}

fn subject(items: &[Item], estate: &Estate) -> String {
    let spaces: Vec<String> = estate.allocations.iter().map(|each| each.prefix.to_string()).collect();
    let roas = items.iter().filter(|item| matches!(item.wish, Wish::Roa { .. })).count();
    let objects = items.len() - roas;
    let parts = [(objects, "object"), (roas, "ROA")];
    let parts = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| crate::finding::counted(*count, what));
    let spaces = if spaces.len() > 3 { format!("{} prefixes", spaces.len()) } else { spaces.join(", ") };
    format!("{spaces}: {} to change for us", parts.collect::<Vec<_>>().join(" and "))
}

fn opening(estate: &Estate) -> String {
    let origins: BTreeSet<String> = estate.announcements.iter().map(|each| each.origin.to_string()).collect();
    let maintainers: Vec<&str> = estate.manage.maintainers.iter().map(Key::text).collect();
    let of = if origins.is_empty() {
        String::new()
    } else {
        format!(" ({})", origins.into_iter().collect::<Vec<_>>().join(", "))
    };
    format!("For our network{of}, maintained by {}, we ask you for the following.", maintainers.join(", "))
}
