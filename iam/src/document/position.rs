//! Places within a document: what stands where, by name and by line and column.
//!
//! A [`Path`] names a place by elements and items; a [`Position`] is where it stands in the text.

use std::fmt;

use serde::Serialize;

/// Where something stands in a text. Of URL-encoded documents, the text is the decoded one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line, from 1; `\n` ends a line.
    pub line: usize,
    /// The column, from 1, in characters (Unicode code points).
    pub column: usize,
}

impl Position {
    /// The position of the character of `text` that a byte belongs to; that of its end beyond it.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text
            .get(..text.floor_char_boundary(offset))
            .unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let last = before.get(line_start..).unwrap_or_default();
        Self {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: last.chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// A step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into an object, to the element of that name.
    Element(String),
    /// Into a list, to the item of that index, from 0. Item 0 of a value that is no list is the
    /// value itself, since lists of one may be written without brackets.
    Item(usize),
}

/// A place within a document, by the steps that lead there from the whole.
///
/// ```
/// use curtail_iam::document::Path;
/// let path = Path::statement(1).element("Action").item(2);
/// assert_eq!(path.to_string(), "Statement[1].Action[2]");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path {
    steps: Vec<Step>,
}

impl Path {
    /// The whole document.
    #[must_use]
    pub fn document() -> Self {
        Self::default()
    }

    /// The statement of that index, from 0.
    #[must_use]
    pub fn statement(index: usize) -> Self {
        Self::document().element("Statement").item(index)
    }

    /// The element of that name within this place.
    #[must_use]
    pub fn element(mut self, name: &str) -> Self {
        self.steps.push(Step::Element(name.to_owned()));
        self
    }

    /// The item of that index, from 0, within this place.
    #[must_use]
    pub fn item(mut self, index: usize) -> Self {
        self.steps.push(Step::Item(index));
        self
    }

    /// The steps from the whole document to the place.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The index of the statement that the place lies in, if it lies in one.
    #[must_use]
    pub fn statement_index(&self) -> Option<usize> {
        match self.steps.as_slice() {
            [Step::Element(name), Step::Item(index), ..] if name == "Statement" => Some(*index),
            _ => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Element(name) if index == 0 => formatter.write_str(name)?,
                Step::Element(name) => write!(formatter, ".{name}")?,
                Step::Item(item) => write!(formatter, "[{item}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_with_a_newline() {
        let text = "{\r\n\"é\": 1}";
        let at = |offset| Position::of(text, offset).to_string();
        assert_eq!(at(0), "line 1, column 1");
        assert_eq!(at(3), "line 2, column 1");
        assert_eq!(at(text.find('1').unwrap()), "line 2, column 6");
        assert_eq!(at(1000), "line 2, column 8");
        assert_eq!(at(5), "line 2, column 2", "within a character");
    }

    #[test]
    fn a_path_names_its_statement() {
        assert_eq!(Path::statement(3).element("Sid").statement_index(), Some(3));
        assert_eq!(Path::document().element("Version").statement_index(), None);
        assert_eq!(Path::document().to_string(), "");
    }
}
