//! Words made comparable: case, accents and the variants of Arabic letters are folded away.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text for comparison: lower case, no accents, no Arabic vowel signs or tatweel, one form of
/// alef, ya, ta marbuta and hamza carriers, Latin digits.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    // Most texts have long runs that nothing but the case of their letters changes.
    while !rest.is_empty() {
        let (plain, others) = rest.split_at(rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len()));
        folded.extend(plain.chars().map(|c| c.to_ascii_lowercase()));
        let (others, behind) = others.split_at(others.find(|c: char| c.is_ascii()).unwrap_or(others.len()));
        fold_others(others, &mut folded);
        rest = behind;
    }
    folded
}

/// Folds what is not ASCII. Signs on the letter before are dropped, so that it does not matter where the text was divided.
fn fold_others(text: &str, folded: &mut String) {
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) && !is_passed_over(*c)) {
        match (ligature(c), fold_char(c)) {
            (Some(letters), _) => folded.push_str(letters),
            (None, Some(mapped)) => folded.push(mapped),
            (None, None) => folded.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    }
}

/// Soft hyphen, tatweel, and marks of joining and direction.
fn is_passed_over(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{0640}' | '\u{200c}'..='\u{200f}')
}

/// Letters that are written as two where a keyboard has them not.
fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' | 'ẞ' => "ss",
        _ => return None,
    })
}

/// The folded form of letters that decomposition leaves alone; none where the letter stands for itself.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' => 'ي',
        'ؤ' => 'و',
        'ة' | 'ۀ' | 'ە' => 'ه',
        'ک' | 'ڪ' => 'ك',
        'ڭ' | 'گ' => 'ك',
        '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
        '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
        'ø' | 'Ø' => 'o',
        'đ' | 'Đ' => 'd',
        'ł' | 'Ł' => 'l',
        'ı' => 'i',
        _ => return None,
    })
}

/// A name folded for comparison: apostrophes are written in several ways.
pub fn fold_name(name: &str) -> String {
    fold(&name.trim().replace(['’', 'ʼ', '`'], "'"))
}

/// A word whose letters are divided by full stops, such as M.R.E., without these; none for any other.
pub fn dotted_acronym(word: &str) -> Option<String> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_letter = |part: &str| part.chars().next().is_some_and(char::is_alphabetic) && part.chars().nth(1).is_none();
    (bare.contains('.') && bare.split('.').all(is_letter)).then(|| word.replace('.', ""))
}

/// Digits of the Arabic scripts as Latin ones; everything else as it is.
pub fn latin_digits(text: &str) -> String {
    let latin = |c: char| if matches!(c, '٠'..='٩' | '۰'..='۹') { fold_char(c).unwrap_or(c) } else { c };
    text.chars().map(latin).collect()
}

/// Whether a letter is of the Arabic script.
pub fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{08a0}'..='\u{08ff}')
}

/// Folded words whose first letter is a lam of their own, without endings: refugee, asylum, Libya, Lebanon, committee, language. Behind `لل`, which is
/// "for the", that lam is not written a second time, so that such words have to be known.
const OWN_LAM: [&str; 8] = ["لاجي", "لجوء", "ليبي", "لبنان", "لجن", "لجان", "لغ", "لغو"];

/// Endings that these words take.
const ENDINGS: [&str; 14] = ["", "ا", "ه", "ي", "ات", "ون", "ين", "ان", "يه", "يون", "يين", "يات", "ها", "هم"];

/// A word behind `لل`, with its own lam where it has one.
fn behind_double_lam(folded: &str) -> Option<&str> {
    let with_lam = folded.strip_prefix('ل').filter(|rest| rest.starts_with('ل'))?;
    let has_own = OWN_LAM.iter().filter_map(|own| with_lam.strip_prefix(own)).any(|ending| ENDINGS.contains(&ending));
    if has_own { Some(with_lam) } else { with_lam.strip_prefix('ل') }
}

/// A folded Arabic word without the article and what is written together with it; none where it has none, or where too little would remain.
pub fn without_article(folded: &str) -> Option<&str> {
    let joined = || ["وال", "بال", "كال", "فال", "ال"].iter().find_map(|prefix| folded.strip_prefix(prefix));
    let behind_and = || folded.strip_prefix('و').and_then(behind_double_lam);
    let rest = joined().or_else(|| behind_double_lam(folded)).or_else(behind_and)?;
    (rest.chars().count() >= 3).then_some(rest)
}

/// What a folded Arabic word may be without the particles that are written together with it, `و` or `ف` ("and") and behind it `ب`, `ل` or `ك` ("in",
/// "for", "as"): each reading in which at least three letters remain. Many words begin with one of these letters of their own, so that only a list of
/// words can tell which reading is meant.
pub fn without_particles(folded: &str) -> Vec<&str> {
    if !folded.chars().next().is_some_and(is_arabic) {
        return Vec::new();
    }
    let joined = folded.strip_prefix(['و', 'ف']);
    let behind = |word: &'_ str| word.strip_prefix(['ب', 'ل', 'ك']).map(str::len);
    let lengths = [joined.map(str::len), behind(folded), joined.and_then(behind)];
    let readings = lengths.into_iter().flatten().map(|length| &folded[folded.len() - length..]);
    readings.filter(|reading| reading.chars().count() >= 3).collect()
}

/// Beginnings of folded words whose first letters are their own, though they look like "and" or the article: deaths, births, a province, who arrives,
/// ministry, minister, situation, national, document, agency, unit, job, means, mediation, imports, arrival, prevention; commitment, joining, seeking,
/// German.
const OWN_BEGINNING: [&str; 28] = [
    "وفيات",
    "ولاد",
    "ولاي",
    "وافد",
    "وزار",
    "وزير",
    "وزرا",
    "وضعي",
    "وطني",
    "وثيق",
    "وثايق",
    "وكال",
    "وحده",
    "وحدات",
    "وظيف",
    "وظايف",
    "وسيل",
    "وسايل",
    "وسيط",
    "وساط",
    "وارده",
    "واردات",
    "وصول",
    "وقاي",
    "التزام",
    "التحاق",
    "التماس",
    "الماني",
];

/// Folded words, without article, whose sense is not that of the word that they look like a form of, each with its search form: citizenship is not sex,
/// operation not work, financial not Mali; currency and prefectures no work, students no requests, a sample no spring, towns no age, a stage nobody who
/// is deported, a journey no nomads, police no condition, receiving no future, deaths not "and in". Then forms that are those of another word, though
/// they do not look like it: statistics, who asks, inhabitants.
const OWN_SENSE: [(&str, &str); 28] = [
    ("جنسيه", "جنسيه"),
    ("جنسيات", "جنسيه"),
    ("جنسيته", "جنسيه"),
    ("جنسيتها", "جنسيه"),
    ("جنسيتهم", "جنسيه"),
    ("ماليه", "ماليه"),
    ("عمليه", "عمليه"),
    ("عمليات", "عمليه"),
    ("عمله", "عمله"),
    ("عملات", "عمله"),
    ("عمالات", "عمالات"),
    ("طلبه", "طلبه"),
    ("عينه", "عينه"),
    ("عينات", "عينه"),
    ("عمران", "عمران"),
    ("عمراني", "عمران"),
    ("عمرانيه", "عمران"),
    ("مرحله", "مرحله"),
    ("رحله", "رحله"),
    ("رحلات", "رحله"),
    ("شرطه", "شرطه"),
    ("مستقبله", "مستقبله"),
    ("وفاه", "وفيات"),
    ("وفيات", "وفيات"),
    ("احصاييات", "احصا"),
    ("طالبو", "طالب"),
    ("ساكنه", "سكان"),
    ("ساكنتها", "سكان"),
];

/// Endings of words, each with the least number of letters that remain without it. The ending of adjectives makes of three letters another word
/// more often than not: international is not states, financial not wealth.
const SUFFIXES: [(&str, usize); 9] = [("ها", 3), ("ان", 3), ("ات", 3), ("ون", 3), ("ين", 3), ("يه", 4), ("هم", 3), ("ه", 3), ("ي", 4)];

/// Light stemming of a folded Arabic word: conjunction, preposition and article in front, common endings behind.
/// At least three letters remain.
pub fn stem_arabic(folded: &str) -> &str {
    let mut word = folded;
    let letters = |w: &str| w.chars().count();
    let is_own = |w: &str| OWN_BEGINNING.iter().any(|beginning| w.starts_with(beginning));
    if let Some(rest) = word.strip_prefix('و').filter(|rest| letters(rest) >= 4 && !is_own(word)) {
        word = rest;
    }
    let joined = || ["بال", "كال", "فال", "ال"].iter().find_map(|prefix| word.strip_prefix(prefix)).or_else(|| behind_double_lam(word));
    let bare = if is_own(word) { None } else { joined() };
    word = bare.filter(|rest| letters(rest) >= 3).unwrap_or(word);
    if let Some((_, own)) = OWN_SENSE.iter().find(|(form, _)| *form == word) {
        return own;
    }
    // Twice: a plural or possessive ending may hide the feminine ending behind it.
    for _ in 0..2 {
        for (suffix, least) in SUFFIXES {
            if let Some(rest) = word.strip_suffix(suffix).filter(|rest| letters(rest) >= least) {
                word = rest;
                break;
            }
        }
    }
    // A final hamza is often left unwritten.
    word.strip_suffix('ء').filter(|rest| letters(rest) >= 3).unwrap_or(word)
}

/// The word of three letters of which this search form is the adjective: `مصر` of `مصري`. Only a list can tell whether it is one.
pub fn behind_adjective(stem: &str) -> Option<&str> {
    stem.strip_suffix('ي').filter(|rest| rest.chars().count() == 3 && rest.chars().all(is_arabic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_variants_fold_to_one_form() {
        for (one, other) in [
            ("الإحصاء", "الاحصاء"),
            ("هجرة", "هجره"),
            ("مُهَاجِر", "مهاجر"),
            ("مهـــاجر", "مهاجر"),
            ("على", "علي"),
            ("٢٠١٨", "2018"),
            ("أكادير", "اكادير"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        assert_eq!(fold("Enquête Été ÇA"), "enquete ete ca");
        assert_eq!(fold("Main-d'Œuvre, œuvre, Æ, Straße"), "main-d'oeuvre, oeuvre, ae, strasse");
    }

    proptest::proptest! {
        /// Plain runs are folded on their own; what stands beside them, such as an accent that is a sign of its own, changes nothing.
        #[test]
        fn a_text_is_folded_as_one(text in "([a-zA-Z0-9 '.-]|[éÇœßİıΣǅ½ﬁ]|[أﻻﷲةﱠﹼـ]|[\\u{300}-\\u{345}\\u{64b}-\\u{652}\\u{200c}-\\u{200f}\\u{ad}]|\\PC){0,24}") {
            let mut whole = String::new();
            fold_others(&text, &mut whole);
            proptest::prop_assert_eq!(fold(&text), whole);
        }
    }

    #[test]
    fn arabic_inflections_share_a_stem() {
        for (one, other) in [
            ("المهاجرون", "مهاجرين"),
            ("العائدون", "عائدين"),
            ("والمغاربة", "المغاربة"),
            ("المقيمين", "المقيمون"),
            ("إحصاءات", "الإحصاء"),
            ("الاحصا", "الإحصاء"),
            ("للمهاجرين", "المهاجرون"),
            ("للاجئين", "اللاجئون"),
            ("وللاجئين", "لاجئ"),
            ("للجوء", "اللجوء"),
            ("لليبيا", "ليبيا"),
            ("للإحصاء", "إحصاء"),
            ("للأجيال", "الأجيال"),
            ("للجوار", "الجوار"),
            ("الإحصائيات", "الإحصاء"),
            ("إحصائيات", "إحصائية"),
            ("طالبو", "طالبي"),
            ("ساكنة", "السكان"),
            ("تحويل", "التحويلات"),
            ("إقامات", "الإقامة"),
            ("مقيمة", "المقيمين"),
            ("العائدات", "عائد"),
            ("مغادرات", "المغادرة"),
            ("جاليات", "الجالية"),
            ("لاجئة", "اللاجئون"),
            ("السكان", "سكانية"),
        ] {
            assert_eq!(stem_arabic(&fold(one)), stem_arabic(&fold(other)), "{one} {other}");
        }
    }

    #[test]
    fn first_letters_of_a_word_are_no_particles() {
        for (one, other) in [
            ("وفيات", "الوفيات"),
            ("وفاة", "الوفيات"),
            ("ولادات", "والولادات"),
            ("وافدين", "الوافدون"),
            ("وزارة", "الوزارة"),
            ("ووزارة", "للوزارة"),
            ("وضعية", "الوضعية"),
            ("وطنية", "الوطني"),
            ("وثائق", "الوثائق"),
            ("وكالة", "الوكالات"),
            ("وحدات", "الوحدة"),
            ("واردات", "الواردات"),
            ("التزامات", "الالتزامات"),
            ("التحاق", "والالتحاق"),
            ("ألمانية", "الألمان"),
        ] {
            assert_eq!(stem_arabic(&fold(one)), stem_arabic(&fold(other)), "{one} {other}");
        }
        // Deaths are no categories, and no "and in"; units no limits; donors no Germans.
        for (one, other) in [("وفيات", "فئات"), ("الوفيات", "وفي"), ("وحدات", "حد"), ("المانحين", "الألمان")]
        {
            assert_ne!(stem_arabic(&fold(one)), stem_arabic(&fold(other)), "{one} {other}");
        }
        assert_eq!(stem_arabic(&fold("وأعمار")), stem_arabic(&fold("الأعمار")));
    }

    #[test]
    fn words_of_another_sense_stay_apart() {
        for (one, other) in [
            ("الجنسية", "الجنس"),
            ("جنسيات", "جنس"),
            ("الجنسية", "الجنسي"),
            ("عملية", "العمل"),
            ("العمليات", "عمل"),
            ("المالية", "مالي"),
            ("الدولية", "الدول"),
            ("بشرية", "بشر"),
            ("الهجرة", "تهجير"),
            ("المهاجرون", "المهجر"),
            ("العودة", "إعادة"),
            ("العائدون", "عادة"),
            ("لاجئ", "ملجأ"),
            ("مغادرة", "غدر"),
            ("المقيمين", "القيمة"),
            ("الإقامة", "قيام"),
            ("تحويلات", "حالات"),
            ("السكان", "مسكن"),
            ("السكان", "السكن"),
            ("العمل", "عميل"),
            ("العملة", "العمل"),
            ("عملات", "أعمال"),
            ("العمالات", "العمال"),
            ("تعليم", "معلومات"),
            ("العلم", "العالم"),
            ("الحدود", "محدودة"),
            ("الجالية", "جلاء"),
            ("الطلبة", "طلبات"),
            ("عينات", "العين"),
            ("العمرانية", "العمر"),
            ("المرحلة", "المرحلين"),
            ("رحلات", "الرحل"),
            ("الشرطة", "شرط"),
            ("المستقبلة", "المستقبل"),
            ("جماعات", "جمعيات"),
            ("أسرة", "أسرى"),
            ("الاغتراب", "المغرب"),
            ("تأشيرة", "مؤشر"),
            ("الاتجار", "التجارة"),
            ("القاصرين", "قصور"),
        ] {
            assert_ne!(stem_arabic(&fold(one)), stem_arabic(&fold(other)), "{one} {other}");
        }
        for (one, other) in [
            ("الجنسيات", "حسب جنسيتهم"),
            ("الدوليين", "دولية"),
            ("المصريون", "مصرية"),
            ("المغربية", "المغرب"),
            ("تونسيون", "تونس"),
            ("العمليات", "عملية"),
        ] {
            let other = other.rsplit(' ').next().expect("a word");
            assert_eq!(stem_arabic(&fold(one)), stem_arabic(&fold(other)), "{one} {other}");
        }
        assert_eq!(behind_adjective(stem_arabic(&fold("المصريين"))), Some("مصر"));
        assert_eq!(behind_adjective(stem_arabic(&fold("مغربي"))), None);
    }

    #[test]
    fn particles_are_taken_off_where_a_word_remains() {
        for (word, readings) in [
            ("بتونس", vec!["تونس"]),
            ("ومصر", vec!["مصر"]),
            ("وبتونس", vec!["بتونس", "تونس"]),
            ("للجيش", vec!["لجيش"]),
            ("به", vec![]),
            ("migration", vec![]),
        ] {
            assert_eq!(without_particles(word), readings, "{word}");
        }
    }
}
