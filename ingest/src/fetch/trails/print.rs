//! Trails and their selectors as the AWS CLI prints them.

use aws_sdk_cloudtrail::operation::get_event_selectors::GetEventSelectorsOutput;
use aws_sdk_cloudtrail::types::{
    AdvancedEventSelector, AdvancedFieldSelector, DataResource, EventSelector, ReadWriteType, Trail,
};
use serde_json::{Value, json};

use crate::fetch::call::{list, object};

pub(super) fn trail(trail: &Trail) -> Value {
    object(json!({
        "Name": trail.name, "S3BucketName": trail.s3_bucket_name, "S3KeyPrefix": trail.s3_key_prefix,
        "SnsTopicARN": trail.sns_topic_arn,
        "IncludeGlobalServiceEvents": trail.include_global_service_events,
        "IsMultiRegionTrail": trail.is_multi_region_trail, "HomeRegion": trail.home_region,
        "TrailARN": trail.trail_arn, "LogFileValidationEnabled": trail.log_file_validation_enabled,
        "CloudWatchLogsLogGroupArn": trail.cloud_watch_logs_log_group_arn,
        "CloudWatchLogsRoleArn": trail.cloud_watch_logs_role_arn, "KmsKeyId": trail.kms_key_id,
        "HasCustomEventSelectors": trail.has_custom_event_selectors,
        "HasInsightSelectors": trail.has_insight_selectors, "IsOrganizationTrail": trail.is_organization_trail,
    }))
}

/// The selectors of a trail; none if there is neither a basic nor an advanced one.
pub(super) fn selectors(arn: &str, answer: &GetEventSelectorsOutput) -> Option<Value> {
    let basic = answer.event_selectors();
    let advanced = answer.advanced_event_selectors();
    let (field, selectors) = match (basic.is_empty(), advanced.is_empty()) {
        (true, true) => return None,
        (_, false) => ("AdvancedEventSelectors", list(advanced, advanced_selector)),
        (false, true) => ("EventSelectors", list(basic, selector)),
    };
    let arn = answer.trail_arn().unwrap_or(arn);
    Some(json!({"TrailARN": arn, field: selectors}))
}

fn selector(selector: &EventSelector) -> Value {
    object(json!({
        "ReadWriteType": selector.read_write_type().map(ReadWriteType::as_str),
        "IncludeManagementEvents": selector.include_management_events,
        "DataResources": list(selector.data_resources(), data_resource),
        "ExcludeManagementEventSources": selector.exclude_management_event_sources(),
    }))
}

fn data_resource(resource: &DataResource) -> Value {
    object(json!({"Type": resource.r#type, "Values": resource.values()}))
}

fn advanced_selector(selector: &AdvancedEventSelector) -> Value {
    object(json!({
        "Name": selector.name,
        "FieldSelectors": list(selector.field_selectors(), field_selector),
    }))
}

fn field_selector(field: &AdvancedFieldSelector) -> Value {
    object(json!({
        "Field": field.field, "Equals": field.equals, "StartsWith": field.starts_with, "EndsWith": field.ends_with,
        "NotEquals": field.not_equals, "NotStartsWith": field.not_starts_with, "NotEndsWith": field.not_ends_with,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t";

    #[test]
    fn a_selector_without_a_condition_has_none() {
        let field = AdvancedFieldSelector::builder()
            .field("eventCategory")
            .equals("Data")
            .build()
            .unwrap();
        let advanced = AdvancedEventSelector::builder()
            .field_selectors(field)
            .build()
            .unwrap();
        let answer = GetEventSelectorsOutput::builder()
            .trail_arn(TRAIL)
            .advanced_event_selectors(advanced)
            .build();
        let printed = json!({"TrailARN": TRAIL, "AdvancedEventSelectors": [
            {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]});
        assert_eq!(selectors(TRAIL, &answer), Some(printed));
    }

    #[test]
    fn no_selector_is_no_document() {
        let answer = GetEventSelectorsOutput::builder().build();
        assert_eq!(selectors(TRAIL, &answer), None);
    }
}
