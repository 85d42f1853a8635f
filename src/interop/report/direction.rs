//! Which parts of a text are written from right to left.

use std::borrow::Cow;

use unicode_bidi::{BidiInfo, Level, get_base_direction};

use super::model::{Span, is_rtl};
use super::text::language_code;

/// A text in pieces that are written in one direction each: whether from right to left, and the piece.
pub fn pieces(text: &str, is_base_rtl: bool) -> Vec<(bool, &str)> {
    if text.is_empty() || (!is_base_rtl && text.is_ascii()) {
        return vec![(false, text)];
    }
    let base = if is_base_rtl { Level::rtl() } else { Level::ltr() };
    let levels = BidiInfo::new(text, Some(base)).levels;
    let mut pieces = Vec::new();
    let (mut start, mut current) = (0, levels.first().is_some_and(Level::is_rtl));
    for (place, _) in text.char_indices() {
        let next = levels.get(place).is_some_and(Level::is_rtl);
        if next != current {
            pieces.extend(text.get(start..place).map(|piece| (current, piece)));
            (start, current) = (place, next);
        }
    }
    pieces.extend(text.get(start..).map(|piece| (current, piece)));
    pieces
}

/// Spans in which dates such as `2022-05-17` and numbers such as `86 206` stand apart: in Arabic their parts would otherwise change places.
pub fn with_dates_apart(spans: &[Span], is_rtl: bool) -> Cow<'_, [Span]> {
    let has_date = |span: &Span| matches!(span, Span::Text(text) | Span::Strong(text) if next_date(text).is_some());
    if !is_rtl || !spans.iter().any(has_date) {
        return Cow::Borrowed(spans);
    }
    let mut out = Vec::new();
    for span in spans {
        match span {
            Span::Text(text) => split(text, Span::Text, &mut out),
            Span::Strong(text) => split(text, Span::Strong, &mut out),
            other => out.push(other.clone()),
        }
    }
    Cow::Owned(out)
}

fn split(text: &str, kind: fn(String) -> Span, out: &mut Vec<Span>) {
    out.extend(stretches(text).map(|(is_date, stretch)| match is_date {
        true => Span::Foreign { language: String::new(), text: stretch.to_owned() },
        false => kind(stretch.to_owned()),
    }));
}

/// The words of a link in stretches: whether each is a date or a number that stands apart, and the stretch. Only words that are written from
/// right to left have such.
pub fn of_link<'t>(text: &'t str, language: &str) -> Vec<(bool, &'t str)> {
    if of_foreign(text, language) { stretches(text).collect() } else { vec![(false, text)] }
}

fn stretches(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = text;
    let mut date = None;
    std::iter::from_fn(move || {
        if let Some(date) = date.take() {
            return Some((true, date));
        }
        let (start, end) = next_date(rest).unwrap_or((rest.len(), rest.len()));
        let (before, found) = (rest.get(..start)?, rest.get(start..end)?);
        rest = rest.get(end..)?;
        match (before.is_empty(), found.is_empty()) {
            (true, true) => None,
            (true, false) => Some((true, found)),
            (false, is_last) => {
                date = (!is_last).then_some(found);
                Some((false, before))
            }
        }
    })
}

/// Where digits joined by hyphens, or a number with its thousands apart, are next.
fn next_date(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = 0;
    while let Some(from) = bytes.iter().skip(start).position(u8::is_ascii_digit).map(|place| start + place) {
        let mut end = from + bytes.iter().skip(from).take_while(|b| b.is_ascii_digit() || **b == b'-').count();
        while end > from && bytes.get(end - 1) == Some(&b'-') {
            end -= 1;
        }
        if bytes.get(from..end).is_some_and(|found| found.contains(&b'-')) {
            return Some((from, end));
        }
        let last = end_of_thousands(text, end);
        if (1..=3).contains(&(end - from)) && last > end {
            return Some((from, last));
        }
        start = end.max(from + 1);
    }
    None
}

/// Where a number ends whose thousands stand apart: groups of three digits, each behind a space.
fn end_of_thousands(text: &str, mut end: usize) -> usize {
    let digits = |at: usize| text.as_bytes().iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
    loop {
        let space = text.get(end..).and_then(|rest| rest.chars().next()).filter(|c| [' ', '\u{a0}', '\u{202f}'].contains(c));
        match space.map(|space| end + space.len_utf8()) {
            Some(next) if digits(next) == 3 => end = next + 3,
            _ => return end,
        }
    }
}

/// Whether a text that stands apart is written from right to left: as its language is, else as its first letter is. Figures are not.
pub fn of_foreign(text: &str, language: &str) -> bool {
    if !language_code(language).is_empty() {
        return is_rtl(language);
    }
    get_base_direction(text) == unicode_bidi::Direction::Rtl
}

#[cfg(test)]
mod tests {
    use super::super::model::Span;
    use super::{of_foreign, of_link, pieces, with_dates_apart};

    #[test]
    fn digits_and_latin_words_are_pieces_of_their_own_in_arabic() {
        let found = pieces("سنة 2014 من HCP", true);
        assert_eq!(found, [(true, "سنة "), (false, "2014"), (true, " من "), (false, "HCP")]);
        assert_eq!(pieces("In 2014", false), [(false, "In 2014")]);
        assert_eq!(pieces("", true), [(false, "")]);
    }

    #[test]
    fn the_language_decides_before_the_letters() {
        assert!(of_foreign("HCP", "ar"));
        assert!(of_foreign("من", ""));
        assert!(!of_foreign("HCP", ""));
        assert!(!of_foreign("2014-05", ""));
    }

    #[test]
    fn dates_stand_apart_in_arabic() {
        let spans = [Span::text("التاريخ: 2022-05-17، ثم 2004–2014-")];
        let found = with_dates_apart(&spans, true);
        let date = Span::Foreign { language: String::new(), text: "2022-05-17".to_owned() };
        assert_eq!(found.as_ref(), [Span::text("التاريخ: "), date, Span::text("، ثم 2004–2014-")]);
        assert_eq!(with_dates_apart(&spans, false).as_ref(), spans);
    }

    #[test]
    fn dates_in_links_stand_apart_where_the_words_are_arabic() {
        assert_eq!(of_link("مسح 2018-2019", "ar"), [(false, "مسح "), (true, "2018-2019")]);
        assert_eq!(of_link("2014-05 من 2016-17.", "ar"), [(true, "2014-05"), (false, " من "), (true, "2016-17"), (false, ".")]);
        assert_eq!(of_link("Enquête 2018-2019", ""), [(false, "Enquête 2018-2019")]);
        assert_eq!(of_link("", "ar"), []);
    }

    #[test]
    fn thousands_stand_apart_in_arabic() {
        let apart = |text: &str| Span::Foreign { language: String::new(), text: text.to_owned() };
        assert_eq!(with_dates_apart(&[Span::text("86 206")], true).as_ref(), [apart("86 206")]);
        let spans = [Span::text("من 1\u{a0}234\u{a0}567 إلى 27 332، سنة 2014 300 و12 34")];
        let found = with_dates_apart(&spans, true);
        let expected =
            [Span::text("من "), apart("1\u{a0}234\u{a0}567"), Span::text(" إلى "), apart("27 332"), Span::text("، سنة 2014 300 و12 34")];
        assert_eq!(found.as_ref(), expected);
    }
}
