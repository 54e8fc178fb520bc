//! Which actions resource control policies bind: an action in lower case in, yes or no out.
//!
//! Source: AWS Organizations User Guide, "Resource control policies (RCPs)", the list of services that
//! support them and "Resources and entities not restricted by RCPs".
//!
//! INVARIANT: the prefixes are sorted.

/// The prefixes of the services whose resources they bind.
const SERVICES: [&str; 62] = [
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

/// Tells whether resource control policies bind an action.
pub(super) fn binds(action: &str) -> bool {
    let service = action.split(':').next().unwrap_or_default();
    SERVICES.binary_search(&service).is_ok() && action != "kms:retiregrant"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_are_sorted_and_each_stands_once() {
        assert!(SERVICES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn only_listed_services_are_bound_and_retiring_a_grant_is_not() {
        for (action, bound) in [
            ("s3:getobject", true),
            ("sts:assumerole", true),
            ("kms:decrypt", true),
            ("kms:retiregrant", false),
            ("ec2:runinstances", false),
            ("s3express:createsession", false),
        ] {
            assert_eq!(binds(action), bound, "{action}");
        }
    }
}
