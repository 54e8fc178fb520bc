//! What can go wrong between a model of a review and the files that hold it.

use std::io;
use std::path::PathBuf;

/// A review could not be rendered or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A template does not render (a bug in the template, not in the input).
    #[error("template `{template}` of the review does not render")]
    Render {
        /// The template's file name.
        template: &'static str,
        /// What the template engine says.
        source: minijinja::Error,
    },
    /// The review cannot be written as JSON (a bug in the model, not in the input).
    #[error("the review cannot be written as JSON")]
    Serialize {
        /// What the serializer says.
        source: serde_json::Error,
    },
    /// The file system refuses (environment: permissions, space, a missing mount).
    #[error("cannot {action} `{path}`", path = path.display())]
    Io {
        /// What was tried: `create`, `write`, `rename`, `remove` or `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: names the path and what was tried on it.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
