use super::builders::{csv, docx, odt, pdf, rows, xlsx};
use super::{accepted, refused};

/// Invented names and numbers.
const FIRST: [&str; 8] = ["Alma", "Bilo", "Cora", "Dani", "Elmo", "Fara", "Gino", "Hela"];
const LAST: [&str; 6] = ["Testi", "Essai", "Modelo", "Muster", "Demo", "Esempio"];
const ARABIC: [&str; 6] = ["مثال", "تجربة", "نموذج", "عينة", "شاهد", "دليل"];

fn name(index: usize) -> String {
    format!("{} {}", FIRST[index % 8], LAST[index % 6])
}

fn arabic(index: usize) -> String {
    format!("{} {}", ARABIC[index % 6], ARABIC[(index / 2 + 1) % 6])
}

fn born(index: usize) -> String {
    format!("{:04}-{:02}-{:02}", 1950 + index % 50, index % 12 + 1, index % 28 + 1)
}

/// A heading and rows, one a number.
fn table(heading: &str, count: usize, row: impl Fn(usize) -> String) -> Vec<Vec<String>> {
    let lines: Vec<String> = std::iter::once(heading.to_owned()).chain((0..count).map(row)).collect();
    rows(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The table in each kind of document.
fn kinds(table: &[Vec<String>]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a.csv", csv(table, ";")),
        ("b.csv", csv(table, "\t")),
        ("c.txt", csv(table, "^")),
        ("d.txt", csv(table, "~")),
        ("a.xlsx", xlsx(&[rows(&["Notes"]), table.to_vec()])),
        ("a.docx", docx(&["Annexe".to_owned()], table)),
        ("a.odt", odt(&["Annexe".to_owned()], table)),
        ("a.pdf", pdf(table)),
    ]
}

#[test]
fn tables_of_persons_are_refused_in_every_kind_and_language() {
    for (table, what) in [
        (
            table("Nom|Prénom|Date de naissance|CIN", 30, |i| {
                format!("{}|{}|{}|AB{:06}", LAST[i % 6], FIRST[i % 8], born(i), 100_000 + i * 37)
            }),
            "dates of birth",
        ),
        (
            table("Full name|Passport no.|Nationality", 12, |i| format!("{}|XY{:07}|Mali", name(i), 1_000_000 + i * 7_919)),
            "identity documents",
        ),
        (
            table("الاسم الكامل|تاريخ الازدياد|رقم الهاتف", 9, |i| {
                format!("{}|{}|06{:08}", arabic(i), born(i), 12_345_678 + i * 991)
            }),
            "dates of birth",
        ),
        (table("ref|individual|contact", 8, |i| format!("{i}|{}|+2126{:08}", name(i), 12_345_678 + i * 991)), "telephone numbers"),
        (table("UNHCR case number|Sex|Age", 15, |i| format!("385-{:02}C{:05}|F|{}", 10 + i % 9, 10_000 + i * 13, 18 + i)), "cases"),
        (
            table("id|sexe|âge|nationalité", 40, |i| format!("{}|{}|{}|Sénégal", 5_000 + i, ["M", "F"][i % 2], 18 + i % 40)),
            "keys of single records",
        ),
        (table("a|b", 7, |i| format!("{}|{}", name(i), born(i))), "names of persons"),
    ] {
        for (file, bytes) in kinds(&table) {
            let told = refused(file, &bytes);
            assert!(told.starts_with("persons: ") && told.contains(what), "{file}: {told}");
        }
    }
}

#[test]
fn a_refusal_says_where_and_what_but_repeats_no_value() {
    let table = table("N°|Nom et prénom|CIN", 240, |i| format!("{i}|{}|AB{:06}", name(i), 100_000 + i * 37));
    let told = refused("a.xlsx", &xlsx(&[rows(&["Lisez-moi"]), table]));
    assert!(told.contains("sheet 2: column 3 “CIN” with 240 values that look like numbers of identity documents"), "{told}");
    assert!(told.contains("send a description instead"), "{told}");
    for value in ["AB100", "Alma", "Testi"] {
        assert!(!told.contains(value), "{told}");
    }
}

#[test]
fn a_table_without_headings_under_a_title_or_below_another_table_is_found() {
    let persons: Vec<String> = (0..9).map(|i| format!("{i}|{}|{}|AB{:06}", name(i), born(i), 100_000 + i * 37)).collect();
    let persons: Vec<&str> = persons.iter().map(String::as_str).collect();
    let bare = rows(&persons);
    let titled = rows(&[&["Liste des bénéficiaires", "Année 2020", "n|nom complet|né(e) le|n° cin"], persons.as_slice()].concat());
    let totals: Vec<String> = (0..20).map(|i| format!("Région {i}|{}|{}|{}", i * 3, i * 4, i * 5)).collect();
    let mut below: Vec<&str> = vec!["Région|Hommes|Femmes|Total"];
    below.extend(totals.iter().map(String::as_str));
    below.push("n|nom complet|date de naissance|cin");
    below.extend(&persons);
    for table in [bare, titled, rows(&below)] {
        for (file, bytes) in kinds(&table) {
            assert!(refused(file, &bytes).starts_with("persons: "), "{file}");
        }
    }
}

#[test]
fn running_text_that_lists_persons_is_refused() {
    let born = |i: usize| format!("{}/{}/{}", i % 28 + 1, i % 12 + 1, 1950 + i);
    for (lines, what) in [
        ((0..6).map(|i| format!("{}, née le {} à Ville, dossier suivi", name(i), born(i))).collect::<Vec<_>>(), "dates of birth"),
        ((0..6).map(|i| format!("{} - مزداد بتاريخ {}", arabic(i), born(i))).collect(), "dates of birth"),
        ((0..6).map(|i| format!("Entretien {i} avec la personne de CIN n° AB{:06}.", 100_000 + i * 37)).collect(), "identity documents"),
        ((0..6).map(|i| format!("Contact: user{i}@gmail.com")).collect(), "private persons"),
        ((0..30).map(|i| format!("Contact: first{i}.last{i}@company.example")).collect(), "personal mailboxes"),
        ((0..7).map(|i| format!("{i}. {} tel 06{:08}", name(i), 12_345_678 + i * 991)).collect(), "beside a date of birth, a telephone"),
        ((0..5).map(|i| format!("cas 385-14C{:05} ouvert", 10_000 + i)).collect(), "UNHCR"),
    ] {
        let cells: Vec<Vec<String>> = lines.iter().map(|line| vec![line.clone()]).collect();
        for (file, bytes) in
            [("a.txt", lines.join("\n").into_bytes()), ("a.docx", docx(&lines, &[])), ("a.odt", odt(&lines, &[])), ("a.pdf", pdf(&cells))]
        {
            let told = refused(file, &bytes);
            assert!(told.contains(what), "{file}: {told}");
        }
    }
}

#[test]
fn tables_that_are_no_records_on_persons_come_in() {
    let regions = ["Souss-Massa", "Oriental", "Fès-Meknès", "Marrakech-Safi", "Drâa-Tafilalet", "Casablanca-Settat", "جهة الشرق"];
    let houses =
        ["Ministère de l’Essai", "University of Samples", "Institut du Modèle", "Centre d’Exemple", "وزارة التجربة", "Office du Test"];
    for (what, table) in [
        (
            "totals",
            table("Région|Année|Hommes|Femmes|Passeports|Total", 60, |i| {
                format!(
                    "{}|{}|{}|{}|{}|{}",
                    regions[i % 7],
                    2004 + i % 15,
                    1_200 + i * 17,
                    1_300 + i * 11,
                    98_000 + i * 9_731,
                    2_500 + i * 28
                )
            }),
        ),
        ("ages", table("Age|Sex|Population", 80, |i| format!("{i}|{}|{}", ["M", "F"][i % 2], 31_000 - i * 211))),
        (
            "codebook",
            table("Variable|Libellé|Type|Longueur", 9, |i| {
                format!(
                    "q{i}|{}|{}|{}",
                    ["Date de naissance", "Nom et prénom", "CIN", "N° de passeport", "Adresse", "Téléphone", "Sexe", "Âge", "E-mail"][i],
                    ["date", "texte"][i % 2],
                    8 + i
                )
            }),
        ),
        (
            "codebook",
            table("name|label|values", 8, |i| {
                format!(
                    "{}|{}|1={}",
                    ["dob", "passport", "gps_lat", "phone", "email", "sex", "age", "nat"][i],
                    ["Date of birth", "Passport number", "GPS latitude", "Phone number", "E-mail", "Sex", "Age", "Nationality"][i],
                    i
                )
            }),
        ),
        (
            "codebook",
            table("اسم المتغير|التعريف|النوع", 6, |i| {
                format!("v{i}|{}|نص", ["تاريخ الميلاد", "الاسم الكامل", "رقم جواز السفر", "الهاتف", "العنوان", "الجنس"][i])
            }),
        ),
        (
            "mailboxes",
            table("Institution|E-mail|Téléphone|Site web|Adresse", 10, |i| {
                format!(
                    "{} {i}|contact{i}@house{i}.example|+2125370000{i:02}|https://house{i}.example|{i}, avenue du Modèle, Ville",
                    houses[i % 6]
                )
            }),
        ),
        ("mailboxes", table("المؤسسة|البريد الإلكتروني", 10, |i| format!("وزارة التجربة {i}|contact@house{i}.example"))),
        (
            "team",
            table("Name|Function|Institution|E-mail", 8, |i| {
                format!(
                    "{}|Researcher|University of Samples|{}.{}@uni.example",
                    name(i),
                    FIRST[i].to_lowercase(),
                    LAST[i % 6].to_lowercase()
                )
            }),
        ),
        ("budget", table("Poste|Unité|Quantité|Coût|Total", 14, |i| format!("Enquêteur {i}|jour|{}|{}|{}", 10 + i, 350, (10 + i) * 350))),
        ("calendar", table("Activité|Début|Fin", 10, |i| format!("Collecte {i}|2026-0{}-01|2026-0{}-28", i % 9 + 1, i % 9 + 1))),
        (
            "treaties",
            table("Country|Date of ratification|Depositary", 12, |i| {
                format!("{}|{}-03-1{}|UN", ["France", "Mali", "Niger", "Ghana", "Chad", "Togo"][i % 6], 1951 + i * 3, i % 9)
            }),
        ),
        (
            "bibliography",
            table("Author|Title|Year|DOI", 12, |i| format!("{}|Migration and data, part {i}|{}|10.1000/xyz{i:04}", name(i), 1995 + i)),
        ),
        ("inventory", table("id|title|sex|age|nationality", 12, |i| format!("ds{i}|Series {i}|1|{}|1", i % 2))),
        (
            "points",
            table("Poste frontière|Latitude|Longitude|Passages", 9, |i| {
                format!("Poste {i}|3{}.12345|-{}.54321|{}", i % 6, i % 9, 1_000 + i * 37)
            }),
        ),
    ] {
        for (file, bytes) in kinds(&table) {
            let document = accepted(file, &bytes);
            assert!(document.has_text, "{what} in {file}");
        }
    }
}

#[test]
fn texts_that_are_no_lists_of_persons_come_in() {
    let protocol = [
        "Research protocol. The questionnaire asks for the date of birth, the passport number and the nationality of each member.",
        "Responsable : Alma Testi, alma.testi@uni.example, tél. +212 5 37 00 00 00, née le 12/03/1980.",
        "البريد الإلكتروني للتواصل: contact@house.example، الهاتف 0537000000",
        "Funding: account MA64 0115 1900 0001 2050 0053 4921, amount 120 000 MAD, from 01/03/2026 to 31/12/2026.",
        "Law 09-08 of 18/02/2009; decree 2-09-165; Bulletin officiel 5714 of 05/03/2009; Law 02-03; Law 31-13; Law 001-71.",
    ]
    .map(str::to_owned)
    .to_vec();
    let bibliography: Vec<String> = (0..25)
        .map(|i| {
            format!(
                "{}, B. ({}). Migration and data, part {i}. ISBN 978-2-1234-{:04}-{}. https://doi.org/10.1000/xyz{i:04}",
                LAST[i % 6],
                1990 + i,
                1_000 + i,
                i % 10
            )
        })
        .collect();
    let career: Vec<String> =
        (0..8).map(|i| format!("01/09/{} – 30/06/{}: Research Fellow, University of Samples", 2000 + i, 2001 + i)).collect();
    let houses: Vec<String> =
        (0..10).map(|i| format!("Institut Modèle {i}: contact@house{i}.example, www.house{i}.example, tél. +2125370000{i:02}")).collect();
    let laws: Vec<String> =
        (0..9).map(|i| format!("Dahir n° 1-0{i}-15 du {i}/02/200{i} portant promulgation de la loi n° 0{i}-08")).collect();
    for lines in [protocol, bibliography, career, houses, laws] {
        let cells: Vec<Vec<String>> = lines.iter().map(|line| vec![line.clone()]).collect();
        for (file, bytes) in
            [("a.txt", lines.join("\n").into_bytes()), ("a.docx", docx(&lines, &[])), ("a.odt", odt(&lines, &[])), ("a.pdf", pdf(&cells))]
        {
            accepted(file, &bytes);
        }
    }
}

#[test]
fn four_rows_are_an_example_and_a_masked_column_holds_nobody() {
    let few = table("Nom complet|CIN", 4, |i| format!("{}|AB{:06}", name(i), 100_000 + i * 37));
    let masked = table("Nom complet|CIN|Montant", 30, |i| format!("XXXX|******|{}", i * 100));
    for table in [few, masked] {
        for (file, bytes) in kinds(&table) {
            accepted(file, &bytes);
        }
    }
}

#[test]
fn a_long_list_of_people_at_work_and_a_list_with_private_mailboxes_are_refused() {
    let staff = |count: usize, house: &'static str| {
        table("Nom complet|Fonction|Institution|E-mail", count, move |i| {
            format!("{}|Chargé|Centre d’Essai|{}{i}.x@{house}", name(i), FIRST[i % 8].to_lowercase())
        })
    };
    accepted("a.csv", &csv(&staff(12, "uni.example"), ";"));
    refused("a.csv", &csv(&staff(40, "uni.example"), ";"));
}
