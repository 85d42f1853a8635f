//! A million records: index and search only, without a database.

use std::path::Path;
use std::time::Instant;

use rihla::domain::concept::Concepts;
use rihla::domain::draft::DatasetDraft;
use rihla::domain::filter::DatasetFilter;
use rihla::domain::record::{RecordDraft, read_line};
use rihla::search::analysis::Expressions;
use rihla::search::document::{Source, prepare};
use rihla::search::facets::DatasetFacet;
use rihla::search::{Index, SearchRequest, Window, search};
use serde_json::{Value, json};

use super::generate::{Codes, Dice, search_word};
use super::own_cpu;

/// Builds an index of so many records and searches it in this process.
pub fn measure(size: usize, folder: &Path) -> Vec<Value> {
    let concepts = Concepts::load(&[]).expect("concepts");
    let expressions = Expressions::new(&concepts.synonyms.groups);
    let (codes, mut dice) = (Codes::load(), Dice::new(7));
    let index = Index::open(&folder.join("index"), 256 << 20).expect("index");
    let (mut indexing, mut done) = (0.0, 0);
    while done < size {
        // Making the records is not measured.
        let records: Vec<_> = (done..(done + 50_000).min(size))
            .map(|number| draft(&codes.record(number, &mut dice)).validate(&concepts).expect("valid"))
            .collect();
        let before = own_cpu();
        let prepared = records.iter().enumerate().map(|(at, dataset)| {
            let number = done + at;
            let source = Source {
                id: uuid::Uuid::from_u64_pair(1, number as u64),
                number: number as i64 + 1,
                updated_at: number as i64,
                dataset,
                institutions: &[],
            };
            prepare(&source, &concepts, &expressions)
        });
        index.apply(prepared, &[], (done + records.len()) as i64).expect("indexed");
        indexing += own_cpu() - before;
        done += records.len();
    }
    let before = own_cpu();
    index.close().expect("merged");
    indexing += own_cpu() - before;
    index.refresh().expect("refreshed");
    let bytes = index.bytes().expect("size");
    let mut rows = vec![
        row(size, "index build, CPU", format!("{indexing:.0} s"), "120 s"),
        row(size, "index on disk", format!("{} bytes a record", bytes / size as u64), "1,200"),
    ];
    let filter = DatasetFilter::default();
    let (mut dice, rounds) = (Dice::new(5), 200);
    let (before, started) = (own_cpu(), Instant::now());
    for _ in 0..rounds {
        let text = search_word(&mut dice);
        let request = SearchRequest { words: Some(&text), filter: &filter, order: None, today: 20_000 };
        let results = search(index.snapshot(), &request, &concepts).expect("search");
        results.page(&Window { count: 20, ..Window::default() });
        for facet in [DatasetFacet::Themes, DatasetFacet::SourceTypes, DatasetFacet::MicrodataAccess] {
            results.facet(facet, 20);
        }
    }
    let each = (own_cpu() - before) * 1000.0 / f64::from(rounds);
    rows.push(row(size, "search + 3 facets + 20 hits, in process", format!("{each:.2} ms CPU"), "8 ms"));
    eprintln!("{rounds} searches in {:.1} s", started.elapsed().as_secs_f64());
    drop(index);
    drop(std::fs::remove_dir_all(folder));
    rows
}

fn draft(record: &Value) -> DatasetDraft {
    match read_line(&record.to_string()) {
        Ok(RecordDraft::Dataset(draft)) => *draft,
        other => panic!("{other:?}"),
    }
}

fn row(size: usize, name: &str, figure: String, target: &str) -> Value {
    println!("{size:>9}  {name:<44} {figure:>18}   target {target}");
    json!({ "records": size, "name": name, "figure": figure, "target": target })
}
