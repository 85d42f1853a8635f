//! Tests of DCAT, in and out.
