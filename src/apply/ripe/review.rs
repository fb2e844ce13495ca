//! What slipped between the proof of a modification and the modification itself: the registry has no conditional writes,
//! so it is seen afterwards, in the versions of the object.

use tokio::time::{Duration, Instant, sleep};

use crate::{
    registry::{Registry, Version},
    rpsl::{Key, Name, Object},
    rules::Message,
    target::RecordId,
};

/// Between two looks at versions that a replica does not show yet.
const PAUSE: Duration = Duration::from_secs(1);

/// A modification that was done.
#[derive(Debug)]
pub(super) struct Modified {
    key: Key,
    /// `last-modified` of what it was made from, and of what was stored.
    before: String,
    stored: String,
}

impl Modified {
    /// That from `before` to `stored`, if its versions can be asked for.
    pub fn of(before: &Object, stored: &Object) -> Option<Modified> {
        let dates = (before.value(Name::LastModified)?, stored.value(Name::LastModified)?);
        let key = stored.key();
        (!key.class().is_contact()).then_some(Modified { key, before: dates.0, stored: dates.1 })
    }
}

/// What others have changed between the proof and the write of these modifications.
pub(super) async fn review(registry: &Registry, modified: &[Modified]) -> Vec<(RecordId, Message)> {
    let begun = Instant::now();
    let mut found = Vec::new();
    for each in modified {
        let slipped = loop {
            match registry.versions(&each.key).await {
                Ok(versions) => match between(&versions, each) {
                    Between::NotShown if begun.elapsed() < registry.lag() => sleep(PAUSE).await,
                    between => break Ok(between),
                },
                Err(trouble) => break Err(trouble),
            }
        };
        let message = match slipped {
            Ok(Between::Nothing) => continue,
            Ok(Between::NotShown) => unseen(each, "the registry does not show this change yet"),
            Ok(Between::Others(version)) => slipped_in(registry, each, &version),
            Err(trouble) => unseen(each, &trouble.what),
        };
        found.push((each.key.clone().into(), message));
    }
    found
}

/// What stands between the version that a change was made from and its own.
#[derive(Debug, Eq, PartialEq)]
enum Between {
    Nothing,
    Others(Version),
    NotShown,
}

fn between(versions: &[Version], modified: &Modified) -> Between {
    let Some(own) = versions.iter().rposition(|version| version.date == modified.stored) else {
        return Between::NotShown;
    };
    match own.checked_sub(1).and_then(|last| versions.get(last)) {
        Some(last) if last.date != modified.before && last.date != modified.stored => {
            Between::Others(last.clone())
        }
        _ => Between::Nothing,
    }
}

fn slipped_in(registry: &Registry, modified: &Modified, version: &Version) -> Message {
    let Modified { key, .. } = modified;
    let text = format!(
        "{key} was changed by somebody else at {}, right before this: their version {} is overwritten",
        version.date, version.revision
    );
    let url = registry.versions_url(key);
    Message::warning("%s")
        .arg(text)
        .remedy(format!("look at {url}/{}, and put back what they wanted", version.revision))
}

fn unseen(modified: &Modified, why: &str) -> Message {
    let text =
        format!("whether somebody else changed {} right before this is not known: {why}", modified.key);
    Message::info("%s").arg(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Class;

    #[test]
    fn a_version_between_two_is_somebody_elses() {
        let check = |dates: &[&str], expected: Option<u32>| {
            let version = |(date, revision): (&&str, u32)| Version { revision, date: (*date).to_owned() };
            let versions: Vec<Version> = dates.iter().zip(1..).map(version).collect();
            let key = Key::new(Class::Mntner, "A-MNT");
            let modified = Modified { key, before: "2".to_owned(), stored: "4".to_owned() };
            let found = between(&versions, &modified);
            assert_eq!(found == Between::NotShown, !dates.contains(&"4"));
            let revision = match found {
                Between::Others(version) => Some(version.revision),
                _ => None,
            };
            assert_eq!(revision, expected, "{dates:?}");
        };
        check(&["1", "2", "4"], None);
        check(&["1", "2", "3", "4"], Some(3));
        check(&["1", "2", "3", "4", "5"], Some(3));
        check(&["4"], None);
        check(&["1", "2"], None);
    }
}
