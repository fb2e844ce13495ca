//! Customers: their files, and what is theirs.

use super::{refused::check_files, *};

const INCLUDE: &str = "include = [\"customers/*.toml\"]\n[sites]";

/// The small estate with `include` in the place of nothing.
fn including(include: &str) -> String {
    CONFIG_TEXT.replacen("[sites]", include, 1)
}

const ACME: &str = "[[allocation]]\nprefix = \"2001:db8:a::/48\"\norigin = \"AS1\"\ntemplates = { inet6num = \"block\" }\n\
                    vars = { country = \"NL\" }\n[allocation.blocks]\nhq = { prefix = \"2001:db8:a::/56\", at = [\"ams\"] }\n\
                    [[expect]]\nobject = \"inet6num/2001:db8:a::/48\"\n";

#[test]
fn a_customer_has_a_file_and_a_folder() {
    let role = b"role: Acme\nnic-hdl: AR1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n";
    let config = including(INCLUDE);
    let root = written(&[
        (CONFIG, config.as_bytes()),
        ("customers/acme.toml", ACME.as_bytes()),
        ("customers/beta.toml", b""),
        ("customers/README.md", b""),
        ("objects/acme/role.rpsl", role),
    ]);
    let estate = sound(root.path(), None);
    assert_eq!(estate.customers.iter().map(|name| &**name).collect::<Vec<_>>(), ["acme", "beta"]);
    let told: Vec<String> = estate
        .declared
        .iter()
        .map(|each| format!("{} {:?} {}", each.object.key(), each.customer, each.place))
        .collect();
    assert_eq!(
        told,
        [
            "role/AR1-RIPE Some(\"acme\") objects/acme/role.rpsl:1",
            "inet6num/2a0f:85c1:260::/48 None ripectl.toml:14 (block any, templates/block.rpsl)",
            "inet6num/2a0f:85c1:261::/48 None ripectl.toml:15 (block ams, templates/block.rpsl)",
            "inet6num/2001:db8:a::/56 Some(\"acme\") customers/acme.toml:7 (block hq of acme, templates/block.rpsl)",
        ]
    );
    assert_eq!(estate.expects[0].customer.as_deref(), Some("acme"));
    assert_eq!(estate.announcements.last().unwrap().sites, ["ams"]);
    let at = |block: &str| estate.customer_at(block.parse::<crate::net::Prefix>().unwrap().block());
    assert_eq!(at("2001:db8:a:ff::/64").map(|name| &**name), Some("acme"));
    assert_eq!(at("2a0f:85c1:261::/48"), None);
}

#[test]
fn what_is_included_counts_for_the_digest() {
    let config = including(INCLUDE);
    let digest = |files: &[(&str, &[u8])]| {
        let root = written(&[&[(CONFIG, config.as_bytes())], files].concat());
        sound(root.path(), None).digest
    };
    let one = digest(&[("customers/acme.toml", ACME.as_bytes())]);
    let other = ACME.replace("AS1", "AS2");
    assert_ne!(one, digest(&[("customers/acme.toml", other.as_bytes())]));
    assert_ne!(one, digest(&[("customers/bcme.toml", ACME.as_bytes())]));
    assert_eq!(one, digest(&[("customers/acme.toml", ACME.as_bytes())]));
    let alone = crate::digest::digest(CONFIG_TEXT);
    assert_eq!(sound(written(&[]).path(), None).digest, alone, "as ever where nothing is named");
}

#[test]
fn a_customer_says_nothing_for_others() {
    let config = including(INCLUDE);
    let check = |text: &str, expected: &str| {
        let files = [(CONFIG, config.as_bytes()), ("customers/acme.toml", text.as_bytes())];
        check_files(&files, expected);
    };
    check(
        "format = 1\n[manage]\nexclusive = [\"2001:db8::/32\"]\n",
        "customers/acme.toml:1:10 `format` is for the whole estate, and not for one customer\n→ move it to ripectl.toml\n\
         customers/acme.toml:2:1 `manage` is for the whole estate, and not for one customer\n→ move it to ripectl.toml",
    );
    check(
        "[[allocations]]\nprefix = \"2001:db8::/32\"\n",
        "customers/acme.toml:1:3 `allocations` is not a key here\n→ did you mean `allocation`?",
    );
    check(
        "[[zebra]]\n",
        "customers/acme.toml:1:3 `zebra` is not a key here\n→ known here: expect, allocation",
    );
    check("[[expect]\n", "customers/acme.toml:1:10 unclosed array table, expected `]`");
    check(
        &ACME.replace("\"ams\"", "\"lhr\""),
        "customers/acme.toml:7:42 block `hq`: there is no site `lhr`\n→ add `lhr = { upstream = \"…\" }` to [sites]",
    );
    check(
        &ACME.replace("2001:db8:a::/56", "2001:db8:b::/56"),
        "customers/acme.toml:7:17 block `hq`: 2001:db8:b::/56 is not inside 2001:db8:a::/48\n\
         → move it to the [[allocation]] that holds it, or give a prefix of 2001:db8:a::/48",
    );
}

#[test]
fn slips_of_all_files_are_told_at_once() {
    let config = including(INCLUDE).replace("index = 1,", "index = 99,");
    check_files(
        &[
            (CONFIG, config.as_bytes()),
            ("customers/acme.toml", b"zebra = 1\n"),
            ("customers/beta.toml", b"lion = 1\n"),
        ],
        "ripectl.toml:15:17 block `ams`: 2a0f:85c1:260::/44 has 16 parts, and none with index 99\n\
         → choose an index from 0 to 15\n\
         customers/acme.toml:1:1 `zebra` is not a key here\n→ known here: expect, allocation\n\
         customers/beta.toml:1:1 `lion` is not a key here\n→ known here: expect, allocation",
    );
}

#[test]
fn no_file_of_a_customer_is_passed_over() {
    let check = |include: &str, files: &[&str], expected: &str| {
        let config = including(&format!("include = [{include}]\n[sites]"));
        let files: Vec<(&str, &[u8])> = files.iter().map(|path| (*path, b"".as_slice())).collect();
        check_files(&[&[(CONFIG, config.as_bytes())], files.as_slice()].concat(), expected);
    };
    let (all, each) = ("\"customers/*.toml\"", "\"customers/*/customer.toml\"");
    let none = "ripectl.toml:2:12 no file is named so\n→ write one, or take the pattern out";
    check(all, &[], none);
    check(all, &["customers/README"], none);
    check(each, &["customers/acme.csv"], none);
    check(
        all,
        &["customers/a.toml", "customers/b.TOML", "customers/.c.toml"],
        "ripectl.toml:2:12 customers/b.TOML is not read, so what it declares would count as not declared: no pattern of \
         `include` names it\n→ rename it, add a pattern, or move it elsewhere",
    );
    check(
        each,
        &["customers/a/customer.toml", "customers/b/Customer.toml", "customers/c/x.csv", "customers/README"],
        "ripectl.toml:2:12 customers/c holds no `customer.toml`\n→ write that file, or move the folder elsewhere\n\
         ripectl.toml:2:12 customers/b/Customer.toml is not read, so what it declares would count as not declared: its \
         name is spelt otherwise\n→ rename it to `customer.toml`",
    );
    check(
        "\"../*.toml\"",
        &[],
        "ripectl.toml:2:12 `include`: leads out of the estate\n\
         → write a path from the folder of ripectl.toml, such as `customers/*.toml`",
    );
}

#[test]
fn no_link_leads_to_a_customer() {
    let config = including(INCLUDE);
    let root = written(&[(CONFIG, config.as_bytes()), ("customers/a.toml", b""), ("elsewhere", b"")]);
    std::os::unix::fs::symlink("../elsewhere", root.path().join("customers/b.toml")).unwrap();
    let (estate, findings) = load(root.path(), None, &Configuration::default());
    assert!(estate.is_none());
    assert_eq!(
        shown(&findings),
        "customers/b.toml:1:1 customers/b.toml is a link, and links are not followed here\n→ put the file itself there"
    );
}
