#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rihla_fuzz::spreadsheet(bytes));
