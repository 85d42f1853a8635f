//! What happens at the edges of access requests: transfers, erasures, copies, refusals to begin, desks with faults, the demo.

use serde_json::{Value, json};

use crate::access_granting::{Granting, day};
use crate::access_nodes::count;
use crate::harness::{BACKENDS, Backend, Place, dataset, institution, with_demo};
use crate::outgoing::{Person, import, outbox_of, wait_for, wait_until};
use crate::people::{Who, ask_as, codes, operation, payload};

const NOTICES: &str = "{ viewer { notifications(first: 100) { nodes { kind } } } }";

fn has_notice(granting: &Granting, who: &Person, kind: &str) -> bool {
    let seen = ask_as(&granting.server, &who.session, NOTICES, Value::Null);
    seen["viewer"]["notifications"]["nodes"].as_array().expect("notices").iter().any(|notice| notice["kind"] == kind)
}

fn given(granting: &Granting, who: &Person) -> Value {
    let answer = granting.server.get("/entitlements", &[("cookie", &who.session.cookie)]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["entitlements"].clone()
}

/// The request with what these tests look at.
fn look(granting: &Granting, who: &Person, request: &str) -> Value {
    let query = "query($id: ID!) { accessRequest(id: $id) { id state revision events(first: 100) { nodes { kind part by } } \
                 parts { number state institution { slug } dueOn entitlements { id identifier state reason } viewerActions } } }";
    ask_as(&granting.server, &who.session, query, json!({ "id": request }))["accessRequest"].clone()
}

/// Sets a desk; the payload.
fn set_desk(granting: &Granting, who: &Person, input: Value) -> Value {
    let query = "mutation($input: AccessDeskSetInput!) { accessDeskSet(input: $input) { \
                 desk { revision isOpen deciders advisers deputies } errors { code message path } } }";
    payload(&ask_as(&granting.server, &who.session, query, json!({ "input": input })))
}

fn attempt(granting: &Granting, who: &Person, mutation: &str, kind: &str, input: Value) -> Value {
    let query = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ request {{ id state revision }} errors {{ code message path }} }} }}"
    );
    payload(&ask_as(&granting.server, &who.session, &query, json!({ "input": input })))
}

#[test]
fn what_was_asked_of_a_holder_passes_to_its_successor() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { server, place, officer, researcher, holding, .. } = &granting;
        import(place, &[institution("nso2").replace("\"kind\"", "\"predecessors\":[\"nso\"],\"kind\"")]);
        let head = Person::join(place, server, "head", "en", &["VALIDATOR@nso"]);
        let successor = Person::join(place, server, "successor", "en", &["ACCESS_OFFICER@nso2"]);
        let own = json!({ "institution": "nso", "holding": holding, "expectedRevision": 0, "isOpen": true, "decisionDays": 11,
            "deputies": ["officer@people.example"] });
        assert!(codes(&set_desk(&granting, officer, own)).is_empty());
        let (active, waiting, draft, over) = (granting.granted(&day(100)), granting.begin(), granting.begin(), granting.begin());
        granting.submit(&waiting);
        granting.submit(&over);
        attempt(&granting, researcher, "accessRequestWithdraw", "AccessRequestWithdrawInput", {
            let seen = look(&granting, researcher, &over);
            json!({ "request": over, "expectedRevision": seen["revision"] })
        });
        let due = look(&granting, researcher, &waiting)["parts"][0]["dueOn"].clone();

        let query = "mutation($input: DatasetTransferInput!) { datasetTransfer(input: $input) { dataset { holdings { id } } errors { code message } } }";
        let input = json!({ "dataset": "survey", "expectedRevision": 1, "to": "nso2" });
        let passed = payload(&ask_as(server, &head.session, query, json!({ "input": input })));
        assert!(codes(&passed).is_empty(), "{passed}");

        // The new holder sees what is open, the former one sees it no more; what had ended stays where it ended.
        for (id, state) in [(&active, "ACTIVE"), (&waiting, "SUBMITTED")] {
            let seen = look(&granting, &successor, id);
            assert_eq!((&seen["state"], &seen["parts"][0]["institution"]["slug"]), (&json!(state), &json!("nso2")), "{seen}");
            assert_eq!(look(&granting, officer, id), Value::Null);
            let events = seen["events"]["nodes"].as_array().expect("events");
            assert!(events.iter().any(|event| event["kind"] == "TRANSFERRED" && event["by"] == "Function of head"), "{seen}");
        }
        assert_eq!(look(&granting, &successor, &over), Value::Null);
        assert_eq!(look(&granting, officer, &over)["state"], "WITHDRAWN");
        assert_eq!(look(&granting, researcher, &waiting)["parts"][0]["dueOn"], due, "what the applicant was told stays");

        // The system of the former holder closes what that of the new one opens.
        let (before, after) = (given(&granting, officer), given(&granting, &successor));
        assert_eq!((&before[0]["state"], &before[0]["reason"]), (&json!("ENDED"), &json!("TRANSFERRED")), "{before}");
        assert_eq!((after.as_array().map(Vec::len), &after[0]["state"], &after[0]["until"]), (Some(1), &json!("ACTIVE"), &json!(day(100))));
        assert_ne!(before[0]["id"], after[0]["id"]);
        for who in [officer, researcher, &successor] {
            wait_until("everyone is told", 20, || has_notice(&granting, who, "ACCESS_TRANSFERRED"));
        }

        // The desk of the holding went along with its times, without the people of the former holder.
        let desk = "query($holding: ID) { accessDesk(institution: \"nso2\", holding: $holding) { isOpen deputies serviceTimes { decisionDays } } }";
        let renamed = passed["dataset"]["holdings"][0]["id"].clone();
        assert_ne!(renamed, json!(holding));
        let desk = ask_as(server, &successor.session, desk, json!({ "holding": renamed }))["accessDesk"].clone();
        assert_eq!(desk, json!({ "isOpen": true, "deputies": 0, "serviceTimes": { "decisionDays": 11 } }));
        // The new holder works on, and what was a draft is submitted to it.
        granting.step(&successor, &waiting, "ConfirmComplete", "Part", json!({ "part": 1 }));
        let renew = json!({ "request": draft, "expectedRevision": look(&granting, researcher, &draft)["revision"], "part": 1 });
        assert!(codes(&attempt(&granting, researcher, "accessRequestFormRenew", "AccessRequestPartInput", renew)).is_empty());
        assert_eq!(look(&granting, researcher, &draft)["parts"][0]["institution"]["slug"], "nso2");
        granting.step(&successor, &active, "Revoke", "Text", json!({ "part": 1, "text": "The project has ended" }));
        assert_eq!(given(&granting, &successor)[0]["reason"], "REVOKED");
        assert_eq!(given(&granting, officer), before, "the former holder hears no more of it");
        granting.close();
    }
}

/// Whether any file of the database holds a text.
fn is_on_disk(place: &Place, text: &str) -> bool {
    let files = std::fs::read_dir(&place.folder).expect("folder").map(|entry| entry.expect("entry").path());
    let of_database = files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rihla.sqlite")));
    of_database
        .map(|path| std::fs::read(path).unwrap_or_default())
        .any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

#[test]
fn what_is_erased_is_told_to_nobody_and_leaves_no_copy() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { place, officer, researcher, .. } = &granting;
        let (request, address) = (granting.begin(), "unknown@elsewhere.example");
        let member = json!({ "name": "SECRETNAME", "email": address });
        granting.step(researcher, &request, "MemberAdd", "MemberAdd", member);
        granting.submit(&request);
        let letter = wait_for("the invitation", 20, || outbox_of(place, address).pop());
        for said in ["From: Function of researcher", "survey", "valid until"] {
            assert!(letter.text.contains(said), "{said}: {}", letter.text);
        }
        let message = json!({ "request": request, "part": 1, "text": "SECRETMESSAGE" });
        assert!(codes(&attempt(&granting, researcher, "accessRequestMessage", "AccessRequestMessageInput", message)).is_empty());
        let other = granting.granted(&day(100));
        granting.step(researcher, &other, "ConfirmDestruction", "Text", json!({ "part": 1, "text": "Overwritten" }));
        granting.step(officer, &other, "Close", "Text", json!({ "part": 1 }));
        assert_eq!(given(&granting, officer)[0]["person"]["email"], researcher.email.as_str());
        let whole = |id: &str| json!({ "request": id, "expectedRevision": look(&granting, researcher, id)["revision"] });
        let withdrawn = attempt(&granting, researcher, "accessRequestWithdraw", "AccessRequestWithdrawInput", whole(&request));
        assert!(codes(&withdrawn).is_empty(), "{withdrawn}");
        for id in [&request, &other] {
            let erased = attempt(&granting, researcher, "accessRequestErase", "AccessRequestInput", whole(id));
            assert!(codes(&erased).is_empty(), "{erased}");
        }
        let entitlement = given(&granting, officer)[0].clone();
        assert_eq!((&entitlement["person"], &entitlement["state"]), (&Value::Null, &json!("ENDED")), "{entitlement}");
        let kept = count(place, backend, &format!("SELECT count(*) FROM mails WHERE recipient = '{address}'"));
        assert_eq!(kept, 0, "the address of who never made an account is forgotten");
        if backend == Backend::Sqlite {
            for text in ["SECRETNAME", "SECRETMESSAGE", address] {
                wait_until("the files hold nothing of it", 20, || !is_on_disk(place, text));
            }
        }
        granting.close();
    }
}

#[test]
fn the_applicant_takes_everything_along() {
    let granting = Granting::open(Backend::Sqlite, &[]);
    let Granting { server, officer, researcher, .. } = &granting;
    let request = granting.granted(&day(100));
    let path = format!("/access-request/{request}/documents?name=letter.txt");
    let headers = [("cookie", researcher.session.cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let attached = server.post(&path, &headers, b"What the committee said.\n");
    assert_eq!(attached.status, 201, "as curl sends it: {}", attached.body);
    let copy = ask_as(server, &researcher.session, &operation("access-request-export"), json!({ "id": request }));
    let copy: Value = serde_json::from_str(copy["accessRequestExport"].as_str().expect("a copy")).expect("JSON");
    let part = &copy["parts"][0];
    assert_eq!(part["form"]["questions"][0]["label"]["fr"]["text"], "Why");
    assert_eq!(part["answers"]["nso.why"], "To know");
    assert_eq!(part["decision"]["outcome"], "APPROVED");
    let lines = part["decision"]["reasons"][0]["lines"].as_array().expect("lines");
    assert_eq!((lines.len(), &lines[0]["reason"]), (5, &json!("Seen")));
    assert_eq!(part["undertaking"]["text"], "Used for the project only.");
    assert_eq!(part["undertaking"]["accepted"][0]["isApplicant"], true);
    assert_eq!((&part["entitlements"][0]["state"], &part["entitlements"][0]["until"]), (&json!("ACTIVE"), &json!(day(100))));
    let url = copy["documents"][0]["url"].as_str().expect("address");
    let document = server.get(&url[url.find("/access-document").expect("path")..], &headers[..1]);
    assert_eq!((document.status, document.body.as_str()), (200, "What the committee said.\n"));
    // Nothing of who decides within the holder.
    assert!(!copy.to_string().contains("officer@people.example"), "{copy}");
    let theirs = ask_as(server, &officer.session, &operation("access-request-export"), json!({ "id": request }));
    assert_eq!(theirs["accessRequestExport"], Value::Null);
    granting.close();
}

#[test]
fn a_refusal_says_what_it_is_of() {
    let granting = Granting::open(Backend::Sqlite, &[]);
    let Granting { server, place, officer, researcher, holding, .. } = &granting;
    let request = granting.begin();
    let begin = |level: &str| {
        let input = json!({ "holdings": [{ "holding": holding, "data": level }] });
        attempt(&granting, researcher, "accessRequestCreate", "AccessRequestCreateInput", input)
    };
    assert!(codes(&set_desk(&granting, officer, json!({ "institution": "nso", "expectedRevision": 1, "isOpen": false }))).is_empty());
    let closed = begin("MICRODATA");
    assert_eq!(codes(&closed), ["OUTSIDE_CATALOGUE"], "{closed}");
    assert_eq!(closed["errors"][0]["message"], "Requests go to the holder, outside this catalogue");
    assert!(codes(&set_desk(&granting, officer, json!({ "institution": "nso", "expectedRevision": 2, "isOpen": true }))).is_empty());

    // Where the terms name another way, an open desk says nothing.
    let terms = json!({ "aggregates": "AGGREGATES_ON_REQUEST", "aggregatesBasis": "QUOTED", "microdata": "LICENSED", "microdataBasis": "QUOTED", "channel": "DESK" });
    let elsewhere = dataset("elsewhere", |record| {
        record["producer"] = json!("nso");
        record["holdings"] = json!([{ "institution": "nso", "role": "PRODUCER", "accessTerms": terms }]);
    });
    import(place, &[elsewhere]);
    let accepts = |slug: &str| {
        let query = "query($slug: String!) { dataset(slug: $slug) { holdings { acceptsRequests } } }";
        server.ask_with(query, json!({ "slug": slug }))["dataset"]["holdings"][0]["acceptsRequests"].clone()
    };
    assert_eq!((accepts("survey"), accepts("elsewhere")), (json!(true), json!(false)));

    // Every fault of a desk at once, each where it is.
    let faults = json!({ "institution": "nso", "expectedRevision": 3, "isOpen": true, "completenessDays": 0, "decisionDays": -5,
        "acceptanceDays": 99_999, "quorum": 3, "deciders": ["officer@people.example", "OFFICER@people.example "], "deputies": ["nobody@people.example"] });
    let refused = set_desk(&granting, officer, faults);
    let mut paths: Vec<&str> = refused["errors"].as_array().expect("errors").iter().filter_map(|error| error["path"][0].as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths, ["acceptanceDays", "completenessDays", "deciders", "decisionDays", "deputies", "quorum"], "{refused}");
    let named = json!({ "institution": "nso", "expectedRevision": 3, "isOpen": true, "advisers": ["researcher@people.example"],
        "deputies": ["officer@people.example"] });
    // Who has no role there is named as an outsider, and who has one is none.
    let refused = set_desk(&granting, officer, named.clone());
    assert_eq!(refused["errors"][0]["path"], json!(["advisers", "0"]), "{refused}");
    let marked = |outsiders: Value| {
        let mut named = named.clone();
        named["outsiders"] = outsiders;
        named
    };
    let refused = set_desk(&granting, officer, marked(json!(["officer@people.example", "researcher@people.example"])));
    assert_eq!(refused["errors"][0]["path"], json!(["outsiders", "0"]), "{refused}");
    let named = marked(json!(["researcher@people.example"]));
    let set = set_desk(&granting, officer, named)["desk"].clone();
    assert_eq!((&set["advisers"], &set["deputies"], &set["deciders"]), (&json!(1), &json!(1), &json!(0)));

    // Paths keep a key whole; what is not seen is not taken; a part that is not there is named.
    let revision = || look(&granting, researcher, &request)["revision"].clone();
    let answer = |text: &str| {
        let input = json!({ "request": request, "expectedRevision": revision(), "answers": [{ "question": "nso.why", "text": text }] });
        attempt(&granting, researcher, "accessRequestUpdate", "AccessRequestUpdateInput", input)
    };
    let turned = answer("To \u{202E}know");
    assert_eq!(turned["errors"][0]["path"], json!(["answers", "nso.why"]), "{turned}");
    let member =
        json!({ "request": request, "expectedRevision": revision(), "name": "turned \u{202E}round", "email": "other@people.example" });
    let refused = attempt(&granting, researcher, "accessRequestMemberAdd", "AccessRequestMemberAddInput", member);
    assert_eq!(codes(&refused), ["INVALID"], "{refused}");
    let absent = json!({ "request": request, "expectedRevision": revision(), "part": 9 });
    let absent = attempt(&granting, researcher, "accessRequestHoldingRemove", "AccessRequestPartInput", absent);
    assert_eq!(absent["errors"][0]["message"], "part 9 of this access request is not known");
    for _ in 0..9 {
        begin("MICRODATA");
    }
    let many = begin("MICRODATA")["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(many.contains("are begun in a day") && !many.starts_with("record"), "{many}");

    let wrong = "query($where: AccessRequestFilter) { accessRequests(scope: OWN, where: $where) { totalCount } }";
    for filter in [json!({ "dataset": holding }), json!({ "institution": "No Slug" })] {
        let answer = server.graphql_as(&researcher.session, wrong, json!({ "where": filter })).json();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
    }
    let hook = "mutation { webhookCreate(input: { url: \"http://example.com/hook\" }) { errors { code message path } } }";
    let hook = payload(&ask_as(server, &officer.session, hook, Value::Null));
    assert!(hook["errors"][0]["message"].as_str().unwrap_or_default().contains("https://"), "{hook}");
    let head = ureq::head(format!("{}/entitlements", server.address)).header("cookie", &officer.session.cookie).call();
    assert!(head.is_ok_and(|answer| answer.status() == 200), "HEAD answers as GET does");
    granting.close();
}

#[test]
fn the_parts_of_a_request_are_read_again_by_their_identifiers() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let stranger = Person::join(place, server, "stranger", "en", &["ACCESS_OFFICER@police"]);
        let request = granting.granted(&day(100));
        let path = format!("/access-request/{request}/documents?name=letter.txt");
        let headers = [("cookie", researcher.session.cookie.as_str()), ("content-type", "application/octet-stream")];
        assert_eq!(server.post(&path, &headers, b"What the committee said.\n").status, 201);
        let entitlement = look(&granting, researcher, &request)["parts"][0]["entitlements"][0].clone();
        let document = granting.look(researcher, &request)["documents"][0].clone();
        let ids = json!([entitlement["id"], document["id"]]);
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Entitlement { identifier state } ... on AccessDocument { name } } }";
        let read = |who: &Person| ask_as(server, &who.session, query, json!({ "ids": ids }))["nodes"].clone();
        let wanted = json!([
            { "id": entitlement["id"], "__typename": "Entitlement", "identifier": entitlement["identifier"], "state": "ACTIVE" },
            { "id": document["id"], "__typename": "AccessDocument", "name": "letter.txt" },
        ]);
        assert_eq!((read(researcher), read(officer)), (wanted.clone(), wanted));
        assert_eq!(read(&stranger), json!([null, null]));
        assert_eq!(given(&granting, officer)[0]["id"], entitlement["identifier"]);
        let seen = granting.look(researcher, &request);
        assert_eq!(seen["readers"]["nodes"][0]["what"], "CONTENT");
        // A revocation that an appeal undoes goes on; it is no renewal.
        granting.step(officer, &request, "Revoke", "Text", json!({ "part": 1, "text": "An incident" }));
        granting.step(researcher, &request, "Appeal", "Text", json!({ "part": 1, "text": "There was none" }));
        let second = Person::join(place, server, "second", "en", &["ACCESS_OFFICER@nso"]);
        let granted = json!({ "part": 1, "isUpheld": true, "text": "There was none indeed" });
        granting.step(&second, &request, "AppealDecide", "AppealDecide", granted);
        let auditor = Person::join(place, server, "auditor", "en", &["AUDITOR"]);
        let log = ask_as(server, &auditor.session, &operation("register-audit-log"), json!({ "where": { "entities": ["ENTITLEMENT"] } }));
        assert!(log.to_string().contains("RESUMED") && !log.to_string().contains("RENEWED"), "{log}");
        granting.close();
    }
}

#[test]
fn the_demo_lets_a_newcomer_ask() {
    with_demo(|server, _| {
        let accounts = server.accounts();
        let token =
            |role: &str| accounts.iter().find(|account| account.role == role).map(|account| account.token.clone()).expect("account");
        let (officer, member) = (token("ACCESS_OFFICER"), token("MEMBER"));
        let holdings = |who: &str| {
            let asked = ask_as(server, Who::Token(who), &operation("access-request-holdings"), json!({ "slug": "ma-hcp-enmi-2018-2019" }));
            asked["dataset"]["holdings"][0].clone()
        };
        assert_eq!(holdings(&member)["viewerCannotRequestAccessReasons"], json!(["OUTSIDE_CATALOGUE"]), "nobody has said so of HCP");
        // What the hint of the start says.
        let open = "mutation { accessDeskSet(input: { institution: \"hcp\", expectedRevision: 0, isOpen: true }) { errors { message } } }";
        assert!(codes(&payload(&ask_as(server, Who::Token(&officer), open, Value::Null))).is_empty());
        let holding = holdings(&member);
        assert_eq!(holding["viewerCanRequestAccess"], true, "{holding}");
        let input = json!({ "holdings": [{ "holding": holding["id"], "data": "MICRODATA" }], "purpose": "RESEARCH" });
        let begun = payload(&ask_as(server, Who::Token(&member), &operation("access-request-create"), json!({ "input": input })));
        assert!(codes(&begun).is_empty(), "{begun}");
    });
}
