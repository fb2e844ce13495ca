//! Two objects without an empty line between them: the registry would read one, with attributes that it cannot have.

use std::{ops::Range, sync::Arc};

use crate::{
    finding::{Finding, Location, Source},
    rpsl::{Class, Object},
};

/// Where a second object begins in what reads as one.
pub(super) struct Second {
    /// Its class.
    pub class: Class,
    /// The bytes of its first attribute.
    at: Range<usize>,
}

/// The second object that stands in `object`: behind its first line, the name of a class that is no attribute there.
pub(super) fn joined(object: &Object) -> Option<Second> {
    let own = object.class();
    let begins = |label: &str| {
        let class = Class::from_text(label)?;
        let is_attribute = class != own && own.template().row(class.first()).is_some();
        (!is_attribute).then_some(class)
    };
    object.attributes().enumerate().skip(1).find_map(|(index, attribute)| {
        let class = begins(attribute.label)?;
        let (label, value) = object.spans(index)?;
        Some(Second { class, at: label.start..value.end })
    })
}

impl Second {
    /// What is said of it, where `object` begins at line `first` and its text at `start` of `source`.
    pub fn finding(&self, object: &Object, source: &Arc<Source>, start: usize, first: usize) -> Finding {
        let text = format!(
            "`{}:` begins a second object, and no empty line stands between it and `{}: {}` in line {first}",
            self.class,
            object.class(),
            object.value(object.class().first()).unwrap_or_default(),
        );
        let place = Location::new(source, start + self.at.start..start + self.at.end);
        Finding::error("rpsl-structure", text).at(place).fix("put an empty line before this one")
    }
}
