//! What programs are given, by every address and protocol, held against the model.

use super::model::{Fiche, Reader, Sight, VISITOR};
use super::sweep::Sweep;

const FORMS: [&str; 10] =
    ["ttl", "rdf", "jsonld", "schemaorg.jsonld", "ddi.xml", "ddi26.xml", "datacite.xml", "datacite.json", "xlsx", "json"];

const LISTS: [&str; 17] = [
    "/catalog.ttl",
    "/catalog.rdf",
    "/catalog.jsonld",
    "/data.json",
    "/export.jsonl",
    "/sitemap.xml",
    "/feed.atom",
    "/institution/alpha",
    "/institution/beta",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListRecords&metadataPrefix=oai_ddi25",
    "/oai?verb=ListRecords&metadataPrefix=dcat",
    "/oai?verb=ListIdentifiers&metadataPrefix=dcat&set=theme",
    "/api/3/action/package_list",
    "/api/3/action/package_search?rows=1000&facet.field=%5B%22organization%22%5D",
    "/api/3/action/organization_show?id=alpha&include_datasets=true",
    "/api/3/action/organization_show?id=beta&include_datasets=true",
];

impl Sweep {
    /// Reads every list as every reader: they tell what a visitor may know, and nobody more.
    pub fn lists(&mut self) {
        for path in LISTS {
            let open = self.server.get(path, &[]);
            self.check(open.status == 200, || format!("{path} is answered with {}", open.status));
            self.check_text(&VISITOR, path, &open.body);
            for (reader, caller) in self.readers.clone() {
                let headers: Vec<_> = caller.header().into_iter().collect();
                let told = self.server.get(path, &headers).body;
                self.check_text(&VISITOR, &format!("{path} for {}", reader.name), &told);
            }
        }
        let (catalogue, data) = (self.server.get("/catalog.ttl", &[]).body, self.server.get("/data.json", &[]).body);
        for number in 0..self.world.records.len() {
            let record = &self.world.records[number];
            let (is_in, title) = (self.world.exports(record), record.words["title"].clone());
            let cell = format!("{} {} {:?}", record.status, record.visibility, record.masks);
            for (name, text) in [("catalog", &catalogue), ("data.json", &data)] {
                self.check(text.contains(&title) == is_in, || format!("{name} tells a record ({cell}): {}", !is_in));
            }
        }
    }

    /// Asks for every record in every form as every reader.
    pub fn forms(&mut self) {
        for (reader, caller) in self.readers.clone() {
            let headers: Vec<_> = caller.header().into_iter().collect();
            for number in 0..self.world.records.len() {
                let slug = self.world.records[number].slug().to_owned();
                let page = self.server.get(&format!("/dataset/{slug}"), &[&headers[..], &[("accept", "text/html")]].concat());
                self.check_text(&reader, &format!("the page of {slug}"), &page.body);
                let record = &self.world.records[number];
                let wanted = match (self.world.sight(&reader, record), record.status) {
                    (Sight::Nothing, _) => 404,
                    (_, "RETIRED") => 410,
                    _ => 200,
                };
                let cell = format!("{} {} for {}", record.status, record.visibility, reader.name);
                self.check(page.status == wanted, || format!("the page of {slug} ({cell}) is answered with {}", page.status));
                for form in FORMS {
                    let answer = self.server.get(&format!("/dataset/{slug}.{form}"), &headers);
                    self.check_text(&reader, &format!("{slug}.{form}"), &answer.words());
                    let wanted = self.status_of_form(&reader, number, wanted);
                    self.check(answer.status == wanted, || format!("{slug}.{form} ({cell}) is answered with {}", answer.status));
                    if form == "json" && answer.status == 200 {
                        self.check_own_form(&reader, number, &answer.body);
                    }
                }
            }
        }
    }

    fn status_of_form(&self, reader: &Reader, number: usize, page: u16) -> u16 {
        let record = &self.world.records[number];
        let is_whole = record.status == "PUBLISHED" && self.world.shows(reader, record, "METHODOLOGY");
        if page == 200 && !is_whole { 404 } else { page }
    }

    /// The registry's own form loses nothing that the reader may see, but relations to records that have no page.
    fn check_own_form(&mut self, reader: &Reader, number: usize, text: &str) {
        let world = &self.world;
        let record = &world.records[number];
        let has_page = |other: &Fiche| ["PUBLISHED", "RETIRED"].contains(&other.status);
        let mut wrong = Vec::new();
        for (part, word) in &record.words {
            let target = record.relation.filter(|_| *part == "relation").map(|number| &world.records[number]);
            let wanted = world.sees(reader, record, part) && target.is_none_or(has_page);
            if text.contains(word.as_str()) != wanted {
                wrong.push(format!("{}.json for {}: {part} is told: {}", record.slug(), reader.name, !wanted));
            }
        }
        for fault in wrong {
            self.check(false, || fault);
        }
    }
}
