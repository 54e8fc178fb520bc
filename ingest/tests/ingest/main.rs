//! The promise of the ingest, over whole trees of objects: of each record one row, whatever is broken, repeated,
//! killed or run twice at a time.

#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod dedupe;
#[cfg(test)]
mod envelopes;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod maintenance;
#[cfg(test)]
mod place;
#[cfg(test)]
mod repeat;
#[cfg(test)]
mod security_lake;
