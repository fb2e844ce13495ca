//! Commands that are promised and not there yet, and what does their work today.

/// Name, and what can be done today.
#[rustfmt::skip]
const LATER: &[(&str, &str)] = &[
    ("bgp", "`ripectl validate` proves what is announced; the routers are configured by hand"),
    ("drift", "`ripectl plan --exit-code` ends with 1 where the registry and the files differ"),
    ("upstream", "what an upstream asks for stands in `[upstreams]`, and `ripectl validate` holds the announcements against it"),
];

/// What is said of a command that is not there yet; `None` of one that nobody promised.
pub fn later(name: &str) -> Option<String> {
    let (name, today) = LATER.iter().find(|(later, _)| *later == name)?;
    Some(format!("`ripectl {name}` is not there yet\nhint: today: {today}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_promised_says_what_can_be_done_today() {
        let said = later("bgp").unwrap();
        let expected = "`ripectl bgp` is not there yet\n\
                        hint: today: `ripectl validate` proves what is announced; the routers are configured by hand";
        assert_eq!(said, expected);
        assert_eq!(later("plam"), None);
    }
}
