//! Reverse zones and their name servers: who is to be asked, and the form of what they say.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
};

use super::{DnsKey, Look, Signer};
use crate::rpsl::{Class, Key, Name, Object};

/// A reverse zone as its `domain` object has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Zone {
    /// The object.
    pub key: Key,
    /// Its name, in small letters and without the last dot.
    pub name: String,
    /// The servers of `nserver`.
    pub servers: Vec<Server>,
    /// What `ds-rdata` says of its keys.
    pub signers: Vec<Signer>,
}

/// A name server, as an `nserver` names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Server {
    /// Its name, in small letters and without the last dot.
    pub name: String,
    /// Its addresses, where the object has them.
    pub glue: Vec<IpAddr>,
}

/// What came back for a question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Heard {
    /// An answer.
    Reply(Reply),
    /// Nothing that is one: what the system says, or that time was up.
    Nothing(String),
    /// It could not be asked from here: no network leads there.
    Unasked(String),
}

/// What an answer says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Reply {
    /// Whether it is the server's to know (AA).
    pub is_authoritative: bool,
    /// `NOERROR`, or what else.
    pub code: String,
    /// Whether it came with an OPT record (RFC 6891).
    pub has_edns: bool,
    /// The serial of the SOA record of the zone.
    pub serial: Option<u32>,
    /// The name servers of the zone, in small letters.
    pub servers: BTreeSet<String>,
    /// The keys of the zone.
    pub keys: Vec<DnsKey>,
}

/// One address of a server of a zone, with what came back from it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// The name of the server.
    pub server: String,
    /// Where it was asked.
    pub address: SocketAddr,
    /// SOA over UDP.
    pub udp: Heard,
    /// SOA over TCP.
    pub tcp: Heard,
    /// NS, over what worked.
    pub servers: Heard,
    /// DNSKEY over TCP, if the object has `ds-rdata`.
    pub keys: Option<Heard>,
}

/// What the servers of a zone say.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Seen {
    /// Each address of each server.
    pub asked: Vec<Asked>,
    /// Servers whose name leads to no address, and what the system says.
    pub nameless: Vec<(String, String)>,
    /// Servers that could not be asked from here, and why.
    pub unasked: Vec<String>,
    /// Addresses that could not be asked from here, of servers that were asked at another.
    pub passed_over: Vec<String>,
}

/// The zones that are declared, or registered and ours: as registered, if they are.
pub fn zones(look: &Look) -> Vec<Zone> {
    let declared = look.declared.iter().map(|(key, declared)| (key.clone(), &declared.object));
    let registered = look
        .world
        .objects
        .iter()
        .filter(|(key, object)| look.declared.contains_key(key) || look.is_ours(object));
    let registered = registered.map(|(key, object)| (key.clone(), object));
    // The later stays.
    let all: BTreeMap<Key, &Object> =
        declared.chain(registered).filter(|(key, _)| key.class() == Class::Domain).collect();
    all.into_iter().map(|(key, object)| zone(key, object)).collect()
}

fn zone(key: Key, object: &Object) -> Zone {
    let mut servers: Vec<Server> = Vec::new();
    for value in object.values(Name::Nserver) {
        let mut words = value.split_whitespace();
        let name = lower(words.next().unwrap_or_default());
        let glue: Vec<IpAddr> = words.filter_map(|word| word.parse().ok()).collect();
        match servers.iter_mut().find(|server| server.name == name) {
            Some(server) => server.glue.extend(glue),
            None => servers.push(Server { name, glue }),
        }
    }
    let signers = object.values(Name::DsRdata).iter().filter_map(|text| Signer::parse(text)).collect();
    Zone { name: lower(key.text()), key, servers, signers }
}

/// A name in small letters, without the last dot.
pub fn lower(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}
