//! What is asked of the registry, and by whom.

use std::collections::BTreeMap;

use crate::{
    registered::{Known, Registered},
    rpsl::{Key, Name, Object},
};

/// What a request wants done with its object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Make it; it must not exist (POST, keyword NEW).
    Create,
    /// Make or change it (PUT, no keyword).
    Write,
    /// Take it away (DELETE).
    Delete,
    /// Say all that is wrong with it: as a change, also where nothing changes, and all rules, also where an earlier
    /// phase refuses. No request asks for it.
    Review,
}

/// One request for one object.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What to do.
    pub action: Action,
    /// The object as submitted.
    pub object: &'a Object,
    /// Who asks.
    pub credential: &'a Credential,
    /// The keys that AUTO- placeholders of the same message were given before, by placeholder (`AUTO-1`).
    pub automatic: &'a BTreeMap<String, Key>,
}

/// For whom a key may speak.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Scope {
    /// For every maintainer that knows its account.
    Any,
    /// For these maintainers only.
    Only(Vec<String>),
}

/// Who asks, as far as maintainers are concerned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Credential {
    /// Anonymous.
    Nobody,
    /// The owner of a RIPE NCC Access account, through an API key.
    Account {
        /// The account, as in `auth: SSO person@example.net`.
        name: String,
        /// For whom the key may speak.
        scope: Scope,
    },
    /// A key that proves these maintainers; whether it proves others can be asked.
    Maintainers(Vec<String>),
    /// So many passwords of the registry's staff, which set everybody's permission aside. None is ever right.
    Override(usize),
}

/// A key that requests can be sent with, and what it proves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyScope {
    /// What it is called among several.
    pub key: String,
    /// What it proves.
    pub credential: Credential,
}

impl KeyScope {
    /// The maintainers that it is known to speak for.
    pub fn maintainers(&self) -> &[String] {
        match &self.credential {
            Credential::Maintainers(proven) => proven,
            Credential::Nobody | Credential::Account { .. } | Credential::Override(_) => &[],
        }
    }

    /// What several prove if they could speak at once.
    pub fn together(key_scopes: &[KeyScope]) -> Credential {
        Credential::Maintainers(
            key_scopes.iter().flat_map(|key_scope| key_scope.maintainers().to_vec()).collect(),
        )
    }

    /// Whether it speaks for everybody that `other` speaks for.
    pub fn proves_all_of(&self, other: &KeyScope) -> bool {
        other.maintainers().iter().all(|name| names(self.maintainers(), name))
    }
}

impl Credential {
    /// Whether it speaks for `maintainer`.
    pub fn proves(&self, world: &Registered, maintainer: &Object) -> Known<bool> {
        let key = maintainer.key();
        match self {
            Credential::Nobody | Credential::Override(_) => Ok(false),
            Credential::Account { name, scope } => {
                Ok(scope.includes(key.text()) && has_account(maintainer, name))
            }
            Credential::Maintainers(proven) if names(proven, key.text()) => Ok(true),
            Credential::Maintainers(_) => world.asked_proof(&key).map(|()| false),
        }
    }
}

impl Scope {
    fn includes(&self, maintainer: &str) -> bool {
        match self {
            Scope::Any => true,
            Scope::Only(maintainers) => names(maintainers, maintainer),
        }
    }
}

fn names(list: &[String], name: &str) -> bool {
    list.iter().any(|each| each.eq_ignore_ascii_case(name))
}

fn has_account(maintainer: &Object, account: &str) -> bool {
    maintainer.values(Name::Auth).iter().any(|auth| {
        auth.split_once(' ')
            .is_some_and(|(scheme, name)| scheme.eq_ignore_ascii_case("SSO") && name.trim() == account)
    })
}
