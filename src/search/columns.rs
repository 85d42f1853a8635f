//! The columns of one index segment in memory: a bitmap for each tag, plain arrays for dates and numbers.
//!
//! Tags: `t` theme, `a` reporting area, `o` origin, `d` destination, `b` breakdown released, `n` indicator,
//! `i` institution, `k` record kind, `s` source type, `f` frequency, `l` released level, `lm` level is a minimum,
//! `ag` aggregates access, `mi` microdata access, `ab` basis of the access statement, `c` certainty, `st` status,
//! `cs` collection status, `v` visibility. The value `-` stands for "not documented".

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use roaring::RoaringBitmap;
use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;

use crate::domain::time::PeriodWindow;

use super::order::SortOrder;

/// Columns of a segment; immutable, as the segment is.
pub struct Columns {
    /// Number of documents, deleted ones included.
    pub size: u32,
    tags: BTreeMap<String, RoaringBitmap>,
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
    title_ord: Vec<u32>,
    id_high: tantivy::columnar::Column<u64>,
    id_low: tantivy::columnar::Column<u64>,
    orders: [OnceLock<Vec<u32>>; 4],
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
            tags: read_tags(segment)?,
            start: days("start")?,
            end: days("end")?,
            due: days("due")?,
            updated: (0..size).map(|doc| updated.get_val(doc)).collect(),
            number: (0..size).map(|doc| u32::try_from(number.get_val(doc)).unwrap_or(u32::MAX)).collect(),
            title,
            titles: OnceLock::new(),
            periods: Mutex::default(),
            title_ord,
            id_high: fast.u64("id_high")?,
            id_low: fast.u64("id_low")?,
            orders: Default::default(),
        })
    }

    /// Records with a tag.
    pub fn tag(&self, tag: &str) -> Option<&RoaringBitmap> {
        self.tags.get(tag)
    }

    /// All tags of one kind with their records; the prefix is left out of the key.
    pub fn tags_of<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a RoaringBitmap)> {
        let from = format!("{prefix}:");
        let length = from.len();
        self.tags.range(from.clone()..).take_while(move |(tag, _)| tag.starts_with(&from)).map(move |(tag, docs)| (&tag[length..], docs))
    }

    /// Identifier of a document.
    pub fn id(&self, doc: u32) -> uuid::Uuid {
        let high = self.id_high.first(doc).unwrap_or(0);
        let low = self.id_low.first(doc).unwrap_or(0);
        uuid::Uuid::from_u64_pair(high, low)
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

    /// Documents in an order, computed at first use.
    pub fn in_order(&self, order: SortOrder) -> &[u32] {
        self.orders[order as usize].get_or_init(|| {
            let mut docs: Vec<u32> = (0..self.size).collect();
            let number = |doc: u32| self.number[doc as usize];
            match order {
                SortOrder::UpdatedAt => docs.sort_unstable_by_key(|doc| (std::cmp::Reverse(self.updated[*doc as usize]), number(*doc))),
                SortOrder::Title => docs.sort_unstable_by_key(|doc| (self.title_ord.get(*doc as usize).copied(), number(*doc))),
                SortOrder::PeriodStart => docs.sort_unstable_by_key(|doc| (std::cmp::Reverse(self.start[*doc as usize]), number(*doc))),
                SortOrder::PeriodEnd => docs.sort_unstable_by_key(|doc| (std::cmp::Reverse(self.end[*doc as usize]), number(*doc))),
            }
            docs
        })
    }
}

/// Records that match a period window for certain, and those that may.
pub type PeriodSets = (RoaringBitmap, RoaringBitmap);

/// All folded titles in the order of their numbers; none where the segment is damaged: then records sort by their number.
fn read_titles(column: &StrColumn) -> Option<Vec<Box<str>>> {
    let mut titles = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream().ok()?;
    while stream.advance() {
        titles.push(String::from_utf8_lossy(stream.key()).into());
    }
    Some(titles)
}

fn read_tags(segment: &SegmentReader) -> tantivy::Result<BTreeMap<String, RoaringBitmap>> {
    let Some(column) = segment.fast_fields().str("tags")? else {
        return Ok(BTreeMap::new());
    };
    let mut bitmaps = vec![RoaringBitmap::new(); column.num_terms()];
    for doc in 0..segment.max_doc() {
        for ord in column.term_ords(doc) {
            // Documents come in order, so that each append is at the end.
            if let Some(bitmap) = bitmaps.get_mut(ord as usize) {
                bitmap.insert(doc);
            }
        }
    }
    let mut tags = BTreeMap::new();
    let mut name = String::new();
    for (ord, bitmap) in bitmaps.into_iter().enumerate() {
        name.clear();
        if column.ord_to_str(ord as u64, &mut name)? {
            tags.insert(name.clone(), bitmap);
        }
    }
    Ok(tags)
}
