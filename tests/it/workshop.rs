//! A workshop through the front door: institutions say what they have, lack and plan; the questions of a coordinator are answered from it,
//! and the report on Objective 1 tells it, with what nobody validated in its annex alone.

use serde_json::{Value, json};

use crate::drafting::{Seen, begin, content, holding, publish, step};
use crate::harness::{BACKENDS, Backend, dataset};
use crate::people::{Registry, Session, Who, act, ask_as, ask_in, done, operation};

/// What is written down after the first edition, and must stand in no report on it.
const SAID: [&str; 8] = [
    "Les microdonnées manquent.",
    "Échange mensuel de tableaux agrégés.",
    "Le permis n'est pas la résidence.",
    "Champs différents",
    "Population légale et population des ménages.",
    "Un module sur les retours",
    "Formation à l'échantillonnage",
    "Deux semaines à Dakar",
];

fn text(words: &str) -> Value {
    json!([{ "language": "fr", "text": words }])
}

fn institution(slug: &str, kind: &str, country: &str) -> String {
    json!({
        "type": "institution",
        "slug": slug,
        "kind": kind,
        "country": country,
        "names": { "fr": { "text": format!("Nom de {slug}"), "status": "OFFICIAL" } },
        "mandate": { "fr": { "text": format!("Mandat de {slug}"), "status": "OFFICIAL" } },
        "certainty": "DOCUMENTED",
    })
    .to_string()
}

struct Workshop {
    registry: Registry,
    office: Session,
    police: Session,
    agency: Session,
    coordinator: Session,
}

/// The report on Morocco of today, from the console, which names in its annex what nobody validated.
pub fn report(registry: &Registry, language: &str, edition: &str, more: &[&str]) -> String {
    let today = ask_as(&registry.server, Who::Visitor, "{ objectiveIndicators { standing { at } } }", Value::Null);
    let today = today["objectiveIndicators"]["standing"]["at"].as_str().expect("a day");
    report_until(registry, today, language, edition, more)
}

/// The same up to a day.
pub fn report_until(registry: &Registry, until: &str, language: &str, edition: &str, more: &[&str]) -> String {
    let place = &registry.place;
    let output = place.write(&format!("report-{language}.md"), "");
    let asked = ["report", "objective-1", "--country", "MA", "--until", until, "--edition", edition, "--language", language];
    place.run_ok(&[&asked[..], &["--format", "md", "--output", &output], more].concat());
    std::fs::read_to_string(&output).expect("the report")
}

impl Workshop {
    /// Institutions with validated records, and one record that nobody validated.
    fn open(backend: Backend) -> Self {
        let institutions = [
            institution("office", "NSO", "MA"),
            institution("police", "SECURITY_AGENCY", "MA"),
            institution("council", "INTERMINISTERIAL_BODY", "MA"),
            institution("authority", "DPA", "MA"),
            institution("agency", "PUBLIC_AGENCY", "SN"),
        ];
        let registry = Registry::open(backend, &institutions);
        let silent = dataset("unconfirmed", |doc| {
            doc["titles"] = json!({ "fr": { "text": "Fiche que personne n'a validée", "status": "OFFICIAL" } });
            doc["producer"] = json!("police");
        });
        let file = registry.place.write("unconfirmed.jsonl", silent);
        registry.place.run_ok(&["import", &file]);
        let both = ["EDITOR", "VALIDATOR"];
        let office = registry.invite("office", "Statistician", &both);
        let police = registry.invite("police", "Officer for statistics", &both);
        let agency = registry.invite("agency", "Programme officer", &both);
        let coordinator = registry.add("Coordinator", "COORDINATOR");
        let workshop = Self { registry, office, police, agency, coordinator };
        workshop.record(&workshop.office, "office", "census", |doc| {
            doc["methodology"] = json!({ "sourceType": "CENSUS" });
            doc["coverage"] = json!({
                "reportingAreas": ["MA"],
                "period": { "start": "2014-09-01", "end": "2014-09-20" },
                "collectionPeriod": { "start": "2014-09-01", "end": "2014-09-20" },
                "frequency": "DECENNIAL",
            });
            doc["legalMandate"] = text("Loi sur le recensement (exemple)");
            doc["citations"] = json!([{ "source": "A1", "title": "Premier rapport", "url": "https://office.example/rapport-1" }]);
            doc["discrepancies"] = json!([{
                "subject": text("Résidents étrangers"),
                "values": [{ "value": "1 206", "context": text("population légale"), "source": "A1" }, { "value": "1 001" }],
            }]);
        });
        workshop.record(&workshop.police, "police", "permits", |doc| {
            doc["methodology"] = json!({ "sourceType": "ADMIN_REGISTER_PERMITS" });
            let mut held = holding("police", "PRODUCER", "UNKNOWN");
            held["accessTerms"]["legalBasis"] = json!("Loi sur le séjour (exemple)");
            doc["holdings"] = json!([held]);
        });
        workshop.plan();
        workshop
    }

    /// Two institutions plan to collect the same thing in the same months: who registers the second plan is told before anybody reads it,
    /// and both when it is published.
    fn plan(&self) {
        let server = &self.registry.server;
        let plan = |doc: &mut Value| {
            doc["recordKind"] = json!("PLANNED_ACTIVITY");
            doc["collectionStatus"] = json!("PLANNED");
            doc["coverage"] = json!({
                "reportingAreas": ["MA-09"],
                "period": { "start": "2090", "end": "2090" },
                "collectionPeriod": { "start": "2090-03", "end": "2090-06" },
                "openToCoordinationUntil": "2089-12",
                "frequency": "ONCE",
            });
        };
        self.record(&self.office, "office", "plan-office", plan);
        // Whether the index has seen the first plan yet or not, the second one meets it.
        let draft = begin(server, &self.police, "police", &content("police", "plan-police", plan));
        let submitted = done(&act(server, &self.police, "register-submit", draft.input()), "draft");
        let met = &submitted["clashes"]["nodes"][0];
        assert_eq!((&submitted["clashes"]["totalCount"], &met["other"]["slug"]), (&json!(1), &json!("plan-office")), "{submitted}");
        assert_eq!((&met["from"], &met["to"], &met["isPossible"]), (&json!("2090-03"), &json!("2090-06"), &json!(false)), "{met}");
        assert_eq!(met["other"]["coverage"]["openToCoordinationUntil"], "2089-12");
        assert_eq!((self.told_of_clashes(&self.office), self.told_of_clashes(&self.police)), (0, 0), "nobody else is told of a draft");
        let validated = step(server, &self.police, "register-validate", &Seen::of(&submitted));
        done(&act(server, &self.police, "register-publish", validated.input()), "dataset");
        assert_eq!((self.told_of_clashes(&self.office), self.told_of_clashes(&self.police)), (1, 1), "both at once");
        self.registry.place.run_ok(&["remind"]);
        assert_eq!((self.told_of_clashes(&self.office), self.told_of_clashes(&self.police)), (1, 1), "and once");
        server.wait_for_index();
    }

    fn told_of_clashes(&self, who: &Session) -> usize {
        let query = "{ viewer { notifications(first: 50) { nodes { kind } } } }";
        let data = ask_as(&self.registry.server, who, query, Value::Null);
        let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
        nodes.iter().filter(|node| node["kind"] == "PLANS_CLASH").count()
    }

    fn record(&self, who: &Session, institution: &str, slug: &str, change: impl FnOnce(&mut Value)) {
        let draft = begin(&self.registry.server, who, institution, &content(institution, slug, change));
        publish(&self.registry.server, who, who, &draft);
    }

    fn made(&self, who: &Session, name: &str, input: Value) -> Value {
        done(&act(&self.registry.server, who, name, input), "entry")
    }

    fn step(&self, who: &Session, name: &str, entry: &Value, more: Value) -> Value {
        let mut input = json!({ "entry": entry["id"], "expectedRevision": entry["revision"] });
        for (key, value) in more.as_object().expect("an object") {
            input[key] = value.clone();
        }
        self.made(who, name, input)
    }

    /// Written down and validated by the same institution.
    fn validated(&self, who: &Session, kind: &str, institution: &str, content: Value) -> Value {
        let input = json!({ "kind": kind, "institution": institution, "content": content });
        let entry = self.made(who, "registers-create", input);
        self.step(who, "registers-validate", &entry, json!({}))
    }

    /// Place in the log of what anyone may know.
    fn seq(&self) -> i64 {
        let data = self.registry.server.ask("{ objectiveIndicators(country: \"MA\") { standing { seq } } }");
        data["objectiveIndicators"]["standing"]["seq"].as_i64().expect("a place in the log")
    }

    fn answer(&self, name: &str, variables: Value) -> Value {
        ask_in(&self.registry.server, "fr", Who::Visitor, &operation(name), variables)
    }

    fn indicator(&self, code: &str, edition: &str) -> Value {
        let query = "query($edition: String) { objectiveIndicators(country: \"MA\", edition: $edition) { actions { indicators {
            code value silence numerator denominator points { code documented evidence { totalCount } }
            evidence { nodes { kind key title dataset { slug } } } } } } }";
        let data = self.registry.server.ask_with(query, json!({ "edition": edition }));
        let actions = data["objectiveIndicators"]["actions"].as_array().expect("actions").clone();
        let mut all = actions.iter().flat_map(|action| action["indicators"].as_array().expect("indicators").clone());
        all.find(|indicator| indicator["code"] == code).unwrap_or_else(|| panic!("no {code}"))
    }

    /// The report from the console, with what changed since the review of 2022.
    fn report(&self, language: &str, edition: &str) -> String {
        report(&self.registry, language, edition, &["--previous", "2022-05-17"])
    }

    /// What is said at the workshop, and what comes of it.
    fn hold(&self) {
        let (office, police, agency, coordinator) = (&self.office, &self.police, &self.agency, &self.coordinator);
        let challenge = json!({
            "kind": "CHALLENGE", "institution": "office", "datasets": ["census"],
            "content": { "title": text("Accès"), "text": text(SAID[0]), "occasion": text("Atelier"), "challengeKind": "ACCESS", "actions": ["H"] },
        });
        let entry = self.made(coordinator, "registers-create", challenge);
        self.step(office, "registers-validate", &entry, json!({}));
        let draft =
            json!({ "title": text("Projet"), "text": text("Énoncé que personne n'a validé."), "challengeKind": "FUNDS", "actions": ["H"] });
        self.made(coordinator, "registers-create", json!({ "kind": "CHALLENGE", "institution": "police", "content": draft }));
        self.validated(
            police,
            "GOOD_PRACTICE",
            "police",
            json!({
                "title": text("Tableaux partagés"), "text": text(SAID[1]), "context": text("Deux institutions"), "result": text("Moins d'écarts"),
                "conditions": text("Une convention"), "places": ["SN"], "actions": ["I"],
            }),
        );
        // One that is used at home only.
        let at_home = json!({ "title": text("Réunion mensuelle"), "text": text("Chaque mois."), "places": ["MA"], "actions": ["I"] });
        self.validated(police, "GOOD_PRACTICE", "police", at_home);
        let need = |title: &str| json!({ "title": text(title), "text": text("Pour l'enquête."), "capacityKind": "SKILLS", "priority": "HIGH", "people": 12, "actions": ["C"] });
        self.validated(office, "CAPACITY_NEED", "office", need(SAID[6]));
        let answered = self.validated(police, "CAPACITY_NEED", "police", need("Anonymisation"));
        let offered = self.step(agency, "capacity-offer-make", &answered, json!({ "offer": SAID[7] }));
        self.step(police, "capacity-offer-accept", &offered, json!({ "offerOf": "agency" }));
        for (title, until) in [("Ancienne stratégie", "2001"), ("Stratégie en cours", "2090")] {
            let content = json!({ "title": text(title), "text": text("Texte."), "on": "2000", "until": until, "actions": ["A"] });
            self.validated(office, "STRATEGY", "office", content);
        }
        let replaced = json!({ "title": text("Stratégie remplacée"), "text": text("Texte."), "on": "2000", "actions": ["A"] });
        let replaced = self.validated(office, "STRATEGY", "office", replaced);
        self.step(office, "registers-close", &replaced, json!({ "note": "Remplacée" }));
        self.tells_of_work_together();
        self.made(office, "focal-point-create", json!({ "kind": "FOCAL_POINT", "institution": "office", "content": { "title": text("Cheffe du service"), "mailbox": "migration@office.example", "places": ["MA-09"] } }));

        let note = json!({ "dataset": "census", "other": "permits", "verdict": "WITH_CAUTION", "text": text(SAID[2]) });
        let note = self.made(office, "comparability-note-propose", note);
        self.step(police, "registers-agree", &note, json!({}));
        self.made(office, "overlap-reject", json!({ "dataset": "census", "other": "permits", "note": SAID[3] }));
        // A decision on a record that nobody validated names it, and does not bring its title into the body.
        self.made(police, "overlap-confirm", json!({ "dataset": "census", "other": "unconfirmed", "note": "Même champ" }));
        self.made(office, "discrepancy-note-propose", json!({ "dataset": "census", "discrepancy": 0, "text": text(SAID[4]) }));
        let request = json!({ "kind": "DATA_REQUEST", "institution": "agency", "content": { "text": text("Pour l'accueil au retour."), "cell": { "theme": "MT-0701", "area": "MA-09" }, "visibility": "PUBLIC" } });
        let request = self.made(agency, "data-request-create", request);
        self.step(office, "data-request-commit", &request, json!({ "institution": "office", "commitment": SAID[5], "until": "2090-12" }));

        let server = &self.registry.server;
        let release = json!({ "kind": "RELEASE", "institution": "office", "dataset": "census", "planned": { "start": "2016-02" } });
        let release = done(&act(server, office, "calendar-entry-create", release), "calendarEntry");
        let told = json!({ "entry": release["entry"], "expectedRevision": release["revision"], "actual": { "start": "2016-03-01" } });
        done(&act(server, office, "calendar-entry-complete", told), "calendarEntry");
    }

    /// Invitations, trainings and profiles, some of which must not count.
    fn tells_of_work_together(&self) {
        let (office, police, agency) = (&self.office, &self.police, &self.agency);
        let asked = |guests: &[&str]| json!({ "title": text("Groupe de travail"), "text": text("Sur les retours."), "institutions": guests, "places": ["MA"], "actions": ["A"] });
        let group = self.validated(office, "INVITATION", "office", asked(&["police", "agency", "council"]));
        let group = self.step(police, "invitation-take-part", &group, json!({}));
        let group = self.step(agency, "invitation-take-part", &group, json!({}));
        self.step(agency, "invitation-step-back", &group, json!({ "note": "Faute de temps" }));
        let draft = json!({ "kind": "INVITATION", "institution": "police", "content": {
            "title": text("Invitation que personne n'a validée"), "text": text("x"), "institutions": ["office", "agency"], "places": ["MA"],
        } });
        self.made(&self.coordinator, "registers-create", draft);
        // The same institution in a second invitation is one institution.
        let second = self.validated(office, "INVITATION", "office", asked(&["police"]));
        self.step(police, "invitation-take-part", &second, json!({}));
        let training = |title: &str, on: &str, people: Option<i32>| {
            let mut content =
                json!({ "title": text(title), "on": on, "places": ["MA"], "actions": ["C"], "url": "https://agency.example/training" });
            if let Some(people) = people {
                content["people"] = json!(people);
            }
            content
        };
        for (title, on, people) in [
            ("Échantillonnage", "2021-03", Some(24)),
            ("Anonymisation", "2022", Some(7)),
            ("Sans nombre", "2020", None),
            ("À venir", "2090", Some(1000)),
        ] {
            self.validated(agency, "TRAINING", "agency", training(title, on, people));
        }
        let draft = json!({ "kind": "TRAINING", "institution": "police", "content": training("Non validée", "2021", Some(500)) });
        self.made(&self.coordinator, "registers-create", draft);
        for (title, on) in [("Profil 2009", "2009-04-01"), ("Profil 2016", "2016-01-01"), ("Profil à venir", "2091")] {
            let content =
                json!({ "title": text(title), "on": on, "places": ["MA"], "actions": ["J"], "url": "https://agency.example/profile.pdf" });
            self.validated(agency, "MIGRATION_PROFILE", "agency", content);
        }
        let elsewhere = json!({ "title": text("Profil du Sénégal"), "on": "2018", "places": ["SN"], "actions": ["J"] });
        self.validated(agency, "MIGRATION_PROFILE", "agency", elsewhere);
    }

    fn answers_the_coordinator(&self) {
        let needs = self.answer("capacity-needs-unanswered", Value::Null);
        assert_eq!((&needs["unanswered"]["totalCount"], &needs["registered"]["totalCount"]), (&json!(1), &json!(2)), "{needs}");
        let need = &needs["unanswered"]["nodes"][0];
        assert_eq!((&need["title"], &need["institution"]["slug"], &need["priority"]), (&json!(SAID[6]), &json!("office"), &json!("HIGH")));
        let practices = self.answer("good-practices-used-elsewhere", json!({ "actions": ["I"] }))["registerEntries"].clone();
        let practice = &practices["nodes"][0];
        assert_eq!((&practices["totalCount"], &practice["places"][0]["code"]), (&json!(1), &json!("SN")), "{practices}");
        assert_eq!((&practice["result"], &practice["institution"]["country"]["code"]), (&json!("Moins d'écarts"), &json!("MA")));
        assert_eq!(self.answer("good-practices-used-elsewhere", json!({ "actions": ["K"] }))["registerEntries"]["totalCount"], 0);
        let clashes = self.answer("collections-that-clash", json!({ "where": { "from": "2090-04", "to": "2090-04" } }))["clashes"].clone();
        let clash = &clashes["nodes"][0];
        assert_eq!((&clashes["totalCount"], &clash["isPossible"]), (&json!(1), &json!(false)), "{clashes}");
        assert_eq!(
            [&clash["one"]["producer"]["slug"], &clash["other"]["producer"]["slug"]].map(|slug| slug.as_str().unwrap_or_default()),
            ["office", "police"]
        );
        let earlier = self.answer("collections-that-clash", json!({ "where": { "from": "2089-01", "to": "2090-02" } }));
        assert_eq!(earlier["clashes"]["totalCount"], 0);
        let points = self.answer("focal-points-unconfirmed", Value::Null);
        assert_eq!((&points["unconfirmed"]["totalCount"], &points["registered"]["totalCount"]), (&json!(0), &json!(1)), "{points}");
    }

    fn measures(&self, before: &str) {
        for code in ["1a1", "1a3", "1a5", "1b3", "1c1", "1c2", "1c5", "1e3", "1f3", "1g2", "1j2"] {
            let was = self.indicator(code, before);
            assert_eq!((&was["value"], &was["silence"]), (&Value::Null, &json!("NOTHING_REGISTERED")), "{was}");
        }
        let of = |code: &str| self.indicator(code, "latest");
        let counted = |code: &str| (of(code)["numerator"].clone(), of(code)["denominator"].clone());
        assert_eq!(counted("1a1"), (json!(1), json!(3)), "one strategy has ended, one was closed");
        assert_eq!(of("1a1")["evidence"]["nodes"][0]["title"], "Stratégie en cours");
        assert_eq!(counted("1a3"), (json!(1), json!(3)), "one of three takes part: one took it back, one has not answered");
        let guest = &of("1a3")["evidence"]["nodes"][0];
        assert_eq!((&guest["kind"], &guest["key"]), (&json!("INSTITUTION"), &json!("police")), "{guest}");
        assert_eq!(counted("1a5"), (json!(1), json!(12)));
        let trained = of("1c5");
        assert_eq!(trained["value"], 31.0, "neither those to come, nor those that nobody validated: {trained}");
        assert_eq!(trained["evidence"]["nodes"].as_array().map(Vec::len), Some(2), "{trained}");
        let profile = of("1j2");
        assert_eq!(profile["evidence"]["nodes"][0]["title"], "Profil 2016", "{profile}");
        let today = self.registry.server.ask("{ objectiveIndicators { standing { at } } }");
        let today = today["objectiveIndicators"]["standing"]["at"].as_str().expect("a day").to_owned();
        let part = |from: usize, to: usize| today.get(from..to).and_then(|text| text.parse::<f64>().ok()).expect("a number");
        let months = (part(0, 4) - 2016.0) * 12.0 + part(5, 7) - 1.0 + (part(8, 10) - 1.0) / 30.44;
        let age = profile["value"].as_f64().expect("an age");
        assert!((age - months).abs() <= 1.0, "{age} months, and {months} by the calendar");
        assert_eq!(counted("1c2"), (json!(1), json!(2)));
        assert_eq!(of("1e3")["value"], 2.0);
        let between = of("1f3");
        assert_eq!(between["value"], 1.0, "of an institution of another country, on a region of this one");
        assert!(!between.to_string().contains("accueil au retour"), "what nobody validated is named by what it is on: {between}");
        let pairs = of("1b3");
        let of_verdict = |code: &str| pairs["points"].as_array().expect("points").iter().find(|point| point["code"] == code).cloned();
        assert_eq!(of_verdict("WITH_CAUTION").map(|point| point["documented"].clone()), Some(json!(1)), "{pairs}");
        assert_eq!(of_verdict("NOT_DOCUMENTED"), None, "a note comes to a verdict");
        assert_eq!(of_verdict("COMPARABLE").map(|point| point["documented"].clone()), Some(json!(0)), "{pairs}");
        // What is on two records is named by their titles.
        for code in ["1b3", "1e3"] {
            let title = of(code)["evidence"]["nodes"][0]["title"].as_str().expect("a title").to_owned();
            let pair = ["Titre de census – Titre de permits", "Titre de permits – Titre de census"];
            assert!(pair.contains(&title.as_str()), "{code}: {title}");
        }
        // From 20 September 2014 to 1 March 2016.
        let months = of("1g2");
        assert_eq!((&months["value"], &months["evidence"]["nodes"][0]["dataset"]["slug"]), (&json!(17.3), &json!("census")), "{months}");
    }

    fn is_reported(&self, before: &str) {
        for language in ["fr", "ar", "en"] {
            let now = self.report(language, "latest");
            let (body, annex) = now.split_once("<a id=\"annex-not-validated\"></a>").expect("the annex");
            for words in SAID {
                assert!(body.contains(words), "{language}: `{words}` is not in\n{body}");
            }
            // What was decided on a record that nobody has validated does not enter.
            assert!(annex.contains("/dataset/unconfirmed"), "named, by its short name");
            for words in ["Fiche que personne n'a validée", "Énoncé que personne n'a validé."] {
                assert!(!body.contains(words) && annex.contains(words), "{language}: `{words}` stands in its annex alone");
            }
            assert_eq!(annex.matches("Invitation que personne n'a validée").count(), 1, "{language}: named once, not once for each guest");
            let chapter = |anchor: &str| {
                let after = body.split_once(&format!("<a id=\"{anchor}\"></a>")).unwrap_or_else(|| panic!("no {anchor}")).1;
                after.split("<a id=").next().unwrap_or_default().to_owned()
            };
            let figures = chapter("differing-figures");
            for value in ["1 206", "1 001", "population légale", "https://office.example/rapport-1", SAID[4]] {
                assert!(figures.contains(value), "{language}: {value} is not in {figures}");
            }
            let verdict = ["with caution", "avec prudence", "بحذر"];
            assert!(chapter("agreed-comparability").contains(SAID[2]), "{language}");
            assert!(verdict.iter().any(|word| chapter("agreed-comparability").contains(word)), "{}", chapter("agreed-comparability"));
            assert!(chapter("overlaps").contains(SAID[3]) && chapter("overlaps").contains("Nom de office"), "{}", chapter("overlaps"));
            assert!(!chapter("overlaps").contains("/dataset/unconfirmed"), "{}", chapter("overlaps"));
            let signed = chapter("agreed-comparability");
            assert!(signed.contains("Nom de office") && signed.contains("Nom de police"), "{signed}");
            assert!(chapter("coordination-bodies").contains("Mandat de council"));
            let frame = chapter("legal-frame");
            for words in ["Mandat de authority", "Loi sur le recensement (exemple)", "Loi sur le séjour (exemple)"] {
                assert!(frame.contains(words), "{words} is not in {frame}");
            }
            let steps = chapter("next-steps");
            assert!(
                steps.contains(SAID[5])
                    && steps.contains("Titre de plan-office")
                    && steps.contains("2090-12")
                    && !steps.contains("2090-12-31"),
                "{steps}"
            );
            let then = self.report(language, before);
            for words in SAID.iter().chain(["Énoncé que personne n'a validé."].iter()) {
                assert!(!then.contains(words), "{language}: `{words}` had not been said");
            }
            // What both know of the records is the same.
            let list = |text: &str| -> Vec<String> {
                let annex = text.split_once("<a id=\"annex-list\"></a>").expect("the list").1.split("<a id=").next().unwrap_or_default();
                annex.lines().filter(|line| line.starts_with('|')).map(str::to_owned).collect()
            };
            assert!(list(&now).iter().any(|row| row.contains("Titre de census")), "{:?}", list(&now));
            assert_eq!(list(&then), list(&now));
        }
        // A copy that is kept for anyone leaves out what nobody validated of the registers.
        let today =
            self.registry.server.ask("{ objectiveIndicators { standing { at } } }")["objectiveIndicators"]["standing"]["at"].clone();
        let input = json!({ "kind": "OBJECTIVE_1", "country": "MA", "until": today, "edition": "latest", "records": "VALIDATED", "language": "fr", "formats": ["MD"] });
        let kept = done(&act(&self.registry.server, &self.coordinator, "report-generate", input), "report");
        let url = kept["files"][0]["url"].as_str().expect("an address");
        let path = format!("/report/{}", url.split_once("/report/").expect("a path").1);
        let kept = self.registry.server.get(&path, &[]).body;
        assert!(kept.contains(SAID[0]) && !kept.contains("Énoncé que personne n'a validé."));
    }
}

#[test]
fn what_is_said_at_a_workshop_is_asked_measured_and_reported() {
    for backend in BACKENDS {
        let workshop = Workshop::open(backend);
        let before = format!("change:{}", workshop.seq());
        workshop.hold();
        workshop.answers_the_coordinator();
        workshop.measures(&before);
        workshop.is_reported(&before);
        workshop.registry.close();
    }
}
