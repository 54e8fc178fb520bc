//! Amazon CloudWatch, CloudWatch Logs and AWS Config.
//!
//! Source: the "Logging API calls with AWS CloudTrail" page of each service's guide.

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

const LOGS: &str = "logs.amazonaws.com";

/// `CreateLogStream`, as a runtime does when it starts a new environment.
pub(crate) fn create_log_stream(draw: &mut Draw<'_>, group: &str) -> Call {
    let stream = format!("{}/[$LATEST]{}", draw.at.day().path(), draw.random.hex(8));
    Call::write(LOGS, "CreateLogStream", "logs:CreateLogStream")
        .asking(json!({"logGroupName": group, "logStreamName": stream}))
        .version("20140328")
}

/// `CreateLogGroup` of a group that is there already: authorized, and a conflict.
pub(crate) fn create_existing_log_group(group: &str) -> Call {
    Call::write(LOGS, "CreateLogGroup", "logs:CreateLogGroup")
        .asking(json!({"logGroupName": group}))
        .version("20140328")
        .failing(
            "ResourceAlreadyExistsException",
            "The specified log group already exists",
        )
}

/// `DescribeLogGroups`.
pub(crate) fn describe_log_groups(prefix: &str) -> Call {
    Call::read(LOGS, "DescribeLogGroups", "logs:DescribeLogGroups")
        .asking(json!({"logGroupNamePrefix": prefix}))
        .version("20140328")
}

/// `DescribeLogStreams`.
pub(crate) fn describe_log_streams(group: &str) -> Call {
    Call::read(LOGS, "DescribeLogStreams", "logs:DescribeLogStreams")
        .asking(json!({"logGroupName": group, "limit": 50}))
        .version("20140328")
}

/// `StartQuery` of Logs Insights.
pub(crate) fn start_logs_query(draw: &mut Draw<'_>, group: &str) -> Call {
    Call::read(LOGS, "StartQuery", "logs:StartQuery")
        .asking(json!({"logGroupNames": [group], "startTime": draw.at.0 - 3_600, "endTime": draw.at.0, "queryString": "HIDDEN_DUE_TO_SECURITY_REASONS"}))
        .answering(json!({"queryId": draw.random.uuid()}))
        .version("20140328")
}

/// `DescribeAlarms`.
pub(crate) fn describe_alarms() -> Call {
    Call::read(
        "monitoring.amazonaws.com",
        "DescribeAlarms",
        "cloudwatch:DescribeAlarms",
    )
    .asking(json!({"maxRecords": 100, "stateValue": "ALARM"}))
}

/// `PutMetricAlarm`.
pub(crate) fn put_metric_alarm(name: &str) -> Call {
    Call::write(
        "monitoring.amazonaws.com",
        "PutMetricAlarm",
        "cloudwatch:PutMetricAlarm",
    )
    .asking(json!({
        "alarmName": name, "metricName": "CPUUtilization", "namespace": "AWS/EC2", "period": 300,
        "evaluationPeriods": 3, "threshold": 85.0, "comparisonOperator": "GreaterThanThreshold",
    }))
}

/// `DescribeConfigurationRecorderStatus`, as security tools ask every few hours.
pub(crate) fn describe_recorder_status() -> Call {
    let action = "config:DescribeConfigurationRecorderStatus";
    Call::read(
        "config.amazonaws.com",
        "DescribeConfigurationRecorderStatus",
        action,
    )
}
