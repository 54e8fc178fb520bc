//! What a review on disk holds to.

use curtail_iam::catalog::Catalog;

use super::*;
use crate::fixture::{analysis, organisation};
use crate::{Options, build};

fn review() -> Review {
    build(&organisation(), Catalog::embedded(), &Options::default())
}

fn nothing() -> Review {
    let empty = analysis(vec![], vec![], vec![], vec![]);
    build(&empty, Catalog::embedded(), &Options::default())
}

fn relative(files: &[PathBuf], out: &Path) -> Vec<String> {
    files
        .iter()
        .map(|file| {
            file.strip_prefix(out)
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

#[test]
fn a_review_is_three_forms_and_a_file_per_change() {
    let out = tempfile::tempdir().unwrap();
    let files = write_review(&review(), out.path()).unwrap();
    assert_eq!(
        relative(&files, out.path()),
        [
            "diffs/invoices/shared-base.diff",
            "diffs/invoices/shared-base.json",
            "diffs/invoices/work.diff",
            "diffs/invoices/work.json",
            "diffs/team/team.diff",
            "diffs/team/team.json",
            "review.html",
            "review.json",
            "review.md",
        ]
    );
    let new = fs::read_to_string(out.path().join("diffs/team/team.json")).unwrap();
    assert!(curtail_iam::document::Document::parse(&new).is_ok());
    let leftovers = walk(out.path())
        .into_iter()
        .filter(|file| file.contains(".tmp"))
        .count();
    assert_eq!(leftovers, 0);
}

#[test]
fn the_same_review_gives_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_review(&review(), one.path()).unwrap();
    write_review(&review(), two.path()).unwrap();
    write_review(&review(), two.path()).unwrap();
    let files = walk(one.path());
    assert_eq!(files, walk(two.path()));
    for file in files {
        let read = |root: &Path| fs::read(root.join(&file)).unwrap();
        assert_eq!(read(one.path()), read(two.path()), "{file}");
    }
}

#[test]
fn changes_of_an_earlier_review_go_and_files_of_others_stay() {
    let out = tempfile::tempdir().unwrap();
    write_review(&review(), out.path()).unwrap();
    let note = out.path().join("diffs/team/note.txt");
    fs::write(&note, "keep").unwrap();
    write_review(&nothing(), out.path()).unwrap();
    assert_eq!(
        walk(out.path()),
        [
            "diffs/.curtail",
            "diffs/team/note.txt",
            "review.html",
            "review.json",
            "review.md"
        ]
    );
    assert_eq!(fs::read_to_string(note).unwrap(), "keep");
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let out = tempfile::tempdir().unwrap();
    let mut analysis = organisation();
    for role in analysis.roles.values_mut() {
        role.name = "../../up".to_owned();
        for policy in &mut role.policies.identity {
            policy.name = "../\u{202e}|".to_owned();
        }
    }
    let review = build(&analysis, Catalog::embedded(), &Options::default());
    let files = write_review(&review, &out.path().join("review")).unwrap();
    assert_eq!(
        relative(&files, &out.path().join("review")),
        [
            "diffs/111122223333-.._.._up/___.diff",
            "diffs/111122223333-.._.._up/___.json",
            "diffs/_.._up/___-2.diff",
            "diffs/_.._up/___-2.json",
            "diffs/_.._up/___.diff",
            "diffs/_.._up/___.json",
            "review.html",
            "review.json",
            "review.md",
        ]
    );
}

#[test]
fn a_withheld_change_has_no_file() {
    let out = tempfile::tempdir().unwrap();
    let mut review = review();
    for role in &mut review.roles {
        for change in &mut role.trim.policies {
            change.withheld = Some("not proven".to_owned());
        }
    }
    write_review(&review, out.path()).unwrap();
    assert_eq!(
        walk(out.path()),
        ["review.html", "review.json", "review.md"]
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let out = tempfile::tempdir().unwrap();
    let taken = out.path().join("taken");
    fs::write(&taken, "").unwrap();
    let error = write_review(&review(), &taken.join("review")).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Io {
                action: "create",
                ..
            }
        ),
        "{error}"
    );
}

/// Every file below the folder, sorted, with `/`.
fn walk(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(
                    path.strip_prefix(root)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned(),
                );
            }
        }
    }
    files.sort();
    files
}
