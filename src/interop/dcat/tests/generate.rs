//! Records of every shape, for property tests.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::domain::coverage::Coverage;
use crate::domain::dataset::{Category, Citation, Dataset, Discrepancy, FieldMask, PublishedValue, Relation, Variable};
use crate::domain::holding::{AccessTerms, Distribution, Holding};
use crate::domain::ids::Slug;
use crate::domain::methodology::{CensusTopics, Link, Methodology, MigrantDefinition, QualityStatement, SeriesBreak};
use crate::domain::text::{LanguageTag, MultilingualText, Wording};
use crate::domain::time::{Bound, PartialDate, Period};
use crate::domain::vocabulary::*;

fn one<T: Vocabulary + std::fmt::Debug>() -> impl Strategy<Value = T> {
    select(T::ALL)
}

fn some<T: Vocabulary + std::fmt::Debug>() -> impl Strategy<Value = Vec<T>> {
    subsequence(T::ALL, 0..=2.min(T::ALL.len()))
}

/// Words with what syntaxes stumble over: quotes, brackets, line ends, blanks at the ends, other scripts.
pub fn line() -> impl Strategy<Value = String> {
    let words = "[ -~]{0,12}[a-zé-ÿא-تⵣ一-三😀][ -~\t\n\r]{0,8}";
    prop_oneof![words, Just("]]> & <b>\"\\n'\\u0041</b> \u{200F}العربية".to_owned()), Just("1".to_owned()), Just("true".to_owned())]
        .prop_filter("a text of a record shows something", |text| crate::domain::text::shows_something(text))
}

pub fn tag() -> impl Strategy<Value = LanguageTag> {
    select(vec!["fr", "en", "ar", "zgh-Tfng", "pt-BR", "und", "es-419"]).prop_map(|tag| LanguageTag::parse(tag).expect("tag"))
}

pub fn text() -> BoxedStrategy<MultilingualText> {
    proptest::collection::btree_map(tag(), (line(), one()).prop_map(|(text, status)| Wording { text, status }), 0..3)
        .prop_map(MultilingualText)
        .boxed()
}

fn full_text() -> impl Strategy<Value = MultilingualText> {
    (tag(), line(), one::<TextStatus>(), text()).prop_map(|(tag, text, status, mut others)| {
        others.0.insert(tag, Wording { text, status });
        others
    })
}

fn slug() -> impl Strategy<Value = Slug> {
    "[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,5}){0,2}".prop_map(|slug| Slug::parse(&slug).expect("slug"))
}

fn url() -> impl Strategy<Value = String> {
    select(vec!["https://example.org/a?b=c&d=é#f", "http://example.org/", "https://example.org/a b", "https://example.org/{x}"])
        .prop_map(str::to_owned)
}

pub fn date() -> impl Strategy<Value = PartialDate> {
    (1000i32..9999, of(1u8..13), of(1u8..29), of(select(vec!['?', '~', '%']))).prop_map(|(year, month, day, qualifier)| PartialDate {
        year,
        month,
        day: month.and(day),
        qualifier,
    })
}

fn bound() -> impl Strategy<Value = Bound> {
    prop_oneof![Just(Bound::Unknown), Just(Bound::Open), date().prop_map(Bound::Date)]
}

fn period() -> impl Strategy<Value = Period> {
    (bound(), bound(), text()).prop_map(|(start, end, note)| Period { start, end, note })
}

fn link() -> impl Strategy<Value = Link> {
    (text(), url()).prop_map(|(title, url)| Link { title, url })
}

fn terms() -> impl Strategy<Value = AccessTerms> {
    let levels = (one(), one(), one(), one(), of(url()), text(), of(line().boxed()), of(line().boxed()));
    let ways = (text(), one(), of(url()), text(), of(0i32..400), of(Just("2027-01-31".to_owned())), text());
    (levels, ways).prop_map(|((a, ab, m, mb, licence, conditions, law, number), (by, channel, at, fee, days, embargo, control))| {
        AccessTerms {
            aggregates: a,
            aggregates_basis: ab,
            microdata: m,
            microdata_basis: mb,
            licence,
            conditions,
            legal_basis: law,
            data_protection_reference: number,
            decided_by: by,
            channel,
            channel_url: at,
            fee,
            expected_days: days,
            embargo_until: embargo,
            disclosure_control: control,
        }
    })
}

fn distribution() -> impl Strategy<Value = Distribution> {
    let sums = select(vec!["sha256:00ff", "md5:x", "00ff"]).prop_map(str::to_owned);
    (text(), of(line().boxed()), of(select(vec!["text/csv", "x y", "a/b c"])), url(), of(0i64..1 << 50), of(sums)).prop_map(
        |(title, format, media, url, byte_size, checksum)| Distribution {
            title,
            format,
            media_type: media.map(str::to_owned),
            url,
            byte_size,
            checksum,
        },
    )
}

fn holding() -> impl Strategy<Value = Holding> {
    (slug(), one(), terms().boxed(), vec(distribution().boxed(), 0..3))
        .prop_map(|(institution, role, access_terms, distributions)| Holding { institution, role, access_terms, distributions })
}

fn definition() -> impl Strategy<Value = MigrantDefinition> {
    let facets = (of(one()), of(one()), of(one()), of(0i32..99), of(one()), of(one()));
    (one(), text(), facets, of(0i32..99), of(0i32..99), some()).prop_map(
        |(code, text, (basis, direction, measure, months, how, point), low, high, excluded_groups)| MigrantDefinition {
            code,
            text,
            basis,
            direction,
            measure,
            duration_threshold_months: months,
            duration_basis: how,
            reference_point: point,
            age_minimum: low,
            age_maximum: high,
            excluded_groups,
        },
    )
}

fn topics() -> impl Strategy<Value = CensusTopics> {
    let flag = || of(any::<bool>());
    (flag(), flag(), flag(), flag(), flag(), flag(), text()).prop_map(|(born, parents, citizen, five, latest, reason, note)| CensusTopics {
        country_of_birth: born,
        parents_country_of_birth: parents,
        citizenship: citizen,
        residence_five_years_before: five,
        latest_arrival: latest,
        reason,
        note,
    })
}

prop_compose! {
    fn methodology()(
        source_type in one(), collection_modes in some(), sampling_designs in some(),
        (sampling_text, sample_size, sample_unit, sampling_frame) in (text(), of(1i32..99999), of(line().boxed()), text()),
        (weights, response, universe, statistical_units, statistical_unit_text) in (text(), text(), text(), some(), text()),
        definitions in vec(definition().boxed(), 0..3),
        breaks in vec((date(), text(), text()).prop_map(|(date, cause, effect)| SeriesBreak { date, cause, effect }), 0..2),
        quality in vec((one(), full_text(), of(line().boxed()), of(date())).prop_map(|(dimension, text, author, date)| QualityStatement { dimension, text, author, date }), 0..2),
        known_limits in vec(full_text().boxed(), 0..3), instruments in vec(link().boxed(), 0..2), census_topics in of(topics().boxed()),
    ) -> Methodology {
        Methodology { source_type, collection_modes, sampling_designs, sampling_text, sample_size, sample_unit, sampling_frame, weights,
            response, universe, statistical_units, statistical_unit_text, definitions, breaks, quality, known_limits, instruments, census_topics }
    }
}

fn codes(list: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    subsequence(list, 0..=list.len()).prop_map(|codes| codes.into_iter().map(str::to_owned).collect())
}

prop_compose! {
    fn coverage()(
        reporting_areas in codes(&["MA", "MA-09", "XX nowhere"]), area_note in text(), origins in codes(&["ANY", "SN"]), destinations in codes(&["ES", "MA"]),
        period in of(period()), collection_period in of(period()), next_collection in of(date()), open_to_coordination_until in of(date()),
        (released_level, released_level_is_minimum, collected_level, level_note) in (of(one()), any::<bool>(), of(one()), text()),
        released_disaggregations in codes(&["SEX", "AGE"]), collected_disaggregations in codes(&["SEX", "AGE"]), populations in codes(&["P1"]),
        frequency in of(one()),
    ) -> Coverage {
        Coverage { reporting_areas, area_note, origins, destinations, period, collection_period, next_collection, open_to_coordination_until, released_level,
            released_level_is_minimum, collected_level, level_note, released_disaggregations, collected_disaggregations, populations, frequency }
    }
}

fn variable() -> impl Strategy<Value = Variable> {
    let category = (line(), text()).prop_map(|(code, label)| Category { code, label });
    (of(line().boxed()), line(), text(), vec(category, 0..3)).prop_map(|(file, name, label, categories)| Variable {
        file,
        name,
        label,
        categories,
    })
}

fn discrepancy() -> impl Strategy<Value = Discrepancy> {
    let value = (line(), text(), of(date().boxed()), of(line().boxed())).prop_map(|(value, context, cut_off, source)| PublishedValue {
        value,
        context,
        cut_off,
        source,
    });
    (full_text(), vec(value, 1..3), text(), text()).prop_map(|(subject, values, effect, explanation)| Discrepancy {
        subject,
        values,
        effect,
        explanation,
    })
}

fn citation() -> impl Strategy<Value = Citation> {
    (of(line().boxed()), line(), of(url()), of(line().boxed())).prop_map(|(source, title, url, supports)| Citation {
        source,
        title,
        url,
        supports,
    })
}

prop_compose! {
    /// A record with any of its fields.
    pub fn dataset()(
        (slug, identifier) in (slug(), of(Just("urn:uuid:95431a6f-c932-82fa-9289-8ce9b4dfe3b7".to_owned()))),
        (record_kind, collection_status, programme, status) in (one(), of(one()), text(), one()),
        (visibility, risk_class, certainty, certainty_note) in (one(), one(), one(), text()),
        (main_language, titles, abstract_text, keywords, languages) in (of(tag()), full_text(), text(), vec(full_text().boxed(), 0..3), vec(tag(), 0..3)),
        (themes, indicators, classifications) in (codes(&["MT-0101", "MT-02"]), codes(&["GCM-1"]), vec(full_text().boxed(), 0..2)),
        (producer, partners, legal_mandate, holdings) in (of(slug()), vec(slug(), 0..2), text(), vec(holding().boxed(), 0..3)),
        methodology in methodology().boxed(), coverage in coverage().boxed(), variables in vec(variable().boxed(), 0..3),
        relations in vec((one(), slug(), text()).prop_map(|(relation_type, dataset, note)| Relation { relation_type, dataset, note }), 0..2),
        (discrepancies, links, citations) in (vec(discrepancy().boxed(), 0..2), vec(link().boxed(), 0..3), vec(citation().boxed(), 0..3)),
        // A record has a day there, and neither a year nor a month.
        review_due_on in of((1u8..=28).prop_map(|day| PartialDate::parse(&format!("2027-01-{day:02}")).expect("a day"))),
        masks in vec((one(), one()).prop_map(|(field, visible_to)| FieldMask { field, visible_to }), 0..2),
    ) -> Dataset {
        Dataset { slug, identifier, record_kind, collection_status, programme, status, visibility, risk_class, certainty, certainty_note,
            main_language, titles, abstract_text, keywords, languages, themes, indicators, classifications, producer, partners, legal_mandate,
            holdings, methodology, coverage, variables, relations, discrepancies, links, citations, review_due_on, masks, copied_from: None, hidden: Vec::new() }
    }
}
