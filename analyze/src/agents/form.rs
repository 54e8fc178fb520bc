//! The forms of values in `agents.toml`: what a name, an address or a pattern can be.

/// Longest name of an agent, in characters. Chosen: it stands in tables and file names.
pub(crate) const LONGEST_NAME: usize = 64;

/// Whether a text is short enough for a name, and all of letters that a name may have.
pub(crate) fn is_name(text: &str) -> bool {
    let printable = |character: char| character.is_alphanumeric() || "-_.@ /".contains(character);
    text.chars().count() <= LONGEST_NAME && text.chars().all(printable)
}

/// Whether a text has the form of a mail address.
pub(crate) fn is_mail_address(address: &str) -> bool {
    let clean = !address
        .chars()
        .any(|character| character.is_whitespace() || character.is_control());
    let parts = address.split_once('@');
    clean
        && parts.is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

/// Whether a text can be matched against log fields: some text, all of it printable.
pub(crate) fn is_pattern(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// Whether a text can be the pattern of an ARN.
pub(super) fn is_arn_pattern(text: &str) -> bool {
    text.starts_with("arn:") || text.starts_with('*')
}

/// Whether a text can be the id of a model or profile (`provider.name`), or its ARN.
pub(super) fn is_model_pattern(text: &str) -> bool {
    is_arn_pattern(text) || (text.contains(['.', '*']) && !text.contains(char::is_whitespace))
}
