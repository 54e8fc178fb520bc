//! Condition keys that are not of one service: their types, how many values, when they are there.
//!
//! Source: IAM User Guide, "AWS global condition context keys", and "Single-valued vs. multivalued
//! context keys" for the ones with many values.

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// An ARN, which text operators compare too.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// An instant, also as epoch seconds.
    Date,
    /// An address.
    Address,
}

/// A key and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GlobalKey {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether a request has many values of it.
    pub(super) multivalued: bool,
    /// Whether every request has it.
    pub(super) always: bool,
}

const fn key(name: &'static str, kind: Kind) -> GlobalKey {
    GlobalKey {
        name,
        kind,
        multivalued: false,
        always: false,
    }
}

const fn many(name: &'static str) -> GlobalKey {
    GlobalKey {
        multivalued: true,
        ..key(name, Kind::Text)
    }
}

const fn always(name: &'static str, kind: Kind) -> GlobalKey {
    GlobalKey {
        always: true,
        ..key(name, kind)
    }
}

/// In lower case; a name that ends with `/` goes on with the name of a tag.
const KEYS: [GlobalKey; 68] = [
    // Of the principal.
    always("aws:principalarn", Kind::Arn),
    always("aws:principalaccount", Kind::Text),
    many("aws:principalorgpaths"),
    key("aws:principalorgid", Kind::Text),
    key("aws:principaltag/", Kind::Text),
    always("aws:principalisawsservice", Kind::Bool),
    key("aws:principalservicename", Kind::Text),
    many("aws:principalservicenameslist"),
    always("aws:principaltype", Kind::Text),
    always("aws:userid", Kind::Text),
    key("aws:username", Kind::Text),
    key("aws:arn", Kind::Arn),
    // Of the session.
    key("aws:assumedroot", Kind::Bool),
    key("aws:federatedprovider", Kind::Text),
    key("aws:tokenissuetime", Kind::Date),
    key("aws:multifactorauthage", Kind::Number),
    key("aws:multifactorauthpresent", Kind::Bool),
    key("aws:chatbotsourcearn", Kind::Arn),
    key("aws:signinsessionarn", Kind::Arn),
    key("aws:ec2instancesourcevpc", Kind::Text),
    key("aws:ec2instancesourceprivateipv4", Kind::Address),
    key("aws:sourceidentity", Kind::Text),
    key("ec2:roledelivery", Kind::Number),
    key("ec2:sourceinstancearn", Kind::Arn),
    key("glue:roleassumedby", Kind::Text),
    key("glue:credentialissuingservice", Kind::Text),
    key("codebuild:buildarn", Kind::Arn),
    key("codebuild:projectarn", Kind::Arn),
    key("lambda:sourcefunctionarn", Kind::Arn),
    key("ssm:sourceinstancearn", Kind::Arn),
    key("identitystore:userid", Kind::Text),
    key("sts:externalid", Kind::Text),
    key("sts:rolesessionname", Kind::Text),
    key("sts:sourceidentity", Kind::Text),
    // Of the network.
    key("aws:sourceip", Kind::Address),
    key("aws:sourcevpc", Kind::Text),
    key("aws:sourcevpcarn", Kind::Arn),
    key("aws:sourcevpce", Kind::Text),
    key("aws:vpceaccount", Kind::Text),
    key("aws:vpceorgid", Kind::Text),
    many("aws:vpceorgpaths"),
    key("aws:vpcsourceip", Kind::Address),
    // Of the resource.
    key("aws:resourceaccount", Kind::Text),
    key("aws:resourceorgid", Kind::Text),
    many("aws:resourceorgpaths"),
    key("aws:resourcetag/", Kind::Text),
    // Of the request.
    many("aws:calledvia"),
    key("aws:calledviafirst", Kind::Text),
    key("aws:calledvialast", Kind::Text),
    key("aws:calledviaawsmcp", Kind::Text),
    key("aws:viaawsmcpservice", Kind::Bool),
    always("aws:viaawsservice", Kind::Bool),
    always("aws:currenttime", Kind::Date),
    always("aws:epochtime", Kind::Date),
    key("aws:referer", Kind::Text),
    always("aws:requestedregion", Kind::Text),
    key("aws:requesttag/", Kind::Text),
    many("aws:tagkeys"),
    always("aws:securetransport", Kind::Bool),
    key("aws:sourceaccount", Kind::Text),
    key("aws:sourcearn", Kind::Arn),
    key("aws:sourceorgid", Kind::Text),
    many("aws:sourceorgpaths"),
    key("aws:sourceowner", Kind::Text),
    key("aws:useragent", Kind::Text),
    // Of web identities and SAML, where trust policies ask for them.
    many("saml:edupersonorgdn"),
    many("saml:edupersonaffiliation"),
    many("cognito-identity.amazonaws.com:amr"),
];

/// What is known of a key, in any letter case.
pub(super) fn find(name: &str) -> Option<&'static GlobalKey> {
    let name = name.to_ascii_lowercase();
    KEYS.iter().find(|key| match key.name.strip_suffix('/') {
        Some(_) => name.len() > key.name.len() && name.starts_with(key.name),
        None => key.name == name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_by_what_stands_before_their_name() {
        assert_eq!(
            find("aws:PrincipalTag/Team").unwrap().name,
            "aws:principaltag/"
        );
        assert!(find("aws:PrincipalTag").is_none());
        assert!(find("aws:PrincipalTag/").is_none());
        assert!(find("AWS:tagkeys").unwrap().multivalued);
        assert!(find("aws:Nothing").is_none());
    }

    #[test]
    fn names_are_in_lower_case_and_each_stands_once() {
        let mut names: Vec<_> = KEYS.iter().map(|key| key.name).collect();
        assert!(names.iter().all(|name| *name == name.to_ascii_lowercase()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KEYS.len());
    }
}
