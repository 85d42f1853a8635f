//! The demonstration catalogue as the tests use it, and its files for validators outside.

use std::collections::HashMap;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::holding::Distribution;
use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::record::{RecordDraft, read_line};
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::interop::dcat::{CataloguePage, Links, write_catalogue, write_dataset};
use crate::interop::exchange::{Outgoing, Surroundings};
use crate::interop::rdf::Syntax;

/// Institutions and datasets of the demonstration catalogue.
pub struct Demo {
    pub concepts: Concepts,
    pub institutions: HashMap<String, Institution>,
    pub datasets: Vec<Dataset>,
}

pub fn demo() -> Demo {
    let concepts = Concepts::load(&[]).expect("shipped lists");
    let (mut institutions, mut datasets) = (HashMap::new(), Vec::new());
    for line in include_str!("../../../service/demo/catalogue.jsonl").lines() {
        match read_line(line).expect("a record") {
            RecordDraft::Institution(institution) => {
                institutions.insert(institution.slug.as_str().to_owned(), *institution);
            }
            RecordDraft::Dataset(draft) => datasets.push(draft.validate(&concepts).expect("a valid record")),
        }
    }
    Demo { concepts, institutions, datasets }
}

pub fn words(text: &[(&str, &str)]) -> MultilingualText {
    let wordings = text.iter().map(|(tag, words)| (*tag, serde_json::json!({ "text": words, "status": "OFFICIAL" })));
    serde_json::from_value(wordings.map(|(tag, wording)| (tag.to_owned(), wording)).collect::<serde_json::Map<_, _>>().into())
        .expect("text")
}

/// Calls with the records on their way out.
pub fn with_outgoing<T>(demo: &Demo, base_url: &str, then: impl for<'a> FnOnce(&[Outgoing<'a>], &Surroundings<'a>) -> T) -> T {
    let institutions = |slug: &Slug| demo.institutions.get(slug.as_str());
    let around = Surroundings { base_url, institutions: &institutions, concepts: &demo.concepts };
    let out = |dataset| Outgoing { dataset, issued_at: 1_767_225_600_000, modified_at: 1_795_860_123_456, version: 2, around: &around };
    let records: Vec<_> = demo.datasets.iter().map(out).collect();
    then(&records, &around)
}

pub fn catalogue<'a>(records: &[Outgoing<'a>], around: &Surroundings<'a>, links: Links<'_>, syntax: Syntax) -> Vec<u8> {
    let titles = words(&[("fr", "Registre des données migratoires"), ("en", "Register of migration data"), ("ar", "سجل بيانات الهجرة")]);
    let descriptions = words(&[("fr", "Qui détient quelles données sur les migrations"), ("en", "Who holds which migration data")]);
    let languages: Vec<_> = ["fr", "en", "ar"].into_iter().map(|tag| LanguageTag::parse(tag).expect("tag")).collect();
    let page = CataloguePage {
        titles: &titles,
        descriptions: &descriptions,
        publisher: Some(&Slug::parse("hcp").expect("slug")),
        languages: &languages,
        licence: Some("https://creativecommons.org/licenses/by/4.0/"),
        modified_at: 1_795_860_123_456,
        records,
        around,
        total: 70,
        links,
    };
    write_catalogue(&page, syntax).expect("written")
}

/// Writes the demonstration catalogue in every syntax to the folder that RIHLA_EXPORT_DIR names, for validators outside.
#[test]
fn files_for_validators() {
    let Ok(folder) = std::env::var("RIHLA_EXPORT_DIR") else { return };
    let folder = std::path::Path::new(&folder);
    let mut demo = demo();
    demo.datasets[0].holdings[0].distributions = files();
    demo.datasets[1].holdings[0].access_terms.licence = Some("https://creativecommons.org/licenses/by/4.0/".to_owned());
    demo.datasets[1].holdings[0].distributions = files();
    with_outgoing(&demo, "http://127.0.0.1:8080", |records, around| {
        for syntax in Syntax::ALL {
            let name = folder.join(format!("catalog.{}", syntax.extension()));
            std::fs::write(name, catalogue(records, around, Links::default(), syntax)).expect("written");
            let (first, second) = records.split_at(30);
            let (one, two) = ("http://127.0.0.1:8080/catalog?page=1", "http://127.0.0.1:8080/catalog?page=2");
            let pages = [
                (first, Links { this: one, first: Some(one), next: Some(two), last: Some(two), previous: None }),
                (second, Links { this: two, first: Some(one), next: None, last: Some(two), previous: Some(one) }),
            ];
            for (number, (part, links)) in pages.into_iter().enumerate() {
                let name = folder.join(format!("page-{}.{}", number + 1, syntax.extension()));
                std::fs::write(name, catalogue(part, around, links, syntax)).expect("written");
            }
            let one = records.first().expect("a record");
            let name = folder.join(format!("dataset.{}", syntax.extension()));
            std::fs::write(name, write_dataset(one, syntax).expect("written")).expect("written");
        }
    });
}

/// Files of every kind: with and without format, size and checksum.
pub fn files() -> Vec<Distribution> {
    let file = |url: &str, format: Option<&str>, media_type: Option<&str>, checksum: Option<&str>| Distribution {
        title: words(&[("fr", "Tableaux"), ("ar", "جداول")]),
        format: format.map(str::to_owned),
        media_type: media_type.map(str::to_owned),
        url: url.to_owned(),
        byte_size: checksum.map(|_| 1234),
        checksum: checksum.map(str::to_owned),
    };
    vec![
        file("https://example.org/a.csv", Some("CSV"), None, Some("sha256:00ff")),
        file("https://example.org/b é.sav", Some("SPSS"), Some("application/x-spss-sav"), None),
        file("https://example.org/c", None, None, None),
    ]
}
