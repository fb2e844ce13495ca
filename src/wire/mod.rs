//! The REST API's JSON, XML and text, to and from objects and messages: shared by client and sandbox.
mod body;
pub mod charset;
mod json;
mod mask;
mod model;
pub mod render;
mod reply;
mod report;
pub mod request;
pub mod text;
pub mod xml;

pub use body::{request_body, request_body_of};
pub use mask::{excerpt, mask, masked_object};
pub use model::{
    ErrorMessages, Link, Objects, Reference, Resources, SourceId, WireArg, WireAttribute, WireAttributes,
    WireMessage, WireObject,
};
pub use reply::{Reply, Unreadable};
pub use report::Report;
