//! Components of other people that a test needs, and that a machine may not have.

use std::{io::Write, path::PathBuf};

/// Says that this is not here and what is passed over for want of it. Fails where `RIPECTL_REQUIRE` (`bird,krill,…`)
/// names it: `.ci/run` names there what it has installed.
pub fn is_missing(component: &str) {
    let demanded = std::env::var("RIPECTL_REQUIRE").unwrap_or_default();
    assert!(!demanded.split(',').any(|name| name == component), "{component} is not here, and is demanded");
    skipped(&format!("{component} is not here"));
}

/// Says that this was passed over, also where the test passes: the harness keeps back what is printed.
pub fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}

/// The folder that `.ci/components.sh` fills.
#[allow(dead_code, reason = "each test uses some")]
pub fn components() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    std::env::var_os("RIPECTL_COMPONENTS")
        .map_or_else(|| home().join(".cache/ripectl-components"), PathBuf::from)
}
