//! Resources of other regions, for which nothing new is registered here.

use super::super::{CREATE, Case, Message, Rule, maintainers};
use crate::{registered::Known, rpsl::Class};

/// The rules of this file.
pub const RULES: &[Rule] = &[Rule {
    name: "out-of-region",
    source: "outofregion.OutOfRegionObjectValidator",
    says: "what is new belongs to the region of the registry",
    classes: &[Class::AutNum, Class::Route, Class::Route6],
    kinds: CREATE,
    check: in_region,
    remedy: "register it in the database of the registry that the resource comes from",
}];

fn in_region(case: &Case) -> Known<Vec<Message>> {
    let is_inside = case.settings.region.has(case.after) && !case.world.elsewhere.contains(&case.after.key());
    if is_inside || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    Ok(vec![Message::error("Cannot create out of region %s objects").arg(case.class())])
}
