//! What is said of address objects, routes, reverse zones and as-blocks in a small registry.

use jiff::Timestamp;

use crate::{
    registered::{Inventory, Registered},
    rpsl::Object,
    rules::{Action, Credential, Message, Request, Scope, Settings, decide},
};

/// A registry with an allocation of each family; `holder@example.net` speaks for its holder, `ncc@example.net` for
/// the RIPE NCC.
const REGISTRY: &str = "\
mntner: HOLDER-MNT
auth: SSO holder@example.net
mnt-by: HOLDER-MNT

mntner: RIPE-NCC-HM-MNT
auth: SSO ncc@example.net
mnt-by: RIPE-NCC-HM-MNT

mntner: RIPE-DBM-MNT
auth: SSO dbm@example.net
mnt-by: RIPE-DBM-MNT

person: Pat Holder
nic-hdl: PH1-RIPE
mnt-by: HOLDER-MNT

organisation: ORG-HL1-RIPE
org-type: LIR
mnt-ref: HOLDER-MNT
mnt-by: HOLDER-MNT

inet6num: ::/0
status: ALLOCATED-BY-RIR
mnt-by: RIPE-NCC-HM-MNT

inet6num: 2a00:100::/32
netname: HOLDER-NET
country: NL
org: ORG-HL1-RIPE
admin-c: PH1-RIPE
tech-c: PH1-RIPE
status: ALLOCATED-BY-RIR
mnt-by: RIPE-NCC-HM-MNT
mnt-by: HOLDER-MNT
mnt-lower: HOLDER-MNT
source: RIPE

inet6num: 2a00:100:a::/48
status: ASSIGNED
mnt-by: HOLDER-MNT

inet6num: 2a00:100:b00::/40
status: AGGREGATED-BY-LIR
assignment-size: 56
mnt-by: HOLDER-MNT

inetnum: 0.0.0.0 - 255.255.255.255
status: ALLOCATED UNSPECIFIED
mnt-by: RIPE-NCC-HM-MNT

inetnum: 193.0.0.0 - 193.0.7.255
org: ORG-HL1-RIPE
status: ALLOCATED PA
mnt-by: RIPE-NCC-HM-MNT
mnt-lower: HOLDER-MNT
mnt-domains: HOLDER-MNT

inetnum: 193.0.1.0 - 193.0.1.255
status: ASSIGNED PA
mnt-by: HOLDER-MNT

domain: 1.0.193.in-addr.arpa
mnt-by: HOLDER-MNT

aut-num: AS3333
mnt-by: HOLDER-MNT

as-block: AS3000 - AS3999
mnt-by: RIPE-DBM-MNT
";

/// What address objects and domains must have.
const CONTACTS: &str = "admin-c: PH1-RIPE\ntech-c: PH1-RIPE\n";

/// An object with what its class must have beside `text`.
fn written(text: &str) -> Object {
    let class = text.split(':').next().unwrap();
    let rest = match class {
        "inetnum" | "inet6num" => format!("netname: NET\ncountry: NL\n{CONTACTS}mnt-by: HOLDER-MNT\n"),
        "domain" => format!("{CONTACTS}zone-c: PH1-RIPE\nnserver: ns.example.net\nmnt-by: HOLDER-MNT\n"),
        "as-block" => "mnt-by: RIPE-DBM-MNT\n".to_owned(),
        _ => "mnt-by: HOLDER-MNT\n".to_owned(),
    };
    let given = |line: &&str| !text.contains(&format!("{}:", line.split(':').next().unwrap()));
    let rest: String = rest.lines().filter(given).flat_map(|line| [line, "\n"]).collect();
    Object::parse(format!("{text}{rest}source: RIPE\n")).unwrap()
}

fn said(action: Action, account: &str, object: &Object) -> Vec<String> {
    errors(action, account, object).iter().map(ToString::to_string).collect()
}

fn errors(action: Action, account: &str, object: &Object) -> Vec<Message> {
    let objects = REGISTRY.split("\n\n").map(|text| Object::parse(text).unwrap());
    let world = Registered::whole(Inventory::of(objects));
    let name = format!("{account}@example.net");
    let credential = Credential::Account { name, scope: Scope::Any };
    let automatic = std::collections::BTreeMap::new();
    let request = Request { action, object, credential: &credential, automatic: &automatic };
    let decision = decide(
        &world,
        &request,
        &Settings { failing_dns: Some([].into()), ..Settings::default() },
        Timestamp::UNIX_EPOCH,
    );
    assert!(decision.undecided.is_empty(), "{:?}", decision.undecided);
    decision.errors().cloned().collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(said(Action::Create, "holder", &written(text)), expected, "{text}");
}

/// Where the registry only says that something is in the way, the way out says what.
#[test]
fn what_is_in_the_way_is_named() {
    let check = |account: &str, text: &str, expected: &str| {
        let errors = errors(Action::Create, account, &written(text));
        let remedies: Vec<&str> = errors.iter().filter_map(|message| message.remedy.as_deref()).collect();
        assert!(remedies.contains(&expected), "{text}: {remedies:#?}");
    };
    check(
        "holder",
        "inet6num: 2a00:100::/40\nstatus: AGGREGATED-BY-LIR\nassignment-size: 56\n",
        "inet6num/2a00:100:a::/48 below it: no /56; choose another size, or take that away first",
    );
    check(
        "holder",
        "inet6num: 2a00:100:b01::/48\nstatus: ASSIGNED\n",
        "inet6num/2a00:100:b00::/40 above it has `assignment-size: 56`: make it a /56",
    );
    check(
        "holder",
        "inet6num: 2a00:100:a:1::/64\nstatus: ASSIGNED\n",
        "inet6num/2a00:100:a::/48 is ASSIGNED: nothing can stand below it; leave this one out",
    );
    check(
        "holder",
        "domain: 0.193.in-addr.arpa\n",
        "domain/1.0.193.in-addr.arpa of HOLDER-MNT is in the way, and space is delegated on one level only: change that \
         zone, or ask its holder to delegate in its name servers",
    );
    check(
        "dbm",
        "as-block: AS3100 - AS3200\n",
        "as-block/AS3000 - AS3999 is there: choose a range apart from it",
    );
}

#[test]
fn a_block_fits_below_its_parent() {
    check("inet6num: 2a00:100:c::/48\nstatus: ASSIGNED\n", &[]);
    check("inet6num: 2a00:100:c::/65\nstatus: ASSIGNED\n", &["Minimum prefix size is 64"]);
    check(
        "inet6num: 2a00:100:a:1::/64\nstatus: ASSIGNED\n",
        &["inet6num parent has incorrect status: ASSIGNED"],
    );
    check(
        "inet6num: 2a00:100::/44\nstatus: ASSIGNED\n",
        &["Status ASSIGNED not allowed when more specific object '2a00:100:a::/48' has status ASSIGNED"],
    );
    check(
        "inet6num: 2a00:100:c::/48\nstatus: ALLOCATED-BY-RIR\norg: ORG-HL1-RIPE\n",
        &["Status ALLOCATED-BY-RIR can only be created by the database administrator"],
    );
    check(
        "inetnum: 193.0.1.128 - 193.0.2.127\nstatus: ASSIGNED PA\n",
        &["This range overlaps with 193.0.1.0 - 193.0.1.255"],
    );
    check("inetnum: 193.0.2.0 - 193.0.2.9\nstatus: ASSIGNED PA\n", &[]);
}

#[test]
fn assignments_of_one_size() {
    check("inet6num: 2a00:100:b00::/56\nstatus: ASSIGNED\n", &[]);
    check(
        "inet6num: 2a00:100:b00::/48\nstatus: ASSIGNED\n",
        &["Prefix length for 2a00:100:b00::/48 must be 56"],
    );
    check(
        "inet6num: 2a00:100:c::/48\nstatus: AGGREGATED-BY-LIR\n",
        &["Missing required \"assignment-size\" attribute"],
    );
    check(
        "inet6num: 2a00:100:c::/48\nstatus: AGGREGATED-BY-LIR\nassignment-size: 48\n",
        &["\"assignment-size:\" value must be greater than prefix size 48"],
    );
    check(
        "inet6num: 2a00:100:c::/48\nstatus: ASSIGNED\nassignment-size: 56\n",
        &["\"assignment-size:\" attribute only allowed with status AGGREGATED-BY-LIR"],
    );
}

#[test]
fn attributes_of_a_block() {
    check(
        "inet6num: 2a00:100:c::/48\nstatus: ASSIGNED\nmnt-lower: HOLDER-MNT\n",
        &["\"mnt-lower:\" attribute not allowed for resources with \"ASSIGNED:\" status"],
    );
    check(
        "inet6num: 2a00:100:c::/48\nstatus: ASSIGNED\nmnt-routes: HOLDER-MNT {2a00:100:d::/48}\n",
        &["2a00:100:d::/48 is outside the range of this object"],
    );
    check(
        "inet6num: 2a00:100:c::/48\nstatus: ASSIGNED\ngeofeed: https://example.net/geo\nremarks: geofeed: https://example.net/geo\n",
        &["Only one between the \"geofeed:\" and \"remark: geofeed:\" attributes is allowed."],
    );
    check(
        "inet6num: 2a00:100:c::/48\nstatus: ASSIGNED\nsponsoring-org: ORG-HL1-RIPE\n",
        &[
            "The \"sponsoring-org:\" attribute is not allowed with status value \"ASSIGNED\"",
            "The \"sponsoring-org\" attribute can only be added by the RIPE NCC",
        ],
    );
}

#[test]
fn the_registry_keeps_what_it_gave() {
    let change = |account: &str, from: &str, to: &str| {
        let stored = REGISTRY.split("\n\n").find(|text| text.contains("HOLDER-NET")).unwrap();
        said(Action::Write, account, &Object::parse(stored.replace(from, to)).unwrap())
    };
    let netname = ["The \"netname\" attribute can only be changed by the RIPE NCC"];
    assert_eq!(change("holder", "HOLDER-NET", "OTHER-NET"), netname);
    assert_eq!(change("ncc", "HOLDER-NET", "OTHER-NET"), [""; 0]);
    let status = ["status value cannot be changed, you must delete and re-create the object"];
    assert_eq!(change("ncc", "ALLOCATED-BY-RIR", "ALLOCATED-BY-LIR"), status);
    let org = "Referenced organisation can only be removed by the RIPE NCC for this resource.\nPlease contact \"ncc@ripe.net\" to remove this reference.";
    let missing = "Missing required \"org:\" attribute";
    assert_eq!(change("holder", "org: ORG-HL1-RIPE\n", ""), [org, missing]);
}

#[test]
fn routes() {
    check("route: 193.0.2.0/24\norigin: AS3333\n", &[]);
    check("route: 193.0.2.0/24\norigin: AS64496\n", &["Cannot use reserved AS number 64496"]);
    check(
        "route: 193.0.2.0/24\norigin: AS3333\nholes: 193.0.3.0/24\npingable: 193.0.3.1\n",
        &[
            "193.0.3.0/24 is outside the range of this object",
            "193.0.3.1 is outside the range of this object",
        ],
    );
    let bogon = said(
        Action::Create,
        "ncc",
        &written("route6: 2001:db8::/32\norigin: AS3333\nmnt-by: RIPE-NCC-HM-MNT\n"),
    );
    assert_eq!(bogon, ["Bogon prefix 2001:db8::/32 is not allowed."]);
}

#[test]
fn reverse_zones() {
    check("domain: 2.0.193.in-addr.arpa\n", &[]);
    check(
        "domain: 2.0.193.in-addr.arpa\nnserver: ns.2.0.193.in-addr.arpa\n",
        &["Glue record is mandatory if hostname ends with 2.0.193.in-addr.arpa"],
    );
    check(
        "domain: 2.0.193.in-addr.arpa\nnserver: ns.example.net 193.0.2.1\n",
        &["Glue records only allowed if hostname ends with 2.0.193.in-addr.arpa"],
    );
    check("domain: 0-9.1.0.193.in-addr.arpa\n", &["Existing less specific domain object found 193.0.1.0/24"]);
}

#[test]
fn as_blocks_are_the_registrys() {
    let block = written("as-block: AS3100 - AS3199\n");
    assert_eq!(said(Action::Create, "dbm", &block), ["Parent As-block already exists"]);
    assert!(
        said(Action::Create, "holder", &block)
            .contains(&"As-block object are maintained by RIPE NCC".to_owned())
    );
}
