//! Names in what comes in: those of organisations are told, those of persons are not.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, institution};
use crate::sources::{Desk, list};

/// Places and values of the parts of a draft that did not fit.
fn told(draft: &Value) -> Vec<(String, String)> {
    let parts = list(&draft["origins"][0]["unfit"]).iter();
    parts.map(|part| (part["path"].as_str().expect("path").to_owned(), part["value"].as_str().expect("value").to_owned())).collect()
}

fn producers(draft: &Value) -> Vec<String> {
    told(draft).into_iter().filter(|(path, _)| path == "producer").map(|(_, value)| value).collect()
}

#[test]
fn organisations_are_named_by_their_class_and_in_all_their_languages() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let catalogue = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
            <https://d.example/1> a dcat:Dataset ; dct:title \"Recensement\"@fr ;
            dct:creator [ a foaf:Organization ; foaf:name \"Maison Rouille\"@fr, \"Rouille House\"@en, \"بيت الصدأ\"@ar ],
              [ a foaf:Agent ; foaf:name \"Entraide Nationale\"@fr ], [ a foaf:Agent ; foaf:name \"Anne Nom\" ], [ a foaf:Person ; foaf:name \"Jean Autre\" ] ;
            dct:publisher [ a foaf:Agent ; foaf:name \"Portail Ouvert\"@fr ] .";
        desk.take("name=c.ttl", catalogue);
        let draft = desk.draft("fr", "Recensement");
        let mut named = producers(&draft);
        named.sort();
        let counted = "(1 written like names of persons)";
        assert_eq!(named, [counted, "Entraide Nationale", "Maison Rouille / بيت الصدأ / Rouille House", "Portail Ouvert"], "{draft}");
        let package = json!({ "id": "p-1", "name": "p", "title": "Permis", "language": ["fr"], "notes": "N", "organization": { "title": "Oxfam Bleu" } });
        desk.take("name=p.json", package.to_string());
        assert_eq!(producers(&desk.draft("fr", "Permis")), ["Oxfam Bleu"]);
        desk.close();
    }
}

#[test]
fn persons_are_not_named_wherever_a_record_names_them() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let study = "<codeBook xmlns='ddi:codebook:2_5' xml:lang='fr'><stdyDscr><citation><titlStmt><titl>Enquête pilote</titl></titlStmt>\
            <rspStmt><AuthEnty affiliation='Atelier Bleu'>Nom, A.B., Université du Nord</AuthEnty><othId>Anne Nom</othId></rspStmt>\
            <prodStmt><producer>Nom, Anne (resp.)</producer></prodStmt><distStmt><distrbtr>Office Ouvert</distrbtr><depositr>Dr Nom</depositr></distStmt>\
            <biblCit>Nom, A. et Autre, J. (2001) Les retours</biblCit></citation>\
            <method><dataColl><dataCollector>Statistique Bleue</dataCollector></dataColl></method></stdyDscr></codeBook>";
        desk.take("name=s.xml", study);
        let draft = desk.draft("fr", "Enquête pilote");
        let told = told(&draft);
        assert!(told.iter().all(|(_, value)| !value.contains("Nom") && !value.contains("Autre")), "{told:?}");
        let value = |end: &str| told.iter().find(|(path, _)| path.ends_with(end)).map(|(_, value)| value.as_str());
        assert_eq!((value("othId"), value("depositr"), value("biblCit")), (Some(""), Some(""), Some("(authors) (2001) Les retours")));
        assert_eq!(value("dataCollector"), Some("Statistique Bleue"));
        assert_eq!(producers(&draft), ["Atelier Bleu", "Office Ouvert", "(2 written like names of persons)"], "{told:?}");
        desk.close();
    }
}

/// Offices of many countries have the same name; which of them is meant, the places of the record tell.
#[test]
fn an_office_of_another_country_is_not_taken_for_the_one_of_this_name() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let name = "Institut national de la statistique";
        let office = |slug: &str, country: &str| {
            let mut office: Value = serde_json::from_str(&institution(slug)).expect("an institution");
            (office["country"], office["names"]) = (json!(country), json!({ "fr": { "text": name, "status": "OFFICIAL" } }));
            office.to_string()
        };
        let file = desk.place.write("offices.jsonl", [office("ins-tn", "TN"), office("ins-ne", "NE")].join("\n"));
        desk.place.run_ok(&["import", &file]);
        for (country, holder) in [("TUN", "ins-tn"), ("NER", "ins-ne"), ("MLI", "nso")] {
            let catalogue = format!(
                "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
                 <https://d.example/{country}> a dcat:Dataset ; dct:title \"Enquête {country}\"@fr ; dct:publisher [ a foaf:Organization ; foaf:name \"{name}\"@fr ] ;
                 dct:spatial <http://publications.europa.eu/resource/authority/country/{country}> ;
                 dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://d.example/{country}.csv> ] ."
            );
            desk.take(&format!("name={country}.ttl"), &catalogue);
            let draft = desk.draft("fr", &format!("Enquête {country}"));
            assert_eq!(draft["content"]["holdings"][0]["institution"], holder, "{draft}");
            let is_told = told(&draft).contains(&("holdings.institution".to_owned(), name.to_owned()));
            assert_eq!(is_told, holder == "nso", "{country} {draft}");
        }
        desk.close();
    }
}
