//! Reading files that users write in TOML, `ripectl.toml` and their own configuration: values with their places, and
//! every problem at once.
//!
//! A type says how it is read ([`Read`]). A [`Table`] hands out values by key, of which each has a [row](Keys), and
//! reports the keys that have none. Reading goes on after a problem; what had one is `None`.

mod keys;
mod schema;

use std::{cell::RefCell, fmt::Display, str::FromStr, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    finding::{Finding, Location, Source, suggestion},
    http::{Address, AddressError, Host},
    net::{Asn, Prefix},
};

pub use keys::{Keys, Kind, Row, words};
pub use schema::json_schema;

/// What was found wrong so far.
pub type Problems = RefCell<Vec<Finding>>;

/// A value of the file that is being read.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    key: &'a str,
    tree: &'a Spanned<DeValue<'a>>,
    source: &'a Arc<Source>,
    problems: &'a Problems,
}

/// A key of TOML: what a repository names must not become lines of the user's own configuration.
pub fn bare(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { toml_string(name) }
}

/// A string of TOML; the escapes of JSON are its own too.
pub fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What can be read from a value; `None` after a problem was reported.
pub trait Read: Sized {
    /// What may stand there.
    const KIND: Kind;

    /// Reads it.
    fn read(value: Value) -> Option<Self>;
}

/// Something and where it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct At<T> {
    /// What is written.
    pub value: T,
    /// Where.
    pub place: Location,
}

/// The entries of a table whose keys are names of the user's choice, in the order of the file.
pub struct Entries<T>(pub Vec<Entry<T>>);

/// One of them.
pub struct Entry<T> {
    /// Its key.
    pub name: String,
    /// The place of the key.
    pub place: Location,
    /// What it holds.
    pub value: T,
}

/// Reads the whole of `source`, whose keys are these, with `read`; `None` if it is not TOML.
pub fn read<T>(
    source: &Arc<Source>,
    keys: &'static Keys,
    problems: &Problems,
    read: impl FnOnce(&mut Table) -> T,
) -> Option<T> {
    let (tree, errors) = DeTable::parse_recoverable(&source.text);
    let is_toml = errors.is_empty();
    problems.borrow_mut().extend(errors.iter().map(|error| {
        let place = Location::new(source, error.span().unwrap_or_default());
        Finding::error("toml-syntax", error.message()).at(place)
    }));
    let place = Location::new(source, 0..0);
    let (asked, refused) = (Vec::new(), Vec::new());
    let mut table = Table { tree: tree.get_ref(), keys, asked, refused, source, problems, place };
    is_toml.then(|| table.whole(read))
}

impl<'a> Value<'a> {
    /// Where it is written.
    pub fn place(&self) -> Location {
        Location::new(self.source, self.tree.span())
    }

    /// Reports what is wrong with it.
    pub fn refuse<T>(self, text: impl Display) -> Option<T> {
        self.report(Finding::error("config-value", format!("`{}`: {text}", self.key)))
    }

    /// Reports what is wrong with it, and the way out.
    pub fn refuse_with<T>(self, text: impl Display, remedy: impl Into<String>) -> Option<T> {
        self.report(Finding::error("config-value", format!("`{}`: {text}", self.key)).fix(remedy))
    }

    /// Reports that it is no URL that may be asked, without showing it if a password may stand in it.
    pub fn refuse_address<T>(self, error: AddressError) -> Option<T> {
        let AddressError { what, next, is_secret } = error;
        if !is_secret {
            return self.refuse_with(what, next);
        }
        let (span, text) = (self.tree.span(), &self.source.text);
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        let hidden = "*".repeat(span.len());
        let text = format!("{}{hidden}{}", part(0..span.start), part(span.end..text.len()));
        let place = Location::new(&Arc::new(Source::new(&self.source.path, text)), span);
        let finding = Finding::error("config-value", format!("`{}`: {what}", self.key));
        self.problems.borrow_mut().push(finding.fix(next).at(place));
        None
    }

    fn report<T>(self, finding: Finding) -> Option<T> {
        self.problems.borrow_mut().push(finding.at(self.place()));
        None
    }

    /// Reports that it has not the type that is `wanted`, such as `a string`.
    fn mistyped<T>(self, wanted: &str) -> Option<T> {
        let found = match self.tree.get_ref() {
            DeValue::Integer(_) => "an integer".to_owned(),
            DeValue::Array(_) => "an array".to_owned(),
            other => format!("a {}", other.type_str()),
        };
        self.refuse(format!("must be {wanted}, and is {found}"))
    }

    /// The string that it is.
    pub fn text(self) -> Option<&'a str> {
        self.tree.get_ref().as_str().or_else(|| self.mistyped("a string"))
    }

    /// The day that it is, as TOML writes it or as a string.
    pub fn date(self) -> Option<jiff::civil::Date> {
        let text = match self.tree.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return self.mistyped("a date such as 2027-06-30"),
        };
        text.parse().ok().or_else(|| self.refuse(format!("`{text}` is no date; write it as 2027-06-30")))
    }

    /// Reads the table that it is, whose keys are these, with `read`, and reports the keys that it has besides.
    pub fn table<T>(self, keys: &'static Keys, read: impl FnOnce(&mut Table<'a>) -> T) -> Option<T> {
        let Some(tree) = self.tree.get_ref().as_table() else { return self.mistyped("a table") };
        let (source, problems) = (self.source, self.problems);
        let (asked, refused) = (Vec::new(), Vec::new());
        let mut table = Table { tree, keys, asked, refused, source, problems, place: self.place() };
        let result = table.whole(read);
        debug_assert!(keys.names().all(|key| table.asked.contains(&key)), "nobody reads one of {keys:?}");
        Some(result)
    }

    /// Its elements, if it is an array.
    pub fn elements(self) -> Option<Vec<Value<'a>>> {
        let Some(array) = self.tree.get_ref().as_array() else { return self.no_array() };
        Some(array.iter().map(|tree| Value { tree, ..self }).collect())
    }

    fn no_array<T>(self) -> Option<T> {
        let key = self.key;
        match self.tree.get_ref() {
            DeValue::Table(_) => {
                self.refuse_with("there may be several", format!("write `[[{key}]]`, with two brackets"))
            }
            DeValue::String(text) => {
                self.refuse_with("there may be several", format!("write `{key} = [\"{text}\"]`"))
            }
            _ => self.mistyped("an array"),
        }
    }

    /// The string that it is, or the strings of the array that it is.
    pub fn texts(self) -> Option<Vec<String>> {
        match self.tree.get_ref() {
            DeValue::String(text) => Some(vec![text.to_string()]),
            DeValue::Array(_) => Vec::read(self),
            _ => self.mistyped("a string or an array of strings"),
        }
    }

    /// One of `words`, each with what it means.
    pub fn word<T: Copy>(self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let known = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        let names = || words.iter().map(|(word, _)| *word);
        known.or_else(|| {
            let all = names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            self.refuse(format!("`{text}` is none of {all}{}", did_you_mean(text, names())))
        })
    }

    /// What its string is parsed to.
    pub fn parsed<T: FromStr<Err: Display>>(self) -> Option<T> {
        self.text()?.parse().or_else(|error| self.refuse(error).ok_or(())).ok()
    }

    fn integer<T: TryFrom<i64>>(self, wanted: &str) -> Option<T> {
        let Some(digits) = self.tree.get_ref().as_integer() else { return self.mistyped(wanted) };
        let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
        number
            .and_then(|n| T::try_from(n).ok())
            .or_else(|| self.refuse(format!("must be {wanted}, and is {digits}")))
    }
}

/// A table of the file that is being read, and which of its keys were asked for.
pub struct Table<'a> {
    tree: &'a DeTable<'a>,
    keys: &'static Keys,
    asked: Vec<&'static str>,
    /// Those that were there and refused.
    refused: Vec<&'static str>,
    source: &'a Arc<Source>,
    problems: &'a Problems,
    place: Location,
}

impl<'a> Table<'a> {
    /// The value of `key`, read, or `None` if the key is not there, or has no row.
    pub fn get<T: Read>(&mut self, key: &'static str) -> Option<T> {
        self.row(key, T::KIND)?;
        self.value(key).and_then(T::read)
    }

    /// The value of `key`, whose absence is a problem: the example of its row says how it would be written.
    pub fn need<T: Read>(&mut self, key: &'static str) -> Option<T> {
        let row = self.row(key, T::KIND)?;
        self.require(key, &format!("add `{key} = {}`", row.example));
        self.get(key)
    }

    /// The row of a key that is asked for as being of this kind.
    fn row(&mut self, key: &'static str, kind: Kind) -> Option<&'static Row> {
        let row = self.keys.row(key);
        debug_assert!(
            row.is_some_and(|row| row.kind == kind),
            "`{key}` is read as {kind:?}, and has no such row"
        );
        self.asked.push(key);
        row
    }

    /// Reports that `key` is missing, if it is.
    pub fn require(&self, key: &str, remedy: &str) {
        if !self.has(key) {
            let missing = Finding::error("config-value", format!("`{key}` is missing"));
            self.report(missing.fix(remedy).at(self.place.clone()));
        }
    }

    /// Whether `key` is there, readable or not.
    pub fn has(&self, key: &str) -> bool {
        self.tree.contains_key(key)
    }

    /// The keys of the table that is the value of `key`, whether or not their values can be read.
    pub fn names(&self, key: &str) -> Vec<String> {
        let table = self.tree.get(key).and_then(|tree| tree.get_ref().as_table());
        table.into_iter().flat_map(|table| table.keys()).map(|key| key.get_ref().to_string()).collect()
    }

    /// Knows that `key` exists, and says that this version cannot do it yet.
    pub fn later(&mut self, key: &'static str) {
        self.row(key, Kind::Later);
        if let Some(value) = self.value(key) {
            let text = format!("`{key}` is not there yet: this version of ripectl does not act on it");
            value.report::<()>(
                Finding::error("not-yet", text).fix("take it out, or put `#` before its lines"),
            );
        }
    }

    /// Knows that `key` exists, and says that it stands in `file` alone.
    pub fn elsewhere(&mut self, key: &'static str, file: &str) {
        if let Some(value) = self.value(key) {
            self.refused.push(key);
            let text = format!("`{key}` is for the whole estate, and not for one customer");
            value.report::<()>(Finding::error("config-key", text).fix(format!("move it to {file}")));
        }
    }

    /// Reads another file, whose problems stand beside those of this one.
    pub fn beside<T>(
        &self,
        source: &Arc<Source>,
        keys: &'static Keys,
        read: impl FnOnce(&mut Table) -> T,
    ) -> Option<T> {
        self::read(source, keys, self.problems, read)
    }

    /// Reports a problem that is not one of a single value.
    pub fn report(&self, finding: Finding) {
        self.problems.borrow_mut().push(finding);
    }

    fn value(&self, key: &str) -> Option<Value<'a>> {
        let (key, tree) = self.tree.get_key_value(key)?;
        Some(Value { key: key.get_ref(), tree, source: self.source, problems: self.problems })
    }

    /// Reads with `read` and reports the keys that have no row.
    fn whole<T>(&mut self, read: impl FnOnce(&mut Table<'a>) -> T) -> T {
        let result = read(self);
        let known = |key: &str| self.keys.row(key).is_some() || self.refused.contains(&key);
        for key in self.tree.keys().filter(|key| !known(key.get_ref())) {
            let place = Location::new(self.source, key.span());
            self.report(unknown(key.get_ref(), self.keys).at(place));
        }
        result
    }
}

fn unknown(key: &str, known: &Keys) -> Finding {
    let finding = Finding::error("config-key", format!("`{key}` is not a key here"));
    let usable = known.rows.iter().filter(|row| row.kind != Kind::Later).map(|row| row.key);
    let all = || format!("known here: {}", usable.collect::<Vec<_>>().join(", "));
    let meant = suggestion(key, known.names()).map(|meant| format!("did you mean `{meant}`?"));
    finding.fix(meant.unwrap_or_else(all))
}

/// `; did you mean …?` if one of `candidates` is near enough.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    suggestion(word, candidates).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

impl Read for String {
    const KIND: Kind = Kind::Text("a text");

    fn read(value: Value) -> Option<String> {
        value.text().map(str::to_owned)
    }
}

impl Read for bool {
    const KIND: Kind = Kind::Boolean;

    fn read(value: Value) -> Option<bool> {
        value.tree.get_ref().as_bool().map_or_else(|| value.mistyped("`true` or `false`"), Some)
    }
}

impl Read for u8 {
    const KIND: Kind = Kind::Number(0, u8::MAX as i64);

    fn read(value: Value) -> Option<u8> {
        value.integer("a whole number from 0 to 255")
    }
}

impl Read for u32 {
    const KIND: Kind = Kind::Number(0, u32::MAX as i64);

    fn read(value: Value) -> Option<u32> {
        value.integer("a whole number from 0 to 4294967295")
    }
}

impl Read for Prefix {
    const KIND: Kind = Kind::Text("a prefix");

    fn read(value: Value) -> Option<Prefix> {
        value.parsed()
    }
}

impl Read for Asn {
    const KIND: Kind = Kind::Text("an AS number");

    fn read(value: Value) -> Option<Asn> {
        value.parsed()
    }
}

impl Read for Address {
    const KIND: Kind = Kind::Text("a URL");

    fn read(value: Value) -> Option<Address> {
        value.text()?.parse().map_or_else(|error| value.refuse_address(error), Some)
    }
}

impl Read for Host {
    const KIND: Kind = Kind::Text("a host");

    fn read(value: Value) -> Option<Host> {
        value.parsed()
    }
}

impl<T: Read> Read for At<T> {
    const KIND: Kind = T::KIND;

    fn read(value: Value) -> Option<At<T>> {
        T::read(value).map(|read| At { value: read, place: value.place() })
    }
}

/// One value, or an array of them.
#[derive(Clone, Debug)]
pub struct OneOrMore<T>(pub Vec<T>);

impl<T: Read> Read for OneOrMore<T> {
    const KIND: Kind = Kind::OneOrMore(&T::KIND);

    fn read(value: Value) -> Option<OneOrMore<T>> {
        match value.tree.get_ref() {
            DeValue::Array(_) => Vec::read(value).map(OneOrMore),
            _ => T::read(value).map(|one| OneOrMore(vec![one])),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(value: Value) -> Option<Vec<T>> {
        Some(value.elements()?.into_iter().filter_map(T::read).collect())
    }
}

impl<T: Read> Read for Entries<T> {
    const KIND: Kind = Kind::Named(&T::KIND);

    fn read(value: Value) -> Option<Entries<T>> {
        let Some(table) = value.tree.get_ref().as_table() else { return value.mistyped("a table") };
        let entries = table.iter().filter_map(|(key, tree)| {
            let (name, place) = (key.get_ref().to_string(), Location::new(value.source, key.span()));
            let value = T::read(Value { key: key.get_ref(), tree, ..value })?;
            Some(Entry { name, place, value })
        });
        Some(Entries(entries.collect()))
    }
}

/// Variables of templates may be strings, whole numbers, truth values and arrays of these.
impl Read for minijinja::Value {
    const KIND: Kind = Kind::Variable;

    fn read(value: Value) -> Option<minijinja::Value> {
        match value.tree.get_ref() {
            DeValue::String(text) => Some(text.as_ref().into()),
            DeValue::Integer(_) => value.integer::<i64>("a whole number").map(Into::into),
            DeValue::Boolean(truth) => Some((*truth).into()),
            DeValue::Array(_) => Vec::<minijinja::Value>::read(value).map(Into::into),
            _ => value.mistyped("a string, a whole number, a truth value, or an array of these"),
        }
    }
}
