//! From arguments to an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    ripectl::cli::main().into()
}
