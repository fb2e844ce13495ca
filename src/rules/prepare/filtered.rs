//! What was read without the right to see all of it: the registry marks it, and takes none of it back.

use super::super::Settings;
use crate::rpsl::{Attribute, Name, Object};

/// Attributes that default output leaves out (the server's `FilterEmailFunction`).
pub const MAIL: [Name; 6] =
    [Name::Notify, Name::Changed, Name::RefNfy, Name::MntNfy, Name::UpdTo, Name::EMail];

/// Whether the comment of an attribute is the registry's mark.
pub fn is_marked(attribute: &Attribute) -> bool {
    attribute.clean().comment.is_some_and(|comment| comment.eq_ignore_ascii_case("Filtered"))
}

/// Whether something was left out of the object.
pub fn is_filtered(object: &Object) -> bool {
    object.all(Name::Source).any(|attribute| is_marked(&attribute))
}

/// How to come by all of an object that was filtered: what is missing, and who shows it.
pub fn way_out(object: &Object, settings: &Settings) -> String {
    let key = object.written_key();
    let rows = object.class().template();
    let mail = MAIL.iter().filter(|name| rows.row(**name).is_some() && !object.has(**name));
    let mail: Vec<String> =
        mail.filter(|name| **name != Name::Changed).map(|name| format!("`{name}`")).collect();
    let mail = (!mail.is_empty()).then(|| {
        format!("{} are not in it if the object has them: paste what `whois -B {key}` shows", mail.join(", "))
    });
    let hides_auth = object.all(Name::Auth).any(|attribute| is_marked(&attribute));
    let auth = hides_auth.then(|| {
        let source = settings.source.to_ascii_lowercase();
        let class = object.class();
        format!(
            "`auth` is shown to a key that speaks for it alone: \
             `curl -u KEYID:SECRET 'https://rest.db.ripe.net/{source}/{class}/{key}.txt?unfiltered'`"
        )
    });
    let ways: Vec<String> = mail.into_iter().chain(auth).collect();
    match ways.is_empty() {
        true => "take `# Filtered` away: nothing is missing".to_owned(),
        false => format!("whois leaves out what not everyone may see; {}", ways.join("; ")),
    }
}
