//! The rows of `events`: one list of columns, from which the row, its builders and the table's schema come.
//!
//! A column's name is the record's field in snake case, the path joined with `_` (`user_identity_arn`); columns that
//! serve to follow sessions and that `CloudTrail` keeps deeper are named in the list below.
//! Source: AWS `CloudTrail` User Guide, "`CloudTrail` record contents", "`CloudTrail` userIdentity element".

mod kinds;
mod rows;

use std::borrow::Cow;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::Field;
use arrow::error::ArrowError;

use self::kinds::{Date, Flag, Json, Kind, RecordKey, Text, Time, Whole};
pub(crate) use self::rows::EventRows;
use crate::lake::schema;

macro_rules! columns {
    ($($name:ident: $kind:ident,)*) => {
        /// One row of `events`; text is borrowed from the record wherever it needs no change.
        #[derive(Debug, Default)]
        pub(crate) struct EventRow<'a> {
            $(pub(crate) $name: Option<<$kind as Kind>::Value<'a>>,)*
        }

        /// Rows, column by column.
        #[derive(Debug)]
        pub(crate) struct EventBuilders {
            $($name: <$kind as Kind>::Builder,)*
        }

        impl EventBuilders {
            /// Room for so many rows.
            pub(crate) fn with_capacity(rows: usize) -> Self {
                Self {
                    $($name: <$kind as Kind>::builder(rows),)*
                }
            }

            /// Adds a row.
            pub(crate) fn append(&mut self, row: &EventRow<'_>) {
                $(<$kind as Kind>::append(&mut self.$name, row.$name.as_ref());)*
            }

            fn arrays(&mut self) -> Vec<ArrayRef> {
                vec![$(<$kind as Kind>::finish(&mut self.$name),)*]
            }
        }

        /// The columns of `events`.
        pub(crate) fn fields() -> Vec<Field> {
            vec![$(Field::new(stringify!($name), $kind::data_type(), $kind::NULLABLE),)*]
        }
    };
}

columns! {
    record_key: RecordKey,
    event_id: Text,
    event_version: Text,
    event_time: Time,
    event_date: Date,
    event_source: Text,
    event_name: Text,
    event_type: Text,
    event_category: Text,
    aws_region: Text,
    recipient_account_id: Text,
    request_id: Text,
    shared_event_id: Text,
    api_version: Text,
    management_event: Flag,
    read_only: Flag,
    source_ip_address: Text,
    user_agent: Text,
    error_code: Text,
    error_message: Text,
    vpc_endpoint_id: Text,
    vpc_endpoint_account_id: Text,
    session_credential_from_console: Flag,
    user_identity_type: Text,
    user_identity_principal_id: Text,
    user_identity_arn: Text,
    user_identity_account_id: Text,
    user_identity_access_key_id: Text,
    user_identity_user_name: Text,
    user_identity_invoked_by: Text,
    user_identity_identity_provider: Text,
    user_identity_credential_id: Text,
    in_scope_of_source_arn: Text,
    in_scope_of_source_account: Text,
    in_scope_of_issuer_type: Text,
    in_scope_of_credentials_issued_to: Text,
    session_issuer_type: Text,
    session_issuer_user_name: Text,
    session_issuer_principal_id: Text,
    session_issuer_arn: Text,
    session_issuer_account_id: Text,
    session_creation_date: Time,
    session_mfa_authenticated: Flag,
    session_source_identity: Text,
    session_ec2_role_delivery: Text,
    session_federated_provider: Text,
    session_assumed_root: Flag,
    assumed_role_arn: Text,
    role_session_name: Text,
    assumed_role_id: Text,
    issued_access_key_id: Text,
    requested_source_identity: Text,
    web_identity_subject: Text,
    session_tags: Text,
    user_identity: Json,
    request_parameters: Json,
    response_elements: Json,
    additional_event_data: Json,
    resources: Json,
    service_event_details: Text,
    tls_details: Text,
    addendum: Text,
    extra: Text,
    source: Text,
    object_key: Text,
    record_index: Whole,
}

impl EventBuilders {
    /// The rows so far.
    ///
    /// # Errors
    /// None that input can cause: the builders are made from the same list as the schema.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(schema::events(), self.arrays())
    }
}

/// Text that a row holds.
pub(crate) type RowText<'a> = Cow<'a, str>;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use arrow::array::Array as _;

    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names: BTreeSet<String> = fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names.len(), fields().len());
    }

    #[test]
    fn an_empty_row_is_all_null_but_for_its_key() {
        let mut builders = EventBuilders::with_capacity(1);
        builders.append(&EventRow {
            record_key: Some(0xab),
            ..EventRow::default()
        });
        let batch = builders.finish().unwrap();
        assert_eq!(batch.num_rows(), 1);
        let filled: Vec<&str> = batch
            .schema_ref()
            .fields()
            .iter()
            .zip(batch.columns())
            .filter(|(_, column)| column.null_count() == 0)
            .map(|(field, _)| field.name().as_str())
            .collect();
        assert_eq!(filled, ["record_key"]);
    }
}
