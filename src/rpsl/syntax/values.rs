//! Values that are neither names nor addresses: statuses, places, dates.

use super::text::{at_most, is_digit, only};
use crate::rpsl::schema::Class;

/// The statuses that objects of `class` may have; none for a class without the attribute.
pub fn statuses(class: Class) -> &'static [&'static str] {
    match class {
        Class::Inetnum => &[
            "ALLOCATED PA",
            "ALLOCATED UNSPECIFIED",
            "LIR-PARTITIONED PA",
            "SUB-ALLOCATED PA",
            "AGGREGATED-BY-LIR",
            "ALLOCATED-ASSIGNED PA",
            "ASSIGNED PA",
            "ASSIGNED PI",
            "ASSIGNED ANYCAST",
            "LEGACY",
        ],
        Class::Inet6num => &[
            "ALLOCATED-BY-RIR",
            "ALLOCATED-BY-LIR",
            "AGGREGATED-BY-LIR",
            "ASSIGNED",
            "ASSIGNED ANYCAST",
            "ASSIGNED PI",
        ],
        Class::AutNum => &["ASSIGNED", "LEGACY", "OTHER"],
        _ => &[],
    }
}

/// The kinds of organisations.
pub const ORGANISATION_TYPES: &[&str] = &["IANA", "RIR", "NIR", "LIR", "DIRECT_ASSIGNMENT", "OTHER"];

/// Whether `text` is one of `words`, in any letter case.
pub fn is_one_of(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A code of two letters.
pub fn is_two_letters(text: &str) -> bool {
    text.len() == 2 && only(text, |c| c.is_ascii_alphabetic())
}

/// Latitude and longitude in degrees, `52.37 4.89`.
pub fn is_location(text: &str) -> bool {
    let mut numbers = text.split_ascii_whitespace().map(degrees);
    let mut within = |limit: f64| numbers.next().flatten().is_some_and(|degrees| degrees.abs() <= limit);
    within(90.0) && within(180.0) && numbers.next().is_none()
}

/// A decimal number with or without a sign; digits stand behind the point.
fn degrees(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or(("", unsigned));
    let is_number = whole.chars().all(is_digit) && only(fraction, is_digit);
    is_number.then(|| text.parse().ok())?
}

/// Who changed an object last and perhaps when, `user@example.net 20240131`: an attribute of the past.
pub fn is_changed(text: &str) -> bool {
    let (address, date) = text.split_once(' ').map_or((text, None), |(address, date)| (address, Some(date)));
    let is_domain = |domain: &str| domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    let mut at_signs = address.match_indices('@').filter_map(|(at, _)| address.split_at_checked(at));
    at_most(text, 89)
        && at_signs.any(|(user, domain)| !user.is_empty() && domain.strip_prefix('@').is_some_and(is_domain))
        && date.is_none_or(is_date)
}

/// A day of the calendar as eight digits.
fn is_date(text: &str) -> bool {
    text.len() == 8 && only(text, is_digit) && text.parse::<jiff::civil::Date>().is_ok()
}
