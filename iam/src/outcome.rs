//! Outcome of a recorded call: error code and message in, whether it was authorized out.
//!
//! Without an error the call succeeded. A call that failed for a reason that AWS checks after
//! authorization (throttled, not found, invalid) was authorized. A dry run that would have been
//! allowed was authorized, and nothing was done.
//! Sources: IAM User Guide, "Troubleshoot access denied error messages"; EC2 API Reference,
//! "Error codes" (`DryRunOperation`, `UnauthorizedOperation`, `AuthFailure`); AWS KMS API Reference
//! (`DryRunOperationException`); public records.
//!
//! Outcomes that only a response shows are not seen: a batch that denies some of its items
//! counts as succeeded.

/// What became of a recorded call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It was done.
    Succeeded,
    /// It was authorized, and failed.
    Failed,
    /// It was not authorized.
    Denied,
    /// It would have been authorized, and was not to be done.
    DryRun,
}

impl Outcome {
    /// The name in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Denied => "denied",
            Self::DryRun => "dry_run",
        }
    }
}

/// Parts of error codes, in lower case, that say that authorization failed.
const DENIED: [&str; 5] = [
    "accessdenied",
    "unauthorized",
    "notauthorized",
    "authorizationerror",
    "forbidden",
];

/// Whole error codes, in lower case, that say that the caller was not even known, so that
/// nothing was authorized. Source: IAM API Reference, "Common Errors".
const NOT_AUTHENTICATED: [&str; 15] = [
    "authfailure",
    "expiredtoken",
    "expiredtokenexception",
    "incompletesignature",
    "invalidaccesskeyid",
    "invalidclienttokenid",
    "invalidsignature",
    "invalidsignatureexception",
    "invalidtoken",
    "missingauthenticationtoken",
    "requestexpired",
    "requesttimetooskewed",
    "signaturedoesnotmatch",
    "tokenrefreshrequired",
    "unrecognizedclientexception",
];

/// A denial that a service passes on under a code of its own.
const DENIED_MESSAGE: &str = "not authorized to perform";

/// Tells what became of a call with this error code and message.
///
/// ```
/// use curtail_iam::outcome::{Outcome, outcome};
/// assert_eq!(outcome(None, None), Outcome::Succeeded);
/// assert_eq!(outcome(Some("Client.UnauthorizedOperation"), None), Outcome::Denied);
/// ```
#[must_use]
pub fn outcome(error_code: Option<&str>, error_message: Option<&str>) -> Outcome {
    let code = error_code.unwrap_or_default().trim();
    let message = error_message.unwrap_or_default();
    if code.is_empty() && message.is_empty() {
        return Outcome::Succeeded;
    }
    let code = code.to_ascii_lowercase();
    let code = code
        .strip_prefix("client.")
        .or_else(|| code.strip_prefix("server."))
        .unwrap_or(&code);
    if matches!(code, "dryrunoperation" | "dryrunoperationexception") {
        Outcome::DryRun
    } else if DENIED.iter().any(|part| code.contains(part)) && !is_sign_in(code, message)
        || NOT_AUTHENTICATED.contains(&code)
        || speaks_of_caller(message) && contains_ignore_case(message, DENIED_MESSAGE)
    {
        Outcome::Denied
    } else if code.is_empty() {
        Outcome::Succeeded
    } else {
        Outcome::Failed
    }
}

/// How a message begins that says what the caller itself may not do, in lower case. A message that only holds such
/// words may be about another principal, or may echo what the caller sent.
const OF_CALLER: [&str; 6] = [
    "user:",
    "user ",
    "principal:",
    "you are",
    "access denied",
    "accessdenied",
];

/// Whether the message is about the caller of the call.
pub(crate) fn speaks_of_caller(message: &str) -> bool {
    let start = message.trim_start().as_bytes();
    OF_CALLER.iter().any(|words| {
        start
            .get(..words.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(words.as_bytes()))
    })
}

/// Whether a user of an application failed to sign in, by a call that IAM had let through: Cognito has one code for both.
/// Source: Amazon Cognito API Reference, "Common Errors" (`NotAuthorizedException`).
fn is_sign_in(code: &str, message: &str) -> bool {
    let words = ["authoriz", "access denied", "permission"];
    code == "notauthorizedexception"
        && !message.is_empty()
        && !words.iter().any(|word| contains_ignore_case(message, word))
}

/// Tells whether `text` holds `part`, which is in lower case.
fn contains_ignore_case(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(code: &str) -> Outcome {
        outcome(Some(code), None)
    }

    #[test]
    fn no_error_is_success() {
        assert_eq!(outcome(None, None), Outcome::Succeeded);
        assert_eq!(outcome(Some(""), Some("")), Outcome::Succeeded);
    }

    #[test]
    fn throttled_and_missing_were_authorized() {
        for code in [
            "ThrottlingException",
            "Client.RequestLimitExceeded",
            "NoSuchKey",
            "ValidationException",
        ] {
            assert_eq!(of(code), Outcome::Failed, "{code}");
        }
    }

    #[test]
    fn denials_are_known_by_every_spelling() {
        for code in [
            "AccessDenied",
            "AccessDeniedException",
            "Client.UnauthorizedOperation",
            "UnauthorizedException",
            "ForbiddenException",
            "VpceAccessDenied",
            "NotAuthorizedException",
            "AuthorizationError",
            "Forbidden",
        ] {
            assert_eq!(of(code), Outcome::Denied, "{code}");
        }
    }

    #[test]
    fn a_caller_that_is_not_known_is_not_authorized() {
        assert_eq!(of("ExpiredToken"), Outcome::Denied);
        assert_eq!(of("Client.AuthFailure"), Outcome::Denied);
    }

    /// Symptom: a call that another principal's lack of a permission made fail, or whose parameters held the words of a
    /// denial, was no use of its action.
    #[test]
    fn a_message_about_somebody_else_or_an_echo_is_no_denial() {
        let build = "CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/build";
        assert_eq!(
            outcome(Some("InvalidInputException"), Some(build)),
            Outcome::Failed
        );
        let echo = "Value (User: x is not authorized to perform: ec2:DescribeVpcs) for parameter key is invalid.";
        assert_eq!(
            outcome(Some("Client.InvalidParameterValue"), Some(echo)),
            Outcome::Failed
        );
        let password = "Incorrect username or password.";
        assert_eq!(
            outcome(Some("NotAuthorizedException"), Some(password)),
            Outcome::Failed
        );
        assert_eq!(of("InvalidSignatureException"), Outcome::Denied);
    }

    #[test]
    fn a_dry_run_is_neither_use_nor_denial() {
        assert_eq!(of("Client.DryRunOperation"), Outcome::DryRun);
        assert_eq!(of("DryRunOperationException"), Outcome::DryRun);
    }

    #[test]
    fn a_denial_under_another_code_is_told_by_its_message() {
        let message =
            "User: arn:aws:iam::111122223333:user/a is not authorized to perform: iam:PassRole";
        assert_eq!(
            outcome(Some("ValidationException"), Some(message)),
            Outcome::Denied
        );
    }

    #[test]
    fn a_missing_resource_that_speaks_of_access_was_authorized() {
        let message = "Access denied. This Model is marked by provider as Legacy";
        assert_eq!(
            outcome(Some("ResourceNotFoundException"), Some(message)),
            Outcome::Failed
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(code in "\\PC{0,30}", message in "\\PC{0,60}") {
            let answer = outcome(Some(&code), Some(&message));
            prop_assert!(!answer.as_str().is_empty());
        }
    }
}
