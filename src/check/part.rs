//! Objects of which the files hold a part, since they are edited together with others.

use crate::{
    estate::{Declared, Shared},
    net::Block,
    registered::Inventory,
    rpsl::{Class, Name, Object},
    rules::Message,
};

/// Those objects of which not all is known: what hangs on them is not.
pub struct Parts(Inventory);

impl Parts {
    /// Those of `declared`.
    pub fn of(declared: &[Declared]) -> Parts {
        let shared = declared.iter().filter(|declared| declared.shared.is_some());
        Parts(Inventory::of(shared.map(|declared| declared.object.clone())))
    }

    /// Whether one of `class` is at this block, or contains it.
    pub fn cover(&self, class: Class, block: Block) -> bool {
        !self.0.exact(class, block).is_empty() || !self.0.less_specific(class, block).is_empty()
    }
}

/// Whether a message is of what is ours in a shared object, and not of the object as a whole.
pub fn is_of_ours(message: &Message, object: &Object, shared: &Shared) -> bool {
    let class = object.class();
    let counts = |label: &str| match Name::from_text(label) {
        Some(name) => class.template().row(name).is_none() || !shared.is_idle(class, name),
        None => true, // what is no attribute at all is a slip
    };
    match &message.attribute {
        Some((label, _)) => counts(label.trim()),
        None => message.rule == "structure-missing" && message.args.iter().all(|arg| counts(arg)),
    }
}
