//! `[[expect]]`: what others must hold, or must not, for our objects to work. It is checked and never written.

use super::{Absence, Declared, pattern::Customer};
use crate::{
    config::{At, Entries, Entry, Keys, Kind, Read, Row, Table, Value, did_you_mean},
    finding::{Finding, Location},
    rpsl::{Key, Name},
};

/// One thing that is expected of others.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Expect {
    /// What must hold.
    pub demand: Demand,
    /// Whom to ask if it does not.
    pub ask: Option<String>,
    /// For whom, if it stands in the file of a customer.
    pub customer: Option<Customer>,
    /// Where it is written: the key of the object, or what must be absent.
    pub place: Location,
}

/// What must hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Demand {
    /// The object stands, and has all these values.
    Has {
        /// The object.
        key: Key,
        /// The attributes with the values that they must have among theirs, in the order of the file.
        values: Vec<(Name, Vec<String>)>,
    },
    /// No such object stands.
    Absent(Absence),
}

/// One value or several, with white space folded as the registry does.
struct Values(Vec<String>);

impl Read for Values {
    const KIND: Kind = Kind::OneOrMore(&Kind::Text("a value"));

    fn read(value: Value) -> Option<Values> {
        let folded = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let values: Vec<String> = value.texts()?.into_iter().map(folded).collect();
        match values.is_empty() || values.iter().any(String::is_empty) {
            true => {
                value.refuse_with("must name a value", "write the value that is expected, or take this out")
            }
            false => Some(Values(values)),
        }
    }
}

/// An `[[expect]]` as written.
pub(super) struct Written {
    object: Option<At<Key>>,
    has: Vec<Entry<Values>>,
    absent: Vec<At<Absence>>,
    ask: Option<String>,
}

/// The keys of `[[expect]]`.
const KEYS: Keys = Keys {
    title: "what others must hold",
    about: "Checked by `plan`, and never written. Each has `object` or `absent`.",
    rows: &[
        Row::optional::<At<Key>>("object", "`absent`", "an object that must stand").such_as("\"class/key\""),
        Row::optional::<Entries<Values>>("has", "none", "values that it must have among its own")
            .such_as("{ status = \"ALLOCATED-BY-LIR\", mnt-lower = [\"A-MNT\", \"B-MNT\"] }"),
        Row::optional::<Vec<At<Absence>>>(
            "absent",
            "`object`",
            "objects that must not stand: one, or all of a class above (`<`), at or above (`<=`), at or below (`>=`) or below \
             (`>`) a prefix",
        )
        .such_as("[\"class/key\", \"route6 <= 2001:db8::/44\"]"),
        Row::optional::<String>("ask", "its holder", "whom to ask if it is not so").such_as("\"noc@lir.example\""),
    ],
};

impl Read for Written {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Written> {
        value.table(&KEYS, |table| {
            let names = ["object", "absent"].map(|key| table.has(key));
            let refuse = |text: &str, remedy: &str| {
                let finding = Finding::error("config-value", text).fix(remedy);
                table.report(finding.at(value.place()));
            };
            match names {
                [true, true] => refuse("`object` and `absent` are in one [[expect]]", "make two of it"),
                [false, false] => refuse(
                    "this expects nothing",
                    "add `object = \"class/key\"`, or `absent = [\"route6 <= 2001:db8::/44\"]`",
                ),
                [false, true] if table.has("has") => {
                    refuse("`has` needs an `object`", "take `has` out, or make two [[expect]] of it");
                }
                _ => {}
            }
            Written {
                object: table.get("object"),
                has: table.get::<Entries<Values>>("has").map_or_else(Vec::new, |entries| entries.0),
                absent: table.get("absent").unwrap_or_default(),
                ask: table.get("ask"),
            }
        })
    }
}

/// All `[[expect]]` of the file, which is that of `customer`, or `ripectl.toml`: one for each object, and one for each
/// entry of `absent`.
pub(super) fn read(root: &mut Table, customer: Option<&Customer>) -> Vec<Expect> {
    let written: Vec<Written> = root.get("expect").unwrap_or_default();
    let mut expects = Vec::new();
    for Written { object, has, absent, ask } in written {
        if let Some(At { value: key, place }) = object {
            let values = has.into_iter().filter_map(|entry| attribute(entry, &key, root)).collect();
            let demand = Demand::Has { key, values };
            expects.push(Expect { demand, ask: ask.clone(), customer: customer.cloned(), place });
        }
        let absent = absent.into_iter().map(|At { value, place }| (Demand::Absent(value), place));
        expects.extend(absent.map(|(demand, place)| Expect {
            demand,
            ask: ask.clone(),
            customer: customer.cloned(),
            place,
        }));
    }
    expects
}

/// The attribute of an object that `has` names.
fn attribute(entry: Entry<Values>, key: &Key, root: &Table) -> Option<(Name, Vec<String>)> {
    let Entry { name: text, place, value: Values(values) } = entry;
    let template = key.class().template();
    let refuse = |what: String, remedy: Option<&str>| {
        let finding = Finding { remedy: remedy.map(str::to_owned), ..Finding::error("config-value", what) };
        root.report(finding.at(place.clone()));
        None
    };
    let Some(name) = Name::from_text(&text).filter(|name| template.row(*name).is_some()) else {
        let known = template.rows.iter().map(|row| row.name.text());
        let hint = did_you_mean(&text, known);
        return refuse(format!("{} objects have no `{text}`{hint}", key.class()), None);
    };
    match name {
        Name::Auth => refuse(
            "`auth` is shown to nobody but those whom it names".to_owned(),
            Some("take it out, or expect `mnt-by` instead"),
        ),
        _ => Some((name, values)),
    }
}

/// Objects that are declared and expected to be absent.
pub(super) fn contradictions(expects: &[Expect], declared: &[Declared]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for expect in expects {
        let Demand::Absent(absence) = &expect.demand else { continue };
        for own in declared.iter().filter(|own| absence.means(&own.object.key(), own.object.block())) {
            let text = format!(
                "`{absence}` is expected to be absent, but {} is declared at {}",
                own.object.key(),
                own.place
            );
            let finding = Finding::error("expect", text).about(own.object.key()).at(expect.place.clone());
            findings.push(finding.fix("take it out of `absent`, or do not declare it"));
        }
    }
    findings
}
