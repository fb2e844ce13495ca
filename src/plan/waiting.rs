//! Steps that wait for somebody else: refused as things stand, and by nothing but what `[[expect]]` asks of others.

use std::collections::BTreeSet;

use super::{Plan, Step, Verdict};
use crate::{
    estate::Demand,
    finding::Location,
    rpsl::{Key, Object, Placeholder},
    rules::{Decision, Message},
};

/// What somebody else must do before a step can be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Need {
    /// The object that they must make, change or take away.
    pub key: Key,
    /// Where it is expected.
    pub place: Location,
}

/// An expectation that is not met.
struct Open {
    need: Need,
    /// Whether the object is not registered at all.
    is_missing: bool,
}

impl Step {
    /// Whether somebody else must do something first; it is not sent then.
    pub fn waits(&self) -> bool {
        !self.needs.is_empty()
    }
}

/// Notes for each step that is certain to be refused whether it only waits. What hangs on a step that waits, waits too.
pub fn note_needs(plan: &mut Plan) {
    let open: Vec<Open> = plan.unmet().flat_map(opened).collect();
    if open.is_empty() {
        return;
    }
    let mut waiting: Vec<(BTreeSet<Key>, Vec<Need>)> = Vec::new();
    for step in &mut plan.steps {
        let refused = step.decision.as_ref().filter(|_| step.verdict() == Verdict::Refused);
        let Some((object, decision)) = step.change.as_object().zip(refused) else { continue };
        if let Some(needs) = needs(object, decision, &open, &waiting) {
            waiting.push((names(object), needs.clone()));
            step.needs = needs;
        }
    }
}

fn opened(expectation: &super::Expectation) -> Vec<Open> {
    let place = &expectation.place;
    let open =
        |key: &Key, is_missing| Open { need: Need { key: key.clone(), place: place.clone() }, is_missing };
    match &expectation.demand {
        Demand::Has { key, .. } => vec![open(key, expectation.stands.is_empty())],
        Demand::Absent(_) => expectation.stands.iter().map(|key| open(key, false)).collect(),
    }
}

/// By which keys others refer to it: its own, and that which stands for it.
fn names(object: &Object) -> BTreeSet<Key> {
    let placeholder = Placeholder::of(object).map(|placeholder| Key::new(object.class(), placeholder.name()));
    placeholder.into_iter().chain([object.key()]).collect()
}

/// What all its refusals come from, if that is what others must do.
fn needs(
    object: &Object,
    decision: &Decision,
    open: &[Open],
    waiting: &[(BTreeSet<Key>, Vec<Need>)],
) -> Option<Vec<Need>> {
    let mut needs: Vec<Need> = Vec::new();
    for message in decision.errors() {
        let mut found = of_authority(object, decision, message, open);
        found.extend(of_missing(message, open, waiting));
        if found.is_empty() {
            return None;
        }
        for need in found {
            if !needs.contains(&need) {
                needs.push(need);
            }
        }
    }
    Some(needs)
}

/// What was expected of the object that would have to consent.
fn of_authority(object: &Object, decision: &Decision, message: &Message, open: &[Open]) -> Vec<Need> {
    let refusing = || {
        let all = decision.authority.iter();
        all.filter(|authority| authority.proven.is_none() && authority.rule == message.rule)
    };
    let is_around = |key: &Key| {
        let blocks = key.block().zip(object.block());
        blocks.is_some_and(|(around, own)| around.contains(own))
    };
    let decides = |open: &&Open| {
        let key = &open.need.key;
        refusing().any(|authority| {
            authority.object == *key || open.is_missing && authority.is_space && is_around(key)
        })
    };
    open.iter().filter(decides).map(|open| open.need.clone()).collect()
}

/// What waits itself, or is expected, and is referred to.
fn of_missing(message: &Message, open: &[Open], waiting: &[(BTreeSet<Key>, Vec<Need>)]) -> Vec<Need> {
    let missing = |key: &Key| message.missing.contains(key);
    let steps =
        waiting.iter().filter(|(names, _)| names.iter().any(missing)).flat_map(|(_, needs)| needs.clone());
    steps.chain(open.iter().filter(|open| missing(&open.need.key)).map(|open| open.need.clone())).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        estate::load,
        plan::{EarlierRound, PlanOptions, plan, preflight},
        registered::{Inventory, Registered},
        rules::{Credential, KeyScope, Settings},
    };

    const CONFIG: &str = "format = 1\n[manage]\nmaintainers = [\"MY-MNT\"]\n\
                          [[expect]]\nobject = \"inet6num/2a0e:4000:40::/44\"\nhas = { mnt-lower = \"MY-MNT\", mnt-routes = \"MY-MNT\" }\n";
    const BLOCK: &str = "inet6num: 2a0e:4000:40::/48\nnetname: A\ncountry: NL\nadmin-c: AB1-RIPE\ntech-c: AB1-RIPE\nstatus: ASSIGNED\n\
                         mnt-by: MY-MNT\nsource: RIPE\n";
    const ROUTE: &str = "route6: 2a0e:4000:40::/48\norigin: AS205999\nmnt-by: MY-MNT\nsource: RIPE\n";
    const OTHER: &str = "route6: 2a0e:5000::/48\norigin: AS205999\nmnt-by: MY-MNT\nsource: RIPE\n";
    const HELD: &str = "mntner: MY-MNT\nmnt-by: MY-MNT\nsource: RIPE\n\nmntner: HOLDER-MNT\nmnt-by: HOLDER-MNT\nsource: RIPE\n\n\
                        person: A B\nnic-hdl: AB1-RIPE\nmnt-by: MY-MNT\nsource: RIPE\n\n\
                        inet6num: 2a0e::/16\nnetname: L\nstatus: ALLOCATED-BY-RIR\nmnt-by: HOLDER-MNT\nsource: RIPE\n\n";

    /// What waits of the declared objects, and for what, with a key that speaks for us.
    fn check(config: &str, declared: &str, held: &str, expected: &[(&str, &[&str])]) {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("ripectl.toml"), config).unwrap();
        fs::create_dir(root.path().join("objects")).unwrap();
        fs::write(root.path().join("objects/a.rpsl"), declared).unwrap();
        let (estate, findings) = load(root.path(), Some("sandbox"), &crate::user::Configuration::default());
        let estate = estate.unwrap_or_else(|| panic!("{findings:?}"));
        let held = held.split("\n\n").filter_map(|text| Object::parse(text).ok());
        let world = Registered::whole(Inventory::of(held));
        let mut plan = plan(&world, &estate, &PlanOptions::default()).unwrap();
        let credential = Credential::Maintainers(vec!["MY-MNT".to_owned()]);
        let scopes = [KeyScope { key: String::new(), credential }];
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        preflight(&mut plan.steps, EarlierRound::default(), &world, &scopes, &Settings::default(), now);
        note_needs(&mut plan);
        let shown: Vec<(String, Vec<String>)> = (plan.steps.iter())
            .filter(|step| step.waits())
            .map(|step| {
                (step.change.id().to_string(), step.needs.iter().map(|need| need.key.to_string()).collect())
            })
            .collect();
        let shown: Vec<(&str, Vec<&str>)> = shown
            .iter()
            .map(|(id, needs)| (id.as_str(), needs.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> =
            expected.iter().map(|(id, needs)| (*id, needs.to_vec())).collect();
        assert_eq!(shown, expected);
    }

    fn of_lir(more: &str) -> String {
        format!(
            "{HELD}inet6num: 2a0e:4000:40::/44\nnetname: C\nstatus: ALLOCATED-BY-LIR\nmnt-by: HOLDER-MNT\n{more}source: RIPE\n"
        )
    }

    #[test]
    fn what_the_lir_must_let_us_waits() {
        let both = format!("{BLOCK}\n{ROUTE}");
        let (block, route) = ("inet6num/2a0e:4000:40::/48", "route6/2a0e:4000:40::/48AS205999");
        let space = "inet6num/2a0e:4000:40::/44";
        check(CONFIG, &both, &of_lir(""), &[(block, &[space]), (route, &[space])]);
        check(CONFIG, &both, &of_lir("mnt-lower: MY-MNT\nmnt-routes: MY-MNT\n"), &[]);
        // Where the space is not there at all, it is what is waited for.
        check(CONFIG, &both, HELD, &[(block, &[space]), (route, &[space])]);
    }

    #[test]
    fn a_refusal_that_nobody_is_expected_to_lift_is_one() {
        check(CONFIG, OTHER, &of_lir(""), &[]);
        let without = CONFIG.split("[[expect]]").next().unwrap();
        check(without, ROUTE, &of_lir(""), &[]);
        // What is wrong besides keeps it from waiting.
        check(CONFIG, &BLOCK.replace("AB1-RIPE", "XX1-RIPE"), &of_lir(""), &[]);
    }

    #[test]
    fn what_refers_to_what_waits_waits_too() {
        let config = CONFIG
            .replace("inet6num/2a0e:4000:40::/44", "organisation/ORG-LI1-RIPE")
            .replace("mnt-lower = \"MY-MNT\", mnt-routes", "mnt-ref");
        let block = BLOCK.replace("2a0e:4000:40::/48", "2a0e:4000:40::/48\norg: ORG-LI1-RIPE");
        let held = of_lir("mnt-lower: MY-MNT\n");
        check(&config, &block, &held, &[("inet6num/2a0e:4000:40::/48", &["organisation/ORG-LI1-RIPE"])]);
    }
}
