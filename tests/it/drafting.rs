//! Drafts as tests need them, and their way to publication.

use serde_json::{Value, json};

use crate::harness::Server;
use crate::people::{Session, Who, act, ask_as, done};

/// Content that is ready to be submitted; `change` makes of it what the test needs.
pub fn content(institution: &str, slug: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut content = json!({
        "slug": slug,
        "recordKind": "STATISTICAL_OPERATION",
        "riskClass": "LOW",
        "visibility": "PUBLIC",
        "mainLanguage": "fr",
        "titles": [{ "language": "fr", "text": format!("Titre de {slug}") }],
        "abstract": [{ "language": "fr", "text": "Une opération." }],
        "themes": ["MT-0701"],
        "holdings": [holding(institution, "PRODUCER", "UNKNOWN")],
        "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED" },
        "coverage": { "reportingAreas": ["MA-09"], "period": { "start": "2024", "end": "2025" }, "frequency": "ONCE" },
        "reviewDueOn": "2090-06-30",
    });
    change(&mut content);
    content
}

/// A holding with a level of access to microdata.
pub fn holding(institution: &str, role: &str, microdata: &str) -> Value {
    let terms = json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": microdata, "microdataBasis": "ASSUMED", "channel": "DESK" });
    json!({ "institution": institution, "role": role, "accessTerms": terms })
}

/// A draft as it was last seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Identifier.
    pub id: String,
    /// Revision.
    pub revision: i64,
}

impl Seen {
    /// Reads the two from an answer.
    pub fn of(draft: &Value) -> Self {
        let id = draft["id"].as_str().unwrap_or_else(|| panic!("a draft has an id: {draft}"));
        Self { id: id.to_owned(), revision: draft["revision"].as_i64().unwrap_or_else(|| panic!("a draft has a revision: {draft}")) }
    }

    /// Input of the steps that take nothing else.
    pub fn input(&self) -> Value {
        json!({ "draft": self.id, "expectedRevision": self.revision })
    }
}

/// Begins a record of an institution.
pub fn begin<'a>(server: &Server, editor: impl Into<Who<'a>>, institution: &str, content: &Value) -> Seen {
    let input = json!({ "institution": institution, "content": content });
    Seen::of(&done(&act(server, editor, "register-draft-create", input), "draft"))
}

/// Begins a working copy of a published record.
pub fn copy<'a>(server: &Server, editor: impl Into<Who<'a>>, dataset: &str, content: &Value) -> Seen {
    let input = json!({ "dataset": dataset, "content": content });
    Seen::of(&done(&act(server, editor, "register-working-copy", input), "draft"))
}

/// Takes the next step with a draft, which must succeed.
pub fn step<'a>(server: &Server, who: impl Into<Who<'a>>, operation: &str, draft: &Seen) -> Seen {
    Seen::of(&done(&act(server, who, operation, draft.input()), "draft"))
}

/// Submits, validates and publishes a draft; returns the record.
pub fn publish(server: &Server, editor: &Session, validator: &Session, draft: &Seen) -> Value {
    let submitted = step(server, editor, "register-submit", draft);
    let validated = step(server, validator, "register-validate", &submitted);
    done(&act(server, validator, "register-publish", validated.input()), "dataset")
}

/// Where a draft stands, for somebody who may read it.
pub fn standing(server: &Server, reader: &Session, draft: &Seen) -> Value {
    let query = "query($id: ID!) { datasetDraft(id: $id) { status revision content } }";
    ask_as(server, reader, query, json!({ "id": draft.id }))["datasetDraft"].clone()
}
