//! What two sides have written in a record since it was last the same on both: brought together field by field, losing neither.

use serde_json::{Map, Value};

/// What comes of bringing two sides together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Top-level fields to write; null takes a field out.
    pub patch: Map<String, Value>,
    /// Fields that both sides have changed, and differently: ours stands.
    pub kept: Vec<String>,
}

/// Brings what has changed from `base` to `theirs` into `ours`. A field that only the other side has changed is taken; one that we have
/// changed stays as we wrote it, and is named where the other side has changed it too.
pub fn merge(base: &Map<String, Value>, theirs: &Map<String, Value>, ours: &Map<String, Value>) -> Merged {
    let mut merged = Merged::default();
    let keys = theirs.keys().chain(base.keys().filter(|key| !theirs.contains_key(*key)));
    for key in keys {
        let (was, is, own) = (base.get(key), theirs.get(key), ours.get(key));
        if was == is || is == own {
            continue;
        }
        if own == was {
            merged.patch.insert(key.clone(), is.cloned().unwrap_or(Value::Null));
        } else {
            merged.kept.push(key.clone());
        }
    }
    merged
}

/// Puts into `doc` what it lacks and `defaults` has, at every depth of objects. Nothing that is there is changed.
pub fn fill(doc: &mut Map<String, Value>, defaults: &Map<String, Value>) {
    for (key, value) in defaults {
        match (doc.get_mut(key), value) {
            (None, value) => {
                doc.insert(key.clone(), value.clone());
            }
            (Some(Value::Object(inner)), Value::Object(more)) => fill(inner, more),
            (Some(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn what_a_person_wrote_stands_and_is_named_only_where_both_differ() {
        let base = object(json!({ "titles": "a", "themes": [1], "abstract": "x", "links": [] }));
        let theirs = object(json!({ "titles": "b", "themes": [2], "abstract": "x", "period": 3 }));
        let ours = object(json!({ "titles": "a", "themes": [9], "abstract": "mine", "links": [] }));
        let merged = merge(&base, &theirs, &ours);
        assert_eq!(Value::Object(merged.patch), json!({ "titles": "b", "period": 3, "links": null }));
        assert_eq!(merged.kept, ["themes"]);
    }

    #[test]
    fn defaults_fill_only_what_is_missing() {
        let mut doc = object(json!({ "riskClass": "LOW", "methodology": { "sourceType": "CENSUS" } }));
        fill(&mut doc, &object(json!({ "riskClass": "HIGH", "themes": ["MT-01"], "methodology": { "sourceType": "X", "sampleSize": 3 } })));
        assert_eq!(
            Value::Object(doc),
            json!({ "riskClass": "LOW", "methodology": { "sourceType": "CENSUS", "sampleSize": 3 }, "themes": ["MT-01"] })
        );
    }

    fn maps() -> impl Strategy<Value = Map<String, Value>> {
        proptest::collection::btree_map("[a-d]", 0..3_i64, 0..4).prop_map(|map| map.into_iter().map(|(k, v)| (k, json!(v))).collect())
    }

    proptest! {
        /// Every field ends as one of the two sides has it, ours where we changed it; merging twice changes nothing more.
        #[test]
        fn no_side_is_lost(base in maps(), theirs in maps(), ours in maps()) {
            let merged = merge(&base, &theirs, &ours);
            let mut after = ours.clone();
            for (key, value) in merged.patch {
                if value.is_null() { after.shift_remove(&key); } else { after.insert(key, value); }
            }
            for key in base.keys().chain(theirs.keys()).chain(ours.keys()) {
                let end = after.get(key);
                if ours.get(key) != base.get(key) {
                    prop_assert_eq!(end, ours.get(key));
                    let both = theirs.get(key) != base.get(key) && theirs.get(key) != ours.get(key);
                    prop_assert_eq!(merged.kept.contains(key), both);
                } else {
                    prop_assert_eq!(end, theirs.get(key));
                }
            }
            prop_assert!(merge(&theirs, &theirs, &after).patch.is_empty());
        }
    }
}
