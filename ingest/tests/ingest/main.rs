//! The promise of the ingest, over whole trees of objects: of each record one row, whatever is broken, repeated,
//! killed or run twice at a time.

mod concurrency;
mod dedupe;
mod faults;
mod forms;
mod place;
mod repeat;
