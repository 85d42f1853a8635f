//! From risk class HIGH on, nobody validates or publishes their own text.

use serde_json::{Value, json};

use crate::drafting::{Seen, begin, content, copy, publish, standing, step};
use crate::harness::{BACKENDS, Server, institution};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done};

/// Whether a step is refused for want of a second person, and the draft stays as it was.
fn assert_refused(server: &Server, author: &Session, operation: &str, draft: &Seen) {
    let before = standing(server, author, draft);
    assert_eq!(codes(&act(server, author, operation, draft.input())), ["SECOND_PERSON_REQUIRED"], "{operation}: {before}");
    assert_eq!(standing(server, author, draft), before);
}

/// Brings a draft that the author has written to publication; only the second person gets it through.
fn publish_by_two(server: &Server, author: &Session, second: &Session, draft: &Seen) -> Value {
    let submitted = step(server, author, "register-submit", draft);
    assert_refused(server, author, "register-validate", &submitted);
    let query = "query($id: ID!) { datasetDraft(id: $id) { viewerCanValidate viewerCannotValidateReasons } }";
    let told = ask_as(server, author, query, json!({ "id": draft.id }))["datasetDraft"].clone();
    assert_eq!(told, json!({ "viewerCanValidate": false, "viewerCannotValidateReasons": ["SECOND_PERSON_REQUIRED"] }));
    let validated = step(server, second, "register-validate", &submitted);
    assert_refused(server, author, "register-publish", &validated);
    done(&act(server, second, "register-publish", validated.input()), "dataset")
}

fn risk_of(server: &Server, slug: &str) -> Value {
    let query = "query($slug: String!) { dataset(slug: $slug) { version riskClass } }";
    ask_as(server, Who::Visitor, query, json!({ "slug": slug }))["dataset"].clone()
}

#[test]
fn a_second_person_is_needed_for_high_risk_only() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let both = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let second = registry.invite("nso", "Director", &["VALIDATOR"]);
        let draft = |slug: &str, risk: &str| begin(server, &both, "nso", &content("nso", slug, |c| c["riskClass"] = json!(risk)));
        for risk in ["NONE", "LOW", "MEDIUM"] {
            let slug = format!("risk-{}", risk.to_lowercase());
            assert_eq!(publish(server, &both, &both, &draft(&slug, risk))["version"], 1, "{risk}");
        }
        for risk in ["HIGH", "VERY_HIGH"] {
            let slug = format!("risk-{}", risk.to_lowercase().replace('_', "-"));
            assert_eq!(publish_by_two(server, &both, &second, &draft(&slug, risk))["version"], 1, "{risk}");
        }
        // What is published decides too: a lower class in the draft does not open the door.
        let lowered = copy(server, &both, "risk-high", &json!({ "riskClass": "LOW" }));
        publish_by_two(server, &both, &second, &lowered);
        assert_eq!(risk_of(server, "risk-high"), json!({ "version": 2, "riskClass": "LOW" }));
        // And a higher one shuts it at once.
        let raised = copy(server, &both, "risk-low", &json!({ "riskClass": "VERY_HIGH" }));
        publish_by_two(server, &both, &second, &raised);
        assert_eq!(risk_of(server, "risk-low"), json!({ "version": 2, "riskClass": "VERY_HIGH" }));
        registry.close();
    }
}

#[test]
fn whoever_wrote_or_submitted_a_part_is_no_second_person() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let both = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let colleague = registry.invite("nso", "Colleague", &["EDITOR"]);
        let high = |slug: &str| content("nso", slug, |c| c["riskClass"] = json!("HIGH"));
        // Written by the one, submitted by the other.
        let written = begin(server, &both, "nso", &high("written"));
        assert_refused(server, &both, "register-validate", &step(server, &colleague, "register-submit", &written));
        let submitted = begin(server, &colleague, "nso", &high("submitted"));
        assert_refused(server, &both, "register-validate", &step(server, &both, "register-submit", &submitted));
        // One field of somebody else's text.
        let mended = begin(server, &colleague, "nso", &high("mended"));
        let input = json!({ "draft": mended.id, "expectedRevision": mended.revision, "content": { "themes": ["MT-0702"] } });
        let mended = Seen::of(&done(&act(server, &both, "register-draft-update", input), "draft"));
        assert_refused(server, &both, "register-validate", &step(server, &colleague, "register-submit", &mended));
        // Nothing of it: the same person is a second person.
        let foreign = begin(server, &colleague, "nso", &high("foreign"));
        assert_eq!(publish(server, &colleague, &both, &foreign)["slug"], "foreign");
        registry.close();
    }
}
