//! The index on disk and its present state in memory.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use tantivy::directory::{Directory, META_LOCK};
use tantivy::index::{SegmentComponent, SegmentId, SegmentMeta};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::domain::policy::Audience;

use super::analysis::GAP;
use super::bits::Bits;
use super::calendar::Remembered;
use super::columns::Columns;
use super::counters::Kept;
use super::document::Prepared;
use super::found::Found;

/// Changes with every change of the schema or of the analysis; an older index is built anew.
const FORMAT: u32 = 10;

/// Why the index did not answer.
#[derive(Debug)]
pub struct IndexError(pub String);

impl std::fmt::Display for IndexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the search index is unavailable: {}", self.0)
    }
}

impl std::error::Error for IndexError {}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Fields of the index.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    key: Field,
    /// Tokens of titles.
    pub title: Field,
    /// Tokens of labels.
    pub label: Field,
    /// Tokens of other texts.
    pub body: Field,
    /// Tokens of the places for which figures are released.
    pub area: Field,
    /// Whole words of titles.
    pub suggest: Field,
    tags: Field,
    id_high: Field,
    id_low: Field,
    number: Field,
    updated: Field,
    start: Field,
    end: Field,
    due: Field,
    calendar: Field,
    title_key: Field,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = |option| {
        TextOptions::default().set_indexing_options(TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(option))
    };
    let column = || TextOptions::default().set_fast("raw");
    let fields = Fields {
        key: builder.add_bytes_field("key", INDEXED),
        title: builder.add_text_field("title", text(IndexRecordOption::WithFreqsAndPositions)),
        label: builder.add_text_field("label", text(IndexRecordOption::WithFreqsAndPositions)),
        body: builder.add_text_field("body", text(IndexRecordOption::WithFreqsAndPositions)),
        area: builder.add_text_field("area", text(IndexRecordOption::Basic)),
        suggest: builder.add_text_field("suggest", text(IndexRecordOption::Basic)),
        tags: builder.add_text_field("tags", column()),
        id_high: builder.add_u64_field("id_high", FAST),
        id_low: builder.add_u64_field("id_low", FAST),
        number: builder.add_u64_field("number", FAST),
        updated: builder.add_i64_field("updated", FAST),
        start: builder.add_i64_field("start", FAST),
        end: builder.add_i64_field("end", FAST),
        due: builder.add_i64_field("due", FAST),
        calendar: builder.add_u64_field("calendar", FAST),
        title_key: builder.add_text_field("title_key", column()),
    };
    (builder.build(), fields)
}

/// A segment with what is alive and visible in it.
pub struct SegmentView {
    /// Columns.
    pub columns: Arc<Columns>,
    /// Documents that a visitor may find.
    pub public: Bits,
    /// Whether some documents are no longer there.
    pub has_deletes: bool,
    /// Counters of grids. The next snapshot has them too where the same records are alive in the segment.
    pub kept: Arc<Kept>,
    /// Numbers of records that one topic or place finds; the next snapshot has them as it has the counters.
    pub found: Arc<Found>,
}

/// What is known of a segment for the next snapshot. No record comes to life again, so that as many records are the same ones.
struct Known {
    columns: Arc<Columns>,
    alive: u32,
    kept: Arc<Kept>,
    found: Arc<Found>,
}

impl SegmentView {
    /// The documents to which a search must keep, where that is not all.
    pub fn alive(&self) -> Option<&Bits> {
        self.has_deletes.then_some(&self.public)
    }
}

/// The index at one moment; searches keep it until they are done.
pub struct Snapshot {
    /// Reader of the moment.
    pub searcher: Searcher,
    /// Segments, in the order of the reader's.
    pub segments: Vec<SegmentView>,
    /// Fields.
    pub fields: Fields,
    /// Last change that the snapshot contains.
    pub seq: i64,
    /// Number of records that a visitor may find.
    pub public_total: u64,
    /// The plans that were asked for last.
    pub(super) plans: Remembered,
}

impl Snapshot {
    /// Number of records with a tag.
    pub fn count(&self, prefix: &str, code: &str) -> u64 {
        self.segments.iter().filter_map(|view| Some(view.columns.tag(prefix, code)?.len_within(&view.public))).sum()
    }
}

impl Snapshot {
    /// Codes of one kind of tag that records have, in the order of the alphabet; what is not documented is none.
    pub fn values(&self, prefix: &str) -> Vec<String> {
        let kinds = self.segments.iter().filter_map(|view| Some((view.columns.kind(prefix)?, &view.public)));
        let known = kinds.flat_map(|(kind, public)| kind.iter().filter(|(_, docs)| docs.len_within(public) > 0));
        let mut values: Vec<String> = known.map(|(code, _)| code.to_string()).filter(|code| code != "-").collect();
        values.sort_unstable();
        values.dedup();
        values
    }
}

/// The index: one writer, any number of readers.
pub struct Index {
    index: tantivy::Index,
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    known: Mutex<HashMap<SegmentId, Known>>,
    snapshot: RwLock<Arc<Snapshot>>,
    writer_memory: usize,
}

/// Folder of the index of an audience inside the data folder.
pub fn folder(data_dir: &Path, audience: Audience) -> PathBuf {
    let suffix = match audience {
        Audience::Public => "",
        Audience::Members => "-members",
        Audience::Coordination => "-coordination",
    };
    data_dir.join(format!("index-v{FORMAT}{suffix}"))
}

/// Removes the indexes that earlier versions of the program kept in other formats; they hold words of records, hidden ones too.
///
/// # Errors
/// The folder cannot be read, or one of them cannot be removed.
pub fn remove_former(data_dir: &Path) -> std::io::Result<()> {
    let present = format!("index-v{FORMAT}");
    for entry in std::fs::read_dir(data_dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_present = name == present || name.strip_prefix(&present).is_some_and(|rest| rest.starts_with('-'));
        if path.is_dir() && name.starts_with("index-v") && !is_present {
            std::fs::remove_dir_all(&path)?;
        }
    }
    Ok(())
}

impl Index {
    /// Opens the index, or makes an empty one. The writer is taken at the first write. Every file is compared with its checksum first: a damaged
    /// one may be readable all the same, and would then give wrong answers.
    ///
    /// # Errors
    /// The folder cannot be read or is damaged.
    pub fn open(folder: &Path, writer_memory: usize) -> Result<Self, IndexError> {
        // What no checksum covers may be damaged too, and the library does not always say so in an error.
        catch_unwind(AssertUnwindSafe(|| Self::open_whole(folder, writer_memory)))
            .unwrap_or_else(|_| Err(IndexError("its files are damaged and cannot be read".to_owned())))
    }

    fn open_whole(folder: &Path, writer_memory: usize) -> Result<Self, IndexError> {
        std::fs::create_dir_all(folder)?;
        let (schema, fields) = schema();
        let directory = tantivy::directory::MmapDirectory::open(folder).map_err(|e| IndexError(e.to_string()))?;
        let index = tantivy::Index::open_or_create(directory, schema)?;
        compare_checksums(&index)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let known = Mutex::new(HashMap::new());
        let snapshot = take_snapshot(&index, &reader, fields, &known)?;
        Ok(Self { index, fields, reader, writer: Mutex::new(None), known, snapshot: RwLock::new(Arc::new(snapshot)), writer_memory })
    }

    /// The present state.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Writes records, removes others, and marks the changes up to `seq` as seen, all or nothing.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn apply(&self, records: impl IntoIterator<Item = Prepared>, removed: &[uuid::Uuid], seq: i64) -> Result<(), IndexError> {
        let mut slot = self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let writer = match &mut *slot {
            Some(writer) => writer,
            empty => empty.insert(self.index.writer_with_num_threads(1, self.writer_memory)?),
        };
        let written = self.write(writer, records, removed, seq);
        if written.is_err() {
            // A failed writer is given up; the next write opens a new one and replays.
            *slot = None;
        }
        drop(slot);
        written?;
        self.refresh()
    }

    fn write(
        &self,
        writer: &mut IndexWriter,
        records: impl IntoIterator<Item = Prepared>,
        removed: &[uuid::Uuid],
        seq: i64,
    ) -> Result<(), IndexError> {
        for id in removed {
            writer.delete_term(Term::from_field_bytes(self.fields.key, id.as_bytes()));
        }
        for record in records {
            writer.delete_term(Term::from_field_bytes(self.fields.key, record.id.as_bytes()));
            writer.add_document(self.document(record))?;
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&seq.to_string());
        commit.commit()?;
        if !removed.is_empty() {
            // Words of records that are no longer found would still weigh in scores until their segment is merged.
            let segments = self.index.searchable_segments()?;
            let with_removed: Vec<SegmentId> = segments.iter().filter(|s| s.meta().has_deletes()).map(|s| s.id()).collect();
            if !with_removed.is_empty() {
                writer.merge(&with_removed).wait()?;
            }
        }
        Ok(())
    }

    fn document(&self, record: Prepared) -> TantivyDocument {
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        let (high, low) = record.id.as_u64_pair();
        document.add_bytes(fields.key, record.id.as_bytes());
        for (field, line) in [(fields.title, &record.title), (fields.label, &record.label), (fields.body, &record.body)] {
            // Each text is a value of its own: there is a place left free between two of them, so that no phrase is found across.
            line.split(GAP).filter(|text| !text.is_empty()).for_each(|text| document.add_text(field, text));
        }
        document.add_text(fields.area, record.area);
        document.add_text(fields.suggest, record.suggest);
        document.add_text(fields.title_key, record.title_key);
        for tag in record.tags {
            document.add_text(fields.tags, tag);
        }
        for mark in record.calendar {
            document.add_u64(fields.calendar, mark);
        }
        document.add_u64(fields.id_high, high);
        document.add_u64(fields.id_low, low);
        document.add_u64(fields.number, record.number.unsigned_abs());
        for (field, value) in
            [(fields.updated, record.updated_at), (fields.start, record.start), (fields.end, record.end), (fields.due, record.due)]
        {
            document.add_i64(field, value);
        }
        document
    }

    /// Shows what was written to searches that start from now on.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn refresh(&self) -> Result<(), IndexError> {
        self.reader.reload()?;
        let fresh = take_snapshot(&self.index, &self.reader, self.fields, &self.known)?;
        *self.snapshot.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    /// Waits for merges in the background and gives the writer back.
    ///
    /// # Errors
    /// A merge failed.
    pub fn close(&self) -> Result<(), IndexError> {
        let writer = self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        writer.map_or(Ok(()), |writer| writer.wait_merging_threads().map_err(IndexError::from))
    }

    /// Size of the index on disk, in bytes.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn bytes(&self) -> Result<u64, IndexError> {
        Ok(self.reader.searcher().space_usage()?.total().get_bytes())
    }
}

/// Compares the files of every segment with the checksums that were written with them. It asks for the files that a segment must have, and not for
/// those that the library lists: that list may be damaged itself.
fn compare_checksums(index: &tantivy::Index) -> Result<(), IndexError> {
    let directory = index.directory();
    // A server beside may otherwise remove a file of a segment between the list and the look at it.
    let _files_stay = directory.acquire_lock(&META_LOCK).map_err(|e| IndexError(e.to_string()))?;
    let mut damaged = Vec::new();
    for path in index.searchable_segment_metas()?.iter().flat_map(files) {
        // A file that is missing or cut off is damaged as well.
        if !directory.validate_checksum(&path).unwrap_or(false) {
            damaged.push(path.display().to_string());
        }
    }
    match damaged.len() {
        0 => Ok(()),
        _ => Err(IndexError(format!("it is damaged: {} does not agree with its checksum", damaged.join(", ")))),
    }
}

/// The files of a segment.
fn files(segment: &SegmentMeta) -> Vec<PathBuf> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let always = [Postings, Positions, Terms, FieldNorms, FastFields, Store];
    let all = always.into_iter().chain(segment.has_deletes().then_some(Delete));
    all.map(|component| segment.relative_path(component)).collect()
}

fn take_snapshot(
    index: &tantivy::Index,
    reader: &IndexReader,
    fields: Fields,
    known: &Mutex<HashMap<SegmentId, Known>>,
) -> Result<Snapshot, IndexError> {
    let searcher = reader.searcher();
    let payload = index.load_metas()?.payload;
    let seq = payload.and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut known = known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut still_known = HashMap::new();
    let mut segments = Vec::new();
    for segment in searcher.segment_readers() {
        let id = segment.segment_id();
        let before = known.get(&id);
        let columns = match before {
            Some(before) => before.columns.clone(),
            None => Arc::new(Columns::read(segment)?),
        };
        let alive = segment.num_docs();
        let same = before.filter(|before| before.alive == alive);
        let (kept, found) = same.map(|before| (before.kept.clone(), before.found.clone())).unwrap_or_default();
        still_known.insert(id, Known { columns: columns.clone(), alive, kept: kept.clone(), found: found.clone() });
        // Records that the audience may not find are not in its index at all.
        let has_deletes = segment.has_deletes();
        let mut public = if has_deletes { Bits::empty(segment.max_doc()) } else { Bits::full(segment.max_doc()) };
        if has_deletes {
            segment.doc_ids_alive().for_each(|doc| public.insert(doc));
        }
        segments.push(SegmentView { columns, public, has_deletes, kept, found });
    }
    *known = still_known;
    let public_total = segments.iter().map(|segment| segment.public.len()).sum();
    Ok(Snapshot { searcher, segments, fields, seq, public_total, plans: Remembered::default() })
}
