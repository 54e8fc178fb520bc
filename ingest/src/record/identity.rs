//! `userIdentity` in, its columns out. What has no column, or another type than usual, is in the JSON text beside them.
//!
//! Source: AWS `CloudTrail` User Guide, "`CloudTrail` userIdentity element".

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{fit, text};
use crate::events::EventRow;
use crate::json::{self, Key};

/// Fills the columns that come from `userIdentity`, in one pass.
pub(super) fn place<'a>(row: &mut EventRow<'a>, user_identity: &'a str) {
    let mut deserializer = serde_json::Deserializer::from_str(user_identity);
    let members = Members {
        row,
        of: Part::Identity,
    };
    // What is no object has no columns.
    let _ = members.deserialize(&mut deserializer);
}

/// The objects of which members have columns.
#[derive(Debug, Clone, Copy)]
enum Part {
    Identity,
    InScopeOf,
    Session,
    Issuer,
    Attributes,
    Federation,
}

impl Part {
    /// The object that a member is, if members of it have columns.
    fn member(self, key: &str) -> Option<Self> {
        match (self, key) {
            (Self::Identity, "inScopeOf") => Some(Self::InScopeOf),
            (Self::Identity, "sessionContext") => Some(Self::Session),
            (Self::Session, "sessionIssuer") => Some(Self::Issuer),
            (Self::Session, "attributes") => Some(Self::Attributes),
            (Self::Session, "webIdFederationData") => Some(Self::Federation),
            _ => None,
        }
    }

    /// Puts a member into its column.
    fn place<'a>(self, row: &mut EventRow<'a>, key: &str, value: &'a str) {
        match self {
            Self::Identity => identity(row, key, value),
            Self::InScopeOf => scope(row, key, value),
            Self::Session => session(row, key, value),
            Self::Issuer => issuer(row, key, value),
            Self::Attributes => attributes(row, key, value),
            Self::Federation => federation(row, key, value),
        };
    }
}

/// The members of an object; of anything else none.
struct Members<'r, 'a> {
    row: &'r mut EventRow<'a>,
    of: Part,
}

impl<'a> DeserializeSeed<'a> for Members<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Members<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            if let Some(of) = self.of.member(&key) {
                let row = &mut *self.row;
                map.next_value_seed(Members { row, of })?;
            } else {
                let value: &'a RawValue = map.next_value()?;
                self.of.place(self.row, &key, value.get());
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

fn identity<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
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
        _ => true,
    }
}

/// What the credentials were issued to: a function, a task, an instance.
fn scope<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
    match key {
        "sourceArn" => text(&mut row.in_scope_of_source_arn, value),
        "sourceAccount" => text(&mut row.in_scope_of_source_account, value),
        "issuerType" => text(&mut row.in_scope_of_issuer_type, value),
        "credentialsIssuedTo" => text(&mut row.in_scope_of_credentials_issued_to, value),
        _ => true,
    }
}

fn session<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
    match key {
        "sourceIdentity" => text(&mut row.session_source_identity, value),
        "ec2RoleDelivery" => text(&mut row.session_ec2_role_delivery, value),
        "assumedRoot" => fit(&mut row.session_assumed_root, value, json::flag),
        _ => true,
    }
}

fn issuer<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
    match key {
        "type" => text(&mut row.session_issuer_type, value),
        "userName" => text(&mut row.session_issuer_user_name, value),
        "principalId" => text(&mut row.session_issuer_principal_id, value),
        "arn" => text(&mut row.session_issuer_arn, value),
        "accountId" => text(&mut row.session_issuer_account_id, value),
        _ => true,
    }
}

fn attributes<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
    match key {
        "creationDate" => fit(&mut row.session_creation_date, value, json::time),
        "mfaAuthenticated" => fit(&mut row.session_mfa_authenticated, value, json::flag),
        _ => true,
    }
}

fn federation<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
    match key {
        "federatedProvider" => text(&mut row.session_federated_provider, value),
        _ => true,
    }
}
