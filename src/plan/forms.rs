//! One object in its forms: as it is declared, as it is registered, and as it would be stored.

use super::{as_stored, stored};
use crate::{
    estate::{Declared, Estate},
    finding::nearest,
    registered::Registered,
    rpsl::{Key, Object},
    rules,
};

/// The forms of an object. One that has none is nowhere.
#[derive(Clone, Debug)]
pub struct Forms {
    /// As the files have it.
    pub declared: Option<Declared>,
    /// As the registry has it.
    pub registered: Option<Object>,
    /// What the registry would store of the declared one: what it has, where it takes both for the same.
    pub stored: Option<Object>,
}

impl Forms {
    /// Those of the object with this key, as far as `world` knows it.
    pub fn of(key: &Key, estate: &Estate, world: &Registered) -> Forms {
        let declared = estate.declared.iter().find(|declared| declared.object.key() == *key).cloned();
        let registered = world.objects.get(key).cloned();
        let stored = declared
            .as_ref()
            .map(|declared| kept(&stored::declared_over(declared, registered.as_ref()), registered.as_ref()));
        Forms { declared, registered, stored }
    }

    /// Whether the registry has left something out of what it showed.
    pub fn is_filtered(&self) -> bool {
        self.registered.as_ref().is_some_and(stored::is_filtered)
    }
}

/// What the registry keeps if it is sent `declared`: what it has, where it takes the two for the same.
fn kept(declared: &Object, registered: Option<&Object>) -> Object {
    let sent = as_stored(&rules::stored(declared), registered);
    registered.filter(|stands| stands.is_same_as(&sent)).cloned().unwrap_or(sent)
}

/// The key among `keys` that is most like what was typed, with its class or without.
pub fn nearest_key(typed: &str, keys: &[Key]) -> Option<Key> {
    let spelled = |text: &str| text.to_ascii_uppercase();
    let names: Vec<[String; 2]> =
        keys.iter().map(|key| [key.text(), key.to_string().as_str()].map(spelled)).collect();
    let typed = spelled(typed);
    let found = nearest(&typed, names.iter().flatten().map(String::as_str))?;
    let at = names.iter().position(|pair| pair.iter().any(|name| name == found))?;
    keys.get(at).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Class;

    #[test]
    fn what_the_registry_takes_for_the_same_stays_as_it_stands() {
        let check = |declared: &str, registered: Option<&str>, expected: &str| {
            let object = |text: &str| Object::parse(text).unwrap();
            let registered = registered.map(object);
            assert_eq!(kept(&object(declared), registered.as_ref()).text(), expected);
        };
        let stands = "role: A B\naddress: X\nnic-hdl: AB1-RIPE\nsource: RIPE\n";
        check("role: a  b\naddress: x\nnic-hdl: ab1-ripe\nsource: RIPE\n", Some(stands), stands);
        let new = "role:           A B\naddress:        Y\nnic-hdl:        AB1-RIPE\nsource:         RIPE\n";
        check(new, Some(stands), new);
        check(&new.replace('Y', "日"), None, &new.replace('Y', "?"));
    }

    #[test]
    fn the_nearest_key_may_stand_behind_many_others() {
        let mut keys: Vec<Key> =
            (0..1000).map(|n| Key::new(Class::Route6, &format!("2001:db8:{n}::/48AS64500"))).collect();
        keys.push(Key::new(Class::Role, "HN1-RIPE"));
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(nearest_key(typed, &keys).map(|key| key.to_string()).as_deref(), expected, "{typed}");
        };
        check("hn1-ripr", Some("role/HN1-RIPE"));
        check("rol/HN1-RIPE", Some("role/HN1-RIPE"));
        check("route6/2001:db8:999::/48AS64501", Some("route6/2001:db8:999::/48AS64500"));
        check("zebra", None);
    }
}
