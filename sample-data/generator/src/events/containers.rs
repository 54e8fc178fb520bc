//! Amazon ECR, ECS and EKS.
//!
//! Source: the "Logging API calls with AWS CloudTrail" page of each service's guide.

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

const ECR: &str = "ecr.amazonaws.com";
const ECS: &str = "ecs.amazonaws.com";

/// `GetAuthorizationToken` of ECR.
pub(crate) fn get_authorization_token() -> Call {
    Call::read(ECR, "GetAuthorizationToken", "ecr:GetAuthorizationToken").at_host("api.ecr")
}

/// `BatchGetImage`.
pub(crate) fn batch_get_image(draw: &Draw<'_>, repository: &str) -> Call {
    Call::read(ECR, "BatchGetImage", "ecr:BatchGetImage")
        .at_host("api.ecr")
        .asking(json!({
            "registryId": draw.account, "repositoryName": repository, "imageIds": [{"imageTag": "live"}],
        }))
        .on(json!([{"accountId": draw.account, "ARN": repository_arn(draw, repository)}]))
}

/// `GetDownloadUrlForLayer`.
pub(crate) fn get_download_url(draw: &mut Draw<'_>, repository: &str) -> Call {
    let digest = draw.one_of(&["4f1c", "9be2", "d07a", "1e55"]).repeat(16);
    Call::read(ECR, "GetDownloadUrlForLayer", "ecr:GetDownloadUrlForLayer")
        .at_host("api.ecr")
        .asking(json!({
            "registryId": draw.account, "repositoryName": repository, "layerDigest": format!("sha256:{digest}"),
        }))
        .on(json!([{"accountId": draw.account, "ARN": repository_arn(draw, repository)}]))
}

/// One of the calls that push an image.
pub(crate) fn push(
    draw: &Draw<'_>,
    name: &'static str,
    action: &'static str,
    repository: &str,
) -> Call {
    Call::write(ECR, name, action)
        .at_host("api.ecr")
        .asking(json!({"registryId": draw.account, "repositoryName": repository}))
        .on(json!([{"accountId": draw.account, "ARN": repository_arn(draw, repository)}]))
}

/// `DescribeServices` of ECS.
pub(crate) fn describe_services(cluster: &str, service: &str) -> Call {
    Call::read(ECS, "DescribeServices", "ecs:DescribeServices")
        .asking(json!({"cluster": cluster, "services": [service]}))
}

/// `UpdateService` of ECS.
pub(crate) fn update_service(cluster: &str, service: &str) -> Call {
    Call::write(ECS, "UpdateService", "ecs:UpdateService")
        .asking(json!({"cluster": cluster, "service": service, "forceNewDeployment": true}))
        .answering(
            json!({"service": {"serviceName": service, "status": "ACTIVE", "desiredCount": 2}}),
        )
}

/// `DescribeCluster` of EKS.
pub(crate) fn describe_cluster(cluster: &str) -> Call {
    Call::read(
        "eks.amazonaws.com",
        "DescribeCluster",
        "eks:DescribeCluster",
    )
    .asking(json!({"name": cluster}))
}

/// `DeletePodIdentityAssociation` of EKS: the pods of the service account lose their role.
pub(crate) fn delete_pod_identity_association(cluster: &str, association: &str) -> Call {
    let action = "eks:DeletePodIdentityAssociation";
    Call::write("eks.amazonaws.com", "DeletePodIdentityAssociation", action)
        .asking(json!({"clusterName": cluster, "associationId": association}))
        .answering(json!({"association": {"clusterName": cluster, "associationId": association}}))
}

fn repository_arn(draw: &Draw<'_>, repository: &str) -> String {
    format!(
        "arn:aws:ecr:{}:{}:repository/{repository}",
        draw.region, draw.account
    )
}
