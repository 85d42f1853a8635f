//! Whether a name is that of a person or of an organisation, as far as its spelling tells. Names of persons are not repeated, those of
//! organisations are.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::documents::names_organisation;
use crate::domain::words::{fold, is_arabic};

/// What the spelling of a name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spelling {
    /// It is written as no person is.
    OfNoPerson,
    /// It may be a person's, or an organisation's of two or three words.
    Open,
    /// It is written as only persons are: with a given name, or with initials behind the family name.
    OfAPerson,
}

/// Words of names of organisations, folded, beside those that documents are searched for: what they are, and what they are about.
static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let known = "statistics statistical statistique statistiques statistik estadistica estadisticas national nationale nationaux nationales nacional \
        republic republique kingdom royaume government gouvernement secretariat ministerio instituto universidad universitat universita college \
        academy academie hospital hopital archive archives library bibliotheque museum musee croissant rouge crescent caritas oxfam entraide \
        initiative network networks reseau red alliance federation confederation ligue trust society group groupe gmbh ltd inc sarl consulting \
        services survey surveys research recherche recherches studies etudes barid treasury tresor douanes prefecture wilaya province \
        regional municipality commune mairie ayuntamiento authority autorite administration directorate directorat division unit unite team \
        project projet data donnees portal portail platform plateforme system systeme archivo agencia consejo oficina humanitarian \
        humanitaire international internationale global mondial mondiale europe european europeenne africa afrique african maroc morocco \
        algerie algeria tunisie tunisia libya libye mauritanie mauritania egypt egypte canada nations unies united migration migrations migrants \
        refugee refugees refugies population health sante economics economic economy economie economique economiques social sociale sociales \
        sciences science demography demographie labour labor travail emploi employment agriculture food environment development developpement \
        rights droits human children women policy politiques public publique publics sans frontieres relief aid aide action expertise \
        observatorio planning plan planification interior interieur affairs affaires security securite insurance assurance caisse statec census \
        recensement recensements eurostat delegation cooperation solidarity solidarite press presse media publishing editions company \
        corporation agence";
    let arabic = "الإحصاء للإحصاء إحصاء الوطنية الوطني الهلال الأحمر بريد البريد التعاون المملكة الجمهورية حكومة الحكومة إدارة شبكة هيئة الهيئة \
        المجلس اللجنة الوكالة الجامعة الوزارة المديرية المعهد المركز المكتب الجمعية المؤسسة المنظمة الصندوق البنك الاتحاد مصلحة المصلحة ديوان \
        الديوان قطاع المغرب الجزائر تونس ليبيا مصر الهجرة";
    known.split_whitespace().chain(arabic.split_whitespace()).map(fold).collect()
});

/// Given names that are common around the Mediterranean and in the catalogues of archives, folded. A name with one of them is a person's,
/// unless a word of an organisation stands in it.
static GIVEN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let known = "abdallah abdelaziz abdelkader abdellah abderrahim abderrahmane abdul adam adrien agnes ahmad ahmed aicha alain albert alejandro \
        alexander alexandra alexandre ali alice amal amina amine amir amira ana andre andrea andreas andrew angela ann anna anne annette anthony \
        antoine antonio arthur asma aziz bernard bob brahim brigitte bruno carla carlos carmen caroline catherine cecile charles chiara \
        christian christine christoph christophe claire claude clara daniel daniela david deborah denis diana diego dominique driss edward \
        elena elisabeth elizabeth emily emma eric erik eva fatiha fatima fatma fernando francesca francesco francis francisco francois francoise \
        frank franck frederic gabriel george georges gerard giovanni giulia gilles guillaume habib hamid hamza hanna hans hassan helen helene \
        henri henry hicham hugo hussein ibrahim imane irene isabelle ismail ivan jacques jamal james jan jane janet javier jean jeanne jennifer \
        jerome joao johan johannes john jonathan jorge jose josef joseph juan julia julie julien karen karim karin karl katharina khadija khaled \
        khalid lars latifa laura laure laurence laurent leila linda lisa lorenzo louis louise luca lucia lucie luis luc mahmoud malika manuel \
        marc marco marcel margaret maria marianne marie marina mario mark marta martin martine mary mathieu matteo matthew maurice maxime \
        mehdi meryem michael michel michele miguel mohamed mohammad mohammed mona monica monique mostafa mounir muhammad mustafa mustapha nabil \
        nadia naima nathalie nicolas nicole nora noura olga olivier omar oscar othmane pablo paola paolo pascal patricia patrick paul paula \
        pauline pedro peter philip philippe pierre rachel rachid rachida rafael rania raul rebecca rene richard rita robert roberto roger \
        romain rosa said saida salah salim salma samia samir samira sandra sara sarah sebastien serge simon simone sofia sonia sophie stefan \
        stephane stephanie stephen steven susan sylvie tarik teresa thierry thomas tim valerie vanessa vera veronique victor vincent virginie \
        walid william xavier yacine yasmine yassine youssef yusuf yves yvonne zahra zakaria zineb";
    let arabic = "محمد أحمد فاطمة عبد علي حسن حسين خديجة عائشة يوسف إبراهيم عمر مريم خالد سعيد مصطفى نادية كريم ليلى زينب أمينة رشيد سلمى سعاد نورة سارة هند إيمان سناء لطيفة رشيد
        رشيدة نجاة بشرى أسماء هشام طارق ياسين ياسمين سمير سميرة جمال كمال فؤاد رضا أنس عثمان عبدالله عبدالرحمن عبدالقادر عبدالعزيز عبدالرحيم
        إدريس إسماعيل بلال حمزة زكريا زهرة شيماء صلاح عادل عماد كنزة مراد منى منير نبيل نجيب نعيمة هدى وفاء وليد يونس يحيى أمين أمير أنور
        حميد حبيب حياة رانيا رفيق ريم سامي سامية سليم سليمان سمية شكري صالح صباح عزيز عزيزة عصام غسان فريد فريدة فيصل لمياء ماجد مالك
        مجيد محمود مهدي ناصر نادر نزار نوال هاجر هناء وسام أيوب جميلة جليلة حكيم ربيع رحمة زياد سهام طه عفاف عمار ماريا مروان نور";
    known.split_whitespace().chain(arabic.split_whitespace()).map(fold).collect()
});

/// Words before the name of a person, folded.
const TITLES: [&str; 25] = [
    "dr",
    "prof",
    "professor",
    "professeur",
    "pr",
    "mr",
    "mrs",
    "ms",
    "mme",
    "mlle",
    "madame",
    "monsieur",
    "docteur",
    "د",
    "ا",
    "ذ",
    "م",
    "الدكتور",
    "الدكتوره",
    "الاستاذ",
    "الاستاذه",
    "السيد",
    "السيده",
    "الانسه",
    "المهندس",
];
/// Parts of names of persons that are written small.
const PARTICLES: [&str; 20] =
    ["de", "da", "do", "dos", "del", "della", "di", "van", "von", "der", "den", "ben", "bin", "bint", "el", "al", "ould", "du", "le", "la"];
/// What stands between two of several names.
const BETWEEN: [&str; 6] = [" and ", " et ", " & ", " und ", " y ", " و "];

/// Whether a word of a name is one that organisations have in theirs.
pub fn is_organisation(name: &str) -> bool {
    names_organisation(name) || name.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&fold(word)))
}

/// What the spelling of a name, or of several between semicolons or with an "and", tells. A function in brackets behind it and an institution
/// behind a comma are no part of the name.
pub fn spelling(name: &str) -> Spelling {
    let name = without_brackets(name).replace('،', ",");
    let one = name.split(';').map(of_one).max().unwrap_or(Spelling::OfNoPerson);
    let between = BETWEEN.iter().find(|word| name.contains(*word)).filter(|_| one == Spelling::OfNoPerson && !is_organisation(&name));
    between.map_or(one, |word| name.split(word).map(of_one).min().unwrap_or(one))
}

/// Whether a person is named somewhere in a text: by a given name beside another word with a capital letter, or by initials beside one.
pub fn names_somebody(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.')).collect();
    let is_given = |word: &str| word.trim_end_matches('.').split('-').any(|part| GIVEN.contains(&fold(part))) && is_capitalised(word);
    let is_lettered = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next() == Some('.')
    };
    let is_name = |word: &str| is_capitalised(word) && word.chars().filter(|c| c.is_lowercase()).count() > 1 && !is_organisation(word);
    let are = |one: &str, other: &str| (is_given(one) || is_lettered(one)) && is_name(other);
    words.windows(2).any(|pair| matches!(pair, [one, other] if are(one, other) || are(other, one)))
}

/// A text with something in the place of the names of persons in it: of a given name with the words beside it that are written as names are.
/// None where there is no such name.
pub fn without_names(text: &str, mark: &str) -> Option<String> {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let plain: Vec<&str> = words.iter().map(|word| word.trim_matches(|c: char| !c.is_alphabetic())).collect();
    let is_given = |word: &str| is_capitalised(word) && word.split('-').any(|part| GIVEN.contains(&fold(part)));
    let is_small = |word: &str| PARTICLES.contains(&fold(word).as_str());
    let is_name = |word: &str| {
        let is_large = word.chars().count() > 2 && word.chars().all(char::is_uppercase);
        is_word(word) && (is_capitalised(word) || is_large) && word.chars().count() > 2 && !is_organisation(word)
    };
    let mut hidden = vec![false; words.len()];
    for at in (0..words.len()).filter(|at| plain.get(*at).is_some_and(|word| is_given(word))) {
        // The family name stands behind the given name, perhaps after a particle, or before it.
        let behind = (at + 1..plain.len()).take(3).find(|next| plain.get(*next).is_some_and(|word| !is_small(word)));
        let is_named = |place: &usize| plain.get(*place).is_some_and(|word| is_name(word));
        let range = match (behind.filter(is_named), at.checked_sub(1).filter(is_named)) {
            (Some(next), _) => at..=next,
            (None, Some(last)) => last..=at,
            (None, None) => continue,
        };
        hidden.get_mut(range).into_iter().flatten().for_each(|word| *word = true);
    }
    if !hidden.contains(&true) {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        let is_hidden = hidden.get(at) == Some(&true);
        match (is_hidden, hidden.get(at + 1) == Some(&true)) {
            (false, _) => masked.push_str(word),
            (true, true) => {}
            (true, false) => {
                masked.push_str(mark);
                masked.push_str(
                    word.trim_start_matches(|c: char| !c.is_alphabetic()).trim_start_matches(plain.get(at).copied().unwrap_or_default()),
                );
            }
        }
    }
    Some(masked)
}

/// A name without what stands in brackets.
fn without_brackets(name: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

fn of_one(name: &str) -> Spelling {
    let pieces: Vec<&str> = name.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
    match pieces[..] {
        [family, given, ref rest @ ..] => turned(family, given, rest),
        [name] => straight(name),
        [] => Spelling::OfNoPerson,
    }
}

/// A family name, a comma and given names; behind them perhaps others, or where the person works.
fn turned(family: &str, given: &str, rest: &[&str]) -> Spelling {
    let is_name = |part: &str| (1..=4).contains(&part.split_whitespace().count()) && part.split_whitespace().all(is_word);
    let is_given = given.split_whitespace().all(|word| is_initial(word) || is_small(word))
        || given.split(|c: char| !c.is_alphabetic()).any(|word| GIVEN.contains(&fold(word)));
    // A family name may be such a word too.
    let is_house = is_organisation(family) && !(is_given && family.split_whitespace().count() == 1);
    if !is_name(family) || !is_name(given) || is_house || is_organisation(given) {
        // `Jean Dupont, Université de Rabat`: where a person works stands behind the name.
        return if is_name(family) && !is_organisation(family) { straight(family).min(Spelling::OfAPerson) } else { Spelling::OfNoPerson };
    }
    let is_acronym = family.chars().all(|c| !c.is_lowercase()) && family.chars().count() > 1 && !family.chars().any(is_arabic);
    match (is_given, rest.is_empty()) {
        (true, _) => Spelling::OfAPerson,
        (false, true) if is_acronym => Spelling::Open,
        (false, true) if is_capitalised(family) && is_capitalised(given) => Spelling::OfAPerson,
        (false, true) => Spelling::Open,
        // `INS, Tunis, 2020`.
        (false, false) => Spelling::OfNoPerson,
    }
}

/// Given names before the family name.
fn straight(name: &str) -> Spelling {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let is_title = |word: &&str| TITLES.contains(&fold(word.trim_end_matches('.')).as_str());
    let has_title = words.len() > 1 && words.first().is_some_and(is_title);
    words.retain(|word| !is_title(word));
    let named = words.iter().filter(|word| !is_small(word) && !is_initial(word)).count();
    let is_name = (1..=6).contains(&words.len()) && named >= 1 && words.iter().all(|word| is_word(word));
    if !is_name || is_organisation(name) || !(has_title || words.len() > 1) {
        return Spelling::OfNoPerson;
    }
    let is_given = |word: &&str| word.split('-').any(|part| GIVEN.contains(&fold(part)));
    let is_single_initial = |word: &&str| is_initial(word) && word.chars().filter(|c| c.is_alphabetic()).count() == 1;
    let begins = words.first().is_some_and(is_given) || (words.len() == 2 && words.iter().any(is_given));
    let is_written_large = words.iter().all(|word| is_capitalised(word) || is_small(word) || is_initial(word));
    if has_title || begins || (words.iter().any(is_single_initial) && is_written_large) {
        Spelling::OfAPerson
    } else if is_written_large && named + words.iter().filter(|word| is_initial(word)).count() >= 2 && words.len() <= 4 {
        Spelling::Open
    } else {
        Spelling::OfNoPerson
    }
}

fn is_word(word: &str) -> bool {
    word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '\u{064b}'..='\u{0652}'))
        && word.chars().any(char::is_alphabetic)
}

/// `J.`, `J`, `J.-P.`, `C.C.`.
fn is_initial(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_large = word.chars().all(|c| !c.is_lowercase()) && !word.chars().any(is_arabic);
    is_large && (letters == 1 || (word.contains('.') && (1..=4).contains(&letters)))
}

fn is_small(word: &str) -> bool {
    PARTICLES.contains(&word) || word.strip_suffix(['\'', '’']).is_some_and(|d| d.eq_ignore_ascii_case("d"))
}

/// A capital letter and small ones, in each part between hyphens that is not written small.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_persons_are_told_from_those_of_organisations() {
        for name in [
            "Dupont, Jean",
            "Jean Dupont",
            "Benali, F. Z.",
            "Joye, Dominique (resp.)",
            "Hood, C.C., University of York",
            "Jean Dupont, Université de Rabat",
            "Dr Aïcha Benali",
            "J. Smith",
            "Jean DUPONT",
            "DUPONT Jean",
            "Jean-Pierre van der Berg",
            "Jean Dupont et Marie Martin",
            "Dupont, Jean; Martin, Marie",
            "Famille, Prénom",
            "Ong, Peter",
            "محمد بن علي",
            "د. محمد العلمي",
            "د. فاطمة الزهراء الإدريسي",
            "الأستاذ محمد العلمي",
            "الأستاذة ثورية بناني",
            "سعاد بناني",
        ] {
            assert_eq!(spelling(name), Spelling::OfAPerson, "{name}");
        }
        for name in ["Wirtz Kofler", "Abeba Tsegaye Haile", "ABC, Rabat"] {
            assert_eq!(spelling(name), Spelling::Open, "{name}");
        }
        for name in [
            "Direction de la statistique",
            "Bureau",
            "IOM",
            "Office National",
            "Observatoire des migrations",
            "UNHCR Morocco",
            "INS, Tunis, 2020",
            "Statistics Canada",
            "Entraide Nationale",
            "Croissant Rouge",
            "Barid Al-Maghrib",
            "Oxfam Maroc",
            "REACH Initiative",
            "Ministry of Health and Social Care",
            "Labour Statistics Division",
            "Institut national de la statistique, Tunis",
            "جامعة محمد الخامس",
            "م. الإحصاء",
            "وزارة العدل",
            "المندوبية السامية للتخطيط",
            "https://example.org/a",
            "",
        ] {
            assert_eq!(spelling(name), Spelling::OfNoPerson, "{name}");
        }
        for text in ["In: Nom, A. (dir.)", "Copyright C.C. Hood", "Eds. Anne Nom & Jean Autre", "(toim. Nom, Anne)"] {
            assert!(names_somebody(text), "{text}");
        }
        for (text, wanted) in [
            ("Tel. Samira Tazi 0661234567", Some("Tel. (name) 0661234567")),
            ("Écrire à Fatima Zahra El Idrissi, ou à Jean DUPONT (poste 4).", Some("Écrire à (name), ou à (name) (poste 4).")),
            ("saisi par TAZI Samira", Some("saisi par (name)")),
            ("Samira", None),
            ("Enquête de Sara", None),
            ("Table A. Household roster, Jan 2018", None),
        ] {
            assert_eq!(without_names(text, "(name)").as_deref(), wanted, "{text}");
        }
        for text in ["Les retours. Rabat, 1998", "U.S. Census Bureau", "Haut-commissariat au plan (2014) Recensement", "Sara"] {
            assert!(!names_somebody(text), "{text}");
        }
    }
}
