//! Trying again for as long as it takes, within a bound.
//!
//! The SDK gives up after some attempts, and sooner where many calls fail at once. A run over many objects must slow
//! down there instead. Source: AWS Architecture Blog, "Exponential Backoff And Jitter".

use std::time::Duration;

use super::AwsFault;

/// The pauses between further attempts, in seconds: a service that throttles is given five minutes.
const PAUSES: [u64; 9] = [1, 2, 5, 10, 20, 30, 60, 90, 90];

/// The answer of a call that is made anew while what fails may pass.
///
/// # Errors
/// The last fault, if it does not pass or the pauses are used up.
pub(crate) async fn patiently<T, F>(mut call: impl FnMut() -> F) -> Result<T, AwsFault>
where
    F: Future<Output = Result<T, AwsFault>>,
{
    for pause in PAUSES {
        match call().await {
            Err(fault) if fault.is_passing() => {
                tracing::warn!(
                    operation = fault.operation,
                    "{fault}; trying again in {pause} s"
                );
                tokio::time::sleep(Duration::from_secs(pause)).await;
            }
            answer => return answer,
        }
    }
    call().await
}
