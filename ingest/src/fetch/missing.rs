//! What AWS did not give: a fault in, a named part and its row out.

use serde_json::json;

use crate::snapshot::{Entry, Names};
use crate::{AwsFault, MissingPart};

/// The kind of the rows.
const KIND: &str = "missing_part";

/// Where a call was made, and what for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) account_id: &'a str,
    pub(super) part: &'a str,
    /// Empty for what has no region.
    pub(super) region: &'a str,
    /// The one thing that was asked for; empty if it was all of the part.
    pub(super) subject: &'a str,
}

impl Place<'_> {
    /// The part is missing because a call failed.
    pub(super) fn failed(self, fault: &AwsFault) -> MissingPart {
        let code = match &fault.code {
            Some(code) => code.as_str(),
            None if fault.message.contains("AccessDenied") => "AccessDenied",
            None => "NoAnswer",
        };
        self.because(fault.operation, code, &fault.message)
    }

    /// The part is missing because the answer was not what AWS documents.
    pub(super) fn unreadable(self, operation: &str, reason: &str) -> MissingPart {
        self.because(operation, "Unreadable", reason)
    }

    /// The part is missing for another reason.
    pub(super) fn because(self, operation: &str, code: &str, message: &str) -> MissingPart {
        MissingPart {
            account_id: self.account_id.to_owned(),
            part: self.part.to_owned(),
            region: self.region.to_owned(),
            subject: self.subject.to_owned(),
            operation: operation.to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }
}

/// The row of a missing part.
pub(super) fn entry(missing: &MissingPart) -> Entry {
    let document = json!({
        "Part": missing.part, "Region": missing.region, "Subject": missing.subject,
        "Operation": missing.operation, "Code": missing.code, "Message": missing.message,
    });
    let names = Names {
        id: format!("{}|{}|{}", missing.part, missing.region, missing.subject),
        arn: String::new(),
        name: missing.part.clone(),
    };
    Entry::named(KIND, &missing.account_id, names, document)
}
