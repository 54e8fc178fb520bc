//! Sign-in to the console.
//!
//! Source: AWS Sign-In User Guide, "AWS Management Console sign-in events".

use serde_json::json;

use crate::call::Call;

/// `ConsoleLogin` after IAM Identity Center has let the user in.
pub(crate) fn console_login() -> Call {
    Call::write("signin.amazonaws.com", "ConsoleLogin", "")
        .without_action()
        .answering(json!({"ConsoleLogin": "Success"}))
        .adding(json!({"MobileVersion": "No", "MFAUsed": "No"}))
}
