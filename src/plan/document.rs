//! The JSON of a plan, `ripectl/plan/2`: what `plan --format json` prints is what `plan --out` saves and `apply` reads.

use serde::{Deserialize, Serialize};

use super::{Action, Change, Expectation, Made, Mail, Plan, Step, Verdict};
use crate::{
    digest::digest,
    estate::{Demand, Origin},
    finding::{Finding, Location},
    registered::Query,
    rpsl::Key,
    rules::{Decision, Message},
    target::{Pairs, Record, RecordId, Target, TargetId},
};

/// The name and version of the form of a plan's JSON.
const SCHEMA: &str = "ripectl/plan/2";

/// A plan as JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Document {
    schema: String,
    /// Of all the rest: who changes a saved plan by hand changes this too, or is found out.
    digest: String,
    #[serde(flatten)]
    made: Made,
    registry: String,
    targets: Vec<Place>,
    summary: Summary,
    changes: Vec<Entry>,
    unmanaged: Vec<Named>,
    /// Whom the registry would write to.
    #[serde(default)]
    mails: Vec<Receiver>,
    expectations: Vec<Expected>,
    /// Why it may not be done, and what to know about it.
    #[serde(default)]
    findings: Vec<Note>,
}

/// What every version has.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// A place that is written to, and how it proves what it holds.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Place {
    target: String,
    proof: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Receiver {
    to: String,
    because: Vec<String>,
    count: usize,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Summary {
    create: usize,
    modify: usize,
    delete: usize,
    unchanged: usize,
    unmanaged: usize,
    /// How many deletions can never come back.
    #[serde(default)]
    irreversible: usize,
}

/// One change, in the order of application.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Entry {
    target: String,
    action: String,
    #[serde(rename = "type")]
    class: String,
    key: String,
    declared_at: Option<Declared>,
    /// Whose it is, if it is a customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    /// Why it goes: `undeclared`, `absent`, `reclaim`, `resume` or `undo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    removal: Option<String>,
    irreversible: bool,
    /// The name of the key that it is sent with, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent_with: Option<String>,
    before: Option<Pairs>,
    after: Option<Pairs>,
    verdict: String,
    /// The objects that others must make, change or take away first: until then it is not sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    waits_for: Vec<Named>,
    refusals: Vec<Refusal>,
    undecided: Vec<Undecided>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Declared {
    file: String,
    line: usize,
    block: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Refusal {
    text: String,
    rule: String,
    remedy: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Undecided {
    rule: String,
    needs: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Named {
    #[serde(rename = "type")]
    class: String,
    key: String,
}

/// What others must hold: an `object`, or that what `absent` says is not there.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Expected {
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<String>,
    met: bool,
    text: String,
    /// The registered objects that it speaks of.
    stands: Vec<Named>,
    ask: Option<String>,
    remedy: Option<String>,
    /// The declared objects that are not made because of them.
    left_out: Vec<Named>,
    declared_at: Declared,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Note {
    rule: String,
    severity: String,
    text: String,
    object: Option<String>,
    remedy: Option<String>,
}

/// Why a saved plan cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is not the JSON of a plan.
    #[error("this is no saved plan: {0}\nhint: save one with `ripectl plan --out FILE`")]
    Json(#[from] serde_json::Error),
    /// It is of another version.
    #[error("this is `{0}`, and this version of ripectl reads `{SCHEMA}`\nhint: plan again")]
    Schema(String),
    /// An object of it is none.
    #[error("{key}: {problem}\nhint: plan again")]
    Object {
        /// The object.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Document {
    /// The document of `plan` for the registry of this name.
    pub fn of(plan: &Plan, registry: &str) -> Document {
        let (create, modify, delete) =
            (plan.count(Action::Create), plan.count(Action::Modify), plan.count(Action::Delete));
        let (unchanged, unmanaged) = (plan.unchanged, plan.unmanaged.len());
        let irreversible = plan.steps.iter().filter(|step| step.irreversible).count();
        let receiver = |mail: &Mail| Receiver {
            to: mail.to.clone(),
            because: mail.because.iter().map(ToString::to_string).collect(),
            count: mail.count,
        };
        let note = |finding: Finding| Note {
            rule: finding.rule.to_owned(),
            severity: finding.severity.to_string(),
            text: finding.text,
            object: finding.object,
            remedy: finding.remedy,
        };
        let document = Document {
            schema: SCHEMA.to_owned(),
            digest: String::new(),
            made: plan.made.clone(),
            registry: registry.to_owned(),
            targets: plan.targets.iter().map(place).collect(),
            summary: Summary { create, modify, delete, unchanged, unmanaged, irreversible },
            changes: plan.steps.iter().map(entry).collect(),
            unmanaged: plan.unmanaged.iter().map(named).collect(),
            mails: plan.mails.iter().map(receiver).collect(),
            expectations: plan.expectations.iter().map(expected).collect(),
            findings: plan.told().map(note).collect(),
        };
        Document { digest: document.own_digest(), ..document }
    }

    fn own_digest(&self) -> String {
        let bare = Document { digest: String::new(), ..self.clone() };
        digest(&serde_json::to_string(&bare).unwrap_or_default())
    }

    /// Whether it is as it was saved.
    pub fn is_intact(&self) -> bool {
        self.digest == self.own_digest()
    }

    /// With what it was made.
    pub fn made(&self) -> &Made {
        &self.made
    }

    /// Reads a saved plan.
    pub fn read(text: &str) -> Result<Document, DocumentError> {
        let head: Head = serde_json::from_str(text)?;
        match head.schema == SCHEMA {
            true => Ok(serde_json::from_str(text)?),
            false => Err(DocumentError::Schema(head.schema)),
        }
    }

    /// The registry that it was made for.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The changes, each with its place, in the order of application.
    pub fn changes(&self) -> Result<Vec<(TargetId, Change<Record>)>, DocumentError> {
        self.changes.iter().map(|entry| Ok((TargetId::new(&entry.target), entry.change()?))).collect()
    }
}

impl Entry {
    fn change(&self) -> Result<Change<Record>, DocumentError> {
        let problem =
            |problem: String| DocumentError::Object { key: format!("{}/{}", self.class, self.key), problem };
        let record = |pairs: &Option<Pairs>| {
            let pairs =
                pairs.clone().ok_or_else(|| problem(format!("what is `{}` is missing", self.action)))?;
            let record =
                Record::from_pairs(&self.class, pairs).map_err(|error| problem(error.to_string()))?;
            match RecordId::parse(&self.class, &self.key) == Some(record.id()) {
                true => Ok::<Record, DocumentError>(record),
                false => Err(problem(format!("it holds {}", record.id()))),
            }
        };
        match Action::from_text(&self.action) {
            Some(Action::Create) => Ok(Change::Create(record(&self.after)?)),
            Some(Action::Modify) => {
                Ok(Change::Modify { before: record(&self.before)?, after: record(&self.after)? })
            }
            Some(Action::Delete) => Ok(Change::Delete(record(&self.before)?)),
            None => Err(problem(format!("`{}` is not `create`, `modify` or `delete`", self.action))),
        }
    }
}

fn place(target: &Target) -> Place {
    Place { target: target.id.name().to_owned(), proof: target.proof.text().to_owned() }
}

fn entry(step: &Step) -> Entry {
    let id = step.change.id();
    let decision = step.decision.as_ref();
    let undecided = decision.into_iter().flat_map(|decision| &decision.undecided);
    let undecided =
        undecided.map(|each| Undecided { rule: each.rule.to_owned(), needs: question(&each.needs) });
    let block = step.origin.as_ref().and_then(Origin::block);
    Entry {
        target: step.target.name().to_owned(),
        action: step.change.action().text().to_owned(),
        class: id.kind().to_owned(),
        key: id.key_text(),
        declared_at: step.from.as_ref().map(|place| declared(place, block)),
        customer: step.customer.as_ref().map(ToString::to_string),
        removal: step
            .removal
            .as_ref()
            .filter(|_| step.change.after().is_none())
            .map(|removal| removal.text().to_owned()),
        irreversible: step.irreversible,
        sent_with: step.sent_with.clone(),
        before: step.change.before().map(Record::pairs),
        after: step.change.after().map(Record::pairs),
        verdict: verdict(step.verdict()).to_owned(),
        waits_for: step.needs.iter().map(|need| named(&need.key)).collect(),
        refusals: decision.map_or_else(Vec::new, refusals),
        undecided: undecided.collect(),
    }
}

fn declared(place: &Location, block: Option<&str>) -> Declared {
    let file = place.source.path.display().to_string();
    Declared { file, line: place.line(), block: block.map(str::to_owned) }
}

fn expected(expectation: &Expectation) -> Expected {
    let Expectation { demand, met, text, stands, ask, remedy, left_out, place } = expectation;
    let (object, absent) = match demand {
        Demand::Has { key, .. } => (Some(key.to_string()), None),
        Demand::Absent(absence) => (None, Some(absence.to_string())),
    };
    Expected {
        object,
        absent,
        met: *met,
        text: text.clone(),
        stands: stands.iter().map(named).collect(),
        ask: ask.clone(),
        remedy: remedy.clone(),
        left_out: left_out.iter().map(named).collect(),
        declared_at: declared(place, None),
    }
}

fn named(key: &Key) -> Named {
    Named { class: key.class().to_string(), key: key.text().to_owned() }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Refused => "refused",
        Verdict::Undecided => "undecided",
    }
}

fn refusals(decision: &Decision) -> Vec<Refusal> {
    let errors = decision.errors().chain(decision.doubtful());
    let refusal = |message: &Message| Refusal {
        text: message.to_string(),
        rule: message.rule.to_owned(),
        remedy: message.remedy.clone(),
    };
    errors.map(refusal).collect()
}

/// A question as it reads behind "depends on".
pub fn question(query: &Query) -> String {
    match query {
        Query::Object(key) => format!("whether there is {key}"),
        Query::Elsewhere(key) => format!("whether there is {key} in the registry's other source"),
        Query::Covering(class, block) => format!("what {class} covers {}", block.prefix_text()),
        Query::Within(class, block) => format!("what {class} is within {}", block.prefix_text()),
        Query::AsBlockOf(asn) => format!("which as-block holds {asn}"),
        Query::AsBlocks => "what as-blocks there are".to_owned(),
        Query::Referring(key) => format!("what refers to {key}"),
        Query::MaintainedBy(key) => format!("what {key} maintains"),
        Query::Proves(key) => format!("whether the key speaks for {key}"),
        Query::EverUsed(key) => format!("whether {key} was ever used"),
        Query::Account(name) => format!("whether there is an account {name}"),
        Query::Setting(setting) => (*setting).to_owned(),
        Query::Delegation(key) => format!("whether the name servers of {key} pass the registry's check"),
    }
}
