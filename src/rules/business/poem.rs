//! Poems and their forms, which have maintainers of their own.

use super::super::{Case, Message, Rule, WRITE};
use crate::{
    registered::Known,
    rpsl::{Class, Name},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "poem-maintainer",
        source: "poem.PoemHasOnlyPublicMaintainerValidator",
        says: "poems are maintained by LIM-MNT",
        classes: &[Class::Poem],
        kinds: WRITE,
        check: poem,
        remedy: "write `mnt-by: LIM-MNT`",
    },
    Rule {
        name: "poetic-form-maintainer",
        source: "poem.PoeticFormHasOnlyDbmMaintainerValidator",
        says: "forms of poems are maintained by the RIPE NCC",
        classes: &[Class::PoeticForm],
        kinds: WRITE,
        check: poetic_form,
        remedy: "only the RIPE NCC makes poetic forms",
    },
];

fn poem(case: &Case) -> Known<Vec<Message>> {
    maintained_by(case, "LIM-MNT", "Poem must be maintained by 'LIM-MNT', using a public PGP key-cert")
}

fn poetic_form(case: &Case) -> Known<Vec<Message>> {
    maintained_by(case, "RIPE-DBM-MNT", "Poetic-form must only be maintained by 'RIPE-DBM-MNT'")
}

fn maintained_by(case: &Case, maintainer: &str, text: &'static str) -> Known<Vec<Message>> {
    let mut attributes = case.after.all(Name::MntBy);
    let (first, more) = (attributes.next(), attributes.next());
    let wrong = first.filter(|a| more.is_some() || !a.value().eq_ignore_ascii_case(maintainer));
    Ok(wrong.map(|attribute| Message::error(text).on(attribute)).into_iter().collect())
}
