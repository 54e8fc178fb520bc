//! Amazon EC2, Auto Scaling and Amazon RDS. EC2 writes lists as `{"items": [...]}`.
//!
//! Source: Amazon EC2 User Guide, "Log Amazon EC2 API calls using AWS CloudTrail".

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

const SOURCE: &str = "ec2.amazonaws.com";

/// An EC2 `Describe*` call without filters.
pub(crate) fn describe(name: &'static str, action: &'static str, set: &str) -> Call {
    let mut parameters = json!({"filterSet": {}});
    if let Some(map) = parameters.as_object_mut() {
        map.insert(set.to_owned(), json!({}));
    }
    Call::read(SOURCE, name, action).asking(parameters)
}

/// `DescribeInstances`.
pub(crate) fn describe_instances() -> Call {
    describe("DescribeInstances", "ec2:DescribeInstances", "instancesSet")
}

/// `StartInstances`.
pub(crate) fn start(instance: &str) -> Call {
    transition(
        Call::write(SOURCE, "StartInstances", "ec2:StartInstances"),
        instance,
        "pending",
        "stopped",
    )
}

/// `StopInstances`.
pub(crate) fn stop(instance: &str) -> Call {
    transition(
        Call::write(SOURCE, "StopInstances", "ec2:StopInstances"),
        instance,
        "stopping",
        "running",
    )
}

/// `TerminateInstances`.
pub(crate) fn terminate(instance: &str) -> Call {
    transition(
        Call::write(SOURCE, "TerminateInstances", "ec2:TerminateInstances"),
        instance,
        "shutting-down",
        "running",
    )
}

/// `CreateImage`.
pub(crate) fn create_image(instance: &str, name: &str) -> Call {
    Call::write(SOURCE, "CreateImage", "ec2:CreateImage")
        .asking(json!({"instanceId": instance, "name": name, "noReboot": true}))
}

/// `RebootInstances`.
pub(crate) fn reboot(instance: &str) -> Call {
    Call::write(SOURCE, "RebootInstances", "ec2:RebootInstances")
        .asking(json!({"instancesSet": {"items": [{"instanceId": instance}]}}))
        .answering(json!({"requestId": "", "_return": true}))
}

/// `RunInstances` with an instance profile, which passes the profile's role.
pub(crate) fn run_instances(draw: &mut Draw<'_>, profile: &str) -> Call {
    let instance = format!("i-0{}", draw.random.hex(16));
    Call::write(SOURCE, "RunInstances", "ec2:RunInstances")
        .asking(json!({
            "instancesSet": {"items": [{"imageId": "ami-0a1b2c3d4e5f60718", "minCount": 1, "maxCount": 1}]},
            "instanceType": "t4g.small", "blockDeviceMapping": {},
            "iamInstanceProfile": {"name": profile},
            "tagSpecificationSet": {"items": [{"resourceType": "instance", "tags": [{"key": "owner", "value": "ops-agents"}]}]},
            "monitoring": {"enabled": false}, "disableApiTermination": false,
        }))
        .answering(json!({
            "requestId": "", "ownerId": draw.account,
            "instancesSet": {"items": [{"instanceId": instance, "instanceState": {"code": 0, "name": "pending"}}]},
        }))
        .perhaps(&["iam:PassRole", "ec2:CreateTags"])
}

/// Auto Scaling's `DescribeAutoScalingGroups`.
pub(crate) fn describe_auto_scaling_groups() -> Call {
    let action = "autoscaling:DescribeAutoScalingGroups";
    Call::read(
        "autoscaling.amazonaws.com",
        "DescribeAutoScalingGroups",
        action,
    )
    .asking(json!({"maxRecords": 100}))
}

/// Auto Scaling's `SetDesiredCapacity`.
pub(crate) fn set_desired_capacity(group: &str, capacity: i64) -> Call {
    let action = "autoscaling:SetDesiredCapacity";
    Call::write("autoscaling.amazonaws.com", "SetDesiredCapacity", action).asking(json!({
        "autoScalingGroupName": group, "desiredCapacity": capacity, "honorCooldown": false,
    }))
}

/// `DescribeDBClusters` of Amazon RDS.
pub(crate) fn describe_db_clusters(cluster: &str) -> Call {
    Call::read(
        "rds.amazonaws.com",
        "DescribeDBClusters",
        "rds:DescribeDBClusters",
    )
    .asking(json!({"dBClusterIdentifier": cluster}))
}

fn transition(call: Call, instance: &str, now: &str, before: &str) -> Call {
    call.asking(json!({"instancesSet": {"items": [{"instanceId": instance}]}, "force": false}))
        .answering(json!({"requestId": "", "instancesSet": {"items": [{
            "instanceId": instance, "currentState": {"name": now}, "previousState": {"name": before},
        }]}}))
}
