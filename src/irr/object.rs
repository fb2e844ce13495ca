//! One paragraph of a dump, read as the route object that it is, or told what else it is.

use std::{borrow::Cow, sync::Arc};

use super::{
    attributes::{Attribute, Attributes, is_comment},
    route::{Hidden, PSEUDO_SOURCE, Route},
};
use crate::{
    net::{Asn, Family, Prefix},
    reading::Place,
    visible,
};

/// What a paragraph is.
pub enum Seen<'a> {
    /// Comments only; whether one says that the dump ends here, as IRRd's exports and RADB's do.
    Comment { is_end: bool },
    /// An object of another class.
    Other,
    /// A ROA that IRRd shows as an object.
    Pseudo,
    /// A route object.
    Route(Written<'a>),
    /// A route object that cannot be read, and why; what it lacks may have been cut off.
    Refused { why: String, is_short: bool },
    /// No object.
    Foreign,
}

/// A route object of which only what tells it from others is read.
pub struct Written<'a> {
    pub prefix: Prefix,
    pub origin: Asn,
    pub source: String,
    text: &'a [u8],
}

/// What is in `text`.
pub fn seen(text: &[u8]) -> Seen<'_> {
    let Some(first) = Attributes::of(text).next() else {
        let is_end = text.split(|byte| *byte == b'\n').any(|line| line.trim_ascii() == b"# EOF");
        return Seen::Comment { is_end };
    };
    if first.label.is_empty() {
        return Seen::Foreign;
    }
    match class(&first) {
        None => Seen::Other,
        Some(family) => route(text, family).unwrap_or_else(|(why, is_short)| Seen::Refused { why, is_short }),
    }
}

fn class(attribute: &Attribute) -> Option<Family> {
    match attribute.label.len() {
        5 if attribute.is("route") => Some(Family::V4),
        6 if attribute.is("route6") => Some(Family::V6),
        _ => None,
    }
}

fn route(text: &[u8], family: Family) -> Result<Seen<'_>, (String, bool)> {
    let (mut prefix, mut origin, mut source): (_, _, Option<Cow<str>>) = (None, None, None);
    let broken = |why: String| (why, false);
    for attribute in Attributes::of(text) {
        match attribute.label.first().map(u8::to_ascii_lowercase) {
            None => {
                let line = super::attributes::text(attribute.raw.trim_ascii());
                return Err(broken(format!("a line without `attribute:` before `{}`", shown(&line))));
            }
            Some(b'r') if class(&attribute).is_some() => {
                if prefix.is_some() {
                    return Err(broken("a second route within one object: an empty line is missing".into()));
                }
                prefix = Some(prefix_of(&attribute, family).map_err(broken)?);
            }
            Some(b'o') if attribute.is("origin") => {
                let text = attribute.value();
                let number = text.parse::<Asn>().map_err(|_| {
                    broken(format!("`{}` is not an AS number; it is written as `AS205398`", shown(&text)))
                })?;
                if origin.replace(number).is_some_and(|other| other != number) {
                    return Err(broken("two origins in one object".into()));
                }
            }
            Some(b's') if attribute.is("source") => {
                let text = attribute.value();
                if let Some(other) = source.replace(text.clone())
                    && !other.eq_ignore_ascii_case(&text)
                {
                    let (one, two) = (shown(&other), shown(&text));
                    return Err(broken(format!("two sources in one object, `{one}` and `{two}`")));
                }
            }
            _ => {}
        }
    }
    let lacks = |what: &str| (format!("a route object without `{what}:`"), true);
    let source = source.ok_or_else(|| lacks("source"))?;
    if source.eq_ignore_ascii_case(PSEUDO_SOURCE) {
        return Ok(Seen::Pseudo);
    }
    let is_name =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if source.is_empty() || !is_name(&source) {
        return Err(broken(format!("`{}` is not the name of a source", shown(&source))));
    }
    let (prefix, origin) = (prefix.ok_or_else(|| lacks("route"))?, origin.ok_or_else(|| lacks("origin"))?);
    Ok(Seen::Route(Written { prefix, origin, source: source.to_ascii_uppercase(), text }))
}

fn prefix_of(attribute: &Attribute, family: Family) -> Result<Prefix, String> {
    let text = attribute.value();
    let prefix: Prefix = text.parse().map_err(|error: crate::net::PrefixError| shown(&error.to_string()))?;
    match (family, prefix.family()) {
        (Family::V4, Family::V6) => Err(format!("{prefix} is IPv6, in an object of class route")),
        (Family::V6, Family::V4) => Err(format!("{prefix} is IPv4, in an object of class route6")),
        _ => Ok(prefix),
    }
}

impl Written<'_> {
    /// All of it; `source` is its name as it is kept.
    pub fn read(&self, source: Arc<str>, hidden: Option<Hidden>, line: u64) -> Result<Route, String> {
        let mut route = Route {
            prefix: self.prefix,
            origin: self.origin,
            source,
            maintainers: Vec::new(),
            last_modified: None,
            hidden,
            place: Some(Place::Line(line)),
        };
        for attribute in Attributes::of(self.text) {
            if attribute.is("mnt-by") {
                let names = attribute.value();
                let names = names.split([',', ' ', '\t']).filter(|name| !name.is_empty());
                route.maintainers.extend(names.map(str::to_owned));
            } else if attribute.is("last-modified") {
                let text = attribute.value();
                let time = text.parse().map_err(|_| format!("`{}` is no time", shown(&text)))?;
                route.last_modified = Some(time);
            } else if attribute.is("rpki-ov-state") && attribute.value().eq_ignore_ascii_case("invalid") {
                route.hidden = route.hidden.or(Some(Hidden::Rpki));
            }
        }
        Ok(route)
    }
}

/// Text from outside within a message: on one line, and short.
fn shown(text: &str) -> String {
    const SHOWN: usize = 120;
    let start: String = text.chars().take(SHOWN).collect();
    visible::line(&start).into_owned()
}

/// Whether a paragraph that is cut off within its last line loses anything by it.
pub fn matters(text: &[u8]) -> bool {
    let last = text.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    !last.trim_ascii().is_empty() && !is_comment(last)
}
