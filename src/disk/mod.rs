//! Files and folders that nobody vouches for: a pull request may have brought them.
//!
//! [`Tree`] reads and writes below a root and never leaves it, [`named`] does it for what the user named on the
//! command line, [`StateDir`] keeps what the program keeps. One rule holds for all: a thing is opened first and
//! looked at afterwards, through the handle, so that it cannot become another in between; only regular files are
//! read (and, if the user names one, a pipe), up to a limit; and no link of a repository is followed.

#[cfg(not(unix))]
compile_error!("ripectl opens files relative to open folders, as POSIX has it; see src/disk");

mod directory;
pub mod named;
mod refusal;
mod state_dir;
mod tree;

pub use directory::{Directory, Entry, Kind};
pub use refusal::{FileError, Refusal};
pub use state_dir::{StateDir, StateDirError};
pub use tree::Tree;

/// The largest `ripectl.toml`, settings, accounts: far beyond what anyone writes by hand.
pub const CONFIG_LIMIT: u64 = 4 << 20;
/// The largest file of RPSL: a hundred thousand objects.
pub const RPSL_LIMIT: u64 = 64 << 20;
/// The largest saved plan, and the largest dump of a registry.
pub const DUMP_LIMIT: u64 = 512 << 20;
/// The largest file of VRPs: a validator's JSON of all that there are has about 60 MB.
pub const VRP_LIMIT: u64 = 512 << 20;
