//! The REST API's JSON and text, to and from objects and messages: shared by client and sandbox.
mod model;

pub use model::{
    ErrorMessages, Link, Objects, Resources, SourceId, WireArg, WireAttribute, WireAttributes, WireMessage,
    WireObject,
};
