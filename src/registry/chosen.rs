//! Keys that are chosen: whether a handle is free, and which key the registry chose, when its answer was lost.

use std::{collections::BTreeSet, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};

use super::{Registry, Search, Trouble};
use crate::{
    registered::Registered,
    rpsl::{Key, Name, Object},
};

/// How far the registry's clock may be behind ours.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

impl Registry {
    /// Which of `keys` are registered.
    pub async fn registered(&self, keys: BTreeSet<Key>) -> Result<BTreeSet<Key>, Trouble> {
        let mut known = Registered::default();
        self.read_all(keys, &mut known).await?;
        Ok(known.objects.keys().cloned().collect())
    }

    /// The objects that `sent`, which was sent at `at` without a key of its own, may have become: of its class and
    /// maintainer, with its name, made since then, and none of `others`.
    ///
    /// Looks again while there is none, as long as a read may be old; once, if it was sent long ago.
    pub async fn find_made(
        &self,
        sent: &Object,
        at: Timestamp,
        others: &BTreeSet<Key>,
    ) -> Result<Vec<Object>, Trouble> {
        let Some(maintainer) = sent.values(Name::MntBy).into_iter().next() else { return Ok(Vec::new()) };
        let begun = Instant::now();
        loop {
            let (attributes, classes) = ([Name::MntBy], [sent.class()]);
            let search = Search::Inverse { value: &maintainer, attributes: &attributes, classes: &classes };
            let mut found = self.search(&search).await?;
            found.retain(|object| may_be(object, sent, at) && !others.contains(&object.key()));
            let is_old = Timestamp::now().duration_since(at) > SKEW * 2;
            if !found.is_empty() || is_old || begun.elapsed() >= self.lag() {
                return Ok(found);
            }
            sleep(PAUSE).await;
        }
    }

    /// How long after a write reads may not show it.
    pub fn lag(&self) -> Duration {
        let limits = &self.0.remote.limits;
        if self.0.base.is_loopback() { limits.clone().nearby().lag } else { limits.lag }
    }
}

/// Whether `object` may be what became of `sent`.
fn may_be(object: &Object, sent: &Object, at: Timestamp) -> bool {
    let created = object.value(Name::Created).and_then(|text| text.parse::<Timestamp>().ok());
    object.class() == sent.class()
        && object.known_as() == sent.known_as()
        && created.is_some_and(|created| created.duration_since(at) >= -SKEW)
}

#[cfg(test)]
mod tests {
    use super::{
        super::stub_server::{Canned, absent, json},
        *,
    };

    const SENT: &str = "organisation: AUTO-1\norg-name: Hobby\nmnt-by: HOBBY-MNT\nsource: RIPE\n";

    fn stored(key: &str, name: &str, created: Timestamp) -> String {
        format!(
            "organisation: {key}\norg-name: {name}\nmnt-by: HOBBY-MNT\ncreated: {created}\nsource: RIPE\n"
        )
    }

    /// The keys that are found when the registry shows `objects` from its answer number `from` on.
    async fn check(objects: Vec<String>, from: usize, expected: &[&str]) {
        let server = Canned::serve(move |_, count| {
            let shown: Vec<&str> = objects.iter().map(String::as_str).collect();
            if count < from { absent() } else { json("200 OK", &shown, &[]) }
        })
        .await;
        let others = BTreeSet::from([Key::new(crate::rpsl::Class::Organisation, "ORG-DECL1-RIPE")]);
        let sent = Object::parse(SENT).unwrap();
        let found = server.registry().find_made(&sent, now(), &others).await.unwrap();
        let keys: Vec<_> = found.iter().map(|object| object.key().text().to_owned()).collect();
        assert_eq!(keys, expected);
        let query = "GET /search?query-string=HOBBY-MNT&inverse-attribute=mnt-by&type-filter=organisation&source=RIPE";
        assert!(server.lines()[0].starts_with(query), "{:?}", server.lines());
    }

    fn now() -> Timestamp {
        Timestamp::now().round(jiff::Unit::Second).unwrap()
    }

    #[tokio::test]
    async fn by_maintainer_name_and_time() {
        let old = now() - SignedDuration::from_mins(6);
        let objects = [
            stored("ORG-H1-RIPE", "Hobby", old),
            stored("ORG-H2-RIPE", "hobby", now() - SignedDuration::from_mins(4)),
            stored("ORG-DECL1-RIPE", "Hobby", now()),
            stored("ORG-H3-RIPE", "Hobby Two", now()),
        ];
        check(objects.to_vec(), 0, &["ORG-H2-RIPE"]).await;
        check(objects.to_vec(), 1, &["ORG-H2-RIPE"]).await;
        check(
            vec![stored("ORG-H1-RIPE", "Hobby", now()), stored("ORG-H2-RIPE", "Hobby", now())],
            0,
            &["ORG-H1-RIPE", "ORG-H2-RIPE"],
        )
        .await;
        check(vec![objects[0].clone()], 0, &[]).await;
    }
}
