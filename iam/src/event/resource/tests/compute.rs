//! Functions, containers and instances.

use super::*;

#[test]
fn lambda() {
    let function = "arn:aws:lambda:~:function:f";
    let foreign = r#"{"functionName":"arn:aws:lambda:eu-west-1:444455556666:function:f:live"}"#;
    assert_spelt(
        "lambda",
        &[
            (
                "Invoke",
                r#"{"functionName":"f","invocationType":"Event"}"#,
                function,
            ),
            (
                "Invoke",
                r#"{"functionName":"f","qualifier":"live"}"#,
                "arn:aws:lambda:~:function:f:live",
            ),
            (
                "Invoke",
                r#"{"functionName":"f:7","qualifier":"7"}"#,
                "arn:aws:lambda:~:function:f:7",
            ),
            (
                "Invoke",
                foreign,
                "arn:aws:lambda:eu-west-1:444455556666:function:f:live",
            ),
            (
                "Invoke",
                r#"{"functionName":"444455556666:function:f"}"#,
                "arn:aws:lambda:eu-west-1:444455556666:function:f",
            ),
            (
                "GetFunction20150331v2",
                r#"{"functionName":"arn:aws:lambda:us-east-1:111122223333:function:f"}"#,
                "arn:aws:lambda:us-east-1:111122223333:function:f",
            ),
            (
                "PutProvisionedConcurrencyConfig",
                r#"{"functionName":"f","qualifier":"7"}"#,
                "arn:aws:lambda:~:function:f:7",
            ),
            (
                "CreateAlias20150331",
                r#"{"functionName":"f","name":"live","functionVersion":"7"}"#,
                function,
            ),
            (
                "GetLayerVersion20181031",
                r#"{"layerName":"l","versionNumber":3}"#,
                "arn:aws:lambda:~:layer:l:3",
            ),
            (
                "UpdateEventSourceMapping20150331",
                r#"{"uUID":"0-1"}"#,
                "arn:aws:lambda:~:event-source-mapping:0-1",
            ),
            (
                "ListTags20170331",
                r#"{"resource":"arn:aws:lambda:eu-west-1:111122223333:function:f"}"#,
                function,
            ),
        ],
    );
}

#[test]
fn ecs() {
    assert_spelt(
        "ecs",
        &[
            (
                "UpdateService",
                r#"{"cluster":"c","service":"web","desiredCount":2}"#,
                "arn:aws:ecs:~:service/c/web",
            ),
            (
                "UpdateService",
                r#"{"service":"web"}"#,
                "arn:aws:ecs:~:service/default/web",
            ),
            (
                "UpdateService",
                r#"{"cluster":"arn:aws:ecs:eu-west-1:444455556666:cluster/c","service":"web"}"#,
                "arn:aws:ecs:eu-west-1:444455556666:service/c/web",
            ),
            (
                "DescribeServices",
                r#"{"cluster":"c","services":["a","b"]}"#,
                "arn:aws:ecs:~:service/c/a arn:aws:ecs:~:service/c/b",
            ),
            (
                "StopTask",
                r#"{"cluster":"c","task":"0123"}"#,
                "arn:aws:ecs:~:task/c/0123",
            ),
            (
                "ExecuteCommand",
                r#"{"cluster":"c","task":"0123","interactive":true}"#,
                "arn:aws:ecs:~:cluster/c arn:aws:ecs:~:task/c/0123",
            ),
            (
                "RunTask",
                r#"{"cluster":"c","taskDefinition":"web:3"}"#,
                "arn:aws:ecs:~:task-definition/web:3",
            ),
            (
                "RunTask",
                r#"{"cluster":"c","taskDefinition":"web"}"#,
                "arn:aws:ecs:~:task-definition/web",
            ),
            (
                "DescribeClusters",
                r#"{"clusters":["a","b"]}"#,
                "arn:aws:ecs:~:cluster/a arn:aws:ecs:~:cluster/b",
            ),
            ("CreateCluster", "null", "*"),
            ("CreateCluster", "{}", "arn:aws:ecs:~:cluster/default"),
        ],
    );
}

#[test]
fn eks_and_ecr() {
    assert_spelt(
        "eks",
        &[
            (
                "DescribeCluster",
                r#"{"name":"c"}"#,
                "arn:aws:eks:~:cluster/c",
            ),
            (
                "ListNodegroups",
                r#"{"clusterName":"c"}"#,
                "arn:aws:eks:~:cluster/c",
            ),
            (
                "DescribeNodegroup",
                r#"{"name":"c","nodegroupName":"n"}"#,
                "*",
            ),
        ],
    );
    assert_spelt(
        "ecr",
        &[
            (
                "BatchGetImage",
                r#"{"repositoryName":"a/b","registryId":"444455556666"}"#,
                "arn:aws:ecr:eu-west-1:444455556666:repository/a/b",
            ),
            (
                "PutImage",
                r#"{"repositoryName":"a","imageTag":"1"}"#,
                "arn:aws:ecr:~:repository/a",
            ),
            (
                "PutImage",
                r#"{"repositoryName":"a","registryId":"hidden"}"#,
                "*",
            ),
            (
                "DescribeRepositories",
                r#"{"repositoryNames":["a","b"]}"#,
                "arn:aws:ecr:~:repository/a arn:aws:ecr:~:repository/b",
            ),
        ],
    );
}

#[test]
fn ec2() {
    assert_spelt(
        "ec2",
        &[
            (
                "TerminateInstances",
                r#"{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"},{"instanceId":"i-3"}]}}"#,
                "arn:aws:ec2:~:instance/i-1 arn:aws:ec2:~:instance/i-2 arn:aws:ec2:~:instance/i-3",
            ),
            (
                "AttachVolume",
                r#"{"volumeId":"vol-1","instanceId":"i-1","device":"/dev/sdf"}"#,
                "arn:aws:ec2:~:instance/i-1 arn:aws:ec2:~:volume/vol-1",
            ),
            (
                "DeleteSnapshot",
                r#"{"snapshotId":"snap-1","force":false}"#,
                "arn:aws:ec2:eu-west-1::snapshot/snap-1",
            ),
            (
                "DeregisterImage",
                r#"{"imageId":"ami-1"}"#,
                "arn:aws:ec2:eu-west-1::image/ami-1",
            ),
            (
                "DeleteSecurityGroup",
                r#"{"groupId":"sg-1"}"#,
                "arn:aws:ec2:~:security-group/sg-1",
            ),
            (
                "AuthorizeSecurityGroupIngress",
                r#"{"groupId":"sg-1","ipPermissions":{"items":[{"ipProtocol":"tcp"}]}}"#,
                "arn:aws:ec2:~:security-group/sg-1",
            ),
            (
                "DeleteSubnet",
                r#"{"subnetId":"subnet-1"}"#,
                "arn:aws:ec2:~:subnet/subnet-1",
            ),
            (
                "CreateTags",
                r#"{"resourcesSet":{"items":[{"resourceId":"i-1"},{"resourceId":"vol-1"}]},"tagSet":{"items":[]}}"#,
                "arn:aws:ec2:~:instance/i-1 arn:aws:ec2:~:volume/vol-1",
            ),
            (
                "CreateTags",
                r#"{"resourcesSet":{"items":[{"resourceId":"i-1"},{"resourceId":"new-1"}]}}"#,
                "arn:aws:ec2:~:instance/i-1 *",
            ),
            (
                "DeleteFlowLogs",
                r#"{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-1"}}}"#,
                "arn:aws:ec2:~:vpc-flow-log/fl-1",
            ),
            (
                "DeleteVpcEndpoints",
                r#"{"DeleteVpcEndpointsRequest":{"VpcEndpointId":[{"tag":1,"content":"vpce-1"},{"tag":2,"content":"vpce-2"}]}}"#,
                "arn:aws:ec2:~:vpc-endpoint/vpce-1 arn:aws:ec2:~:vpc-endpoint/vpce-2",
            ),
            (
                "CreateVolume",
                r#"{"size":"8","snapshotId":"snap-1"}"#,
                "arn:aws:ec2:eu-west-1::snapshot/snap-1 *",
            ),
        ],
    );
}

#[test]
fn a_launch_is_on_all_that_it_names_and_on_volumes_that_it_does_not() {
    let request = r#"{"instancesSet":{"items":[{"imageId":"ami-1","keyName":"k","minCount":1,"maxCount":2}]},"groupSet":{"items":[{"groupId":"sg-1"}]},"subnetId":"subnet-1","blockDeviceMapping":{}}"#;
    let response = r#"{"instancesSet":{"items":[
        {"instanceId":"i-1","imageId":"ami-1","keyName":"k","subnetId":"subnet-1","groupSet":{"items":[{"groupId":"sg-1"}]},"networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-1"}]}},
        {"instanceId":"i-2","imageId":"ami-1","keyName":"k","subnetId":"subnet-1","groupSet":{"items":[{"groupId":"sg-1"}]},"networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-2"}]}}]}}"#;
    let launch = Call {
        response,
        ..Call::new("ec2", "RunInstances", request)
    };
    let (arns, basis) = launch.on("ec2:RunInstances");
    assert_eq!(basis, ResourceBasis::Partial);
    assert_eq!(
        arns.replace("eu-west-1:111122223333", "~")
            .split(' ')
            .collect::<Vec<_>>(),
        [
            "arn:aws:ec2:eu-west-1::image/ami-1",
            "arn:aws:ec2:~:instance/i-1",
            "arn:aws:ec2:~:instance/i-2",
            "arn:aws:ec2:~:key-pair/k",
            "arn:aws:ec2:~:network-interface/eni-1",
            "arn:aws:ec2:~:network-interface/eni-2",
            "arn:aws:ec2:~:security-group/sg-1",
            "arn:aws:ec2:~:subnet/subnet-1",
            "*",
        ]
    );
}
