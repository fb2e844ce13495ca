//! Validated ROA payloads (VRPs) and route origin validation (RFC 6811).
//!
//! Pure values: somebody else fetches the bytes and looks at the clock. What a validator printed becomes
//! [`Evidence`], or is refused when it is empty, cut off or too old: missing evidence would turn every
//! announcement into "not found", which no gate may take for consent.
//!
//! Not here: cryptographic validation (a validator such as Routinator has done it), ASPA.

mod anchors;
mod change;
mod error;
mod evidence;
mod formats;
mod set;
mod slurm;
mod validity;
mod vrp;

pub use anchors::{Rir, rir_of};
pub use change::{Change, ChangeError, NotThere};
pub use error::VrpError;
pub use evidence::{Demands, Evidence, Expired, MaxAge, MaxAgeError, check_freshness, read};
pub use set::{Payloads, VrpSet};
pub use slurm::Slurm;
pub use validity::{Reason, State, Validator, Validity, validate};
pub use vrp::{Vrp, VrpLengthError, VrpTextError};

#[cfg(test)]
pub(crate) use validity::tests::{some_prefix, some_vrp, vrps};
