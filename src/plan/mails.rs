//! Whom the registry will write to, if the steps are done (`UpdateNotifier`; api.md §4).

use std::collections::{BTreeMap, BTreeSet};

use super::{Step, Verdict};
use crate::{
    registered::Registered,
    rpsl::{Class, Key, Name, Object},
};

/// Mails that a run would send to one address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The attributes that name it.
    pub because: Vec<Name>,
    /// Of how many steps.
    pub count: usize,
}

/// The mails that `steps` would send: to `notify` of what is changed, `mnt-nfy` of who maintains it, and `ref-nfy` and
/// `irt-nfy` of what it begins to refer to; and to `upd-to` of those who decide over a step that is refused, if it is
/// tried all the same. Those that are named by what was not read are not known.
pub fn mails(steps: &[Step], world: &Registered) -> Vec<Mail> {
    let mut mails: BTreeMap<String, Mail> = BTreeMap::new();
    for step in steps {
        let mut written_to = BTreeSet::new();
        for (to, name) in receivers(step, world) {
            let address = to.to_ascii_lowercase();
            let mail = mails.entry(address.clone()).or_insert(Mail { to, because: Vec::new(), count: 0 });
            mail.count += usize::from(written_to.insert(address));
            if !mail.because.contains(&name) {
                mail.because.push(name);
            }
        }
    }
    let mut mails: Vec<Mail> = mails.into_values().collect();
    mails.sort_by_key(|mail| std::cmp::Reverse(mail.count));
    mails
}

/// The addresses that a step is told to, and the attribute that names each.
fn receivers(step: &Step, world: &Registered) -> Vec<(String, Name)> {
    let sources = sources(step, world).into_iter();
    sources.flat_map(|(name, object)| object.values(name).into_iter().map(move |to| (to, name))).collect()
}

/// The objects that name receivers, and by which attribute.
fn sources<'a>(step: &'a Step, world: &'a Registered) -> Vec<(Name, &'a Object)> {
    if step.waits() {
        return Vec::new(); // it is not sent
    }
    if step.verdict() == Verdict::Refused {
        let authorities = step.decision.iter().flat_map(|decision| &decision.authority);
        let asked = authorities.filter(|authority| authority.proven.is_none());
        let names = asked.flat_map(|authority| &authority.maintainers);
        return names
            .filter_map(|name| Some((Name::UpdTo, registered(world, Class::Mntner, name)?)))
            .collect();
    }
    let (before, after) = (step.change.before(), step.change.after());
    let (before, after) = (before.and_then(|r| r.object()), after.and_then(|r| r.object()));
    let Some(stands) = before.or(after) else { return Vec::new() };
    let maintainers = stands.values(Name::MntBy);
    let maintainers = maintainers.iter().filter_map(|name| registered(world, Class::Mntner, name));
    let new = |name: Name| {
        let old = before.map_or_else(Vec::new, |object| object.values(name));
        let new = after.map_or_else(Vec::new, |object| object.values(name));
        new.into_iter().filter(move |value| !old.contains(value))
    };
    let organisations = new(Name::Org).filter_map(|name| registered(world, Class::Organisation, &name));
    let teams = new(Name::MntIrt).filter_map(|name| registered(world, Class::Irt, &name));
    std::iter::once((Name::Notify, stands))
        .chain(maintainers.map(|object| (Name::MntNfy, object)))
        .chain(organisations.map(|object| (Name::RefNfy, object)))
        .chain(teams.map(|object| (Name::IrtNfy, object)))
        .collect()
}

fn registered<'a>(world: &'a Registered, class: Class, name: &str) -> Option<&'a Object> {
    world.objects.get(&Key::new(class, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        registered::Inventory,
        target::{Change, TargetId},
    };

    #[test]
    fn who_is_written_to_is_counted_once_for_each_step() {
        let object = |text: &str| Object::parse(text).unwrap();
        let world = Registered::whole(Inventory::of([
            object("mntner: A-MNT\nmnt-nfy: noc@a.example\nupd-to: x@a.example\nmnt-by: A-MNT\n"),
            object("organisation: ORG-A1-RIPE\nref-nfy: org@a.example\nmnt-by: B-MNT\n"),
        ]));
        let new = object("as-set: AS-A\nnotify: NOC@a.example\norg: ORG-A1-RIPE\nmnt-by: A-MNT\n");
        let old = object("as-set: AS-B\nnotify: old@a.example\norg: ORG-A1-RIPE\nmnt-by: A-MNT\n");
        let after = object("as-set: AS-B\nnotify: new@a.example\norg: ORG-A1-RIPE\nmnt-by: A-MNT\n");
        let changes = [Change::Create(new), Change::Modify { before: old, after }];
        let steps = changes.map(|change| Step::new(TargetId::new("x"), change.to_records()));
        let told: Vec<String> = mails(&steps, &world)
            .iter()
            .map(|mail| format!("{} {} {:?}", mail.count, mail.to, mail.because))
            .collect();
        assert_eq!(
            told,
            ["2 NOC@a.example [Notify, MntNfy]", "1 old@a.example [Notify]", "1 org@a.example [RefNfy]"]
        );
    }
}
