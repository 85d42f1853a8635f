//! What was read, as it came: packed on its way in, and unpacked on its way out, a part at a time.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use flate2::Compression;
use flate2::write::{GzDecoder, GzEncoder};
use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;

use crate::domain::ids::{Slug, hex};
use crate::store::originals::{self, OriginalRow, PartRow};
use crate::store::{Conn, StoreError};

use super::super::drafts::Acting;
use super::super::{Catalogue, Error};
use super::may_read;

/// Packed bytes of a part.
const PART: usize = 1 << 18;
/// Packed bytes that are held; more of them go to a file of no name, which ends with the run.
const HELD: usize = 1 << 20;

/// What was read, as it came, on its way into the store.
pub struct Original {
    /// What is said of it. Its bytes are not here but in `packed`.
    about: OriginalRow,
    packed: Mutex<SpooledTempFile>,
}

impl Original {
    /// SHA-256 of the bytes as they came.
    pub fn hash(&self) -> &str {
        &self.about.hash
    }

    /// Packs what is read to its end.
    ///
    /// # Errors
    /// It cannot be read, or there is no room for it.
    pub fn pack(mut from: impl Read, media_type: &str, now: i64) -> io::Result<Self> {
        let (mut encoder, mut digest) = (GzEncoder::new(SpooledTempFile::new(HELD), Compression::fast()), Sha256::new());
        let (mut size, mut piece) = (0, vec![0; 1 << 16]);
        loop {
            let length = from.read(&mut piece)?;
            let read = piece.get(..length).unwrap_or_default();
            if read.is_empty() {
                break;
            }
            digest.update(read);
            encoder.write_all(read)?;
            size += length as i64;
        }
        let packed = Mutex::new(encoder.finish()?);
        let hash = hex(&digest.finalize());
        Ok(Self { about: OriginalRow { hash, media_type: media_type.to_owned(), size, bytes: Vec::new(), created_at: now }, packed })
    }

    /// Keeps it, unless it is kept already.
    ///
    /// # Errors
    /// A statement failed, or the packed file cannot be read.
    pub(super) fn keep(&self, conn: &mut Conn) -> Result<(), Error> {
        if originals::is_kept(conn, &self.about.hash).map_err(StoreError::from)? {
            return Ok(());
        }
        let internal = |error: io::Error| Error::Internal(error.into());
        let mut packed = self.packed.lock().unwrap_or_else(PoisonError::into_inner);
        packed.seek(SeekFrom::Start(0)).map_err(internal)?;
        let mut next = || {
            let mut bytes = Vec::new();
            Read::by_ref(&mut *packed).take(PART as u64).read_to_end(&mut bytes).map(|_| bytes).map_err(internal)
        };
        originals::insert(conn, &OriginalRow { bytes: next()?, ..self.about.clone() }).map_err(StoreError::from)?;
        for part in 1.. {
            let bytes = next()?;
            if bytes.is_empty() {
                break;
            }
            originals::insert_part(conn, &PartRow { hash: self.about.hash.clone(), part, bytes }).map_err(StoreError::from)?;
        }
        Ok(())
    }
}

/// What a record was read from, on its way out.
pub struct Kept {
    /// SHA-256 of it.
    pub hash: String,
    /// Its length in bytes.
    pub size: u64,
    /// The first part, until it is read.
    first: Option<Vec<u8>>,
    /// The part that comes next.
    part: i64,
    /// Bytes that went out.
    read: u64,
    unpacked: GzDecoder<Vec<u8>>,
}

impl Kept {
    /// What a record of an institution was read from; none where there is nothing of the kind for the actor.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn open(catalogue: &Catalogue, acting: Acting<'_>, institution: &Slug, hash: &str) -> Result<Option<Self>, Error> {
        if !may_read(acting, institution.as_str())? {
            return Ok(None);
        }
        let found = catalogue.db.read(|conn| {
            if !originals::is_of(conn, institution.as_str(), hash)? {
                return Ok(None);
            }
            originals::by_hash(conn, hash)
        })?;
        Ok(found.map(|row| Self {
            hash: row.hash,
            size: u64::try_from(row.size).unwrap_or_default(),
            first: Some(row.bytes),
            part: 1,
            read: 0,
            unpacked: GzDecoder::new(Vec::new()),
        }))
    }

    /// The bytes of the next part; none after the last.
    ///
    /// # Errors
    /// The database is unavailable, or a part is no longer there.
    pub fn next(&mut self, catalogue: &Catalogue) -> Result<Option<Vec<u8>>, Error> {
        let internal = |error: io::Error| Error::Internal(error.into());
        while self.read < self.size {
            let packed = match self.first.take() {
                Some(first) => first,
                None => {
                    let (hash, part) = (self.hash.as_str(), self.part);
                    self.part += 1;
                    let found = catalogue.db.read(|conn| originals::part(conn, hash, part))?;
                    found.ok_or_else(|| internal(io::ErrorKind::UnexpectedEof.into()))?
                }
            };
            self.unpacked.write_all(&packed).and_then(|()| self.unpacked.flush()).map_err(internal)?;
            let bytes = std::mem::take(self.unpacked.get_mut());
            if !bytes.is_empty() {
                self.read += bytes.len() as u64;
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_what_was_read_however_long() {
        for length in [0, 1, PART, 3 * HELD] {
            // Bytes that hardly become fewer.
            let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
            let mut draw = || {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                seed.to_le_bytes()[0]
            };
            let bytes: Vec<u8> = (0..length).map(|_| draw()).collect();
            let original = Original::pack(bytes.as_slice(), "text/plain", 1).expect("packed");
            assert_eq!((original.about.size, original.about.bytes.len()), (length as i64, 0));
            assert_eq!(original.hash(), hex(&Sha256::digest(&bytes)));
            let mut packed = original.packed.lock().expect("lock");
            packed.seek(SeekFrom::Start(0)).expect("seek");
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&mut *packed).read_to_end(&mut unpacked).expect("unpacked");
            assert!(unpacked == bytes, "{length}");
        }
    }
}
