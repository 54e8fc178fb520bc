//! A folder of rules: its `.sql` files in, their texts out; nothing is checked yet but their size.

use std::path::Path;

use crate::Error;

/// Longest text of a rule, in bytes. Chosen: a hundred times the longest that is built in.
const LONGEST_BYTES: u64 = 1 << 20;

/// Most rules of a folder. Chosen: each is planned whenever the lake is opened.
const MOST_FILES: usize = 200;

/// The text of a rule and what errors call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFile {
    /// The file as given.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl RuleFile {
    /// The files of `folder` that end in `.sql`, by name; folders below it are not looked into.
    ///
    /// # Errors
    /// [`Error::RulesUnreadable`] if the folder or a file cannot be read or is no text, [`Error::Rule`] if a file is
    /// too long, [`Error::TooManyRules`] if there are too many of them.
    pub fn read_folder(folder: &Path) -> Result<Vec<Self>, Error> {
        let entries = std::fs::read_dir(folder).map_err(unreadable(folder))?;
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(unreadable(folder))?.path();
            if path.extension().is_some_and(|ending| ending == "sql") {
                paths.push(path);
            }
        }
        if paths.len() > MOST_FILES {
            return Err(Error::TooManyRules {
                path: folder.to_owned(),
                most: MOST_FILES,
            });
        }
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let size = std::fs::metadata(path).map_err(unreadable(path))?.len();
        if size > LONGEST_BYTES {
            return Err(Error::Rule {
                file: name,
                line: 1,
                problem: format!("the file has {size} bytes"),
                remedy: "keep a rule below one mebibyte",
            });
        }
        let text = std::fs::read_to_string(path).map_err(unreadable(path))?;
        Ok(Self { name, text })
    }
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::RulesUnreadable { path, source }
}
