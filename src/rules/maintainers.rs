//! The maintainers of the RIPE NCC, which the rules treat apart (the server's `Maintainers`, rules.md §5).

/// Those of end users' resources.
pub const END_USER: &[&str] = &["RIPE-NCC-END-MNT"];
/// Those of legacy resources.
pub const LEGACY: &[&str] = &["RIPE-NCC-LEGACY-MNT"];
/// Those of allocations.
pub const ALLOCATION: &[&str] = &["RIPE-NCC-HM-MNT"];
/// Those of ENUM domains.
pub const ENUM: &[&str] = &["RIPE-GII-MNT", "RIPE-NCC-MNT"];
/// Those of the database itself.
pub const DATABASE: &[&str] = &[
    "RIPE-DBM-MNT",
    "RIPE-NCC-LOCKED-MNT",
    "RIPE-DBM-STARTUP-MNT",
    "RIPE-DBM-UNREFERENCED-CLEANUP-MNT",
    "RIPE-ERX-MNT",
    "RIPE-NCC-RPSL-MNT",
];
/// Those that stand for the registration services: end users', legacy and allocations.
pub const REGISTRY: &[&str] = &["RIPE-NCC-END-MNT", "RIPE-NCC-LEGACY-MNT", "RIPE-NCC-HM-MNT"];

/// Whether `name` is one of `group`.
pub fn is_one_of(group: &[&str], name: &str) -> bool {
    group.iter().any(|each| each.eq_ignore_ascii_case(name))
}

/// Whether one of `names` is of `group`.
pub fn any_of(group: &[&str], names: &[String]) -> bool {
    names.iter().any(|name| is_one_of(group, name))
}

/// Whether one of `names` stands for the registration services.
pub fn any_of_registry(names: &[String]) -> bool {
    any_of(REGISTRY, names)
}
