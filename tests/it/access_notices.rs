//! Who is told of what happens to an access request: once each, and only what is so for them.

use serde_json::{Value, json};

use crate::access_requests::cast::{Cast, NSO, POLICE, answers, day, email, part};
use crate::harness::BACKENDS;
use crate::outgoing::wait_for;
use crate::people::ask_as;

/// Kinds of the notices of someone.
fn kinds(cast: &Cast, name: &str) -> Vec<String> {
    let told = ask_as(&cast.server, cast.who(name), "{ viewer { notifications(first: 100) { nodes { kind } } } }", Value::Null);
    let nodes = told["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
    nodes.iter().map(|notice| notice["kind"].as_str().expect("kind").to_owned()).collect()
}

fn count(cast: &Cast, name: &str, kind: &str) -> usize {
    kinds(cast, name).iter().filter(|known| *known == kind).count()
}

fn wait(cast: &Cast, name: &str, kind: &str) {
    wait_for(kind, 20, || Some(()).filter(|()| count(cast, name, kind) > 0));
}

#[test]
fn what_concerns_the_whole_is_told_once_and_an_end_only_to_those_whom_it_concerns() {
    for backend in BACKENDS {
        let mut cast = Cast::open(backend);
        cast.enter("twofold", &["ACCESS_OFFICER@nso", "ACCESS_OFFICER@police"]);
        let request = cast.begin("researcher", &[NSO, POLICE], json!({}));
        for name in ["colleague", "stranger"] {
            cast.step("researcher", &request, "member-add", json!({ "name": name, "email": email(name) }));
        }
        cast.step("researcher", &request, "answer", json!({ "answers": answers() }));
        cast.step("researcher", &request, "submit", json!({}));
        cast.step("researcher", &request, "message", json!({ "text": "To everyone.", "isInternal": false }));
        for name in ["colleague", "twofold", "officer", "other-officer"] {
            wait(&cast, name, "ACCESS_MESSAGE");
            assert_eq!(count(&cast, name, "ACCESS_MESSAGE"), 1, "{backend:?} {name}: one message, two holdings");
        }
        cast.refresh(&request);
        cast.approve("other-officer", "other-officer", &request, 2);
        cast.step("other-officer", &request, "propose", json!({ "part": 2, "text": "I keep them safe.", "until": day(100) }));
        let hash = part(&cast.look("researcher", &request.id), 2)["undertaking"]["textHash"].clone();
        for name in ["researcher", "colleague", "stranger"] {
            cast.step(name, &request, "accept", json!({ "part": 2, "textHash": hash }));
        }
        // One leaves; the use of the others goes on.
        cast.step("researcher", &request, "member-remove", json!({ "member": 2 }));
        for name in ["stranger", "other-officer"] {
            wait(&cast, name, "ACCESS_PERSON_ENDED");
        }
        for name in ["stranger", "other-officer", "researcher", "colleague"] {
            assert_eq!(count(&cast, name, "ACCESS_ENDED"), 0, "{backend:?} {name}: the access has not ended");
        }
        cast.clock(&day(101));
        for (name, told, not_told) in [("researcher", "ACCESS_ENDED", "ACCESS_OVER"), ("colleague", "ACCESS_OVER", "ACCESS_ENDED")] {
            wait(&cast, name, told);
            assert_eq!(count(&cast, name, not_told), 0, "{backend:?} {name}: only the applicant declares the data destroyed");
        }
        cast.close();
    }
}
