//! What the registry would answer to each step, once the steps before it are done.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    Change, Step, first_pair,
    key_choice::{self, Decided},
    questions::questions,
};
use crate::{
    registered::{Query, Registered},
    rpsl::{Key, Object},
    rules::{self, Action, Credential, Decision, Effect, KeyScope, Request, Settings},
    target::Record,
};

/// Decides every step in its order, as far as `world` allows, and returns the questions that are still open; empty:
/// nothing left to ask.
///
/// Of several keys (`key_scopes`) each step is sent with one that may do it.
///
/// The registry's own dry-run sees only what is stored; this sees the earlier steps too. What an accepted step does
/// is entered into a copy of `world`, which the later ones are decided over; a refused one leaves it as it is.
///
/// The maintainer of a first pair is decided with its person there, as the registry does it, and then the person.
///
/// A step that plainly names what nobody has asked for yet is not decided before that is asked. One that left no question
/// open in an earlier round is not decided again. Another fact does not flip a decision that did not ask for it
/// (`rules/monotone.rs` holds that), so it is what it was, as long as the steps before it do to the registry what they did
/// then; from the first that does not, all are decided anew.
pub fn preflight(
    steps: &mut [Step],
    earlier: EarlierRound,
    world: &Registered,
    key_scopes: &[KeyScope],
    settings: &Settings,
    now: Timestamp,
) -> BTreeSet<Query> {
    if steps.is_empty() {
        return BTreeSet::new(); // a copy of all that is registered is dear
    }
    let asked = earlier.asked;
    let mut earlier = Earlier::of(earlier.steps, steps);
    let registered = world;
    let (mut world, mut is_changed) = (registered.clone(), false);
    let mut automatic = Automatic::new();
    let mut open = BTreeSet::new();
    let partners = partners(steps);
    for (step, partner) in steps.iter_mut().zip(partners) {
        let Some(change) = step.change.of_objects() else { continue };
        let made =
            partner.as_ref().map(|person| first_pair::as_made(change.subject(), &person.written_key()));
        let (action, object) = match change {
            Change::Create(object) => (Action::Create, made.as_ref().unwrap_or(object)),
            Change::Modify { after, .. } => (Action::Write, after),
            Change::Delete(object) => (Action::Delete, object),
        };
        let then = earlier.next();
        let questions = questions(object, action == Action::Create, &world);
        let is_new =
            |question: &Query| question.can_be_asked() && asked.is_none_or(|asked| !asked.contains(question));
        if questions.iter().any(is_new) {
            open.extend(questions);
            earlier = Earlier::nothing(); // what comes behind was decided without it
            continue;
        }
        let decided = match then {
            Some(then) if questions.is_empty() && then.decision.open().is_empty() => then,
            then => {
                let decide = |world: &Registered, credential: &Credential| {
                    let with = |world: &Registered, object: &Object, automatic: &Automatic| {
                        let request = Request { action, object, credential, automatic };
                        rules::decide(world, &request, settings, now)
                    };
                    match &partner {
                        None => with(world, object, &automatic),
                        Some(person) => {
                            let (mut world, mut automatic) = (world.clone(), automatic.clone());
                            world.put(object.clone());
                            let made = with(&world, person, &automatic);
                            automatic.extend(made.automatic.clone());
                            enter(&mut world, &made);
                            world.delete(&object.key());
                            with(&world, object, &automatic)
                        }
                    }
                };
                let mut decided = key_choice::choose(key_scopes, |credential| decide(&world, credential));
                decided.stands_alone = !is_changed
                    || decided.decision.is_refused()
                        && says_the_same(
                            &decided.decision,
                            &key_choice::choose(key_scopes, |credential| decide(registered, credential))
                                .decision,
                        );
                if then.is_none_or(|then| !does_the_same(&then.decision, &decided.decision)) {
                    earlier = Earlier::nothing();
                }
                decided
            }
        };
        let Decided { decision, sent_with, stands_alone } = decided;
        open.extend(questions);
        open.extend(decision.open());
        automatic.extend(decision.automatic.clone());
        is_changed |= enter(&mut world, &decision);
        (step.sent_with, step.stands_alone) = (sent_with, stands_alone);
        step.decision = Some(decision);
    }
    open
}

/// The keys that stand for placeholders.
type Automatic = BTreeMap<String, Key>;

/// For each step the person that is made with it in one request, if one is.
fn partners(steps: &[Step]) -> Vec<Option<Object>> {
    let person = |at: usize| {
        let (one, next) = (steps.get(at)?.change.of_objects()?, steps.get(at + 1)?.change.of_objects()?);
        first_pair::is_first_pair(&one, &next).then(|| (*next.subject()).clone())
    };
    (0..steps.len()).map(person).collect()
}

/// What an earlier round has brought.
#[derive(Clone, Debug, Default)]
pub struct EarlierRound<'a> {
    /// The same steps as they were decided with fewer facts; none in the first round.
    pub steps: Vec<Step>,
    /// What was asked in all rounds up to now, whether it could be answered or not.
    pub asked: Option<&'a BTreeSet<Query>>,
}

/// What was decided of the same steps before.
struct Earlier(std::vec::IntoIter<Step>);

impl Earlier {
    /// Nothing, if they are not the same.
    fn of(before: Vec<Step>, steps: &[Step]) -> Earlier {
        let same =
            before.len() == steps.len() && before.iter().zip(steps).all(|(one, other)| is_same(one, other));
        if same { Earlier(before.into_iter()) } else { Earlier::nothing() }
    }

    fn nothing() -> Earlier {
        Earlier(Vec::new().into_iter())
    }

    fn next(&mut self) -> Option<Decided> {
        let of_objects = self.0.by_ref().find(|step| step.change.as_object().is_some());
        let Step { decision, sent_with, stands_alone, .. } = of_objects?;
        Some(Decided { decision: decision?, sent_with, stands_alone })
    }
}

/// Whether both are the same change, to the letter.
fn is_same(one: &Step, other: &Step) -> bool {
    let text =
        |record: Option<&Record>| record.and_then(Record::object).map(|object| object.text().to_owned());
    one.target == other.target
        && one.change.action() == other.change.action()
        && text(one.change.before()) == text(other.change.before())
        && text(one.change.after()) == text(other.change.after())
}

/// Whether both decisions leave the same behind for the steps after them.
fn does_the_same(one: &Decision, other: &Decision) -> bool {
    let stored = |decision: &Decision| match &decision.effect {
        Effect::Created(object) | Effect::Modified { after: object, .. } => {
            Some(Some(object.text().to_owned()))
        }
        Effect::Deleted(_) => Some(None),
        Effect::Unchanged(_) | Effect::Refused { .. } => None,
    };
    stored(one) == stored(other) && one.automatic == other.automatic
}

/// Whether both refuse for the same reasons.
fn says_the_same(one: &Decision, other: &Decision) -> bool {
    let errors = |decision: &Decision| decision.errors().map(ToString::to_string).collect::<Vec<_>>();
    other.is_refused() && errors(one) == errors(other)
}

/// Enters what is foreseen; whether it changes anything.
fn enter(world: &mut Registered, decision: &Decision) -> bool {
    match &decision.effect {
        Effect::Created(after) | Effect::Modified { after, .. } => {
            world.put(after.clone());
            true
        }
        Effect::Deleted(before) => {
            world.delete(&before.key());
            true
        }
        Effect::Unchanged(_) | Effect::Refused { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        registered::Inventory,
        rpsl::{Key, Object},
        target::TargetId,
    };

    /// A network that is made, with references that may or may not be there; and what the registry holds.
    fn steps() -> Vec<Step> {
        let texts = [
            "person: A B\nnic-hdl: AB1-RIPE\ne-mail: a@a.example\nmnt-by: A-MNT\nsource: RIPE\n",
            "role: NOC\nnic-hdl: NO1-RIPE\ne-mail: a@a.example\nadmin-c: AB1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n",
            "as-set: AS1:AS-A\ntech-c: NO1-RIPE\nadmin-c: CD1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n",
            "as-set: AS1:AS-A:AS-B\ntech-c: NO1-RIPE\nadmin-c: AB1-RIPE\nmnt-by: B-MNT\nsource: RIPE\n",
            "inet6num: 2a0f:85c1:260::/48\nnetname: A\ncountry: NL\nadmin-c: AB1-RIPE\ntech-c: NO1-RIPE\nstatus: ASSIGNED\nmnt-by: A-MNT\nsource: RIPE\n",
            "route6: 2a0f:85c1:260::/48\norigin: AS1\nmnt-by: A-MNT\nsource: RIPE\n",
        ];
        let step = |text: &&str| {
            Step::new(TargetId::new("x"), Change::Create(Object::parse(*text).unwrap()).to_records())
        };
        texts.iter().map(step).collect()
    }

    fn held() -> Vec<Object> {
        let texts = [
            "mntner: A-MNT\nauth: SSO a@a.example\nmnt-by: A-MNT\nsource: RIPE\n",
            "mntner: B-MNT\nauth: SSO b@a.example\nmnt-by: B-MNT\nsource: RIPE\n",
            "person: C D\nnic-hdl: CD1-RIPE\nmnt-by: B-MNT\nsource: RIPE\n",
            "aut-num: AS1\nas-name: A\nmnt-by: A-MNT\nsource: RIPE\n",
            "inet6num: 2a0f:85c1:260::/44\nnetname: L\nstatus: ALLOCATED-BY-LIR\nmnt-by: B-MNT\nmnt-lower: A-MNT\nsource: RIPE\n",
        ];
        texts.iter().map(|text| Object::parse(*text).unwrap()).collect()
    }

    /// All that is asked of this network, each answered by what is held.
    fn answers(registry: &Registered) -> Vec<Query> {
        let mut world = Registered::default();
        let mut all = BTreeSet::new();
        loop {
            let open: BTreeSet<Query> =
                decided(&mut steps(), Vec::new(), &all, &world).difference(&all).cloned().collect();
            if open.is_empty() {
                return all.into_iter().collect();
            }
            for query in &open {
                answer(query, registry, &mut world);
            }
            all.extend(open);
        }
    }

    fn answer(query: &Query, registry: &Registered, world: &mut Registered) {
        let found: Vec<Object> = match query {
            Query::Object(key) => registry.objects.get(key).cloned().into_iter().collect(),
            Query::Covering(class, block) | Query::Within(class, block) => {
                let same = |(key, object): &(&Key, &Object)| {
                    key.class() == *class && object.block().is_some_and(|own| own.overlaps(*block))
                };
                registry.objects.iter().filter(same).map(|(_, object)| object.clone()).collect()
            }
            _ => Vec::new(),
        };
        for object in found {
            world.put(object);
        }
        world.answered.note(query.clone());
    }

    fn decided(
        steps: &mut [Step],
        before: Vec<Step>,
        asked: &BTreeSet<Query>,
        world: &Registered,
    ) -> BTreeSet<Query> {
        let credential = Credential::Maintainers(vec!["A-MNT".to_owned()]);
        let settings = Settings { source: "RIPE".to_owned(), ..Settings::default() };
        let key_scopes = [KeyScope { key: "a".to_owned(), credential }];
        preflight(
            steps,
            EarlierRound { steps: before, asked: Some(asked) },
            world,
            &key_scopes,
            &settings,
            Timestamp::UNIX_EPOCH,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// In whatever order and portions the answers come: what is kept is what would be decided anew.
        #[test]
        fn what_is_kept_is_what_would_be_decided_anew(
            held_here in proptest::sample::subsequence((0..5_usize).collect::<Vec<_>>(), 0..=5),
            order in Just((0..60_usize).collect::<Vec<_>>()).prop_shuffle(),
            portion in 1..8_usize,
        ) {
            let all = held();
            let registry = Registered::whole(Inventory::of(held_here.iter().map(|at| all[*at].clone())));
            let questions = answers(&registry);
            let mut world = Registered::default();
            let (mut before, mut asked) = (Vec::new(), BTreeSet::new());
            let order: Vec<&Query> = order.iter().filter_map(|at| questions.get(*at)).collect();
            for some in order.chunks(portion).chain([[].as_slice()]) {
                for query in some {
                    answer(query, &registry, &mut world);
                    asked.insert((*query).clone());
                }
                let (mut kept, mut anew) = (steps(), steps());
                let open = (decided(&mut kept, before, &asked, &world), decided(&mut anew, Vec::new(), &asked, &world));
                prop_assert_eq!(open.0, open.1);
                for (kept, anew) in kept.iter().zip(&anew) {
                    prop_assert_eq!(format!("{:?}", kept.decision), format!("{:?}", anew.decision));
                }
                before = kept;
            }
        }
    }
}
