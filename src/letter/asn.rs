//! What is needed to ask for an AS number: what a sponsoring LIR, or the RIPE NCC, wants to see (ripe-848 asks for a network
//! that is connected to two others, and for an organisation that is registered).

use crate::{
    check,
    estate::{Declared, Estate},
    finding::Finding,
    net::Asn,
    registered::Registered,
    rpsl::{Class, Key, Name, Object},
    rules::Settings,
};

/// The pack.
#[derive(Clone, Debug)]
pub struct AsnRequest {
    /// Who will hold it.
    pub organisation: Object,
    /// Whom to write to about it.
    pub contact: Key,
    /// Who may change it.
    pub maintainers: Vec<Key>,
    /// What will be announced.
    pub prefixes: Vec<String>,
    /// The networks that it will be connected to.
    pub peers: Vec<Asn>,
    /// The aut-num as it would be, its number still to be given.
    pub draft: Object,
}

/// The pack for an AS number with these peers, or all that is missing. `world` has what is registered of the peers and of
/// ours.
pub fn asn_request(
    estate: &Estate,
    world: &Registered,
    peers: &[Asn],
    settings: &Settings,
    now: jiff::Timestamp,
) -> Result<AsnRequest, Vec<Finding>> {
    let mut problems = Vec::new();
    let organisation = organisation(estate, world, &mut problems);
    let maintainers = registered_maintainers(estate, world, &mut problems);
    let prefixes: Vec<String> = estate.allocations.iter().map(|each| each.prefix.to_string()).collect();
    connected(peers, &mut problems);
    let Some((organisation, contact)) = organisation else { return Err(problems) };
    let draft = draft(&organisation, &contact, &maintainers, peers);
    problems.extend(wrong(&draft, estate, settings, now));
    match problems.is_empty() {
        true => Ok(AsnRequest { organisation, contact, maintainers, prefixes, peers: peers.to_vec(), draft }),
        false => Err(problems),
    }
}

fn missing(text: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding::error("asn-request", text.into()).fix(remedy.into())
}

/// The organisation that is declared, with its contact: an AS number is asked for one that is registered.
fn organisation(estate: &Estate, world: &Registered, problems: &mut Vec<Finding>) -> Option<(Object, Key)> {
    let mut declared = estate.declared.iter().filter(|each| each.object.class() == Class::Organisation);
    let found = match (declared.next(), declared.next()) {
        (Some(only), None) => only,
        (None, _) => {
            let text = "no organisation is declared that would hold it";
            problems.push(missing(text, "declare one in objects/, or `ripectl import --org ID`, and apply"));
            return None;
        }
        (Some(_), Some(_)) => {
            let text = "several organisations are declared";
            problems.push(missing(text, "keep the one that is to hold the AS number in objects/"));
            return None;
        }
    };
    if world.objects.get(&found.object.key()).is_none() {
        let text = format!("{} is not registered yet", found.object.key());
        problems.push(missing(text, "`ripectl apply` makes it").at(found.place.clone()));
    }
    for name in [Name::OrgName, Name::OrgType, Name::Address, Name::Country, Name::EMail] {
        if !found.object.has(name) {
            let text = format!("{} has no `{name}:`", found.object.key());
            problems.push(missing(text, format!("add it at {}: the RIPE NCC asks for it", found.place)));
        }
    }
    let contact = contact(found, estate, problems)?;
    Some((found.object.clone(), contact))
}

/// The role that takes mail about abuse, which an AS number needs.
fn contact(organisation: &Declared, estate: &Estate, problems: &mut Vec<Finding>) -> Option<Key> {
    let handle = organisation.object.value(Name::AbuseC);
    let key = handle.map(|handle| Key::new(Class::Role, &handle));
    match key {
        Some(key) if estate.declared.iter().any(|each| each.object.key() == key) => Some(key),
        Some(key) => {
            let text = format!("{key}, the abuse contact of the organisation, is not declared");
            problems.push(missing(text, format!("`ripectl import {}`", key.text())));
            None
        }
        None => {
            let text = format!("{} has no `abuse-c:`", organisation.object.key());
            problems
                .push(missing(text, "name a role with an `abuse-mailbox:`").at(organisation.place.clone()));
            None
        }
    }
}

fn registered_maintainers(estate: &Estate, world: &Registered, problems: &mut Vec<Finding>) -> Vec<Key> {
    let ours = &estate.manage.maintainers;
    for key in ours.iter().filter(|key| world.objects.get(key).is_none()) {
        problems.push(missing(format!("{key} is not registered yet"), "`ripectl apply` makes it"));
    }
    if ours.is_empty() {
        let remedy = "`[manage] maintainers = [\"YOUR-MNT\"]` in ripectl.toml";
        problems.push(missing("no maintainer of yours is named", remedy));
    }
    ours.clone()
}

/// Two networks at least: who is connected to one does not need a number of its own.
fn connected(peers: &[Asn], problems: &mut Vec<Finding>) {
    if peers.len() < 2 {
        let text = "an AS number is for a network that is connected to two others at least";
        problems.push(missing(text, "`--peer AS… --peer AS…`, or [upstreams] in ripectl.toml"));
    }
}

/// The aut-num as it would be: a number of 32 bits that stands for the one to be given.
fn draft(organisation: &Object, contact: &Key, maintainers: &[Key], peers: &[Asn]) -> Object {
    let name = organisation.value(Name::OrgName).unwrap_or_default();
    let letters: String =
        name.to_ascii_uppercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let handle = contact.text();
    let mut text = format!(
        "aut-num: AS4200000000\nas-name: {}-AS\norg: {}\n",
        letters.trim_matches('-'),
        organisation.written_key()
    );
    for peer in peers {
        text.push_str(&format!(
            "mp-import: afi any.unicast from {peer} accept ANY\nmp-export: afi any.unicast to {peer} announce AS4200000000\n"
        ));
    }
    text.push_str(&format!("admin-c: {handle}\ntech-c: {handle}\n"));
    for maintainer in maintainers {
        text.push_str(&format!("mnt-by: {}\n", maintainer.text()));
    }
    let source = organisation.value(Name::Source).unwrap_or_default();
    text.push_str(&format!("source: {source}\n"));
    Object::parse(text).unwrap_or_else(|_| organisation.clone())
}

/// What the registry's rules say against the draft.
fn wrong(draft: &Object, estate: &Estate, settings: &Settings, now: jiff::Timestamp) -> Vec<Finding> {
    check::draft(draft, estate, settings, now)
        .into_iter()
        .map(|text| missing(format!("the aut-num would be refused: {text}"), "mend what it is made of"))
        .collect()
}
