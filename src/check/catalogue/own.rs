//! ripectl's own rules.

/// Name, module, what it asks for.
pub type Row = (&'static str, &'static str, &'static str);

/// About the files of an estate.
#[rustfmt::skip]
pub const FILES: &[Row] = &[
    ("aggregation", "check", "a hundred assignments of one size that say the same could be one object with the status AGGREGATED-BY-LIR"),
    ("allocation-overlap", "split", "an allocation that `split --write` adds overlaps none that is declared"),
    ("answer", "init", "what the first files are made of is given, and has the form of the attribute that it becomes"),
    ("block", "estate", "a block lies inside its allocation, overlaps no other, and has an index or prefix of its own"),
    ("config-key", "estate", "`ripectl.toml` and the user's own configuration have only keys that ripectl knows"),
    ("config-value", "estate", "a value in `ripectl.toml` or the user's own configuration has the form that its key asks for"),
    ("credential", "user", "a key goes only to the host and port that the user's own configuration binds it to"),
    ("continuation", "estate", "an indented line does not begin as an attribute of the class"),
    ("duplicate-key", "estate", "an object is declared once, and not declared absent too"),
    ("exclusive", "estate", "`exclusive` and `reclaim` lie in an allocation, or in a block that is declared or expected"),
    ("expect", "estate", "what others must hold does not contradict what is declared"),
    ("file", "estate", "every file can be read: a regular file below the folder of `ripectl.toml`, no link, and not beyond all bounds"),
    ("file-name", "estate", "what is below `objects/` and `templates/` has a name that ends in `.rpsl`, so that nothing declared is passed over"),
    ("format", "rpsl", "a file of `objects/` is as the registry prints it (`fmt --check`)"),
    ("geofeed", "geofeed", "what blocks say of where they are can stand in a geofeed (RFC 8805): a country, a region of it, a city"),
    ("geofeed-attribute", "estate", "objects of ours point to the geofeed where `[geofeed]` says that it is (RFC 9632)"),
    ("host-bits", "estate", "a prefix has no host bits: with them it would be another one"),
    ("include", "estate", "each file that `include` names is read, and each of its patterns names one"),
    ("maintainers", "estate", "`[manage] maintainers` names whose objects are ours: registered, and in the `mnt-by` of declared objects"),
    ("not-yet", "estate", "no part of the format that this version does not know yet is used"),
    ("origin", "estate", "the `origin` of a route is no number that stands for others: AS_TRANS (RFC 6793)"),
    ("registry", "estate", "the registry of the run exists and is reached at an address that may be used"),
    ("rows", "estate", "each row of a table that `rows` names is a block, with a name of its own"),
    ("rpsl-structure", "rpsl", "a file of `objects/` is RPSL: attributes, continuation lines, comments, blank lines"),
    ("shared", "estate", "an object that `[[shared]]` names is shared once, and declares no attribute that is another's to say"),
    ("shared-undeclared", "estate", "what `[[shared]]` names is declared"),
    ("short-address", "estate", "a block is written with its length, and all octets of its ends"),
    ("site", "estate", "a site names an upstream that there is"),
    ("source", "estate", "an object is of a registry that ripectl keeps: RIPE, TEST, or one of `[registry]`"),
    ("taken", "import", "files that are written for the first time stand in the place of none"),
    ("template", "estate", "a template renders to one object of its class, with a value for each variable"),
    ("toml-syntax", "estate", "`ripectl.toml` and the user's own configuration are TOML"),
    ("unused", "estate", "each variable, template, site and upstream is used"),
    ("user-config", "user", "the user's own configuration can be read, and be written by nobody else"),
    ("utf-8", "estate", "every file is UTF-8"),
];

/// About what is going to be written.
#[rustfmt::skip]
pub const PLAN: &[Row] = &[
    ("absent", "plan", "what `absent` names is ours to delete, and neither protected nor expected"),
    ("asn-request", "letter", "all that an AS number is asked for with is there: an organisation, its contact and maintainers, two peers"),
    ("blind-deletion", "plan", "a deletion carries the whole object, so that it takes nobody's change along"),
    ("cannot-undo", "undo", "what a run did can be taken back: it may be made again, nothing protects it, and the registry lets it be"),
    ("contacts", "plan", "no more contacts of others are read than `[manage] limits` allow"),
    ("cut-off", "plan", "an apply came to its end: no key is half written, and every answer was seen"),
    ("expect-unmet", "plan", "others hold what `[[expect]]` says"),
    ("first-pair", "plan", "a maintainer and a person that name each other are made in one request"),
    ("key-expires", "user", "a key is good for longer than two weeks, as far as the registry has said"),
    ("limit", "plan", "no more objects are deleted or changed than `[manage] limits` or a share of what is managed allow, or exactly what `--allow-deletes` and its like say; what can never come back goes only by number"),
    ("lockout", "plan", "a change leaves us able to change the object again"),
    ("lossy", "plan", "no character is lost: the registry can store each that is going to be written"),
    ("masked", "resume", "what is left of a run has no password in its `auth`, which no journal keeps"),
    ("moved", "apply", "what was planned still stands right before it is changed"),
    ("not-ours", "plan", "what others maintain is not changed"),
    ("not-shown", "plan", "an object is compared only if the registry shows all of it"),
    ("one-cause", "plan", "no cause refuses several steps: an allocation that is not registered, a wrong key"),
    ("only", "plan", "each `--only` names objects, a block or a customer that there are"),
    ("order-cycle", "plan", "objects that name each other cannot be made in one go"),
    ("orphans", "plan", "nothing stays below a block that goes"),
    ("parent-status", "plan", "a block of a template has room below the registered block above it"),
    ("other-source", "plan", "an AS number or route that is declared lies in the registry's region: it keeps others in `RIPE-NONAUTH`"),
    ("placeholder", "plan", "the key that is chosen for `AUTO-n` can be written into the files, where it stood"),
    ("planned", "plan", "the registry says what the files say: `apply` has nothing to write"),
    ("protect", "plan", "an object that `protect` names is declared, or registered as ours"),
    ("reclaim", "plan", "what `reclaim` names is others', in our space, and the registry lets us delete it"),
    ("same-name", "plan", "what is new and gets a key of its own is not named as one of ours is already"),
    ("shared-awaited", "plan", "an object that is edited together with others is registered: they make it"),
    ("still-announced", "plan", "a route object does not go while its prefix is announced"),
    ("unfinished", "plan", "the last apply did all that it was to do"),
    ("unstorable", "plan", "a change is more than letter case and white space, which the registry would not store"),
];

/// About what the RIPE NCC's assisted registry check looks at (`audit --arc`).
#[rustfmt::skip]
pub const AUDIT: &[Row] = &[
    ("arc-abuse-contact", "audit", "an organisation has an `abuse-c`, and the role that it names an `abuse-mailbox`: reports of abuse reach somebody"),
    ("arc-contact-data", "audit", "organisations, roles and persons have an address, an e-mail address and a phone number, and none only to fill the line: the RIPE NCC and others must be able to reach them"),
    ("arc-delegated", "audit", "the RIPE NCC has delegated each resource that is registered as ours, or in which our allocation lies"),
    ("arc-holder", "audit", "a resource has an `org`: without it nobody is its holder"),
    ("arc-holders", "audit", "the RIPE NCC has delegated our resources to one holder: several are right only for sponsored ones and those of customers"),
    ("arc-overlap", "audit", "an assignment lies in another only if the status of that one lets it: else two say who uses the same addresses"),
    ("arc-reference", "audit", "what a registered object or an assignment names is registered"),
    ("arc-unassigned", "audit", "space with a route object or a reverse zone of its own is assigned: else nobody is said to use it"),
    ("arc-unknown-resource", "audit", "the files know each resource that the RIPE NCC has delegated to the same holder"),
    ("dns-dead", "audit", "each name server of a reverse zone has an address and answers there"),
    ("dns-edns", "audit", "a name server answers with EDNS (RFC 6891): without it answers are cut at 512 bytes"),
    ("dns-lame", "audit", "a name server answers for the zone with authority (AA), and has its SOA record (RFC 1912 §2.8)"),
    ("dns-serial", "audit", "all servers of a zone have the same version of it"),
    ("dns-servers", "audit", "the NS records of a zone, at each of its servers, are those of `nserver`"),
    ("dns-signer", "audit", "each `ds-rdata` means a key that the zone has: else who validates gets no answer"),
    ("dns-tcp", "audit", "a name server answers over TCP (RFC 7766)"),
    ("dns-udp", "audit", "a name server answers over UDP"),
];

/// About what is announced.
#[rustfmt::skip]
pub const ANNOUNCEMENTS: &[Row] = &[
    ("irr-covering-only", "validate", "the route object is for the announced prefix, not for a covering one"),
    ("irr-missing", "validate", "there is a route object for each announcement"),
    ("irr-origin-mismatch", "validate", "the route object names the AS that announces the prefix"),
    ("rpki-invalid-length", "validate", "the ROA allows the length of the announced prefix (RFC 6811)"),
    ("rpki-invalid-origin", "validate", "the ROA names the AS that announces the prefix (RFC 6811)"),
    ("rpki-not-found", "validate", "a ROA covers the announced prefix (RFC 6811)"),
    ("upstream-irr", "validate", "a registry that the upstream asks for has a route object, and it was looked at"),
    ("upstream-length", "validate", "the announced prefix is no longer than its upstream carries"),
];
