use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn shared(path: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let told = std::env::var_os("RIPECTL_SHARED").map(PathBuf::from);
    let file =
        [Some(beside), told].into_iter().flatten().map(|root| root.join(path)).find(|file| file.exists());
    if file.is_none() {
        println!("skipped: no {path} beside the repository or in RIPECTL_SHARED");
    }
    file
}

const GRAMMARS: [(&str, Grammar); 21] = [
    ("import", Grammar::Import),
    ("export", Grammar::Export),
    ("default", Grammar::Default),
    ("mp-import", Grammar::MpImport),
    ("mp-export", Grammar::MpExport),
    ("mp-default", Grammar::MpDefault),
    ("import-via", Grammar::ImportVia),
    ("export-via", Grammar::ExportVia),
    ("filter", Grammar::Filter),
    ("mp-filter", Grammar::MpFilter),
    ("peering", Grammar::Peering),
    ("mp-peering", Grammar::MpPeering),
    ("aggr-bndry", Grammar::AggrBndry),
    ("aggr-mtd", Grammar::AggrMtd),
    ("components", Grammar::Components(Family::V4)),
    ("export-comps", Grammar::ExportComps(Family::V4)),
    ("inject", Grammar::Inject(Family::V4)),
    ("ifaddr", Grammar::Ifaddr),
    ("interface", Grammar::Interface),
    ("peer", Grammar::Peer),
    ("mp-peer", Grammar::MpPeer),
];

fn grammar(syntax: &str, class: &str) -> Option<Grammar> {
    let (_, grammar) = GRAMMARS.into_iter().find(|(name, _)| *name == syntax)?;
    Some(match (grammar, class) {
        (Grammar::Components(_), "route6") => Grammar::Components(Family::V6),
        (Grammar::ExportComps(_), "route6") => Grammar::ExportComps(Family::V6),
        (Grammar::Inject(_), "route6") => Grammar::Inject(Family::V6),
        (other, _) => other,
    })
}

#[test]
fn judges_as_the_database_does() {
    let (Some(schema), Some(vectors)) =
        (shared("registry/schema.json"), shared("registry/vectors/syntax.json"))
    else {
        return;
    };
    let read = |path| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let (schema, vectors) = (read(schema), read(vectors));
    let mut judged = 0;
    for vector in vectors.as_array().unwrap() {
        let text = |key: &str| vector[key].as_str().unwrap();
        let syntax = schema["attributes"][text("attribute")]["syntax"].as_str().unwrap_or_default();
        let Some(grammar) = grammar(syntax, text("type")) else { continue };
        let verdict = check(grammar, text("value"));
        assert_eq!(verdict.is_ok(), vector["valid"].as_bool().unwrap(), "{vector}: {verdict:?}");
        judged += 1;
    }
    assert!(judged > 200, "only {judged} vectors");
}

/// `expected` is `ok` or the refusal as the user reads it, with its offset.
fn judge(grammar: Grammar, value: &str, expected: &str) {
    let verdict = match check(grammar, value) {
        Ok(()) => String::from("ok"),
        Err(error) => format!("{}: {error}", error.offset),
    };
    assert_eq!(verdict, expected, "{grammar:?}: {value}");
}

#[test]
fn a_refusal_says_where_and_what_was_expected() {
    judge(Grammar::Import, "fron AS1 accept ANY", "0: expected `protocol`, `into` or `from`, found `fron`");
    judge(Grammar::Import, "from AS1 accept", "15: expected a filter, found the end");
    judge(
        Grammar::Import,
        "from AS4294967296 accept ANY",
        "5: expected a set name `prng-…`, `(`, an AS number or a set name `as-…`, found `AS4294967296`",
    );
    judge(
        Grammar::Filter,
        "{10.0.0.0/33}",
        "1: expected a prefix of length 0 to 32, with a range within it, found `10.0.0.0/33`",
    );
    judge(Grammar::Filter, "{2001:db8::/32}", "1: expected `}` or an IPv4 prefix, found `2001:db8::/32`");
    judge(
        Grammar::Filter,
        "<[AS9-AS2]>",
        "2: expected a range with the smaller AS number first, found `AS9-AS2`",
    );
    judge(
        Grammar::MpDefault,
        "to AS1 action pref=65536;",
        "19: expected a number of 0 to 65535, found `65536`",
    );
    judge(Grammar::AggrMtd, "inbound AS1", "8: expected the end, found `AS1`");
}

#[test]
fn structured_policies_nest_by_refine_and_except() {
    judge(
        Grammar::Import,
        "{ from AS-ANY action pref = 1; accept community(3560:10); from AS1 accept AS1; } refine { from AS1 accept AS1; }",
        "ok",
    );
    judge(
        Grammar::MpImport,
        "afi any.unicast from AS1 accept ANY; except afi ipv6 from AS2 accept AS3;",
        "ok",
    );
    judge(
        Grammar::Import,
        "from AS1 accept ANY except from AS2 accept AS3;",
        "20: expected `and`, `or`, a filter, `;` or the end, found `except`",
    );
    judge(
        Grammar::Import,
        "afi ipv4 from AS1 accept ANY",
        "0: expected `protocol`, `into` or `from`, found `afi`",
    );
}

#[test]
fn a_word_is_a_router_name_where_it_is_no_keyword() {
    judge(Grammar::Import, "from AS1 to.example.net accept ANY", "ok");
    judge(
        Grammar::Export,
        "to AS1 to.example.net announce ANY",
        "9: expected a set name `prng-…`, `(`, an AS number or a set name `as-…`, found `.`",
    );
    judge(Grammar::Peering, "AS1 (r1.example.net or 192.0.2.1) except r2.example.net at 192.0.2.2", "ok");
    judge(Grammar::Peering, "(AS1 or AS-FOO:AS2) and as3 at rtrs-foo", "ok");
}

#[test]
fn set_names_are_of_one_kind_and_name_a_set() {
    judge(Grammar::Filter, "AS1:RS-A:PeerAS^24-32 OR fltr-b:AS1", "ok");
    judge(Grammar::Filter, "AS1:RS-A:AS-B", "8: expected `^`, `and`, `or`, a filter or the end, found `:`");
    judge(Grammar::Filter, "AS1:AS2", "3: expected `^`, `and`, `or`, a filter or the end, found `:`");
    judge(Grammar::Filter, "AS-A_", "4: expected `^`, `and`, `or`, a filter or the end, found `_`");
}

#[test]
fn as_paths_repeat_hops_and_sets_of_hops() {
    judge(Grammar::Filter, "<^PeerAS+ (AS1|AS-FOO)* [^AS3 AS64512-AS65534 .]~* .? $>", "ok");
    judge(Grammar::Filter, "<AS1{2,3}>", "4: expected `*`, `?`, `+`, `~`, `|`, a hop or `>`, found `{`");
    judge(Grammar::Filter, "<>", "1: expected a hop, found `>`");
}

#[test]
fn aggregates_are_of_the_family_of_their_route() {
    let (v4, v6) = (Family::V4, Family::V6);
    judge(Grammar::Components(v4), "ATOMIC {192.0.2.0/24^+} protocol OSPF <^AS1> protocol STATIC ANY", "ok");
    judge(
        Grammar::Components(v6),
        "{192.0.2.0/24}",
        "1: expected `}` or an IPv6 prefix, found `192.0.2.0/24`",
    );
    judge(
        Grammar::Inject(v6),
        "at 192.0.2.1 action next_hop = 2001:db8::1; upon HAVE-COMPONENTS {2001:db8::/32} and (static or exclude {})",
        "ok",
    );
    judge(
        Grammar::Inject(v4),
        "upon HAVE-COMPONENTS {2001:db8::/32}",
        "22: expected `}` or an IPv4 prefix, found `2001:db8::/32`",
    );
}

#[test]
fn routers_have_interfaces_tunnels_and_peers() {
    judge(Grammar::Interface, "2001:db8::1 masklen 64 action med = igp_cost; tunnel 2001:db8::2, GRE", "ok");
    judge(
        Grammar::Interface,
        "192.0.2.1 masklen 32 action next_hop = 2001:db8::1;",
        "39: expected `self` or an IPv4 address, found `2001:db8::1`",
    );
    judge(Grammar::Peer, "BGP4 r1.example.net flap_damp(1,2,3,4,5,6), asno(PeerAS)", "ok");
    judge(Grammar::Peer, "OSPF 192.0.2.1", "ok");
    judge(Grammar::Peer, "BGP4 192.0.2.1", "14: expected `flap_damp` or `asno`, found the end");
}

#[test]
fn deep_nesting_is_refused() {
    let nested = |depth: usize| format!("{}ANY{}", "(".repeat(depth), ")".repeat(depth));
    judge(Grammar::Filter, &nested(200), "ok");
    judge(
        Grammar::Filter,
        &nested(100_000),
        "201: expected at most 200 parentheses within one another, found `(`",
    );
}

proptest! {
    #[test]
    fn no_text_panics(value in any::<String>(), which in 0..GRAMMARS.len()) {
        let _ = check(GRAMMARS[which].1, &value);
    }

    #[test]
    fn no_mixture_of_tokens_panics(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "from", "to", "AS1", "AS-A:", ":PeerAS", "accept", "{", "}", "(", "<", ">", "^", "^24-", "1.2.3.4", "/8",
                "::", "2001:db8::", "not", "and", "action", "pref=", "65536", "afi", "any", ".", ";", ",", "community", "é",
            ]),
            0..40,
        ),
        which in 0..GRAMMARS.len(),
    ) {
        let value = parts.concat();
        if let Err(error) = check(GRAMMARS[which].1, &value) {
            prop_assert!(value.get(error.offset..).is_some_and(|rest| rest.starts_with(&error.found)));
        }
    }
}
