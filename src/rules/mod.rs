//! The rules by which the registry changes, accepts or refuses what is submitted.

pub mod characters;
