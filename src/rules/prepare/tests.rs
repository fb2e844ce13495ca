//! What is said of objects before anyone's permission is asked, for every class where it is said.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::is_stored_form;
use crate::{
    registered::{Inventory, Registered},
    rpsl::{Class, Draft, Name, Object, schema::TEMPLATES},
    rules::{Action, Credential, Decision, Effect, Refusal, Request, Scope, Settings, decide},
};

const REGISTRY: &str = "\
mntner: OWN-MNT
auth: SSO own@example.net
mnt-by: OWN-MNT

person: Pat Own
nic-hdl: PO1-RIPE
mnt-by: OWN-MNT

inet6num: 2a00:100::/32
status: ALLOCATED-BY-RIR
mnt-by: OWN-MNT

inetnum: 192.0.2.0 - 192.0.2.255
status: ASSIGNED PA
mnt-by: OWN-MNT
";

fn ask(action: Action, text: &str, settings: &Settings) -> Decision {
    let stored = REGISTRY.split("\n\n").map(|text| Object::parse(text).unwrap());
    let mut world = Registered::whole(Inventory::of(stored));
    world.used.insert("po1-ripe".to_owned());
    let credential = Credential::Account { name: "own@example.net".to_owned(), scope: Scope::Any };
    let object = &Object::parse(text).unwrap();
    let request = Request { action, object, credential: &credential, automatic: &BTreeMap::new() };
    decide(&world, &request, settings, Timestamp::UNIX_EPOCH)
}

fn settings() -> Settings {
    Settings { accounts: Some(vec!["own@example.net".to_owned()]), ..Settings::default() }
}

/// What is said, each with the attribute that it is about.
fn said(decision: &Decision) -> Vec<String> {
    let about = |attribute: &Option<(String, String)>| {
        attribute.as_ref().map_or_else(String::new, |(label, raw)| format!(" @{label}: {}", raw.trim()))
    };
    decision.messages.iter().map(|message| format!("{message}{}", about(&message.attribute))).collect()
}

#[track_caller]
fn says(text: &str, expected: &str) {
    let said = said(&ask(Action::Create, text, &settings()));
    assert!(said.iter().any(|each| each == expected), "{expected}\nis not said of\n{text}\nbut {said:#?}");
}

#[track_caller]
fn says_nothing_of(text: &str, part: &str) {
    let said = said(&ask(Action::Create, text, &settings()));
    assert!(!said.iter().any(|each| each.contains(part)), "{part}: {text}\n{said:#?}");
}

/// An object of the class with something in its key and its source.
fn any(class: Class) -> Draft {
    let rows = class.template().rows.iter().filter(|row| {
        row.name == Name::Source || row.name == class.first() || class.template().key.contains(&row.name)
    });
    Draft::from_pairs(rows.map(|row| (row.name.text().to_owned(), "X".to_owned())))
}

#[test]
fn source_and_status_are_in_capitals_before_their_syntax_is_checked() {
    for template in &TEMPLATES {
        for name in [Name::Source, Name::Status] {
            if template.row(name).is_none() {
                continue;
            }
            let mut draft = any(template.class);
            draft.remove(name);
            draft.insert(template.class, name, "r!pe x");
            let text = draft.build().unwrap().print();
            says(&text, &format!("Value r!pe x converted to R!PE X @{name}: R!PE X"));
            // The status of an aut-num is the registry's to say: its syntax is not looked at.
            if template.class != Class::AutNum || name == Name::Source {
                says(&text, &format!("Syntax error in R!PE X @{name}: R!PE X"));
            }
        }
    }
}

#[test]
fn an_object_without_a_key_is_not_read() {
    for template in &TEMPLATES {
        for part in template.key {
            for empty in ["", "# nothing", "\n+"] {
                let mut draft = any(template.class);
                draft.set(*part, empty);
                let decision = ask(Action::Create, &draft.build().unwrap().print(), &settings());
                assert_eq!(said(&decision), ["key attributes must have value"], "{}", template.class);
                assert!(matches!(decision.effect, Effect::Refused { refusal: Refusal::Unreadable, .. }));
            }
        }
    }
}

#[test]
fn keys_stand_on_one_line_where_they_can_be_read() {
    const MOVED: &str = "Continuation lines are not allowed here and have been removed";
    let folded = |class: &str| format!("{class}: a\n b\nsource: RIPE\n");
    for class in ["mntner", "as-set", "route-set", "as-block", "irt", "poem", "key-cert", "aut-num"] {
        says(&folded(class), &format!("{MOVED} @{class}: a b"));
    }
    for class in ["inetnum", "inet6num", "domain", "inet-rtr"] {
        says_nothing_of(&folded(class), MOVED);
        let shown = "a\n                b"; // as a registry prints it; the object here was not printed
        says(
            &folded(class),
            &format!("Syntax error in a b @{class}: {}", shown.replace("                ", " ")),
        );
    }
    says(
        "inetnum: 192.0.2.0\n - 192.0.2.7\nsource: RIPE\n",
        &format!("{MOVED} @inetnum: 192.0.2.0 - 192.0.2.7"),
    );
    says("inetnum: two  blanks\nsource: RIPE\n", "Syntax error in two blanks @inetnum: two  blanks");
    says("role: a\n b\nnic-hdl: X\n Y\nsource: RIPE\n", &format!("{MOVED} @nic-hdl: X Y"));
}

#[test]
fn what_the_registry_writes_itself_may_stand_twice() {
    let person = "person: A B\ne-mail: a@example.net\nnic-hdl: AB1-RIPE\nmnt-by: OWN-MNT\n";
    for name in ["created", "last-modified"] {
        let line = format!("{name}: 2020-01-01T00:00:00Z\n");
        let decision = ask(Action::Create, &format!("{person}{line}{line}source: RIPE\n"), &settings());
        let replaced = format!(
            "Supplied attribute '{name}' has been replaced with a generated value @{name}: 1970-01-01T00:00:00Z"
        );
        assert_eq!(said(&decision), [replaced]);
        let Effect::Created(object) = decision.effect else { panic!("{:?}", decision.effect) };
        assert_eq!(object.all(Name::from_text(name).unwrap()).count(), 1);
    }
    says(
        &format!("{person}source: RIPE\ne-mail: b@example.net\nperson: C D\n"),
        "Attribute \"person\" appears more than once",
    );
}

#[test]
fn a_source_has_no_comment() {
    const REFUSED: &str = "End of line comments not allowed on \"source:\" attribute";
    for object in [
        "route6: 2a00:100::/48\norigin: AS1\n",
        "route: 192.0.2.0/24\norigin: AS1\n",
        "person: A B\ne-mail: a@example.net\nnic-hdl: AUTO-1\n",
        "route-set: RS-X\ntech-c: PO1-RIPE\nadmin-c: PO1-RIPE\n",
    ] {
        says(&format!("{object}mnt-by: OWN-MNT\nsource: RIPE # c\n"), REFUSED);
        says_nothing_of(&format!("{object}mnt-by: OWN-MNT\nsource: RIPE # c\n"), "Supplied attribute");
    }
}

#[test]
fn a_new_handle_ends_as_handles_do() {
    let named = |class: &str, handle: &str| {
        format!(
            "{class}: A B\naddress: x\ne-mail: a@example.net\nnic-hdl: {handle}\nmnt-by: OWN-MNT\nsource: RIPE\n"
        )
    };
    for class in ["person", "role"] {
        says(&named(class, "FP1-fred"), "Syntax error in FP1-fred @nic-hdl: FP1-fred");
        says(&named(class, "ZQ64-TEST"), "Syntax error in ZQ64-TEST @nic-hdl: ZQ64-TEST");
        for handle in ["FP1-RIPE", "FP1-ripe", "FP1-NL", "FP1-ARIN"] {
            says_nothing_of(&named(class, handle), "Syntax error");
        }
    }
    let kept = "person: A B\ne-mail: a@example.net\nadmin-c: FP1-fred\nnic-hdl: AUTO-1\nmnt-by: OWN-MNT\nsource: RIPE\n";
    says_nothing_of(kept, "Syntax error in FP1-fred");
}

#[test]
fn placeholders_are_told_of_as_they_are_written() {
    let set = |lines: &str| {
        format!("route-set: RS-X\ntech-c: PO1-RIPE\nadmin-c: PO1-RIPE\n{lines}\nsource: RIPE\n")
    };
    says(&set("mnt-by: OWN-MNT\ntech-c: auto-7ab"), "Reference \"auto-7\" not found @tech-c: auto-7ab");
    says(&set("mnt-by: OWN-MNT\norg: Auto-7"), "Reference \"Auto-7\" not found @org: Auto-7");
    // The registry chooses no names of maintainers: this is a name as any other.
    says(&set("mnt-by: OWN-MNT, AUTO-7"), "Unknown object referenced AUTO-7 @mnt-by: OWN-MNT, AUTO-7");
    says_nothing_of(&set("mnt-by: OWN-MNT, AUTO-7"), "Reference \"");
}

#[test]
fn nothing_is_said_of_the_key_of_a_certificate_that_cannot_be_read() {
    let named = |key: &str, kind: &str| {
        format!(
            "key-cert: {key}\ncertif: -----BEGIN {kind}-----\ncertif: x\ncertif: -----END {kind}-----\nmnt-by: OWN-MNT\nsource: RIPE\n"
        )
    };
    for key in ["AUTO-1", "X509-1", "PGPKEY-AAAAAAAA"] {
        for (kind, refused) in [
            ("PGP PUBLIC KEY BLOCK", "The supplied object has no key"),
            ("CERTIFICATE", "Invalid X509 Certificate"),
        ] {
            let said = said(&ask(Action::Create, &named(key, kind), &settings()));
            assert_eq!(said, [format!("{refused} @certif: -----END {kind}-----")], "{key}");
        }
    }
}

#[test]
fn what_differs_in_letter_case_comes_back_in_the_first_spelling() {
    let text = "person: A B\naddress: Main Street\naddress: main  street\naddress: MAIN STREET # other\nremarks: x\nremarks: X\ne-mail: a@example.net\nnic-hdl: AUTO-1\nmnt-by: OWN-MNT\nsource: RIPE\n";
    let Effect::Created(object) = ask(Action::Create, text, &settings()).effect else { panic!("refused") };
    assert_eq!(object.values(Name::Address), ["Main Street", "Main Street", "MAIN STREET"]);
    assert_eq!(object.values(Name::Remarks), ["x", "x"]);
}

#[test]
fn what_was_converted_is_told_in_its_clean_form() {
    let person = |lines: &str| {
        format!(
            "person: A B\n{lines}\ne-mail: a@example.net\nnic-hdl: AUTO-1\nmnt-by: OWN-MNT\nsource: RIPE\n"
        )
    };
    let told = |lines: &str, expected: &[&str]| {
        let decision = ask(Action::Create, &person(lines), &settings());
        let messages: Vec<String> = decision.messages.iter().map(ToString::to_string).collect();
        assert_eq!(messages, expected, "{lines}");
    };
    told("address: a\u{7}\n b # c", &["Attribute \"address:\" has been converted to \"a? b\""]);
    told("address: \u{1f600} and \u{1f600}", &["Attribute \"address:\" has been converted to \"? and ???\""]);
    told("remarks: \u{1f600}", &["Attribute \"remarks:\" has been converted to \"?\""]);
    // White space that is another is no other value.
    told("address: a\u{a0}", &["Attribute \"address:\" has been converted to \"a\""]);
    told("address: \u{416}\naddress: \u{416}", &["Attribute \"address:\" has been converted to \"?\""]);
}

#[test]
fn accounts_are_told_apart_by_letter_case() {
    let mntner = |account: &str| {
        format!(
            "mntner: NEW-X-MNT\nadmin-c: PO1-RIPE\nupd-to: a@example.net\nauth: SSO {account}\nmnt-by: OWN-MNT\nsource: RIPE\n"
        )
    };
    let refused = "No RIPE NCC Access Account found for Own@example.net @auth: SSO Own@example.net";
    says(&mntner("Own@example.net"), refused);
    says_nothing_of(&mntner("own@example.net"), "Access Account");
}

#[test]
fn too_many_references_are_told_of_first() {
    let two_more = "admin-c: PO1-RIPE\ntech-c: PO1-RIPE\n";
    for (most, lines, refused) in
        [(Some(2), "", false), (Some(2), two_more, true), (Some(0), "", true), (None, two_more, false)]
    {
        let settings = Settings { max_references: most, ..settings() };
        let text = format!("route-set: RS-X\ntech-c: PO1-RIPE\n{lines}mnt-by: OWN-MNT\n# \nsource: RIPE\n");
        let said = said(&ask(Action::Create, &text, &settings));
        assert_eq!(said.first().is_some_and(|first| first == "Too many references"), refused, "{said:?}");
    }
}

#[test]
fn holes_without_a_length_break_the_registry_off() {
    let route = |prefix: &str, holes: &str, mnt: &str| {
        format!("{prefix}\norigin: AS1\nholes: {holes}\npingable: ::1\nmnt-by: {mnt}\nsource: RIPE\n")
    };
    let v6 = "route6: 2a00:100::/32";
    let v4 = "route: 192.0.2.0/24";
    for (prefix, holes, broken) in [
        (v6, "2a00:100::1", true),
        (v6, "2a00:100::/48, 2a00:100::1", true),
        (v6, "2a00:100::/48", false),
        (v4, "192.0.2.1", true),
        (v4, "192.0.2.0 - 192.0.2.7", true),
        (v4, "192.0.2.0/30", false),
    ] {
        let decision = ask(Action::Create, &route(prefix, holes, "OWN-MNT"), &settings());
        let Effect::Refused { refusal, .. } = decision.effect else { panic!("{holes}") };
        assert_eq!(refusal == Refusal::BrokenOff, broken, "{holes}: {:?}", said(&decision));
        assert_eq!(
            decision.messages.iter().any(|m| m.text == "Unexpected error occurred"),
            broken,
            "{holes}"
        );
    }
    let decision = ask(Action::Create, &route(v6, "2a00:100::1", "NO-MNT"), &settings());
    assert!(matches!(decision.effect, Effect::Refused { refusal: Refusal::Unauthorised, .. }));
}

#[test]
fn a_maintainer_of_the_registry_is_not_made() {
    let text = "mntner: RIPE-NCC-HM-MNT\nadmin-c: PO1-RIPE\nupd-to: a@example.net\nauth: SSO own@example.net\nmnt-by: RIPE-NCC-HM-MNT\nsource: RIPE\n";
    says(text, "You cannot create a RIPE NCC maintainer");
    says_nothing_of(text, "add or remove a RIPE NCC maintainer");
}

#[test]
fn an_answer_shows_what_was_sent() {
    let check = |sent: &str, answered: &str, expected: bool| {
        let object = |text: &str| Object::parse(text).unwrap();
        assert_eq!(is_stored_form(&object(sent), &object(answered)), expected, "{sent} / {answered}");
    };
    let times = "created: 2026-01-01T00:00:00Z\nlast-modified: 2026-01-01T00:00:00Z\n";
    check("as-set: AS-X\ndescr: a\n", &format!("as-set: AS-X\ndescr: a\n{times}"), true);
    check("as-set: AS-X\ndescr: a\n", "as-set: AS-X\ndescr: b\n", false);
    check("as-set: AS-X\ndescr: a\n", "as-set: AS-X\n", false);
    check("as-set: AS-X\n", "as-set: AS-Y\n", false);
    check("as-set: AS-X\n", "route-set: RS-X\n", false);
    check("route6: 2A0F:85C1:0260::/48\norigin: AS1\n", "route6: 2a0f:85c1:260::/48\norigin: AS1\n", true);
    check("aut-num: AS1\nas-name: A\n", "aut-num: AS1\nas-name: A\nstatus: ASSIGNED\n", true);
    check("aut-num: AS1\nas-name: A\n", "aut-num: AS1\nas-name: B\nstatus: ASSIGNED\n", false);
    check(
        "inetnum: 192.0.2.0/24\nstatus: LEGACY\n",
        "inetnum: 192.0.2.0 - 192.0.2.255\nstatus: LEGACY\n",
        true,
    );
    check("inet6num: 2001:db8::/32\nstatus: ASSIGNED\n", "inet6num: 2001:db8::/32\nstatus: LEGACY\n", false);
    check("organisation: AUTO-1\norg-name: A\n", "organisation: ORG-A1-RIPE\norg-name: A\n", true);
    check("organisation: AUTO-1\norg-name: A\n", "organisation: ORG-B1-RIPE\norg-name: B\n", false);
    check("role: A\nnic-hdl: auto-1AB\n", "role: A\nnic-hdl: AB1-RIPE\n", true);
    check("role: A\nnic-hdl: AB1-RIPE\n", "role: A\nnic-hdl: AB2-RIPE\n", false);
}
