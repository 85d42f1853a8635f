//! DDI Codebook: 1.2.2 to 2.6 in, 2.5 and 2.6 out.
//!
//! Tolerant in: any order of elements, with or without a namespace, alone or in an OAI-PMH answer. Strict out: valid against the XSD.
//! The table of elements and fields is `docs/interop/ddi.md`.

mod access;
mod citation;
mod codes;
mod coverage;
pub mod dates;
mod marks;
mod method;
mod own;
pub mod places;
mod read;
pub(crate) mod residue;
mod restore;
pub mod spans;
mod studies;
mod terms;
mod variables;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use access::is_address;
pub(crate) use codes::{MORE_THAN_MODES, MORE_THAN_PANEL, NO_PANEL, frequency, modes_said, samplings_in, times_said, units_in};
pub(crate) use method::{assumed_source, blank as blank_methodology, says_only};
pub use read::read;
pub use terms::are_terms;
pub use write::{losses, write, write_elements};

/// A version of DDI Codebook that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 2.5, which most catalogues take.
    V25,
    /// 2.6.
    V26,
}

impl Version {
    /// The namespace.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::V25 => "ddi:codebook:2_5",
            Self::V26 => "ddi:codebook:2_6",
        }
    }

    fn number(self) -> &'static str {
        match self {
            Self::V25 => "2.5",
            Self::V26 => "2.6",
        }
    }

    fn schema(self) -> &'static str {
        match self {
            Self::V25 => "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd",
            Self::V26 => "https://ddialliance.org/Specification/DDI-Codebook/2.6/XMLSchema/codebook.xsd",
        }
    }
}

/// Agency of the identifiers that this registry gives, and type of the notes that only it reads.
pub(crate) const OWN: &str = "rihla";
