//! Warnings before the end of an agreement.
