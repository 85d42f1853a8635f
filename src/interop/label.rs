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

#[cfg(test)]
mod tests {
    use super::cut;

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
