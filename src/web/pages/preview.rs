//! A record that is not published, for those who were given the link.

use super::form::details;
use super::{Content, Page, escape, isolated, layout};

/// What the page shows.
#[derive(Clone, Copy)]
pub struct Preview<'a> {
    /// Title of the record.
    pub title: &'a str,
    /// Name of the institution that writes it.
    pub institution: &'a str,
    /// State of the record, in the language of the page.
    pub state_label: &'a str,
    /// Labels with their values. A row without values is shown as not documented, so leave out what is hidden.
    pub rows: &'a [(String, Vec<String>)],
    /// Last day of the link, as it is to be read.
    pub expires_on: &'a str,
    /// Whether to say that names of persons are not shown.
    pub notice_without_names: bool,
}

struct Texts {
    draft: &'static str,
    read_only: &'static str,
    without_names: &'static str,
    institution: &'static str,
    state: &'static str,
    expires: &'static str,
    record: &'static str,
    undocumented: &'static str,
}

const ARABIC: Texts = Texts {
    draft: "مسودة غير منشورة، المرجو عدم الاستشهاد بها",
    read_only: "هذه الصفحة للاطلاع فقط. وقد يتغير مضمونها قبل النشر.",
    without_names: "لا تعرض هذه الصفحة أسماء الأشخاص.",
    institution: "المؤسسة",
    state: "الحالة",
    expires: "آخر يوم لصلاحية الرابط",
    record: "السجل",
    undocumented: "غير موثق",
};

const FRENCH: Texts = Texts {
    draft: "Brouillon non publié, ne pas citer",
    read_only: "Cette page est en lecture seule. Son contenu peut changer avant la publication.",
    without_names: "Les noms de personnes ne figurent pas sur cette page.",
    institution: "Institution",
    state: "État",
    expires: "Dernier jour de validité du lien",
    record: "Fiche",
    undocumented: "non documenté",
};

const ENGLISH: Texts = Texts {
    draft: "Draft, not published, do not cite",
    read_only: "This page is for reading only. Its content may change before it is published.",
    without_names: "Names of persons are not shown on this page.",
    institution: "Institution",
    state: "State",
    expires: "Last day of this link",
    record: "Record",
    undocumented: "not documented",
};

/// The record as it stands, under a warning that nobody can miss.
pub fn preview(page: &Page, shown: &Preview) -> String {
    let texts = page.language.choose(&ARABIC, &FRENCH, &ENGLISH);
    let facts = [
        (escape(texts.institution), vec![isolated(shown.institution)]),
        (escape(texts.state), vec![isolated(shown.state_label)]),
        (escape(texts.expires), vec![isolated(shown.expires_on)]),
    ];
    let mut body = details(&facts);
    if shown.notice_without_names {
        body += &format!("<p class=\"notice\">{}</p>\n", texts.without_names);
    }
    body += &format!("<h2>{}</h2>\n", texts.record);
    body += &details(&record(texts, shown.rows));
    let above =
        format!("<div class=\"draft\" role=\"note\">\n<p><strong>{}</strong></p>\n<p>{}</p>\n</div>\n", texts.draft, texts.read_only);
    layout(page, &Content { title: shown.title, above, body, has_problem: false })
}

fn record(texts: &Texts, rows: &[(String, Vec<String>)]) -> Vec<(String, Vec<String>)> {
    let one = |(label, values): &(String, Vec<String>)| {
        let mut values: Vec<String> = values.iter().map(|value| isolated(value)).collect();
        if values.is_empty() {
            values.push(format!("<span class=\"undocumented\">{}</span>", texts.undocumented));
        }
        (escape(label), values)
    };
    rows.iter().map(one).collect()
}
