//! Holdings and their access terms as an editor gives them.

use juniper::GraphQLInputObject;
use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{AccessLevel, HoldingRole, RequestChannel, StatementBasis};
use crate::graphql::scalars::PartialDate;

use super::part::{Part, input_object, inside, put};
use super::text::LocalizedStringInput;

input_object! {
    /// One institution's hold on a dataset, on its own terms. A finished record needs institution, role and terms.
    pub struct HoldingInput {
        /// Slug of the institution that holds the data.
        pub institution: Option<String>,
        /// The part that the institution has. An institution stands once in each role.
        pub role: Option<HoldingRole>,
        /// Terms on which the holder gives access.
        pub access_terms: Option<AccessTermsInput>,
        /// Files and services through which the data can be reached (dcat:Distribution).
        pub distributions: Option<Vec<DistributionInput>>,
    }
}

impl HoldingInput {
    /// The holding by itself as JSON of the record format, with what is wrong in it.
    pub fn into_record(self) -> (Map<String, Value>, Vec<Problem>) {
        let mut problems = Vec::new();
        (self.object("", &mut problems), problems)
    }
}

input_object! {
    /// Terms on which a holder gives access. The catalogue states them; it never grants access. A finished record needs
    /// both levels, the basis of each, and the channel; UNKNOWN where nobody has documented them.
    pub struct AccessTermsInput {
        /// Level for aggregates, that is tables and reports.
        pub aggregates: Option<AccessLevel>,
        /// Whether the level for aggregates was seen in a source or is assumed.
        pub aggregates_basis: Option<StatementBasis>,
        /// Level for microdata, that is records without names.
        pub microdata: Option<AccessLevel>,
        /// Whether the level for microdata was seen in a source or is assumed.
        pub microdata_basis: Option<StatementBasis>,
        /// Address of the licence: complete, http or https.
        pub licence: Option<String>,
        /// Conditions in words, by language.
        pub conditions: Option<Vec<LocalizedStringInput>>,
        /// Law or agreement on which sharing rests.
        pub legal_basis: Option<String>,
        /// Number of the data-protection decision, without its content.
        pub data_protection_reference: Option<String>,
        /// Who decides on a request, by language: a function or a committee, never a private person.
        pub decided_by: Option<Vec<LocalizedStringInput>>,
        /// Where a request goes.
        pub channel: Option<RequestChannel>,
        /// Address of the data or of the request form: complete, http or https. Needed where the channel is URL.
        pub channel_url: Option<String>,
        /// Fee in words, with its currency, by language.
        pub fee: Option<Vec<LocalizedStringInput>>,
        /// Usual time to a decision, in days, from 0.
        pub expected_days: Option<i32>,
        /// First day on which access is possible; a whole date, YYYY-MM-DD.
        pub embargo_until: Option<PartialDate>,
        /// Disclosure control applied to what is released, such as rounding, by language.
        pub disclosure_control: Option<Vec<LocalizedStringInput>>,
    }
}

/// A file or service through which the data can be reached (dcat:Distribution). A finished record needs its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, GraphQLInputObject)]
pub struct DistributionInput {
    /// Title, by language.
    pub title: Option<Vec<LocalizedStringInput>>,
    /// Format, such as CSV.
    pub format: Option<String>,
    /// Media type, such as text/csv.
    pub media_type: Option<String>,
    /// Address: complete, http or https, without a password.
    pub url: Option<String>,
    /// Size in bytes, in digits, as text because it may exceed the range of Int.
    pub byte_size: Option<String>,
    /// Checksum with the name of its method, such as `sha256:…`.
    pub checksum: Option<String>,
}

impl Part for DistributionInput {
    fn write(&self, path: &str, problems: &mut Vec<Problem>) -> Value {
        let mut object = Map::new();
        put(&mut object, "title", &self.title, path, problems);
        put(&mut object, "format", &self.format, path, problems);
        put(&mut object, "media_type", &self.media_type, path, problems);
        put(&mut object, "url", &self.url, path, problems);
        if let Some(size) = self.byte_size.as_deref().map(str::trim).filter(|size| !size.is_empty()) {
            let bytes = size.parse::<i64>().ok().filter(|bytes| *bytes >= 0);
            if bytes.is_none() {
                let remedy = "is not a number of bytes; use digits only, such as 1048576";
                problems.push(Problem::new(inside(path, "byteSize"), size, remedy));
            }
            object.insert("byteSize".to_owned(), bytes.map_or_else(|| Value::from(size), Value::from));
        }
        put(&mut object, "checksum", &self.checksum, path, problems);
        Value::Object(object)
    }
}
