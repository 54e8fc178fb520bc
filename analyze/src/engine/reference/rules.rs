//! The rules as tables: what each is, and the values that it runs with.

use arrow::array::RecordBatch;

use super::builder::Table;
use crate::Error;
use crate::rules::{ParameterValue, Rule, RuleSet};

/// `rules`: every legitimacy rule, whether it runs or not.
pub(crate) fn rules(rules: &RuleSet) -> Result<RecordBatch, Error> {
    let headers = || rules.iter().map(|rule| &rule.header);
    let mut table = Table::new("rules");
    table.texts("rule", headers().map(|header| Some(&header.id)));
    table.texts("title", headers().map(|header| Some(&header.title)));
    table.texts(
        "severity",
        rules.iter().map(|rule| Some(rule.severity.as_str())),
    );
    table.texts(
        "effect",
        headers().map(|header| Some(header.effect.as_str())),
    );
    table.flags("enabled", rules.iter().map(|rule| rule.enabled));
    table.texts(
        "standards",
        headers().map(|header| Some(header.standards.join(", "))),
    );
    table.texts(
        "false_positives",
        headers().map(|header| Some(&header.false_positives)),
    );
    table.texts("file", rules.iter().map(|rule| rule.file.as_ref()));
    table.finish()
}

/// `rule_parameters`: the value of every parameter of every rule, as text.
pub(crate) fn rule_parameters(rules: &RuleSet) -> Result<RecordBatch, Error> {
    let rows = || {
        rules.iter().flat_map(|rule| {
            let pairs = rule.header.parameters.iter().zip(&rule.values);
            pairs.map(move |(parameter, value)| (rule, parameter, value))
        })
    };
    let mut table = Table::new("rule_parameters");
    table.texts("rule", rows().map(|(rule, ..)| Some(&rule.header.id)));
    table.texts(
        "name",
        rows().map(|(_, parameter, _)| Some(&parameter.name)),
    );
    table.texts(
        "type",
        rows().map(|(_, parameter, _)| Some(parameter.default.type_name())),
    );
    table.texts("value", rows().map(|(.., value)| Some(value.shown())));
    table.texts(
        "default_value",
        rows().map(|(_, parameter, _)| Some(parameter.default.shown())),
    );
    table.texts(
        "meaning",
        rows().map(|(_, parameter, _)| Some(&parameter.meaning)),
    );
    table.finish()
}

/// `ID_parameters`: one row, a column for each parameter of the rule, in its type; none where it has no parameter.
pub(crate) fn parameters(rule: &Rule) -> Result<Option<RecordBatch>, Error> {
    if rule.values.is_empty() {
        return Ok(None);
    }
    let mut table = Table::new("parameters of a rule");
    for (parameter, value) in rule.header.parameters.iter().zip(&rule.values) {
        match value {
            ParameterValue::Flag(flag) => table.flags(&parameter.name, [*flag]),
            ParameterValue::Number(number) => table.numbers(&parameter.name, [*number]),
            ParameterValue::Text(text) => table.texts(&parameter.name, [Some(text)]),
        }
    }
    table.finish().map(Some)
}
