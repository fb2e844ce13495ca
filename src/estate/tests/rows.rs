//! Blocks from the tables of an IPAM.

use super::{refused::check_files, *};

/// The small estate with rows in the place of its blocks.
fn with_rows(rows: &str) -> String {
    let (head, tail) = CONFIG_TEXT.split_once("[allocation.blocks]").unwrap();
    let (_, tail) = tail.split_once("[manage]").unwrap();
    format!("{head}vars = {{ country = \"EU\" }}\n{rows}\n[manage]{tail}")
}

/// The estate, if nothing is wrong with it; that its sites announce nothing is not looked at.
fn read(files: &[(&str, &[u8])]) -> Estate {
    let (estate, findings) = load(written(files).path(), None, &Configuration::default());
    let wrong: Vec<Finding> =
        findings.into_iter().filter(|finding| finding.severity != Severity::Info).collect();
    assert_eq!(shown(&wrong), "");
    estate.unwrap()
}

const ROWS: &str = "rows = \"ipam/v6.csv\"";

fn check(rows: &str, path: &str, table: &str, expected: &str) {
    let config = with_rows(rows);
    check_files(&[(CONFIG, config.as_bytes()), (path, table.as_bytes())], expected);
}

#[test]
fn a_row_is_a_block() {
    let config = with_rows(ROWS);
    let table = "name,prefix,at,origin,country,Contact\n\
                 a,2a0f:85c1:260::/48,ams lux,64500,,x\n\
                 \"b 1\",2a0f:85c1:261::/48,*,AS64501,NL,\n\
                 c,2a0f:85c1:262::/48,,,\"N\nL\",\n";
    let estate = read(&[(CONFIG, config.as_bytes()), ("ipam/v6.csv", table.as_bytes())]);
    let told: Vec<_> = estate
        .declared
        .iter()
        .map(|each| format!("{} {} {}", each.place, each.object.values(Name::Country)[0], each.place_of(2)))
        .collect();
    let of = |line: usize, block: &str, country: &str, at: &str| {
        format!(
            "ipam/v6.csv:{line} (block {block}, templates/block.rpsl) {country} templates/block.rpsl:3 (block {block}, `country` at {at})"
        )
    };
    assert_eq!(
        told,
        [
            of(2, "a", "EU", "ripectl.toml:12"),
            of(3, "b 1", "NL", "ipam/v6.csv:3"),
            of(4, "c", "N L", "ipam/v6.csv:4"),
        ]
    );
    let announced: Vec<_> =
        estate.announcements.iter().map(|each| (each.origin.0, each.sites.join(" "))).collect();
    assert_eq!(announced, [(64500, "ams lux".to_owned()), (64501, "ams lux".to_owned())]);
    assert_eq!(estate.allocations[0].blocks[2].index, Some(2));
}

#[test]
fn columns_are_named_in_ripectl_toml() {
    let rows = "rows = \"ipam/v6.json\"\ncolumns = { name = \"cf.netname\", prefix = [\"Subnet\", \"Mask\"], customer = \"Tenant\" }";
    let config = with_rows(rows);
    let table = r#"[{"cf": {"netname": "A"}, "Subnet": "2a0f:85c1:260::", "Mask": 48, "Tenant": "acme", "country": "LU"},
                    {"cf": {"netname": "B"}, "Subnet": "2a0f:85c1:261::", "Mask": "48", "Tenant": null}]"#;
    let role = b"role: Acme\nnic-hdl: AR1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n";
    let files =
        [(CONFIG, config.as_bytes()), ("ipam/v6.json", table.as_bytes()), ("objects/acme/r.rpsl", role)];
    let estate = read(&files);
    let whose: Vec<_> = estate
        .declared
        .iter()
        .map(|each| (each.object.key().to_string(), each.customer.as_deref()))
        .collect();
    let expected = [
        ("role/AR1-RIPE".to_owned(), Some("acme")),
        ("inet6num/2a0f:85c1:260::/48".to_owned(), Some("acme")),
        ("inet6num/2a0f:85c1:261::/48".to_owned(), None),
    ];
    assert_eq!(whose, expected);
    assert_eq!(estate.customers, ["acme".into()]);
}

#[test]
fn rows_count_for_the_digest() {
    let config = with_rows(ROWS);
    let digest = |table: &str| read(&[(CONFIG, config.as_bytes()), ("ipam/v6.csv", table.as_bytes())]).digest;
    assert_ne!(digest("name,prefix\na,2a0f:85c1:260::/48\n"), digest("name,prefix\nb,2a0f:85c1:260::/48\n"));
}

#[test]
fn each_row_that_is_no_block_is_told_with_its_column() {
    check(
        ROWS,
        "ipam/v6.csv",
        "name,prefix,at,origin\n\
         a,2a0f:85c1:260::1/48,,\n\
         ,2a0f:85c1:261::/48,,\n\
         c,,ams,\n\
         d,2a0f:85c1:263::/48,lhr,ASX\n\
         e,2a0f:85c1:264::/48,lhr,\n\
         f,2001:db8::/48,,\n\
         e,2a0f:85c1:266::/48,,\n\
         g,2a0f:85c1:264::/64,,\n\
         h\n",
        "ipam/v6.csv:2:3 (column prefix) 2a0f:85c1:260::1/48 has host bits set; did you mean 2a0f:85c1:260::/48?\n\
         ipam/v6.csv:3:1 (column name) this row says nothing here\n→ fill the field, or take the row out\n\
         ipam/v6.csv:4:1 (column prefix) this row says nothing here\n→ fill the field, or take the row out\n\
         ipam/v6.csv:5:26 (column origin) `ASX` is not an AS number; write it as `AS205398`\n\
         ipam/v6.csv:6:22 (column at) block `e`: there is no site `lhr`\n→ add `lhr = { upstream = \"…\" }` to [sites]\n\
         ipam/v6.csv:7:3 (column prefix) block `f`: 2001:db8::/48 is not inside 2a0f:85c1:260::/44\n\
         → move it to the [[allocation]] that holds it, or give a prefix of 2a0f:85c1:260::/44\n\
         ipam/v6.csv:8:1 (column name) block `e` is named so already, at ipam/v6.csv:6\n→ give one of the two another name\n\
         ipam/v6.csv:9:1 blocks `e` (ipam/v6.csv:6) and `g` overlap: 2a0f:85c1:264::/48 and 2a0f:85c1:264::/64\n\
         → to announce both, move `e` into a second [[allocation]] over the same space; index 0 is free\n\
         ipam/v6.csv:10:1 this row has 1 fields, and there are 4 columns\n→ put a text with a comma in it between `\"`; or fill the row",
    );
}

#[test]
fn rows_and_written_blocks_are_one_list() {
    check(
        "rows = \"ipam/v6.csv\"\n[allocation.blocks]\na = { index = 1 }",
        "ipam/v6.csv",
        "name,prefix\na,2a0f:85c1:260::/48\nb,2a0f:85c1:261::/48\n",
        "ipam/v6.csv:2:1 (column name) block `a` is named so already, at ripectl.toml:15\n→ give one of the two another name\n\
         ipam/v6.csv:3:1 blocks `a` (ripectl.toml:15) and `b` both have index 1, 2a0f:85c1:261::/48\n→ index 0 is free",
    );
}

#[test]
fn a_column_that_is_not_there_gets_a_suggestion() {
    check(
        "rows = \"ipam/v6.csv\"\ncolumns = { name = \"Tenat\", origin = \"asn\" }",
        "ipam/v6.csv",
        "Tenant,Prefix\n",
        "ipam/v6.csv:1:1 there is no column `Tenat`; did you mean `Tenant`?\n\
         → name it at ripectl.toml:14 in `columns = { name = \"…\" }`; there are `Tenant`, `Prefix`\n\
         ipam/v6.csv:1:1 there is no column `asn`\n\
         → name it at ripectl.toml:14 in `columns = { origin = \"…\" }`; there are `Tenant`, `Prefix`",
    );
}

#[test]
fn rows_are_read_inside_the_estate_only() {
    for path in ["../v6.csv", "/etc/passwd", "a/../../v6.csv"] {
        check(
            &format!("rows = \"{path}\""),
            "ipam/v6.csv",
            "",
            "ripectl.toml:13:8 `rows`: leads out of the estate, and a repository may read nothing there\n\
             → put the export below the folder of ripectl.toml, and name it from there",
        );
    }
    check(
        "rows = \"ipam/v6.xls\"",
        "ipam/v6.xls",
        "",
        "ripectl.toml:13:8 `rows`: neither CSV nor JSON, by its name\n\
         → export it as one of them, with a name that ends in `.csv` or `.json`",
    );
    check(
        ROWS,
        "ipam/v4.csv",
        "",
        "ripectl.toml:13:8 ipam/v6.csv cannot be read: No such file or directory (os error 2)\n→ is the name right?",
    );
    check(
        "columns = { name = \"x\" }",
        "ipam/v4.csv",
        "",
        "ripectl.toml:13:11 `columns` are those of `rows`, and there are none\n\
         → add `rows = \"ipam/v6.csv\"`, say, or take `columns` out",
    );
}

#[test]
fn what_a_row_lacks_is_told_with_the_row() {
    let config = with_rows(ROWS).replace("vars = { country = \"EU\" }\n", "");
    check_files(
        &[(CONFIG, config.as_bytes()), ("ipam/v6.csv", b"name,prefix,country\na,2a0f:85c1:260::/48,\n")],
        "templates/block.rpsl:3:13 (block a) `country` has no value\n\
         → fill a column `country` in ipam/v6.csv:2, or add `country = \"…\"` to `vars` of allocation 2a0f:85c1:260::/44 \
         (ripectl.toml:8)",
    );
}

/// What a row says is one line of an object, whatever somebody wrote into the IPAM.
#[test]
fn no_field_becomes_a_second_line() {
    let config = with_rows(ROWS);
    let table =
        "name,prefix,country\n\"a\nmnt-by: EVIL-MNT\",2a0f:85c1:260::/48,\"NL\r\nmnt-by: EVIL-MNT\"\n";
    let estate = read(&[(CONFIG, config.as_bytes()), ("ipam/v6.csv", table.as_bytes())]);
    assert_eq!(estate.declared[0].object.values(Name::MntBy), ["A-MNT"]);
}

proptest::proptest! {
    /// Whatever stands in a table, it is read or refused.
    #[test]
    fn no_table_is_a_panic(csv in "([ab,;\"\n\r\t é]|name|prefix|2001:db8::/48|\u{feff}){0,60}", json in "([ab:{}\\[\\]\",\n0 ]|name|prefix|\\\\u00|null){0,60}") {
        for (path, table) in [("ipam/v6.csv", csv), ("ipam/v6.json", json)] {
            let config = with_rows(&format!("rows = \"{path}\""));
            let root = written(&[(CONFIG, config.as_bytes()), (path, table.as_bytes())]);
            let (estate, findings) = load(root.path(), None, &Configuration::default());
            let _ = shown(&findings);
            proptest::prop_assert!(estate.is_some() || !findings.is_empty());
        }
    }
}
