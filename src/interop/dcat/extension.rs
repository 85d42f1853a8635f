//! The whole record in the registry's own terms, so that a registry that reads what a registry wrote loses nothing.
//!
//! The fields of the record format become properties `urn:x-rihla:ns#…` of the same name, beginning with `rihla:record` of the
//! dataset. A group of fields is a thing, a list is an RDF list, a text in several languages is a thing with one property for
//! each status of a wording, and a code of a closed list is the list's URI.

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{NamedOrBlankNode, Term};
use serde_json::{Map, Value};

use crate::domain::draft::DatasetDraft;
use crate::domain::problem::Problem;
use crate::domain::record::{MAX_DEPTH, read_part};
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{
    AccessLevel, Certainty, CollectionMode, CollectionStatus, DefinitionBasis, DefinitionCode, DurationBasis, ExcludedGroup, Frequency,
    GeographicLevel, HoldingRole, MaskableField, Measure, MovementDirection, PublicationStatus, QualityDimension, RecordKind,
    ReferencePoint, RelationType, RequestChannel, RiskClass, SamplingDesign, SourceType, StatementBasis, StatisticalUnit, TextStatus,
    Visibility, Vocabulary,
};
use crate::interop::rdf::names::{RIHLA, XSD};
use crate::interop::rdf::{Builder, Graph, plain, thing, typed, words};

/// Property of a dataset that leads to its whole record.
pub const RECORD: &str = "urn:x-rihla:ns#record";
/// Before the name and the code of a closed list.
const LIST: &str = "urn:x-rihla:def:";

/// Closed list of a field, by the field's name and that of the field around it.
fn list_of(parent: &str, field: &str) -> Option<&'static str> {
    Some(match (parent, field) {
        ("", "recordKind") => RecordKind::NAME,
        ("", "collectionStatus") => CollectionStatus::NAME,
        ("", "status") => PublicationStatus::NAME,
        ("", "visibility") | ("masks", "visibleTo") => Visibility::NAME,
        ("", "riskClass") => RiskClass::NAME,
        ("", "certainty") => Certainty::NAME,
        ("masks", "field") => MaskableField::NAME,
        ("relations", "type") => RelationType::NAME,
        ("holdings", "role") => HoldingRole::NAME,
        ("accessTerms", "aggregates" | "microdata") => AccessLevel::NAME,
        ("accessTerms", "aggregatesBasis" | "microdataBasis") => StatementBasis::NAME,
        ("accessTerms", "channel") => RequestChannel::NAME,
        ("methodology", "sourceType") => SourceType::NAME,
        ("methodology", "collectionModes") => CollectionMode::NAME,
        ("methodology", "samplingDesigns") => SamplingDesign::NAME,
        ("methodology", "statisticalUnits") => StatisticalUnit::NAME,
        ("definitions", "code") => DefinitionCode::NAME,
        ("definitions", "basis") => DefinitionBasis::NAME,
        ("definitions", "direction") => MovementDirection::NAME,
        ("definitions", "measure") => Measure::NAME,
        ("definitions", "durationBasis") => DurationBasis::NAME,
        ("definitions", "referencePoint") => ReferencePoint::NAME,
        ("definitions", "excludedGroups") => ExcludedGroup::NAME,
        ("quality", "dimension") => QualityDimension::NAME,
        ("coverage", "releasedLevel" | "collectedLevel") => GeographicLevel::NAME,
        ("coverage", "frequency") => Frequency::NAME,
        _ => return None,
    })
}

/// Property of a wording, by its status.
fn status_term(status: TextStatus) -> &'static str {
    match status {
        TextStatus::Official => "official",
        TextStatus::Translation => "translation",
        TextStatus::WorkingTranslation => "workingTranslation",
        TextStatus::Machine => "machine",
        TextStatus::Editorial => "editorial",
    }
}

/// Says the record in the registry's terms.
pub fn write(builder: &mut Builder, dataset: &NamedOrBlankNode, record: &Value) {
    let node = builder.part();
    builder.say(dataset, RIHLA, "record", node.clone());
    if let Value::Object(fields) = record {
        write_fields(builder, &node, "", fields);
    }
}

fn write_fields(builder: &mut Builder, node: &NamedOrBlankNode, parent: &str, fields: &Map<String, Value>) {
    for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let term = write_value(builder, parent, field, value);
        builder.say(node, RIHLA, field, term);
    }
}

fn write_value(builder: &mut Builder, parent: &str, field: &str, value: &Value) -> Term {
    match value {
        Value::String(text) => {
            let code = list_of(parent, field).and_then(|list| thing(&format!("{LIST}{list}:{text}")));
            code.map_or_else(|| plain(text).into(), Term::from)
        }
        Value::Bool(flag) => typed(if *flag { "true" } else { "false" }, "boolean").into(),
        Value::Number(number) => typed(&number.to_string(), "integer").into(),
        Value::Null => rdf::NIL.into_owned().into(),
        Value::Array(members) => write_list(builder, parent, field, members),
        Value::Object(fields) => {
            let node = builder.part();
            if !write_text(builder, &node, fields) {
                write_fields(builder, &node, field, fields);
            }
            node.into()
        }
    }
}

fn write_list(builder: &mut Builder, parent: &str, field: &str, members: &[Value]) -> Term {
    let mut rest: Term = rdf::NIL.into_owned().into();
    let terms: Vec<Term> = members.iter().map(|member| write_value(builder, parent, field, member)).collect();
    for term in terms.into_iter().rev() {
        let node = builder.part();
        builder.say(&node, crate::interop::rdf::names::RDF, "first", term);
        builder.say(&node, crate::interop::rdf::names::RDF, "rest", rest);
        rest = node.into();
    }
    rest
}

/// A text in several languages, where the fields are one; whether they are.
fn write_text(builder: &mut Builder, node: &NamedOrBlankNode, fields: &Map<String, Value>) -> bool {
    let wordings: Option<Vec<_>> = fields
        .iter()
        .map(|(tag, wording)| {
            let tag = LanguageTag::parse(tag).ok()?;
            let text = wording.get("text")?.as_str()?;
            Some((tag, text, TextStatus::parse(wording.get("status")?.as_str()?)?))
        })
        .collect();
    let Some(wordings) = wordings.filter(|wordings| !wordings.is_empty()) else { return false };
    for (tag, text, status) in wordings {
        builder.say(node, RIHLA, status_term(status), words(text, tag.as_str()));
    }
    true
}

/// Reads the record that a dataset carries in the registry's terms; none where it carries none.
///
/// # Errors
/// The terms make no record, for the reasons given.
pub fn read(graph: &Graph, dataset: &NamedOrBlankNode) -> Option<Result<DatasetDraft, Vec<Problem>>> {
    let statements = graph.about(dataset);
    let record = statements.iter().find(|statement| statement.predicate == RECORD)?;
    let is_described = crate::interop::rdf::node_of(record.object).is_some_and(|node| !graph.about(&node).is_empty());
    if !is_described {
        let remedy = "the record in the registry's own terms stands elsewhere, so what the standard says was read; import the registry's own document for all of it";
        return Some(Err(vec![Problem::new("", "", remedy)]));
    }
    let value = read_value(graph, record.object, 0);
    Some(value.map_err(|problem| vec![problem]).and_then(read_part).and_then(with_titles))
}

/// A record without a title is none: another tool has taken its parts away.
fn with_titles(draft: DatasetDraft) -> Result<DatasetDraft, Vec<Problem>> {
    if draft.titles.is_empty() {
        let remedy = "the record in the registry's own terms has no title, so what the standard says was read; import the registry's own document for all of it";
        return Err(vec![Problem::new("titles", "", remedy)]);
    }
    Ok(draft)
}

fn read_value(graph: &Graph, term: &Term, depth: usize) -> Result<Value, Problem> {
    if depth > MAX_DEPTH || graph.is_exhausted() {
        return Err(Problem::new("rihla:record", "", "the record is nested too deep or refers to itself; a record never does"));
    }
    let node: NamedOrBlankNode = match term {
        Term::Literal(literal) => return read_literal(literal),
        Term::NamedNode(node) if *node == rdf::NIL => return Ok(Value::Array(Vec::new())),
        Term::NamedNode(node) => match node.as_str().strip_prefix(LIST).and_then(|rest| rest.split_once(':')) {
            Some((_, code)) => return Ok(Value::String(code.to_owned())),
            None => node.clone().into(),
        },
        Term::BlankNode(node) => node.clone().into(),
    };
    let statements = graph.about(&node);
    if statements.iter().any(|statement| statement.predicate == rdf::FIRST.as_str()) {
        return read_list(graph, node, depth);
    }
    let mut fields = Map::new();
    for statement in &statements {
        let Some(field) = statement.predicate.strip_prefix(RIHLA) else { continue };
        if let Some(status) = TextStatus::ALL.iter().find(|status| status_term(**status) == field)
            && let Term::Literal(literal) = statement.object
            && let Some(tag) = literal.language().and_then(|tag| LanguageTag::parse(tag).ok())
        {
            let wording = serde_json::json!({ "text": literal.value(), "status": status.code() });
            fields.insert(tag.as_str().to_owned(), wording);
            continue;
        }
        if fields.insert(field.to_owned(), read_value(graph, statement.object, depth + 1)?).is_some() {
            return Err(Problem::new(format!("rihla:{field}"), "", "is given twice; keep one"));
        }
    }
    Ok(Value::Object(fields))
}

fn read_literal(literal: &oxrdf::Literal) -> Result<Value, Problem> {
    let text = literal.value();
    let wrong = || Problem::new("rihla:record", text, "is not a value of its type; correct it");
    if literal.datatype() == xsd::BOOLEAN {
        return match text {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(wrong()),
        };
    }
    if literal.datatype().as_str().strip_prefix(XSD) == Some("integer") {
        return text.parse::<i64>().map(Value::from).map_err(|_| wrong());
    }
    Ok(Value::String(text.to_owned()))
}

/// Longest list of a record; the longest that a record has are its variables.
const LONGEST: usize = 100_000;

fn read_list(graph: &Graph, mut node: NamedOrBlankNode, depth: usize) -> Result<Value, Problem> {
    let mut members = Vec::new();
    loop {
        let mut next = None;
        for statement in graph.about(&node) {
            if statement.predicate == rdf::FIRST.as_str() {
                members.push(read_value(graph, statement.object, depth + 1)?);
            } else if statement.predicate == rdf::REST.as_str() {
                next = match statement.object {
                    Term::NamedNode(rest) if *rest == rdf::NIL => None,
                    Term::NamedNode(rest) => Some(rest.clone().into()),
                    Term::BlankNode(rest) => Some(rest.clone().into()),
                    Term::Literal(_) => None,
                };
            }
        }
        match next {
            Some(rest) if members.len() < LONGEST => node = rest,
            Some(_) => return Err(Problem::new("rihla:record", "", "a list of the record does not end; it refers to itself")),
            None => return Ok(Value::Array(members)),
        }
    }
}
