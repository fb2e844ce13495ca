//! What a plan compares with what is declared.

use std::collections::BTreeSet;

use super::{Registry, credential_scope::hides_auth, trouble::Trouble};
use crate::{
    net::Block,
    registered::{Query, Registered},
    rpsl::{Class, Key},
};

/// What is wanted of a registry.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The maintainers whose objects are ours.
    pub maintainers: &'a [String],
    /// The keys of the declared objects.
    pub declared: &'a BTreeSet<Key>,
    /// The allocations: what is missing inside one is searched for in all of it.
    pub allocations: &'a [Block],
}

impl Registry {
    /// Reads all that is ours or declared, present or known to be absent: one search for each maintainer; then every maintainer, incident
    /// response team, person and role by its key, since only so `auth` is shown and our contacts are not counted as
    /// personal data (api.md §4, rules.md §11); then what is declared and was not found, by whole allocations.
    pub async fn survey(&self, wanted: Wanted<'_>) -> Result<Registered, Trouble> {
        let mut known = Registered::default();
        let maintainers = || wanted.maintainers.iter().map(|name| Key::new(Class::Mntner, name));
        self.ask(&maintainers().map(Query::MaintainedBy).collect(), &[], &mut known).await?;

        let found = known.objects.keys().chain(wanted.declared).filter(|key| is_read_alone(key)).cloned();
        let alone: BTreeSet<Key> = found.chain(maintainers()).collect();
        self.read_all(alone, &mut known).await?;
        for key in maintainers().filter(|key| known.objects.get(key).is_some()) {
            known.answered.note(Query::Proves(key));
        }

        let missing = wanted.declared.iter().filter(|key| known.object(key).is_err());
        let missing = missing.cloned().map(Query::Object).collect();
        self.ask(&missing, wanted.allocations, &mut known).await?;
        Ok(known)
    }
}

fn is_read_alone(key: &Key) -> bool {
    hides_auth(key.class()) || key.class().is_contact()
}
