//! Simple Dublin Core as OAI-PMH carries it (`oai_dc`).

use roxmltree::Node;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::draft::DatasetDraft;
use crate::domain::ids::Slug;
use crate::domain::methodology::Link;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{Certainty, ConceptScheme};
use crate::interop::ddi::places;
use crate::interop::exchange::{Found, Outgoing, Reading};
use crate::interop::holder::{giver, licence_of_all};
use crate::interop::when;
use crate::interop::xml_text::page::Page;
use crate::interop::xml_text::tracked::Tracked;
use crate::interop::xml_text::{parse, prepare};

const DC: &str = "http://purl.org/dc/elements/1.1/";
const OAI_DC: &str = "http://www.openarchives.org/OAI/2.0/oai_dc/";

/// Reads every Dublin Core record of a file.
pub fn read(bytes: &[u8], concepts: &Concepts) -> Reading {
    let prepared = match prepare(bytes) {
        Ok(prepared) => prepared,
        Err(problem) => return Reading::refused(problem),
    };
    let document = match parse(&prepared.text) {
        Ok(document) => document,
        Err(problem) => return Reading::refused(problem),
    };
    let is_record = |node: &Node| node.tag_name().namespace() == Some(OAI_DC) && node.tag_name().name() == "dc";
    let found: Vec<_> = document.descendants().filter(is_record).map(|node| record(node, concepts)).collect();
    let mut problems = prepared.mended;
    if found.is_empty() {
        problems.push(Problem::new("", document.root_element().tag_name().name(), "the file holds no Dublin Core record (`oai_dc:dc`)"));
    }
    Reading { found, problems }
}

fn record(node: Node, concepts: &Concepts) -> Found {
    let mut tracked = Tracked::new(node, None);
    let mut found = Found { draft: DatasetDraft { certainty: Some(Certainty::Unverified), ..DatasetDraft::default() }, ..Found::default() };
    let titles = tracked.all(node, "title");
    found.draft.titles = tracked.names(&titles);
    let descriptions = tracked.all(node, "description");
    found.draft.abstract_text = tracked.wordings(&descriptions, false);
    for subject in tracked.all(node, "subject") {
        let word = tracked.wordings(&[subject], true);
        if !word.is_empty() && !found.draft.keywords.contains(&word) {
            found.draft.keywords.push(word);
        }
    }
    for spoken in tracked.all(node, "language") {
        let words = tracked.line(spoken);
        let named = tracked.named_language(spoken, &words);
        found.draft.languages.extend(named.filter(|tag| !found.draft.languages.contains(tag)));
    }
    for name in ["creator", "publisher"] {
        let nodes = tracked.all(node, name);
        for producer in tracked.grouped(&nodes, true) {
            if name == "publisher" && !found.origin.holders.contains(&producer) {
                found.origin.holders.push(producer.clone());
            }
            if !found.origin.producers.contains(&producer) {
                found.origin.producers.push(producer);
            }
        }
    }
    identifiers(&mut tracked, &mut found);
    for place in tracked.all(node, "coverage") {
        coverage(&mut tracked, place, concepts, &mut found);
    }
    found.unfit = tracked.leftovers(&|_| None);
    found
}

fn identifiers(tracked: &mut Tracked, found: &mut Found) {
    for (name, leads_here) in [("identifier", true), ("relation", false), ("source", false)] {
        for node in tracked.all(tracked.root(), name) {
            let raw: String = node.text().unwrap_or("").trim().to_owned();
            let is_web = url::Url::parse(&raw).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if is_web && leads_here && found.origin.address.is_none() {
                found.origin.address = Some(raw.clone());
            } else if is_web {
                found.draft.links.push(Link { title: MultilingualText::default(), url: raw.clone() });
            } else if !leads_here || found.origin.identifier.is_some() {
                continue;
            }
            if leads_here && found.origin.identifier.is_none() {
                found.origin.identifier = Some(raw);
            }
            tracked.pass_over(node);
        }
    }
}

/// A place, a period, or words: Dublin Core does not say which.
fn coverage<'a, 'i>(tracked: &mut Tracked<'a, 'i>, node: Node<'a, 'i>, concepts: &Concepts, found: &mut Found) {
    let words = tracked.line(node);
    let here = &mut found.draft.coverage;
    if let Some(code) = places::by_name(concepts, &words).or_else(|| places::by_code(concepts, &words)) {
        if !here.reporting_areas.contains(&code) {
            here.reporting_areas.push(code);
        }
        return;
    }
    match (when::interval(&words), &here.period) {
        (Some(period), None) => here.period = Some(period),
        (Some(period), Some(known)) if period == *known => {}
        (Some(_), Some(_)) => tracked.tell(node, &words, "is a second period; the registry holds one: the first was taken"),
        (None, _) => tracked.add(&mut here.area_note, node, true),
    }
}

/// Writes a record, valid against the schema of `oai_dc`.
pub fn write(outgoing: &Outgoing) -> Vec<u8> {
    let record = outgoing.dataset;
    let concepts = outgoing.around.concepts;
    let mut page = Page::new();
    let places = format!("{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd");
    page.open(
        "oai_dc:dc",
        &[
            ("xmlns:oai_dc", OAI_DC),
            ("xmlns:dc", DC),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", &places),
        ],
    );
    texts(&mut page, "dc:title", &record.titles);
    for (name, slug) in agents(record) {
        match (outgoing.around.institutions)(slug) {
            Some(institution) => texts(&mut page, name, &institution.names),
            None => page.leaf(name, &[], slug.as_str()),
        }
    }
    record.keywords.iter().for_each(|keyword| texts(&mut page, "dc:subject", keyword));
    for theme in record.themes.iter().filter_map(|code| concepts.get(ConceptScheme::Themes, code)) {
        texts(&mut page, "dc:subject", &theme.labels);
    }
    texts(&mut page, "dc:description", &record.abstract_text);
    page.leaf("dc:date", &[], &day(outgoing.modified_at));
    page.leaf("dc:type", &[], "Dataset");
    page.leaf("dc:identifier", &[], &outgoing.page());
    if let Some(identifier) = &record.identifier {
        page.leaf("dc:identifier", &[], identifier);
    }
    record.languages.iter().for_each(|tag| page.leaf("dc:language", &[], tag.as_str()));
    record.links.iter().for_each(|link| page.leaf("dc:relation", &[], &link.url));
    coverage_and_rights(&mut page, outgoing);
    page.bytes()
}

/// Who made the data, who took part, and who gives them out.
fn agents(record: &Dataset) -> impl Iterator<Item = (&'static str, &Slug)> {
    let creators = record.producer.iter().map(|slug| ("dc:creator", slug));
    let contributors = record.partners.iter().map(|slug| ("dc:contributor", slug));
    creators.chain(contributors).chain(giver(record).map(|slug| ("dc:publisher", slug)))
}

fn coverage_and_rights(page: &mut Page, outgoing: &Outgoing) {
    let (record, concepts) = (outgoing.dataset, outgoing.around.concepts);
    for place in record.coverage.reporting_areas.iter().filter_map(|code| concepts.get(ConceptScheme::Places, code)) {
        texts(page, "dc:coverage", &place.labels);
    }
    if let Some(period) = &record.coverage.period {
        page.leaf("dc:coverage", &[], &period.edtf());
    }
    record.holdings.iter().for_each(|holding| texts(page, "dc:rights", &holding.access_terms.conditions));
    // What one holder grants is not granted of the data of another.
    if let Some(licence) = licence_of_all(record) {
        page.leaf("dc:rights", &[], licence);
    }
}

fn texts(page: &mut Page, name: &str, text: &MultilingualText) {
    for (tag, wording) in text.iter() {
        page.leaf(name, &[("xml:lang", tag.as_str())], &wording.text);
    }
}

/// The day of a moment, `YYYY-MM-DD`.
pub(crate) fn day(milliseconds: i64) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp(milliseconds.div_euclid(1000)).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let date = moment.date();
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Period;

    #[test]
    fn a_record_is_read_with_its_languages() {
        let text = "<oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' xmlns:dc='http://purl.org/dc/elements/1.1/'>\
            <dc:title xml:lang='fre'>Enquête</dc:title><dc:title xml:lang='ar'>بحث</dc:title><dc:creator>HCP</dc:creator>\
            <dc:subject>migration</dc:subject><dc:identifier>oai:x:1</dc:identifier><dc:identifier>https://x.ma/1</dc:identifier>\
            <dc:coverage>Maroc</dc:coverage><dc:coverage>2018/2019</dc:coverage><dc:coverage>Rif</dc:coverage><dc:rights>CC</dc:rights>\
            <dc:language>fra</dc:language></oai_dc:dc>";
        let concepts = Concepts::load(&[]).expect("lists");
        let reading = read(text.as_bytes(), &concepts);
        let found = &reading.found[0];
        assert_eq!(found.draft.titles.words(Some("fr"), None), Some("Enquête"));
        assert_eq!(found.draft.coverage.reporting_areas, ["MA"]);
        assert_eq!(found.draft.coverage.period.as_ref().map(Period::edtf).as_deref(), Some("2018/2019"));
        assert_eq!(found.origin.identifier.as_deref(), Some("oai:x:1"));
        assert_eq!(found.origin.address.as_deref(), Some("https://x.ma/1"));
        assert_eq!(found.unfit.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(), ["dc/rights"]);
        assert!(read(b"<a/>", &concepts).problems[0].remedy.contains("Dublin Core"));
    }

    #[test]
    fn a_second_period_is_told_as_one_and_is_no_area() {
        let text = format!(
            "<o:dc xmlns:o='{OAI_DC}' xmlns='{DC}'><title>T</title><coverage>2004/2005</coverage><coverage>2008/2009</coverage>\
             <coverage>2004/2005</coverage></o:dc>"
        );
        let found = read(text.as_bytes(), &Concepts::load(&[]).expect("lists")).found.remove(0);
        assert_eq!(found.draft.coverage.period.as_ref().map(Period::edtf).as_deref(), Some("2004/2005"));
        assert!(found.draft.coverage.area_note.is_empty());
        let told: Vec<_> = found.unfit.iter().map(|p| (p.field.as_str(), p.value.as_str())).collect();
        assert_eq!(told, [("dc/coverage[2]", "2008/2009")]);
    }

    #[test]
    fn a_second_title_in_one_language_is_told_and_makes_no_title_that_nobody_gave() {
        let text = format!(
            "<o:dc xmlns:o='{OAI_DC}' xmlns='{DC}' xml:lang='fr'><title>Enquête</title><title xml:lang='ar'>مسح</title>\
             <title>Autre titre</title><title>Enquête</title></o:dc>"
        );
        let found = read(text.as_bytes(), &Concepts::load(&[]).expect("lists")).found.remove(0);
        let said: Vec<_> = found.draft.titles.iter().map(|(tag, wording)| (tag.as_str(), wording.text.as_str())).collect();
        assert_eq!(said, [("ar", "مسح"), ("fr", "Enquête")]);
        let told: Vec<_> = found.unfit.iter().map(|p| (p.field.as_str(), p.value.as_str())).collect();
        assert_eq!(told, [("dc/title[3]", "Autre titre")]);
    }

    #[test]
    fn a_partner_contributes_and_whoever_gives_the_data_out_publishes() {
        use crate::domain::ids::Slug;
        use crate::domain::vocabulary::HoldingRole;
        use crate::interop::dcat::tests::demo::{demo, with_outgoing};
        let mut demo = demo();
        demo.datasets.truncate(1);
        let slug = |text: &str| Slug::parse(text).expect("a slug");
        let record = &mut demo.datasets[0];
        record.producer = Some(slug("the-producer"));
        record.partners = vec![slug("the-partner")];
        record.holdings.truncate(1);
        (record.holdings[0].institution, record.holdings[0].role) = (slug("the-giver"), HoldingRole::Disseminator);
        let text = with_outgoing(&demo, "https://data.example.ma", |records, _| String::from_utf8(write(&records[0])).expect("UTF-8"));
        for wanted in ["creator>the-producer<", "contributor>the-partner<", "publisher>the-giver<"] {
            assert_eq!(text.matches(wanted).count(), 1, "{wanted} in {text}");
        }
        assert!(!text.contains("creator>the-partner"), "{text}");
    }

    #[test]
    fn moments_become_days() {
        assert_eq!((day(0), day(1_793_491_200_000)), ("1970-01-01".into(), "2026-11-01".into()));
    }

    #[test]
    fn what_comes_in_comes_in_where_the_page_says() {
        use crate::interop::ddi::residue;
        use crate::interop::xml_text::rows::{has, nested, rows};
        let concepts = Concepts::load(&[]).expect("lists");
        for row in rows(include_str!("../../../docs/interop/oai.md"), "element") {
            let text = format!("<o:dc xmlns:o='{OAI_DC}' xmlns='{DC}'>{}</o:dc>", nested(row[0], row[1]));
            let found = read(text.as_bytes(), &concepts).found.remove(0);
            let record = residue::value_of(&found.draft);
            assert!(row[2].is_empty() || has(&record, row[2]), "{row:?}: {record}");
            assert_eq!(found.unfit.is_empty(), row[3] == "yes", "{row:?}: {:?}", found.unfit);
        }
    }
}
