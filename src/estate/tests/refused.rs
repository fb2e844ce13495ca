//! What is wrong with an estate: each complaint with its place, and the way out behind an arrow.

use super::*;

/// The small estate with `files` written over it is refused with `expected`.
pub(super) fn check_files(files: &[(&str, &[u8])], expected: &str) {
    let root = written(files);
    let (estate, findings) = load(root.path(), None, &Configuration::default());
    assert_eq!(shown(&findings), expected);
    assert!(estate.is_none(), "nothing must be planned with half an estate");
}

/// The small estate with `old` replaced by `new` in `ripectl.toml` is refused with `expected`.
fn check(old: &str, new: &str, expected: &str) {
    assert!(CONFIG_TEXT.contains(old), "{old} is not in the small estate");
    check_files(&[(CONFIG, CONFIG_TEXT.replacen(old, new, 1).as_bytes())], expected);
}

#[test]
fn an_unknown_key_gets_a_suggestion() {
    check(
        "split = 48",
        "splt = 48\nsplit = 48",
        "ripectl.toml:10:1 `splt` is not a key here\n\
         → did you mean `split`?",
    );
    check(
        "[sites]",
        "colour = 1\n[sites]",
        "ripectl.toml:2:1 `colour` is not a key here\n\
         → known here: format, include, registry, manage, expect, upstreams, sites, allocation, rpki, shared, geofeed, rules, waiver",
    );
}

#[test]
fn a_name_that_is_not_read_stops_the_run() {
    let check = |path: &str, folder: &str, better: &str| {
        let expected = format!(
            "{path}:1:1 {path} is not read, so what it declares would count as not declared: only `objects/` and \
             `templates/`, and names in them that end in `.rpsl`, are read\n\
             → rename it to `{better}`, or move it out of {folder}/"
        );
        check_files(&[(path, b"role: A\n")], &expected);
    };
    check("objects/X.RPSL", "objects", "X.rpsl");
    check("objects/x", "objects", "x.rpsl");
    check("objects/a/x.rpsl.txt", "objects/a", "x.rpsl");
    check("templates/x.j2", "templates", "x.rpsl");
    check_files(
        &[("Objects/x.rpsl", b"")],
        "Objects:1:1 Objects is not read, so what it declares would count as not declared: only `objects/` and \
         `templates/`, and names in them that end in `.rpsl`, are read\n\
         → rename it to `objects`",
    );
}

#[test]
fn vrps_are_read_inside_the_estate_only() {
    for path in ["/proc/self/environ", "../vrps.json", "a/../../vrps.json", "/etc/passwd"] {
        check(
            "[sites]",
            &format!("[rpki]\nvrps = \"{path}\"\n[sites]"),
            "ripectl.toml:3:8 `vrps`: leads out of the estate, and a repository may read nothing there\n\
             → put the file below the folder of ripectl.toml, or name it yourself: `ripectl validate --vrps FILE`",
        );
    }
}

#[test]
fn all_problems_are_said_at_once() {
    let config = "format = 1\nsits = {}\n[manage]\nlimit = 3\n[[allocation]]\nprefix = 7\n";
    let objects: &[(&str, &[u8])] = &[(CONFIG, config.as_bytes()), ("objects/a.rpsl", b"rout6: ::/0\n")];
    check_files(
        objects,
        "ripectl.toml:2:1 `sits` is not a key here\n\
         → did you mean `sites`?\n\
         ripectl.toml:4:1 `limit` is not a key here\n\
         → did you mean `limits`?\n\
         ripectl.toml:6:10 `prefix`: must be a string, and is an integer\n\
         objects/a.rpsl:1:1 `rout6` is not a class of objects\n\
         → did you mean `route6:`?",
    );
}

#[test]
fn a_value_of_the_wrong_type_or_form_is_refused() {
    check(
        "split = 48",
        "split = \"48\"",
        "ripectl.toml:10:9 `split`: must be a whole number from 0 to 255, and is a string",
    );
    check(
        "split = 48",
        "split = 480",
        "ripectl.toml:10:9 `split`: must be a whole number from 0 to 255, and is 480",
    );
    check(
        "split = 48",
        "split = 40",
        "ripectl.toml:10:9 2a0f:85c1:260::/44 cannot be split into /40; choose a length from /45 to /128",
    );
    check(
        "\"AS20473\"",
        "\"20473\"",
        "ripectl.toml:6:17 `asn`: `20473` is not an AS number; write it as `AS205398`",
    );
    check(
        "longest = 48",
        "roa = \"valids\"",
        "ripectl.toml:6:34 `roa`: `valids` is none of `any`, `not-invalid`, `valid`; did you mean `valid`?",
    );
    check(
        "260::/44",
        "261::/44",
        "ripectl.toml:8:10 `prefix`: 2a0f:85c1:261::/44 has host bits set; did you mean 2a0f:85c1:260::/44?",
    );
    check(
        "[manage]",
        "[manage]\nprotect = [\"rle/*\", \"role\"]",
        "ripectl.toml:16:12 `protect`: `rle` is not a class of objects; did you mean `role`?\n\
         ripectl.toml:16:21 `protect`: `role` must be `class/key`, as `role/HN1-RIPE`, or `class/*`",
    );
    check(
        "[sites]",
        "[rpki]\nmax-age = \"2\"\nvrps = \"rtr://localhost\"\n[sites]",
        "ripectl.toml:3:11 `max-age`: `2` is not an age; write it as `90s`, `30m`, `2h` or `1d`, or `never` for a fixture\n\
         ripectl.toml:4:8 `vrps`: `rtr://localhost` is no place of an RTR server\n\
         → write it as rtr://HOST:PORT, such as rtr://localhost:3323",
    );
    check(
        "country = \"EU\"",
        "prefix = \"EU\", country = \"EU\"",
        "ripectl.toml:13:39 `vars`: `prefix` has its value from ripectl\n\
         → give the variable another name, here and in the templates",
    );
}

#[test]
fn what_must_be_there_is_asked_for() {
    check(
        "format = 1\n",
        "",
        "ripectl.toml:1:1 `format` is missing\n\
         → put `format = 1` on the first line",
    );
    check(
        "format = 1\n",
        "format = 2\n",
        "ripectl.toml:1:10 this is format 2, and this version of ripectl knows format 1\n\
         → write `format = 1`, or update ripectl",
    );
    check(
        "asn = \"AS20473\", ",
        "",
        "ripectl.toml:6:9 `asn` is missing\n\
         → add `asn = \"AS64500\"`",
    );
    check(
        "origin = \"AS205398\"\n",
        "",
        "ripectl.toml:12:1 block `any` has no origin\n\
         → add `origin = \"AS…\"` to it or to its allocation\n\
         ripectl.toml:13:1 block `ams` has no origin\n\
         → add `origin = \"AS…\"` to it or to its allocation",
    );
}

#[test]
fn what_is_not_toml_is_shown_where_it_breaks() {
    check(
        "split = 48",
        "split = ",
        "ripectl.toml:10:9 string values must be quoted, expected literal string",
    );
}

#[test]
fn what_comes_later_is_not_taken_silently() {
    check(
        "[sites]",
        "[[steer]]\nblock = \"x\"\n[sites]",
        "ripectl.toml:2:1 `steer` is not there yet: this version of ripectl does not act on it\n\
         → take it out, or put `#` before its lines",
    );
}

#[test]
fn a_repository_does_not_say_where_keys_are_sent() {
    let check = |registry: &str, expected: &str| check("[sites]", &format!("{registry}\n[sites]"), expected);
    check(
        "[registry.lab]\nurl = \"https://evil.example\"\nsource = \"TEST\"",
        "ripectl.toml:3:7 `https://evil.example`: a repository may not say where writes and keys are sent\n\
         → here only 127.0.0.1, [::1] and localhost may stand; if you trust it, write into ~/.config/ripectl/config.toml:\n[registry.lab]\nurl = \"https://evil.example\"\nsource = \"TEST\"",
    );
    check(
        "[registry.ripe]\nurl = \"http://127.0.0.1:1\"",
        "ripectl.toml:3:7 registry `ripe` is built in: its url and source are known\n\
         → take this line out, or give the registry another name",
    );
    check(
        "[registry.lab]\nurl = \"http://127.0.0.1:1\"",
        "ripectl.toml:2:11 registry `lab` has no `source`\n\
         → add `source = \"TEST\"`, as its objects have it",
    );
}

#[test]
fn blocks_are_parts_of_their_allocation_and_apart() {
    let check = |ams: &str, expected: &str| check("index = 1,", ams, expected);
    check(
        "index = 0,",
        "ripectl.toml:14:1 blocks `any` (ripectl.toml:13) and `ams` both have index 0, 2a0f:85c1:260::/48\n\
         → index 1 is free",
    );
    check(
        "index = 16,",
        "ripectl.toml:14:17 block `ams`: 2a0f:85c1:260::/44 has 16 parts, and none with index 16\n\
         → choose an index from 0 to 15",
    );
    check(
        "prefix = \"2a0f:85c1:260:8000::/52\",",
        "ripectl.toml:14:1 blocks `any` (ripectl.toml:13) and `ams` overlap: 2a0f:85c1:260::/48 and 2a0f:85c1:260:8000::/52\n\
         → to announce both, move `any` into a second [[allocation]] over the same space; index 1 is free",
    );
    check(
        "prefix = \"2a0f:85c1:270::/48\",",
        "ripectl.toml:14:18 block `ams`: 2a0f:85c1:270::/48 is not inside 2a0f:85c1:260::/44\n\
         → move it to the [[allocation]] that holds it, or give a prefix of 2a0f:85c1:260::/44",
    );
    check(
        "prefix = \"2a0f:85c1:261::/47\",",
        "ripectl.toml:14:18 `prefix`: 2a0f:85c1:261::/47 has host bits set; did you mean 2a0f:85c1:260::/47?",
    );
    check(
        "index = 1, prefix = \"2a0f:85c1:261::/48\",",
        "ripectl.toml:14:29 block `ams` has an index and a prefix\n\
         → leave one of them out",
    );
    check(
        "",
        "ripectl.toml:14:1 block `ams` has neither an index nor a prefix\n\
         → add `index = 1`, say",
    );
}

#[test]
fn an_index_needs_a_split() {
    check(
        "split = 48\n",
        "",
        "ripectl.toml:12:17 block `any` has an index, but 2a0f:85c1:260::/44 is not split\n\
         → add `split = 48`, say, to the allocation, or give the block a prefix\n\
         ripectl.toml:13:17 block `ams` has an index, but 2a0f:85c1:260::/44 is not split\n\
         → add `split = 48`, say, to the allocation, or give the block a prefix",
    );
}

#[test]
fn sites_and_upstreams_are_known() {
    check(
        "at = [\"ams\"]",
        "at = [\"asm\"]",
        "ripectl.toml:14:26 block `ams`: there is no site `asm`\n\
         → add `asm = { upstream = \"…\" }` to [sites]",
    );
    check(
        "at = [\"ams\"]",
        "at = [\"ams\", \"ams\"]",
        "ripectl.toml:14:33 block `ams` names site `ams` twice\n\
         → leave it out here",
    );
    check(
        "{ upstream = \"vultr\" }",
        "{ upstream = \"vulture\" }",
        "ripectl.toml:4:20 site `lux`: there is no upstream `vulture`; did you mean `vultr`?\n\
         → add `vulture = { asn = \"AS…\" }` to [upstreams]",
    );
}

#[test]
fn a_template_must_exist_and_fit() {
    check(
        "\"block\"",
        "\"blok\"",
        "ripectl.toml:11:26 there is no templates/blok.rpsl; did you mean `block`?\n\
         → write that file, or name one that is there",
    );
    check(
        "inet6num = ",
        "inetnum = ",
        "ripectl.toml:11:25 2a0f:85c1:260::/44 cannot have inetnum objects\n\
         → write `inet6num` instead of `inetnum`",
    );
    check(
        "at = [\"ams\"]",
        "at = [\"ams\"], templates = { inet6num = \"blok\" }",
        "ripectl.toml:14:59 there is no templates/blok.rpsl; did you mean `block`?\n\
         → write that file, or name one that is there",
    );
    check(
        "at = [\"ams\"]",
        "at = [\"ams\"], templates = { inetnum = \"block\" }",
        "ripectl.toml:14:58 2a0f:85c1:260::/44 cannot have inetnum objects\n\
         → write `inet6num` instead of `inetnum`",
    );
    check(
        "split = 48",
        "split = 48\nreverse = \"block\"",
        "ripectl.toml:11:11 `reverse` asks for reverse zones, but no template makes them\n\
         → add `domain = \"zone\"` to `templates`, or write `reverse = \"none\"`",
    );
}

#[test]
fn a_template_makes_the_one_object_of_its_block() {
    let check = |template: &str, expected: &str| {
        check_files(&[("templates/block.rpsl", template.as_bytes())], expected);
    };
    check(
        "inet6num: {{ prefix }}\nnetname: {{ netnam }}\nremarks: {{ other | upper }}\n",
        "templates/block.rpsl:2:13 (block any, block ams) `netnam` has no value\n\
         → add `netnam = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)\n\
         templates/block.rpsl:3:21 (block any, block ams) `other` has no value\n\
         → add `other = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)",
    );
    check(
        "inet6num: {{ prefix }}\n{% if %}\n",
        "templates/block.rpsl:2:7 syntax error: unexpected end of block\n\
         → templates are written as Jinja has it: https://docs.rs/minijinja",
    );
    check(
        "inet6num: {{ prefix }}\nnonsense\n",
        "templates/block.rpsl:2:1 (block any, block ams) this makes `nonsense`: this line is no attribute\n\
         → write `name: value`; begin the line with a blank to continue the line before, with `#` for a comment",
    );
    check(
        "inet6num: {{ allocation }}\n",
        "templates/block.rpsl:1:1 (block any, block ams) this makes inet6num/2a0f:85c1:260::/44, which is not the inet6num of this block\n\
         → begin the template with `inet6num: {{ prefix }}`",
    );
    check(
        "route6: {{ prefix }}\norigin: {{ origin }}\n",
        "templates/block.rpsl:1:1 (block any) this makes route6/2a0f:85c1:260::/48AS205398, which is not the inet6num of this block\n\
         → begin the template with `inet6num: {{ prefix }}`\n\
         templates/block.rpsl:1:1 (block ams) this makes route6/2a0f:85c1:261::/48AS205398, which is not the inet6num of this block\n\
         → begin the template with `inet6num: {{ prefix }}`",
    );
    check(
        "inet6num: {{ prefix }}\n\nperson: {{ block }}\nnic-hdl: A-RIPE\n",
        "templates/block.rpsl:1:1 (block any, block ams) this makes more than one object, also person/A-RIPE\n\
         → a template makes one inet6num",
    );
    check(
        "\n",
        "templates/block.rpsl:1:1 (block any, block ams) this makes nothing\n\
         → a template makes one inet6num",
    );
}

#[test]
fn a_variable_with_no_value_is_asked_for_where_it_belongs() {
    check(
        ", vars = { country = \"EU\" }",
        "",
        "templates/block.rpsl:3:13 (block any) `country` has no value\n\
         → add `country = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)",
    );
}

#[test]
fn a_key_is_declared_once() {
    let object = "inet6num: 2A0F:85C1:261:0::/48\nsource: RIPE\n\nperson: A\nnic-hdl: A1-RIPE\n\nrole: A\nnic-hdl: A1-RIPE\n\nrole: B\nnic-hdl: a1-ripe\n";
    check_files(
        &[("objects/x.rpsl", object.as_bytes())],
        "objects/x.rpsl:10:1 role/a1-ripe is declared twice, first at objects/x.rpsl:7\n\
         → take one of them out\n\
         ripectl.toml:14:1 (block ams, templates/block.rpsl) inet6num/2a0f:85c1:261::/48 is declared twice, first at objects/x.rpsl:1\n\
         → take one of them out",
    );
    let absent = CONFIG_TEXT.replace("[manage]", "[manage]\nabsent = [\"inet6num/2a0f:85c1:261::/48\"]");
    check_files(
        &[(CONFIG, absent.as_bytes())],
        "ripectl.toml:16:11 inet6num/2a0f:85c1:261::/48 must be absent, but is declared at ripectl.toml:14 (block ams, templates/block.rpsl)\n\
         → take it out of `absent`, or do not declare it",
    );
}

#[test]
fn a_file_must_be_text() {
    check_files(
        &[("objects/x.rpsl", b"person: A\naddress: M\xfcnchen\n")],
        "objects/x.rpsl:2:11 objects/x.rpsl is not UTF-8: byte 20 is 0xFC\n\
         → if it is Latin-1: `iconv -f latin1 -t utf-8 objects/x.rpsl`",
    );
    check_files(
        &[(CONFIG, b"format = 1 # \xff\n")],
        "ripectl.toml:1:14 ripectl.toml is not UTF-8: byte 13 is 0xFF\n\
         → if it is Latin-1: `iconv -f latin1 -t utf-8 ripectl.toml`",
    );
}

#[test]
fn several_are_written_in_brackets() {
    check(
        "[[allocation]]",
        "[allocation]",
        "ripectl.toml:7:1 `allocation`: there may be several\n\
         → write `[[allocation]]`, with two brackets",
    );
    check(
        "at = [\"ams\"]",
        "at = \"ams\"",
        "ripectl.toml:14:25 `at`: there may be several\n\
         → write `at = [\"ams\"]`",
    );
}

#[test]
fn a_block_that_is_no_zone_has_none() {
    let config = CONFIG_TEXT.replace("split = 48", "split = 46").replace("inet6num =", "domain =");
    let config = config.replace("split", "reverse = \"block\"\nsplit");
    check_files(
        &[(CONFIG, config.as_bytes()), ("templates/block.rpsl", b"domain: {{ zone }}\n")],
        "ripectl.toml:14:1 (block any) 2a0f:85c1:260::/46 is not one reverse zone\n\
         → write `reverse = \"none\"`, and its zones into objects/\n\
         ripectl.toml:15:1 (block ams) 2a0f:85c1:264::/46 is not one reverse zone\n\
         → write `reverse = \"none\"`, and its zones into objects/",
    );
    check_files(
        &[("templates/block.rpsl", b"inet6num: {{ prefix }}\ndescr: {{ zonee }}{{ upstream }}\n")],
        "templates/block.rpsl:2:11 (block any, block ams) `zonee` has no value; did you mean `zone`?\n\
         → add `zonee = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)\n\
         templates/block.rpsl:2:22 (block any) `upstream` has no value\n\
         → add `upstream = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)",
    );
}

#[test]
fn what_others_must_hold() {
    let check = |expect: &str, expected: &str| {
        check("[sites]", &format!("[[expect]]\n{expect}\n[sites]"), expected);
    };
    check(
        "object = \"inet6num/2a0f:85c1::/32\"\nhas = { mnt-lowr = \"A-MNT\", stat = [] }\nasks = \"x\"",
        "ripectl.toml:4:9 inet6num objects have no `mnt-lowr`; did you mean `mnt-lower`?\n\
         ripectl.toml:4:36 `stat`: must name a value\n\
         → write the value that is expected, or take this out\n\
         ripectl.toml:5:1 `asks` is not a key here\n\
         → did you mean `ask`?",
    );
    check(
        "object = \"inet6nun/2a0f:85c1::/32\"",
        "ripectl.toml:3:10 `object`: `inet6nun` is not a class of objects; did you mean `inet6num`?",
    );
    check(
        "object = \"mntner/HOLDER-MNT\"\nhas = { auth = \"SSO a@b.example\", nserver = 7 }",
        "ripectl.toml:4:9 `auth` is shown to nobody but those whom it names\n\
         → take it out, or expect `mnt-by` instead\n\
         ripectl.toml:4:45 `nserver`: must be a string or an array of strings, and is an integer",
    );
    check(
        "absent = [\"route6 <= 2a0f:85c1:261::/44\", \"route < ::/0\"]",
        "ripectl.toml:3:11 `absent`: 2a0f:85c1:261::/44 has host bits set; did you mean 2a0f:85c1:260::/44?\n\
         ripectl.toml:3:43 `absent`: ::/0 cannot have route objects; did you mean `route6`?",
    );
    let nothing = "add `object = \"class/key\"`, or `absent = [\"route6 <= 2001:db8::/44\"]`";
    check("ask = \"x\"", &format!("ripectl.toml:2:1 this expects nothing\n→ {nothing}"));
    check(
        "object = \"mntner/HOLDER-MNT\"\nabsent = []",
        "ripectl.toml:2:1 `object` and `absent` are in one [[expect]]\n→ make two of it",
    );
    check(
        "absent = []\nhas = { mnt-by = \"A-MNT\" }",
        "ripectl.toml:2:1 `has` needs an `object`\n→ take `has` out, or make two [[expect]] of it",
    );
    check(
        "absent = [\"inet6num > 2a0f:85c1:261::/48\", \"inet6num >= 2a0f:85c1:261::/48\"]",
        "ripectl.toml:3:44 `inet6num >= 2a0f:85c1:261::/48` is expected to be absent, but \
         inet6num/2a0f:85c1:261::/48 is declared at ripectl.toml:16 (block ams, templates/block.rpsl)\n\
         → take it out of `absent`, or do not declare it",
    );
}

#[test]
fn whose_objects_are_ours_must_be_said() {
    let ours = "[manage]\nmaintainers = [\"A-MNT\"]\n";
    let missing = "`[manage] maintainers` is missing: no registered object would be ours, and all that is declared would be \
                   planned as new";
    check(
        ours,
        "",
        &format!("ripectl.toml:1:1 {missing}\n→ add a table `[manage]` with `maintainers = [\"A-MNT\"]`"),
    );
    check(
        ours,
        "[manage]\nmaintainers = []\n",
        &format!("ripectl.toml:15:1 {missing}\n→ add `maintainers = [\"A-MNT\"]`"),
    );
    check(
        "[\"A-MNT\"]",
        "[\"A MNT\"]",
        "ripectl.toml:16:16 `maintainers`: no mntner is called so: expected a name of 2 to 80 characters such as \
         `EXAMPLE-MNT`",
    );
    let unused = |name: &str| {
        let root = written(&[(CONFIG, CONFIG_TEXT.replace("A-MNT", name).as_bytes())]);
        let (estate, findings) = load(root.path(), None, &Configuration::default());
        assert!(estate.is_some(), "it may be meant");
        shown(&findings)
    };
    assert_eq!(
        unused("AA-MNT"),
        "ripectl.toml:16:16 no declared object has AA-MNT in its `mnt-by`\n→ did you mean `A-MNT`?"
    );
    assert_eq!(
        unused("ZEBRA-MNT"),
        "ripectl.toml:16:16 no declared object has ZEBRA-MNT in its `mnt-by`\n\
         → take it out of `maintainers`, unless registered objects that are not declared have it"
    );
    assert_eq!(unused("a-mnt"), "");
}

#[test]
fn announcements_are_blocks_times_sites_and_not_without_end() {
    let sites: String = (0..1000).map(|site| format!("s{site} = {{}}\n")).collect();
    let blocks: String =
        (0..501).map(|block| format!("b{block} = {{ index = {block}, at = [\"*\"] }}\n")).collect();
    let config = format!(
        "format = 1\n[manage]\nmaintainers = [\"A-MNT\"]\n[sites]\n{sites}[[allocation]]\nprefix = \"2001:db8::/32\"\n\
         origin = \"AS64500\"\nsplit = 44\n[allocation.blocks]\n{blocks}"
    );
    let root = written(&[(CONFIG, config.as_bytes())]);
    let (estate, findings) = load(root.path(), None, &Configuration::default());
    let too_many =
        findings.iter().filter(|finding| finding.text.starts_with("more than 500000 announcements"));
    assert_eq!((estate.is_none(), too_many.count()), (true, 1), "{}", shown(&findings));
}
