//! Marks of what the elements of a document said when a note was written: where they say something else now, another tool has changed them.

use serde_json::Value;

/// The marks of the places of a note, one for each place, or one for all where all are the same.
pub(super) fn written<'p>(said: Option<&Value>, places: impl Iterator<Item = &'p str>) -> String {
    let marks: Vec<String> = places.map(|place| mark(part(said, place))).collect();
    match marks.split_first() {
        Some((first, rest)) if rest.iter().all(|mark| mark == first) => first.clone(),
        _ => marks.join(" "),
    }
}

/// Whether the elements still say at each place of a note what they said when it was written. A note without marks is believed.
pub(super) fn stand<'p>(said: Option<&Value>, places: impl Iterator<Item = &'p str>, marks: &str) -> Vec<bool> {
    let places: Vec<&str> = places.collect();
    let marks: Vec<&str> = marks.split_whitespace().collect();
    let of_place = |index: usize| if marks.len() == 1 { marks.first() } else { marks.get(index) };
    let is_marked = marks.len() == 1 || marks.len() == places.len();
    let stands = |(index, place): (usize, &&str)| !is_marked || of_place(index).is_none_or(|known| mark(part(said, place)) == **known);
    places.iter().enumerate().map(stands).collect()
}

/// What a place depends on: of several fields or languages the one that it is in, of a list the whole, for its members have no names.
fn part<'v>(said: Option<&'v Value>, place: &str) -> Option<&'v Value> {
    match (said, place.split('/').nth(1)) {
        (Some(Value::Object(members)), Some(step)) => members.get(&step.replace("~1", "/").replace("~0", "~")),
        _ => said,
    }
}

/// Eight hexadecimal digits that tell values apart (FNV-1a, folded); they guard against mistakes, not against malice.
fn mark(value: Option<&Value>) -> String {
    let text = value.map(Value::to_string).unwrap_or_default();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stands_as_long_as_what_it_depends_on_is_the_same() {
        let said = serde_json::json!({ "ar": { "text": "a" }, "fr": { "text": "b" } });
        let places = || ["/ar/status", "/fr/status", "/zgh"].into_iter();
        let marks = written(Some(&said), places());
        assert_eq!(marks.split(' ').count(), 3, "{marks}");
        assert_eq!(stand(Some(&said), places(), &marks), [true, true, true]);
        let changed = serde_json::json!({ "ar": { "text": "x" }, "fr": { "text": "b" } });
        assert_eq!(stand(Some(&changed), places(), &marks), [false, true, true]);
        assert_eq!(stand(None, places(), &marks), [false, false, true]);
        let list = serde_json::json!([1, 2]);
        let marks = written(Some(&list), ["/0", "/1"].into_iter());
        assert_eq!(marks.len(), 8);
        assert_eq!(stand(Some(&serde_json::json!([1, 3])), ["/0", "/1"].into_iter(), &marks), [false, false]);
    }

    #[test]
    fn notes_without_marks_and_with_marks_of_other_places_are_believed() {
        let said = serde_json::json!(["x"]);
        for marks in ["", "0 0"] {
            assert_eq!(stand(Some(&said), ["/0", "/1", "/2"].into_iter(), marks), [true, true, true], "{marks}");
        }
        assert_eq!(stand(None, [""].into_iter(), &written(None, [""].into_iter())), [true]);
    }
}
