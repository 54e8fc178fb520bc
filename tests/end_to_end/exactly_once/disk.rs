//! A disk that is full.

use std::fs;
use std::process::Command;

use super::corpus::Corpus;
use super::is_whole;
use crate::servers::without_aws;

/// Fills a disk of its own, gives it more room, goes on, and takes the lake off it. Runs as root of a namespace, or as root.
const SCRIPT: &str = r#"
set -u
mkdir -p disk
mount -t tmpfs -o size=96k tmpfs disk || exit 90
"$CURTAIL" --lake disk/lake ingest > full.out 2> full.err
echo $? > full.code
mount -o remount,size=200m disk || exit 90
"$CURTAIL" --lake disk/lake ingest || exit 91
cp -r disk/lake lake
umount disk
"#;

#[test]
fn a_run_that_a_full_disk_stops_is_made_good_by_the_next() {
    let corpus = Corpus::new(120, 40);
    let place = tempfile::tempdir().unwrap();
    corpus.write(&place.path().join("trail"));
    fs::write(place.path().join("curtail.toml"), super::SETTINGS).unwrap();
    fs::write(place.path().join("script"), SCRIPT).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        without_aws(&mut command)
            .args(arguments)
            .current_dir(place.path())
            .env("CURTAIL", env!("CARGO_BIN_EXE_curtail"))
            .output()
    };
    let in_namespace = run("unshare", &["--map-root-user", "--mount", "sh", "script"]);
    let output = match in_namespace {
        Ok(output) if output.status.success() => output,
        _ => run("sh", &["script"]).unwrap(),
    };
    assert!(
        output.status.success(),
        "{}; a disk of its own needs namespaces or root",
        String::from_utf8_lossy(&output.stderr)
    );
    let read = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    assert_eq!(read("full.code").trim(), "4", "{}", read("full.err"));
    assert!(
        read("full.err").contains("No space left on device"),
        "{}",
        read("full.err")
    );
    is_whole(place.path(), &Vec::new(), "lake", &corpus);
}
