//! Labels in pictures: cut to the room that there is.

use unicode_bidi::{Direction, get_base_direction};

/// Keeps what stands before it in the direction of Latin letters.
const LEFT_TO_RIGHT: char = '\u{200E}';

/// A label of at most so many letters. One that is longer ends, behind a whole word where one is near, with a sign that it goes on; in a
/// picture that is read from right to left the sign stays with Latin words.
pub fn cut(label: &str, most: usize, is_rtl: bool) -> String {
    if label.chars().count() <= most {
        return label.to_owned();
    }
    let shown: String = label.chars().take(most.saturating_sub(1)).collect();
    let goes_on_in_word = label.chars().nth(most.saturating_sub(1)).is_some_and(|next| !next.is_whitespace());
    let whole = shown.rfind(char::is_whitespace).and_then(|end| shown.get(..end)).filter(|whole| {
        let kept = whole.chars().count();
        goes_on_in_word && kept * 3 > most * 2
    });
    let mut text = whole.unwrap_or(&shown).trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')').to_owned();
    text.push('…');
    if is_rtl && get_base_direction(label) == Direction::Ltr {
        text.push(LEFT_TO_RIGHT);
    }
    text
}

/// A label on two lines at most, of at most so many letters each: the first ends behind a word where it has one, and what does not fit on the
/// second is cut.
pub fn lines(label: &str, most: usize, is_rtl: bool) -> Vec<String> {
    if label.chars().count() <= most {
        return vec![label.to_owned()];
    }
    let fitting = label.char_indices().nth(most).map_or(label.len(), |(end, _)| end);
    let head = label.get(..fitting).unwrap_or(label);
    let is_behind_a_word = label.get(fitting..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    let end = if is_behind_a_word { fitting } else { head.rfind(char::is_whitespace).unwrap_or(fitting) };
    let (first, rest) = label.split_at(end);
    vec![first.trim_end().to_owned(), cut(rest.trim_start(), most, is_rtl)]
}

#[cfg(test)]
mod tests {
    use super::{cut, lines};

    #[test]
    fn a_long_label_goes_on_in_a_second_line() {
        let census = "Recensement général de la population et de l'habitat 2014 (RGPH 2014)";
        assert_eq!(lines("Short", 10, false), ["Short"]);
        assert_eq!(lines(census, 44, false), ["Recensement général de la population et de", "l'habitat 2014 (RGPH 2014)"]);
        assert_eq!(lines("abcde fghij", 5, false), ["abcde", "fghij"]);
        assert_eq!(lines(&"x".repeat(12), 5, false), ["xxxxx", "xxxx…"], "a word that is longer than a line");
        assert_eq!(lines("إحصاء السكان والسكنى", 12, true), ["إحصاء السكان", "والسكنى"]);
    }

    #[test]
    fn a_label_ends_behind_a_word_and_its_sign_stays_with_it() {
        assert_eq!(cut("Short", 10, true), "Short");
        assert_eq!(cut("Étudiants étrangers dans l'enseignement", 24, false), "Étudiants étrangers…");
        assert_eq!(cut("Étudiants étrangers dans l'enseignement", 24, true), "Étudiants étrangers…\u{200E}");
        assert_eq!(cut("تسوية وضعية الأجانب 2014 و2016", 23, true), "تسوية وضعية الأجانب…");
        assert_eq!(cut("Donaudampfschifffahrtsgesellschaft", 10, false), "Donaudamp…");
        assert_eq!(cut("Enquête (2018) sur", 15, false), "Enquête (2018)…");
    }
}
