//! Control characters in what a question carries: refused before anything is looked up or written, for PostgreSQL takes
//! no text with a NUL in it, and no text of the catalogue has such characters.

use juniper::{DefaultScalarValue, Definition, Document, InputValue, Selection, Variables};

use crate::domain::text::check_controls;

use super::limits::Refusal;

/// Looks through the values that came beside the document.
///
/// # Errors
/// The place of the first control character.
pub fn check_variables(variables: &Variables) -> Result<(), Refusal> {
    variables.iter().try_for_each(|(name, value)| check_value(value, &format!("variables.{name}")))
}

/// Looks through the values that stand in a document.
///
/// # Errors
/// The place of the first control character.
pub fn check_document(document: &Document<'_, DefaultScalarValue>) -> Result<(), Refusal> {
    for definition in document {
        match definition {
            Definition::Operation(operation) => {
                let given = operation.item.variables_definition.iter().flat_map(|list| &list.item.items);
                for (name, variable) in given {
                    if let Some(value) = &variable.default_value {
                        check_value(&value.item, &format!("${}", name.item))?;
                    }
                }
                check_selections(&operation.item.selection_set, "")?;
            }
            Definition::Fragment(fragment) => check_selections(&fragment.item.selection_set, fragment.item.name.item)?,
        }
    }
    Ok(())
}

fn check_selections(selections: &[Selection<'_, DefaultScalarValue>], path: &str) -> Result<(), Refusal> {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let field = &field.item;
                let path = if path.is_empty() { field.name.item.to_owned() } else { format!("{path}.{}", field.name.item) };
                for (name, value) in field.arguments.iter().flat_map(|list| &list.item.items) {
                    check_value(&value.item, &format!("{path}({})", name.item))?;
                }
                check_selections(field.selection_set.as_deref().unwrap_or_default(), &path)?;
            }
            Selection::InlineFragment(fragment) => check_selections(&fragment.item.selection_set, path)?,
            // Fragments are looked through where they are defined.
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

fn check_value(value: &InputValue<DefaultScalarValue>, path: &str) -> Result<(), Refusal> {
    match value {
        InputValue::Scalar(DefaultScalarValue::String(text)) => {
            check_controls(text).map_err(|remedy| Refusal { code: "BAD_INPUT", message: format!("`{path}` {remedy}") })
        }
        InputValue::List(members) => {
            members.iter().enumerate().try_for_each(|(index, member)| check_value(&member.item, &format!("{path}[{index}]")))
        }
        InputValue::Object(fields) => {
            fields.iter().try_for_each(|(name, member)| check_value(&member.item, &format!("{path}.{}", name.item)))
        }
        InputValue::Null | InputValue::Scalar(_) | InputValue::Enum(_) | InputValue::Variable(_) => Ok(()),
    }
}
