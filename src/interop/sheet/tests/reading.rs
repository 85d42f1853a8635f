//! Files as people make them.
