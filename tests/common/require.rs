//! Components of other people that a test needs, and that a machine may not have.

/// Says that this is not here and what is passed over for want of it. Fails where `RIPECTL_REQUIRE` (`bird,krill,…`)
/// names it: `.ci/run` names there what it has installed.
pub fn is_missing(component: &str) {
    let demanded = std::env::var("RIPECTL_REQUIRE").unwrap_or_default();
    assert!(!demanded.split(',').any(|name| name == component), "{component} is not here, and is demanded");
    println!("skipped: {component} is not here, nor what needs it");
}
