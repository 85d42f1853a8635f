use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::builders::{csv, docx, odt, pdf, rows, xlsx};
use crate::interop::documents::{MAX_BYTES, inspect};

fn samples() -> Vec<Vec<u8>> {
    let table = rows(&[
        "Nom|Date de naissance|CIN",
        "Alma Testi|1985-03-12|AB123456",
        "Bilo Essai|1986-03-12|AB123457",
        "x|y|z",
        "1|2|3",
        "a|b|c",
        "d|e|f",
    ]);
    let text = vec!["A protocol & its text".to_owned(), "نص".to_owned()];
    vec![pdf(&table), docx(&text, &table), odt(&text, &table), xlsx(&[table.clone(), table.clone()]), csv(&table, ";")]
}

/// Processor time of this thread, which other work on the machine does not add to; where the system does not tell it, the time of the day.
fn spent(begun: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// Slow machines and unoptimised builds included.
fn quickly(bytes: &[u8]) {
    let begun = Instant::now();
    let before = spent(begun);
    let _verdict = inspect("x", bytes);
    let used = spent(begun).saturating_sub(before);
    assert!(used < Duration::from_secs(20), "took {used:?} of the processor");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4_000), start in 0usize..5) {
        let magic: [&[u8]; 5] = [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];
        quickly(&[magic[start], &bytes].concat());
    }

    #[test]
    fn mutated_documents_never_panic(kind in 0usize..5, changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..30), cut in any::<proptest::sample::Index>(), cuts in any::<bool>()) {
        let mut bytes = samples().swap_remove(kind);
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        quickly(&bytes);
    }

    #[test]
    fn arbitrary_text_never_panics(name in ".{0,200}", text in "(\\PC|[\t\n;,|@0-9]){0,400}") {
        if let Ok(document) = inspect(&name, text.as_bytes()) {
            prop_assert!(document.name.chars().count() <= 120 && !document.name.contains(['/', '\\', '\n']));
        }
    }
}

#[test]
fn the_largest_tables_are_read_within_bounds() {
    // The whole size where the program is optimised as people run it.
    let size = if cfg!(debug_assertions) { MAX_BYTES / 8 } else { MAX_BYTES };
    let row = csv(&rows(&["a;b;c;d|1;2;3;4|x@y.zz"]), ";");
    for unit in [row.as_slice(), b";", b"a\t", b"1 ", b"\"a\n", b"A1;12/03/1985;AB123456;+212612345678\n", b"A@b.cc "] {
        quickly(&unit.repeat(size / unit.len()));
    }
}
