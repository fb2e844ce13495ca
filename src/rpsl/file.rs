//! Files of objects: items that tile the text, so that nothing is lost whatever was read.

use std::{fmt::Write, ops::Range, sync::Arc};

use super::{Object, ObjectError, schema::TEMPLATES};
use crate::{
    finding::{Finding, Location, Source, suggestion},
    visible,
};

/// One piece of a file.
#[derive(Clone, Debug)]
pub enum Item {
    /// An object. Its text is that of the item.
    Object(Object),
    /// Blank lines and comments between objects.
    Between,
    /// Lines that could not be read as an object; a finding says why.
    Malformed,
}

/// An item and the bytes of the file that it is.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What it is.
    pub item: Item,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A file of objects.
///
/// Invariant: the spans of the items follow each other without a gap from the beginning to the end of the text.
#[derive(Clone, Debug)]
pub struct File {
    /// The text that was read.
    pub source: Arc<Source>,
    items: Vec<Placed>,
}

impl File {
    /// Reads `source`, with a finding for each thing that is not RPSL. Reading never stops early.
    pub fn parse(source: &Arc<Source>) -> (File, Vec<Finding>) {
        let mut findings = Vec::new();
        let items = paragraphs(&source.text)
            .into_iter()
            .map(|(is_object, span)| {
                let text = source.text.get(span.clone()).unwrap_or_default();
                let item = match is_object.then(|| Object::parse(text)) {
                    None => Item::Between,
                    Some(Ok(object)) => Item::Object(object),
                    Some(Err(error)) => {
                        findings.push(explain(error, source, &span));
                        Item::Malformed
                    }
                };
                Placed { item, span }
            })
            .collect();
        (File { source: Arc::clone(source), items }, findings)
    }

    /// Its items in order.
    pub fn items(&self) -> &[Placed] {
        &self.items
    }

    /// Its objects, each with the place of its first line.
    pub fn objects(&self) -> impl Iterator<Item = (&Object, Location)> {
        self.items.iter().filter_map(|placed| match &placed.item {
            Item::Object(object) => Some((object, self.place(object, placed, 0))),
            Item::Between | Item::Malformed => None,
        })
    }

    /// The place of the attribute with this index: label and value.
    pub fn place(&self, object: &Object, placed: &Placed, index: usize) -> Location {
        let span = object.spans(index).map_or(0..0, |(label, value)| label.start..value.end);
        Location::new(&self.source, placed.span.start + span.start..placed.span.start + span.end)
    }

    /// The text with every object in the registry's layout; comments and blank lines stay.
    pub fn formatted(&self) -> String {
        let text = |placed: &Placed| match &placed.item {
            Item::Object(object) => format_object(object),
            Item::Between | Item::Malformed => {
                with_unix_ends(self.source.text.get(placed.span.clone()).unwrap_or_default())
            }
        };
        self.items.iter().map(text).collect()
    }
}

/// The text with a bare newline at the end of each line, however many carriage returns stood before it.
fn with_unix_ends(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix('\n') {
        Some(line) => format!("{}\n", line.trim_end_matches('\r')),
        None => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Lays out the attributes of an object and keeps the comment lines among them.
fn format_object(object: &Object) -> String {
    let mut printed = String::new();
    let mut labels = object.attributes();
    let mut pending: Option<(String, String)> = None;
    let flush = |pending: &mut Option<(String, String)>, printed: &mut String| {
        if let Some((label, raw)) = pending.take() {
            let _ = writeln!(printed, "{label}:{}", super::value::layout(&label, &raw)); // a String takes all
        }
    };
    for line in object.text().lines() {
        if line.starts_with(['#', '%']) {
            flush(&mut pending, &mut printed);
            printed.push_str(line.trim_end_matches('\r'));
            printed.push('\n');
        } else if !line.starts_with([' ', '\t', '+']) {
            flush(&mut pending, &mut printed);
            pending = labels.next().map(|a| (a.label.to_ascii_lowercase(), without_comments(a.raw)));
        }
    }
    flush(&mut pending, &mut printed);
    printed
}

/// A raw value without the comment lines between its continuation lines, which are printed apart.
fn without_comments(raw: &str) -> String {
    let mut lines = raw.lines();
    let first = lines.next().unwrap_or_default();
    let rest = lines.filter(|line| !line.starts_with(['#', '%']));
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
}

/// Tiles `text`: runs of lines that are objects (`true`) and runs of blank lines and comments (`false`).
fn paragraphs(text: &str) -> Vec<(bool, Range<usize>)> {
    let mut runs: Vec<(bool, Range<usize>)> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let inside = runs.last().is_some_and(|(is_object, _)| *is_object);
        let is_object = !line.trim().is_empty() && (inside || !line.starts_with(['#', '%']));
        match runs.last_mut() {
            Some((kind, span)) if *kind == is_object => span.end = end,
            _ => runs.push((is_object, start..end)),
        }
        start = end;
    }
    runs
}

fn explain(error: ObjectError, source: &Arc<Source>, span: &Range<usize>) -> Finding {
    let finding = Finding::error("rpsl-structure", error.to_string());
    let within = |at: Range<usize>| Location::new(source, span.start + at.start..span.start + at.end);
    match error {
        ObjectError::Empty => finding.at(within(0..0)),
        ObjectError::NotAnAttribute(at) => finding
            .at(within(at))
            .fix("write `name: value`; begin the line with a blank to continue the line before, with `#` for a comment"),
        ObjectError::UnknownClass { name, at } => {
            if let Some((what, seen)) = visible::unseen(&name) {
                let text = format!("{what} stands in the name of this attribute, `{seen}:`");
                return Finding::error("rpsl-structure", text).at(within(at)).fix(visible::WAY_OUT);
            }
            let near = suggestion(&name, TEMPLATES.iter().map(|template| template.text));
            let fix = near.map(|near| format!("did you mean `{near}:`?"));
            let known = || "an object begins with the name of its class, such as `inet6num:` or `route6:`".to_owned();
            finding.at(within(at)).fix(fix.unwrap_or_else(known))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (File, Vec<Finding>) {
        File::parse(&Arc::new(Source::new("a.rpsl", text)))
    }

    #[test]
    fn several_objects_and_comments() {
        let text = "% whois\r\n\r\nperson: A B\r\naddress: x\r\n+ y\r\n\r\n# c\nrole: R\nsource: RIPE";
        let (file, findings) = read(text);
        assert_eq!(findings, []);
        let keys: Vec<_> =
            file.objects().map(|(object, place)| (object.class().text(), place.line())).collect();
        assert_eq!(keys, [("person", 3), ("role", 8)]);
    }

    #[test]
    fn every_problem_has_its_place() {
        let (_, findings) = read("rout6: ::/0\n\nperson: A\nnonsense\n");
        let found: Vec<_> =
            findings.iter().map(|f| (f.place.as_ref().unwrap().line(), f.remedy.clone().unwrap())).collect();
        assert_eq!(found[0], (1, "did you mean `route6:`?".to_owned()));
        assert_eq!(found[1].0, 4);
    }

    #[test]
    fn what_nobody_sees_is_called_by_its_name() {
        let (file, findings) = read("\u{feff}person: A\n\n\u{feff}role: R\n\nro\u{200b}le: S\n");
        assert_eq!(file.objects().count(), 1, "the mark before a file is no part of it");
        let texts: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
        let expected = [
            "a byte order mark (U+FEFF) stands in the name of this attribute, `role:`",
            "a character that nobody sees (U+200B) stands in the name of this attribute, `role:`",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn formatting_keeps_comments_and_settles_at_once() {
        let text = "# mine\nperson: A B\n# note\naddress: x\n  y\n\nrole: R\n";
        let formatted = read(text).0.formatted();
        let expected = "# mine\nperson:         A B\n# note\naddress:        x\n                y\n\nrole:           R\n";
        assert_eq!(formatted, expected);
        assert_eq!(read(&formatted).0.formatted(), formatted);
        assert_eq!(
            read("\r\r\n").0.formatted(),
            "\n",
            "found by `items_tile_the_text`: it settled only at the third time"
        );
        assert_eq!(
            read("\u{feff}\u{feff}role: R\n").0.formatted(),
            "role:           R\n",
            "found by `items_tile_the_text`: byte order marks are no part of a text, however many"
        );
        let found = "as-set: x\n%\r";
        assert_eq!(
            read(found).0.formatted(),
            "as-set:         x\n%\n",
            "found by the fuzzer: it settled too late"
        );
    }

    proptest! {
        #[test]
        fn items_tile_the_text(text in "([a-z6-]{1,6}:?[ \t]?[a-z:#+,]{0,4}[\r]?[\n]|[ \t+#%]?.{0,6}[\n]?){0,12}") {
            let (file, _) = read(&text);
            let text = &file.source.text; // without a byte order mark
            let mut end = 0;
            for placed in file.items() {
                prop_assert_eq!(placed.span.start, end);
                prop_assert!(placed.span.end > placed.span.start);
                if let Item::Object(object) = &placed.item {
                    prop_assert_eq!(object.text(), &text[placed.span.clone()]);
                }
                end = placed.span.end;
            }
            prop_assert_eq!(end, text.len());
            let formatted = file.formatted();
            prop_assert_eq!(read(&formatted).0.formatted(), formatted);
        }
    }
}
