//! What a registry holds around an estate, to rehearse on: read, and never written there.

use std::collections::BTreeSet;

use super::{Registry, survey::Wanted, trouble::Trouble};
use crate::{
    net::{Block, Family},
    plan::references,
    registered::{Query, Registered},
    rpsl::{Class, Key, Name, Object, syntax},
    rules::stand_in,
};

/// What was copied.
#[derive(Clone, Debug)]
pub struct Copied {
    /// The objects, in the order of their keys, as they are registered.
    pub objects: Vec<Object>,
    /// Handles of contacts that are named and were not read: there were more than allowed.
    pub unread: BTreeSet<String>,
}

impl Registry {
    /// Reads all that decides over what is wanted: what the maintainers maintain; above and inside each allocation
    /// the blocks, routes and reverse zones; the AS numbers of these routes and of our sets; and then what any of
    /// these refers to, so that a rehearsal finds it.
    ///
    /// Persons and roles of others are personal data: at most `contacts` of them are read (rules.md §11).
    pub async fn copy(&self, wanted: Wanted<'_>, contacts: u32) -> Result<Copied, Trouble> {
        let mut known = self.survey(wanted).await?;
        self.ask(&spaces(wanted), wanted.allocations, &mut known).await?;
        let mut asked = BTreeSet::new();
        let mut left = usize::try_from(contacts).unwrap_or(usize::MAX);
        loop {
            let (keys, handles) = named(&known, &asked);
            let handles: BTreeSet<String> = handles.into_iter().take(left).collect();
            if keys.is_empty() && handles.is_empty() {
                break;
            }
            asked.extend(keys.iter().cloned());
            if keys.is_empty() {
                left -= handles.len();
                self.read_contacts(handles, &mut known).await?;
            } else {
                self.read_all(keys, &mut known).await?;
            }
        }
        let unread = named(&known, &asked).1;
        let objects = known.objects.iter().map(|(_, object)| object.clone()).collect();
        Ok(Copied { objects, unread })
    }

    /// A handle does not say whether it is a role or a person; roles are the more.
    async fn read_contacts(&self, handles: BTreeSet<String>, known: &mut Registered) -> Result<(), Trouble> {
        let keys = |class| move |handle: &String| Key::new(class, handle);
        self.read_all(handles.iter().map(keys(Class::Role)).collect(), known).await?;
        let persons =
            handles.iter().filter(|handle| known.objects.get(&Key::new(Class::Role, handle)).is_none());
        let persons = persons.map(keys(Class::Person)).collect();
        self.read_all(persons, known).await
    }
}

/// The address space of the allocations, and of what is declared outside of them.
fn spaces(wanted: Wanted) -> BTreeSet<Query> {
    let within =
        wanted.allocations.iter().flat_map(|block| classes(*block).map(|class| Query::Within(class, *block)));
    let inside = |block: &Block| wanted.allocations.iter().any(|allocation| allocation.contains(*block));
    let outside = wanted.declared.iter().filter_map(Key::block).filter(|block| !inside(block));
    let covering = outside.flat_map(|block| classes(block).map(move |class| Query::Covering(class, block)));
    within.chain(covering).collect()
}

fn classes(block: Block) -> [Class; 3] {
    match block.family() {
        Family::V4 => [Class::Inetnum, Class::Route, Class::Domain],
        Family::V6 => [Class::Inet6num, Class::Route6, Class::Domain],
    }
}

/// What the known objects name and is not known: objects that are not in `asked`, and the handles of contacts.
fn named(known: &Registered, asked: &BTreeSet<Key>) -> (BTreeSet<Key>, BTreeSet<String>) {
    let (mut keys, mut handles) = (BTreeSet::new(), BTreeSet::new());
    for key in known.objects.iter().flat_map(|(_, object)| pointers(object)) {
        let stands = known.objects.get(&key).is_some();
        match key.class() {
            Class::Person | Class::Role => {
                let either = [Class::Role, Class::Person].map(|class| Key::new(class, key.text()));
                if either.iter().any(|key| known.object(key).is_err())
                    && !either.iter().any(|key| known.objects.get(key).is_some())
                {
                    handles.insert(key.text().to_ascii_uppercase());
                }
            }
            _ if stands || asked.contains(&key) => {}
            _ => drop(keys.insert(key)),
        }
    }
    (keys, handles)
}

/// The objects that the rules look at when `object` is written: those that it refers to, the AS number of a route,
/// and what the name of a set begins with.
fn pointers(object: &Object) -> BTreeSet<Key> {
    let mut keys = references(object);
    keys.extend(object.value(Name::Origin).map(|origin| Key::new(Class::AutNum, &origin)));
    if let Some((parent, _)) = object.key().text().rsplit_once(':').filter(|_| is_set(object.class())) {
        keys.extend([Class::AutNum, object.class()].map(|class| Key::new(class, parent)));
    }
    keys.retain(can_be);
    keys
}

fn is_set(class: Class) -> bool {
    use Class::{AsSet, FilterSet, PeeringSet, RouteSet, RtrSet};
    matches!(class, AsSet | FilterSet | PeeringSet | RouteSet | RtrSet)
}

/// Whether there can be such an object. A value may be no reference at all, as in `auth: SSO …`, or one to another
/// class, and the registry answers with 400 to a key that cannot be.
fn can_be(key: &Key) -> bool {
    let template = key.class().template();
    let is_any = key.text().eq_ignore_ascii_case("ANY"); // as in `mbrs-by-ref: ANY`
    let well_formed = |name: &Name| syntax::check(name.row().syntax, key.class(), key.text()).is_ok();
    !is_any && matches!(template.key, [name] if well_formed(name))
}

/// The same objects for a registry of one's own, whose objects have `source`. What was hidden from the reader is made
/// whole again, or nobody could write it: a maintainer of `ours` whose `auth` was hidden gets one account, each of the
/// others' another, which nobody has.
pub fn rehearsable(objects: Vec<Object>, ours: &[Key], source: &str) -> Vec<Object> {
    let whole = |object: Object| match super::filtered(&object) {
        true => unhidden(&object, ours).unwrap_or(object),
        false => object,
    };
    objects.into_iter().map(|object| sourced(whole(object), source)).collect()
}

/// The object with this source; what is not the registry's own (`RIPE-NONAUTH`) stays so.
fn sourced(object: Object, source: &str) -> Object {
    let other = object.value(Name::Source).filter(|old| old != source && !old.ends_with("-NONAUTH"));
    let renamed = other.and_then(|_| {
        let mut draft = object.edit();
        draft.set(Name::Source, source);
        draft.build().ok()
    });
    renamed.unwrap_or(object)
}

fn unhidden(object: &Object, ours: &[Key]) -> Option<Object> {
    let key = object.key();
    let owner = if ours.contains(&key) { "ours".to_owned() } else { key.text().to_ascii_lowercase() };
    let mut draft = object.edit();
    draft.remove(Name::Auth);
    if object.has(Name::Auth) {
        draft.insert(object.class(), Name::Auth, &stand_in::account(&owner));
    }
    draft.set(Name::Source, &object.value(Name::Source)?);
    draft.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::stub_server::{Act, Asked, Canned, absent, json};

    const OURS: &str =
        "mntner: HOBBY-MNT\nadmin-c: HP1-RIPE\nauth: SSO a@b.example\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    const PERSON: &str = "person: A B\nnic-hdl: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    const ROUTE: &str = "route6: 2a0f:85c1:260::/48\norigin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    const SET: &str = "as-set: AS205398:AS-A\nmbrs-by-ref: ANY\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    const BLOCK: &str = "inet6num: 2a0f:85c1:260::/44\norg: ORG-HD1-RIPE\nadmin-c: LA1-RIPE\ntech-c: LB1-RIPE\ntech-c: LC1-RIPE\n\
                         mnt-by: HOLDER-MNT\nmnt-lower: HOBBY-MNT\nsource: RIPE\n";
    const ZONE: &str = "domain: 6.2.0.1.c.5.8.f.0.a.2.ip6.arpa\nmnt-by: HOLDER-MNT\nsource: RIPE\n";
    const THEIRS: &str = "mntner: HOLDER-MNT\nadmin-c: LA1-RIPE\nauth: SSO # Filtered\nmnt-by: HOLDER-MNT\nsource: RIPE # Filtered\n";
    const ORG: &str = "organisation: ORG-HD1-RIPE\nmnt-ref: HOLDER-MNT\nmnt-by: HOLDER-MNT\nsource: RIPE\n";
    const AS: &str = "aut-num: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    const ROLE: &str = "role: L A\nnic-hdl: LA1-RIPE\nmnt-by: HOLDER-MNT\nsource: RIPE\n";

    /// A registry with the block of an LIR, in which we have a route.
    fn registry(asked: &Asked) -> Act {
        let (path, query) = asked.line.split_once('?').unwrap();
        let found = |objects: &[&str]| json("200 OK", objects, &[]);
        match path {
            "GET /search" if query.contains("inverse-attribute=mnt-by") => found(&[OURS, PERSON, ROUTE, SET]),
            "GET /search" if query.contains("all-less") => found(&[BLOCK, ZONE]),
            "GET /search" => found(&[ROUTE]),
            "GET /ripe/mntner/HOBBY-MNT" => found(&[OURS]),
            "GET /ripe/mntner/HOLDER-MNT" => found(&[THEIRS]),
            "GET /ripe/person/HP1-RIPE" => found(&[PERSON]),
            "GET /ripe/organisation/ORG-HD1-RIPE" => found(&[ORG]),
            "GET /ripe/aut-num/AS205398" => found(&[AS]),
            "GET /ripe/role/LA1-RIPE" => found(&[ROLE]),
            _ => absent(),
        }
    }

    /// The keys that are copied with so many contacts of others, those that are left, and the requests.
    async fn copied(contacts: u32) -> (Vec<String>, Vec<String>, Vec<String>) {
        let server = Canned::serve(|asked, _| registry(asked)).await;
        let maintainers = ["HOBBY-MNT".to_owned()];
        let allocations = [Block::parse("2a0f:85c1:260::/44").unwrap()];
        let wanted =
            Wanted { maintainers: &maintainers, declared: &BTreeSet::new(), allocations: &allocations };
        let Copied { objects, unread } = server.registry().copy(wanted, contacts).await.unwrap();
        assert_eq!(server.writes(), 0);
        let keys = objects.iter().map(|object| object.key().to_string()).collect();
        (keys, unread.into_iter().collect(), server.lines())
    }

    #[tokio::test]
    async fn what_stands_around_the_estate_is_copied_with_what_it_names() {
        let (mut keys, unread, lines) = copied(50).await;
        keys.sort();
        assert_eq!(
            keys,
            [
                "as-set/AS205398:AS-A",
                "aut-num/AS205398",
                "domain/6.2.0.1.c.5.8.f.0.a.2.ip6.arpa",
                "inet6num/2a0f:85c1:260::/44",
                "mntner/HOBBY-MNT",
                "mntner/HOLDER-MNT",
                "organisation/ORG-HD1-RIPE",
                "person/HP1-RIPE",
                "role/LA1-RIPE",
                "route6/2a0f:85c1:260::/48AS205398",
            ]
        );
        assert!(unread.is_empty(), "{unread:?}");
        let asked = |text: &str| lines.iter().any(|line| line.contains(text));
        assert!(!asked("/SSO") && !asked("/ANY"), "{lines:#?}");
        let repeated = lines.iter().filter(|line| lines.iter().filter(|other| other == line).count() > 1);
        assert_eq!(repeated.count(), 0, "{lines:#?}");
    }

    #[tokio::test]
    async fn contacts_of_others_are_read_up_to_the_limit() {
        let check = async |contacts, expected: &[&str], expected_unread: &[&str]| {
            let (mut keys, unread, _) = copied(contacts).await;
            keys.sort();
            let people = keys.into_iter().filter(|key| key.starts_with("person") || key.starts_with("role"));
            assert_eq!(people.collect::<Vec<_>>(), expected);
            assert_eq!(unread, expected_unread);
        };
        check(0, &["person/HP1-RIPE"], &["LA1-RIPE", "LB1-RIPE", "LC1-RIPE"]).await;
        check(1, &["person/HP1-RIPE", "role/LA1-RIPE"], &["LB1-RIPE", "LC1-RIPE"]).await;
        check(3, &["person/HP1-RIPE", "role/LA1-RIPE"], &[]).await;
    }

    #[test]
    fn what_was_hidden_is_made_whole() {
        let check = |text: &str, expected: &str| {
            let ours = [Key::new(Class::Mntner, "HOBBY-MNT")];
            let objects = rehearsable(vec![Object::parse(text).unwrap()], &ours, "RIPE");
            let shown = objects[0].attributes().map(|a| format!("{}={}", a.label, a.raw.trim()));
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
        };
        let theirs = "mntner=HOLDER-MNT admin-c=LA1-RIPE auth=SSO holder-mnt@copy.invalid mnt-by=HOLDER-MNT source=RIPE";
        check(THEIRS, theirs);
        let hidden = "mntner: hobby-mnt\nauth: SSO # Filtered\nauth: MD5-PW # Filtered\nmnt-by: X-MNT\nsource: RIPE # Filtered\n";
        check(hidden, "mntner=hobby-mnt auth=SSO ours@copy.invalid mnt-by=X-MNT source=RIPE");
        check("person: A\nnic-hdl: A1-TEST\nsource: TEST\n", "person=A nic-hdl=A1-TEST source=RIPE");
        check("route: 192.0.2.0/24\nsource: RIPE-NONAUTH\n", "route=192.0.2.0/24 source=RIPE-NONAUTH");
        check(OURS, "mntner=HOBBY-MNT admin-c=HP1-RIPE auth=SSO a@b.example mnt-by=HOBBY-MNT source=RIPE");
    }
}
