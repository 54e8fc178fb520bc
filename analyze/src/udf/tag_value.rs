//! `tag_value(tags, key)`: the value of a session tag in JSON text such as `[{"key": "team", "value": "blue"}]`.
//!
//! NULL where the text is no such list or has no such tag.
//! Source: AWS STS API Reference, `AssumeRole`, Tags.

use std::borrow::Cow;

use serde_json::Value;

use super::text_function::TextFunction;

pub(super) fn tag_value() -> TextFunction {
    TextFunction::new("tag_value", 2, |texts, row| {
        value(texts.get(0, row)?, texts.get(1, row)?).map(Cow::Owned)
    })
}

fn value(tags: &str, key: &str) -> Option<String> {
    let tags: Value = serde_json::from_str(tags).ok()?;
    let named = |tag: &&Value| tag.get("key").and_then(Value::as_str) == Some(key);
    tags.as_array()?
        .iter()
        .find(named)?
        .get("value")?
        .as_str()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_by_its_key_and_no_other_text_is_one() {
        let tags = r#"[{"key": "team", "value": "blue"}, {"key": "cost", "value": 7}, "x"]"#;
        assert_eq!(value(tags, "team").as_deref(), Some("blue"));
        assert_eq!(value(tags, "cost"), None);
        assert_eq!(value(tags, "none"), None);
        assert_eq!(value("{}", "team"), None);
        assert_eq!(value("team", "team"), None);
    }
}
