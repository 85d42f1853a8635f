//! What a calendar says in words, in three languages.

use crate::domain::calendar::Dates;
use crate::domain::text::isolated;
use crate::domain::time::Bound;
use crate::domain::vocabulary::{CalendarKind, CalendarState, DatePrecision, Vocabulary};

use super::Item;

fn choose<'a>(language: &str, [en, fr, ar]: [&'a str; 3]) -> &'a str {
    match language {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

/// Dates as they are written alike in every language; beside Arabic words they would be shown from their end.
fn written(dates: &Dates, language: &str) -> String {
    if language == "ar" { isolated(&dates.edtf()) } else { dates.edtf() }
}

/// Name of the calendar.
pub fn title(catalogue: &str, language: &str) -> String {
    let word = choose(language, ["calendar", "calendrier", "رزنامة المواعيد"]);
    if language == "ar" { format!("{word} – {catalogue}") } else { format!("{catalogue} – {word}") }
}

/// Tells that entries were left out.
pub fn cut_short(most: usize, all: usize, language: &str) -> String {
    match language {
        "fr" => format!(
            "Ce fichier contient au plus {most} des {all} dates trouvées, à partir de l'an dernier ; affinez la demande avec from, to ou d'autres paramètres."
        ),
        "ar" => format!(
            "يضم هذا الملف {most} موعدا على الأكثر من أصل {all}، ابتداء من السنة الماضية؛ حددوا الطلب باستعمال from وto أو معايير أخرى."
        ),
        _ => format!(
            "This file holds at most {most} of the {all} dates found, from a year ago on; ask for fewer with from, to or other parameters."
        ),
    }
}

/// How exactly dates are documented, in sentences; empty where they are known to the day.
pub fn note(dates: &Dates, language: &str) -> String {
    let mut said: Vec<&str> = Vec::new();
    said.extend(match dates.precision() {
        Some(DatePrecision::Month) => Some(choose(
            language,
            [
                "The date is known to the month only; the entry spans every day that it may mean.",
                "La date n'est connue qu'au mois près ; l'entrée couvre tous les jours possibles.",
                "التاريخ معروف بالشهر فقط؛ ويغطي هذا الموعد كل الأيام الممكنة.",
            ],
        )),
        Some(DatePrecision::Year) => Some(choose(
            language,
            [
                "The date is known to the year only; the entry spans every day that it may mean.",
                "La date n'est connue qu'à l'année près ; l'entrée couvre tous les jours possibles.",
                "التاريخ معروف بالسنة فقط؛ ويغطي هذا الموعد كل الأيام الممكنة.",
            ],
        )),
        _ => None,
    });
    if dates.is_approximate() {
        said.push(choose(
            language,
            ["The date is uncertain or approximate.", "La date est incertaine ou approximative.", "التاريخ غير مؤكد أو تقريبي."],
        ));
    }
    said.extend(match dates.start {
        Bound::Date(_) => None,
        Bound::Open => Some(choose(language, ["It has no beginning.", "Il n'y a pas de début.", "لا بداية له."])),
        Bound::Unknown => {
            Some(choose(language, ["The beginning is not documented.", "Le début n'est pas documenté.", "البداية غير موثقة."]))
        }
    });
    said.extend(match dates.end {
        Bound::Date(_) => None,
        Bound::Open => Some(choose(
            language,
            [
                "It goes on without an end; the entry stands at its beginning.",
                "Elle se poursuit sans terme ; l'entrée figure à son début.",
                "العملية مستمرة دون نهاية؛ ويظهر الموعد عند بدايتها.",
            ],
        )),
        Bound::Unknown => Some(choose(language, ["The end is not documented.", "La fin n'est pas documentée.", "النهاية غير موثقة."])),
    });
    said.join(" ")
}

/// What an entry is, line by line.
pub fn description(item: &Item, language: &str) -> String {
    let colon = choose(language, [": ", "\u{a0}: ", ": "]);
    let line = |name: [&str; 3], value: &str| format!("{}{colon}{value}", choose(language, name));
    let mut lines = vec![line(["Date as documented", "Date telle que documentée", "التاريخ كما هو موثق"], &written(&item.dates, language))];
    let note = note(&item.dates, language);
    if !note.is_empty() {
        lines.push(note);
    }
    lines.push(line(["State", "État", "الحالة"], item.state.label(language)));
    if item.is_overdue {
        let words = [
            "The day is past; it was not told as done.",
            "La date est passée ; rien n'indique encore que c'est fait.",
            "انقضى الموعد ولم يُصرَّح بعد بإنجازه.",
        ];
        lines.push(choose(language, words).to_owned());
    }
    if item.is_renewed {
        let words = [
            "The agreement is renewed by itself unless notice is given.",
            "L'accord est reconduit tacitement, sauf dénonciation.",
            "يتجدد الاتفاق تلقائيا ما لم يُخطر بعدم تجديده.",
        ];
        lines.push(choose(language, words).to_owned());
    }
    if item.state == CalendarState::Cancelled
        && let Some(reason) = &item.reason
    {
        lines.push(line(["Reason", "Motif", "السبب"], reason));
    }
    for moved in &item.moves {
        let (from, to) = (written(&moved.from, language), written(&moved.to, language));
        let change = match language {
            "fr" => format!("Date changée de {from} à {to}"),
            "ar" => format!("تغير التاريخ من {from} إلى {to}"),
            _ => format!("Date changed from {from} to {to}"),
        };
        lines.push(moved.reason.as_ref().map_or_else(|| change.clone(), |reason| format!("{change}{colon}{reason}")));
    }
    if let Some(institution) = &item.institution {
        let name = if item.kind == CalendarKind::Meeting {
            ["Convened by", "À l'initiative de", "بدعوة من"]
        } else {
            ["Institution", "Institution", "المؤسسة"]
        };
        lines.push(line(name, institution));
    }
    lines.push(line(["Source", "Source", "المصدر"], item.basis.label(language)));
    lines.join("\n")
}
