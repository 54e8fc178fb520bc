//! How much of a review its Markdown and HTML forms spell out. The JSON form always holds everything.

use serde::{Deserialize, Serialize};

/// Lines of context around a change in a unified diff (chosen: what `diff -u` and `git diff` print).
pub const DEFAULT_CONTEXT_LINES: usize = 3;
/// Actions that a list names one by one before it is summed up per service (chosen: a list that is still read).
pub const DEFAULT_WHOLE_UP_TO: usize = 80;
/// Actions named per service in a list that is summed up (chosen: one line of a table).
pub const DEFAULT_NAMES_PER_SERVICE: usize = 6;
/// Services named in a list that is summed up (chosen: one page).
pub const DEFAULT_SERVICES: usize = 60;
/// Lines of a unified diff that are shown in place (chosen: four pages; the file holds the rest).
pub const DEFAULT_DIFF_LINES: usize = 240;
/// Rows shown of any other table (chosen: one page).
pub const DEFAULT_ROWS: usize = 50;

/// What [`build`](crate::build) is told besides the analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Lines of context around each change of a unified diff.
    pub context_lines: usize,
    /// Where the Markdown and HTML forms stop listing and start counting.
    pub lists: ListLimits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            context_lines: DEFAULT_CONTEXT_LINES,
            lists: ListLimits::default(),
        }
    }
}

/// Where the Markdown and HTML forms stop listing and start counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListLimits {
    /// A list of up to this many actions is printed whole; a longer one is summed up per service.
    pub whole_up_to: usize,
    /// Actions named per service where a list is summed up.
    pub names_per_service: usize,
    /// Services named where a list is summed up; those with most actions come first.
    pub services: usize,
    /// Lines of a unified diff shown in place.
    pub diff_lines: usize,
    /// Rows shown of any other table.
    pub rows: usize,
}

impl Default for ListLimits {
    fn default() -> Self {
        Self {
            whole_up_to: DEFAULT_WHOLE_UP_TO,
            names_per_service: DEFAULT_NAMES_PER_SERVICE,
            services: DEFAULT_SERVICES,
            diff_lines: DEFAULT_DIFF_LINES,
            rows: DEFAULT_ROWS,
        }
    }
}
