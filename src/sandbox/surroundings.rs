//! A base for somebody's own network: what the RIPE NCC and an LIR hold around it before its user begins, or once both
//! have done their part.

use super::{SandboxError, base};
use crate::{
    net::{Asn, Family, Prefix},
    rpsl::{Class, Name, Object},
};

/// The network that is to be tried.
#[derive(Clone, Debug)]
pub struct Network {
    /// The name of its maintainer.
    pub maintainer: String,
    /// Its AS number.
    pub asn: Option<Asn>,
    /// Its address space, and how it is registered.
    pub spaces: Vec<(Prefix, Status)>,
    /// Whether the others have done their part: the LIR lets the maintainer in, or the RIPE NCC has assigned.
    pub is_given: bool,
}

/// How address space is registered (`status:`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// By an LIR, to be divided.
    AllocatedByLir,
    /// By an LIR, for one use (IPv6).
    Assigned,
    /// By an LIR, to be divided (IPv4).
    SubAllocatedPa,
    /// By an LIR, for one use (IPv4).
    AssignedPa,
    /// By the RIPE NCC, independent of an LIR.
    AssignedPi,
    /// By the RIPE NCC, to an LIR (IPv6).
    AllocatedByRir,
    /// By the RIPE NCC, to an LIR (IPv4).
    AllocatedPa,
}

impl Status {
    const ALL: [Status; 7] = [
        Status::AllocatedByLir,
        Status::Assigned,
        Status::SubAllocatedPa,
        Status::AssignedPa,
        Status::AssignedPi,
        Status::AllocatedByRir,
        Status::AllocatedPa,
    ];

    /// The status as the registry writes it.
    pub fn text(self) -> &'static str {
        match self {
            Status::AllocatedByLir => "ALLOCATED-BY-LIR",
            Status::Assigned => "ASSIGNED",
            Status::SubAllocatedPa => "SUB-ALLOCATED PA",
            Status::AssignedPa => "ASSIGNED PA",
            Status::AssignedPi => "ASSIGNED PI",
            Status::AllocatedByRir => "ALLOCATED-BY-RIR",
            Status::AllocatedPa => "ALLOCATED PA",
        }
    }

    /// The status with this text; blanks and `-` are one.
    pub fn parse(text: &str) -> Option<Status> {
        let folded = |text: &str| text.to_ascii_uppercase().replace(['-', '_'], " ");
        Status::ALL.into_iter().find(|status| folded(status.text()) == folded(text.trim()))
    }

    /// All texts, in a sentence.
    pub fn listed() -> String {
        Status::ALL.map(Status::text).join(", ")
    }

    /// Whether address space of this family may have it.
    pub fn is_of(self, family: Family) -> bool {
        match self {
            Status::AllocatedByLir | Status::Assigned | Status::AllocatedByRir => family == Family::V6,
            Status::SubAllocatedPa | Status::AssignedPa | Status::AllocatedPa => family == Family::V4,
            Status::AssignedPi => true,
        }
    }

    /// What a prefix of somebody who is no LIR usually has: that of its family that may be divided, unless it is as long as
    /// one that is announced.
    pub fn usual(prefix: Prefix) -> Status {
        match (prefix.family(), prefix.len()) {
            (Family::V4, 24..) => Status::AssignedPa,
            (Family::V4, _) => Status::SubAllocatedPa,
            (Family::V6, 48..) => Status::Assigned,
            (Family::V6, _) => Status::AllocatedByLir,
        }
    }

    fn is_by_lir(self) -> bool {
        !matches!(self, Status::AssignedPi | Status::AllocatedByRir | Status::AllocatedPa)
    }
}

/// What the registry holds then. Loaded without checks.
pub fn surroundings(network: &Network) -> Result<Vec<Object>, SandboxError> {
    let mut objects: Vec<Object> = base()?.into_iter().filter(is_of_others).collect();
    let mut texts = Vec::new();
    texts.extend(network.asn.map(as_block));
    for (prefix, status) in &network.spaces {
        if status.is_by_lir() {
            texts.push(above(*prefix));
            texts.push(by_lir(*prefix, *status, network));
        } else if network.is_given {
            texts.push(by_registry(*prefix, *status, network));
        }
    }
    let is_own = network.is_given && network.spaces.iter().any(|(_, status)| !status.is_by_lir());
    if is_own {
        texts.extend(ours(network));
    }
    let dates = "created: 2024-06-03T08:00:00Z\nlast-modified: 2024-06-03T08:00:00Z\nsource: RIPE\n";
    objects.extend(texts.iter().filter_map(|text| Object::parse(format!("{text}{dates}")).ok()));
    Ok(objects)
}

/// The RIPE NCC and the LIR, without what the example network has.
fn is_of_others(object: &Object) -> bool {
    let is_ours = object.values(Name::MntBy).iter().any(|name| name == "HOBBY-MNT");
    let is_root = object.class().is_address() && object.values(Name::Netname) == ["IANA-BLK"];
    let says_who =
        matches!(object.class(), Class::Mntner | Class::Role | Class::Person | Class::Organisation);
    !is_ours && (says_who || is_root)
}

fn as_block(asn: Asn) -> String {
    let first = asn.0 / 1000 * 1000;
    let last = first.saturating_add(999);
    format!(
        "as-block: AS{first} - AS{last}\ndescr: AS numbers that the RIPE NCC assigns\norg: ORG-NCC1-RIPE\n\
         mnt-by: RIPE-DBM-MNT\nmnt-lower: RIPE-NCC-HM-MNT\n"
    )
}

fn head(prefix: Prefix, netname: &str, org: &str, contact: &str, status: &str) -> String {
    let (class, key) = match prefix.family() {
        Family::V4 => ("inetnum", prefix.block().range_text()),
        Family::V6 => ("inet6num", prefix.to_string()),
    };
    format!(
        "{class}: {key}\nnetname: {netname}\ncountry: NL\norg: {org}\nadmin-c: {contact}\ntech-c: {contact}\nstatus: {status}\n"
    )
}

/// The allocation of the LIR around a prefix.
fn above(prefix: Prefix) -> String {
    let (usual, status) = match prefix.family() {
        Family::V4 => (22, "ALLOCATED PA"),
        Family::V6 => (32, "ALLOCATED-BY-RIR"),
    };
    let length = usual.min(prefix.len().saturating_sub(1));
    let around = prefix.shortened(length).unwrap_or(prefix);
    format!(
        "{}mnt-by: RIPE-NCC-HM-MNT\nmnt-by: SPONSOR-MNT\nmnt-lower: SPONSOR-MNT\nmnt-routes: SPONSOR-MNT\nmnt-domains: SPONSOR-MNT\n",
        head(around, "NL-SPONSOR-20190211", "ORG-SPON1-RIPE", "SL1-RIPE", status)
    )
}

fn by_lir(prefix: Prefix, status: Status, network: &Network) -> String {
    let name = &network.maintainer;
    let access = match network.is_given {
        true => format!("mnt-lower: {name}\nmnt-routes: {name}\nmnt-domains: {name}\n"),
        false => String::new(),
    };
    let head = head(prefix, "CUSTOMER-NET", "ORG-SPON1-RIPE", "SL1-RIPE", status.text());
    format!("{head}mnt-by: SPONSOR-MNT\n{access}")
}

fn by_registry(prefix: Prefix, status: Status, network: &Network) -> String {
    let name = &network.maintainer;
    let staff = if status == Status::AssignedPi { "RIPE-NCC-END-MNT" } else { "RIPE-NCC-HM-MNT" };
    let sponsor = if status == Status::AssignedPi { "sponsoring-org: ORG-SPON1-RIPE\n" } else { "" };
    let head = head(prefix, "YOUR-NET", "ORG-YN1-RIPE", "YN1-RIPE", status.text());
    format!(
        "{head}{sponsor}mnt-by: {staff}\nmnt-by: {name}\nmnt-lower: {name}\nmnt-routes: {name}\nmnt-domains: {name}\n"
    )
}

/// Who holds what the RIPE NCC has assigned: it is registered to somebody.
fn ours(network: &Network) -> Vec<String> {
    let name = &network.maintainer;
    let asn = network.asn.map(|asn| {
        format!(
            "aut-num: {asn}\nas-name: YOUR-AS\norg: ORG-YN1-RIPE\nsponsoring-org: ORG-SPON1-RIPE\nadmin-c: YN1-RIPE\n\
             tech-c: YN1-RIPE\nstatus: ASSIGNED\nmnt-by: RIPE-NCC-END-MNT\nmnt-by: {name}\n"
        )
    });
    let who = [
        format!(
            "mntner: {name}\nadmin-c: YN1-RIPE\nupd-to: you@network.example\nauth: SSO you@network.example\nmnt-by: {name}\n"
        ),
        format!(
            "role: Your Network NOC\naddress: Your Street 1\ne-mail: you@network.example\nnic-hdl: YN1-RIPE\n\
             abuse-mailbox: abuse@network.example\nmnt-by: {name}\n"
        ),
        format!(
            "organisation: ORG-YN1-RIPE\norg-name: Your Network\norg-type: OTHER\naddress: Your Street 1\ncountry: NL\n\
             e-mail: you@network.example\nabuse-c: YN1-RIPE\nmnt-ref: SPONSOR-MNT\nmnt-ref: {name}\nmnt-by: {name}\n"
        ),
    ];
    who.into_iter().chain(asn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        registered::{Inventory, Registered},
        rpsl::Key,
    };

    fn network(prefix: &str, status: Status, is_given: bool) -> Registered {
        let network = Network {
            maintainer: "MY-MNT".to_owned(),
            asn: Some("AS64511".parse().unwrap()),
            spaces: vec![(prefix.parse().unwrap(), status)],
            is_given,
        };
        Registered::whole(Inventory::of(surroundings(&network).unwrap()))
    }

    /// How the space stands there: its status, and who may make things in it.
    fn check(prefix: &str, status: Status, is_given: bool, expected: Option<(&str, &str)>) {
        let world = network(prefix, status, is_given);
        let prefix: Prefix = prefix.parse().unwrap();
        let class = if prefix.family() == Family::V4 { Class::Inetnum } else { Class::Inet6num };
        let found = world.objects.exact(class, prefix.block()).into_iter().next();
        let shown = found.map(|object| {
            (object.value(Name::Status).unwrap_or_default(), object.values(Name::MntLower).join(" "))
        });
        let shown = shown.as_ref().map(|(status, lower)| (status.as_str(), lower.as_str()));
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_lir_gives_access_or_has_not_yet() {
        check("2001:db8:40::/44", Status::AllocatedByLir, false, Some(("ALLOCATED-BY-LIR", "")));
        check("2001:db8:40::/44", Status::AllocatedByLir, true, Some(("ALLOCATED-BY-LIR", "MY-MNT")));
        check("198.51.100.0/24", Status::AssignedPa, true, Some(("ASSIGNED PA", "MY-MNT")));
        let world = network("198.51.100.0/24", Status::AssignedPa, false);
        let block = "198.51.100.0/24".parse::<Prefix>().unwrap().block();
        assert_eq!(world.objects.less_specific(Class::Inetnum, block).len(), 2, "the LIR, and all of IPv4");
    }

    #[test]
    fn what_the_ripe_ncc_assigns_is_there_with_its_holder_or_not_at_all() {
        check("2001:db8:40::/48", Status::AssignedPi, false, None);
        check("2001:db8:40::/48", Status::AssignedPi, true, Some(("ASSIGNED PI", "MY-MNT")));
        let key = Key::new(Class::Mntner, "MY-MNT");
        assert!(network("2001:db8:40::/48", Status::AssignedPi, true).objects.get(&key).is_some());
        assert!(network("2001:db8:40::/48", Status::AssignedPi, false).objects.get(&key).is_none());
    }

    #[test]
    fn a_status_is_read_as_people_type_it() {
        assert_eq!(Status::parse("assigned-pi"), Some(Status::AssignedPi));
        assert_eq!(Status::parse("Allocated by LIR"), Some(Status::AllocatedByLir));
        assert_eq!(Status::parse("LEGACY"), None);
    }

    #[test]
    fn nothing_of_the_example_is_left() {
        let world = network("2001:db8:40::/44", Status::AllocatedByLir, false);
        assert!(world.objects.iter().all(|(_, object)| !object.text().contains("HOBBY")));
    }
}
