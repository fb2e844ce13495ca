//! `[rules]` and `[[waiver]]`: how much the rules of `validate` weigh here, and what is excepted from them.

use jiff::civil::Date;

use crate::{
    config::{At, Entries, Entry, Keys, Kind, Read, Row, Table, Value, did_you_mean, words},
    finding::{Location, Severity},
    net::Prefix,
    rule::Rule,
};

/// What the estate says of the rules of `validate`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Weights(Vec<(Rule, Option<Severity>)>);

/// An error that is known and borne for a while: it is listed and stops nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Waiver {
    /// For announcements of this prefix and its more specifics.
    pub prefix: Prefix,
    /// The rule that they may break.
    pub rule: Rule,
    /// Why.
    pub why: String,
    /// The last day on which it holds, in UTC.
    pub until: Date,
    /// Where it is written.
    pub place: Location,
}

impl Weights {
    /// How much a breach of `rule` weighs; `None` if it is switched off.
    pub fn of(&self, rule: Rule) -> Option<Severity> {
        let own = self.0.iter().find(|(own, _)| *own == rule);
        own.map_or(Some(rule.severity()), |(_, weight)| *weight)
    }
}

/// How much a breach weighs.
#[derive(Clone, Copy)]
struct Weight(Option<Severity>);

const WEIGHTS: [(&str, Weight); 3] = [
    ("off", Weight(None)),
    ("warning", Weight(Some(Severity::Warning))),
    ("error", Weight(Some(Severity::Error))),
];
const WEIGHT_WORDS: [&str; 3] = words(&WEIGHTS);

impl Read for Weight {
    const KIND: Kind = Kind::Words(&WEIGHT_WORDS);

    fn read(value: Value) -> Option<Weight> {
        value.word(&WEIGHTS)
    }
}

impl Read for Rule {
    const KIND: Kind = Kind::Text("the name of a rule of `validate`");

    fn read(value: Value) -> Option<Rule> {
        let name = value.text()?;
        Rule::named(name).or_else(|| value.refuse_with(unknown(name), "`ripectl check --rules` lists them"))
    }
}

fn unknown(name: &str) -> String {
    let names = Rule::ALL.map(Rule::name);
    format!("`{name}` is no rule of `validate`{}", did_you_mean(name, names))
}

impl Read for Weights {
    const KIND: Kind = Kind::Named(&Weight::KIND);

    fn read(value: Value) -> Option<Weights> {
        let Entries(entries) = Entries::<Weight>::read(value)?;
        let weights = entries.into_iter().filter_map(|Entry { name, value: Weight(weight), .. }| {
            let rule = Rule::named(&name);
            rule.map(|rule| (rule, weight))
                .or_else(|| value.refuse_with(unknown(&name), "`ripectl check --rules` lists them"))
        });
        Some(Weights(weights.collect()))
    }
}

/// A day, as TOML writes it or in quotes.
struct Day(Date);

impl Read for Day {
    const KIND: Kind = Kind::Text("a date");

    fn read(value: Value) -> Option<Day> {
        value.date().map(Day)
    }
}

/// The keys of `[[waiver]]`.
const WAIVER: Keys = Keys {
    title: "what is known to be wrong, and borne for a while",
    about: "`validate` lists what is waived and does not fail for it; after its last day a waiver is a finding itself.",
    rows: &[
        Row::needed::<Prefix>(
            "prefix",
            "\"192.0.2.0/24\"",
            "for announcements of this prefix and of its more specifics",
        ),
        Row::needed::<Rule>(
            "rule",
            "\"rpki-not-found\"",
            "the rule that they may break (`ripectl check --rules`)",
        ),
        Row::needed::<String>("why", "\"nobody can make this ROA\"", "the reason, which every output shows"),
        Row::needed::<Day>("until", "2027-06-30", "its last day, in UTC"),
    ],
};

/// As it is written.
pub(super) struct Written(Waiver);

impl Read for Written {
    const KIND: Kind = Kind::Table(&WAIVER);

    fn read(value: Value) -> Option<Written> {
        value.table(&WAIVER, |table| {
            let prefix = table.need::<At<Prefix>>("prefix");
            let (rule, why, until) = (table.need("rule"), table.need::<String>("why"), table.need("until"));
            let At { value: prefix, place } = prefix?;
            let Day(until) = until?;
            Some(Written(Waiver { prefix, rule: rule?, why: why?, until, place }))
        })?
    }
}

/// The waivers of `ripectl.toml`.
pub(super) fn read(table: &mut Table) -> Vec<Waiver> {
    let written: Option<Vec<Written>> = table.get("waiver");
    written.unwrap_or_default().into_iter().map(|Written(waiver)| waiver).collect()
}
