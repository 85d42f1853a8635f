//! How a number is shown by the format of its cell: a code such as `01` is kept as the number 1, and 50 % as 0.5.

/// Most digits that a format may ask for, and most characters of a format that is looked at.
const LONGEST: usize = 60;
/// Decimals beyond which a number tells no more than the computer's rounding.
const DECIMALS: usize = 9;

/// A format that shows a number as something else than a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Words before and behind, leading zeros, and whether it is a percentage.
    Plain {
        /// Words before the number.
        before: String,
        /// Words behind it.
        behind: String,
        /// Digits before the point at least.
        digits: usize,
        /// Decimals at least.
        decimals: usize,
        /// It is shown times 100.
        is_percent: bool,
    },
    /// It shows more than a number, in a way that is not read.
    Unread,
}

impl Form {
    /// The form of a format code; none where it shows the number itself, or a date.
    pub fn of(code: &str) -> Option<Self> {
        if code.chars().count() > LONGEST {
            return None;
        }
        let mut parts = Parts::default();
        // The first section is for numbers from 0.
        parts.read(code)?;
        let Parts { before, behind, digits, decimals, percents, is_divided, .. } = parts;
        let is_word = |c: char| c.is_alphanumeric() || "€$£".contains(c);
        let is_telling = digits > 1 || percents > 0 || before.contains(is_word) || behind.contains(is_word);
        if !is_telling {
            return None;
        }
        if is_divided || percents > 1 {
            return Some(Self::Unread);
        }
        let behind = if percents > 0 { behind.trim_end().to_owned() } else { behind };
        Some(Self::Plain { before, behind, digits, decimals, is_percent: percents > 0 })
    }

    /// The number as it is shown, with all its decimals; none where it cannot be told.
    pub fn shown(&self, number: f64) -> Option<String> {
        let Self::Plain { before, behind, digits, decimals, is_percent } = self else { return None };
        let digits = *digits;
        if !(0.0..1e15).contains(&number) {
            return None;
        }
        let value = if *is_percent { number * 100.0 } else { number };
        let exact = format!("{value:.DECIMALS$}");
        let (whole, fraction) = exact.split_once('.').unwrap_or((&exact, ""));
        let least = (*decimals).min(DECIMALS);
        let fraction = fraction.get(..least.max(fraction.trim_end_matches('0').len())).unwrap_or(fraction);
        let mut text = format!("{before}{whole:0>digits$}");
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        text.push_str(behind);
        Some(text.trim().to_owned())
    }
}

/// A format while it is read.
#[derive(Default)]
struct Parts {
    before: String,
    behind: String,
    digits: usize,
    decimals: usize,
    percents: usize,
    has_number: bool,
    is_fraction: bool,
    /// Words stand within the number, as in `00-00`.
    is_divided: bool,
}

impl Parts {
    /// None where it is no format of numbers.
    fn read(&mut self, code: &str) -> Option<()> {
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            match c {
                ';' => break,
                '"' => chars.by_ref().take_while(|c| *c != '"').for_each(|c| self.word(c)),
                '\\' => chars.next().into_iter().for_each(|c| self.word(c)),
                // A blank as wide as a character, and what fills the cell.
                '_' | '*' => {
                    chars.next();
                }
                '[' => self.bracket(&chars.by_ref().take_while(|c| *c != ']').collect::<String>())?,
                '0' | '#' | '?' => self.place(c),
                '.' if self.has_number => self.is_fraction = true,
                ',' if self.has_number => {}
                '%' => {
                    self.percents += 1;
                    self.word('%');
                }
                '-' | '+' | '/' | '(' | ')' | ':' | '!' | '^' | '&' | '\'' | '~' | '{' | '}' | '<' | '>' | '=' | ' ' | '$' | '€' | '£' => {
                    self.word(c)
                }
                // Dates, powers, fractions, texts and `General` are no numbers with words around them.
                _ => return None,
            }
        }
        self.has_number.then_some(())
    }

    /// A currency is a word; colours, conditions and languages are none, and times are no numbers.
    fn bracket(&mut self, inside: &str) -> Option<()> {
        match inside.strip_prefix('$') {
            Some(currency) => currency.split('-').next().unwrap_or_default().chars().for_each(|c| self.word(c)),
            None if inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) => return None,
            None => {}
        }
        Some(())
    }

    fn word(&mut self, c: char) {
        if self.has_number { self.behind.push(c) } else { self.before.push(c) }
    }

    fn place(&mut self, c: char) {
        if !self.behind.is_empty() {
            self.is_divided = true;
        }
        self.has_number = true;
        match (c, self.is_fraction) {
            ('0', true) => self.decimals += 1,
            ('0', false) => self.digits += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_percentages_and_words_are_shown_as_programs_do() {
        for (code, number, shown) in [
            ("00", 1.0, Some("01")),
            ("00", 12.0, Some("12")),
            ("000", 7.0, Some("007")),
            ("00000;-00000", 12.0, Some("00012")),
            ("0%", 0.5, Some("50%")),
            ("0.00%", 0.5, Some("50.00%")),
            // No more is lost than the file has.
            ("0%", 0.125, Some("12.5%")),
            ("0%", 0.07, Some("7%")),
            ("\"MA-\"00", 9.0, Some("MA-09")),
            ("0\" km\"", 3.5, Some("3.5 km")),
            ("#,##0 [$DH-1801]", 1200.0, Some("1200 DH")),
            ("[$€-2] 0", 5.0, Some("€ 5")),
            ("00", -1.0, None),
            ("00\\-00", 1234.0, None),
        ] {
            let form = Form::of(code).unwrap_or_else(|| panic!("{code}"));
            assert_eq!(form.shown(number).as_deref(), shown, "{code} {number}");
        }
        for code in
            ["General", "0", "0.00", "#,##0", "#,##0.00", "@", "yyyy-mm-dd", "[h]:mm", "0.00E+00", "# ?/?", "_-* #,##0_-", "[Red]0", ""]
        {
            assert_eq!(Form::of(code), None, "{code}");
        }
    }
}
