//! Highlights: the piece of a text where the words were found.

use crate::domain::words::fold;

use super::analysis::{Language, split, stem};

/// A piece of text with the places of the words found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The piece, as plain text.
    pub text: String,
    /// Places of the words in the piece: first character and length, in Unicode characters.
    pub ranges: Vec<(usize, usize)>,
}

/// Longest piece, in characters.
const LENGTH: usize = 240;

/// The piece of a text with the most of the search forms; none where there is none.
pub fn highlight(text: &str, language: Language, forms: &[String]) -> Option<Fragment> {
    let hits: Vec<(usize, usize)> = split(text)
        .into_iter()
        .filter(|word| {
            let folded = fold(word.text);
            let is_hit = |form: String| forms.contains(&form);
            is_hit(stem(&folded, language)) || (language != Language::Other && is_hit(stem(&folded, Language::Other)))
        })
        .map(|word| (word.start, word.start + word.text.len()))
        .collect();
    let (first, _) = *hits.first()?;
    let from = start_of_piece(text, first);
    let to = text[from..].char_indices().nth(LENGTH).map_or(text.len(), |(at, _)| from + at);
    let count = |range: std::ops::Range<usize>| text[range].chars().count();
    let ranges = hits
        .into_iter()
        .filter(|(start, end)| *start >= from && *end <= to)
        .map(|(start, end)| (count(from..start), count(start..end)))
        .collect();
    let mut piece = String::new();
    let lead = if from > 0 { "…" } else { "" };
    piece.push_str(lead);
    piece.push_str(&text[from..to]);
    if to < text.len() {
        piece.push('…');
    }
    let shift = usize::from(from > 0);
    let ranges: Vec<(usize, usize)> = Vec::from_iter(ranges_shifted(ranges, shift));
    Some(Fragment { text: piece, ranges })
}

fn ranges_shifted(ranges: Vec<(usize, usize)>, shift: usize) -> impl Iterator<Item = (usize, usize)> {
    ranges.into_iter().map(move |(start, length)| (start + shift, length))
}

/// Where the piece starts: at the text's beginning where that is near, else some words before the hit.
fn start_of_piece(text: &str, hit: usize) -> usize {
    let before: Vec<usize> = text[..hit].char_indices().map(|(at, _)| at).collect();
    if before.len() <= LENGTH / 3 {
        return 0;
    }
    let wanted = before[before.len() - LENGTH / 4];
    text[wanted..hit].find(' ').map_or(wanted, |blank| wanted + blank + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_marked_in_its_own_form() {
        let fragment =
            highlight("Enquête sur les migrants de retour", Language::French, &[stem("migrant", Language::French)]).expect("hit");
        let (start, length) = fragment.ranges[0];
        assert_eq!(fragment.text.chars().skip(start).take(length).collect::<String>(), "migrants");
    }

    proptest::proptest! {
        #[test]
        fn places_lie_in_the_piece(text in ".{0,600}", word in "[a-z]{1,3}") {
            if let Some(fragment) = highlight(&text, Language::Other, &[word]) {
                let length = fragment.text.chars().count();
                for (start, size) in fragment.ranges {
                    proptest::prop_assert!(start + size <= length);
                }
            }
        }
    }
}
