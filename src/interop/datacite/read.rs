//! DataCite XML, versions 3 and 4, becomes a draft.

use roxmltree::Node;

use crate::domain::concept::Concepts;
use crate::domain::draft::DatasetDraft;
use crate::domain::holding::{AccessTerms, Distribution, Holding};
use crate::domain::methodology::Link;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::time::Period;
use crate::domain::vocabulary::{AccessLevel, Certainty, ConceptScheme, HoldingRole, TextStatus};
use crate::interop::ddi::{is_address, places};
use crate::interop::exchange::{Found, Reading};
use crate::interop::holder::{not_yet_known, unknown_terms};
use crate::interop::when;
use crate::interop::xml_text::tracked::Tracked;
use crate::interop::xml_text::{language, parse, prepare};

/// Reads every DataCite resource of a file.
pub fn read(bytes: &[u8], concepts: &Concepts) -> Reading {
    let prepared = match prepare(bytes) {
        Ok(prepared) => prepared,
        Err(problem) => return Reading::refused(problem),
    };
    let document = match parse(&prepared.text) {
        Ok(document) => document,
        Err(problem) => return Reading::refused(problem),
    };
    let is_resource = |node: &Node| {
        node.tag_name().name() == "resource"
            && node.tag_name().namespace().is_some_and(|space| space.starts_with("http://datacite.org/schema/kernel-"))
    };
    let found: Vec<_> = document.descendants().filter(is_resource).map(|node| resource(node, concepts)).collect();
    let mut problems = prepared.mended;
    if found.is_empty() {
        problems.push(Problem::new(
            "",
            document.root_element().tag_name().name(),
            "the file holds no DataCite resource; give DataCite XML of version 3 or 4",
        ));
    }
    Reading { found, problems }
}

fn resource(node: Node, concepts: &Concepts) -> Found {
    let mut tracked = Tracked::new(node, None);
    let mut found = Found { draft: DatasetDraft { certainty: Some(Certainty::Unverified), ..DatasetDraft::default() }, ..Found::default() };
    if let Some(identifier) = tracked.all(node, "identifier").first() {
        tracked.attribute(*identifier, "identifierType");
        found.origin.identifier = Some(tracked.line(*identifier)).filter(|text| !text.is_empty());
    }
    titles(&mut tracked, &mut found);
    names(&mut tracked, &mut found);
    contributors(&mut tracked, &mut found);
    words(&mut tracked, &mut found, concepts);
    times(&mut tracked, &mut found);
    for place in tracked.all(node, "geoLocations/geoLocation/geoLocationPlace") {
        let name = tracked.line(place);
        match places::by_name(concepts, &name) {
            Some(code) if !found.draft.coverage.reporting_areas.contains(&code) => found.draft.coverage.reporting_areas.push(code),
            Some(_) => {}
            None => tracked.add(&mut found.draft.coverage.area_note, place, true),
        }
    }
    related(&mut tracked, &mut found);
    terms(&mut tracked, &mut found);
    found.unfit = tracked.leftovers(&|_| None);
    found
}

fn titles(tracked: &mut Tracked, found: &mut Found) {
    for title in tracked.all(tracked.root(), "titles/title") {
        let kind = tracked.attribute(title, "titleType").unwrap_or_default();
        if matches!(kind.as_str(), "" | "TranslatedTitle") {
            let read = tracked.wordings(&[title], true);
            for (tag, mut wording) in read.0 {
                wording.status = if kind.is_empty() { TextStatus::Official } else { TextStatus::Translation };
                match found.draft.titles.0.get(&tag) {
                    Some(known) if known.text != wording.text => {
                        let remedy = format!("is a second title in the language `{}`; the first was taken", tag.as_str());
                        tracked.tell(title, &wording.text, remedy);
                    }
                    Some(_) => {}
                    None => {
                        found.draft.titles.0.insert(tag, wording);
                    }
                }
            }
        } else {
            let other = tracked.line(title);
            tracked.tell(title, &other, "is another title, for which the registry has no field; it is kept in the original only");
        }
    }
    let first = tracked.all(tracked.root(), "titles/title").first().and_then(|title| tracked.language(*title));
    found.draft.main_language = first.filter(|tag| tag.as_str() != language::UNDETERMINED);
}

fn names(tracked: &mut Tracked, found: &mut Found) {
    for creator in tracked.all(tracked.root(), "creators/creator") {
        let affiliations = tracked.all(creator, "affiliation");
        if is_person(tracked, creator, "creatorName") {
            // Where the person works may be who produced it.
            for name in affiliations {
                let name = tracked.wordings(&[name], true);
                push(&mut found.origin.organisations, name.clone());
                push(&mut found.origin.producers, name);
            }
            tracked.tell(creator, "", "is a person; the registry names institutions and their desks, never private persons");
            tracked.pass_over(creator);
            continue;
        }
        for node in [tracked.all(creator, "creatorName"), affiliations].concat() {
            let kind = tracked.attribute(node, "nameType");
            let name = tracked.wordings(&[node], true);
            if kind.as_deref() == Some("Organizational") || node.tag_name().name() == "affiliation" {
                push(&mut found.origin.organisations, name.clone());
            }
            push(&mut found.origin.producers, name);
        }
        for part in [tracked.all(creator, "givenName"), tracked.all(creator, "familyName")].concat() {
            tracked.line(part);
        }
    }
    for publisher in tracked.all(tracked.root(), "publisher") {
        let name = tracked.wordings(&[publisher], true);
        push(&mut found.origin.holders, name.clone());
        push(&mut found.origin.producers, name);
    }
}

/// Parts in a resource that only institutions have.
const OF_INSTITUTIONS: [&str; 4] = ["HostingInstitution", "RegistrationAgency", "RegistrationAuthority", "ResearchGroup"];

/// Whether an agent is a person, as the record says.
fn is_person(tracked: &Tracked, agent: Node, name: &str) -> bool {
    let is_personal = |name: &Node| name.attribute("nameType") == Some("Personal");
    let has = |part: &str| !tracked.all(agent, part).is_empty();
    tracked.all(agent, name).iter().any(is_personal) || has("givenName") || has("familyName")
}

/// Those who took part in it otherwise have no field: institutions are named with their part, of a person only the part and where it works.
/// Persons of related items are passed over too.
fn contributors(tracked: &mut Tracked, found: &mut Found) {
    for agent in tracked.all(tracked.root(), "contributors/contributor") {
        let part = tracked.attribute(agent, "contributorType").unwrap_or_else(|| "Other".to_owned());
        for node in tracked.all(agent, "affiliation") {
            let name = tracked.wordings(&[node], true);
            let words = tracked.line(node);
            tracked.tell(node, &words, "is where somebody works who took part; add it to `partners` where it is in this catalogue");
            push(&mut found.origin.organisations, name);
        }
        if is_person(tracked, agent, "contributorName") {
            let remedy =
                format!("took part as `{part}` and is a person; the registry names institutions and their desks, never private persons");
            tracked.tell(agent, "", remedy);
            tracked.pass_over(agent);
            continue;
        }
        for node in tracked.all(agent, "contributorName") {
            let kind = tracked.attribute(node, "nameType");
            let name = tracked.wordings(&[node], true);
            let words = tracked.line(node);
            if kind.as_deref() == Some("Organizational") || OF_INSTITUTIONS.contains(&part.as_str()) {
                push(&mut found.origin.organisations, name);
            }
            let remedy = format!("took part as `{part}`; add it to `partners` where it is an institution of this catalogue");
            tracked.tell(node, &words, remedy);
        }
    }
    for (path, name) in [("creators/creator", "creatorName"), ("contributors/contributor", "contributorName")] {
        for agent in tracked.all(tracked.root(), &format!("relatedItems/relatedItem/{path}")) {
            if is_person(tracked, agent, name) {
                tracked.tell(agent, "", "is a person; the registry names institutions and their desks, never private persons");
                tracked.pass_over(agent);
            }
        }
    }
}

fn push(list: &mut Vec<MultilingualText>, text: MultilingualText) {
    if !text.is_empty() && !list.contains(&text) {
        list.push(text);
    }
}

fn words(tracked: &mut Tracked, found: &mut Found, concepts: &Concepts) {
    for subject in tracked.all(tracked.root(), "subjects/subject") {
        if let Some((scheme, code)) = subject.attribute("valueURI").and_then(|uri| concept(concepts, uri)) {
            let list = if scheme == ConceptScheme::Themes { &mut found.draft.themes } else { &mut found.draft.indicators };
            if !list.contains(&code) {
                list.push(code);
            }
            tracked.pass_over(subject);
            continue;
        }
        let keyword = tracked.wordings(&[subject], true);
        push(&mut found.draft.keywords, keyword);
    }
    for description in tracked.all(tracked.root(), "descriptions/description") {
        match tracked.attribute(description, "descriptionType").as_deref() {
            Some("Abstract") => tracked.add(&mut found.draft.abstract_text, description, false),
            Some("SeriesInformation") => tracked.add(&mut found.draft.programme, description, true),
            other => {
                let kind = other.unwrap_or("").to_owned();
                let text = tracked.text(description);
                tracked.tell(
                    description,
                    &text,
                    format!("a description of the type `{kind}` has no field; put it into the methodology or the abstract"),
                );
            }
        }
    }
    if let Some(spoken) = tracked.all(tracked.root(), "language").first() {
        let code = tracked.line(*spoken);
        found.draft.languages.extend(tracked.named_language(*spoken, &code));
    }
}

/// A theme or an indicator of the registry, by its address.
fn concept(concepts: &Concepts, uri: &str) -> Option<(ConceptScheme, String)> {
    [ConceptScheme::Themes, ConceptScheme::Indicators].into_iter().find_map(|scheme| {
        let found = concepts.scheme(scheme).concepts.iter().find(|concept| concept.uri() == uri)?;
        Some((scheme, found.code.clone()))
    })
}

fn times(tracked: &mut Tracked, found: &mut Found) {
    for node in tracked.all(tracked.root(), "dates/date") {
        let kind = tracked.attribute(node, "dateType").unwrap_or_default();
        let about = node.attribute("dateInformation").unwrap_or_default().trim().to_lowercase();
        let words = tracked.line(node);
        let period = when::interval(&words).unwrap_or_default();
        let is_known = period != Period::default();
        let coverage = &mut found.draft.coverage;
        match kind.as_str() {
            "Collected" if is_known => take_first(tracked, node, &words, &mut coverage.collection_period, period),
            "Coverage" if is_known => take_first(tracked, node, &words, &mut coverage.period, period),
            "Other" if is_known && about.contains("coverage") => {
                if about == "coverage" {
                    tracked.attribute(node, "dateInformation");
                }
                take_first(tracked, node, &words, &mut coverage.period, period);
            }
            "Updated" if found.origin.modified.is_none() => found.origin.modified = Some(words),
            _ => tracked.tell(
                node,
                &words,
                format!("a date of the type `{kind}` has no field in the registry; it is kept in the original only"),
            ),
        }
    }
}

/// The registry holds one period of a kind; a second one is told.
fn take_first<'a, 'i>(tracked: &mut Tracked<'a, 'i>, node: Node<'a, 'i>, words: &str, slot: &mut Option<Period>, period: Period) {
    match slot {
        None => *slot = Some(period),
        Some(known) if *known == period => {}
        Some(_) => tracked.tell(node, words, "is a second period; the registry holds one: the first was taken"),
    }
}

/// How a page is related to the record: the registry keeps that there is one.
fn how_related<'a, 'i>(tracked: &mut Tracked<'a, 'i>, node: Node<'a, 'i>) {
    let Some(kind) = tracked.attribute(node, "relationType") else { return };
    // A page of the record describes it.
    if kind != "IsDescribedBy" {
        let remedy = "says how the page is related to the record, for which a link has no field; say it in the title of the link";
        tracked.tell(node, &kind, remedy);
    }
}

fn related(tracked: &mut Tracked, found: &mut Found) {
    for node in tracked.all(tracked.root(), "relatedIdentifiers/relatedIdentifier") {
        let kind = node.attribute("relatedIdentifierType").unwrap_or("");
        let raw = node.text().unwrap_or("").trim();
        let url = if kind == "DOI" && raw.starts_with("10.") { format!("https://doi.org/{raw}") } else { raw.to_owned() };
        if !is_address(&url) {
            continue;
        }
        tracked.attribute(node, "relatedIdentifierType");
        tracked.line(node);
        how_related(tracked, node);
        if !found.draft.links.iter().any(|link| link.url == url) {
            found.draft.links.push(Link { title: MultilingualText::default(), url });
        }
    }
    for node in tracked.all(tracked.root(), "alternateIdentifiers/alternateIdentifier") {
        let raw = node.text().unwrap_or("").trim();
        if found.origin.address.is_none() && is_address(raw) {
            found.origin.address = Some(raw.to_owned());
            tracked.pass_over(node);
        }
    }
}

/// A statement on access from the vocabularies of OpenAIRE or COAR. It says how open the resource is, and not whether that are figures or
/// microdata.
fn access_statement<'a, 'i>(tracked: &mut Tracked<'a, 'i>, node: Node<'a, 'i>, stated: &str, terms: &mut AccessTerms) {
    let word = stated.rsplit(['/', ':', '#']).next().unwrap_or(stated);
    let remedy = match word {
        "openAccess" | "c_abf2" if terms.aggregates == AccessLevel::Unknown => {
            terms.aggregates = AccessLevel::Open;
            "was taken as OPEN for aggregates; state the level of the microdata"
        }
        "openAccess" | "c_abf2" => "says once more that access is open",
        "restrictedAccess" | "embargoedAccess" | "closedAccess" | "c_16ec" | "c_f1cf" | "c_14cb" => {
            "says that access is restricted, and not how; state the levels of access of aggregates and microdata"
        }
        _ => "is no address of a licence; state licence and levels of access",
    };
    tracked.tell(node, stated, remedy);
}

fn terms(tracked: &mut Tracked, found: &mut Found) {
    let mut terms: AccessTerms = unknown_terms();
    for node in tracked.all(tracked.root(), "rightsList/rights") {
        let stated = tracked.attribute(node, "rightsURI");
        let is_licence = |uri: &String| is_address(uri) && !uri.contains("purl.org/coar/access_right/");
        let address = stated.clone().filter(is_licence);
        if let Some(other) = stated.filter(|uri| !is_licence(uri)) {
            access_statement(tracked, node, &other, &mut terms);
        }
        for known in ["rightsIdentifier", "rightsIdentifierScheme", "schemeURI"] {
            tracked.attribute(node, known);
        }
        tracked.add(&mut terms.conditions, node, true);
        match (&terms.licence, address) {
            (None, Some(address)) => terms.licence = Some(address),
            (Some(_), Some(address)) => tracked.tell(node, &address, "is a second licence; it is kept in the original only"),
            _ => {}
        }
    }
    let holder = (terms != unknown_terms()).then(not_yet_known);
    let distributions: Vec<Distribution> = Vec::new();
    found.draft.holdings.extend(holder.map(|institution| Holding {
        institution,
        role: HoldingRole::Disseminator,
        access_terms: terms,
        distributions,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_read_and_the_rest_is_named() {
        let text = "<resource xmlns='http://datacite.org/schema/kernel-4'><identifier identifierType='DOI'>10.5/x</identifier><creators><creator>\
            <creatorName nameType='Organizational'>HCP</creatorName></creator></creators><titles><title xml:lang='fr'>Enquête</title>\
            <title xml:lang='en' titleType='TranslatedTitle'>Survey</title><title titleType='Subtitle'>Sub</title></titles><publisher>HCP</publisher>\
            <publicationYear>2020</publicationYear><dates><date dateType='Collected'>2018-08/2019-01</date><date dateType='Issued'>2020</date></dates>\
            <language>fra</language><rightsList><rights rightsURI='https://creativecommons.org/licenses/by/4.0/'>CC BY</rights></rightsList>\
            <geoLocations><geoLocation><geoLocationPlace>Maroc</geoLocationPlace></geoLocation></geoLocations></resource>";
        let concepts = Concepts::load(&[]).expect("lists");
        let found = read(text.as_bytes(), &concepts).found.remove(0);
        assert_eq!(found.draft.titles.words(Some("en"), None), Some("Survey"));
        assert_eq!(found.draft.coverage.collection_period.map(|p| p.edtf()).as_deref(), Some("2018-08/2019-01"));
        assert_eq!((found.draft.coverage.reporting_areas.as_slice(), found.origin.producers.len()), (["MA".to_owned()].as_slice(), 1));
        assert_eq!(found.draft.holdings[0].access_terms.licence.as_deref(), Some("https://creativecommons.org/licenses/by/4.0/"));
        let told: Vec<_> = found.unfit.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(told, ["resource/titles/title[3]", "resource/dates/date[2]", "resource/publicationYear"]);
        assert!(read(b"<resource/>", &concepts).problems[0].remedy.contains("DataCite"));
    }

    #[test]
    fn what_is_said_of_dates_and_of_related_pages_is_told() {
        let text = "<resource xmlns='http://datacite.org/schema/kernel-4'><titles><title>T</title></titles><dates>\
            <date dateType='Collected' dateInformation='wave 2'>2021</date><date dateType='Other' dateInformation='Coverage'>2020</date></dates>\
            <relatedIdentifiers><relatedIdentifier relatedIdentifierType='DOI' relationType='IsSupplementTo'>10.1/z</relatedIdentifier>\
            <relatedIdentifier relatedIdentifierType='URL' relationType='IsDescribedBy'>https://d.ex/q</relatedIdentifier></relatedIdentifiers></resource>";
        let found = read(text.as_bytes(), &Concepts::load(&[]).expect("lists")).found.remove(0);
        let told: Vec<_> = found.unfit.iter().map(|p| (p.field.as_str(), p.value.as_str())).collect();
        let wanted =
            [("resource/relatedIdentifiers/relatedIdentifier[1]", "IsSupplementTo"), ("resource/dates/date[1]", "@dateInformation=wave 2")];
        assert_eq!((told.as_slice(), found.draft.links.len()), (wanted.as_slice(), 2));
    }

    #[test]
    fn a_second_period_is_told_and_the_first_stays() {
        let text = "<resource xmlns='http://datacite.org/schema/kernel-4'><titles><title>T</title></titles><dates>\
            <date dateType='Collected'>2001-03/2001-06</date><date dateType='Collected'>2005-01/2005-02</date>\
            <date dateType='Collected'>2001-03/2001-06</date><date dateType='Coverage'>2001</date>\
            <date dateType='Other' dateInformation='Coverage'>2005</date></dates></resource>";
        let found = read(text.as_bytes(), &Concepts::load(&[]).expect("lists")).found.remove(0);
        let coverage = &found.draft.coverage;
        assert_eq!(coverage.collection_period.as_ref().map(Period::edtf).as_deref(), Some("2001-03/2001-06"));
        assert_eq!(coverage.period.as_ref().map(Period::edtf).as_deref(), Some("2001/2001"));
        let told: Vec<_> = found.unfit.iter().map(|p| (p.field.as_str(), p.value.as_str())).collect();
        assert_eq!(told, [("resource/dates/date[2]", "2005-01/2005-02"), ("resource/dates/date[5]", "2005")]);
    }

    #[test]
    fn who_took_part_is_told_with_the_part_and_no_person_is_named() {
        let text = "<resource xmlns='http://datacite.org/schema/kernel-4'><creators><creator><creatorName nameType='Personal'>Nom, Anne</creatorName>\
            <affiliation>Maison Rouille</affiliation></creator><creator><creatorName nameType='Organizational'>Barid Rouille</creatorName></creator></creators>\
            <titles><title>T</title></titles><contributors><contributor contributorType='HostingInstitution'><contributorName>Grande Maison</contributorName>\
            </contributor><contributor contributorType='ContactPerson'><contributorName nameType='Personal'>Autre, Jean</contributorName>\
            <affiliation>Atelier Bleu</affiliation></contributor></contributors><relatedItems><relatedItem relationType='IsPublishedIn' relatedItemType='Journal'>\
            <creators><creator><creatorName nameType='Personal'>Tiers, Marie</creatorName></creator></creators></relatedItem></relatedItems></resource>";
        let found = read(text.as_bytes(), &Concepts::load(&[]).expect("lists")).found.remove(0);
        let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
        for line in [
            ("resource/contributors/contributor[1]/contributorName", "Grande Maison"),
            ("resource/contributors/contributor[2]/affiliation", "Atelier Bleu"),
            ("resource/contributors/contributor[2]", ""),
            ("resource/relatedItems/relatedItem/creators/creator", ""),
        ] {
            assert!(told.contains(&line), "{line:?} is not in {told:?}");
        }
        assert!(found.unfit.iter().any(|line| line.remedy.contains("`HostingInstitution`")), "{:?}", found.unfit);
        let all = format!("{:?} {:?}", found.unfit, found.origin);
        assert!(!["Nom", "Autre, Jean", "Tiers"].iter().any(|name| all.contains(name)), "{all}");
        let organisations: Vec<_> = found.origin.organisations.iter().filter_map(|name| name.words(None, None)).collect();
        assert_eq!(organisations, ["Maison Rouille", "Barid Rouille", "Grande Maison", "Atelier Bleu"]);
    }
}
