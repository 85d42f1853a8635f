//! What another tool writes beside the record in the registry's own terms is told, each statement of it.

use proptest::prelude::*;

use super::demo::{Demo, demo, with_outgoing};
use super::generate;
use crate::domain::concept::Concepts;
use crate::interop::dcat::{Source, read, write_dataset};
use crate::interop::exchange::Found;
use crate::interop::rdf::Syntax;

/// Statements that another tool may add to a dataset, each with a word that nothing else holds.
const ADDED: [&str; 14] = [
    r#"<http://www.w3.org/ns/dcat#keyword> "zqx"@fr"#,
    r#"<http://purl.org/dc/terms/title> "zqx"@nl"#,
    r#"<http://purl.org/dc/terms/description> "zqx"@nl"#,
    r#"<http://xmlns.com/foaf/0.1/page> <https://zqx.example/>"#,
    r#"<http://zqx.example/own> "1""#,
    r#"<http://zqx.example/own> [ <http://zqx.example/inner> "1" ]"#,
    r#"<http://www.w3.org/ns/dcat#distribution> [ <http://www.w3.org/ns/dcat#accessURL> <https://zqx.example/f> ]"#,
    r#"<http://www.w3.org/ns/dcat#distribution> <https://zqx.example/f>"#,
    r#"<http://purl.org/dc/terms/spatial> "zqx""#,
    r#"<http://purl.org/dc/terms/contributor> <https://zqx.example/o>"#,
    r#"<http://www.w3.org/ns/dcat#theme> <https://zqx.example/t>"#,
    r#"<http://purl.org/dc/terms/provenance> [ <http://www.w3.org/2000/01/rdf-schema#label> "zqx"@fr ]"#,
    r#"<http://purl.org/dc/terms/accrualPeriodicity> <https://zqx.example/often>"#,
    r#"<http://www.w3.org/ns/odrl/2/hasPolicy> [ <http://www.w3.org/ns/odrl/2/permission> [ <http://www.w3.org/ns/odrl/2/action> "zqx" ] ]"#,
];

fn one(text: &str, concepts: &Concepts) -> Found {
    let mut reading = read(text.as_bytes(), &Source { address: None, language: None, concepts });
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.found.remove(0)
}

fn lines(found: &Found) -> Vec<String> {
    found.unfit.iter().map(|line| format!("{}={}", line.field, line.value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_statement_beside_any_record_is_told_and_changes_nothing(dataset in generate::dataset(), added in proptest::sample::select(ADDED.to_vec())) {
        let demo = Demo { concepts: Concepts::load(&[]).expect("lists"), institutions: Default::default(), datasets: vec![dataset] };
        with_outgoing(&demo, "https://data.example.ma", |records, _| {
            let record = records.first().expect("a record");
            let text = String::from_utf8(write_dataset(record, Syntax::Turtle).expect("written")).expect("UTF-8");
            let own = one(&text, &demo.concepts);
            prop_assert_eq!(lines(&own), Vec::<String>::new(), "{}", text);
            let edited = format!("{text}\n<{}> {added} .\n", record.page());
            let found = one(&edited, &demo.concepts);
            prop_assert_eq!(&found.draft, &own.draft);
            prop_assert!(lines(&found).iter().any(|line| line.contains("zqx")), "{added} is not told: {:?}", lines(&found));
            Ok(())
        })?;
    }
}

#[test]
fn edits_of_texts_files_and_agents_are_told_one_by_one() {
    let mut demo = demo();
    demo.datasets.truncate(2);
    demo.datasets[0].holdings[0].distributions = super::demo::files();
    let concepts = &demo.concepts;
    with_outgoing(&demo, "https://data.example.ma", |records, _| {
        let text = String::from_utf8(write_dataset(&records[0], Syntax::Turtle).expect("written")).expect("UTF-8");
        assert_eq!(lines(&one(&text, concepts)), Vec::<String>::new());
        let page = records[0].page();
        let institution = format!("https://data.example.ma/institution/{}", records[0].dataset.producer.as_ref().expect("a producer"));
        for (added, wanted) in [
            (
                format!("<{page}#distribution-1-1> <http://purl.org/dc/terms/title> \"Nouveau\"@fr"),
                vec!["dcat:distribution/dct:title@fr=Nouveau"],
            ),
            (
                format!("<{page}#distribution-1-1> <http://purl.org/dc/terms/description> \"D\""),
                vec!["dcat:distribution/dct:description=D"],
            ),
            (format!("<{institution}> <http://xmlns.com/foaf/0.1/mbox> <mailto:ann@x.ma>"), vec!["dct:creator/foaf:mbox="]),
            (
                format!(
                    "<{page}> <http://purl.org/dc/terms/contributor> [ a <http://xmlns.com/foaf/0.1/Person> ; <http://xmlns.com/foaf/0.1/name> \"Ann\" ]"
                ),
                vec!["dct:contributor="],
            ),
            (format!("<{page}> <http://www.w3.org/ns/dcat#contactPoint> <https://x.ma/ann>"), vec!["dcat:contactPoint="]),
        ] {
            let told = lines(&one(&format!("{text}\n{added} .\n"), concepts));
            assert!(wanted.iter().all(|line| told.iter().any(|told| told == line)), "{added}: {told:?}");
            assert!(told.len() <= 2 && !told.iter().any(|line| line.contains("nn")), "{told:?}");
        }
        // What others say of a page that two records name is said of neither.
        let catalogue = super::demo::catalogue(records, records[0].around, crate::interop::dcat::Links::default(), Syntax::Turtle);
        let reading = read(&catalogue, &Source { address: None, language: None, concepts });
        assert!(reading.found.len() == 2 && reading.found.iter().all(|found| found.unfit.is_empty()), "{:?}", reading.found);
    });
}
