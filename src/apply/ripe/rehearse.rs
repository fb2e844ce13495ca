//! Asking a RIPE Database what it would say of one change, which it does not make.

use super::{super::Item, registry_for};
use crate::{
    registry::{Mode, Registry, Trouble},
    target::Change,
};

/// Whether the registry would take the change as it stands, by its own dry-run. That sees no earlier step, and mails nobody.
pub async fn would_take(registry: &Registry, item: &Item) -> Result<bool, Trouble> {
    let Some(change) = item.change.to_objects() else { return Ok(false) };
    let registry = registry_for(registry, item);
    let answer = match &change {
        Change::Create(object) => registry.create(object, Mode::Dry).await?,
        Change::Modify { after, .. } => registry.modify(after, Mode::Dry).await?,
        Change::Delete(object) => registry.delete(&object.key(), Mode::Dry).await?,
    };
    Ok(answer.accepted() && answer.object().is_some_and(|shown| shown.class() == change.object().class()))
}
