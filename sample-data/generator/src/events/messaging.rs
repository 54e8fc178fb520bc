//! Amazon SQS, SNS and SES: the management events. Messages themselves are data events that no
//! selector of the sample covers.
//!
//! Source: the "Logging API calls with AWS CloudTrail" page of each service's guide.

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

/// `GetQueueAttributes`.
pub(crate) fn get_queue_attributes(draw: &Draw<'_>, queue: &str) -> Call {
    let url = format!(
        "https://sqs.{}.amazonaws.com/{}/{queue}",
        draw.region, draw.account
    );
    Call::read(
        "sqs.amazonaws.com",
        "GetQueueAttributes",
        "sqs:GetQueueAttributes",
    )
    .asking(json!({"queueUrl": url, "attributeNames": ["ApproximateNumberOfMessages"]}))
}

/// `GetTopicAttributes`.
pub(crate) fn get_topic_attributes(draw: &Draw<'_>, topic: &str) -> Call {
    let arn = format!("arn:aws:sns:{}:{}:{topic}", draw.region, draw.account);
    Call::read(
        "sns.amazonaws.com",
        "GetTopicAttributes",
        "sns:GetTopicAttributes",
    )
    .asking(json!({"topicArn": arn}))
}

/// `GetSendQuota` of SES.
pub(crate) fn get_send_quota() -> Call {
    Call::read("ses.amazonaws.com", "GetSendQuota", "ses:GetSendQuota").at_host("email")
}
