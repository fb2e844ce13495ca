//! With what a plan was made: a saved plan is done with the same, or not at all.

use serde::{Deserialize, Serialize};

use super::{Allowed, PlanOptions};

/// With what a plan was made.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Made {
    /// The version of ripectl: another one may plan otherwise.
    pub ripectl: String,
    /// The digest of `ripectl.toml` and of what it names, which tells estates apart wherever they are checked out.
    pub estate: String,
    /// What was meant (`--only`).
    pub only: Vec<String>,
    /// What was allowed (`--allow-*`).
    pub allowed: Allowed,
}

impl Made {
    /// That of a plan with these options, from an estate with this digest.
    pub fn with(options: &PlanOptions, estate: &str) -> Made {
        Made {
            ripectl: env!("CARGO_PKG_VERSION").to_owned(),
            estate: estate.to_owned(),
            only: options.only.iter().map(ToString::to_string).collect(),
            allowed: options.allowed.clone(),
        }
    }
}
