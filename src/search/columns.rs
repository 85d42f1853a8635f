//! The columns of one index segment in memory: the documents of each tag, the values of each facet, plain arrays for dates and numbers.
//!
//! Tags: `t` theme, `a` reporting area, `o` origin, `d` destination, `b` breakdown released, `n` indicator,
//! `i` institution, `k` record kind, `s` source type, `f` frequency, `l` released level, `lm` level is a minimum,
//! `ag` aggregates access, `mi` microdata access, `ab` basis of the access statement, `as` the access statement of a holding, `c` certainty, `st` status,
//! `cs` collection status, `v` visibility, `hp` period hidden from the reader, `cb` breakdown collected, `cl` collected level, `p` population,
//! `x` number of published figures that do not agree. The value `-` stands for "not documented".

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;
use tantivy::error::DataCorruption;

use crate::domain::time::PeriodWindow;
use crate::domain::vocabulary::Vocabulary;

use super::bits::{Bits, Tagged};
use super::calendar::Dates;
use super::facets::{DatasetFacet, FacetColumn};
use super::grid::Standings;
use super::order::SortOrder;

/// The tags of one kind: code → documents.
pub type Kind = HashMap<Box<str>, Tagged>;

/// Values of the coverage grid whose documents are remembered in a segment.
const MOST_STANDINGS: usize = 128;

/// Columns of a segment; immutable, as the segment is.
pub struct Columns {
    /// Number of documents, deleted ones included.
    pub size: u32,
    kinds: HashMap<Box<str>, Kind>,
    facets: Vec<OnceLock<Option<FacetColumn>>>,
    /// First day of the reference period, `i32::MIN` where not documented.
    pub start: Vec<i32>,
    /// Last day of the reference period, `i32::MIN` where not documented.
    pub end: Vec<i32>,
    /// Day on which the review is due.
    pub due: Vec<i32>,
    /// Last write, milliseconds from 1970-01-01 UTC.
    pub updated: Vec<i64>,
    /// Number in the order of creation.
    pub number: Vec<u32>,
    title: Option<StrColumn>,
    titles: OnceLock<Vec<Box<str>>>,
    periods: Mutex<HashMap<PeriodWindow, Arc<PeriodSets>>>,
    standings: Mutex<HashMap<Box<str>, Arc<Standings>>>,
    title_ord: Vec<u32>,
    id_high: tantivy::columnar::Column<u64>,
    id_low: tantivy::columnar::Column<u64>,
    calendar: Option<tantivy::columnar::Column<u64>>,
    dates: OnceLock<Dates>,
    orders: [OnceLock<Vec<u32>>; 5],
}

fn day(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MIN)
}

impl Columns {
    /// Reads the columns of a segment.
    ///
    /// # Errors
    /// The segment is damaged.
    pub fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let size = segment.max_doc();
        let fast = segment.fast_fields();
        let (id_high, id_low) = (fast.u64("id_high")?, fast.u64("id_low")?);
        // The number of documents stands in a file without a checksum; every document has an identifier.
        if id_high.num_docs() != size || id_low.num_docs() != size {
            let told = format!("{size} documents are listed, {} are there", id_high.num_docs());
            return Err(tantivy::TantivyError::DataCorruption(DataCorruption::comment_only(told)));
        }
        let days = |name: &str| -> tantivy::Result<Vec<i32>> {
            let column = fast.i64(name)?.first_or_default_col(super::document::NOT_DOCUMENTED);
            Ok((0..size).map(|doc| day(column.get_val(doc))).collect())
        };
        let updated = fast.i64("updated")?.first_or_default_col(0);
        let number = fast.u64("number")?.first_or_default_col(0);
        let title = fast.str("title_key")?;
        let title_ord = title
            .as_ref()
            .map_or_else(Vec::new, |column| (0..size).map(|doc| column.term_ords(doc).next().map_or(u32::MAX, |ord| ord as u32)).collect());
        Ok(Self {
            size,
            kinds: read_tags(segment)?,
            facets: DatasetFacet::ALL.iter().map(|_| OnceLock::new()).collect(),
            start: days("start")?,
            end: days("end")?,
            due: days("due")?,
            updated: (0..size).map(|doc| updated.get_val(doc)).collect(),
            number: (0..size).map(|doc| u32::try_from(number.get_val(doc)).unwrap_or(u32::MAX)).collect(),
            title,
            titles: OnceLock::new(),
            periods: Mutex::default(),
            standings: Mutex::default(),
            title_ord,
            id_high,
            id_low,
            calendar: fast.column_opt("calendar")?,
            dates: OnceLock::new(),
            orders: Default::default(),
        })
    }

    /// The tags of one kind.
    pub fn kind(&self, prefix: &str) -> Option<&Kind> {
        self.kinds.get(prefix)
    }

    /// Documents with a tag.
    pub fn tag(&self, prefix: &str, code: &str) -> Option<&Tagged> {
        self.kind(prefix)?.get(code)
    }

    /// The values of a facet by document, made at first use; none where there are too many values for it.
    pub fn facet(&self, facet: DatasetFacet) -> Option<&FacetColumn> {
        let made = || FacetColumn::new(self.size, self.kind(facet.prefix()));
        self.facets.get(facet as usize)?.get_or_init(made).as_ref()
    }

    /// Identifier of a document.
    pub fn id(&self, doc: u32) -> uuid::Uuid {
        let high = self.id_high.first(doc).unwrap_or(0);
        let low = self.id_low.first(doc).unwrap_or(0);
        uuid::Uuid::from_u64_pair(high, low)
    }

    /// Dates of the documents that stand in the calendar, put in order at first use.
    pub fn dates(&self) -> &Dates {
        self.dates.get_or_init(|| Dates::new(self.calendar.as_ref(), &self.number))
    }

    /// Folded title of a document. The titles are read at the first question for one.
    pub fn title_key(&self, doc: u32) -> &str {
        let titles =
            self.titles.get_or_init(|| self.title.as_ref().map_or_else(Vec::new, |column| read_titles(column).unwrap_or_default()));
        self.title_ord.get(doc as usize).and_then(|ord| titles.get(*ord as usize)).map_or("", |title| title)
    }

    /// What a period window matches: computed once for each window that is asked for often enough to be remembered.
    pub fn period(&self, window: &PeriodWindow, compute: impl FnOnce() -> PeriodSets) -> Arc<PeriodSets> {
        let remembered = || self.periods.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = remembered().get(window) {
            return known.clone();
        }
        let sets = Arc::new(compute());
        let mut periods = remembered();
        if periods.len() >= 128 {
            periods.clear();
        }
        periods.insert(*window, sets.clone());
        sets
    }

    /// How the documents stand to a value of the coverage grid: computed once for each value that is asked for often enough to be
    /// remembered.
    pub fn standings(&self, name: &str, compute: impl FnOnce() -> Standings) -> Arc<Standings> {
        let remembered = || self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = remembered().get(name) {
            return known.clone();
        }
        let sets = Arc::new(compute());
        let mut standings = remembered();
        if standings.len() >= MOST_STANDINGS {
            standings.clear();
        }
        standings.insert(name.into(), sets.clone());
        sets
    }

    /// Documents in an order, computed at first use.
    pub fn in_order(&self, order: SortOrder) -> &[u32] {
        self.orders[order as usize].get_or_init(|| {
            let mut docs: Vec<u32> = (0..self.size).collect();
            let number = |doc: u32| self.number[doc as usize];
            match order {
                SortOrder::UpdatedAt => docs.sort_unstable_by_key(|doc| (std::cmp::Reverse(self.updated[*doc as usize]), number(*doc))),
                SortOrder::Title => docs.sort_unstable_by_key(|doc| (self.title_ord.get(*doc as usize).copied(), number(*doc))),
                SortOrder::PeriodStart => docs.sort_unstable_by_key(|doc| (std::cmp::Reverse(self.start[*doc as usize]), number(*doc))),
                SortOrder::Created => docs.sort_unstable_by_key(|doc| number(*doc)),
                SortOrder::PeriodEnd => docs.sort_unstable_by_key(|doc| (std::cmp::Reverse(self.end[*doc as usize]), number(*doc))),
            }
            docs
        })
    }
}

/// Records that match a period window for certain, and those that may.
pub type PeriodSets = (Bits, Bits);

/// All folded titles in the order of their numbers; none where the segment is damaged: then records sort by their number.
fn read_titles(column: &StrColumn) -> Option<Vec<Box<str>>> {
    let mut titles = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream().ok()?;
    while stream.advance() {
        titles.push(String::from_utf8_lossy(stream.key()).into());
    }
    Some(titles)
}

fn read_tags(segment: &SegmentReader) -> tantivy::Result<HashMap<Box<str>, Kind>> {
    let Some(column) = segment.fast_fields().str("tags")? else {
        return Ok(HashMap::new());
    };
    let size = segment.max_doc();
    let mut tagged: Vec<Tagged> = (0..column.num_terms()).map(|_| Tagged::Few(Vec::new())).collect();
    for doc in 0..size {
        for ord in column.term_ords(doc) {
            if let Some(docs) = tagged.get_mut(ord as usize) {
                docs.push(doc, size);
            }
        }
    }
    let mut kinds: HashMap<Box<str>, Kind> = HashMap::new();
    let mut names = column.dictionary().stream()?;
    for mut docs in tagged {
        docs.close();
        let name = if names.advance() { names.key() } else { &[] };
        if let Some((prefix, code)) = std::str::from_utf8(name).ok().and_then(|name| name.split_once(':')) {
            kinds.entry(prefix.into()).or_default().insert(code.into(), docs);
        }
    }
    Ok(kinds)
}
