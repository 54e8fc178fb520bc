//! Names of roles, policies and agents as file names and anchors: any text in, a safe name that is
//! given once out.

use std::collections::BTreeSet;

/// Longest file name before its ending (chosen: well below the 255 bytes of common file systems).
const LONGEST: usize = 120;

/// The names given so far in one folder.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The first of the candidates that is free, or the last of them with a number.
    ///
    /// Upper and lower case count as one, since some file systems take them for one.
    pub(crate) fn unique(&mut self, candidates: &[&str]) -> String {
        let mut name = String::new();
        for candidate in candidates {
            name = safe(candidate);
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
        }
        let mut number = 2_u32;
        loop {
            let numbered = format!("{name}-{number}");
            if self.taken.insert(numbered.to_lowercase()) {
                return numbered;
            }
            number += 1;
        }
    }
}

/// Letters, digits, `.`, `_` and `-` of ASCII; no dot first, so that nothing is hidden or climbs.
fn safe(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() || "._-".contains(character) {
                character
            } else {
                '_'
            }
        })
        .take(LONGEST)
        .collect();
    let name = name.trim_start_matches(['.', '-']);
    if name.is_empty() {
        "unnamed".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_given_twice_is_numbered() {
        let mut names = Names::default();
        assert_eq!(names.unique(&["app"]), "app");
        assert_eq!(names.unique(&["App", "1111-App"]), "1111-App");
        assert_eq!(names.unique(&["APP"]), "APP-2");
    }

    #[test]
    fn a_name_cannot_climb_or_hide() {
        assert_eq!(safe("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe(".."), "unnamed");
        assert_eq!(safe("a\u{202e}b|c\n"), "a_b_c_");
    }

    proptest! {
        #[test]
        fn every_name_is_one_plain_path_segment(name in any::<String>()) {
            let safe = safe(&name);
            prop_assert!(!safe.is_empty() && safe.len() <= LONGEST && !safe.starts_with('.'));
            prop_assert!(safe.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)));
        }
    }
}
