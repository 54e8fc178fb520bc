//! What follows from the caller: condition keys with their values, before any of the request's own.
//!
//! `aws:PrincipalArn` of a role session is the role's ARN; where its path is not told, the one without
//! a path. `aws:username` exists for users alone. A key with no values here is known to be absent.
//! Source: IAM User Guide, "AWS global condition context keys", properties of the principal; "IAM policy
//! elements: Variables and tags", the table of principal key values.

use std::collections::BTreeMap;

use super::principal::{Kind, Principal};
use crate::policy::Context;

/// The condition keys that follow from the principal and its tags.
pub(super) fn context(principal: &Principal, tags: &BTreeMap<String, String>) -> Context {
    let mut context = Context::new();
    let mut set = |key: &str, values: &[&str]| {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        context.insert(key.to_owned(), values);
    };
    match principal.kind() {
        Kind::Service(name) => {
            set("aws:principalisawsservice", &["true"]);
            set("aws:principalservicename", &[name]);
            set("aws:principalservicenameslist", &[name]);
            set("aws:principalarn", &[]);
        }
        Kind::Provider(_) => {}
        Kind::Anonymous => {
            set("aws:principaltype", &["Anonymous"]);
            set("aws:principalaccount", &["anonymous"]);
            set("aws:principalarn", &[]);
            set("aws:principalisawsservice", &[]);
        }
        _ => {
            set("aws:principalisawsservice", &["false"]);
            set("aws:principalarn", &[&arn(principal)]);
            set(
                "aws:principalaccount",
                &[principal.account_id().unwrap_or_default()],
            );
            set("aws:principaltype", &[sort(principal.kind())]);
        }
    }
    if !matches!(principal.kind(), Kind::Service(_)) {
        set("aws:principalservicename", &[]);
        set("aws:principalservicenameslist", &[]);
    }
    match principal.kind() {
        Kind::User(user) => set("aws:username", &[&user.name]),
        _ => set("aws:username", &[]),
    }
    if let Some(id) = user_id(principal) {
        set("aws:userid", &[&id]);
    }
    for (tag, value) in tags {
        set(
            &format!("aws:principaltag/{}", tag.to_ascii_lowercase()),
            &[value],
        );
    }
    context
}

/// The caller's id, where its ARN tells it: those of users and roles are AWS's own.
fn user_id(principal: &Principal) -> Option<String> {
    match principal.kind() {
        Kind::Root(root) => Some(root.account.clone()),
        Kind::Federated(user) => Some(format!("{}:{}", user.account, user.name)),
        Kind::Anonymous => Some("anonymous".to_owned()),
        _ => None,
    }
}

/// The caller's ARN; of a session, its role's.
fn arn(principal: &Principal) -> String {
    match principal.kind() {
        Kind::Role(role)
        | Kind::Session {
            role: Some(role), ..
        } => role.as_str().to_owned(),
        Kind::Session {
            session, role_name, ..
        } => format!(
            "arn:{}:iam::{}:role/{role_name}",
            session.partition, session.account
        ),
        Kind::User(identity) | Kind::Federated(identity) | Kind::Root(identity) => {
            identity.arn.clone()
        }
        Kind::Service(_) | Kind::Provider(_) | Kind::Anonymous => String::new(),
    }
}

fn sort(kind: &Kind) -> &'static str {
    match kind {
        Kind::User(_) => "User",
        Kind::Federated(_) => "FederatedUser",
        Kind::Root(_) => "Account",
        _ => "AssumedRole",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arn::RoleArn;

    fn of(text: &str) -> Context {
        context(&Principal::parse(text).unwrap(), &BTreeMap::new())
    }

    #[test]
    fn a_session_has_the_arn_of_its_role_and_no_user_name() {
        let text = "arn:aws:sts::111122223333:assumed-role/app/s";
        let session = of(text);
        assert_eq!(
            session["aws:principalarn"],
            ["arn:aws:iam::111122223333:role/app"]
        );
        assert_eq!(session["aws:principaltype"], ["AssumedRole"]);
        assert!(session["aws:username"].is_empty());
        let role = RoleArn::parse("arn:aws:iam::111122223333:role/team/app").unwrap();
        let known = Principal::parse(text).unwrap().with_role(&role);
        assert_eq!(
            context(&known, &BTreeMap::new())["aws:principalarn"],
            [role.as_str()]
        );
    }

    #[test]
    fn a_user_has_a_name_without_its_path() {
        let user = of("arn:aws:iam::111122223333:user/team/ana");
        assert_eq!(user["aws:username"], ["ana"]);
        assert_eq!(user["aws:principaltype"], ["User"]);
        assert_eq!(user["aws:principalaccount"], ["111122223333"]);
        assert!(!user.contains_key("aws:userid"));
    }

    #[test]
    fn each_type_has_its_name() {
        assert_eq!(
            of("arn:aws:iam::111122223333:root")["aws:principaltype"],
            ["Account"]
        );
        let federated = of("arn:aws:sts::111122223333:federated-user/ana");
        assert_eq!(federated["aws:principaltype"], ["FederatedUser"]);
        assert!(federated["aws:username"].is_empty());
        assert_eq!(federated["aws:userid"], ["111122223333:ana"]);
        let root = of("arn:aws:iam::111122223333:root");
        assert_eq!(root["aws:userid"], ["111122223333"]);
        let nobody = context(&Principal::anonymous(), &BTreeMap::new());
        assert_eq!(nobody["aws:userid"], ["anonymous"]);
        assert_eq!(nobody["aws:principaltype"], ["Anonymous"]);
        assert!(nobody["aws:principalarn"].is_empty());
    }

    #[test]
    fn a_service_is_named_and_has_no_account() {
        let service = of("sns.amazonaws.com");
        assert_eq!(service["aws:principalisawsservice"], ["true"]);
        assert_eq!(service["aws:principalservicename"], ["sns.amazonaws.com"]);
        assert!(!service.contains_key("aws:principalaccount"));
        let role = of("arn:aws:iam::111122223333:role/app");
        assert_eq!(role["aws:principalisawsservice"], ["false"]);
    }

    #[test]
    fn tags_are_keys_in_lower_case() {
        let tags = BTreeMap::from([("Team".to_owned(), "Blue".to_owned())]);
        let context = context(&Principal::anonymous(), &tags);
        assert_eq!(context["aws:principaltag/team"], ["Blue"]);
    }
}
