//! What the user sees: the only place that prints.
//!
//! A command returns a value; its [`Report`] is that value as text for people and as JSON for programs. Data goes to
//! stdout, talk and progress to stderr. Another output format is one more method of
//! [`Report`], and nothing else.

mod again;
mod alike;
mod apply;
mod audit;
mod differing;
mod dump;
mod explain;
mod finding;
mod forms;
mod geofeed;
mod heading;
mod import;
mod init;
mod keys;
mod letter;
mod listing;
mod mask;
mod names;
mod paint;
mod plan;
mod printer;
mod progress;
mod reference;
mod rows;
mod rules;
mod runs;
mod show;
mod split;
mod table;
mod terminal;
mod validate;
mod wrap;

pub use again::{Again, quoted};
pub use apply::Applied;
pub use audit::{Audited, NameServers};
pub use dump::Dumped;
pub use explain::Explained;
pub use finding::{Findings, Stopped};
pub use geofeed::{Compared, GeofeedFile};
pub use heading::Headed;
pub use import::Imported;
pub use init::Initialised;
pub use keys::{KeyInUse, KeysInUse};
pub use letter::{PackedRequest, WrittenLetter, as_mail};
pub use listing::{Formatted, Note, Verbatim, Written};
pub use mask::Personal;
pub use paint::Style;
pub use plan::{Detail, Planned, Survey};
pub use printer::{Colour, Format, Output, Printer, Talk, Unwritten};
pub use progress::Progress;
pub use reference::Reference;
pub use rows::Rows;
pub use rules::Rules;
pub use runs::Runs;
pub use show::{Nowhere, ShownObject};
pub use split::{Added, Children};
pub use terminal::Terminal;
pub use validate::{Evidence, RoaChecked, RouteSource, Validated, ValidationDetail, VrpSource};

/// A value that can be shown.
pub trait Report {
    /// For people. Ends with a line end, or is empty.
    fn text(&self, style: Style) -> String;

    /// For programs: a documented, versioned form.
    fn json(&self) -> serde_json::Value;

    /// The same as [`Report::json`], where it may have a million rows.
    fn rows(&self) -> Option<Rows<'_>> {
        None
    }

    /// For people who read it elsewhere: in a pull request, in documentation.
    fn markdown(&self) -> String {
        let text = self.text(Style::default());
        let fence = forms::fence(&text);
        format!("{fence}text\n{text}{fence}\n")
    }

    /// Its rows as CSV, if it has rows: these may be a million.
    fn csv(&self, _: &mut dyn std::io::Write) -> std::io::Result<()> {
        Ok(())
    }

    /// Whether what it found is all that there is to say.
    fn is_of_findings(&self) -> bool {
        self.findings().is_some()
    }

    /// Whether it is the list of the rules, which some forms of findings have a place for.
    fn is_of_rules(&self) -> bool {
        false
    }

    /// Whether its text is that of a file, whose lines stay as long as they are.
    fn is_file(&self) -> bool {
        false
    }

    /// Whether it tells what was written, so that it must be seen even where stdout cannot be written.
    fn is_record(&self) -> bool {
        false
    }

    /// What it found, if the command is one that looks for findings: these have forms of their own.
    fn findings(&self) -> Option<Findings> {
        None
    }
}
