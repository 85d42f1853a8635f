//! Cursors: the place of a record in a result, not its rank, so that any depth costs the same.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::order::SortKey;

/// Place of a record: certain matches before possible ones, then the key, then the number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Whether the match is only possible.
    #[serde(rename = "p")]
    pub possible: bool,
    /// Key of the order.
    #[serde(rename = "k")]
    pub key: SortKey,
    /// Number of the record.
    #[serde(rename = "n")]
    pub number: u32,
    /// Marks the question that the cursor belongs to.
    #[serde(rename = "q")]
    pub question: u32,
}

impl Position {
    /// Which of two records comes first.
    pub fn compare(&self, other: &Self) -> std::cmp::Ordering {
        self.possible.cmp(&other.possible).then_with(|| self.key.compare(&other.key)).then_with(|| self.number.cmp(&other.number))
    }

    /// The opaque text given to the client.
    pub fn encode(&self) -> String {
        // A position is plain data; writing it cannot fail.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a cursor and checks that it belongs to the question.
    ///
    /// # Errors
    /// A sentence that names the remedy.
    pub fn decode(text: &str, question: u32) -> Result<Self, String> {
        let position: Self = (text.len() <= 1024)
            .then(|| URL_SAFE_NO_PAD.decode(text).ok())
            .flatten()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or("`after` is not a cursor of this catalogue; pass an `endCursor` as it was given")?;
        if position.question != question {
            return Err("`after` belongs to another question; start again without it when search, filter or order change".to_owned());
        }
        Ok(position)
    }
}
