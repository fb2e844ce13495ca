//! Validated ROA payloads (VRPs) and route origin validation (RFC 6811).
//!
//! Pure values: somebody else fetches the bytes and looks at the clock. What a validator printed becomes
//! [`Evidence`], or is refused when it is empty, cut off or too old: missing evidence would turn every
//! announcement into "not found", which no gate may take for consent.
//!
//! Not here: cryptographic validation (a validator such as Routinator has done it), the RTR protocol, ASPA.

mod error;
mod evidence;
mod formats;
mod set;
mod validity;
mod vrp;

pub use error::{FieldError, Place, RecordError, VrpError};
pub use evidence::{Evidence, MaxAge, MaxAgeError, check_freshness, read};
pub use set::VrpSet;
pub use validity::{Reason, State, Validity, validate};
pub use vrp::{Vrp, VrpLengthError};
