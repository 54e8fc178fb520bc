//! The `Principal` or `NotPrincipal` element: its JSON in, lists by kind out.
//!
//! `"*"` and `{"AWS": "*"}` are the same: everyone, also anonymous callers. All other values keep
//! the text as written; what they stand for is told by who compares them.
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "… `NotPrincipal`".

use serde_json::Value;

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum PrincipalElement {
    /// The element is missing, as in identity policies.
    #[default]
    Absent,
    /// Those that are listed.
    Principal(Principals),
    /// All but those that are listed.
    NotPrincipal(Principals),
}

impl PrincipalElement {
    /// The listed principals, whichever way they count.
    #[must_use]
    pub fn listed(&self) -> Option<&Principals> {
        match self {
            Self::Absent => None,
            Self::Principal(listed) | Self::NotPrincipal(listed) => Some(listed),
        }
    }
}

/// Principals by kind, each list in the order given. Several, also of several kinds, are an "or".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Principals {
    /// `"*"`, or a `*` in the list of `AWS`: everyone. That `*` is not in `aws`.
    pub everyone: bool,
    /// Account ids and ARNs of accounts, users, roles and sessions, as written.
    pub aws: Vec<String>,
    /// Service principals such as `lambda.amazonaws.com`, as written.
    pub service: Vec<String>,
    /// Identity providers: ARNs, or names such as `accounts.google.com`, as written.
    pub federated: Vec<String>,
    /// Canonical user ids of S3, as written.
    pub canonical_user: Vec<String>,
}

impl Principals {
    /// Reads an element whose form is checked already; what is no text is left out.
    pub(super) fn read(given: &Value) -> Self {
        let list = |kind: &str| texts(given.get(kind));
        let mut aws = list("AWS");
        let listed = aws.len();
        aws.retain(|principal| principal != "*");
        Self {
            everyone: given.as_str() == Some("*") || aws.len() < listed,
            aws,
            service: list("Service"),
            federated: list("Federated"),
            canonical_user: list("CanonicalUser"),
        }
    }
}

fn texts(given: Option<&Value>) -> Vec<String> {
    let one_or_list = match given {
        None => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(single) => std::slice::from_ref(single),
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    one_or_list.iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_star_and_a_star_of_aws_are_everyone() {
        assert_eq!(
            Principals::read(&json!("*")),
            Principals::read(&json!({"AWS": "*"}))
        );
        assert!(Principals::read(&json!({"AWS": ["*"]})).everyone);
        assert!(!Principals::read(&json!({"Federated": "*"})).everyone);
    }

    #[test]
    fn kinds_are_kept_apart_and_in_order() {
        let given = json!({
            "AWS": ["111122223333", "*", "arn:aws:iam::111122223333:user/a"],
            "Service": "lambda.amazonaws.com",
            "Federated": ["accounts.google.com"],
            "CanonicalUser": "79a5"
        });
        let principals = Principals::read(&given);
        assert!(principals.everyone);
        assert_eq!(
            principals.aws,
            ["111122223333", "arn:aws:iam::111122223333:user/a"]
        );
        assert_eq!(principals.service, ["lambda.amazonaws.com"]);
        assert_eq!(principals.federated, ["accounts.google.com"]);
        assert_eq!(principals.canonical_user, ["79a5"]);
    }
}
