//! What a call that issues credentials asked for and got: the links from one session to the next.
//!
//! The access key that is issued here is the `accessKeyId` of the calls that follow.
//! Source: AWS Security Token Service API Reference, `AssumeRole`, `AssumeRoleWithWebIdentity`, `AssumeRoleWithSAML`,
//! `AssumeRoot`, `GetFederationToken`, `GetSessionToken`; IAM Roles Anywhere, `CreateSession`; Amazon Cognito,
//! `GetCredentialsForIdentity`; IAM Identity Center, `GetRoleCredentials`.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{as_it_stands, fit, text};
use crate::events::EventRow;
use crate::json::each_if_any;

/// Fills the columns of calls that issue credentials; of other calls they stay null.
pub(super) fn place(row: &mut EventRow<'_>) {
    if !row.event_name.as_deref().is_some_and(issues_credentials) {
        return;
    }
    if let Some(Cow::Borrowed(request)) = row.request_parameters {
        asked(row, request);
    }
    if let Some(Cow::Borrowed(response)) = row.response_elements {
        got(row, response);
    }
}

fn issues_credentials(event_name: &str) -> bool {
    event_name.starts_with("Assume")
        || matches!(
            event_name,
            "GetFederationToken"
                | "GetSessionToken"
                | "CreateSession"
                | "GetCredentialsForIdentity"
                | "GetRoleCredentials"
        )
}

fn asked<'a>(row: &mut EventRow<'a>, request_parameters: &'a str) {
    each_if_any(request_parameters, |key, value| {
        match key {
            "roleArn" => text(&mut row.assumed_role_arn, value),
            "roleSessionName" => text(&mut row.role_session_name, value),
            "sourceIdentity" => text(&mut row.requested_source_identity, value),
            "tags" => fit(&mut row.session_tags, value, as_it_stands),
            _ => true,
        };
    });
}

fn got<'a>(row: &mut EventRow<'a>, response_elements: &'a str) {
    each_if_any(response_elements, |key, value| match key {
        // IAM Roles Anywhere gives a list of one.
        "credentialSet" => {
            let listed: Vec<&'a RawValue> = serde_json::from_str(value).unwrap_or_default();
            if let Some(first) = listed.first() {
                of_session(row, first.get());
            }
        }
        _ => of_session_member(row, key, value),
    });
}

fn of_session<'a>(row: &mut EventRow<'a>, session: &'a str) {
    each_if_any(session, |key, value| of_session_member(row, key, value));
}

fn of_session_member<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) {
    match key {
        "subjectFromWebIdentityToken" => {
            text(&mut row.web_identity_subject, value);
        }
        "credentials" => member(&mut row.issued_access_key_id, value, "accessKeyId"),
        "assumedRoleUser" => member(&mut row.assumed_role_id, value, "assumedRoleId"),
        _ => {}
    }
}

fn member<'a>(column: &mut Option<Cow<'a, str>>, object: &'a str, wanted: &str) {
    each_if_any(object, |key, value| {
        if key == wanted {
            text(column, value);
        }
    });
}
