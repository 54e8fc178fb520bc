//! AWS STS: what a caller asks of it by itself. The `Assume*` records stand with the sessions they
//! open, in `session`.

use crate::call::Call;

/// `GetCallerIdentity`, which needs no permission.
pub(crate) fn get_caller_identity() -> Call {
    Call::read("sts.amazonaws.com", "GetCallerIdentity", "").without_action()
}
