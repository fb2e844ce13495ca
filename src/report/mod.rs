//! What the user sees: the only place that prints.
//!
//! A command returns a value; its [`Report`] is that value as text for people and as JSON for programs. Data goes to
//! stdout, talk to stderr, and progress to a terminal only. Another output format is one more method of
//! [`Report`], and nothing else.

mod apply;
mod expect;
mod finding;
mod listing;
mod paint;
mod plan;
mod printer;
mod progress;
mod table;
mod validate;

pub use apply::Applied;
pub use finding::{Findings, Stopped};
pub use listing::{Children, Formatted, Note, Written};
pub use paint::Style;
pub use plan::{Planned, Survey};
pub use printer::{Colour, Format, Printer};
pub use progress::Progress;
pub use validate::{Evidence, Validated};

/// A value that can be shown.
pub trait Report {
    /// For people. Ends with a line end, or is empty.
    fn text(&self, style: Style) -> String;

    /// For programs: a documented, versioned form.
    fn json(&self) -> serde_json::Value;
}
