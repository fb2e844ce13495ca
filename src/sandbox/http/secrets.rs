//! Passwords in the query of a request, which no answer repeats.

/// The query without passwords: they are left out, but where one is of the registry's staff all are only covered (the
/// server's `RestServiceHelper.filter`).
pub fn without_secrets(query: &str) -> String {
    let covers = query.contains("override");
    let shown = |pair: &str| match pair.split_once('=').unwrap_or((pair, "")) {
        ("override", secret) => Some(format!("override={}", covered(secret))),
        ("password", _) if covers => Some("password=FILTERED".to_owned()),
        ("password", _) => None,
        _ => Some(pair.to_owned()),
    };
    query.split('&').filter_map(shown).collect::<Vec<_>>().join("&")
}

/// What may be shown of a password of the registry's staff: the name before it, and the remark behind it.
fn covered(secret: &str) -> String {
    let secret = secret.replace("%2C", ",");
    match secret.split(',').collect::<Vec<_>>().as_slice() {
        [name, _] => format!("{name},FILTERED"),
        [name, _, remark] => format!("{name},FILTERED,{remark}"),
        _ => "FILTERED".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn no_password_is_repeated() {
        let check = |query: &str, expected: &str| assert_eq!(without_secrets(query), expected);
        check("a=b&password=x&c", "a=b&c");
        check("password=x&override=x&a", "password=FILTERED&override=FILTERED&a");
        check("override=me,secret,why", "override=me,FILTERED,why");
        check("override=me%2Csecret", "override=me,FILTERED");
        check("override", "override=FILTERED");
    }
}
