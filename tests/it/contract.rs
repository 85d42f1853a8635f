//! The schema is a contract: its snapshot, its breaking changes, its documented operations.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{project, with_demo_on_sqlite};

#[test]
fn the_snapshot_is_the_schema() {
    let present = rihla::graphql::sdl::sdl();
    let path = project("graphql/schema.graphql");
    if std::env::var_os("RIHLA_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &present).expect("snapshot can be written");
    }
    let snapshot = std::fs::read_to_string(&path).expect("graphql/schema.graphql");
    let breaking = breaking_changes(&snapshot, &present);
    assert!(breaking.is_empty(), "breaking changes against graphql/schema.graphql:\n{}", breaking.join("\n"));
    assert!(
        snapshot == present,
        "graphql/schema.graphql is not up to date; review the change and run the tests with RIHLA_UPDATE_SNAPSHOTS=1"
    );
}

/// Members of each type: `Type.field(args): Result`, enum values, input fields.
fn members(sdl: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let (mut owner, mut kind, mut in_text) = (String::new(), String::new(), false);
    for line in sdl.lines() {
        let mut line = line.trim();
        if in_text || line.starts_with("\"\"\"") {
            let ends = line.matches("\"\"\"").count();
            in_text = if in_text { ends == 0 } else { ends == 1 };
            // What stands after the end of a description is the member itself.
            line = if in_text { "" } else { line.rsplit("\"\"\"").next().unwrap_or_default().trim() };
        } else if let Some(rest) = line.strip_prefix('"') {
            line = rest.rsplit_once("\" ").map_or("", |(_, member)| member.trim());
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [word @ ("type" | "enum" | "input" | "interface"), name, ..] => {
                (kind, owner) = ((*word).to_owned(), (*name).to_owned());
                found.insert(owner.clone(), kind.clone());
            }
            ["}"] => owner.clear(),
            _ if !owner.is_empty() && !line.is_empty() => {
                let end = line.find([':', '(']).unwrap_or(line.len());
                found.insert(format!("{owner}.{}", line[..end].trim()), format!("{kind} {line}"));
            }
            _ => {}
        }
    }
    found
}

/// What a client of the old schema would miss: members that are gone or whose type changed; new required arguments and input fields.
fn breaking_changes(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (members(old), members(new));
    let mut breaking = Vec::new();
    for (name, before) in &old {
        match new.get(name) {
            None => breaking.push(format!("{name} is gone")),
            Some(after) if after != before => {
                let result =
                    |text: &str| text.rsplit(':').next().unwrap_or_default().split('@').next().unwrap_or_default().trim().to_owned();
                let narrower = result(after).trim_end_matches('!') == result(before) && before.starts_with("type");
                if result(after) != result(before) && !narrower {
                    breaking.push(format!("{name}: {before} became {after}"));
                }
                let arguments =
                    |text: &str| text.split(['(', ')']).nth(1).unwrap_or_default().split(", ").map(str::to_owned).collect::<Vec<_>>();
                for argument in arguments(before) {
                    let name_of = |a: &str| a.split(':').next().unwrap_or_default().trim().to_owned();
                    if !arguments(after).iter().any(|a| name_of(a) == name_of(&argument)) {
                        breaking.push(format!("{name} lost the argument {argument}"));
                    }
                }
            }
            Some(_) => {}
        }
    }
    for (name, line) in &new {
        if line.starts_with("input ")
            && line.trim_end().ends_with('!')
            && !line.contains('=')
            && !old.contains_key(name)
            && name.contains('.')
        {
            let owner = name.split('.').next().unwrap_or_default();
            if old.contains_key(owner) {
                breaking.push(format!("{name} is a new required input"));
            }
        }
    }
    breaking
}

#[test]
fn breaking_changes_are_told_apart_from_harmless_ones() {
    let old = "type A {\n  b(c: Int): String\n  d: Int!\n}\nenum E {\n  X\n  Y\n}\n";
    for (new, breaks) in [
        (old.to_owned(), false),
        (old.replace("  d: Int!\n", ""), true),
        (old.replace("d: Int!", "d: Int"), true),
        (old.replace("b(c: Int): String", "b(c: Int): String!"), false),
        (old.replace("b(c: Int)", "b"), true),
        (old.replace("  Y\n", ""), true),
        (old.replace("  Y\n", "  Y\n  Z\n"), false),
    ] {
        assert_eq!(!breaking_changes(old, &new).is_empty(), breaks, "{new}");
    }
}

#[test]
fn names_that_other_programs_rely_on_are_there() {
    let present = members(&rihla::graphql::sdl::sdl());
    let lines = include_str!("contract-names.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let missing: Vec<_> = lines.filter(|name| !present.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn everything_in_the_schema_is_described() {
    with_demo_on_sqlite(|server| {
        let data = server.ask("{ __schema { types { name kind description fields { name description } enumValues { name description } inputFields { name description } } } }");
        let mut bare = Vec::new();
        for of_type in data["__schema"]["types"].as_array().expect("types") {
            let name = of_type["name"].as_str().unwrap_or_default();
            let own = !name.starts_with("__") && !["Boolean", "Float", "ID", "Int", "String"].contains(&name);
            if own && of_type["description"].as_str().unwrap_or_default().is_empty() {
                bare.push(name.to_owned());
            }
            for list in ["fields", "enumValues", "inputFields"] {
                for member in of_type[list].as_array().into_iter().flatten().filter(|_| own) {
                    if member["description"].as_str().unwrap_or_default().is_empty() {
                        bare.push(format!("{name}.{}", member["name"].as_str().unwrap_or_default()));
                    }
                }
            }
        }
        assert!(bare.is_empty(), "{bare:?}");
    });
}

#[test]
fn nodes_are_read_again_by_their_identifier() {
    with_demo_on_sqlite(|server| {
        let data = server.ask("{ dataset(slug: \"ma-hcp-rgph-2014\") { id holdings { id institution { id } } } }");
        let ids = [&data["dataset"]["id"], &data["dataset"]["holdings"][0]["id"], &data["dataset"]["holdings"][0]["institution"]["id"]];
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Dataset { slug } ... on Holding { role } ... on Institution { slug } } }";
        let found = server.ask_with(query, serde_json::json!({ "ids": [ids[0], ids[1], ids[2], "bm9uZTo5OTk5", ""] }));
        let types: Vec<&Value> = found["nodes"].as_array().expect("nodes").iter().map(|node| &node["__typename"]).collect();
        assert_eq!(
            types,
            ["Dataset", "Holding", "Institution"].map(Value::from).iter().chain([&Value::Null, &Value::Null]).collect::<Vec<_>>()
        );
        for (node, id) in found["nodes"].as_array().expect("nodes").iter().zip(ids) {
            assert_eq!(&node["id"], id);
        }
    });
}
