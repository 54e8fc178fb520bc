//! `userIdentity` in, its columns out. What has no column, or another type than usual, is in the JSON text beside them.
//!
//! Source: AWS `CloudTrail` User Guide, "`CloudTrail` userIdentity element".

use super::{fit, text};
use crate::events::EventRow;
use crate::json::{self, each_if_any};

/// Fills the columns that come from `userIdentity`.
pub(super) fn place<'a>(row: &mut EventRow<'a>, user_identity: &'a str) {
    each_if_any(user_identity, |key, value| {
        match key {
            "type" => text(&mut row.user_identity_type, value),
            "principalId" => text(&mut row.user_identity_principal_id, value),
            "arn" => text(&mut row.user_identity_arn, value),
            "accountId" => text(&mut row.user_identity_account_id, value),
            "accessKeyId" => text(&mut row.user_identity_access_key_id, value),
            "userName" => text(&mut row.user_identity_user_name, value),
            "invokedBy" => text(&mut row.user_identity_invoked_by, value),
            "identityProvider" => text(&mut row.user_identity_identity_provider, value),
            "credentialId" => text(&mut row.user_identity_credential_id, value),
            "inScopeOf" => scope(row, value),
            "sessionContext" => session(row, value),
            _ => true,
        };
    });
}

/// What the credentials were issued to: a function, a task, an instance.
fn scope<'a>(row: &mut EventRow<'a>, in_scope_of: &'a str) -> bool {
    each_if_any(in_scope_of, |key, value| {
        match key {
            "sourceArn" => text(&mut row.in_scope_of_source_arn, value),
            "sourceAccount" => text(&mut row.in_scope_of_source_account, value),
            "issuerType" => text(&mut row.in_scope_of_issuer_type, value),
            "credentialsIssuedTo" => text(&mut row.in_scope_of_credentials_issued_to, value),
            _ => true,
        };
    });
    true
}

fn session<'a>(row: &mut EventRow<'a>, session_context: &'a str) -> bool {
    each_if_any(session_context, |key, value| {
        match key {
            "sessionIssuer" => issuer(row, value),
            "attributes" => attributes(row, value),
            "webIdFederationData" => federation(row, value),
            "sourceIdentity" => text(&mut row.session_source_identity, value),
            "ec2RoleDelivery" => text(&mut row.session_ec2_role_delivery, value),
            "assumedRoot" => fit(&mut row.session_assumed_root, value, json::flag),
            _ => true,
        };
    });
    true
}

fn issuer<'a>(row: &mut EventRow<'a>, session_issuer: &'a str) -> bool {
    each_if_any(session_issuer, |key, value| {
        match key {
            "type" => text(&mut row.session_issuer_type, value),
            "userName" => text(&mut row.session_issuer_user_name, value),
            "principalId" => text(&mut row.session_issuer_principal_id, value),
            "arn" => text(&mut row.session_issuer_arn, value),
            "accountId" => text(&mut row.session_issuer_account_id, value),
            _ => true,
        };
    });
    true
}

fn attributes<'a>(row: &mut EventRow<'a>, attributes: &'a str) -> bool {
    each_if_any(attributes, |key, value| {
        match key {
            "creationDate" => fit(&mut row.session_creation_date, value, json::time),
            "mfaAuthenticated" => fit(&mut row.session_mfa_authenticated, value, json::flag),
            _ => true,
        };
    });
    true
}

fn federation<'a>(row: &mut EventRow<'a>, web_id_federation_data: &'a str) -> bool {
    each_if_any(web_id_federation_data, |key, value| {
        if key == "federatedProvider" {
            text(&mut row.session_federated_provider, value);
        }
    });
    true
}
