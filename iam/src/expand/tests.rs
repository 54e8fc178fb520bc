//! What patterns grant, beside a plain reading of the definition.

use super::*;
use proptest::prelude::*;

fn catalog() -> &'static Catalog {
    Catalog::embedded()
}

/// The definition, written down: service and action by their patterns, or stars alone.
fn slow(pattern: &str) -> Vec<&'static str> {
    let all = !pattern.is_empty() && pattern.chars().all(|character| character == '*');
    let (service, name) = pattern.split_once(':').unwrap_or(("", ""));
    let granted = |action: &&Action| {
        let (own_service, own_name) = action.name.split_once(':').unwrap();
        all || (wildcard_match_ignore_case(service, own_service)
            && wildcard_match_ignore_case(name, own_name))
    };
    let granted = catalog().actions().filter(granted);
    granted.map(|action| action.name).collect()
}

fn names(pattern: &str) -> Vec<&'static str> {
    let granted = expand(pattern, catalog());
    granted.iter().map(|action| action.name).collect()
}

#[test]
fn a_star_is_the_whole_catalog() {
    assert_eq!(expand("*", catalog()).len(), catalog().actions().count());
    assert_eq!(expand("*:*", catalog()).len(), catalog().actions().count());
}

#[test]
fn a_service_with_a_star_is_the_whole_service() {
    for service in ["s3", "S3", "bedrock-agentcore", "iam"] {
        let expanded = expand(&format!("{service}:*"), catalog());
        let listed = catalog().service_actions(service);
        assert_eq!(expanded, listed.iter().collect::<Vec<_>>());
        assert!(!listed.is_empty());
        assert!(
            listed
                .iter()
                .all(|a| a.service.eq_ignore_ascii_case(service))
        );
    }
}

#[test]
fn a_prefix_takes_neither_fewer_nor_more() {
    let gets = expand("s3:Get*", catalog());
    assert_eq!(gets.len(), 63);
    assert_eq!(names("s3:Get*"), slow("s3:Get*"));
    assert!(gets.iter().all(|action| action.name.starts_with("s3:Get")));
}

#[test]
fn a_name_is_found_in_any_letter_case() {
    assert_eq!(expand("S3:getobject", catalog())[0].name, "s3:GetObject");
    assert!(expand("s3:GetObjectt", catalog()).is_empty());
    assert!(expand("", catalog()).is_empty());
}

#[test]
fn not_is_the_rest() {
    let patterns = ["s3:*", "iam:Pass?ole"];
    let rest = expand_not(&patterns, catalog());
    let taken: usize = patterns.iter().map(|p| expand(p, catalog()).len()).sum();
    assert_eq!(rest.len() + taken, catalog().actions().count());
    assert!(
        rest.iter()
            .all(|a| a.service != "s3" && a.name != "iam:PassRole")
    );
}

#[test]
fn a_wildcard_in_a_service_name_matches_and_is_told() {
    for pattern in ["s*:Get*", "?3:*", "*:Get*", "*:GetObject"] {
        assert_eq!(names(pattern), slow(pattern));
        assert!(!names(pattern).is_empty(), "{pattern}");
        let told = miss(pattern, catalog());
        assert_eq!(told, Some(Miss::WildcardService), "{pattern}");
    }
    for pattern in ["s3*", "**Get", "?", "*:"] {
        assert!(expand(pattern, catalog()).is_empty(), "{pattern}");
    }
    for pattern in ["**", "**:*", "*:**"] {
        assert_eq!(
            expand(pattern, catalog()).len(),
            catalog().actions().count()
        );
    }
}

#[test]
fn wildcards_stand_anywhere_in_the_name_of_an_action() {
    assert_eq!(names("s3:???Object"), ["s3:GetObject", "s3:PutObject"]);
    assert_eq!(
        names("s3:*tObjectAcl"),
        ["s3:GetObjectAcl", "s3:PutObjectAcl"]
    );
    assert_eq!(names("IAM:*ass*ole"), ["iam:PassRole"]);
    assert_eq!(names("s3:**"), names("s3:*"));
    assert_eq!(names("iam:?et*").len(), 40);
}

#[test]
fn white_space_and_further_colons_match_nothing() {
    for pattern in [
        " s3:*",
        "s3 :*",
        "s3: GetObject",
        "s3:GetObject ",
        "s3:Get:Object",
        "s3:",
        ":GetObject",
        "s3",
    ] {
        assert!(expand(pattern, catalog()).is_empty(), "{pattern}");
    }
}

#[test]
fn a_miss_names_its_reason_and_what_may_be_meant() {
    let miss = |pattern| miss(pattern, catalog());
    assert_eq!(miss("s3:Get*"), None);
    assert_eq!(miss("GetObject"), Some(Miss::NoService));
    assert_eq!(miss("s*:GetObject"), Some(Miss::WildcardService));
    assert_eq!(miss("codestar:CreateProject"), Some(Miss::Retired));
    assert_eq!(miss("s3:Fetch*"), Some(Miss::NoMatch));
    let service = |nearest| Some(Miss::UnknownService { nearest });
    assert_eq!(miss("dynamo:GetItem"), service(Some("dynamodb")));
    assert_eq!(miss("lamda:*"), service(Some("lambda")));
    assert_eq!(miss("qqqqqqqqqqqq:Xyzzy"), service(None));
    let action = |nearest| Some(Miss::UnknownAction { nearest });
    assert_eq!(miss("s3:GetObjects"), action(Some("s3:GetObject")));
    assert_eq!(miss("s3:ListBuckets"), action(Some("s3:ListBucket")));
    assert_eq!(miss("iam:AssumeRole"), action(Some("sts:AssumeRole")));
    assert_eq!(miss("s3:Xyzzyxyzzy"), action(None));
}

fn patterns() -> impl Strategy<Value = String> {
    let written = prop::sample::select(vec![
        "*",
        "*:*",
        "s3:Get*",
        "s3:*Object*",
        "iam:*",
        "S3:P?t*",
        "sts:Nothing",
        "s*:Get*",
    ]);
    let any_action = (0..catalog().actions().count(), 0_usize..40, "[*?a-z]{0,2}").prop_map(
        |(index, at, put)| {
            let name = catalog()
                .actions()
                .nth(index)
                .map_or("", |action| action.name);
            let (head, tail) = name.split_at(at.min(name.len()));
            format!("{head}{put}{}", tail.get(1..).unwrap_or_default())
        },
    );
    prop_oneof![
        written.prop_map(str::to_owned),
        any_action,
        "[a-zA-Z0-9:*?-]{0,12}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_range_agrees_with_the_whole_search(pattern in patterns()) {
        prop_assert!(names(&pattern) == slow(&pattern), "{}", pattern);
        let grants = !slow(&pattern).is_empty() && !has_wildcard_service(&pattern);
        prop_assert_eq!(miss(&pattern, catalog()).is_none(), grants);
    }

    #[test]
    fn what_is_not_granted_is_the_rest(patterns in prop::collection::vec(patterns(), 0..4)) {
        let mut both: Vec<&Action> = patterns.iter().flat_map(|pattern| expand(pattern, catalog())).collect();
        both.sort_by_key(|action| action.name.to_ascii_lowercase());
        both.dedup();
        let rest = expand_not(&patterns, catalog());
        prop_assert!(!rest.iter().any(|action| both.contains(action)) || both.is_empty());
        prop_assert_eq!(rest.len() + both.len(), catalog().actions().count());
    }

    #[test]
    fn a_pattern_grants_what_its_actions_grant(pattern in patterns()) {
        let granted = expand(&pattern, catalog());
        for action in granted.iter().take(20) {
            prop_assert_eq!(expand(&action.name.to_ascii_uppercase(), catalog()), [*action]);
        }
    }

    #[test]
    fn any_text_gives_an_answer(pattern in "\\PC{0,40}") {
        prop_assert!(expand(&pattern, catalog()).len() <= catalog().actions().count());
    }
}
