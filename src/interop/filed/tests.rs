//! Members and outlines of JSON in a file.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn file(text: &str) -> File {
    file_of(text.as_bytes())
}

/// Any value of JSON, its texts full of what ends members.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[\\]\\[{}\",:\\\\ é\n]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-c/~\", ]{0,4}", inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn members_stand_where_they_are_found(value in value(), piece in 1..40usize, is_pretty in any::<bool>()) {
        let text = if is_pretty { serde_json::to_string_pretty(&value).expect("JSON") } else { value.to_string() };
        let file = file(&format!(" \n{text} "));
        let filed = Filed::of(&file).expect("a length").in_pieces(piece);
        let root = filed.root().expect("read");
        match &value {
            Value::Array(list) => {
                let mut found = Vec::new();
                filed.each_member(root, &mut |place| filed.value(place).map(|(value, _)| found.push(value))).expect("read");
                prop_assert_eq!(&found, list);
            }
            Value::Object(members) => {
                let found = filed.members(root).expect("read").expect("short names");
                let found: Vec<_> = found.into_iter().map(|member| (member.name, filed.value(member.value).expect("JSON").0)).collect();
                let members: Vec<_> = members.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                prop_assert_eq!(found, members);
            }
            _ => {}
        }
    }

    #[test]
    fn an_outline_and_its_lists_are_the_document(value in value(), piece in 1..40usize) {
        let file = file(&value.to_string());
        let outline = Outline::of(Filed::of(&file).expect("a length").in_pieces(piece), &["", "a", "b"]).expect("read");
        let mut whole = outline.value.clone();
        for (pointer, _) in &outline.lists {
            let mut members = Vec::new();
            let mut keep = |number: usize, value: &Value, _: Repeated| {
                assert_eq!(number, members.len());
                members.push(value.clone());
            };
            prop_assert!(outline.each(pointer, &mut keep).expect("read"));
            prop_assert!(["", "a", "b"].contains(&pointer.rsplit('/').next().expect("a name")), "{}", pointer);
            *whole.pointer_mut(pointer).expect("a place") = Value::from(members);
        }
        prop_assert_eq!(whole, value);
    }
}

#[test]
fn of_two_members_with_a_name_the_last_counts() {
    let file = file(r#"{"a":{"b":[1,2,3,4,5,6]},"a":{"b":[7,8,9,10,11]},"c":[12]}"#);
    let outline = Outline::of(Filed::of(&file).expect("a length").in_pieces(8), &["b"]).expect("read");
    let mut members = Vec::new();
    outline.each("/a/b", &mut |_, value, _| members.push(value.clone())).expect("read");
    assert_eq!((Value::from(members), outline.value), (json!([7, 8, 9, 10, 11]), json!({ "a": { "b": [] }, "c": [12] })));
}

#[test]
fn a_file_that_becomes_shorter_is_told() {
    let text = format!("[{}1]", "1,".repeat(400));
    let file = file(&text);
    let filed = Filed::of(&file).expect("a length").in_pieces(64);
    file.set_len(500).expect("cut");
    assert!(filed.check_json(64).is_err_and(|problem| problem.field == "file"));
    assert!(
        Outline::of(filed, &[""]).and_then(|outline| outline.each("", &mut |_, _, _| ())).is_err_and(|problem| problem.field == "file")
    );
}
