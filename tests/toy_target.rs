//! A second kind of place, in this file alone: a publisher of ROAs that proves by reading back and takes changes as whole
//! batches. That it needs nothing but [`Connection`] shows that runs, journals and what is read from them know places,
//! not kinds. It meets every fault at every request, alone and in bursts.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{collections::BTreeMap, fs::File, path::Path};

use ripectl::{
    apply::{
        Begun, Connection, Item, Journal, Log, Lost, Received, Recorded, Run, Status, StepResult, apply,
    },
    disk::StateDir,
    registry::Doubt,
    rules::Message,
    target::{Batching, Change, Record, RecordId, Roa, TargetId},
};

/// What happens to a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    None,
    /// It never arrives, and nobody knows.
    LostRequest,
    /// It is done, and the answer never comes.
    LostAnswer,
    /// It is refused.
    Refused,
    /// The answer says yes, and nothing is done.
    EmptyYes,
    /// Nothing is sent: there is no connection.
    Unreachable,
}
const FAULTS: [Fault; 5] =
    [Fault::LostRequest, Fault::LostAnswer, Fault::Refused, Fault::EmptyYes, Fault::Unreachable];

/// The publisher: what it holds, and which of its requests meet a fault.
struct Toy {
    held: BTreeMap<RecordId, Record>,
    requests: usize,
    faults: Vec<Fault>,
}

impl Toy {
    fn new(held: &[Record]) -> Toy {
        let held = held.iter().map(|record| (record.id(), record.clone())).collect();
        Toy { held, requests: 0, faults: Vec::new() }
    }

    /// Counts a request, and says what happens to it.
    fn fault(&mut self) -> Fault {
        self.requests += 1;
        self.faults.get(self.requests - 1).copied().unwrap_or(Fault::None)
    }

    /// What it holds, as a read shows it.
    fn read(&mut self) -> Result<BTreeMap<RecordId, Record>, Message> {
        match self.fault() {
            Fault::None | Fault::EmptyYes => Ok(self.held.clone()),
            fault => Err(Message::error(format!("it cannot be read: {fault:?}"))),
        }
    }

    fn stands(held: &BTreeMap<RecordId, Record>, wanted: Option<&Record>, id: &RecordId) -> bool {
        match (held.get(id), wanted) {
            (Some(now), Some(wanted)) => now.is_same_as(wanted),
            (now, wanted) => now.is_none() && wanted.is_none(),
        }
    }

    /// Does all of a batch, or nothing: a delta.
    fn change(&mut self, batch: &[Item]) {
        for item in batch {
            match item.change.after() {
                Some(after) => drop(self.held.insert(after.id(), after.clone())),
                None => drop(self.held.remove(&item.change.id())),
            }
        }
    }
}

impl Connection for Toy {
    fn batching(&self, _target: &TargetId) -> Batching {
        Batching::Whole
    }

    async fn prove(&mut self, batch: &[Item]) -> Vec<Result<(), Vec<Message>>> {
        let read = self.read();
        let proof = |item: &Item| match &read {
            Ok(held) if Toy::stands(held, item.change.before(), &item.change.id()) => Ok(()),
            Ok(_) => Err(vec![Message::error(format!("{} was changed since it was read", item.change.id()))]),
            Err(message) => Err(vec![message.clone()]),
        };
        batch.iter().map(proof).collect()
    }

    async fn submit(&mut self, batch: &[Item]) -> Vec<Received> {
        let fault = self.fault();
        if matches!(fault, Fault::None | Fault::LostAnswer) {
            self.change(batch);
        }
        let said = || vec![Message::error(format!("{fault:?}"))];
        let received = |_: &Item| match fault {
            Fault::Unreachable => Received::NotSent(said()),
            Fault::Refused => Received::Doubt(Doubt::Refused, said()),
            Fault::LostRequest | Fault::LostAnswer => Received::Doubt(Doubt::Lost, said()),
            // No yes is believed before it is read back.
            Fault::None | Fault::EmptyYes => Received::Doubt(Doubt::Unclear, Vec::new()),
        };
        batch.iter().map(received).collect()
    }

    async fn settle(&mut self, lost: Vec<Lost>) -> Vec<StepResult> {
        let read = self.read();
        let settled = |Lost { item, doubt, messages, .. }: Lost| {
            let (wanted, id) = (item.change.after().cloned(), item.change.id());
            match &read {
                Ok(held) if Toy::stands(held, wanted.as_ref(), &id) => {
                    StepResult::done(&item, Status::Done, wanted, messages)
                }
                Ok(_) if doubt == Doubt::Lost => StepResult::of(&item, Status::InDoubt, messages),
                Ok(_) => StepResult::of(&item, Status::Failed, messages),
                Err(message) => StepResult::of(&item, Status::InDoubt, vec![message.clone()]),
            }
        };
        lost.into_iter().map(settled).collect()
    }
}

fn roa(number: u32, comment: Option<&str>) -> Record {
    let payload = format!("AS205398:2a0f:85c1:{number:x}::/48-48").parse().unwrap();
    Record::Roa(Roa { payload, comment: comment.map(str::to_owned) })
}

/// What stands at first.
fn before() -> Vec<Record> {
    (0x260..0x270).map(|number| roa(number, None)).collect()
}

/// Twelve to be made, six to be noted otherwise, and six that go.
fn changes() -> Vec<Item> {
    let new = (0x270..0x27c).map(|number| Change::Create(roa(number, Some("new"))));
    let noted = (0x260..0x266)
        .map(|number| Change::Modify { before: roa(number, None), after: roa(number, Some("noted")) });
    let gone = (0x266..0x26c).map(|number| Change::Delete(roa(number, None)));
    items(new.chain(noted).chain(gone))
}

fn items(changes: impl Iterator<Item = Change<Record>>) -> Vec<Item> {
    changes.map(|change| Item { target: TargetId::new("toy"), change, sent_with: None }).collect()
}

/// One run of `items`, and what its journal tells.
async fn run(toy: &mut Toy, items: &[Item], state: &StateDir) -> (Vec<StepResult>, Recorded) {
    let mut journal = Journal::begin(state, &Begun::new("toy", items), None).unwrap();
    let mut running =
        Run { connection: toy, log: Log { journal: &mut journal, observer: &mut |_| () }, end: &|_| None };
    let receipt = apply(items, &mut running).await;
    let path = journal.path().to_owned();
    let recorded = Recorded::read("toy", File::open(path).unwrap()).unwrap();
    (receipt.steps, recorded)
}

/// What is still to be done, as a plan would find it.
fn left(toy: &Toy) -> Vec<Item> {
    let open = |item: &Item| !Toy::stands(&toy.held, item.change.after(), &item.change.id());
    changes().into_iter().filter(open).collect()
}

/// A run with these faults, then runs until nothing is left; what of it is wrong.
async fn check(faults: Vec<Fault>) -> Option<String> {
    let root = tempfile::tempdir().unwrap();
    let state = StateDir::open(Some(root.path()), Path::new("")).unwrap();
    let mut toy = Toy::new(&before());
    toy.faults = faults;
    let (steps, recorded) = run(&mut toy, &changes(), &state).await;
    for (step, item) in steps.iter().zip(changes()) {
        let stands = Toy::stands(&toy.held, item.change.after(), &item.change.id());
        let holds = match step.status {
            Status::Done | Status::Unchanged => stands,
            Status::Failed | Status::NotTried => !stands,
            Status::InDoubt | Status::Waiting => true,
        };
        if !holds {
            return Some(format!("`{}` for {}, which stands: {stands}", step.status.text(), step.id));
        }
    }
    for (step, told) in steps.iter().zip(&recorded.steps) {
        if told.is_done() != step.status.is_good() {
            return Some(format!("the journal tells otherwise of {}", step.id));
        }
    }
    for _ in 0..4 {
        let open = left(&toy);
        if open.is_empty() {
            break;
        }
        toy.faults.clear();
        run(&mut toy, &open, &state).await;
    }
    (!left(&toy).is_empty()).then(|| "something is left".to_owned())
}

#[tokio::test]
async fn a_place_of_another_kind_comes_through_every_fault() {
    let root = tempfile::tempdir().unwrap();
    let state = StateDir::open(Some(root.path()), Path::new("")).unwrap();
    let mut toy = Toy::new(&before());
    let (steps, _) = run(&mut toy, &changes(), &state).await;
    assert!(steps.iter().all(|step| step.status == Status::Done));
    let requests = toy.requests;
    assert_eq!(requests, 3, "24 changes are one batch: read, sent, read back");
    let (mut count, mut wrong) = (0, Vec::new());
    for fault in FAULTS {
        for at in 0..requests {
            for burst in 1..=3 {
                let faults = [vec![Fault::None; at], vec![fault; burst]].concat();
                count += 1;
                let found = check(faults).await;
                wrong.extend(found.map(|what| format!("{burst} × {fault:?} at request {at}: {what}")));
            }
        }
    }
    println!("{count} faults at {requests} requests of 24 steps of another kind of place");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_was_done_there_is_taken_back_from_the_journal() {
    let root = tempfile::tempdir().unwrap();
    let state = StateDir::open(Some(root.path()), Path::new("")).unwrap();
    let mut toy = Toy::new(&before());
    let (_, recorded) = run(&mut toy, &changes(), &state).await;
    let back = recorded.steps.iter().rev().map(|step| step.item.change.clone().inverse());
    let (steps, _) = run(&mut toy, &items(back), &state).await;
    assert!(steps.iter().all(|step| step.status == Status::Done));
    let now: Vec<&Record> = toy.held.values().collect();
    assert_eq!(now.len(), before().len());
    assert!(
        before().iter().all(|record| toy.held.get(&record.id()).is_some_and(|now| now.is_same_as(record)))
    );
}

#[tokio::test]
async fn the_same_route_in_two_places_is_two_changes() {
    let text = "route6: 2a0f:85c1:260::/48\norigin: AS205398\nsource: RIPE\n";
    let object: Record = ripectl::rpsl::Object::parse(text).unwrap().into();
    let step = |target: &str| ripectl::plan::Step::new(TargetId::new(target), Change::Create(object.clone()));
    let addresses = [step("ripe").address(), step("radb").address()];
    assert_ne!(addresses[0], addresses[1]);
    assert_eq!(addresses[0].id, addresses[1].id);
}
