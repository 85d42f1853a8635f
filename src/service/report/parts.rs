//! Parts that sections are made of: links to records, sentences with their records, tables of records.

use super::words::{self, Phrase};
use super::{MOST_ROWS, Material};
use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::indicators::{Named, NamedKind, RegisterEntry, Source};
use crate::domain::text::{MultilingualText, isolated};
use crate::domain::time::{Bound, PartialDate};
use crate::domain::vocabulary::{IndicatorSilence, RecordScope, ReportRegister, Vocabulary};
use crate::domain::workdays::Day;
use crate::interop::report::figures::{Bar, bars};
use crate::interop::report::{Block, Cell, Column, Figure, HumanText, Section, Span, Table, colon};

/// Records that are named behind a sentence or a figure; the rest is counted.
const NAMED: usize = 12;

/// A row of a table of figures: its name and the records that it counts.
pub(super) type Group<'s> = (String, Vec<&'s Source>);

pub(super) fn section(material: &Material<'_>, number: &str, anchor: &str, heading: Phrase, blocks: Vec<Block>) -> Section {
    Section {
        number: number.to_owned(),
        anchor: anchor.to_owned(),
        heading: material.say(heading).to_owned(),
        blocks,
        sections: Vec::new(),
    }
}

pub(super) fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(vec![Span::text(text)])
}

pub(super) fn plain(text: impl Into<String>) -> Cell {
    vec![Span::text(text)]
}

impl Material<'_> {
    /// A text in the language of the report, or in another that is marked as such; nothing where it is empty.
    pub(super) fn wording(&self, text: &MultilingualText) -> Cell {
        let Some((tag, wording)) = text.get(Some(self.language()), None) else { return Vec::new() };
        if tag.primary() == self.language() {
            return plain(&wording.text);
        }
        vec![Span::Foreign { language: tag.as_str().to_owned(), text: wording.text.clone() }]
    }

    /// The same, or that it is not documented.
    pub(super) fn told(&self, text: &MultilingualText) -> Cell {
        if text.is_empty() { plain(self.say(words::NOT_DOCUMENTED)) } else { self.wording(text) }
    }

    /// A link by a name in the language of the report, else in the main language of what is named, where it has one.
    fn titled(&self, (text, main): (&MultilingualText, Option<&str>), key: &str, path: &str) -> Span {
        let found = text.get(Some(self.language()), main);
        let language = found.map(|(tag, _)| tag.as_str()).filter(|tag| tag.split('-').next() != Some(self.language()));
        let address = if path.starts_with('/') { format!("{}{path}", self.maker.base_url) } else { path.to_owned() };
        Span::Link {
            text: found.map_or(key, |(_, wording)| wording.text.as_str()).to_owned(),
            url: address,
            language: language.map(str::to_owned),
        }
    }

    /// A link to the page of a record.
    pub(super) fn link(&self, dataset: &Dataset) -> Span {
        self.titled((&dataset.titles, dataset.main_language()), dataset.slug.as_str(), &format!("/dataset/{}", dataset.slug))
    }

    /// All records that the report knows as they stood then.
    fn sources(&self) -> impl Iterator<Item = &Source> {
        self.body.iter().chain(&self.planned).chain(&self.not_validated).chain(&self.wider)
    }

    /// A link to the page of a record by its short name; with its title where the report knows it.
    pub(super) fn link_slug(&self, slug: &Slug) -> Span {
        let is_draft = self.question.scope == RecordScope::Published;
        // What nobody validated is named by its short name outside of its annex.
        let mut shown = self.sources().filter(|source| is_draft || source.validated_at.is_some());
        if let Some(source) = shown.find(|source| source.dataset.slug == *slug) {
            return self.link(&source.dataset);
        }
        match self.others.get(slug.as_str()).filter(|_| is_draft) {
            Some(record) => self.link(&record.dataset),
            None => self.titled((&MultilingualText::default(), None), slug.as_str(), &format!("/dataset/{slug}")),
        }
    }

    /// That nothing is documented; of a day before the change log began, that nothing is known of it.
    pub(super) fn none(&self) -> &'static str {
        let is_known = self.measured.now.moment.place.is_some();
        if is_known { self.say(words::NONE_DOCUMENTED) } else { self.say(words::NOT_KNOWN_THEN) }
    }

    /// What stands where the records of the body document nothing, in a word: there may be others, of which nobody validated the version in force.
    pub(super) fn nothing(&self) -> &'static str {
        let silence = match (self.measured.now.moment.place.is_some(), self.not_validated.is_empty()) {
            (false, _) => IndicatorSilence::BeforeLog,
            (true, false) if self.question.scope == RecordScope::Validated => IndicatorSilence::NotInValidated,
            _ => return self.say(words::NOT_DOCUMENTED),
        };
        silence.label(self.language())
    }

    /// That the records of the body say nothing of something, and how many of those that are left out do.
    pub(super) fn silent(&self, says: impl Fn(&Source) -> bool) -> Cell {
        let is_draft = self.question.scope == RecordScope::Published;
        let published = if is_draft { 0 } else { self.not_validated.iter().filter(|source| says(source)).count() };
        let wider = self.wider.iter().filter(|source| says(source)).count();
        if published == 0 && wider == 0 {
            return plain(self.none());
        }
        let mut spans = plain(self.say(if is_draft { words::NONE_OF_COUNTRY } else { words::NONE_VALIDATED }));
        let told = [(words::PUBLISHED_ONLY, published, "#annex-not-validated"), (words::WIDER_ONLY, wider, "#annex-left-out")];
        for (phrase, number, anchor) in told.into_iter().filter(|(_, number, _)| *number > 0) {
            spans.push(Span::text(" "));
            spans.push(Span::link(self.fill(phrase, &[("n", number.to_string())]), anchor));
        }
        spans
    }

    /// A link to the page of an institution.
    pub(super) fn link_institution(&self, slug: &str) -> Span {
        let names = self.institution(slug).map(|institution| institution.names.clone()).unwrap_or_default();
        self.titled((&names, None), slug, &format!("/institution/{slug}"))
    }

    /// What is named as evidence, with a link where it has a page.
    pub(super) fn named(&self, named: &Named) -> Span {
        let title = (&named.title, None);
        match named.kind {
            NamedKind::Dataset => {
                let known = self.sources().chain(&self.retired).find(|source| source.dataset.slug.as_str() == named.key);
                let main = known.and_then(|source| source.dataset.main_language());
                self.titled((&named.title, main), &named.key, &format!("/dataset/{}", named.key))
            }
            NamedKind::Institution => self.titled(title, &named.key, &format!("/institution/{}", named.key)),
            NamedKind::Agreement => self.titled(title, &named.key, "#annex-agreements"),
            NamedKind::Entry if named.key.starts_with('/') => self.titled(title, &named.key, &named.key),
            NamedKind::Entry => self.named_entry(named),
        }
    }

    /// An entry of the registers, with a link to the chapter where its words stand; one on records by their titles.
    fn named_entry(&self, named: &Named) -> Span {
        let known = self.facts.entries.iter().chain(&self.facts_before.entries).find(|entry| entry.id == named.key);
        let Some(entry) = known else { return self.wording(&named.title).pop().unwrap_or_else(|| Span::text(&named.key)) };
        let anchor = chapter_of(entry, self.body.is_empty());
        if !is_of_records(entry) {
            return self.titled((&named.title, None), &named.key, &anchor);
        }
        let titles: Vec<String> = entry.datasets.iter().map(|slug| text_of(self.link_slug(slug))).collect();
        Span::link(titles.join(" – "), anchor)
    }

    /// Links side by side, and how many more there are.
    pub(super) fn links(&self, links: impl Iterator<Item = Span>, total: usize) -> Cell {
        let mut spans: Vec<Span> = Vec::new();
        for link in links.take(NAMED) {
            if !spans.is_empty() {
                spans.push(Span::text(self.separator()));
            }
            spans.push(link);
        }
        if total > NAMED {
            spans.push(Span::text(self.separator()));
            let more = self.fill(words::AND_MORE, &[("n", (total - NAMED).to_string())]);
            spans.push(Span::link(more, "#annex-list"));
        }
        spans
    }

    /// A day within a sentence; in Arabic its parts stay in their order.
    pub(super) fn day(&self, day: i64) -> String {
        let day = Day(day).to_string();
        if self.language() == "ar" { isolated(&day) } else { day }
    }

    /// A date as far as it is known; that it is about or uncertain is said in words.
    fn date(&self, date: PartialDate) -> String {
        let plain = PartialDate { qualifier: None, ..date }.to_string();
        match date.qualifier {
            Some('~') => self.fill(words::ABOUT, &[("date", plain)]),
            Some('?') => self.fill(words::UNCERTAIN, &[("date", plain)]),
            Some(_) => self.fill(words::UNCERTAIN, &[("date", self.fill(words::ABOUT, &[("date", plain)]))]),
            None => plain,
        }
    }

    /// What stands between the members of a list.
    pub(super) fn separator(&self) -> &'static str {
        match self.language() {
            "ar" => "؛ ",
            // The blank before the semicolon is one at which no line breaks.
            "fr" => "\u{a0}; ",
            _ => "; ",
        }
    }

    /// From when to when, in words; what is not documented is said.
    pub(super) fn when(&self, start: Bound, end: Bound) -> String {
        let told = |phrase, from: Option<PartialDate>, to: Option<PartialDate>| {
            let said = |date: Option<PartialDate>| date.map(|date| self.date(date)).unwrap_or_default();
            self.fill(phrase, &[("from", said(from)), ("to", said(to))])
        };
        match (start, end) {
            (Bound::Date(from), Bound::Date(to)) if from == to => self.date(from),
            (Bound::Date(from), Bound::Date(to)) => told(words::FROM_TO, Some(from), Some(to)),
            (Bound::Date(from), Bound::Open) => told(words::SINCE, Some(from), None),
            (Bound::Date(from), Bound::Unknown) => told(words::FROM_ONLY, Some(from), None),
            (Bound::Unknown, Bound::Date(to)) => told(words::TO_ONLY, None, Some(to)),
            (Bound::Open, Bound::Date(to)) => told(words::UNTIL, None, Some(to)),
            (_, Bound::Open) => self.say(words::BEGINNING_SILENT).to_owned(),
            (_, Bound::Unknown) => self.say(words::DATES_SILENT).to_owned(),
        }
    }

    /// A sentence with the records that it is made from.
    pub(super) fn sentence(&self, text: impl Into<String>, sources: &[&Source]) -> Block {
        let mut spans = vec![Span::text(text)];
        if !sources.is_empty() {
            spans.push(Span::text(" "));
            spans.extend(self.links(sources.iter().map(|source| self.link(&source.dataset)), sources.len()));
        }
        Block::Paragraph(spans)
    }

    /// That nothing enters; where there is something that was not validated, with a link to its annex.
    pub(super) fn empty(&self) -> Block {
        if self.not_validated.is_empty() {
            return paragraph(self.none());
        }
        Block::Paragraph(vec![Span::link(self.say(words::NO_RECORD), "#annex-not-validated")])
    }

    /// A table of numbers of records, each with its records; and a picture of it, where wanted.
    pub(super) fn groups(&self, caption: Phrase, groups: &[Group<'_>], is_drawn: bool) -> Block {
        let row = |(label, sources): &Group<'_>| {
            let records = self.links(sources.iter().map(|source| self.link(&source.dataset)), sources.len());
            vec![plain(label), plain(sources.len().to_string()), records]
        };
        let table = Table {
            caption: self.say(caption).to_owned(),
            columns: vec![
                Column::text(self.say(words::WHAT), 3),
                Column::number(self.say(words::NUMBER), 2),
                Column::text(self.say(words::WHICH), 7),
            ],
            rows: groups.iter().map(row).collect(),
            has_row_heads: true,
        };
        if !is_drawn || groups.is_empty() {
            return Block::Table(table);
        }
        let drawn: Vec<Bar> = groups.iter().map(|(label, sources)| Bar { label: label.clone(), count: sources.len() as u64 }).collect();
        Block::Figure(Figure {
            caption: self.say(caption).to_owned(),
            alternative: drawn
                .iter()
                .map(|bar| format!("{}{}{}", bar.label, colon(self.language()), bar.count))
                .collect::<Vec<_>>()
                .join(self.separator()),
            svg: bars(self.say(caption), &drawn, self.language()),
            data: Some(table),
        })
    }

    /// The sources of each value of a list that has any, in the order of the list; those of none are not documented.
    pub(super) fn by<'s, V: Vocabulary>(&self, sources: &'s [Source], of: impl Fn(&Source) -> Option<V>) -> Vec<Group<'s>> {
        let having = |value: Option<V>| sources.iter().filter(|source| of(source) == value).collect::<Vec<_>>();
        let listed = V::ALL.iter().map(|value| (value.label(self.language()).to_owned(), having(Some(*value))));
        let silent = (self.say(words::NOT_DOCUMENTED).to_owned(), having(None));
        listed.chain([silent]).filter(|(_, sources)| !sources.is_empty()).collect()
    }

    /// Certainty of a record, and what was confirmed of it.
    pub(super) fn standing(&self, source: &Source) -> String {
        let validation = if source.validated_at.is_some() { words::VALIDATED } else { words::NOT_VALIDATED };
        let mut told = vec![source.dataset.certainty.label(self.language()), self.say(validation)];
        if source.reviewed_at.is_some() {
            told.push(self.say(words::REVIEWED));
        }
        told.join(self.separator())
    }

    /// A short table of records.
    pub(super) fn records(&self, caption: Phrase, sources: &[&Source]) -> Vec<Block> {
        let row = |source: &&Source| {
            vec![
                vec![self.link(&source.dataset)],
                source.dataset.producer.iter().map(|slug| self.link_institution(slug.as_str())).collect(),
                plain(source.version.to_string()),
                plain(self.standing(source)),
            ]
        };
        let table = Table {
            caption: self.say(caption).to_owned(),
            columns: vec![
                Column::text(self.say(words::TITLE_OF), 5),
                Column::text(self.say(words::INSTITUTION), 3),
                Column::number(self.say(words::VERSION), 2),
                Column::text(self.say(words::STANDING), 4),
            ],
            rows: sources.iter().take(MOST_ROWS).map(row).collect(),
            has_row_heads: true,
        };
        let mut blocks = vec![Block::Table(table)];
        if sources.len() > MOST_ROWS {
            blocks.push(paragraph(self.fill(words::LIST_IS_CUT, &[("n", (sources.len() - MOST_ROWS).to_string())])));
        }
        blocks
    }

    /// Entries of registers as text of people: those that were validated, or those that were not.
    pub(super) fn entries(&self, kinds: &[ReportRegister], is_validated: bool, keep: impl Fn(&RegisterEntry) -> bool) -> Vec<Block> {
        let day = self.question.until;
        let wanted = |entry: &&RegisterEntry| (entry.is_validated && !entry.is_left_out) == is_validated && keep(entry);
        let found = kinds.iter().flat_map(|kind| self.facts.of(*kind, day)).filter(wanted);
        found.map(|entry| Block::Human(self.human(entry))).collect()
    }

    pub(super) fn human(&self, entry: &RegisterEntry) -> HumanText {
        let mut who: Cell = Vec::new();
        for institution in entry.institution.iter().chain(&entry.agreed_by) {
            if !who.is_empty() {
                who.push(Span::text(self.separator()));
            }
            who.push(self.link_institution(institution.as_str()));
        }
        if who.is_empty() {
            who = plain(self.say(nobodys(entry)));
        }
        let words = [&entry.title, &entry.text].into_iter().filter(|text| !text.is_empty());
        let mut blocks: Vec<Block> = words.map(|text| Block::Paragraph(self.wording(text))).collect();
        for (name, text) in &entry.parts {
            let [en, fr, ar] = *name;
            let name = match self.language() {
                "fr" => fr,
                "ar" => ar,
                _ => en,
            };
            let mut spans = vec![Span::Strong(format!("{name}{}", colon(self.language())))];
            spans.extend(self.wording(text));
            blocks.push(Block::Paragraph(spans));
        }
        let named: Vec<Span> = entry.datasets.iter().map(|slug| self.link_slug(slug)).collect();
        if !named.is_empty() {
            let total = named.len();
            blocks.push(Block::Paragraph(self.links(named.into_iter(), total)));
        }
        let what = entry.kind.label(self.language()).to_owned();
        HumanText { what, who, on: self.dated(entry), is_validated: entry.is_validated, language: None, blocks }
    }

    /// The date of an entry. Of a training it is when it was given; of any other the day that the statement is of, as far as that is known, else
    /// that of its decision or registration.
    fn dated(&self, entry: &RegisterEntry) -> String {
        use ReportRegister as R;
        if entry.kind == R::Training {
            let bound = |date: Option<PartialDate>| date.map_or(Bound::Unknown, Bound::Date);
            // Of one day only the first is told.
            return self.when(bound(entry.on), bound(entry.until.or(entry.on)));
        }
        // Of these the day is that of what they tell of, not of their statement.
        let tells_of = matches!(entry.kind, R::Strategy | R::Profile | R::Invitation);
        let own = entry.on.filter(|_| !tells_of).map(|date| date.to_string());
        own.unwrap_or_else(|| Day(entry.said_on.unwrap_or(entry.registered_on)).to_string())
    }
}

/// Whether an entry says nothing without the records that it is on.
fn is_of_records(entry: &RegisterEntry) -> bool {
    (!entry.agreed_by.is_empty() || entry.kind == ReportRegister::Duplicate) && !entry.datasets.is_empty()
}

/// The chapter in which the words of an entry stand. What is on records has none where no record enters.
fn chapter_of(entry: &RegisterEntry, is_empty: bool) -> String {
    use ReportRegister as R;
    let anchor = match entry.kind {
        R::Comparison | R::Discrepancy | R::Duplicate if is_empty => "objective-1",
        R::Invitation => "consulted",
        R::Comparison => "agreed-comparability",
        R::Discrepancy => "differing-figures",
        R::Duplicate => "overlaps",
        R::NotCollected => "not-collected",
        R::Challenge | R::GoodPractice => "practice",
        R::Need | R::Offer | R::Training => "needs",
        R::NextStep => "next-steps",
        R::Strategy | R::Profile => {
            return entry.actions.first().map_or_else(|| "#objective-1".to_owned(), |letter| format!("#action-{letter}"));
        }
        R::FocalPoint | R::CrossCountryRequest | R::TableRelease => "objective-1",
    };
    format!("#{anchor}")
}

fn text_of(span: Span) -> String {
    match span {
        Span::Text(text) | Span::Strong(text) | Span::Link { text, .. } | Span::Foreign { text, .. } => text,
    }
}

/// Who speaks where an entry of a register names no institution.
pub(super) fn nobodys(entry: &RegisterEntry) -> words::Phrase {
    match entry.kind {
        _ if entry.stage.is_none() => words::NOT_DOCUMENTED,
        ReportRegister::CrossCountryRequest => words::A_MEMBER,
        _ => words::THE_COORDINATION,
    }
}
