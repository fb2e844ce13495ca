//! What is done with the body of a write, in JSON or XML: shared by the fuzz target and the test that replays its corpus.

use std::{collections::BTreeMap, sync::OnceLock};

use jiff::Timestamp;
use ripectl::{
    finding::Source,
    registered::{Inventory, Registered},
    rpsl::File,
    rules::{Action, Credential, Request, Settings, decide},
    wire::{render::resources, request, xml},
};

/// Reads the objects of a body, and decides each: created, written and deleted, by its maintainer. What is written of
/// them in XML is read again.
pub fn request(body: &[u8]) {
    let Ok(Some(objects)) = request::objects(body).or_else(|_| xml::objects(body)) else { return };
    let count = objects.len();
    let written = xml::resources(&resources(None, objects.clone(), &[]));
    let read = xml::objects(written.as_bytes()).ok().flatten();
    assert_eq!(read.map_or(0, |objects| objects.len()), count, "{written}");
    for object in objects.iter().filter_map(|submitted| request::object(submitted).ok()) {
        let credential = Credential::Maintainers(vec!["HOBBY-MNT".to_owned(), "LIR-MNT".to_owned()]);
        let settings = Settings { failing_dns: Some(BTreeMap::new()), ..Settings::default() };
        for action in [Action::Create, Action::Write, Action::Delete] {
            let automatic = BTreeMap::new();
            let request = Request { action, object: &object, credential: &credential, automatic: &automatic };
            let decision = decide(world(), &request, &settings, Timestamp::UNIX_EPOCH);
            assert_eq!(decision.is_refused(), decision.errors().next().is_some(), "{}", object.text());
        }
    }
}

/// The base of the example network.
fn world() -> &'static Registered {
    static WORLD: OnceLock<Registered> = OnceLock::new();
    WORLD.get_or_init(|| {
        let text = include_str!("../../src/sandbox/base.rpsl").to_owned();
        let (file, _) = File::parse(&std::sync::Arc::new(Source::new("base", text)));
        Registered::whole(Inventory::of(file.objects().map(|(object, _)| object.clone())))
    })
}
