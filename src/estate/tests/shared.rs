//! Objects that are edited together with others.

use super::{refused::check_files, *};

const ROLE: &[u8] = b"role: Ours\ne-mail: a@b.example\nnic-hdl: AR1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n";

/// The small estate with a role, and with `shared` behind all else.
fn with(shared: &str) -> String {
    format!("{CONFIG_TEXT}{shared}")
}

#[test]
fn what_is_ours_of_an_object_is_known_where_it_is_declared() {
    let config =
        with("[[shared]]\nkey = \"role/ar1-ripe\"\nattributes = [\"e-mail\", \"mnt-by\", \"role\"]\n");
    let root = written(&[(CONFIG, config.as_bytes()), ("objects/r.rpsl", ROLE)]);
    let estate = sound(root.path(), None);
    let ours = |each: &Declared| each.shared.as_ref().map(|shared| shared.attributes().to_vec());
    let told: Vec<_> = estate.declared.iter().map(ours).collect();
    assert_eq!(told, [Some(vec![Name::EMail, Name::MntBy, Name::Role]), None, None]);
}

#[test]
fn a_class_is_shared_with_what_blocks_make_and_what_has_no_effect_is_said() {
    let config = with("[[shared]]\nkey = \"inet6num/*\"\nattributes = [\"netname\"]\n");
    let root = written(&[(CONFIG, config.as_bytes())]);
    let (estate, findings) = load(root.path(), None, &Configuration::default());
    assert!(estate.unwrap().declared.iter().all(|each| each.shared.is_some()));
    assert!(findings.iter().all(|finding| finding.severity == Severity::Info));
    assert_eq!(
        shown(&findings).lines().take(2).collect::<Vec<_>>(),
        [
            "templates/block.rpsl:3:1 (block any, `country` at ripectl.toml:13) inet6num/2a0f:85c1:260::/48 is shared: what \
             stands here has no effect in country, mnt-by",
            "→ if it is ours to say, add it to `attributes` at ripectl.toml:18",
        ]
    );
}

#[test]
fn slips_are_told_with_their_places() {
    let check = |shared: &str, expected: &str| {
        let config = with(shared);
        check_files(&[(CONFIG, config.as_bytes()), ("objects/r.rpsl", ROLE)], expected);
    };
    let of_role = |rest: &str| format!("[[shared]]\nkey = \"role/AR1-RIPE\"\n{rest}");
    check(
        "[[shared]]\nkey = \"AR1-RIPE\"\nattributes = [\"e-mail\"]\n",
        "ripectl.toml:18:7 `key`: `AR1-RIPE` must be `class/key`, as `role/HN1-RIPE`, or `class/*`",
    );
    check(
        "[[shared]]\nattributes = [\"e-mail\"]\n",
        "ripectl.toml:17:1 `key` is missing\n→ add `key = \"inet6num/2001:db8::/32\"`",
    );
    check(
        &of_role(""),
        "ripectl.toml:17:1 `attributes` is missing\n→ add `attributes = [\"descr\", \"mnt-lower\"]`",
    );
    check(
        &of_role("attributes = []\n"),
        "ripectl.toml:18:7 no attribute of role/AR1-RIPE is ours\n\
         → name one, as in `attributes = [\"descr\"]`, or take this [[shared]] out",
    );
    check(
        &of_role("attributes = [\"e-mai\"]\n"),
        "ripectl.toml:19:15 role objects have no `e-mai`\n→ did you mean `e-mail`?",
    );
    let names: Vec<_> = Class::Role.template().rows.iter().map(|row| row.name.text()).collect();
    check(
        &of_role("attributes = [\"zebra\"]\n"),
        &format!("ripectl.toml:19:15 role objects have no `zebra`\n→ write one of: {}", names.join(", ")),
    );
    check(
        &of_role("attributes = [\"e-mail\", \"nic-hdl\", \"source\", \"created\", \"e-mail\"]\n"),
        "ripectl.toml:19:25 `nic-hdl` names the object, and cannot be edited\n→ take it out of `attributes`\n\
         ripectl.toml:19:36 `source` is the registry's, and no party's to edit\n→ take it out of `attributes`\n\
         ripectl.toml:19:46 the registry writes `created` itself\n→ take it out of `attributes`\n\
         ripectl.toml:19:57 `e-mail` is named twice\n→ take one of the two out",
    );
    check(
        "[[shared]]\nkey = \"role/AR2-RIPE\"\nattributes = [\"e-mail\"]\n",
        "ripectl.toml:18:7 role/AR2-RIPE is shared, and no file or block declares it\n\
         → `ripectl import role/AR2-RIPE` writes what is ours of it, or take this [[shared]] out",
    );
    check(
        "[[shared]]\nkey = \"person/*\"\nattributes = [\"e-mail\"]\n",
        "ripectl.toml:18:7 person/* is shared, and no file or block declares it\n\
         → declare one, as a file in objects/, say, or take this [[shared]] out",
    );
    let once = of_role("attributes = [\"e-mail\"]\n");
    check(
        &format!("{once}[[shared]]\nkey = \"role/*\"\nattributes = [\"mnt-by\", \"role\"]\n"),
        "objects/r.rpsl:4:1 role/AR1-RIPE is shared: what stands here has no effect in mnt-by\n\
         → if it is ours to say, add it to `attributes` at ripectl.toml:18\n\
         ripectl.toml:21:7 role/AR1-RIPE is shared twice, first at ripectl.toml:18\n\
         → write all attributes that are ours into one [[shared]]",
    );
    check(
        "[shared]\nkey = \"role/*\"\n",
        "ripectl.toml:17:1 `shared`: there may be several\n→ write `[[shared]]`, with two brackets",
    );
}
