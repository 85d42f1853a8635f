//! Words by which headings of columns name what identifies a person, in Arabic, French and English.
//!
//! Sources: the direct and indirect identifiers of the *International Household Survey Network*'s and UNHCR's guides to
//! anonymisation of microdata; forms of registration of UNHCR (case and individual number), of the Moroccan civil registry and
//! identity card, and of residence permits. Words are compared folded (`domain::words::fold`), so case, accents and the
//! variants of Arabic letters do not matter.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::words::{fold, is_arabic};

/// What a column says about the person of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Trait {
    /// A person's name, by a heading that says so.
    Name,
    /// "Name", of whatever.
    SomeName,
    BirthDate,
    Identity,
    Case,
    Account,
    Biometric,
    Phone,
    Email,
    Address,
    Gps,
    /// A key of rows: "id".
    Record,
    /// A running number of rows: "N°".
    Order,
    Sex,
    Age,
    /// Other facts on one person: nationality, place of birth, family state.
    Fact,
    /// An organisation: then names and mailboxes are contacts.
    Organisation,
    /// A function within one.
    Function,
}

/// Headings, as they are written.
const WORDS: &[(Trait, &str)] = &[
    (
        Trait::Name,
        "full name, first name, given name, forename, surname, last name, family name, maiden name, middle name, \
        father's name, mother's name, name of father, name of mother, name of applicant, name of beneficiary, \
        name of respondent, beneficiary name, respondent name, applicant name, migrant name, patient name, \
        student name, name of head of household, nom et prénom, nom et prénoms, nom prénom, nom complet, prénom, \
        prénoms, prénom et nom, nom de famille, nom de jeune fille, nom patronymique, nom du bénéficiaire, \
        nom du demandeur, nom du migrant, nom du répondant, nom de l'enquêté, nom du patient, nom du père, \
        nom de la mère, nom du chef de ménage, nom du conjoint, الاسم الكامل, الاسم العائلي, الاسم الشخصي, \
        الاسم واللقب, الاسم والنسب, اللقب, النسب, اسم الأب, اسم الأم, اسم المستفيد, اسم المهاجر, اسم رب الأسرة, \
        اسم الزوج, الاسم الأول, اسم العائلة, الاسم الثلاثي",
    ),
    (Trait::SomeName, "name, names, nom, noms, الاسم, اسم, الأسماء"),
    (
        Trait::BirthDate,
        "date of birth, birth date, birthdate, birthday, dob, born on, date de naissance, date naissance, date naiss, \
        ddn, né le, né(e) le, née le, تاريخ الميلاد, تاريخ الازدياد, تاريخ الولادة, تاريخ ميلاد",
    ),
    (
        Trait::Identity,
        "passport, passport number, passport no, passport id, passeport, n° passeport, n° de passeport, \
        numéro de passeport, num passeport, n° du passeport, CIN, CNIE, CNI, n° CIN, n° de CIN, n° CNIE, numéro CIN, \
        numéro de CIN, CIN number, carte nationale, carte d'identité, numéro de carte d'identité, \
        n° carte d'identité, pièce d'identité, n° pièce d'identité, numéro de pièce d'identité, national id, \
        national id number, national identity number, identity number, identity card, identity card number, id card, \
        id card number, id number, id document number, NIN, NIR, SSN, social security number, \
        numéro de sécurité sociale, n° sécurité sociale, CNSS number, n° CNSS, numéro CNSS, DNI, NIE, \
        carte de séjour, n° carte de séjour, numéro de carte de séjour, titre de séjour, n° titre de séjour, \
        numéro de titre de séjour, residence permit number, residence card number, permit number, visa number, \
        numéro de visa, n° visa, driving licence number, tax number, identifiant fiscal, رقم البطاقة الوطنية, \
        البطاقة الوطنية, رقم البطاقة, رقم بطاقة التعريف, رقم بطاقة التعريف الوطنية, بطاقة التعريف, رقم جواز السفر, \
        جواز السفر, رقم الجواز, رقم الهوية, رقم بطاقة الإقامة, بطاقة الإقامة, رقم التأشيرة, الرقم الوطني, \
        رقم الضمان الاجتماعي",
    ),
    (
        Trait::Case,
        "case number, case no, case id, file number, file no, UNHCR number, UNHCR id, UNHCR case number, UNHCR no, \
        individual number, proGres id, registration number, registration no, asylum number, asylum seeker number, \
        beneficiary id, beneficiary number, refugee number, numéro de dossier, n° dossier, n° de dossier, \
        num dossier, numéro HCR, n° HCR, numéro UNHCR, numéro d'enregistrement, n° d'enregistrement, \
        numéro de bénéficiaire, n° bénéficiaire, numéro d'immatriculation, n° d'immatriculation, matricule, \
        رقم الملف, رقم المفوضية, رقم التسجيل, رقم الحالة, رقم المستفيد, رقم طلب اللجوء, رقم اللاجئ",
    ),
    (
        Trait::Account,
        "IBAN, RIB, bank account, bank account number, account number, compte bancaire, n° de compte, \
        numéro de compte, الحساب البنكي, رقم الحساب, رقم الحساب البنكي",
    ),
    (
        Trait::Biometric,
        "fingerprint, fingerprints, fingerprint id, biometric, biometrics, biometric id, iris, face id, empreinte, \
        empreintes, empreinte digitale, empreintes digitales, biométrie, identifiant biométrique, البصمة, بصمة, \
        البصمات, البيانات البيومترية",
    ),
    (
        Trait::Phone,
        "phone, phone number, phone no, telephone, telephone number, tel, tél, téléphone, n° tél, n° de téléphone, \
        numéro de téléphone, num tél, GSM, mobile, mobile number, mobile phone, cell, cell phone, whatsapp, portable, \
        contact number, contact, contacts, الهاتف, هاتف, رقم الهاتف, الهاتف المحمول, الهاتف النقال, المحمول, الجوال, \
        واتساب",
    ),
    (
        Trait::Email,
        "email, e-mail, mail, email address, e-mail address, courriel, adresse e-mail, adresse mail, adresse email, \
        adresse électronique, adresse courriel, البريد الإلكتروني, بريد إلكتروني, الإيميل, العنوان الإلكتروني",
    ),
    (
        Trait::Address,
        "address, home address, postal address, street, street address, adresse, adresse postale, adresse personnelle, \
        domicile, adresse de résidence, العنوان, عنوان السكن, محل السكنى, عنوان الإقامة, مقر السكنى",
    ),
    (
        Trait::Gps,
        "GPS, GPS coordinates, coordinates, latitude, longitude, lat, lon, lng, GPS latitude, GPS longitude, \
        coordonnées GPS, coordonnées, خط العرض, خط الطول, الإحداثيات, إحداثيات",
    ),
    (
        Trait::Record,
        "id, ID no, identifier, uuid, person id, individual id, respondent id, household id, hhid, pid, identifiant, \
        identifiant unique, code individu, id individu, id ménage, code ménage, identifiant individu, code enquêté, \
        numéro individu, n° individu, numéro ménage, numéro de ménage, n° ménage, hh id, household number, household no, \
        person number, person no, member id, line number, record id, questionnaire id, questionnaire number, \
        questionnaire no, interview id, form number, numéro de questionnaire, n° questionnaire, n° de questionnaire, \
        n° fiche, numéro de fiche, المعرف, رقم الفرد, معرف الفرد, رقم الأسرة, رمز الفرد, رقم الاستمارة, رقم الاستبيان",
    ),
    (
        Trait::Order,
        "no, nr, num, numéro, n° ordre, n° d'ordre, numéro d'ordre, serial no, serial number, sr no, sl no, s no, \
        seq, seq no, row number, رقم, الرقم الترتيبي, رقم ترتيبي",
    ),
    (Trait::Sex, "sex, gender, sexe, genre, الجنس, النوع الاجتماعي, النوع"),
    (Trait::Age, "age, âge, age in years, âge en années, السن, العمر"),
    (
        Trait::Fact,
        "nationality, citizenship, country of origin, place of birth, country of birth, year of birth, birth year, \
        yob, year birth, birth country, country origin, origin country, nat, marital status, religion, ethnicity, date of arrival, arrival date, legal status, nationalité, citoyenneté, \
        pays d'origine, pays origine, lieu de naissance, lieu naissance, pays de naissance, pays naissance, année de naissance, \
        année naissance, an de naissance, situation familiale, \
        état matrimonial, état civil, date d'arrivée, statut juridique, situation administrative, الجنسية, بلد الأصل, \
        مكان الميلاد, مكان الازدياد, بلد الميلاد, بلد الازدياد, سنة الميلاد, سنة الازدياد, الحالة العائلية, الحالة الاجتماعية, الحالة المدنية, \
        تاريخ الوصول, الوضع القانوني, الديانة",
    ),
    (
        Trait::Organisation,
        "institution, institution name, name of institution, organisation, organization, organisation name, \
        organization name, name of organisation, name of organization, agency, ministry, department, affiliation, \
        employer, NGO, association, partner, company, university, laboratory, centre, center, office, unit, \
        structure, organisme, nom de l'institution, nom de l'organisme, établissement, ministère, direction, service, \
        ONG, partenaire, employeur, université, laboratoire, entité, bureau, dénomination, raison sociale, المؤسسة, \
        اسم المؤسسة, الهيئة, المنظمة, الجهة, القطاع, الإدارة, الوزارة, المديرية, الجمعية, المصلحة, الشريك, الجامعة, \
        المختبر",
    ),
    (
        Trait::Function,
        "function, position, role, job title, job, title, responsibility, fonction, poste, rôle, qualité, grade, \
        titre, responsabilité, الوظيفة, الصفة, المهمة, الدور, المنصب, الإطار",
    ),
];

/// Words that make a heading a count, a share, a code list or the fact of having something: not an identifier.
const NOT_WORDS: &str = "number of, count, total, share, rate, percent, percentage, average, median, variable, label, type, kind, issued, \
    valid, delivered, available, yes, nombre, nombre de, nb, effectif, effectifs, part, taux, pourcentage, moyenne, \
    médiane, libellé, modalité, délivrés, disponible, oui, group, groups, groupe, groupes, tranche, class, classe, \
    عدد, مجموع, نسبة, معدل, متوسط, متغير, نوع, فئة, فئات";

/// A heading that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) means: Trait,
    /// The words of the list, not of the file: a cell is never repeated.
    pub(super) words: &'static str,
}

struct Lexicon {
    headings: HashMap<String, Heading>,
    not: Vec<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut headings = HashMap::new();
    for (means, words) in WORDS {
        for words in words.split(", ") {
            headings.entry(plain(words)).or_insert(Heading { means: *means, words });
        }
    }
    // The article is left out in many headings. Of organisations, titles and names it makes a difference: `جهة` is a region.
    let keeps_article = |means: &Trait| matches!(means, Trait::Organisation | Trait::Function | Trait::Address | Trait::SomeName);
    for (means, words) in WORDS.iter().filter(|(means, _)| !keeps_article(means)) {
        for words in words.split(", ").filter(|words| words.chars().any(is_arabic)) {
            headings.entry(without_article(&plain(words))).or_insert(Heading { means: *means, words });
        }
    }
    Lexicon { headings, not: NOT_WORDS.split(", ").map(plain).collect() }
});

/// Words of a heading at most.
const MAX_WORDS: usize = 8;

/// What a cell says if it is a heading.
pub(super) fn heading(cell: &str) -> Option<Heading> {
    if cell.is_empty() || cell.chars().count() > 60 {
        return None;
    }
    // The sign of numbers alone; the letter alone is a count.
    if matches!(cell.trim().trim_end_matches([':', '.']), "N°" | "n°" | "Nº" | "nº" | "№" | "#") {
        return Some(Heading { means: Trait::Order, words: "n°" });
    }
    let folded = plain(cell);
    let found = look_up(&folded);
    if found.is_some() || !cell.chars().any(is_arabic) {
        return found;
    }
    // PDF keeps Arabic letters in the order of drawing, from left to right.
    look_up(&without_article(&folded)).or_else(|| look_up(&plain(&cell.chars().rev().collect::<String>())))
}

fn look_up(cell: &str) -> Option<Heading> {
    if let Some(found) = LEXICON.headings.get(cell) {
        return Some(*found);
    }
    let words: Vec<&str> = cell.split(' ').collect();
    if words.len() > MAX_WORDS {
        return None;
    }
    // The longest run of words that is in the list; a single word counts only where little stands beside it.
    for length in (1..words.len()).rev() {
        for start in 0..=words.len() - length {
            let found = LEXICON.headings.get(&words[start..start + length].join(" "));
            let weak = length == 1 && words.len() > 3;
            let vague = found.is_some_and(|found| matches!(found.means, Trait::SomeName | Trait::Record | Trait::Order));
            if let Some(found) = found.filter(|_| !(weak || vague && length < words.len())) {
                return if LEXICON.not.iter().any(|not| has_words(cell, not)) { None } else { Some(*found) };
            }
        }
    }
    None
}

fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let end = at + words.len();
        (at == 0 || text.as_bytes()[at - 1] == b' ') && (end == text.len() || text.as_bytes()[end] == b' ')
    })
}

/// Folded words without the Arabic article before each.
fn without_article(plain: &str) -> String {
    let bare = |word: &'_ str| word.strip_prefix("ال").filter(|rest| rest.chars().count() >= 2).unwrap_or(word).to_owned();
    plain.split(' ').map(bare).collect::<Vec<_>>().join(" ")
}

/// Headings of columns that count: alone, not with words that say of what.
const COUNTS: &str = "count, counts, number, total, frequency, freq, population, headcount, persons, people, individuals, cases, stock, flow, \
    nombre, effectif, effectifs, fréquence, personnes, individus, ensemble, stock, flux, عدد, العدد, مجموع, المجموع, التكرار, السكان, \
    عدد الأشخاص, عدد الأفراد, عدد السكان, nombre de personnes, number of persons, number of people, n";

static COUNTED: LazyLock<Vec<String>> = LazyLock::new(|| COUNTS.split(", ").map(plain).collect());

/// Whether a cell heads a column of counts.
pub(super) fn is_count(cell: &str) -> bool {
    cell.chars().count() <= 60 && heading(cell).is_none() && COUNTED.contains(&plain(cell))
}

/// Folded words parted by single spaces: `dateNaissance`, `date_naissance` and `Date de naissance :` become alike.
fn plain(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        // The sign of numbers (№, n°) is a word of its own.
        spaced.push_str(match c {
            '°' | 'º' => " ",
            '№' => "n ",
            _ => "",
        });
        if !matches!(c, '°' | 'º' | '№') {
            spaced.push(c);
        }
        before = c;
    }
    let folded = fold(&spaced);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let end = words.iter().rposition(|word| !word.chars().all(|c| c.is_ascii_digit())).map_or(0, |last| last + 1);
    words[..end].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood_in_three_languages_and_many_spellings() {
        for (cell, means) in [
            ("Date of birth (dd/mm/yyyy)", Trait::BirthDate),
            ("date_naissance", Trait::BirthDate),
            ("dateNaissance", Trait::BirthDate),
            ("DATE DE NAISSANCE", Trait::BirthDate),
            ("تاريخ الإزدياد", Trait::BirthDate),
            ("N° CIN", Trait::Identity),
            ("رقم البطاقة الوطنية للتعريف", Trait::Identity),
            ("Passport No.", Trait::Identity),
            ("Prénom", Trait::Name),
            ("الإسم العائلي", Trait::Name),
            ("Nom", Trait::SomeName),
            ("Téléphone 2", Trait::Phone),
            ("البريد الإلكتروني", Trait::Email),
            ("UNHCR Case Number", Trait::Case),
            ("Institution", Trait::Organisation),
            ("جنس", Trait::Sex),
            ("سن", Trait::Age),
            ("جنسية", Trait::Fact),
            ("الرقم", Trait::Order),
            ("N°", Trait::Order),
            ("No.", Trait::Order),
            ("case_id", Trait::Case),
            ("yob", Trait::Fact),
        ] {
            assert_eq!(heading(cell).map(|found| found.means), Some(means), "{cell}");
        }
    }

    #[test]
    fn counts_and_groups_are_not_identifiers() {
        for cell in [
            "Number of passports issued",
            "Nombre de dossiers",
            "عدد جوازات السفر",
            "Age group",
            "Tranche d’âge",
            "Région",
            "2018",
            "Total",
            "N",
            "Number",
            "جهة",
            "نوع البيانات",
            "رقم القانون",
            "Numéro de la loi",
        ] {
            assert_eq!(heading(cell), None, "{cell}");
        }
    }
}
