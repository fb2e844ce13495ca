//! Why VRPs were refused as evidence: what, where, and what to do next.

use jiff::{SignedDuration, Timestamp};

use super::MaxAge;
use crate::reading::ReadError;

/// A source of VRPs that cannot be used as evidence. Each message ends with a line `hint: …`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum VrpError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It does not say when it was made.
    #[error(
        "`{name}` does not say when it was generated, so nobody knows whether it still holds (max-age = \"{max_age}\")\n\
         hint: use a format that does (Routinator `json`, rpki-client `json`), or fetch it from the validator's URL; for a fixture set max-age = \"never\", or give `--max-age never`"
    )]
    Undated {
        /// The file or URL.
        name: String,
        /// What is allowed.
        max_age: MaxAge,
    },
    /// It is older than allowed.
    #[error(
        "`{name}` was generated at {generated}, {} ago; max-age is \"{max_age}\"\n\
         hint: run the validator again and fetch its output; for a fixture set max-age = \"never\", or give `--max-age never`", rounded(*age)
    )]
    Stale {
        /// The file or URL.
        name: String,
        /// Its own time.
        generated: Timestamp,
        /// How long ago that is.
        age: SignedDuration,
        /// What is allowed.
        max_age: MaxAge,
    },
    /// It says itself that it holds no longer.
    #[error(
        "`{name}` says itself that it is valid until {until}, and that was {} ago\n\
         hint: run the validator again and fetch its output", rounded(*ago)
    )]
    Outlived {
        /// The file or URL.
        name: String,
        /// Until when it held.
        until: Timestamp,
        /// How long ago that is.
        ago: SignedDuration,
    },
    /// It claims to be from the future.
    #[error(
        "`{name}` claims to be generated at {generated}, {} from now\n\
         hint: compare the clock of this machine with that of the validator", rounded(*ahead)
    )]
    Future {
        /// The file or URL.
        name: String,
        /// Its own time.
        generated: Timestamp,
        /// How far ahead that is.
        ahead: SignedDuration,
    },
    /// All its VRPs have expired.
    #[error(
        "every VRP of `{name}` has expired, {count} in all\n\
         hint: run the validator again; for a fixture use Routinator's `json`, which sets no expiry"
    )]
    Expired {
        /// The file or URL.
        name: String,
        /// How many there were.
        count: usize,
    },
    /// Some of its VRPs have expired, and that was to be refused.
    #[error(
        "{count} of the {all} VRPs of `{name}` have expired, the first of them {first}\n\
         hint: run the validator again; `--expired leave-out` goes on without them"
    )]
    SomeExpired {
        /// The file or URL.
        name: String,
        /// How many have.
        count: usize,
        /// Of how many.
        all: usize,
        /// The first of them.
        first: String,
    },
    /// A filter of SLURM took every VRP away.
    #[error(
        "nothing is left of the VRPs of `{name}` when the filters of `{slurm}` are applied\n\
         hint: RFC 8416 §3.3: a filter takes away all that is inside its prefix, and all of its AS"
    )]
    FilteredAway {
        /// The file or URL.
        name: String,
        /// The SLURM file.
        slurm: String,
    },
    /// A trust anchor is missing that was asked for.
    #[error(
        "`{name}` has no VRP of the trust anchor {}; it has {}\n\
         hint: look at the validator's log: a TAL that is missing or cannot be fetched makes everything of that registry look unprotected",
        list(missing), if found.is_empty() { "none that is named".to_owned() } else { list(found) }
    )]
    AnchorMissing {
        /// The file or URL.
        name: String,
        /// Those that are missing.
        missing: Vec<String>,
        /// Those that are there.
        found: Vec<String>,
    },
    /// There is no VRP of the trust anchor of a registry whose space is announced.
    #[error(
        "`{name}` holds VRPs of {}, but not a single one of the trust anchor {anchor}, under which {prefix} lies{}: whether a ROA covers it is not known\n\
         hint: look at the validator's log for the TAL of {anchor}; it failed, or was left out",
        list(found), more(*others)
    )]
    AnchorOfSpaceMissing {
        /// The file or URL.
        name: String,
        /// The registry, as validators call its anchor.
        anchor: &'static str,
        /// What is announced of it.
        prefix: String,
        /// How many more announcements lie there.
        others: usize,
        /// The anchors that there are.
        found: Vec<String>,
    },
}

impl VrpError {
    /// The same error without a word of what was read: for what came from a URL, a
    /// link or a pipe, which may be anything.
    #[must_use]
    pub fn unquoted(self) -> VrpError {
        match self {
            VrpError::Read(error) => VrpError::Read(error.unquoted()),
            other => other,
        }
    }
}

fn list(names: &[String]) -> String {
    let shown: Vec<String> =
        names.iter().take(8).map(|name| crate::visible::line(name).into_owned()).collect();
    let rest = names.len().saturating_sub(shown.len());
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn more(others: usize) -> String {
    if others == 0 { String::new() } else { format!(" and {others} more of what is announced") }
}

/// The duration without what is less than a minute, unless there is nothing else.
fn rounded(duration: SignedDuration) -> String {
    let minutes = SignedDuration::from_mins(duration.as_mins());
    if minutes.is_zero() {
        format!("{:#}", SignedDuration::from_secs(duration.as_secs()))
    } else {
        format!("{minutes:#}")
    }
}
