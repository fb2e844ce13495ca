//! Colours and signs. A colour never carries a meaning alone.

/// How text is dressed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether there are colours.
    pub colour: bool,
    /// Whether everything is shown (`-v`).
    pub verbose: bool,
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
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// `1 object`, `2 objects`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
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
