//! Every view of `queries/` against its `.slt` file; one without such a file fails.

#[cfg(test)]
#[path = "queries/slt.rs"]
mod slt;
