//! The one place that reads the clock.
//!
//! Every library function that needs the time takes it as `now`, so that a run can be repeated.

use jiff::Timestamp;

/// The present instant, UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the binary reads the clock here and passes it on as `now`"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
