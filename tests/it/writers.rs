//! Many write in one draft at once: nobody's words are lost, and who comes late is told what changed.

use std::time::Duration;

use serde_json::{Value, json};

use crate::drafting::{begin, standing};
use crate::harness::{BACKENDS, Server, institution, note_secret};
use crate::people::{Registry, Who, act, ask_as, codes, done, payload};

const WRITERS: usize = 8;
const EDITS: usize = 100;
const EDITORS: [&str; 2] = ["First editor", "Second editor"];
/// Writers from the fifth on have a field of their own; the others share the keywords.
const OWN_FIELDS: [&str; 4] = ["programme", "certaintyNote", "legalMandate", "abstract"];

/// One of those who write at the same time.
struct Writer<'a> {
    server: &'a Server,
    who: Who<'a>,
    draft: &'a str,
    place: usize,
}

fn wording(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

fn keywords(content: &Value) -> Vec<String> {
    let list = content["keywords"].as_array().unwrap_or_else(|| panic!("no keywords: {content}"));
    list.iter().map(|keyword| keyword["en"]["text"].as_str().expect("text").to_owned()).collect()
}

fn content_of(draft: &Value) -> Value {
    serde_json::from_str(draft["content"].as_str().expect("content")).expect("JSON")
}

/// Number at the end of a keyword such as `writer-3 17`.
fn count_of(keyword: &str) -> usize {
    keyword.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count: {keyword}"))
}

impl Writer<'_> {
    fn own_field(&self) -> Option<&'static str> {
        self.place.checked_sub(WRITERS - OWN_FIELDS.len()).map(|place| OWN_FIELDS[place])
    }

    fn read(&self) -> Value {
        let query = "query($id: ID!) { datasetDraft(id: $id) { revision content } }";
        ask_as(self.server, self.who, query, json!({ "id": self.draft }))["datasetDraft"].clone()
    }

    /// What the next edit writes: the own field, or all keywords as they were seen with the own one counted up.
    fn next(&self, seen: &Value, edit: usize) -> Value {
        if let Some(field) = self.own_field() {
            return json!({ field: wording(&edit.to_string()) });
        }
        let mut all = keywords(&content_of(seen));
        all[self.place] = format!("writer-{} {}", self.place, count_of(&all[self.place]) + 1);
        json!({ "keywords": all.iter().map(|keyword| wording(keyword)).collect::<Vec<_>>() })
    }

    /// A conflict says how things stand now, and never names what this writer alone writes.
    fn check(&self, conflict: &Value, seen: &Value) {
        assert!(conflict["revision"].as_i64() > seen["revision"].as_i64(), "{conflict} {seen}");
        assert!(EDITORS.iter().any(|editor| conflict["changedBy"] == *editor), "{conflict}");
        let fields = conflict["fields"].as_array().expect("fields");
        let is_possible = |field: &Value| *field == "keywords" || OWN_FIELDS.iter().any(|own| *field == *own);
        assert!(!fields.is_empty() && fields.iter().all(is_possible), "{conflict}");
        assert!(!self.own_field().is_some_and(|own| fields.contains(&json!(own))), "{conflict}");
    }

    /// Carries out every edit; returns how many conflicts there were on the way.
    fn write(&self) -> usize {
        let query = "mutation($input: DatasetDraftUpdateInput!) { datasetDraftUpdate(input: $input) { draft { revision content } \
                     errors { code conflict { revision changedBy fields } } } }";
        let (mut seen, mut conflicts, mut edit, mut in_a_row) = (self.read(), 0, 1, 0_usize);
        while edit <= EDITS {
            let input = json!({ "draft": self.draft, "expectedRevision": seen["revision"], "content": self.next(&seen, edit) });
            let answer = payload(&ask_as(self.server, self.who, query, json!({ "input": input })));
            if codes(&answer).is_empty() {
                (seen, edit, in_a_row) = (answer["draft"].clone(), edit + 1, 0);
                continue;
            }
            assert_eq!((codes(&answer), &answer["draft"]), (vec!["CONFLICT"], &Value::Null));
            let conflict = &answer["errors"][0]["conflict"];
            self.check(conflict, &seen);
            (conflicts, in_a_row) = (conflicts + 1, in_a_row + 1);
            // Whoever lost waits a little, each a different while, so that someone gets through.
            std::thread::sleep(Duration::from_millis((in_a_row.min(8) * (4 + self.place) * 2) as u64));
            // Nobody else writes the own field: it can be written again over the revision that the conflict names.
            match self.own_field() {
                Some(_) => seen["revision"] = conflict["revision"].clone(),
                None => seen = self.read(),
            }
        }
        conflicts
    }
}

#[test]
fn eight_writers_lose_nothing() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let [first, second] = EDITORS.map(|editor| registry.invite("nso", editor, &["EDITOR"]));
        let wish = json!({ "name": "writer", "scopes": ["READ", "REGISTER"], "expiresInDays": 1 });
        let token = done(&act(server, &second, "register-api-token", wish), "secret");
        let token = token.as_str().expect("secret");
        note_secret(token);
        let blank: Vec<Value> = (0..WRITERS - OWN_FIELDS.len()).map(|place| wording(&format!("writer-{place} 0"))).collect();
        let draft = begin(server, &first, "nso", &json!({ "keywords": blank }));
        let before = registry.place.changes();
        let conflicts: usize = std::thread::scope(|scope| {
            let start = |place: usize| {
                let who = if place.is_multiple_of(2) { Who::Session(&first) } else { Who::Token(token) };
                let writer = Writer { server, who, draft: &draft.id, place };
                scope.spawn(move || writer.write())
            };
            let running: Vec<_> = (0..WRITERS).map(start).collect();
            running.into_iter().map(|writer| writer.join().expect("a writer ends well")).sum()
        });
        assert!(conflicts > 0, "{backend:?}: nobody met anybody, so that nothing was tried");
        let now = standing(server, &first, &draft);
        assert_eq!(now["revision"], 1 + WRITERS * EDITS, "a revision for each edit, after {conflicts} conflicts");
        let content = content_of(&now);
        assert!(keywords(&content).iter().all(|keyword| count_of(keyword) == EDITS), "{content}");
        assert!(OWN_FIELDS.iter().all(|field| content[*field]["en"]["text"].as_str() == Some(EDITS.to_string().as_str())), "{content}");
        assert_eq!(registry.place.changes() - before, (WRITERS * EDITS) as u64, "the log has each edit, and no conflict");
        registry.close();
    }
}
