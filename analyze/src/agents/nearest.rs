//! A word that is not known in, the nearest of the known ones out, if any is near.

/// Longest word that is compared, in characters. Chosen: twice the longest key of `agents.toml`.
const LONGEST: usize = 48;

/// The known word that differs in the fewest letters: at most a third of them, and one in short words. Case, and `-` for `_`, do not
/// count.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = letters(word);
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let farthest = (wanted.len() / 3).max(1);
    known
        .into_iter()
        .map(|name| (distance(&wanted, &letters(name)), name))
        .filter(|(edits, name)| *edits <= farthest && *edits < name.len())
        .min()
        .map(|(_, name)| name)
}

fn letters(word: &str) -> Vec<char> {
    word.chars()
        .take(LONGEST + 1)
        .map(|letter| match letter {
            '-' => '_',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// How many letters must be added, left out or changed to make one word of the other (Levenshtein).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.iter().enumerate() {
        let mut before = line;
        let mut left = line + 1;
        for (cell, wanted) in row.iter_mut().skip(1).zip(other) {
            let changed = before + usize::from(letter != wanted);
            before = *cell;
            left = changed.min(before + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 5] = [
        "role",
        "oidc_subject",
        "lambda_function",
        "user_agent",
        "source_identity",
    ];

    #[test]
    fn a_misspelt_word_finds_its_own() {
        let cases = [
            ("oidc_subjekt", Some("oidc_subject")),
            ("lambda-function", Some("lambda_function")),
            ("lambdaFunction", Some("lambda_function")),
            ("rol", Some("role")),
            ("useragent", Some("user_agent")),
            ("colour", None),
            ("x", None),
            ("", None),
        ];
        for (word, near) in cases {
            assert_eq!(nearest(word, KEYS), near, "{word}");
        }
    }

    #[test]
    fn a_distance_counts_letters() {
        let count = |one: &str, other: &str| distance(&letters(one), &letters(other));
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("abc", ""), 3);
        assert_eq!(count("same", "same"), 0);
    }

    #[test]
    fn a_word_without_end_is_near_nothing() {
        assert_eq!(nearest(&"r".repeat(1 << 20), KEYS), None);
    }
}
