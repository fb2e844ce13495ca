//! What the registry says about a request: a template and its arguments, never a finished string.

use std::{borrow::Cow, fmt};

use crate::{
    finding::Severity,
    rpsl::{Attribute, Key},
};

/// One message of the registry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// The stable name of the rule that says it; empty where it came over the wire.
    pub rule: &'static str,
    /// How much it weighs: an error refuses the request.
    pub severity: Severity,
    /// The text with `%s` and `%d` for the arguments.
    pub text: Cow<'static, str>,
    /// The arguments in order.
    pub args: Vec<String>,
    /// The attribute it is about: label and raw value.
    pub attribute: Option<(String, String)>,
    /// What the user can do about it.
    pub remedy: Option<String>,
    /// What it says is not there; where a value may name several classes, a key for each.
    pub missing: Vec<Key>,
    /// The maintainers that it says have not consented, where one of them would have had to.
    pub not_proven: Vec<String>,
}

/// Weight, text, arguments and attribute: two messages that have these in common say the same.
pub type Said = (Severity, Cow<'static, str>, Vec<String>, Option<(String, String)>);

impl Message {
    /// A message without arguments.
    pub fn new(severity: Severity, text: impl Into<Cow<'static, str>>) -> Message {
        let (args, missing, not_proven) = (Vec::new(), Vec::new(), Vec::new());
        let text = text.into();
        Message { rule: "", severity, text, args, attribute: None, remedy: None, missing, not_proven }
    }

    /// An error.
    pub fn error(text: impl Into<Cow<'static, str>>) -> Message {
        Message::new(Severity::Error, text)
    }

    /// A warning.
    pub fn warning(text: impl Into<Cow<'static, str>>) -> Message {
        Message::new(Severity::Warning, text)
    }

    /// An information.
    pub fn info(text: impl Into<Cow<'static, str>>) -> Message {
        Message::new(Severity::Info, text)
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl fmt::Display) -> Message {
        self.args.push(arg.to_string());
        self
    }

    /// The same message about an attribute.
    #[must_use]
    pub fn on(self, attribute: Attribute) -> Message {
        self.on_raw(attribute.label, attribute.raw)
    }

    /// The same message about an attribute with this label and raw value. As the registry shows it: without control
    /// characters and what lies beyond the basic plane, a tab as a blank.
    #[must_use]
    pub fn on_raw(self, label: &str, raw: &str) -> Message {
        let shown = raw.chars().filter(|c| matches!(c, '\t' | '\n') || !c.is_control() && *c <= '\u{ffff}');
        let shown = shown.map(|c| if c == '\t' { ' ' } else { c }).collect();
        Message { attribute: Some((label.to_owned(), shown)), ..self }
    }

    /// The same message with what the user can do.
    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Message {
        Message { remedy: Some(remedy.into()), ..self }
    }

    /// The same message, which says that these are not there.
    #[must_use]
    pub fn missing(self, missing: impl IntoIterator<Item = Key>) -> Message {
        Message { missing: missing.into_iter().collect(), ..self }
    }

    /// The same message of the rule with this name.
    #[must_use]
    pub fn of(self, rule: &'static str) -> Message {
        Message { rule, ..self }
    }

    /// What counts for a reader.
    pub fn said(&self) -> Said {
        (self.severity, self.text.clone(), self.args.clone(), self.attribute.clone())
    }
}

/// The text with its arguments filled in; an argument that is missing leaves its place as it is.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut args = self.args.iter();
        let mut rest = self.text.as_ref();
        while let Some(at) = rest.find("%s").into_iter().chain(rest.find("%d")).min() {
            let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            f.write_str(before)?;
            let (place, behind) = behind.split_at_checked(2).unwrap_or((behind, ""));
            f.write_str(args.next().map_or(place, String::as_str))?;
            rest = behind;
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn fills_in_the_arguments_in_order() {
        let message = Message::error("%s is %d bits, minimum %d").arg("RSA").arg(512).arg(1024);
        assert_eq!(message.to_string(), "RSA is 512 bits, minimum 1024");
        assert_eq!(Message::error("%s of %s").arg("%s").to_string(), "%s of %s");
    }
}
