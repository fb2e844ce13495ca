//! What other programs print, as bytes: unpacked, recognised by content, and refused with its place where it is not
//! what it should be.
//!
//! VRPs, announcements and route objects come in a score of formats. What goes wrong on the way from bytes to records is
//! the same for all of them, and so are the words for it; [`Kind`] has what differs.

mod error;
mod kind;
mod records;
mod text;

pub use error::{Problem, ReadError};
pub use kind::{ANNOUNCEMENTS, Kind, ROUTES, VRPS};
pub use records::{Place, RecordError, Refused};
pub use text::{text, unpacked, unrecognised};
