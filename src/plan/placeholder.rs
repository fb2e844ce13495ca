//! Objects whose key is still to be chosen: what must be so that each is made once and never again.
//!
//! A handle or id is never given a second time, so the key that is chosen when a plan is applied must stand in the
//! files afterwards, wherever the placeholder stood; and what stands already must not be made beside itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, ownership};
use crate::{
    estate::{Declared, Estate, Origin},
    finding::Finding,
    registered::Inventory,
    rpsl::{Class, Key, Object, Placeholder},
};

/// The declared objects among `changes` whose keys are still to be chosen.
fn to_be_named<'a>(
    changes: &'a [Change],
    sources: &'a BTreeMap<Key, &Declared>,
) -> impl Iterator<Item = (Placeholder, &'a Declared)> {
    let created = changes.iter().filter(|change| matches!(change, Change::Create(_)));
    created.filter_map(|change| {
        let declared = sources.get(&change.key())?;
        Some((Placeholder::of(&declared.object)?, *declared))
    })
}

/// Placeholders that no file of objects holds, so that the key that is chosen could not be written there; each template
/// is told once.
pub fn in_templates(estate: &Estate) -> Vec<Finding> {
    let declared = estate.declared.iter();
    let named: Vec<(Placeholder, &Declared)> =
        declared.filter_map(|each| Some((Placeholder::of(&each.object)?, each))).collect();
    let mut told = BTreeSet::new();
    let made = named.iter().filter(|(_, each)| match &each.origin {
        Origin::File => false,
        Origin::Block { template, .. } | Origin::Allocation { template, .. } => told.insert(template.clone()),
    });
    let mut findings: Vec<Finding> = made.map(|(_, each)| of_template(each)).collect();
    findings.extend(references_of_templates(&named, estate));
    findings
}

/// Why the keys of `changes` must not be chosen as the files are now.
pub fn placeholders(
    changes: &[Change],
    sources: &BTreeMap<Key, &Declared>,
    registered: &Inventory,
    estate: &Estate,
) -> Vec<Finding> {
    let named: Vec<(Placeholder, &Declared)> = to_be_named(changes, sources).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let mut findings = same_names(&named, registered, estate);
    findings.extend(
        named.iter().filter(|(_, declared)| declared.origin != Origin::File).map(|(_, d)| of_template(d)),
    );
    findings.extend(references_of_templates(&named, estate));
    findings
}

/// The key that an object was made with cannot be written into a template.
fn of_template(declared: &Declared) -> Finding {
    let text = "a template makes it, so the key that is chosen for it could not be kept, and every run would make another";
    finding(declared, text).fix("declare it in a file of `objects/`, and name its key in the template")
}

/// Templates that refer to a placeholder of another object, each told once.
fn references_of_templates(named: &[(Placeholder, &Declared)], estate: &Estate) -> Vec<Finding> {
    let names: BTreeMap<&str, Class> =
        named.iter().map(|(placeholder, d)| (placeholder.name(), d.object.class())).collect();
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for declared in &estate.declared {
        let template = match &declared.origin {
            Origin::File => continue,
            Origin::Block { template, .. } | Origin::Allocation { template, .. } => template,
        };
        for (index, attribute) in declared.object.attributes().enumerate() {
            let Some(name) = attribute.name.filter(|name| !name.row().references.is_empty()) else {
                continue;
            };
            for placeholder in attribute.values().iter().filter_map(|value| Placeholder::parse(value)) {
                let refers = names.get(placeholder.name()).is_some_and(|c| name.row().references.contains(c));
                if refers && told.insert((template.clone(), name, placeholder.name().to_owned())) {
                    let text = format!(
                        "`{}` is referred to by a template or a variable, where the key that is chosen for it is not written",
                        placeholder.name()
                    );
                    let finding = Finding::error("placeholder", text).about(declared.object.key());
                    findings.push(finding.at(declared.place_of(index)).fix(
                        "write a handle in its place: that of an object that stands, or one of your own for the new one too",
                    ));
                }
            }
        }
    }
    findings
}

/// An object of ours with the same name: the one that is meant, or one that is taken for it.
fn same_names(named: &[(Placeholder, &Declared)], registered: &Inventory, estate: &Estate) -> Vec<Finding> {
    let classes: BTreeSet<Class> = named.iter().map(|(_, declared)| declared.object.class()).collect();
    let known = registered
        .iter()
        .filter(|(key, object)| classes.contains(&key.class()) && ownership::is_ours(object, &estate.manage));
    let mut standing: BTreeMap<(Class, String), &Object> = BTreeMap::new();
    for (key, object) in known {
        standing.entry((key.class(), object.known_as())).or_insert(object);
    }
    let mut seen: BTreeMap<(Class, String), &Declared> = BTreeMap::new();
    let mut findings = Vec::new();
    for (_, declared) in named {
        let name = (declared.object.class(), super::as_stored(&declared.object, None).known_as());
        if let Some(object) = standing.get(&name) {
            findings.push(stands(declared, &object.key()));
        } else if let Some(other) = seen.get(&name) {
            let text = format!(
                "{} at {} has the same name: if an answer is lost, the two cannot be told apart",
                other.object.key(),
                other.place
            );
            findings.push(finding(declared, text).fix("give one of them another name"));
        }
        seen.insert(name, declared);
    }
    findings
}

fn stands(declared: &Declared, key: &Key) -> Finding {
    let place = key_place(declared);
    let remedy =
        format!("write `{}` at {place} if it is meant, or give the new one another name", key.text());
    Finding::error("same-name", format!("{key} is ours and has the same name"))
        .about(declared.object.key())
        .at(place)
        .fix(remedy)
}

fn finding(declared: &Declared, text: impl Into<String>) -> Finding {
    Finding::error("placeholder", text).about(declared.object.key()).at(key_place(declared))
}

/// Where the placeholder stands.
fn key_place(declared: &Declared) -> crate::finding::Location {
    let key = declared.object.class().template().key.first();
    let index = declared.object.attributes().position(|attribute| attribute.name.as_ref() == key);
    index.map_or_else(|| declared.place.clone(), |index| declared.place_of(index))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{
        estate::load,
        plan::{PlanOptions, plan},
        registered::{Inventory, Registered},
        rpsl::Object,
    };

    const ROLE: &str = "role: Hobby NOC\nnic-hdl: AUTO-1HN # new\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    const BLOCKS: &str = "[[allocation]]\nprefix = \"2a0f:85c1:260::/44\"\norigin = \"AS205398\"\nsplit = 48\ntemplates = { route6 = \"route\" }\n\
                          [allocation.blocks]\na = { index = 0 }\nb = { index = 1 }\n";

    /// What stops the plan of an estate with `files`, over a registry that holds `registered`.
    fn check(files: &[(&str, &str)], registered: &[&str], expected: &[&str]) {
        let root = tempfile::tempdir().unwrap();
        let config = "format = 1\n[manage]\nmaintainers = [\"HOBBY-MNT\"]\n";
        fs::write(root.path().join("ripectl.toml"), config).unwrap();
        for (name, text) in files {
            let (path, more) = (root.path().join(name), if *name == "ripectl.toml" { config } else { "" });
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{more}{text}")).unwrap();
        }
        let (estate, findings) = load(root.path(), Some("sandbox"), &crate::user::Configuration::default());
        let maintainer = ["mntner: HOBBY-MNT\nmnt-by: HOBBY-MNT\nsource: RIPE\n"];
        let registered = registered.iter().chain(&maintainer).map(|text| Object::parse(*text).unwrap());
        let world = Registered::whole(Inventory::of(registered));
        let stops = match &estate {
            None => findings,
            Some(estate) => plan(&world, estate, &PlanOptions::default()).unwrap().findings,
        };
        let shown: Vec<String> = stops
            .iter()
            .map(|f| {
                format!(
                    "{} {}: {} → {}",
                    f.place.as_ref().unwrap(),
                    f.rule,
                    f.text,
                    f.remedy.as_deref().unwrap()
                )
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_stands_is_not_made_beside_itself() {
        let standing = |class: &str, name: &str, mnt: &str| {
            let key = if class == "organisation" {
                format!("organisation: ORG-HN1-RIPE\norg-name: {name}")
            } else {
                format!("{class}: {name}\nnic-hdl: HN1-RIPE")
            };
            format!("{key}\nmnt-by: {mnt}\nsource: RIPE\n")
        };
        let files = [("objects/a/x.rpsl", &*format!("# c\n{ROLE}"))];
        let same = "objects/a/x.rpsl:3 same-name: role/HN1-RIPE is ours and has the same name → write `HN1-RIPE` at \
                    objects/a/x.rpsl:3 if it is meant, or give the new one another name";
        check(&files, &[], &[]);
        check(&files, &[&standing("role", "HOBBY  noc # old", "hobby-mnt")], &[same]);
        check(&files, &[&standing("role", "Hobby NOC", "ELSE-MNT")], &[]);
        check(&files, &[&standing("role", "Hobby", "HOBBY-MNT")], &[]);
        check(&files, &[&standing("person", "Hobby NOC", "HOBBY-MNT")], &[]);
        let organisation = "organisation: AUTO-7\norg-name: Hobby\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
        let same = "objects/o.rpsl:1 same-name: organisation/ORG-HN1-RIPE is ours and has the same name → write \
                    `ORG-HN1-RIPE` at objects/o.rpsl:1 if it is meant, or give the new one another name";
        check(
            &[("objects/o.rpsl", organisation)],
            &[&standing("organisation", "HOBBY", "HOBBY-MNT")],
            &[same],
        );
    }

    #[test]
    fn two_new_ones_of_one_name_could_not_be_told_apart() {
        let text = format!("{ROLE}\n{}", ROLE.replace("AUTO-1", "AUTO-2").replace("NOC", "noc"));
        check(
            &[("objects/x.rpsl", &text)],
            &[],
            &[
                "objects/x.rpsl:7 placeholder: role/AUTO-1 at objects/x.rpsl:1 has the same name: if an answer is lost, \
               the two cannot be told apart → give one of them another name",
            ],
        );
    }

    #[test]
    fn one_number_stands_for_one_object() {
        let person = "person: A B\nnic-hdl: AUTO-1\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
        check(
            &[("objects/x.rpsl", ROLE), ("objects/y.rpsl", person)],
            &[],
            &[
                "objects/y.rpsl:1 duplicate-key: AUTO-1 stands for role/AUTO-1 at objects/x.rpsl:1 too → write another \
               number for one of them, here and where it is referred to",
            ],
        );
    }

    #[test]
    fn a_chosen_key_can_be_written_where_the_placeholder_stood() {
        let route = |more: &str| {
            format!(
                "route6: {{{{ prefix }}}}\norigin: {{{{ origin }}}}\n{more}mnt-by: HOBBY-MNT\nsource: RIPE\n"
            )
        };
        let refers = "templates/route.rpsl:3 (block a) placeholder: `AUTO-1` is referred to by a template or a \
                      variable, where the key that is chosen for it is not written → write a handle in its place: that of an \
                      object that stands, or one of your own for the new one too";
        let check_route = |more: &str, expected: &[&str]| {
            let files =
                [("ripectl.toml", BLOCKS), ("objects/x.rpsl", ROLE), ("templates/route.rpsl", &*route(more))];
            check(&files, &[], expected);
        };
        check_route("", &[]);
        check_route("ping-hdl: auto-1\n", &[refers]);
        check_route("remarks: AUTO-1\n", &[]);
    }
}
