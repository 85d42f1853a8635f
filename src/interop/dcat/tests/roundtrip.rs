//! What a registry wrote, a registry reads, and loses nothing.

use proptest::prelude::*;

use super::demo::{Demo, demo, with_outgoing};
use super::generate;
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::draft::DatasetDraft;
use crate::interop::dcat::{Source, read, write_dataset};
use crate::interop::exchange::Reading;
use crate::interop::rdf::Syntax;

fn as_draft(dataset: &Dataset) -> DatasetDraft {
    serde_json::from_value(serde_json::to_value(dataset).expect("JSON")).expect("a draft")
}

fn reread(bytes: &[u8], concepts: &Concepts) -> Reading {
    read(bytes, &Source { address: None, language: None, concepts })
}

#[test]
fn every_record_of_the_demonstration_catalogue_comes_back_whole_in_every_syntax() {
    let demo = demo();
    with_outgoing(&demo, "https://data.example.ma", |records, _| {
        for record in records {
            for syntax in Syntax::ALL {
                let reading = reread(&write_dataset(record, syntax).expect("written"), &demo.concepts);
                let found = reading.found.first().expect("a record");
                assert_eq!((reading.found.len(), reading.problems.len(), found.unfit.len()), (1, 0, 0), "{:?} {:?}", found.unfit, syntax);
                assert_eq!(found.draft, as_draft(record.dataset), "{syntax:?}");
            }
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_record_comes_back_whole_in_every_syntax(dataset in generate::dataset()) {
        let demo = Demo { concepts: Concepts::load(&[]).expect("lists"), institutions: Default::default(), datasets: vec![dataset] };
        with_outgoing(&demo, "https://data.example.ma", |records, _| {
            let record = records.first().expect("a record");
            for syntax in Syntax::ALL {
                let bytes = write_dataset(record, syntax).expect("written");
                let reading = reread(&bytes, &demo.concepts);
                prop_assert_eq!(&reading.problems, &Vec::new(), "{:?}\n{}", syntax, String::from_utf8_lossy(&bytes));
                let found = reading.found.first().expect("a record");
                prop_assert_eq!(&found.draft, &as_draft(record.dataset), "{:?} {:?}", syntax, &found.unfit);
            }
            Ok(())
        })?;
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}<>\"'@:a-z.;,()^_\\\\ \n-]{0,120}") {
        let concepts = Concepts::load(&[]).expect("lists");
        reread(&bytes, &concepts);
        reread(text.as_bytes(), &concepts);
        reread(format!("@prefix dct: <http://purl.org/dc/terms/> . [] a <http://www.w3.org/ns/dcat#Dataset> ; dct:title {text} .").as_bytes(), &concepts);
    }
}
