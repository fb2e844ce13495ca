//! The one object that is meant by what was typed.

use anyhow::bail;

use crate::{estate::Estate, explain, plan::Selector, rpsl::Key};

/// The keys that are declared and meant, or, where none is, those that it can be.
pub fn candidates(selector: &Selector, estate: &Estate) -> Vec<Key> {
    let declared = estate.declared.iter().map(|declared| declared.object.key());
    let declared: Vec<Key> = declared.filter(|key| selector.means(key)).collect();
    let ours = ours(estate);
    let possible = || selector.keys().iter().filter(|key| explain::minimal(key, &ours).is_some()).cloned();
    if declared.is_empty() { possible().collect() } else { declared }
}

/// The only one of them; `None` if there is none.
pub fn only(selector: &Selector, candidates: &[Key]) -> anyhow::Result<Option<Key>> {
    match candidates {
        [] => Ok(None),
        [key] => Ok(Some(key.clone())),
        several => {
            const SHOWN: usize = 5;
            let names: Vec<String> = several.iter().take(SHOWN).map(|key| format!("`{key}`")).collect();
            let more = several.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(", or one of {more} more") } else { String::new() };
            bail!("`{selector}` may be {}{more}\nhint: write it with its class", names.join(" or "))
        }
    }
}

/// The maintainers of `[manage]`.
pub fn ours(estate: &Estate) -> Vec<String> {
    estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect()
}
