//! Documents of access requests: looked through before anything is kept, read by those concerned only; and the link of mails.

use serde_json::{Value, json};

use crate::access_granting::{Granting, credential};
use crate::harness::{Answer, BACKENDS, Backend, Server};
use crate::outgoing::{Person, wait_until};
use crate::people::{Who, ask_as, operation};

const LETTER: &str = "Opinion of the committee: nothing stands against the study.\n";

/// A table of people, each with a number that the refusal must not repeat.
fn people() -> String {
    let row = |n: u32| format!("Nom {n},AB{},19{:02}-03-0{}\n", 123_400 + n * 7, 60 + n, n % 9 + 1);
    format!("nom,CIN,date de naissance\n{}", (0..12).map(row).collect::<String>())
}

/// Sends a document.
pub fn send(server: &Server, who: Who<'_>, path: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
    let own = credential(who);
    let mut headers: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    headers.extend(more);
    if !more.iter().any(|(name, _)| *name == "content-type") {
        headers.push(("content-type", "application/octet-stream"));
    }
    server.post(path, &headers, body)
}

fn fetch(server: &Server, who: Who<'_>, path: &str) -> Answer {
    let own = credential(who);
    let headers: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.get(path, &headers)
}

/// Where the documents of a request are sent.
pub fn address(request: &str, query: &str) -> String {
    format!("/access-request/{request}/documents?{query}")
}

/// Code of the first problem.
pub fn code(answer: &Answer) -> String {
    answer.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
}

fn field(answer: &Answer) -> String {
    answer.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned()
}

fn id_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["id"].as_str().expect("id").to_owned()
}

#[test]
fn who_may_not_attach_cannot_use_the_check() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let stranger = Person::join(place, server, "stranger", "en", &["ACCESS_OFFICER@police"]);
        let request = granting.begin();
        // A document that would be refused: nobody learns so who may not attach one.
        let body = people();
        let reading = granting.token(researcher, &["READ"]);
        let (to, before) = (address(&request, "name=opinion.txt"), place.changes());
        let asked = [
            (Who::Visitor, 401, "SIGN_IN_REQUIRED"),
            (Who::Session(&stranger.session), 404, "NOT_FOUND"),
            (Who::Session(&officer.session), 404, "NOT_FOUND"),
            (Who::Token(&reading), 403, "SCOPE_REQUIRED"),
            (Who::Token("rihla_wrong"), 401, "UNAUTHENTICATED"),
        ];
        for (who, status, wanted) in asked {
            let answer = send(server, who, &to, &[], body.as_bytes());
            assert_eq!((answer.status, code(&answer).as_str()), (status, wanted), "{who:?}: {}", answer.body);
        }
        let own = Who::Session(&researcher.session);
        for origin in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let answer = send(server, own, &to, &[origin], LETTER.as_bytes());
            assert_eq!((answer.status, code(&answer).as_str()), (403, "CROSS_SITE"), "{origin:?}");
        }
        let unknown = address(&uuid::Uuid::now_v7().to_string(), "name=a.txt");
        assert_eq!(send(server, own, &unknown, &[], LETTER.as_bytes()).status, 404);
        assert_eq!(send(server, own, "/access-request/x/documents", &[], LETTER.as_bytes()).status, 404);
        let form = [("content-type", "multipart/form-data; boundary=x")];
        assert_eq!(send(server, own, &to, &form, b"--x--").status, 415);
        assert_eq!(send(server, Who::Session(&stranger.session), &to, &form, b"--x--").status, 404, "first of all whether");
        for (query, wanted) in [("part=one", "part"), ("internal=perhaps", "internal"), ("internal=true", "internal")] {
            let answer = send(server, own, &address(&request, query), &[], LETTER.as_bytes());
            assert_eq!((answer.status, field(&answer).as_str()), (422, wanted), "{}", answer.body);
        }
        assert_eq!(place.changes(), before, "a refusal leaves no trace");
        granting.close();
    }
}

#[test]
fn what_looks_like_records_on_persons_stays_outside() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { server, place, researcher, .. } = &granting;
        let request = granting.begin();
        let own = Who::Session(&researcher.session);
        let before = place.changes();
        let body = people();
        let refused = send(server, own, &address(&request, "name=list.csv"), &[], body.as_bytes());
        assert_eq!((refused.status, field(&refused).as_str()), (422, "persons"), "{}", refused.body);
        for value in body.lines().skip(1).flat_map(|line| line.split(',')) {
            assert!(!refused.body.contains(value), "{value} is repeated: {}", refused.body);
        }
        for (name, body, status, wanted) in [
            ("empty.txt", Vec::new(), 422, "size"),
            ("large.txt", vec![b'a'; 5 * 1024 * 1024 + 1], 413, "size"),
            ("script.html", b"<html><script>1</script></html>".to_vec(), 422, "content"),
            ("opinion.pdf", LETTER.as_bytes().to_vec(), 422, "name"),
        ] {
            let answer = send(server, own, &address(&request, &format!("name={name}")), &[], &body);
            assert_eq!((answer.status, field(&answer).as_str()), (status, wanted), "{name}: {}", answer.body);
        }
        assert_eq!(place.changes(), before, "nothing of it stays");
        assert_eq!(granting.look(researcher, &request)["documents"], json!([]));
        granting.close();
    }
}

#[test]
fn documents_are_read_by_those_concerned_and_erased_with_the_request() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let stranger = Person::join(place, server, "stranger", "en", &["ACCESS_OFFICER@police"]);
        let coordinator = Person::join(place, server, "coordinator", "en", &["COORDINATOR"]);
        let (own, holder) = (Who::Session(&researcher.session), Who::Session(&officer.session));
        let request = granting.begin();
        let kept = send(server, own, &address(&request, "name=%C3%A9tude%22.txt"), &[], LETTER.as_bytes());
        let told = kept.json();
        assert_eq!((&told["mediaType"], &told["size"], &told["hasText"]), (&json!("text/plain"), &json!(LETTER.len()), &json!(true)));
        let path = format!("/access-document/{}", id_of(&kept));
        // Before it is submitted, a request is nobody's business but the applicant's.
        assert_eq!(fetch(server, holder, &path).status, 404);
        granting.submit(&request);

        let answer = fetch(server, own, &path);
        assert_eq!((answer.status, answer.body.as_str()), (200, LETTER));
        assert_eq!(answer.header("content-type"), "text/plain");
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"_tude-.txt\"; filename*=UTF-8''%C3%A9tude-.txt");
        assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!((answer.header("x-content-type-options"), answer.header("cache-control")), ("nosniff", "no-store"));
        assert_eq!(fetch(server, holder, &path).status, 200);
        assert_eq!(fetch(server, Who::Token(&granting.token(officer, &["ACCESS"])), &path).status, 200);
        let hidden = [
            fetch(server, Who::Visitor, &path),
            fetch(server, Who::Session(&stranger.session), &path),
            fetch(server, Who::Session(&coordinator.session), &path),
            fetch(server, Who::Token(&granting.token(officer, &["READ"])), &path),
            fetch(server, own, &format!("/access-document/{}", uuid::Uuid::now_v7())),
            fetch(server, own, "/access-document/none"),
        ];
        for answer in &hidden {
            assert_eq!((answer.status, &answer.body), (404, &hidden[0].body), "the absent and the hidden look the same");
        }
        let readers = granting.look(researcher, &request)["readers"]["nodes"].clone();
        let looks: Vec<&Value> = readers.as_array().expect("readers").iter().filter(|reader| reader["what"] == "DOCUMENT").collect();
        assert_eq!(looks.len(), 1, "two looks within an hour, and none of the applicant's own: {readers}");
        assert_eq!(looks[0]["function"], "Function of officer");
        // Each document that is read is noted, and which one it was.
        let second = id_of(&send(server, own, &address(&request, "name=second.txt"), &[], LETTER.as_bytes()));
        assert_eq!(fetch(server, holder, &format!("/access-document/{second}")).status, 200);
        granting.look(&granting.officer, &request);
        let query = "query($id: ID!) { accessRequest(id: $id) { readers(first: 50) { nodes { what document } } } }";
        let readers = ask_as(server, own, query, json!({ "id": request }))["accessRequest"]["readers"]["nodes"].clone();
        let read: Vec<&Value> = readers.as_array().expect("readers").iter().map(|reader| &reader["document"]).collect();
        assert!(read.contains(&&json!(id_of(&kept))) && read.contains(&&json!(second)) && read.contains(&&Value::Null), "{readers}");
        // The other side is told that there is one more.
        let heard = || officer.notifications(server).into_iter().filter(|(kind, _)| kind == "ACCESS_DOCUMENT").count();
        wait_until("the officer is told", 20, || heard() == 1);

        // The holder keeps a document to itself.
        let whole = send(server, holder, &address(&request, "name=note.txt&internal=true"), &[], LETTER.as_bytes());
        assert_eq!((whole.status, field(&whole).as_str()), (422, "part"));
        let internal = send(server, holder, &address(&request, "name=note.txt&internal=true&part=1"), &[], LETTER.as_bytes());
        let inside = format!("/access-document/{}", id_of(&internal));
        assert_eq!((fetch(server, holder, &inside).status, fetch(server, own, &inside).status), (200, 404));
        assert_eq!(granting.look(researcher, &request)["documents"].as_array().map(Vec::len), Some(2));
        assert_eq!(granting.look(officer, &request)["documents"].as_array().map(Vec::len), Some(3));

        granting.step(researcher, &request, "Withdraw", "Withdraw", json!({}));
        granting.step(researcher, &request, "Erase", "", json!({}));
        let gone = fetch(server, own, &path);
        assert_eq!((gone.status, code(&gone).as_str()), (410, "ERASED"));
        assert_eq!(fetch(server, Who::Session(&stranger.session), &path).status, 404);
        let late = send(server, own, &address(&request, "name=late.txt"), &[], LETTER.as_bytes());
        assert_eq!((late.status, code(&late).as_str()), (403, "WRONG_STATE"));
        granting.close();
    }
}

#[test]
fn a_request_has_room_for_twenty_documents() {
    let granting = Granting::open(Backend::Sqlite, &[]);
    let own = Who::Session(&granting.researcher.session);
    let request = granting.begin();
    for number in 0..20 {
        let answer = send(&granting.server, own, &address(&request, &format!("name=letter-{number}.txt")), &[], LETTER.as_bytes());
        id_of(&answer);
    }
    let full = send(&granting.server, own, &address(&request, "name=one-more.txt"), &[], LETTER.as_bytes());
    assert_eq!((full.status, field(&full).as_str()), (422, "documents"), "{}", full.body);
    let more = send(&granting.server, own, &address(&granting.begin(), "name=one-more.txt"), &[], LETTER.as_bytes());
    assert_eq!(more.status, 201, "another request has room of its own");
    granting.close();
}

#[test]
fn the_link_of_a_mail_leads_to_the_request() {
    let granting = Granting::open(Backend::Sqlite, &[]);
    let Granting { server, place, officer, researcher, .. } = &granting;
    let stranger = Person::join(place, server, "stranger", "en", &["EDITOR@police"]);
    let request = granting.begin();
    granting.submit(&request);
    let plain = {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&request).expect("base64");
        String::from_utf8(bytes).expect("text").split_once(':').expect("kind and key").1.to_owned()
    };
    for id in [plain.as_str(), request.as_str()] {
        let path = format!("/access-request/{id}");
        let visitor = fetch(server, Who::Visitor, &path);
        assert_eq!((visitor.status, visitor.header("location")), (303, format!("/sign-in?return_to=%2Faccess-request%2F{plain}").as_str()));
        for who in [officer, researcher] {
            let answer = fetch(server, Who::Session(&who.session), &path);
            assert!(answer.status == 303 && answer.header("location").starts_with("/graphiql?query="), "{}", answer.body);
        }
        assert_eq!(fetch(server, Who::Session(&stranger.session), &path).status, 404);
    }
    let unknown = format!("/access-request/{}", uuid::Uuid::now_v7());
    assert_eq!(fetch(server, Who::Visitor, &unknown).status, 303, "a visitor learns nothing of what there is");
    assert_eq!(fetch(server, Who::Session(&researcher.session), &unknown).status, 404);
    // What the page asks is answered.
    let seen = ask_as(server, own(researcher), &operation("access-by-link"), json!({ "id": request }));
    assert_eq!(seen["accessRequest"]["parts"][0]["state"], "SUBMITTED", "{seen}");
    granting.close();
}

fn own(person: &Person) -> Who<'_> {
    Who::Session(&person.session)
}

#[test]
fn a_document_of_a_draft_is_told_to_nobody_however_late_notices_are_made() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let request = granting.begin();
        assert_eq!(send(server, Who::Session(&researcher.session), &address(&request, "name=a.txt"), &[], LETTER.as_bytes()).status, 201);
        granting.submit(&request);
        let told = |kind: &str| officer.notifications(server).into_iter().filter(|(known, _)| known == kind).count();
        wait_until("the officer is told of the request", 20, || told("ACCESS_SUBMITTED") == 1);
        // As if whoever makes the notices had been away the whole time.
        place.alter("DELETE FROM notices; UPDATE followers SET seq = 0 WHERE name = 'notices'");
        wait_until("the officer is told again", 20, || told("ACCESS_SUBMITTED") == 1);
        assert_eq!(told("ACCESS_DOCUMENT"), 0, "{backend:?}");
        granting.close();
    }
}
