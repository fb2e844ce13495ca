//! Colours and signs. A colour never carries a meaning alone.
//!
//! A report is text in which colours are [marks](mark); [`shown`] makes of it what a terminal gets, and is the one door to
//! it: whatever came from outside and stands in the text is made visible there, and no line is a command.

use std::{borrow::Cow, collections::hash_map::RandomState, hash::BuildHasher, sync::LazyLock};

use super::wrap::{HANG, wrapped};
use crate::visible::{inert, visible};

/// How text is dressed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether there are colours.
    pub colour: bool,
    /// Whether everything is shown (`-v`).
    pub verbose: bool,
    /// How many columns a line may take, if there is a limit.
    pub width: Option<usize>,
}

/// What a piece of text means, which gives it its colour.
#[derive(Clone, Copy, Debug)]
pub(super) enum Paint {
    Good,
    Bad,
    Careful,
    Faint,
    Strong,
}

impl Style {
    /// `text` in the colour of its meaning, or as it is.
    pub(super) fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Good => "32",
            Paint::Bad => "31",
            Paint::Careful => "33",
            Paint::Faint => "2",
            Paint::Strong => "1",
        };
        if self.colour { format!("{0}{code}m{text}{0}0m", mark()) } else { text.to_owned() }
    }

    /// What stands where a line goes on that does not fit: under the words behind it.
    pub(super) fn hang(self) -> String {
        self.width.map_or_else(String::new, |_| format!("{}{HANGING}m", mark()))
    }
}

/// The code that is no colour, and means [`HANG`].
const HANGING: &str = "hang";

/// What stands for `ESC [` in a text that is not shown yet: random, so that nobody outside this process can write it.
fn mark() -> &'static str {
    static MARK: LazyLock<String> =
        LazyLock::new(|| format!("\u{fdd0}{:016x}\u{fdd1}", RandomState::new().hash_one(0)));
    &MARK
}

/// What is painted in the terminal's own way, and holds nothing from outside that is not visible, with marks.
pub(super) fn with_marks(painted: &str) -> String {
    painted.replace("\x1b[", mark())
}

/// The text as it is shown, in lines of at most `most` columns: marks become colours, and what came from outside can do
/// nothing.
pub(super) fn shown(text: &str, most: Option<usize>) -> String {
    let mut parts = text.split(mark());
    let plain = parts.next().map(visible).unwrap_or_default();
    let coloured = parts.map(|part| match part.split_once('m') {
        Some((HANGING, text)) => format!("{HANG}{}", visible(text)),
        Some((code, text)) => format!("\x1b[{code}m{}", visible(text)),
        None => visible(part).into_owned(),
    });
    let text: String = std::iter::once(plain).chain(coloured.map(Cow::Owned)).collect();
    inert(&wrapped(&text, most)).into_owned()
}

/// `text` with every line behind its first moved in by `columns`.
pub(super) fn indented(text: &str, columns: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(columns)))
}

/// Puts `more` behind `text`.
pub(super) fn add(text: &mut String, more: impl AsRef<str>) {
    text.push_str(more.as_ref());
}

/// All lines, each with its end.
pub(super) fn lines(all: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = String::new();
    for line in all {
        text.push_str(line.as_ref());
        text.push('\n');
    }
    text
}
