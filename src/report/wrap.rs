//! Lines that fit the terminal: what is longer goes on below, under the words that it belongs to.
//!
//! Lines are broken at blanks only, so that a key, a prefix or a path can be copied; a word that is longer than a line
//! stays whole, and so does a command between backticks, if it fits on a line.

use unicode_width::UnicodeWidthStr;

/// Where a line goes on that does not fit, once the text is visible: nobody outside can write it then.
pub(super) const HANG: char = '\u{fdd0}';
/// How far a line moves in that goes on below, if nothing says otherwise and it began at the margin.
const MOVED_IN: usize = 2;
/// So many blanks part two columns.
const GAP: usize = 3;
/// The longest remark in brackets that stays together.
const REMARK: usize = 24;

/// The columns that a text takes, colours aside.
pub(super) fn width(text: &str) -> usize {
    pieces(text).map(|(piece, is_code)| if is_code { 0 } else { piece.width() }).sum()
}

/// The text with no line wider than `most` columns. A line that goes on does so under its [`HANG`], or as far in as it
/// began.
pub(super) fn wrapped(text: &str, most: Option<usize>) -> String {
    fold(text, most.map(|most| Page { most, moved_in: MOVED_IN, code: most }))
}

/// `text`, which begins behind `before` columns, in lines that end at `most`. A command stays whole, for it may be
/// completed yet.
pub(super) fn folded(text: &str, before: usize, most: Option<usize>) -> String {
    let page =
        |most: usize| Page { most: most.saturating_sub(before).max(most / 2), moved_in: 0, code: usize::MAX };
    fold(text, most.map(page))
}

/// What lines are fitted to.
#[derive(Clone, Copy)]
struct Page {
    /// The columns of a line.
    most: usize,
    /// How far a line moves in that goes on below, if it began at the margin.
    moved_in: usize,
    /// The columns of what may stand between backticks on one line.
    code: usize,
}

fn fold(text: &str, page: Option<Page>) -> String {
    let mut folded = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match page {
            Some(page) if line.contains(HANG) || width(line) > page.most => {
                fold_line(&mut folded, line, page);
            }
            _ => folded.extend(line.chars().filter(|c| *c != HANG)),
        }
    }
    folded
}

fn fold_line(folded: &mut String, line: &str, Page { most, moved_in, code }: Page) {
    let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
    let indent = line.len() - line.trim_start_matches(' ').len();
    let usual = if indent == 0 { moved_in } else { indent };
    let hang = line.split_once(HANG).map_or(usual, |(head, _)| width(head));
    let hang = if hang > most / 2 { usual.min(most / 2) } else { hang };
    let line: String = line.chars().filter(|c| *c != HANG).collect();
    let words = words(&line, most.saturating_sub(hang), code.saturating_sub(hang));
    let words: Vec<(&str, &str, usize)> = words.map(|(blanks, word)| (blanks, word, width(word))).collect();
    let mut rest: usize = words.iter().map(|(blanks, _, wide)| blanks.len() + wide).sum();
    let mut column = 0;
    for (blanks, word, wide) in words {
        // What stands in a column of its own goes below as a whole.
        let next = if blanks.len() >= GAP { rest } else { blanks.len() + wide };
        rest -= blanks.len() + wide;
        if column > 0 && column + blanks.len() > hang && column + next > most {
            folded.push('\n');
            folded.push_str(&" ".repeat(hang));
            column = hang;
        } else {
            folded.push_str(blanks);
            column += blanks.len();
        }
        folded.push_str(word);
        column += wide;
    }
    folded.push_str(end);
}

/// The words of a line, each with the blanks before it. One word is what stands between backticks, if it takes no more
/// than `code` columns, a remark in brackets, the two ends of a range, and what is before a dot between two things.
fn words(line: &str, most: usize, code: usize) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let begin = rest.trim_start_matches(' ');
        let blanks = rest.strip_suffix(begin).unwrap_or_default();
        if begin.is_empty() {
            return None;
        }
        let (word, behind) = begin.split_at_checked(end_of_word(begin, most, code)).unwrap_or((begin, ""));
        rest = behind;
        Some((blanks, word))
    })
}

fn end_of_word(text: &str, most: usize, code: usize) -> usize {
    let end =
        |from: usize| text.get(from..).and_then(|rest| rest.find(' ')).map_or(text.len(), |at| from + at);
    let behind = |at: usize| text.get(at..).unwrap_or_default();
    let first = end(0);
    let word = text.get(..first).unwrap_or(text);
    let until = |closing: char, most: usize| {
        // What takes `most` columns has no more blanks: it is not looked behind them.
        let far = behind(first).match_indices(' ').nth(most).map_or(text.len(), |(at, _)| first + at);
        text.get(first..far)?.find(closing).map(|at| end(first + at))
    };
    let remark = most.min(REMARK);
    let (together, columns) = match word {
        _ if word.matches('`').count() % 2 == 1 => (until('`', code), code),
        _ if word.starts_with('(') && !word.contains(')') => (until(')', remark), remark),
        _ if behind(first).starts_with(" - ") => (Some(end(first + " - ".len())), most),
        _ => (None, most),
    };
    let fits = |at: usize, columns: usize| text.get(..at).is_some_and(|text| width(text) <= columns);
    let at = together.filter(|at| fits(*at, columns)).unwrap_or(first);
    let dot = at + " ·".len();
    if behind(at).starts_with(" · ") && fits(dot, most) { dot } else { at }
}

/// The text in pieces, and of each whether it is a colour of the terminal.
fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    const COLOUR: &str = "\x1b[";
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_code = rest.starts_with(COLOUR);
        let end = match is_code {
            true => rest.find('m').map_or(rest.len(), |at| at + 1),
            false => rest.find(COLOUR).unwrap_or(rest.len()),
        };
        let (piece, behind) = rest.split_at_checked(end)?;
        rest = behind;
        (!piece.is_empty()).then_some((piece, is_code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, most: usize, expected: &str) {
        assert_eq!(wrapped(&text.replace('>', &HANG.to_string()), Some(most)), expected, "{text}");
    }

    #[test]
    fn what_does_not_fit_goes_on_below() {
        check("short\n", 10, "short\n");
        check("error: one two three\n", 12, "error: one\n  two three\n");
        check("    one two three\n", 12, "    one two\n    three\n");
        check("  hint: >one two three four\nx\n", 17, "  hint: one two\n        three\n        four\nx\n");
        check("a  b   c", 5, "a  b\n  c");
        check("one two   three four", 16, "one two\n  three four");
        check("one two three (9 lines: -v)", 24, "one two three\n  (9 lines: -v)");
        check("\x1b[31mone\x1b[0m two", 7, "\x1b[31mone\x1b[0m two");
    }

    #[test]
    fn no_word_is_cut() {
        check("see 2a0f:85c1:260::/48AS205398 there", 10, "see\n  2a0f:85c1:260::/48AS205398\n  there");
        check("now `ripectl plan --all` does it", 23, "now\n  `ripectl plan --all`\n  does it");
        check("now `ripectl plan` or", 8, "now\n  `ripectl\n  plan`\n  or");
        assert_eq!(folded("now `ripectl plan` or", 0, Some(8)), "now\n`ripectl plan`\nor");
        check("it is 192.0.2.0 - 192.0.2.255 then", 32, "it is 192.0.2.0 - 192.0.2.255\n  then");
        check("it was 192.0.2.0 - 192.0.2.255", 26, "it was\n  192.0.2.0 - 192.0.2.255");
        check("aaa · bbb · ccc", 11, "aaa · bbb ·\n  ccc");
        check("of aaaaaaaa · bbb", 10, "of\n  aaaaaaaa\n  · bbb");
        check("Grüße 網網網 ✓", 12, "Grüße 網網網\n  ✓");
        check("one (a b c) two", 12, "one (a b c)\n  two");
        check("one (a b c two three", 12, "one (a b c\n  two three");
    }

    /// What asks to look ahead at every word is folded in the time of its length, not of its square.
    #[test]
    fn a_long_line_is_folded_in_its_length() {
        let begin = std::time::Instant::now();
        for gap in ["(a ", "a   ", "`a ", "a - ", "a · ", "(", "\x1b[31ma "] {
            let line = gap.repeat(100_000 / gap.len());
            let folded = wrapped(&line, Some(80));
            assert_eq!(folded.split_whitespace().count(), line.split_whitespace().count(), "{gap}");
        }
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
}
