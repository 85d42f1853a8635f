//! A holding is not a dataset: several institutions may hold one dataset, each on its own terms.

use serde::{Deserialize, Serialize};

use super::ids::Slug;
use super::text::MultilingualText;
use super::vocabulary::{AccessLevel, HoldingRole, RequestChannel, StatementBasis, Vocabulary};

/// One institution's hold on a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Holding {
    /// Who holds it.
    pub institution: Slug,
    /// In which role.
    pub role: HoldingRole,
    /// On which terms.
    pub access_terms: AccessTerms,
    /// Files or services that can be reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distributions: Vec<Distribution>,
}

/// Terms on which a holder gives access. The catalogue states them; it never grants access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccessTerms {
    /// Level for aggregates (tables).
    pub aggregates: AccessLevel,
    /// Whether that level was seen in a source.
    pub aggregates_basis: StatementBasis,
    /// Level for microdata.
    pub microdata: AccessLevel,
    /// Whether that level was seen in a source.
    pub microdata_basis: StatementBasis,
    /// Licence, as a URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Conditions in words.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub conditions: MultilingualText,
    /// Law or agreement on which sharing rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// Number of the data-protection decision, without its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_protection_reference: Option<String>,
    /// Who decides on a request: a function or committee.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub decided_by: MultilingualText,
    /// Where a request goes.
    pub channel: RequestChannel,
    /// Address of the request form or of the data, for the channel URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_url: Option<String>,
    /// Fee in words.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub fee: MultilingualText,
    /// Usual time to a decision, in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_days: Option<i32>,
    /// First day on which access is possible, YYYY-MM-DD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo_until: Option<String>,
    /// Disclosure control applied, such as rounding.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub disclosure_control: MultilingualText,
}

impl AccessTerms {
    /// Both levels, each with its basis.
    pub fn statement(&self) -> AccessStatement {
        AccessStatement {
            aggregates: self.aggregates,
            aggregates_basis: self.aggregates_basis,
            microdata: self.microdata,
            microdata_basis: self.microdata_basis,
        }
    }

    /// The weaker of the two bases: a statement is quoted only where both levels were seen in a source.
    pub fn basis(&self) -> StatementBasis {
        self.statement().basis()
    }
}

/// What a holding says of access: the level for aggregates and the one for microdata, each with its basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessStatement {
    /// Level for aggregates.
    pub aggregates: AccessLevel,
    /// Whether that level was seen in a source.
    pub aggregates_basis: StatementBasis,
    /// Level for microdata.
    pub microdata: AccessLevel,
    /// Whether that level was seen in a source.
    pub microdata_basis: StatementBasis,
}

impl AccessStatement {
    /// The weaker of the two bases: a statement is quoted only where both levels were seen in a source.
    pub fn basis(self) -> StatementBasis {
        match (self.aggregates_basis, self.microdata_basis) {
            (StatementBasis::Quoted, StatementBasis::Quoted) => StatementBasis::Quoted,
            _ => StatementBasis::Assumed,
        }
    }

    /// The statement as one code, such as `OPEN/QUOTED/PUF/ASSUMED`.
    pub fn code(self) -> String {
        let levels = [self.aggregates.code(), self.aggregates_basis.code(), self.microdata.code(), self.microdata_basis.code()];
        levels.join("/")
    }

    /// Reads such a code.
    pub fn parse(code: &str) -> Option<Self> {
        let mut parts = code.split('/');
        let mut next = || parts.next();
        let (aggregates, aggregates_basis) = (AccessLevel::parse(next()?)?, StatementBasis::parse(next()?)?);
        let (microdata, microdata_basis) = (AccessLevel::parse(next()?)?, StatementBasis::parse(next()?)?);
        Some(Self { aggregates, aggregates_basis, microdata, microdata_basis })
    }
}

/// A file or service (dcat:Distribution).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Distribution {
    /// Title.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub title: MultilingualText,
    /// Format, such as CSV.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Media type, such as text/csv.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Address; http or https.
    pub url: String,
    /// Size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte_size: Option<i64>,
    /// Checksum, such as `sha256:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
}
