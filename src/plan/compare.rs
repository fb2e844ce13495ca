//! What the files say beside what the registry says.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    Change, Expectation, LeftOut, PlanOptions, Selection, as_stored,
    awaited::awaited,
    diff, expectations, left_out, maintainers,
    ownership::{self, Ownership},
    removal::Removals,
    stored, unstorable,
};
use crate::{
    estate::{Declared, Estate},
    finding::{Finding, Severity},
    registered::{Inventory, Query, Registered, all},
    rpsl::{Key, Name, Object},
};

/// What differs, and all that the comparison came upon.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The writes, in no order yet.
    pub changes: Vec<Change>,
    /// Where the declared objects come from.
    pub sources: BTreeMap<Key, &'a Declared>,
    /// Why objects go.
    pub removals: Removals,
    /// How many registered objects are ours to change or to delete: what limits are a share of. `None` where the changes
    /// were counted when they were planned first.
    pub counted: Option<usize>,
    /// How many declared objects stand as they should.
    pub unchanged: usize,
    /// Ours and undeclared, but not to be deleted.
    pub unmanaged: Vec<Key>,
    /// What others must hold, in the order of the file.
    pub expectations: Vec<Expectation>,
    /// Declared, and not made because of what others hold.
    pub left_out: Vec<LeftOut>,
    /// Those of `[manage] maintainers` that are not registered.
    pub maintainers: Vec<Finding>,
    /// What else there is to say.
    pub findings: Vec<Finding>,
    /// What was to be looked at and is not there.
    pub not_there: Vec<Finding>,
}

/// Compares, as far as the options go; or the questions that must be answered first.
pub fn compare<'a>(
    world: &Registered,
    estate: &'a Estate,
    options: &PlanOptions,
) -> Result<Comparison<'a>, BTreeSet<Query>> {
    let selection = Selection::of(&options.only, estate);
    let (mut sources, elsewhere) = sources(world, estate, &selection);
    let looked_up = all(sources.keys().map(|key| world.object(key)));
    let removals = Removals::of(world, estate, |key| selection.means(key));
    let ((_, expectations), (removals, maintainers)) = both(
        both(looked_up, expectations(world, estate)),
        both(removals, maintainers::missing(world, estate)),
    )?;

    let (registered, mut declared) = sides(world, &sources, &selection);
    let mut ours = Ownership::among(&registered, &declared, &estate.manage);
    let managed = managed(world, estate, options, &ours);
    let known: Vec<&Key> = registered.keys().chain(declared.keys()).chain(elsewhere.keys()).collect();
    let not_there = selection.empty(estate, &known);
    for (_, object) in removals.reclaimed.iter() {
        ours.managed.insert(object.clone()); // it is compared, and goes, as if it were ours
    }
    let awaited = awaited(&registered, &sources, &estate.manage);
    for key in awaited.keys() {
        declared.remove(key);
        sources.remove(key);
    }
    let left_out = left_out::left_out(world, &sources, &ours, &expectations)?;
    for LeftOut { key, .. } in &left_out {
        declared.remove(key);
        sources.remove(key);
    }
    let expectations = expectations.into_iter().map(|each| left_out::attributed(each, &left_out)).collect();

    let mut findings: Vec<Finding> =
        elsewhere.iter().map(|(key, source)| of_other_source(key, source)).collect();
    findings.extend(removals.findings.iter().cloned());
    findings.extend(ownership::protected_in_vain(world, estate));
    findings.extend(awaited.into_values());
    findings.extend(left_out::findings(world, &left_out, estate));
    let (changes, unchanged, uncompared) = differences(&mut ours, &declared, &sources);
    findings.extend(uncompared);
    let unmanaged = ours.unmanaged;
    Ok(Comparison {
        changes,
        sources,
        removals,
        counted: Some(managed),
        unchanged,
        unmanaged,
        expectations,
        left_out,
        maintainers,
        findings,
        not_there,
    })
}

/// Declared objects by their keys.
type Sources<'a> = BTreeMap<Key, &'a Declared>;

/// The declared objects that are meant: those of this source, and those that stand in the other one.
fn sources<'a>(world: &Registered, estate: &'a Estate, selection: &Selection) -> (Sources<'a>, Sources<'a>) {
    let sources = estate.declared.iter().map(|declared| (declared.object.key(), declared));
    sources.filter(|(key, _)| selection.means(key)).partition(|(key, _)| !world.elsewhere.contains(key))
}

/// What is registered and what is declared, of the objects that are meant.
fn sides(world: &Registered, sources: &Sources, selection: &Selection) -> (Inventory, Inventory) {
    let is_here = |key: &Key| selection.means(key) && !world.elsewhere.contains(key);
    let registered = world.objects.iter().filter(|(key, _)| is_here(key)).map(|(_, object)| object.clone());
    let declared = sources.iter().map(|(key, each)| {
        let stands = world.objects.get(key);
        as_stored(&stored::declared_over(each, stands), stands)
    });
    (Inventory::of(registered), Inventory::of(declared))
}

/// The changes to what is ours, how many declared objects stand as they should, and what to know of the others.
fn differences(
    ours: &mut Ownership,
    declared: &Inventory,
    sources: &Sources,
) -> (Vec<Change>, usize, Vec<Finding>) {
    let (mut theirs, mut mine) = part(declared, &ours.foreign);
    let unseen = take_hidden(&mut ours.foreign, &mut theirs);
    let differing = |(key, object): (&Key, &Object)| {
        ours.foreign.get(key).filter(|registered| !registered.is_same_as(object)).cloned()
    };
    let mut findings: Vec<Finding> =
        theirs.iter().filter_map(differing).map(|registered| not_ours(&registered, sources)).collect();
    let alike = theirs.iter().filter(|each| differing(*each).is_none()).count();
    findings.extend(
        unseen
            .iter()
            .map(|key| placed(not_shown(key, "it is others': take it out of the files"), key, sources)),
    );
    let own_key = "give a key that speaks for it (README: The real registry), and plan again";
    findings.extend(take_hidden(&mut ours.managed, &mut mine).iter().map(|key| not_shown(key, own_key)));
    findings.extend(unstorable_text(&ours.managed, &mine, sources));
    let changes = diff(&ours.managed, &mine);
    let written: HashSet<Key> = changes.iter().filter_map(Change::after).map(Object::key).collect();
    let unchanged = alike + mine.keys().filter(|key| !written.contains(key)).count();
    (changes, unchanged, findings)
}

/// How many registered objects are ours to change or to delete, also those that `--only` leaves out: a smaller part of
/// a plan is not stopped where the whole would not be.
fn managed(world: &Registered, estate: &Estate, options: &PlanOptions, ours: &Ownership) -> usize {
    if options.only.is_empty() {
        return ours.managed.len();
    }
    let declared = Inventory::of(estate.declared.iter().map(|declared| declared.object.clone()));
    Ownership::among(&world.objects, &declared, &estate.manage).managed.len()
}

/// Both answers, or the questions of both.
fn both<A, B>(
    one: Result<A, BTreeSet<Query>>,
    other: Result<B, BTreeSet<Query>>,
) -> Result<(A, B), BTreeSet<Query>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(one.err().into_iter().chain(other.err()).flatten().collect()),
    }
}

/// The declared objects that others maintain, and the rest.
fn part(declared: &Inventory, foreign: &Inventory) -> (Inventory, Inventory) {
    let objects = |theirs: bool| {
        declared.iter().filter(move |(key, _)| foreign.get(key).is_some() == theirs).map(|(_, o)| o.clone())
    };
    (Inventory::of(objects(true)), Inventory::of(objects(false)))
}

fn not_ours(registered: &Object, sources: &Sources) -> Finding {
    let key = registered.key();
    let text = format!("{key} is maintained by {}, and differs", registered.values(Name::MntBy).join(", "));
    let remedy = "take it out of the files, or have one of `[manage] maintainers` added to its `mnt-by`";
    placed(Finding::error("not-ours", text).about(&key).fix(remedy), &key, sources)
}

/// The finding where the object with this key is declared.
fn placed(finding: Finding, key: &Key, sources: &Sources) -> Finding {
    match sources.get(key) {
        Some(source) => finding.at(source.place.clone()),
        None => finding,
    }
}

fn of_other_source(key: &Key, declared: &Declared) -> Finding {
    let text = format!("{key} is outside the registry's region: it stands in its other source, if anywhere");
    Finding::error("other-source", text)
        .about(key)
        .at(declared.place.clone())
        .fix("take it out of the files: ripectl writes nothing there, and nothing new can be made there")
}

/// Takes out of both sides what the registry does not show whole: it can neither be compared nor written back.
fn take_hidden(registered: &mut Inventory, declared: &mut Inventory) -> Vec<Key> {
    let hidden = registered.iter().filter(|(_, object)| stored::is_filtered(object));
    let hidden: Vec<Key> = hidden.map(|(key, _)| key.clone()).collect();
    for key in &hidden {
        registered.remove(key);
        declared.remove(key);
    }
    hidden
}

fn not_shown(key: &Key, remedy: &str) -> Finding {
    let text = format!("{key} is not shown whole without a key that speaks for it: it was not compared");
    Finding::error("not-shown", text).weighing(Severity::Warning).about(key).fix(remedy)
}

fn unstorable_text(registered: &Inventory, declared: &Inventory, sources: &Sources) -> Vec<Finding> {
    let finding = |key: &Key| {
        let text =
            format!("{key} differs in letter case or white space only: the registry could not store it");
        placed(Finding::error("unstorable", text).weighing(Severity::Info).about(key), key, sources)
    };
    unstorable(registered, declared).iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{estate::Manage, rpsl::Class};

    fn role(handle: &str, name: &str, mnt: &str) -> Object {
        let source = if name == "hidden" { "RIPE # Filtered" } else { "RIPE" };
        Object::parse(format!("role: {name}\nnic-hdl: {handle}-RIPE\nmnt-by: {mnt}\nsource: {source}\n"))
            .unwrap()
    }

    #[test]
    fn what_stands_as_declared_is_counted_and_nothing_else() {
        let registered = [
            role("AA1", "same", "A-MNT"),
            role("BB1", "old", "A-MNT"),
            role("CC1", "same", "B-MNT"),
            role("DD1", "old", "B-MNT"),
            role("EE1", "hidden", "A-MNT"),
            role("GG1", "hidden", "B-MNT"),
        ];
        let declared = [
            role("AA1", "same", "A-MNT"),
            role("BB1", "new", "A-MNT"),
            role("CC1", "same", "B-MNT"),
            role("DD1", "new", "B-MNT"),
            role("EE1", "shown", "A-MNT"),
            role("FF1", "new", "A-MNT"),
            role("GG1", "shown", "B-MNT"),
        ];
        let (registered, declared) = (Inventory::of(registered), Inventory::of(declared));
        let manage = Manage { maintainers: vec![Key::new(Class::Mntner, "A-MNT")], ..Manage::default() };
        let mut ours = Ownership::among(&registered, &declared, &manage);
        let (changes, unchanged, findings) = differences(&mut ours, &declared, &BTreeMap::new());
        let changed: Vec<String> = changes.iter().map(|change| change.key().to_string()).collect();
        assert_eq!(changed, ["role/BB1-RIPE", "role/FF1-RIPE"]);
        assert_eq!(unchanged, 2, "AA1 and CC1");
        let told: Vec<(&str, Option<&str>)> =
            findings.iter().map(|finding| (finding.rule, finding.object.as_deref())).collect();
        let hidden = |key| ("not-shown", Some(key));
        assert_eq!(
            told,
            [("not-ours", Some("role/DD1-RIPE")), hidden("role/GG1-RIPE"), hidden("role/EE1-RIPE")]
        );
    }
}
