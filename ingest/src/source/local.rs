//! Trail objects on this machine: a directory that is walked, or one file.
//!
//! Symbolic links are followed; a link to a directory that is being walked is not. What cannot be looked at is given
//! too, so that it is named.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::walk::name_of;
use super::{Object, Place};
use crate::Error;

/// A root of objects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LocalSource {
    /// Canonical URL of the root; ends with a slash.
    url: Arc<str>,
    pub(super) root: PathBuf,
    /// The one file that is meant, if it is not the whole root.
    pub(super) only: Option<String>,
}

impl LocalSource {
    /// The source that the user means by `given`: a path, or a `file:` URL.
    ///
    /// # Errors
    /// [`Error::SourceMissing`], or [`Error::SourceUnsupported`] for a URL of another kind.
    pub(super) fn parse(given: &str) -> Result<Self, Error> {
        let unsupported = || Error::SourceUnsupported {
            location: given.to_owned(),
        };
        let path = match Url::parse(given) {
            Ok(url) if url.scheme() == "file" => url.to_file_path().map_err(|()| unsupported())?,
            Ok(url) if given.contains("://") && url.scheme().len() > 1 => return Err(unsupported()),
            _ => PathBuf::from(given),
        };
        let path = path.canonicalize().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => Error::SourceMissing {
                path: given.to_owned(),
            },
            _ => Error::Read {
                path: path.clone(),
                source,
            },
        })?;
        Self::of_path(path).ok_or_else(unsupported)
    }

    /// URL and path of the directory; none for a single file.
    pub(crate) fn directory(&self) -> Option<(&str, &Path)> {
        self.only
            .is_none()
            .then_some((&*self.url, self.root.as_path()))
    }

    fn of_path(path: PathBuf) -> Option<Self> {
        let (root, only) = if path.is_dir() {
            (path, None)
        } else {
            let name = name_of(path.file_name()?);
            (path.parent()?.to_path_buf(), Some(name))
        };
        let url = Url::from_directory_path(&root).ok()?;
        Some(Self {
            url: Arc::from(url.as_str()),
            root,
            only,
        })
    }

    /// The object at `path`, whose key is `key`.
    pub(super) fn object(&self, path: &Path, key: String) -> Object {
        let (size, etag, unreadable) = match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() || metadata.is_dir() => {
                (metadata.len(), etag(&metadata), None)
            }
            Ok(_) => (0, String::new(), Some("it is no regular file".to_owned())),
            Err(error) => (0, String::new(), Some(error.to_string())),
        };
        Object {
            source: Arc::clone(&self.url),
            key,
            place: Place::File(path.to_path_buf()),
            size,
            etag,
            unreadable,
        }
    }
}

/// Size and time of the last change, in hexadecimal; the time in microseconds since 1970.
fn etag(metadata: &std::fs::Metadata) -> String {
    let changed = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_micros());
    format!("{:x}-{changed:x}", metadata.len())
}

#[cfg(test)]
mod tests {
    use super::super::walk::Walk;
    use super::*;

    fn keys(given: &Path) -> Vec<String> {
        let source = LocalSource::parse(given.to_str().unwrap()).unwrap();
        Walk::new(vec![source], None)
            .map(|object| object.key)
            .collect()
    }

    #[test]
    fn a_missing_source_is_named_with_a_remedy() {
        let error = LocalSource::parse("/no/such/place").unwrap_err();
        assert_eq!(error.to_string(), "source `/no/such/place` does not exist");
        assert!(error.hint().is_some());
    }

    #[test]
    fn a_url_of_another_kind_is_refused() {
        let error = LocalSource::parse("gs://bucket/prefix").unwrap_err();
        assert!(matches!(error, Error::SourceUnsupported { .. }));
    }

    #[test]
    fn objects_come_in_order_of_their_keys() {
        let root = tempfile::tempdir().unwrap();
        for key in ["b/2.json", "b/10.json", "a.json", "b.json", "c/d/e.json"] {
            let path = root.path().join(key);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "{}").unwrap();
        }
        let expected = ["a.json", "b.json", "b/10.json", "b/2.json", "c/d/e.json"];
        assert_eq!(keys(root.path()), expected);
    }

    #[test]
    fn one_file_has_the_key_that_its_directory_would_give_it() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("one.json");
        std::fs::write(&file, "{}").unwrap();
        std::fs::write(root.path().join("two.json"), "{}").unwrap();
        assert_eq!(keys(&file), ["one.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_end() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("one.json"), "{}").unwrap();
        std::os::unix::fs::symlink(root.path(), inner.join("loop")).unwrap();
        std::os::unix::fs::symlink(inner.join("one.json"), root.path().join("link.json")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.path().join("dangling.json")).unwrap();
        assert_eq!(
            keys(root.path()),
            ["dangling.json", "inner/one.json", "link.json"]
        );
    }

    #[test]
    fn a_changed_file_is_another_version() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("one.json");
        std::fs::write(&file, "{}").unwrap();
        let before = etag(&std::fs::metadata(&file).unwrap());
        std::fs::write(&file, "{ }").unwrap();
        assert_ne!(before, etag(&std::fs::metadata(&file).unwrap()));
    }
}
