//! Variables of a data file as an editor gives them.

use super::part::input_object;
use super::text::LocalizedStringInput;

input_object! {
    /// A variable of a data file (DDI var): name, label and codes, never values of persons. A finished record needs
    /// its name.
    pub struct VariableInput {
        /// Data file that holds the variable.
        pub file: Option<String>,
        /// Name in the file.
        pub name: Option<String>,
        /// Label, by language.
        pub label: Option<Vec<LocalizedStringInput>>,
        /// Codes that the variable can take, with their labels (DDI catgry).
        pub categories: Option<Vec<CategoryInput>>,
    }
}

input_object! {
    /// One code of a variable.
    pub struct CategoryInput {
        /// The code as it stands in the file.
        pub code: Option<String>,
        /// Its label, by language.
        pub label: Option<Vec<LocalizedStringInput>>,
    }
}
