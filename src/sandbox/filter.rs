//! What of an object a reader may see (api.md §4, Reading).

use crate::{
    registered::Registered,
    rpsl::{Class, Draft, Name, Object},
    rules::{Credential, prepare::filtered::MAIL},
};

/// Whether mail addresses are left out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum View {
    /// Default output.
    Filtered,
    /// `unfiltered`, or the flag `B` of a search.
    Unfiltered,
}

/// The object as `reader` sees it. `auth` is shown in full to those who speak for the object; what anything was
/// taken from says so at its source.
pub fn visible(object: &Object, view: View, reader: &Credential, world: &Registered) -> Object {
    let hides_auth = object.has(Name::Auth) && !speaks_for(reader, object, world);
    let hides_mail = view == View::Filtered && MAIL.iter().any(|name| object.has(*name));
    if !hides_auth && !hides_mail {
        return object.clone();
    }
    let mut filtered = false;
    let mut draft = Draft::default();
    for attribute in object.attributes() {
        let raw = match attribute.name {
            Some(name) if hides_mail && MAIL.contains(&name) => None,
            Some(Name::Auth) if hides_auth => Some(hidden_auth(attribute.raw, &attribute.value())),
            _ => Some(attribute.raw.to_owned()),
        };
        filtered |= raw.as_deref() != Some(attribute.raw);
        draft.pairs.extend(raw.map(|raw| (attribute.label.to_owned(), raw)));
    }
    if !filtered {
        return object.clone();
    }
    if let Some(source) = object.all(Name::Source).next() {
        draft.set(Name::Source, &format!("{} # Filtered", source.raw.trim_end()));
    }
    draft.build().unwrap_or_else(|_| object.clone())
}

/// Schemes whose credential is hidden keep their name; keys are public.
fn hidden_auth(raw: &str, value: &str) -> String {
    let scheme = value.split(' ').next().unwrap_or_default();
    match scheme.to_ascii_uppercase().as_str() {
        "SSO" | "MD5-PW" => {
            let pad = raw.chars().take_while(char::is_ascii_whitespace).collect::<String>();
            format!("{pad}{scheme} # Filtered")
        }
        _ => raw.to_owned(),
    }
}

/// Whether the reader speaks for the object itself, as a maintainer or irt, or for one of its maintainers.
fn speaks_for(reader: &Credential, object: &Object, world: &Registered) -> bool {
    let proves = |maintainer: &Object| reader.proves(world, maintainer).unwrap_or(false);
    let mut maintainers = object.values(Name::MntBy).into_iter();
    (matches!(object.class(), Class::Mntner | Class::Irt) && proves(object))
        || maintainers.any(|name| world.maintainer(&name).ok().flatten().is_some_and(proves))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{registered::Inventory, rules::Scope};

    fn check(view: View, account: Option<&str>, expected: &str) {
        let text = "mntner: A-MNT\nupd-to: a@b.example\nauth: SSO a@b.example\nauth: PGPKEY-1\nmnt-by: A-MNT\nsource: RIPE\n";
        let object = Object::parse(text).unwrap();
        let world = Registered::whole(Inventory::of([object.clone()]));
        let reader = account.map_or(Credential::Nobody, |name| Credential::Account {
            name: name.to_owned(),
            scope: Scope::Any,
        });
        let seen = visible(&object, view, &reader, &world);
        let seen: Vec<String> = seen.attributes().skip(1).map(|a| a.raw.trim().to_owned()).collect();
        assert_eq!(seen.join("|"), expected);
    }

    #[test]
    fn hides_mail_and_credentials() {
        check(View::Filtered, None, "SSO # Filtered|PGPKEY-1|A-MNT|RIPE # Filtered");
        check(View::Unfiltered, None, "a@b.example|SSO # Filtered|PGPKEY-1|A-MNT|RIPE # Filtered");
        check(View::Filtered, Some("a@b.example"), "SSO a@b.example|PGPKEY-1|A-MNT|RIPE # Filtered");
        check(View::Unfiltered, Some("a@b.example"), "a@b.example|SSO a@b.example|PGPKEY-1|A-MNT|RIPE");
        check(
            View::Unfiltered,
            Some("x@b.example"),
            "a@b.example|SSO # Filtered|PGPKEY-1|A-MNT|RIPE # Filtered",
        );
    }
}
