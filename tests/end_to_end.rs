//! The binary as a user runs it, on real files: its standard output, exit code, tables and review.
//!
//! Each scene is a small organisation made for one point; `sample_review` runs the sample data.

#[cfg(test)]
#[path = "end_to_end/agents.rs"]
mod agents;
#[cfg(test)]
#[path = "end_to_end/bucket.rs"]
mod bucket;
#[cfg(test)]
#[path = "end_to_end/cloud_control.rs"]
mod cloud_control;
#[cfg(test)]
#[path = "end_to_end/digest_bucket.rs"]
mod digest_bucket;
#[cfg(test)]
#[path = "end_to_end/documents.rs"]
mod documents;
#[cfg(test)]
#[path = "end_to_end/exactly_once.rs"]
mod exactly_once;
#[cfg(test)]
#[path = "end_to_end/ingest.rs"]
mod ingest;
#[cfg(test)]
#[path = "end_to_end/lake.rs"]
mod lake;
#[cfg(test)]
#[path = "end_to_end/lookup_events.rs"]
mod lookup_events;
#[cfg(test)]
#[path = "end_to_end/map.rs"]
mod map;
#[cfg(test)]
#[path = "end_to_end/readers.rs"]
mod readers;
#[cfg(test)]
#[path = "end_to_end/sample_review.rs"]
mod sample_review;
#[cfg(test)]
#[path = "end_to_end/scene.rs"]
mod scene;
#[cfg(test)]
#[path = "end_to_end/servers.rs"]
mod servers;
#[cfg(test)]
#[path = "end_to_end/simulate.rs"]
mod simulate;
#[cfg(test)]
#[path = "end_to_end/snapshot_aws.rs"]
mod snapshot_aws;
#[cfg(test)]
#[path = "end_to_end/traps.rs"]
mod traps;
#[cfg(test)]
#[path = "end_to_end/usage.rs"]
mod usage;
#[cfg(test)]
#[path = "end_to_end/verify.rs"]
mod verify;
