//! What AWS said when a call failed, for people and for decisions.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

/// The longest message that is passed on, in bytes: what a server says is not to be trusted.
const LONGEST_MESSAGE: usize = 500;

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message}")]
pub struct AwsFault {
    /// The action as IAM writes it, such as `s3:ListBucket`.
    pub operation: &'static str,
    /// The error's code, such as `AccessDenied`; none if no answer came.
    pub code: Option<String>,
    /// The HTTP status; none if no answer came.
    pub status: Option<u16>,
    /// What went wrong, without control characters.
    pub message: String,
    /// Whether no answer came for a reason that may pass: the connection broke, or it took too long.
    pub(crate) is_broken_off: bool,
}

impl AwsFault {
    /// Tells whether the caller lacks the permission.
    pub(crate) fn is_denied(&self) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        code.contains("AccessDenied")
            || code.contains("Unauthorized")
            || code.contains("NotAuthorized")
            || code == "Forbidden"
            || self.status == Some(403) && self.code.is_none()
    }

    /// Tells whether what was asked for does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        self.status == Some(404)
            || self
                .code
                .as_deref()
                .is_some_and(|code| code.starts_with("NoSuch") || code.contains("NotFound"))
    }

    /// Tells whether the same call may do later: the service is throttling, or at fault, or was not reached.
    pub(crate) fn is_passing(&self) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        let throttled = [
            "Throttl",
            "SlowDown",
            "TooManyRequests",
            "RequestLimitExceeded",
            "RequestTimeout",
        ];
        self.is_broken_off
            || matches!(self.status, Some(429 | 500 | 502..=599))
            || throttled.iter().any(|part| code.contains(part))
    }
}

/// What a failed call of the operation means.
pub(crate) fn fault<E>(
    operation: &'static str,
) -> impl FnOnce(SdkError<E, HttpResponse>) -> AwsFault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    move |error| {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let said = error.as_service_error().and_then(|error| {
            let meta = error.meta();
            Some(format!(
                "{}: {}",
                meta.code()?,
                meta.message().unwrap_or("no message")
            ))
        });
        let message = said.unwrap_or_else(|| chain(&error));
        AwsFault {
            operation,
            code: error
                .as_service_error()
                .and_then(|error| error.code())
                .map(str::to_owned),
            status,
            message: plain(&message),
            is_broken_off: match &error {
                SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
                SdkError::DispatchFailure(failure) => failure.is_io() || failure.is_timeout(),
                _ => false,
            },
        }
    }
}

/// The error with its causes.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

/// A text that can be shown: bounded, on one line.
fn plain(text: &str) -> String {
    let shown = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut plain = String::new();
    for letter in shown {
        if plain.len() + letter.len_utf8() > LONGEST_MESSAGE {
            plain.push('…');
            break;
        }
        plain.push(letter);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str, status: u16) -> AwsFault {
        AwsFault {
            operation: "s3:ListBucket",
            code: Some(code.to_owned()),
            status: Some(status),
            message: String::new(),
            is_broken_off: false,
        }
    }

    #[test]
    fn denials_absence_and_passing_faults_are_told_apart() {
        assert!(of("AccessDenied", 403).is_denied());
        assert!(of("UnauthorizedOperation", 403).is_denied());
        assert!(!of("ExpiredToken", 400).is_denied());
        assert!(of("NoSuchKey", 404).is_missing());
        assert!(of("SlowDown", 503).is_passing());
        assert!(of("ThrottlingException", 400).is_passing());
        assert!(!of("NoSuchBucket", 404).is_passing());
        assert!(!of("NotImplemented", 501).is_passing());
    }

    #[test]
    fn what_a_server_says_is_shown_on_one_line_and_cut() {
        assert_eq!(plain("a\u{1b}[31m\nb"), "a [31m b");
        assert!(plain(&"é".repeat(1000)).len() <= LONGEST_MESSAGE + '…'.len_utf8());
    }
}
