//! What a plan compares with what is declared.

use std::collections::BTreeSet;

use super::{Registry, Search, credential_scope::hides_auth, trouble::Trouble};
use crate::{
    net::{Asn, Block},
    registered::{Query, Registered},
    rpsl::{Class, Key, Name, Object},
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
        self.survey_over(wanted, Registered::default()).await
    }

    /// The same where some is known already, which is not asked for again.
    pub async fn survey_over(
        &self,
        wanted: Wanted<'_>,
        mut known: Registered,
    ) -> Result<Registered, Trouble> {
        let maintainers = || wanted.maintainers.iter().map(|name| Key::new(Class::Mntner, name));
        let all = maintainers().map(Query::MaintainedBy);
        let all = all.filter(|query| !known.answered.covers(query)).collect();
        self.ask(&all, &[], &mut known).await?;

        let found = known.objects.keys().chain(wanted.declared).filter(|key| is_read_alone(key)).cloned();
        let mut alone: BTreeSet<Key> = found.chain(maintainers()).collect();
        alone.retain(|key| !known.answered.covers(&Query::Object(key.clone())));
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

impl Registry {
    /// Answers `queries`, finds the routes of `origins`, and reads what was found and `is_wanted` by its key where a search
    /// does not show it whole.
    pub async fn gather(
        &self,
        queries: &BTreeSet<Query>,
        origins: &BTreeSet<Asn>,
        is_wanted: impl Fn(&Key, &Object) -> bool,
    ) -> Result<Registered, Trouble> {
        let mut known = Registered::default();
        self.ask(queries, &[], &mut known).await?;
        for origin in origins {
            let (value, classes) = (origin.to_string(), [Class::Route, Class::Route6]);
            let search = Search::Inverse { value: &value, attributes: &[Name::Origin], classes: &classes };
            for route in self.search(&search).await? {
                known.put(route);
            }
        }
        let wanted =
            known.objects.iter().filter(|(key, object)| is_read_alone(key) && is_wanted(key, object));
        let mut alone: BTreeSet<Key> = wanted.map(|(key, _)| key.clone()).collect();
        alone.retain(|key| !queries.contains(&Query::Object(key.clone())));
        self.read_all(alone, &mut known).await?;
        Ok(known)
    }
}

fn is_read_alone(key: &Key) -> bool {
    hides_auth(key.class()) || key.class().is_contact()
}
