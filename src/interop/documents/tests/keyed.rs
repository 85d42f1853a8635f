//! Rows of one person each that have a key and no name; and tables of totals that look like them.

use super::builders::{csv, rows, xlsx};
use super::{accepted, refused};

/// A heading and a hundred rows, one a number.
fn table(heading: &str, row: impl Fn(usize) -> String) -> Vec<Vec<String>> {
    let lines: Vec<String> = std::iter::once(heading.to_owned()).chain((0..100).map(row)).collect();
    rows(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Something that recurs without an order, so that no column is a key by chance.
fn some<'a>(values: &[&'a str], index: usize) -> &'a str {
    values[index * index % 7 % values.len()]
}

fn sex(index: usize) -> &'static str {
    some(&["M", "F"], index)
}

fn country(index: usize) -> &'static str {
    some(&["MA", "SN", "CM", "GN"], index)
}

fn key(index: usize) -> usize {
    1_000 + index * 7
}

fn age(index: usize) -> usize {
    18 + index * 13 % 60
}

fn year(index: usize) -> usize {
    1_940 + index * 13 % 65
}

#[test]
fn one_row_a_person_is_refused_whatever_the_key_is_called() {
    let arabic = |i: usize| format!("{}|{}|{}|{}", key(i), some(&["ذكر", "أنثى"], i), age(i), some(&["مغربية", "سنغالية", "مالية"], i));
    for table in [
        table("case_id|sex|age", |i| format!("{}|{}|{}", key(i), sex(i), age(i))),
        table("case_id|sex|nationality", |i| format!("{}|{}|{}", key(i), sex(i), country(i))),
        table("no|sexe|age", |i| format!("{}|{}|{}", i + 1, sex(i), age(i))),
        table("N°|Sexe|Age|Nationalité", |i| format!("{}|{}|{}|{}", i + 1, sex(i), age(i), country(i))),
        table("numero|sexe|age|nationalite", |i| format!("{}|{}|{}|{}", key(i), sex(i), age(i), country(i))),
        table("رقم|الجنس|السن|الجنسية", arabic),
        table("المعرف|جنس|سن|جنسية", arabic),
        table("رقم الاستمارة|النوع|العمر|بلد الازدياد", arabic),
        table("id_menage|id_individu|sexe|annee de naissance|commune", |i| {
            format!("{}|{}|{}|{}|{}", 1_000 + i / 3, i % 3 + 1, sex(i), year(i), some(&["Agadir", "Tiznit"], i))
        }),
        table("pid|gender|yob|origin", |i| format!("{}|{}|{}|{}", key(i), sex(i), year(i), country(i))),
        table("case_id|sex|birth_year|country_of_origin", |i| format!("{}|{}|{}|{}", key(i), sex(i), year(i), country(i))),
        table("ID number|sex|age", |i| format!("{}|{}|{}", key(i), sex(i), age(i))),
    ] {
        for (file, bytes) in [("a.csv", csv(&table, ",")), ("a.csv", csv(&table, ";")), ("a.xlsx", xlsx(std::slice::from_ref(&table)))] {
            let told = refused(file, &bytes);
            assert!(told.starts_with("persons: ") && told.contains("keys of single records"), "{:?}: {told}", table[0]);
        }
    }
}

#[test]
fn totals_and_lists_of_other_things_come_in_with_and_without_a_number() {
    let regions = ["Souss-Massa", "Oriental", "Fès-Meknès", "Marrakech-Safi", "Drâa-Tafilalet"];
    let count = |i: usize| 40 + i * i % 983;
    for table in [
        table("year|region|sex|count", |i| format!("{}|{}|{}|{}", 2010 + i / 10, regions[i % 5], ["M", "F"][i % 2], count(i))),
        table("N°|Année|Région|Sexe|Effectif", |i| format!("{}|{}|{}|{}|{}", i + 1, 2010 + i / 10, regions[i % 5], sex(i), count(i))),
        table("N°|Nationalité|Sexe|Âge|Effectif", |i| format!("{}|{}|{}|{}|{}", i + 1, country(i), sex(i), age(i), count(i))),
        table("no|nationality|sex|total", |i| format!("{}|{}|{}|{}", i + 1, country(i), sex(i), count(i))),
        table("رقم|الجنسية|الجنس|العدد", |i| {
            format!("{}|{}|{}|{}", i + 1, some(&["مغربية", "مالية"], i), some(&["ذكر", "أنثى"], i), count(i))
        }),
        table("جهة|سنة|جنس|عدد", |i| {
            format!("{}|{}|{}|{}", some(&["سوس ماسة", "الشرق"], i), 2010 + i / 10, some(&["ذكر", "أنثى"], i), count(i))
        }),
        table("Age|Sex|N", |i| format!("{i}|{}|{}", ["M", "F"][i % 2], count(i))),
        table("Nationality|Sex|Passport", |i| format!("{}|{}|{}", country(i), sex(i), count(i))),
        table("N°|Établissement|Téléphone|Adresse", |i| {
            format!("{}|Centre d’Exemple {i}|05370000{:02}|{i}, avenue du Modèle", i + 1, i % 100)
        }),
        table("N°|Variable|Libellé|Sexe|Âge", |i| format!("{}|v{i}|Question {i}|{}|1", i + 1, i % 2)),
        table("numéro|loi|date", |i| format!("{}|Loi {i}-08|{:02}/02/{}", i + 1, i % 28 + 1, 1_990 + i % 30)),
        table("no|commune|province", |i| format!("{}|Commune {i}|{}", i + 1, regions[i % 5])),
    ] {
        for (file, bytes) in [("a.csv", csv(&table, ";")), ("a.xlsx", xlsx(std::slice::from_ref(&table)))] {
            accepted(file, &bytes);
        }
    }
}
