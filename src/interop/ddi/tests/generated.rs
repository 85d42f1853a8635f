//! Records of any shape that the record format allows.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::vocabulary::*;

fn code<V: Vocabulary + std::fmt::Debug>() -> BoxedStrategy<Value> {
    select(V::ALL).prop_map(|member| json!(member.code())).boxed()
}

fn codes<V: Vocabulary + std::fmt::Debug>() -> BoxedStrategy<Value> {
    let all: Vec<&str> = V::ALL.iter().map(|member| member.code()).collect();
    let most = all.len().min(4);
    subsequence(all, 0..=most).prop_map(|list| json!(list)).boxed()
}

fn concepts_of(concepts: &Concepts, scheme: ConceptScheme) -> BoxedStrategy<Value> {
    let all: Vec<String> = concepts.scheme(scheme).concepts.iter().map(|concept| concept.code.clone()).collect();
    let most = all.len().min(3);
    subsequence(all, 0..=most).prop_shuffle().prop_map(|list| json!(list)).boxed()
}

/// Words with everything that breaks a careless writer.
fn words() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[A-Za-zéàÀ-ÿء-ي0-9 .,;:'\"&<>\\[\\]{}()/#%_-]{1,40}",
        1 => "[ \\n\\r\\t]{0,2}[a-z]{1,5}[ \\n\\r\\t]{0,3}[a-z<&]{1,5}[ \\n\\r\\t]{0,2}",
        1 => "\\PC{1,20}",
        1 => Just("]]> <!-- & &amp; &#x41; <?x?> \u{FFFE}".to_owned()),
    ]
    .prop_map(|text| {
        text.chars().filter(|c| !crate::domain::text::is_steering(*c) && !crate::domain::text::is_foreign_control(*c)).collect::<String>()
    })
    .prop_filter("shows something", |text| crate::domain::text::shows_something(text))
    .boxed()
}

fn text() -> BoxedStrategy<Value> {
    let wording = (words(), code::<TextStatus>()).prop_map(|(text, status)| json!({ "text": text, "status": status }));
    let tags = subsequence(vec!["ar", "en", "fr", "zgh-Tfng", "und", "fr-MA"], 1..=3);
    (tags, vec(wording, 3)).prop_map(|(tags, wordings)| Value::Object(tags.into_iter().map(str::to_owned).zip(wordings).collect())).boxed()
}

fn texts() -> BoxedStrategy<Value> {
    vec(text(), 0..3).prop_map(Value::Array).boxed()
}

fn date() -> BoxedStrategy<String> {
    (1000..=9999i32, of(1..=12u8), of(1..=28u8), select(vec!["", "?", "~", "%"]))
        .prop_map(|(year, month, day, mark)| match (month, day) {
            (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}{mark}"),
            (Some(month), None) => format!("{year:04}-{month:02}{mark}"),
            _ => format!("{year:04}{mark}"),
        })
        .boxed()
}

fn period() -> BoxedStrategy<Value> {
    let bound = || of(prop_oneof![date(), Just("..".to_owned())]);
    (bound(), bound(), of(text()))
        .prop_map(|(mut start, mut end, note)| {
            if let (Some(from), Some(to)) = (&start, &end)
                && from.get(..4) > to.get(..4)
            {
                std::mem::swap(&mut start, &mut end);
            }
            if start.as_ref().zip(end.as_ref()).is_some_and(|(from, to)| from.get(..4) == to.get(..4)) {
                end = start.clone();
            }
            object([("start", start.map(Value::from)), ("end", end.map(Value::from)), ("note", note)])
        })
        .boxed()
}

fn object<const N: usize>(parts: [(&str, Option<Value>); N]) -> Value {
    let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
    Value::Object(
        parts.into_iter().filter_map(|(key, value)| value.filter(|value| !empty(value)).map(|value| (key.to_owned(), value))).collect(),
    )
}

fn slug() -> BoxedStrategy<Value> {
    "[a-z]{2,5}(-[a-z0-9]{1,4}){0,2}".prop_map(Value::from).boxed()
}

fn address() -> BoxedStrategy<Value> {
    "https?://[a-z]{1,8}\\.(ma|org)/[a-z0-9?&=%._-]{0,12}".prop_map(Value::from).boxed()
}

fn link() -> BoxedStrategy<Value> {
    (of(text()), address()).prop_map(|(title, url)| object([("title", title), ("url", Some(url))])).boxed()
}

fn methodology() -> BoxedStrategy<Value> {
    let definition = (code::<DefinitionCode>(), of(text()), of(code::<Measure>()), of(0..=1200i32), codes::<ExcludedGroup>()).prop_map(
        |(code, text, measure, months, groups)| {
            object([
                ("code", Some(code)),
                ("text", text),
                ("measure", measure),
                ("durationThresholdMonths", months.map(Value::from)),
                ("excludedGroups", Some(groups)),
            ])
        },
    );
    let quality = (code::<QualityDimension>(), text(), of(words()), of(date())).prop_map(|(dimension, text, author, date)| {
        object([("dimension", Some(dimension)), ("text", Some(text)), ("author", author.map(Value::from)), ("date", date.map(Value::from))])
    });
    let broken = (date(), of(text())).prop_map(|(date, cause)| object([("date", Some(date.into())), ("cause", cause)]));
    let lists = (code::<SourceType>(), codes::<CollectionMode>(), codes::<SamplingDesign>(), codes::<StatisticalUnit>());
    let words = (of(text()), of(text()), of(text()), of(text()), of(text()), of(text()));
    let more =
        (vec(definition, 0..3), vec(quality, 0..3), vec(broken, 0..2), texts(), vec(link(), 0..2), of(1..100_000i32), of(any::<bool>()));
    (lists, words, more)
        .prop_map(
            |(
                (source, modes, designs, units),
                (sampling, frame, weights, response, universe, unit),
                (definitions, quality, breaks, limits, instruments, size, asked),
            )| {
                object([
                    ("sourceType", Some(source)),
                    ("collectionModes", Some(modes)),
                    ("samplingDesigns", Some(designs)),
                    ("samplingText", sampling),
                    ("sampleSize", size.map(Value::from)),
                    ("sampleUnit", size.map(|_| "households".into())),
                    ("samplingFrame", frame),
                    ("weights", weights),
                    ("response", response),
                    ("universe", universe),
                    ("statisticalUnits", Some(units)),
                    ("statisticalUnitText", unit),
                    ("definitions", Some(definitions.into())),
                    ("breaks", Some(breaks.into())),
                    ("quality", Some(quality.into())),
                    ("knownLimits", Some(limits)),
                    ("instruments", Some(instruments.into())),
                    ("censusTopics", asked.map(|asked| json!({ "countryOfBirth": asked }))),
                ])
            },
        )
        .boxed()
}

fn coverage(concepts: &Concepts) -> BoxedStrategy<Value> {
    let places = || concepts_of(concepts, ConceptScheme::Places);
    let areas = (places(), places(), of(text()), concepts_of(concepts, ConceptScheme::Disaggregations));
    let rest = (
        of(period()),
        of(period()),
        of(date()),
        of(code::<GeographicLevel>()),
        of(code::<GeographicLevel>()),
        of(text()),
        of(code::<Frequency>()),
    );
    (areas, rest)
        .prop_map(|((areas, origins, note, breakdowns), (period, collection, next, released, collected, level, frequency))| {
            object([
                ("reportingAreas", Some(areas)),
                ("areaNote", note),
                ("origins", Some(origins)),
                ("period", period),
                ("collectionPeriod", collection),
                ("openToCoordinationUntil", next.clone().map(Value::from)),
                ("nextCollection", next.map(Value::from)),
                ("releasedLevel", released),
                ("collectedLevel", collected),
                ("levelNote", level),
                ("releasedDisaggregations", Some(breakdowns)),
                ("frequency", frequency),
            ])
        })
        .boxed()
}

fn holding() -> BoxedStrategy<Value> {
    let levels = (code::<AccessLevel>(), code::<StatementBasis>(), code::<AccessLevel>(), code::<StatementBasis>());
    let words = (of(text()), of(text()), of(address()), of(0..400i32));
    let file = (of(text()), of(words_short()), address(), of(0..9_000_000_000i64)).prop_map(|(title, format, url, size)| {
        object([("title", title), ("format", format), ("url", Some(url)), ("byteSize", size.map(Value::from))])
    });
    (slug(), code::<HoldingRole>(), levels, words, vec(file, 0..2))
        .prop_map(|(institution, role, (aggregates, first, microdata, second), (conditions, fee, licence, days), files)| {
            let channel = if licence.is_some() { "URL" } else { "UNKNOWN" };
            let terms = object([
                ("aggregates", Some(aggregates)),
                ("aggregatesBasis", Some(first)),
                ("microdata", Some(microdata)),
                ("microdataBasis", Some(second)),
                ("licence", licence.clone()),
                ("conditions", conditions),
                ("channel", Some(channel.into())),
                ("channelUrl", licence),
                ("fee", fee),
                ("expectedDays", days.map(Value::from)),
            ]);
            object([
                ("institution", Some(institution)),
                ("role", Some(role)),
                ("accessTerms", Some(terms)),
                ("distributions", Some(files.into())),
            ])
        })
        .boxed()
}

fn words_short() -> BoxedStrategy<Value> {
    words().prop_map(Value::from).boxed()
}

fn variable() -> BoxedStrategy<Value> {
    let category = (words_short(), of(text())).prop_map(|(code, label)| object([("code", Some(code)), ("label", label)]));
    (of(words_short()), words_short(), of(text()), vec(category, 0..3))
        .prop_map(|(file, name, label, categories)| {
            object([("file", file), ("name", Some(name)), ("label", label), ("categories", Some(categories.into()))])
        })
        .boxed()
}

/// A dataset that passes validation.
pub fn dataset(concepts: &Concepts) -> BoxedStrategy<Dataset> {
    let identity =
        (slug(), code::<RecordKind>(), code::<PublicationStatus>(), code::<Visibility>(), code::<RiskClass>(), code::<Certainty>());
    let words = (text(), of(text()), texts(), of(text()), of(text()), texts(), of(text()), any::<bool>());
    let lists =
        (concepts_of(concepts, ConceptScheme::Themes), concepts_of(concepts, ConceptScheme::Indicators), of(slug()), vec(slug(), 0..2));
    let parts = (methodology(), coverage(concepts), vec(holding(), 0..2), vec(variable(), 0..4), vec(link(), 0..2), any::<u128>());
    let relation = (code::<RelationType>(), of(text()))
        .prop_map(|(kind, note)| object([("type", Some(kind)), ("dataset", Some("another-one".into())), ("note", note)]));
    let value = (words_short(), of(text())).prop_map(|(value, context)| object([("value", Some(value)), ("context", context)]));
    let discrepancy = (text(), vec(value, 1..3)).prop_map(|(subject, values)| json!({ "subject": subject, "values": values }));
    let citation = (words_short(), of(address())).prop_map(|(title, url)| object([("title", Some(title)), ("url", url)]));
    let more = (vec(relation, 0..2), vec(discrepancy, 0..2), vec(citation, 0..2));
    (identity, words, lists, parts, more)
        .prop_map(|((slug, kind, status, visibility, risk, certainty), words, lists, parts, more)| {
            let (titles, summary, keywords, programme, mandate, classifications, note, declares) = words;
            let main = titles.as_object().and_then(|titles| titles.keys().next().cloned()).filter(|_| declares);
            object([
                ("slug", Some(slug)),
                ("identifier", Some(format!("urn:uuid:{}", uuid::Uuid::from_u128(parts.5)).into())),
                ("recordKind", Some(kind)),
                ("programme", programme),
                ("status", Some(status)),
                ("visibility", Some(visibility)),
                ("riskClass", Some(risk)),
                ("certainty", Some(certainty)),
                ("certaintyNote", note),
                ("mainLanguage", main.map(Value::from)),
                ("titles", Some(titles)),
                ("abstract", summary),
                ("keywords", Some(keywords)),
                ("languages", declares.then(|| json!(["ar", "fr"]))),
                ("themes", Some(lists.0)),
                ("indicators", Some(lists.1)),
                ("classifications", Some(classifications)),
                ("producer", lists.2),
                ("partners", Some(lists.3.into())),
                ("legalMandate", mandate),
                ("holdings", Some(parts.2.into())),
                ("methodology", Some(parts.0)),
                ("coverage", Some(parts.1)),
                ("variables", Some(parts.3.into())),
                ("relations", Some(more.0.into())),
                ("discrepancies", Some(more.1.into())),
                ("links", Some(parts.4.into())),
                ("citations", Some(more.2.into())),
                ("masks", declares.then(|| json!([{ "field": "VARIABLES", "visibleTo": "MEMBERS" }]))),
            ])
        })
        .prop_map(|mut value| {
            value.as_object_mut().expect("object").entry("coverage").or_insert_with(|| json!({}));
            serde_json::from_value(value).expect("a record of the record format")
        })
        .boxed()
}
