//! Maintainers and incident response teams: their names and how they prove themselves.

use super::super::{CREATE, Case, Message, Passwords, Rule, WRITE, maintainers};
use crate::{
    registered::Known,
    rpsl::{Class, Name},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "password-in-irt",
        source: "common.PasswordsInIrtValidator",
        says: "an irt has no MD5 password",
        classes: &[Class::Irt],
        kinds: WRITE,
        check: no_passwords,
        remedy: "replace the `auth: MD5-PW` lines by `auth: SSO` with your RIPE NCC Access account",
    },
    Rule {
        name: "password-in-mntner",
        source: "common.PasswordsInMntnerValidator",
        says: "a maintainer has no MD5 password",
        classes: &[Class::Mntner],
        kinds: WRITE,
        check: no_passwords,
        remedy: "replace the `auth: MD5-PW` lines by `auth: SSO` with your RIPE NCC Access account",
    },
    Rule {
        name: "maintainer-of-registry",
        source: "maintainer.CreateRipeNccMaintainerValidator",
        says: "names of the RIPE NCC's maintainers are taken",
        classes: &[Class::Mntner],
        kinds: CREATE,
        check: not_of_registry,
        remedy: "choose another name",
    },
    Rule {
        name: "maintainer-name",
        source: "maintainer.MaintainerNameValidator",
        says: "the name of a new maintainer ends in -MNT",
        classes: &[Class::Mntner],
        kinds: CREATE,
        check: name,
        remedy: "choose a name that ends in -MNT",
    },
];

fn no_passwords(case: &Case) -> Known<Vec<Message>> {
    let refused = case.settings.passwords == Passwords::Refused;
    let has_hash =
        case.after.values(Name::Auth).iter().any(|auth| auth.to_ascii_uppercase().contains("MD5-PW"));
    let text = "MD5 hashed password authentication is deprecated. Please switch to an alternative authentication method.";
    Ok((refused && has_hash).then(|| Message::error(text)).into_iter().collect())
}

fn not_of_registry(case: &Case) -> Known<Vec<Message>> {
    let groups = [maintainers::REGISTRY, maintainers::ENUM, maintainers::DATABASE];
    let key = case.after.key();
    let taken = groups.iter().any(|group| maintainers::is_one_of(group, key.text()));
    Ok(taken.then(|| Message::error("You cannot create a RIPE NCC maintainer")).into_iter().collect())
}

/// Names that stand in examples and templates (`MaintainerNameValidator`).
#[rustfmt::skip]
const RESERVED: [&str; 32] = [
    "ASNEW-MNT", "AUTO-1", "BLUELIGHT-MNT", "EXAMPLE-MNT", "GOODY2SHOES-MNT", "MNT-1", "MNT-2", "MNT-3", "MNT-4",
    "MNT-5", "MNT-6", "MNT-7", "MNT-8", "MNT-9", "MNT-BY", "MNT-DOMAIN", "MNT-DOMAINS", "MNT-LOWER", "MNT-ROUTE",
    "MNT-ROUTES", "MNTR-1", "MNTR-2", "MNTR-3", "MNTR-4", "MNTR-5", "MNTR-6", "MNTR-7", "MNTR-8", "MNTR-9",
    "NEW-MNT", "RIPE-NCC-NONE-MNT", "SANTA-MNT",
];

fn name(case: &Case) -> Known<Vec<Message>> {
    let Some(attribute) = case.after.all(Name::Mntner).next() else { return Ok(Vec::new()) };
    let name = attribute.value().to_ascii_uppercase();
    let mut said = Vec::new();
    if RESERVED.contains(&name.as_str()) {
        said.push(Message::error("Reserved name used").on(attribute));
    }
    if !name.ends_with("-MNT") {
        let text = "When creating a MNTNER the name must end with an -MNT suffix";
        said.push(Message::error(text).on(attribute));
    }
    Ok(said)
}
