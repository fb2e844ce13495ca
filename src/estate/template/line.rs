//! Which line of a template a line was made of, and of which variables: where a message about it points.

use std::ops::Range;

/// The bytes of the line of `template` that `line` was made of: of those whose fixed parts it has, the one with the most
/// of them; or else the first one with the same label.
pub(in crate::estate) fn line_like(template: &str, line: &str) -> Option<Range<usize>> {
    let line = line.trim();
    let label = |line: &str| line.split_once(':').map(|(label, _)| label.trim().to_ascii_lowercase());
    let lines = || lines(template).filter(|(text, _)| !text.trim().is_empty());
    let fixed = |text: &str| fixed_parts(text).iter().map(|part| part.trim().len()).sum::<usize>();
    let like = lines().filter(|(text, _)| fixed(text) > 0 && is_made_of(line, &fixed_parts(text)));
    let like = like.max_by_key(|(text, at)| (fixed(text), std::cmp::Reverse(at.start)));
    let labelled = || {
        let of = |text: &str| {
            fixed_parts(text).iter().find(|part| !part.trim().is_empty()).and_then(|part| label(part))
        };
        label(line).and_then(|wanted| lines().find(|(text, _)| of(text).as_ref() == Some(&wanted)))
    };
    like.or_else(labelled).map(|(_, at)| at)
}

/// The variables that are shown in the bytes `at` of `template`; of a loop what it goes through.
pub(in crate::estate) fn shown_in(template: &str, at: Range<usize>) -> Vec<&str> {
    let line = template.get(at).unwrap_or_default();
    let shown = line.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0));
    let loops = loops(template);
    let source =
        |word| loops.iter().find(|(name, ..)| *name == word).map_or(word, |(_, through, _)| *through);
    shown.flat_map(super::words).filter(|word| !word.is_empty()).map(source).collect()
}

/// Each `for NAME in VARIABLE`, and the bytes of its `VARIABLE`, which stands there alone.
pub(in crate::estate) fn loops(template: &str) -> Vec<(&str, &str, Range<usize>)> {
    let tags = template.split("{%").skip(1).filter_map(|rest| Some(rest.split_once("%}")?.0));
    let words =
        tags.map(|tag| tag.trim_matches(['-', '+', ' ', '\t']).split_whitespace().collect::<Vec<_>>());
    let offset = |word: &str| word.as_ptr() as usize - template.as_ptr() as usize;
    words
        .filter_map(|words| match words.as_slice() {
            ["for", name, "in", through] => {
                Some((*name, *through, offset(through)..offset(through) + through.len()))
            }
            _ => None,
        })
        .collect()
}

/// The lines with their bytes, without the blanks around them.
fn lines(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    text.split_inclusive('\n').scan(0, |start, line| {
        let begin = *start + line.len() - line.trim_start().len();
        *start += line.len();
        Some((line.trim(), begin..begin + line.trim().len()))
    })
}

/// What stands between the tags of a line; the first and the last one are its ends, perhaps empty.
fn fixed_parts(line: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), line);
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() {
        let (part, tag) = rest.split_at_checked(at).unwrap_or((rest, ""));
        parts.push(part);
        let end = ["}}", "%}", "#}"].iter().filter_map(|end| Some(tag.find(end)? + end.len())).min();
        rest = end.and_then(|end| tag.get(end..)).unwrap_or_default();
    }
    parts.push(rest);
    parts
}

/// Whether `line` has the parts in their order, the first at its beginning and the last at its end.
fn is_made_of(line: &str, parts: &[&str]) -> bool {
    let Some((first, others)) = parts.split_first() else { return false };
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let Some((last, middle)) = others.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "domain: {{ zone }}\nremarks: fixed\nremarks: of {{ block }}\n  descr: {{ text|upper }}\n\
                            {% for ns in nserver %}\nnserver: {{ ns }}\n{% endfor %}\n{% if a %}org: {{ org }}{% endif %}\n";

    #[test]
    fn a_line_is_found_by_its_fixed_parts() {
        let check = |line: &str, expected: &str| {
            let found = line_like(TEMPLATE, line);
            assert_eq!(found.map_or("", |at| TEMPLATE.get(at).unwrap()), expected, "{line}");
        };
        check("domain: 8.b.d.0.1.0.0.2.ip6.arpa", "domain: {{ zone }}");
        check("remarks: fixed", "remarks: fixed");
        check("remarks: of lux", "remarks: of {{ block }}");
        check("remarks: changed since", "remarks: fixed");
        check("descr: LUX", "descr: {{ text|upper }}");
        check("nserver: ns1.example.net", "nserver: {{ ns }}");
        check("org: ORG-A1-RIPE", "{% if a %}org: {{ org }}{% endif %}");
        check("country: LU", "");
    }

    #[test]
    fn a_loop_shows_what_it_goes_through() {
        let shown = |line: &str| shown_in(TEMPLATE, line_like(TEMPLATE, line).unwrap());
        assert_eq!(shown("nserver: a"), ["nserver"]);
        assert_eq!(shown("remarks: of lux"), ["block"]);
        assert_eq!(loops(TEMPLATE), [("ns", "nserver", 97..104)]);
    }
}
