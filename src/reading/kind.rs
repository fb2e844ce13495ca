//! What is looked for in a text, in words for messages.

/// One kind of records that other programs print.
#[derive(Debug, Eq, PartialEq)]
pub struct Kind {
    /// What its records are: `VRPs`.
    pub records: &'static str,
    /// What prints them: `validator`.
    pub printer: &'static str,
    /// The option that takes a file of them: `--vrps`.
    pub option: &'static str,
    /// What to look at when there is not a single record.
    pub empty: &'static str,
}

/// Validated ROA payloads.
pub static VRPS: Kind = Kind {
    records: "VRPs",
    printer: "validator",
    option: "--vrps",
    empty: "look at the validator's log; without a valid trust anchor it prints an empty set and exits with 0",
};

/// What routers announce.
pub static ANNOUNCEMENTS: Kind = Kind {
    records: "announcements",
    printer: "router",
    option: "--announcements",
    empty: "look whether the session is up, and whether the command asked for this neighbour and this address family",
};

/// Route and route6 objects.
pub static ROUTES: Kind = Kind {
    records: "route objects",
    printer: "routing registry",
    option: "--irr",
    empty: "look whether this is the dump of routes, `ripe.db.route6.gz` or the like, and whether it came down whole",
};
