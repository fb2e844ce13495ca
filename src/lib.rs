//! Keeps Internet registry data right: the objects of the RIPE Database, declared as files, planned, applied,
//! and proved against the RPKI.
//!
//! # The map
//!
//! The modules stand in the order in which data passes through them, and that is the order of dependency: a
//! module uses only those above it (`tests/layering.rs` holds it). Values are in the middle, I/O at the edges:
//! [`net`], [`rpki`], [`bgp`], [`config`], [`rpsl`], [`irr`], [`target`], [`registered`], [`rules`], [`geofeed`], [`plan`],
//! [`import`], [`begin`](mod@begin), [`letter`] and [`validate`] read no file, open no socket, look at no clock, and neither do
//! [`check`], [`explain`] and [`audit`].
//!
//! ```text
//! ripectl.toml, objects/, templates/ ─▶ estate ─▶ declared ─┐
//!                                                           ├▶ plan: diff ▶ order ▶ guard ▶ preflight ─▶ apply
//! RIPE Database, or sandbox ─▶ registry ─▶ registered ──────┘                              ▲              │
//!                                                                                        rules          report
//! validators, RTR ──▶ rpki ─▶ VRPs ──────────┐
//! estate, routers ──▶ bgp ──▶ announcements ─┼─▶ validate ─▶ findings ───────────────────────────────────▲
//! registry, dumps, IRRd ─▶ irr ─▶ routes ────┘
//! ```
//!
//! # A tour
//!
//! 0. What all else speaks in: an [`outcome`] is an exit status, a [`finding`] what is wrong and where, a [`rule`] what an announcement is asked, and long work goes on in [`parallel`]; text from elsewhere
//!    is made [`visible`] before it is shown, a [`digest`] tells one from another, what is [`packed`] is unpacked, and what other programs
//!    print has one way of [`reading`] it.
//! 1. [`net`] is numbers: AS numbers, prefixes, blocks, reverse zones. [`rpsl`] is text: an object is its text
//!    and the ranges of it that are attributes; what a class may hold is a table in [`rpsl::schema`]. [`irr`] has the route
//!    objects of registries that are not written to, out of their dumps.
//!    [`target`] is what every place that is written to has in common: records, changes of them, and how it proves them.
//! 2. [`registered`] is what is known of a registry, in memory, with the questions that are still open.
//! 3. [`rules::decide`] says what a registry would answer to a request. The sandbox answers with it, `plan`
//!    predicts with it: there is no second set of rules.
//! 4. [`disk`] opens files that nobody vouches for. [`estate`] reads what the user declares, [`user`] what is the user's own and never the repository's: keys, and
//!    registries at other URLs. [`config`] reads the TOML of both. A [`geofeed`] says where the blocks are used. [`import`] writes
//!    files for what is registered, and [`begin`](mod@begin) the first ones of an estate. [`plan::diff`](plan) compares what is
//!    declared with what is registered; the steps are put in order and guarded, and each is decided before it is sent, or waits
//!    for those to whom a [`letter`] goes. [`check`] decides with nothing known but the estate, [`explain`] walks the chain of
//!    who may.
//! 5. [`http`] says where requests may go at all, and [`tcp`] where what is no HTTP is asked. [`registry`] is the only client of a registry, [`sandbox`] the only
//!    server; [`wire`] is the JSON between them.
//! 6. [`apply`] sends the steps and journals each; [`validate`] proves the announcements, and says what a change of ROAs would do to them ([`validate::what_if`]), [`audit`] looks at what is registered as others will,
//!    with what [`dns`] hears from name servers; VRPs come over [`rtr`] too, [`irrd`] asks routing registries and [`birdc`] BIRD;
//!    [`report`] is the only
//!    place that prints; each file of [`commands`] is one command.
//!
//! # Where would I add …
//!
//! * a VRP format? A file in `rpki/formats/` and its row in that folder's table; of announcements, in `bgp/formats/`.
//! * a rule of `validate`? Its variant in [`rule`], where it is found in `validate/verdict.rs`, what is said of it in
//!   `validate/finding/`, and its row in `check/catalogue/own.rs`. One of announcements? The same in
//!   `bgp/formats/`.
//! * a form of output for findings? A file in `report/forms/` and its row in that folder's table; for people, a method
//!   of [`report::Report`].
//! * a rule of the registry? A function and its row, with what it asks for, in a file of `rules/business/`. One of our
//!   own? Where it is found, and its row in `check/catalogue/own.rs`.
//! * a class? Its variant and row in `rpsl/schema/class.rs`, and rows of `attribute.rs` for attributes that are new.
//! * a command? A file in [`commands`] and its row in [`cli`].
//! * a key of `ripectl.toml`? A row of the table that has it, and a `get`, in the file of [`estate`] that reads it; the
//!   reference and the JSON Schema in `docs` are printed of the rows (`tests/reference.rs` says how).
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::string_slice, clippy::print_stderr, clippy::print_stdout)
)]

pub mod outcome;

pub mod digest;

pub mod visible;

pub mod finding;

pub mod rule;

pub mod parallel;

pub mod net;

pub mod packed;

pub mod reading;

pub mod rpki;

pub mod bgp;

pub mod http;

pub mod tcp;

pub mod config;

pub mod user;

pub mod rpsl;

pub mod irr;

pub mod target;

pub mod registered;

pub mod rules;

pub mod disk;

pub mod estate;

pub mod geofeed;

pub mod plan;

pub mod import;

pub mod begin;

pub mod check;

pub mod explain;

pub mod validate;

pub mod audit;

pub mod letter;

pub mod wire;

pub mod registry;

pub mod sandbox;

pub mod apply;

pub mod dns;

pub mod rtr;

pub mod irrd;

pub mod birdc;

pub mod report;

pub mod commands;

pub mod cli;
