//! A wildcard pattern as tokens: for patterns that were assembled, and for comparing two patterns.
//!
//! Text that comes from a variable's value is data: its `*` and `?` are characters, not wildcards.
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".
//!
//! INVARIANT: a run of wildcards holds its `One`s first and then at most one `Any`, so that
//! `?*`, `*?` and `**?` are one and the same pattern.

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Token {
    /// This character.
    Char(char),
    /// Exactly one character, whichever (`?`).
    One,
    /// Any run of characters, also none (`*`).
    Any,
}

impl Token {
    /// Tells whether this step can take everything that the other step stands for.
    fn takes(self, other: Self) -> bool {
        match self {
            Self::Any => true,
            Self::One => other != Self::Any,
            Self::Char(_) => self == other,
        }
    }

    /// Tells whether a single character exists that both steps take.
    fn shares_a_character_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Char(a), Self::Char(b)) => a == b,
            _ => true,
        }
    }
}

/// A wildcard pattern over characters, case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Glob(Vec<Token>);

impl Glob {
    /// Reads `*` and `?` as wildcards and everything else as itself.
    pub(crate) fn parse(pattern: &str) -> Self {
        pattern.chars().map(token).collect()
    }

    /// The pattern that only this text matches.
    pub(crate) fn literal(text: &str) -> Self {
        text.chars().map(Token::Char).collect()
    }

    /// The steps.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.0
    }

    /// The pattern as it is written; a literal `*` or `?` cannot be told from a wildcard there.
    pub(crate) fn text(&self) -> String {
        let letter = |step: &Token| match step {
            Token::Char(letter) => *letter,
            Token::One => '?',
            Token::Any => '*',
        };
        self.0.iter().map(letter).collect()
    }

    /// Tells whether every text matches.
    pub(crate) fn is_everything(&self) -> bool {
        self.0 == [Token::Any]
    }

    /// Tells whether the last step is a star.
    pub(crate) fn ends_with_star(&self) -> bool {
        self.0.last() == Some(&Token::Any)
    }

    /// Tells whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        takes_all(&self.0, &text.chars().map(Token::Char).collect::<Vec<_>>())
    }

    /// Tells that every text of `narrow` matches here too; `false` proves nothing.
    pub(crate) fn covers(&self, narrow: &Self) -> bool {
        takes_all(&self.0, &narrow.0)
    }

    /// Tells whether some text matches both.
    ///
    /// Walks both patterns at once and keeps, per step of this one, the steps of the other that
    /// some common text reaches. Memory is one row, time both lengths multiplied.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        if let Some(known) = self.overlaps_at_sight(other) {
            return known;
        }
        let mut row = vec![false; other.0.len() + 1];
        if let Some(start) = row.first_mut() {
            *start = true;
        }
        skip_stars(&mut row, &other.0);
        for &step in &self.0 {
            row = advance(step, &row, &other.0);
        }
        row.last().copied().unwrap_or(false)
    }

    /// The answer where the ends of the patterns show it.
    fn overlaps_at_sight(&self, other: &Self) -> Option<bool> {
        if self.is_everything() || other.is_everything() {
            return Some(true);
        }
        let apart = begin_apart(self.0.iter().zip(&other.0))
            || begin_apart(self.0.iter().rev().zip(other.0.iter().rev()));
        let literal = |glob: &Self| glob.0.iter().all(|step| matches!(step, Token::Char(_)));
        if apart {
            Some(false)
        } else if literal(self) && literal(other) {
            Some(self == other)
        } else {
            None
        }
    }
}

impl FromIterator<Token> for Glob {
    fn from_iter<I: IntoIterator<Item = Token>>(tokens: I) -> Self {
        let mut steps: Vec<Token> = Vec::new();
        for token in tokens {
            match (token, steps.last()) {
                (Token::Any, Some(Token::Any)) => {}
                (Token::One, Some(Token::Any)) => {
                    steps.pop();
                    steps.extend([Token::One, Token::Any]);
                }
                _ => steps.push(token),
            }
        }
        Self(steps)
    }
}

/// Tells whether two patterns ask for different characters before either has a wildcard.
fn begin_apart<'a>(mut pairs: impl Iterator<Item = (&'a Token, &'a Token)>) -> bool {
    let first_odd = pairs.find(|(a, b)| !matches!(a, Token::Char(_)) || a != b);
    matches!(first_odd, Some((Token::Char(_), Token::Char(_))))
}

/// The step that a character of a written pattern stands for.
pub(crate) fn token(character: char) -> Token {
    match character {
        '*' => Token::Any,
        '?' => Token::One,
        other => Token::Char(other),
    }
}

/// Greedy matching of `wide` over the steps of `narrow`; a step `Any` only fits into a star.
fn takes_all(wide: &[Token], narrow: &[Token]) -> bool {
    let (mut w, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(&wanted) = narrow.get(n) {
        match wide.get(w) {
            Some(Token::Any) => {
                w += 1;
                retry = Some((w, n));
            }
            Some(&step) if step.takes(wanted) => (w, n) = (w + 1, n + 1),
            _ => {
                let Some((after_star, from)) = retry else {
                    return false;
                };
                retry = Some((after_star, from + 1));
                (w, n) = (after_star, from + 1);
            }
        }
    }
    wide.get(w..)
        .is_some_and(|rest| rest.iter().all(|&step| step == Token::Any))
}

/// The row after one more step of the first pattern.
fn advance(step: Token, row: &[bool], other: &[Token]) -> Vec<bool> {
    let mut next = match step {
        Token::Any => row.to_vec(),
        _ => vec![false; row.len()],
    };
    for (position, &theirs) in other.iter().enumerate() {
        let reached = row.get(position).copied().unwrap_or(false);
        let running = next.get(position).copied().unwrap_or(false);
        match (step, theirs) {
            // Our star eats what their step stands for.
            (Token::Any, _) if running => set(&mut next, position + 1),
            // Their star eats our one character and stays.
            (Token::One | Token::Char(_), Token::Any) if reached => set(&mut next, position),
            (Token::One | Token::Char(_), _) if reached && step.shares_a_character_with(theirs) => {
                set(&mut next, position + 1);
            }
            _ => {}
        }
    }
    skip_stars(&mut next, other);
    next
}

fn set(row: &mut [bool], position: usize) {
    if let Some(cell) = row.get_mut(position) {
        *cell = true;
    }
}

/// A star of the second pattern may stand for nothing.
fn skip_stars(row: &mut [bool], other: &[Token]) {
    for (position, &step) in other.iter().enumerate() {
        if step == Token::Any && row.get(position).copied().unwrap_or(false) {
            set(row, position + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_star_is_not_a_wildcard() {
        let literal = Glob::literal("a*");
        assert!(literal.matches("a*"));
        assert!(!literal.matches("ab"));
        assert!(Glob::parse("a?").covers(&literal));
        assert!(!literal.covers(&Glob::parse("a*")));
    }

    #[test]
    fn runs_of_wildcards_have_one_form() {
        assert_eq!(Glob::parse("*?*?"), Glob::parse("??*"));
        assert!(Glob::parse("***").is_everything());
    }
}
