//! Keeps the house in order: arrows between rooms, twin migrations, file sizes, forbidden words.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Which room may enter which.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("config", &[]),
    ("store", &["domain"]),
    ("search", &["domain"]),
    ("interop", &["domain"]),
    ("service", &["store", "search", "interop", "domain"]),
    ("graphql", &["service", "domain"]),
    ("web", &["graphql", "service", "interop", "config", "domain"]),
    ("cli", &["config", "web", "graphql", "service", "store", "search", "interop", "domain"]),
];

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("folder can be read") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn rust_files() -> Vec<(String, String)> {
    let root = Path::new(ROOT);
    let mut all = files(&root.join("src"), "rs");
    all.extend(files(&root.join("tests"), "rs"));
    all.into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("source can be read");
            (path.strip_prefix(root).expect("below the root").display().to_string(), text)
        })
        .collect()
}

fn room(path: &str) -> Option<&str> {
    let below = path.strip_prefix("src/")?;
    let name = below.split('/').next()?;
    Some(name.strip_suffix(".rs").unwrap_or(name))
}

#[test]
fn rooms_enter_only_the_rooms_that_their_arrows_name() {
    let mut wrong = Vec::new();
    for (path, text) in rust_files() {
        let Some(room) = room(&path).filter(|room| !["lib", "main", "build"].contains(room)) else {
            continue;
        };
        let allowed = ARROWS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{path} is in no known room")).1;
        // Tests inside a room may look further.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            for (at, _) in line.match_indices("crate::") {
                let entered: String = line[at + 7..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                let known = ARROWS.iter().any(|(name, _)| *name == entered);
                if known && entered != room && !allowed.contains(&entered.as_str()) {
                    wrong.push(format!("{path}:{}: {room} must not enter {entered}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn migrations_are_twins_and_reversible() {
    let names = |backend: &str| {
        let folder = Path::new(ROOT).join("migrations").join(backend);
        let mut names: Vec<_> = fs::read_dir(folder).expect("migrations").map(|e| e.expect("entry").file_name()).collect();
        names.sort();
        for name in &names {
            for file in ["up.sql", "down.sql"] {
                assert!(Path::new(ROOT).join("migrations").join(backend).join(name).join(file).exists(), "{backend}/{name:?}/{file}");
            }
        }
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn files_are_short_and_free_of_loose_ends() {
    let forbidden = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ign", "ore"),
        concat!("dbg", "!("),
        concat!("#[all", "ow("),
        concat!("#![all", "ow("),
    ];
    let mut wrong = Vec::new();
    for (path, text) in rust_files() {
        let lines = text.lines().count();
        if lines > 600 {
            wrong.push(format!("{path}: {lines} lines, split it by noun"));
        }
        for (number, line) in text.lines().enumerate() {
            for word in forbidden {
                if line.contains(word) {
                    wrong.push(format!("{path}:{}: `{word}`", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_top_level_holds_what_the_house_allows() {
    let allowed = ["Cargo.toml", "Cargo.lock", "src", "migrations", "graphql", "tests", "docs", "README.md", "LICENSE"];
    for entry in fs::read_dir(ROOT).expect("root") {
        let name = entry.expect("entry").file_name().to_string_lossy().into_owned();
        let local = name.starts_with('.') || name == "target" || name == "rihla-data";
        assert!(local || allowed.contains(&name.as_str()), "{name} does not belong at the top level");
    }
}

#[test]
fn each_fuzz_target_is_built_and_begins_with_small_files() {
    let folder = Path::new(ROOT).join("tests/fuzz");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("manifest");
    for target in files(&folder.join("fuzz_targets"), "rs") {
        let name = target.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in tests/fuzz/Cargo.toml");
        let corpus = fs::read_dir(folder.join("corpus").join(&name)).unwrap_or_else(|_| panic!("{name} has no corpus"));
        let sizes: Vec<u64> = corpus.map(|entry| entry.expect("entry").metadata().expect("file").len()).collect();
        assert!(!sizes.is_empty() && sizes.iter().all(|size| *size <= 16 << 10), "{name}: {sizes:?}");
        assert!(sizes.iter().sum::<u64>() <= 512 << 10, "the corpus of {name} has grown too large; keep fewer of its files");
    }
}

/// Names of the `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> Vec<String> {
    let own = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1).take_while(|line| !line.starts_with('['));
    own.filter(|line| !line.starts_with('#')).filter_map(|line| Some(line.split_once(" = ")?.0.trim().to_owned())).collect()
}

#[test]
fn the_fuzz_targets_are_built_from_all_that_the_readers_use() {
    let read = |path: &str| fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    let list = read("tests/fuzz/src/interop.rs");
    let named = |line: &str| line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned);
    let modules: Vec<String> = list.lines().filter_map(named).collect();
    let known = dependencies(&read("tests/fuzz/Cargo.toml"));
    let all = dependencies(&read("Cargo.toml"));
    let is_built = |path: &str| {
        let module = path.strip_prefix("src/interop/").and_then(|below| below.split(['/', '.']).next());
        path.starts_with("src/domain/") || module.is_some_and(|module| modules.iter().any(|known| known == module))
    };
    let mut seen = 0;
    for (path, text) in rust_files().into_iter().filter(|(path, _)| is_built(path) && !path.ends_with("tests.rs")) {
        seen += 1;
        for part in text.split("crate::interop::").skip(1) {
            let module = part.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap_or_default();
            let is_known = module.is_empty() || modules.iter().any(|known| known == module);
            assert!(is_known, "{path} uses {module}, which is not in tests/fuzz/src/interop.rs");
        }
        // What lies beside the readers they name by `super`.
        let is_beside = path.matches('/').count() == 2 && path.starts_with("src/interop/");
        for names in text.lines().filter(|_| is_beside).filter_map(|line| line.strip_prefix("use super::")) {
            // Of `dcat::{a, b}` it is the first name; of `{dcat, ddi::{a, b}}` each that stands outside of further brackets.
            let list = names.strip_prefix('{');
            let mut depth = 0usize;
            let outside: String = list
                .unwrap_or(names)
                .chars()
                .filter(|c| {
                    depth = if *c == '{' { depth + 1 } else { depth.saturating_sub(usize::from(*c == '}')) };
                    depth == 0
                })
                .collect();
            for name in outside.split(',').take(if list.is_some() { usize::MAX } else { 1 }) {
                let module = name.trim().split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap_or_default();
                let is_known = module.is_empty() || modules.iter().any(|known| known == module);
                assert!(is_known, "{path} uses {module}, which is not in tests/fuzz/src/interop.rs");
            }
        }
        for name in all.iter().filter(|name| !known.contains(name)) {
            let used = text.contains(&format!("{}::", name.replace('-', "_")));
            assert!(!used, "{path} uses {name}, which is not in tests/fuzz/Cargo.toml");
        }
    }
    assert!(seen > 50, "only {seen} files were looked at");
}

#[test]
fn the_project_stands_alone() {
    // Written in two halves, so that this file does not contain what it looks for.
    let forbidden = [concat!("../sha", "red"), concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let mut all = Vec::new();
    for (folder, extensions) in [
        ("src", &["rs", "json", "jsonl", "js", "html", "css"][..]),
        ("docs", &["md"]),
        ("tests", &["rs", "json", "mjs", "md"]),
        ("graphql", &["graphql"]),
    ] {
        for extension in extensions {
            all.extend(files(&Path::new(ROOT).join(folder), extension));
        }
    }
    all.extend([Path::new(ROOT).join("README.md"), Path::new(ROOT).join("Cargo.toml"), Path::new(ROOT).join("tests/run")]);
    for path in all {
        let text = fs::read_to_string(&path).expect("file can be read");
        for word in forbidden {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}

/// Identifiers of a text: words of letters and digits.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// The first word of `accessRequestSubmit`.
fn first_word(name: &str) -> &str {
    name.split(|c: char| c.is_ascii_uppercase()).next().unwrap_or_default()
}

#[test]
fn messages_name_mutations_that_exist() {
    let schema = fs::read_to_string(Path::new(ROOT).join("graphql/schema.graphql")).expect("the contract");
    let known: Vec<&str> = identifiers(&schema).collect();
    let of_mutations = schema.split("type Mutation {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("mutations");
    let fields = of_mutations.lines().filter_map(|line| line.strip_prefix("  ")?.split_once('(')).map(|(name, _)| name);
    let subjects: Vec<&str> = fields.filter(|name| name.chars().all(|c| c.is_ascii_alphabetic())).map(first_word).collect();
    assert!(subjects.contains(&"access") && subjects.contains(&"agreement"), "{subjects:?}");
    let mut wrong = Vec::new();
    for (path, text) in rust_files().iter().filter(|(path, _)| path.starts_with("src/")) {
        for (number, line) in text.lines().enumerate() {
            // What stands between grave accents is every second piece.
            for name in line.split('`').skip(1).step_by(2).filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric())) {
                let is_of_contract = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().any(|c| c.is_ascii_uppercase());
                if is_of_contract && subjects.contains(&first_word(name)) && !known.contains(&name) {
                    wrong.push(format!("{path}:{}: `{name}` is not in the contract", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
