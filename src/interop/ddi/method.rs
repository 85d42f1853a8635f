//! How the data came into being.

use roxmltree::Node;

use super::read::Book;
use super::{codes, coverage};
use crate::domain::methodology::{Link, Methodology, QualityStatement};
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{QualityDimension, SourceType, Vocabulary};
use crate::domain::words;

/// Reads the methodology. It stays away where the document says nothing about it.
pub(super) fn read(book: &mut Book) {
    let mut found = blank(SourceType::HouseholdSurveyModule);
    found.universe = coverage::universe(book);
    units(book, &mut found);
    modes(book, &mut found);
    sampling(book, &mut found);
    for (path, text) in [("method/dataColl/weight", &mut found.weights), ("method/anlyInfo/respRate", &mut found.response)] {
        let nodes = book.study(path);
        *text = book.tracked.wordings(&nodes, false);
    }
    frame(book, &mut found);
    let limits = book.study("method/dataColl/deviat");
    found.known_limits = book.tracked.grouped(&limits, false);
    quality(book, &mut found);
    classifications(book);
    materials(book, &mut found);
    let (kind, assumed) = source_type(book);
    if kind.is_none() && found == blank(SourceType::HouseholdSurveyModule) {
        // Without a methodology nothing stands in for its type of source.
        return;
    }
    book.assumed.extend(assumed);
    found.source_type = kind.unwrap_or(found.source_type);
    book.draft.methodology = Some(found);
}

/// A methodology of which only the type of source is known.
pub(crate) fn blank(source_type: SourceType) -> Methodology {
    Methodology {
        source_type,
        collection_modes: Vec::new(),
        sampling_designs: Vec::new(),
        sampling_text: MultilingualText::default(),
        sample_size: None,
        sample_unit: None,
        sampling_frame: MultilingualText::default(),
        weights: MultilingualText::default(),
        response: MultilingualText::default(),
        universe: MultilingualText::default(),
        statistical_units: Vec::new(),
        statistical_unit_text: MultilingualText::default(),
        definitions: Vec::new(),
        breaks: Vec::new(),
        quality: Vec::new(),
        known_limits: Vec::new(),
        instruments: Vec::new(),
        census_topics: None,
    }
}

fn push<V: PartialEq>(list: &mut Vec<V>, found: Vec<V>) {
    for member in found {
        if !list.contains(&member) {
            list.push(member);
        }
    }
}

fn units(book: &mut Book, found: &mut Methodology) {
    for node in book.study("stdyInfo/sumDscr/anlyUnit") {
        let own = codes::own(&mut book.tracked, node);
        if own.is_empty() {
            push(&mut found.statistical_units, codes::published(&mut book.tracked, node, codes::UNITS));
            book.tracked.add(&mut found.statistical_unit_text, node, true);
        } else {
            push(&mut found.statistical_units, own);
            book.tracked.pass_over(node);
        }
    }
}

fn modes(book: &mut Book, found: &mut Methodology) {
    for node in book.study("method/dataColl/collMode") {
        let mut modes = codes::own(&mut book.tracked, node);
        if modes.is_empty() {
            modes = codes::published(&mut book.tracked, node, codes::MODES);
            let own: String = node.children().filter_map(|child| child.is_text().then(|| child.text()).flatten()).collect();
            let (spoken, says_more) = codes::modes_said(&own);
            if modes.is_empty() || modes == spoken {
                if says_more && !spoken.is_empty() {
                    book.tracked.tell(node, own.trim(), codes::MORE_THAN_MODES);
                }
                modes = spoken;
            }
        }
        // Without a code the words have no place, and are named among what does not fit.
        if !modes.is_empty() {
            book.tracked.pass_over(node);
            push(&mut found.collection_modes, modes);
        }
    }
}

fn sampling(book: &mut Book, found: &mut Methodology) {
    for node in book.study("method/dataColl/sampProc") {
        let own = codes::own(&mut book.tracked, node);
        if own.is_empty() {
            push(&mut found.sampling_designs, codes::published(&mut book.tracked, node, codes::SAMPLINGS));
            book.tracked.add(&mut found.sampling_text, node, false);
        } else {
            push(&mut found.sampling_designs, own);
            book.tracked.pass_over(node);
        }
    }
    for node in book.study("method/dataColl/timeMeth") {
        let own: String = node.children().filter_map(|child| child.is_text().then(|| child.text()).flatten()).collect();
        let concepts = book.tracked.all(node, "concept");
        let said = concepts.iter().map(|concept| (*concept, concept.text().unwrap_or_default()));
        let mut others = Vec::new();
        let mut designs = Vec::new();
        for (place, words) in std::iter::once((node, own.as_str())).chain(said) {
            let (named, says_more) = codes::times_said(words);
            push(&mut designs, named);
            others.extend(says_more.then(|| (place, words.trim().to_owned())));
        }
        // Without a code the words have no place, and are named among what does not fit.
        if !designs.is_empty() {
            others.iter().for_each(|(place, words)| book.tracked.tell(*place, words, codes::MORE_THAN_PANEL));
            push(&mut found.sampling_designs, designs);
            book.tracked.pass_over(node);
        }
    }
}

fn frame(book: &mut Book, found: &mut Methodology) {
    for part in ["sampleFrameName", "labl", "txt", "custodian", "universe", "updateProcedure"] {
        let nodes = book.study(&format!("method/dataColl/sampleFrame/{part}"));
        for node in nodes {
            book.tracked.add(&mut found.sampling_frame, node, false);
        }
    }
}

fn quality(book: &mut Book, found: &mut Methodology) {
    for path in ["method/anlyInfo/EstSmpErr", "method/anlyInfo/dataAppr"] {
        let nodes = book.study(path);
        for text in book.tracked.grouped(&nodes, false) {
            found.quality.push(QualityStatement { dimension: QualityDimension::Accuracy, text, author: None, date: None });
        }
    }
    let others = book.study("stdyInfo/qualityStatement/otherQualityStatement");
    for text in book.tracked.grouped(&others, false) {
        let field = format!("methodology.quality[{}].dimension", found.quality.len());
        let remedy = "the document does not tell the dimension of this statement; RELEVANCE stands in: choose the dimension";
        book.assumed.push(Problem::new(field, QualityDimension::Relevance.code(), remedy));
        found.quality.push(QualityStatement { dimension: QualityDimension::Relevance, text, author: None, date: None });
    }
}

fn classifications(book: &mut Book) {
    for standard in book.study("stdyInfo/qualityStatement/standardsCompliance/standard") {
        let names = book.tracked.all(standard, "standardName");
        let text = book.tracked.wordings(&names, true);
        if !text.is_empty() {
            book.draft.classifications.push(text);
        }
    }
}

/// Materials with an address: questionnaires become instruments, all else links.
fn materials(book: &mut Book, found: &mut Methodology) {
    for node in book.at("otherMat") {
        let Some(url) = super::access::web_address(book, node) else { continue };
        let kind = node.attribute("type").unwrap_or("").trim().to_lowercase();
        let title = title_of_material(book, node);
        let told = format!("{kind} {}", words::fold(title.words(Some("en"), None).unwrap_or("")));
        let is_instrument = ["questionnaire", "instrument", "interviewer", "manual"].iter().any(|word| told.contains(word));
        kind_and_level(book, node, &kind, is_instrument);
        let link = Link { title, url };
        let list = if is_instrument { &mut found.instruments } else { &mut book.draft.links };
        if !list.iter().any(|known| known.url == link.url) {
            list.push(link);
        }
    }
    // Of this registry's own records, notes hold the relations.
    let others: &[&str] = if book.is_own { &[] } else { &["othrStdyMat/relMat", "othrStdyMat/relPubl", "othrStdyMat/relStdy"] };
    for path in others {
        for node in book.study(path) {
            related(book, node);
        }
    }
}

/// What a material is called: its label, else its description. A description beside a label stays unread, and is told.
fn title_of_material<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) -> MultilingualText {
    let labels = book.tracked.all(node, "labl");
    let title = book.tracked.names(&labels);
    if !title.is_empty() {
        return title;
    }
    let descriptions = book.tracked.all(node, "txt");
    book.tracked.names(&descriptions)
}

/// Of a material it is kept whether it is an instrument or a page of the study; what else its attributes say is told.
fn kind_and_level<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>, kind: &str, is_instrument: bool) {
    book.tracked.attribute(node, "type");
    let is_kept = matches!(kind, "" | "instrument" | "page") || (is_instrument && kind == "questionnaire");
    if !is_kept {
        let remedy =
            "is the kind of the material, of which the registry keeps whether it is an instrument; say it in the title of the link";
        book.tracked.tell(node, &format!("@type={kind}"), remedy);
    }
    // That it is of the study says no more than that it stands here.
    if node.attribute("level").is_some_and(|level| level.trim() == "study") {
        book.tracked.attribute(node, "level");
    }
}

fn related<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) {
    let links = book.tracked.all(node, "ExtLink");
    let Some((link, url)) = links
        .iter()
        .find_map(|link| link.attribute("URI").map(|uri| (*link, uri.trim())))
        .filter(|(_, uri)| super::access::is_address(uri))
    else {
        cited(book, node);
        return;
    };
    book.tracked.take_link(link);
    let title = book.tracked.wordings(&[node], true);
    link_to(book, node, title, url.to_owned());
}

/// A related item that is known by its identifier alone, where that is a DOI or an address.
fn cited<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) {
    let identifiers = book.tracked.all(node, "citation/titlStmt/IDNo");
    let Some((identifier, url)) = identifiers.iter().find_map(|one| Some((*one, address_of(one.text().unwrap_or_default())?))) else {
        return;
    };
    book.tracked.pass_over(identifier);
    let title = book.tracked.wordings(&[node], true);
    link_to(book, node, title, url);
}

/// The address that an identifier is, or that its DOI has.
fn address_of(identifier: &str) -> Option<String> {
    let identifier = identifier.trim();
    let name = ["doi:", "DOI:", "info:doi/"].iter().find_map(|start| identifier.strip_prefix(start)).unwrap_or(identifier).trim();
    let is_doi = name.starts_with("10.") && name.contains('/') && !name.contains(char::is_whitespace);
    let address = if is_doi { format!("https://doi.org/{name}") } else { identifier.to_owned() };
    super::access::is_address(&address).then_some(address)
}

/// Keeps a related item as a link; the title that it is cited by stands in that of the link.
fn link_to<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>, mut title: MultilingualText, url: String) {
    for cited in [book.tracked.all(node, "citation/titlStmt/titl"), book.tracked.all(node, "citation/biblCit")].concat() {
        book.tracked.add(&mut title, cited, true);
    }
    if !book.draft.links.iter().any(|known| known.url == url) {
        book.draft.links.push(Link { title, url });
    }
}

/// The type of source, as far as the document tells it. What is not told in the registry's own code is an assumption, with its line.
fn source_type(book: &mut Book) -> (Option<SourceType>, Option<Problem>) {
    let mut kinds = String::new();
    for node in book.study("stdyInfo/sumDscr/dataKind") {
        if let Some(own) = codes::own::<SourceType>(&mut book.tracked, node).first() {
            book.tracked.pass_over(node);
            return (Some(*own), None);
        }
        kinds.push_str(&format!(" {} ", words::fold(node.text().unwrap_or("").trim())));
    }
    let titles: String = book.draft.titles.iter().map(|(_, title)| format!(" {} ", words::fold(&title.text))).collect();
    let (kind, problem) = assumed_source(&kinds, &titles);
    for node in book.study("stdyInfo/sumDscr/dataKind") {
        // The line that tells the assumption quotes the word; what says more or something else is told by itself.
        if says_only(&words::fold(node.text().unwrap_or("").trim()), kind) {
            book.tracked.pass_over(node);
        }
    }
    (kind, Some(problem))
}

/// Whether folded words about the kind of data say no more than a type of source that was assumed from such words.
pub(crate) fn says_only(kinds: &str, kind: Option<SourceType>) -> bool {
    let said = evidence(&format!(" {} ", kinds.replace(|c: char| !c.is_alphanumeric(), " ")), "").0;
    let is_plain = |word: &str| PLAIN.contains(&word) || SIGNS.iter().any(|(sign, of)| Some(*of) == kind && sign.contains(word));
    said.is_some() && said == kind && kinds.split(|c: char| !c.is_alphanumeric()).all(is_plain)
}

/// A type of source from folded words about the kind of data and from folded titles, and the line that tells the assumption.
pub(crate) fn assumed_source(kinds: &str, titles: &str) -> (Option<SourceType>, Problem) {
    let (kind, evidence) = evidence(kinds, titles);
    let value = kind.unwrap_or(SourceType::HouseholdSurveyModule).code();
    let remedy = match evidence {
        Some(word) => format!("the type of source is assumed from the word `{word}`; confirm it or choose another"),
        None => "the document does not tell the type of source; HOUSEHOLD_SURVEY_MODULE stands in until somebody chooses".to_owned(),
    };
    (kind, Problem::new("methodology.sourceType", value, remedy))
}

/// Words that tell a type of source, folded.
const SIGNS: [(&str, SourceType); 7] = [
    ("census", SourceType::Census),
    ("recensement", SourceType::Census),
    (" cen ", SourceType::Census),
    ("labour force", SourceType::LabourForceSurvey),
    ("labor force", SourceType::LabourForceSurvey),
    ("qualitative", SourceType::Qualitative),
    ("opinion", SourceType::OpinionSurvey),
];
/// Words beside those that say nothing more of the kind of data, folded.
const PLAIN: [&str; 25] = [
    "",
    "data",
    "donnees",
    "enumeration",
    "survey",
    "enquete",
    "study",
    "etude",
    "population",
    "housing",
    "habitat",
    "general",
    "of",
    "and",
    "the",
    "de",
    "du",
    "des",
    "d",
    "la",
    "le",
    "l",
    "et",
    "on",
    "sur",
];

fn evidence(kinds: &str, titles: &str) -> (Option<SourceType>, Option<&'static str>) {
    let found = SIGNS.iter().find(|(word, _)| kinds.contains(word)).or_else(|| SIGNS.iter().find(|(word, _)| titles.contains(word)));
    found.map_or((None, None), |(word, kind)| (Some(*kind), Some(word.trim())))
}
