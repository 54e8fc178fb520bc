//! The IAM policy language, the engine that decides requests, and the catalog of AWS actions.
//!
//! Bytes or values come in, values go out: no clock, no file, no network, no table format.
//! The modules in the order in which a review uses them:
//!
//! 1. [`arn`] and [`pattern`]: names, and the wildcards that stand for many of them.
//! 2. [`document`] and [`policy`]: what is written, and which policies bind a role; [`lint`]: what is
//!    odd about it.
//! 3. [`catalog`] and [`expand`]: which actions there are, and which ones a pattern means.
//! 4. [`event`] and [`outcome`]: which actions a recorded call needed, and whether it had them.
//! 5. [`evaluate`]: what becomes of one request of a role; [`simulate`]: of anybody, on anything.
//! 6. [`grant`]: what a role may do at all.
//! 7. [`containment`]: whether some policies allow no more than others.
//! 8. [`mod@trim`] and [`mod@minimise`]: a policy without what is not needed, and one for just what is.
//!
//! A question that the given facts do not settle is answered "undecided", with what it hangs on.

pub mod arn;
pub mod catalog;
pub mod containment;
pub mod document;
pub mod error;
pub mod evaluate;
pub mod event;
pub mod expand;
pub mod grant;
mod index;
#[cfg(test)]
mod laws;
pub mod lint;
pub mod minimise;
pub mod outcome;
pub mod pattern;
pub mod policy;
pub mod simulate;
pub mod trim;
