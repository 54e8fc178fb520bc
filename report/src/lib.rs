//! The review of an analysis: [`Analysis`](curtail_analyze::Analysis) in, a page that its reader can act on out.
//!
//! In the order of the story:
//!
//! 1. [`diff`]: for each role, the trim of its policies, and the proof that it breaks nothing that was seen;
//! 2. [`review`]: the model of the review, built from the analysis, the catalog and those trims;
//! 3. [`render_markdown`], [`render_json`], [`render_html`]: three forms of that one model;
//! 4. [`write_review`]: the three forms and a file per policy change, put on disk atomically.
//!
//! INVARIANT: a review is a function of its input. Everything in it is sorted, and no clock is read.
//!
//! It does not query the lake, evaluate legitimacy or send anything.

pub mod diff;
mod error;
mod names;
pub mod options;
mod render;
pub mod review;
mod text;
mod write;

pub use error::Error;
pub use options::{ListLimits, Options};
pub use render::{render_html, render_json, render_markdown};
pub use review::{Review, build};
pub use write::write_review;

#[cfg(test)]
mod fixture;
