//! Values that are not of the operator's type, and operators that are not of the key's.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators"; "IAM policy validation
//! check reference": "Type mismatch …", "Wildcard without like operator", "Private IP address",
//! "Improve IP range", "Invalid variable for operator".

use std::net::IpAddr;

use super::Scope;
use super::finding::Findings;
use super::global_key::{GlobalKey, Kind, find};
use crate::document::{Condition, Path};
use crate::evaluate::{Comparison, Operator};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    for condition in &scope.statement.conditions {
        let Some(operator) = Operator::parse(&condition.operator) else {
            continue;
        };
        let at = scope.condition_at(&condition.operator, &condition.key);
        if let Some(known) = find(&condition.key) {
            key_kind(condition, operator.comparison, known, &at, findings);
        }
        for (item, value) in condition.values.iter().enumerate() {
            if findings.is_full() {
                return;
            }
            let at = at.clone().item(item);
            if value.contains("${") {
                variable(condition, operator.comparison, at, findings);
            } else {
                kind(value, operator.comparison, at.clone(), findings);
                address(condition, value, operator.comparison, at, findings);
            }
        }
        both(condition, operator.comparison, at, findings);
    }
}

fn key_kind(
    condition: &Condition,
    comparison: Comparison,
    known: &GlobalKey,
    at: &Path,
    findings: &mut Findings<'_>,
) {
    use Comparison::{Address, Arn, Bool, Date, Null, Number, Text, TextIgnoringCase, TextLike};
    let is_text = matches!(comparison, Text | TextIgnoringCase | TextLike);
    let is_tag = known.name.ends_with('/');
    let fits = comparison == Null
        || match known.kind {
            Kind::Text => is_text || is_tag,
            Kind::Arn => is_text || comparison == Arn,
            Kind::Bool => comparison == Bool,
            Kind::Number => matches!(comparison, Number(_)),
            Kind::Date => matches!(comparison, Date(_) | Number(_)),
            Kind::Address => comparison == Address,
        };
    if fits {
        return;
    }
    let wanted = match known.kind {
        Kind::Text => "String",
        Kind::Arn => "Arn or String",
        Kind::Bool => "Bool",
        Kind::Number => "Numeric",
        Kind::Date => "Date",
        Kind::Address => "IpAddress",
    };
    findings.warning(
        "operator-not-of-key",
        at.clone(),
        format!(
            "`{}` is no operator for `{}`",
            condition.operator, condition.key
        ),
        format!("use one of the {wanted} operators"),
    );
}

/// Variables have a meaning in texts and ARNs alone; the documentation differs on `Bool`.
fn variable(condition: &Condition, comparison: Comparison, at: Path, findings: &mut Findings<'_>) {
    use Comparison::{Address, Binary, Date, Null, Number};
    if matches!(comparison, Address | Binary | Date(_) | Null | Number(_)) {
        findings.warning(
            "variable-in-operator",
            at,
            format!("`{}` takes no variable", condition.operator),
            "write the value out, or use a String or Arn operator",
        );
    }
}

fn kind(value: &str, comparison: Comparison, at: Path, findings: &mut Findings<'_>) {
    let truth = ["true", "false"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    let (code, what) = match comparison {
        Comparison::Number(_) if !is_number(value) => ("value-not-a-number", "number"),
        Comparison::Date(_) if !is_date(value) => ("value-not-a-date", "date"),
        Comparison::Bool | Comparison::Null if !truth => {
            ("value-not-a-boolean", "`true` or `false`")
        }
        Comparison::Text | Comparison::TextIgnoringCase if value.contains(['*', '?']) => {
            findings.warning(
                "wildcard-without-like",
                at,
                format!("`{value}` is compared letter by letter, its wildcards too"),
                "use `StringLike` or `StringNotLike` if a wildcard is meant",
            );
            return;
        }
        _ => return,
    };
    findings.error(
        code,
        at,
        format!("`{value}` is no {what}, so that the comparison never holds"),
        "write a value of the operator's type",
    );
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    !(whole.is_empty() && fraction.is_empty())
        && whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
}

/// Epoch seconds, or a year and what may follow it: whether it is a date at all.
fn is_date(text: &str) -> bool {
    let year = text.get(..4).unwrap_or_default();
    let is_digit = |byte: u8| byte.is_ascii_digit();
    is_number(text)
        || (year.len() == 4
            && year.bytes().all(is_digit)
            && text.as_bytes().get(4).is_none_or(|&byte| byte == b'-')
            && text
                .bytes()
                .skip(4)
                .all(|byte| is_digit(byte) || b"-:.TZ+".contains(&byte)))
}

/// Both truth values are any value.
fn both(condition: &Condition, comparison: Comparison, at: Path, findings: &mut Findings<'_>) {
    let lists = |value: &str| {
        condition
            .values
            .iter()
            .any(|text| text.eq_ignore_ascii_case(value))
    };
    if matches!(comparison, Comparison::Bool | Comparison::Null) && lists("true") && lists("false")
    {
        findings.warning(
            "true-and-false",
            at,
            format!("`{}` lists both `true` and `false`", condition.key),
            "list the one that is meant, or remove the condition",
        );
    }
}

fn address(
    condition: &Condition,
    value: &str,
    comparison: Comparison,
    at: Path,
    findings: &mut Findings<'_>,
) {
    let (text, length) = value.split_once('/').unwrap_or((value, ""));
    let Ok(address) = text.parse::<IpAddr>() else {
        return;
    };
    if comparison != Comparison::Address {
        return;
    }
    if is_private(address) && condition.key.eq_ignore_ascii_case("aws:SourceIp") {
        findings.warning(
            "private-address",
            at.clone(),
            format!("`{value}` is private, and `aws:SourceIp` is always a public address"),
            "use `aws:VpcSourceIp` for calls through an endpoint",
        );
    }
    if length
        .parse()
        .is_ok_and(|length| has_host_bits(address, length))
    {
        findings.note(
            "host-bits",
            at,
            format!("the bits of `{value}` beyond its prefix do not count"),
            "write the first address of the network",
        );
    }
}

/// Source: RFC 1918, RFC 4193 and RFC 1122 (loopback).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_loopback(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_loopback(),
    }
}

fn has_host_bits(address: IpAddr, length: u32) -> bool {
    let (bits, width) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let host = u32::saturating_sub(width, length);
    host > 0 && bits.checked_shl(128 - host).unwrap_or(0) != 0
}
