//! Values that must be of a list: source, country, language, kinds of contact.

use super::{
    super::{Case, Message, Rule, WRITE},
    codes,
};
use crate::{
    registered::Known,
    rpsl::{Attribute, Class, Name},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "contact-kind",
        source: "common.ContactValidator",
        says: "`contact` is of a kind that the registry knows",
        classes: &[],
        kinds: WRITE,
        check: contact_kinds,
        remedy: "the registry knows links to Signal, WhatsApp and Telegram, and `sip:` addresses",
    },
    Rule {
        name: "country-known",
        source: "common.CountryValidator",
        says: "`country` is a code of ISO 3166 or `EU`",
        classes: &[],
        kinds: WRITE,
        check: countries,
        remedy: "write a country code of ISO 3166 such as `NL`, or `EU`",
    },
    Rule {
        name: "language-known",
        source: "common.LanguageValidator",
        says: "`language` is a code of ISO 639-1",
        classes: &[],
        kinds: WRITE,
        check: languages,
        remedy: "write a language code of ISO 639-1 such as `en`",
    },
    Rule {
        name: "source-comment",
        source: "common.SourceCommentValidator",
        says: "`source` has no comment",
        classes: &[],
        kinds: WRITE,
        check: source_comment,
        remedy: "put the comment into a `remarks:` line",
    },
    Rule {
        name: "source-known",
        source: "common.SourceValidator",
        says: "`source` is the registry's",
        classes: &[],
        kinds: WRITE,
        check: sources,
        remedy: "write the source of this registry",
    },
];

fn is_listed(list: &[&str], value: &str) -> bool {
    list.iter().any(|code| code.eq_ignore_ascii_case(value))
}

fn countries(case: &Case) -> Known<Vec<Message>> {
    let unknown = case.after.all(Name::Country).filter(|a| !is_listed(codes::COUNTRIES, &a.value()));
    Ok(unknown.map(|a| Message::error("Country not recognised: %s").arg(a.value()).on(a)).collect())
}

fn languages(case: &Case) -> Known<Vec<Message>> {
    let unknown =
        case.after.values(Name::Language).into_iter().filter(|value| !is_listed(codes::LANGUAGES, value));
    Ok(unknown.map(|value| Message::error("Language not recognised: %s").arg(value)).collect())
}

fn source_comment(case: &Case) -> Known<Vec<Message>> {
    let commented = case.after.all(Name::Source).next().is_some_and(|source| source.raw.contains('#'));
    let text = "End of line comments not allowed on \"source:\" attribute";
    Ok(commented.then(|| Message::error(text)).into_iter().collect())
}

fn sources(case: &Case) -> Known<Vec<Message>> {
    let Some(source) = case.after.value(Name::Source) else { return Ok(Vec::new()) };
    let is_twin = source.eq_ignore_ascii_case(&case.settings.nonauth());
    if !is_twin && !source.eq_ignore_ascii_case(&case.settings.source) {
        let message = Message::error("Unrecognized source: %s").arg(source.to_ascii_uppercase());
        return Ok(vec![message.remedy(format!("write `source: {}`", case.settings.source))]);
    }
    let of_both = matches!(case.class(), Class::AsSet | Class::AutNum | Class::Route | Class::Route6);
    let message = || Message::error("Source %s is not allowed for %s objects").arg(&source).arg(case.class());
    Ok((is_twin && !of_both).then(message).into_iter().collect())
}

fn contact_kinds(case: &Case) -> Known<Vec<Message>> {
    let is_unknown = |a: &Attribute| !is_messenger(&a.value());
    let text = "Contact attribute syntax is not recognised: %s";
    Ok(case
        .after
        .all(Name::Contact)
        .filter(is_unknown)
        .map(|a| Message::warning(text).arg(a.value()).on(a))
        .collect())
}

fn is_messenger(value: &str) -> bool {
    let web = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    web.is_some_and(is_web_messenger)
        || value.strip_prefix("sip:").is_some_and(is_sip)
        || value.strip_prefix("tg://msg_url?url=").is_some_and(is_url_and_text)
}

fn is_web_messenger(rest: &str) -> bool {
    let number = |digits: &str| {
        let digits = digits.strip_prefix('+').unwrap_or(digits);
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits.len() } else { 0 }
    };
    let whatsapp = rest.strip_prefix("wa.me/").or_else(|| rest.strip_prefix("api.whatsapp.com/send?phone="));
    let telegram = rest.strip_prefix("t.me").or_else(|| rest.strip_prefix("telegram.me"));
    whatsapp.is_some_and(|digits| number(digits) > 0)
        || rest.strip_prefix("signal.me/#p/").is_some_and(|digits| (7..=15).contains(&number(digits)))
        || telegram.and_then(|rest| rest.strip_prefix("/share/url?url=")).is_some_and(is_url_and_text)
}

/// `<url>&text=<text>`, neither of them empty or with a `&`.
fn is_url_and_text(rest: &str) -> bool {
    let filled = |part: &str| !part.is_empty() && !part.contains('&');
    rest.split_once("&text=").is_some_and(|(url, text)| filled(url) && filled(text))
}

/// `user@host`, perhaps with a port.
fn is_sip(rest: &str) -> bool {
    let all = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    let Some((user, address)) = rest.split_once('@') else { return false };
    let (host, port) = address.split_once(':').unwrap_or((address, "0"));
    all(user, "_.!~*'()%+-")
        && all(host, ".-")
        && !port.is_empty()
        && port.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_messenger;

    #[test]
    fn messengers() {
        let check = |value: &str, expected: bool| assert_eq!(is_messenger(value), expected, "{value}");
        check("https://signal.me/#p/+31205354444", true);
        check("https://signal.me/#p/123456", false);
        check("https://wa.me/31205354444", true);
        check("https://api.whatsapp.com/send?phone=+31205354444", true);
        check("sip:noc@example.net:5060", true);
        check("sip:noc@example.net:", false);
        check("https://t.me/share/url?url=https://example.net&text=Hello", true);
        check("tg://msg_url?url=x&text=", false);
        check("https://example.net/chat", false);
    }
}
