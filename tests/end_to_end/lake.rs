//! `curtail lake`: small files put together, old files removed, damage named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::scene::{Scene, call};

/// A lake of so many runs, each of a small object of two events and a record that cannot be read.
fn scene(runs: u32) -> Scene {
    let scene = Scene::new();
    for run in 0..runs {
        let event = |index: u32| {
            let time = format!("2026-09-20T10:{:02}:{index:02}Z", 59 - run);
            call(
                &format!("e-{run}-{index}"),
                "app",
                "ec2:DescribeVpcs",
                &time,
            )
        };
        let records = [event(0), event(1), json!("not a record")];
        scene.trail(&format!("RUN{run:02}"), &records);
        let output = scene.curtail(&["ingest", "--no-optimize"]);
        assert_eq!(output.status.code(), Some(3), "{output:?}");
    }
    scene
}

/// What a command prints as JSON, and its exit code.
fn json_of(scene: &Scene, arguments: &[&str]) -> (Value, Option<i32>) {
    let output = scene.curtail(&[arguments, &["--format", "json"]].concat());
    let printed = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (printed, output.status.code())
}

/// Grade, table and code of each finding, and the exit code.
fn check(scene: &Scene) -> (Vec<String>, Option<i32>) {
    let (found, code) = json_of(scene, &["lake", "check"]);
    let found = found.as_array().unwrap().iter().map(|finding| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{} {} {}", text("grade"), text("table"), text("code"))
    });
    (found.collect(), code)
}

fn event_ids(scene: &Scene) -> Vec<Value> {
    scene.sql("select event_id, event_time, object_key from events order by event_id")
}

fn data_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "parquet"))
        .collect();
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn small_files_become_one_and_old_ones_go_when_their_time_has_come() {
    let scene = scene(5);
    let before = event_ids(&scene);
    let day = scene.path("lake/events/event_date=2026-09-20");
    assert_eq!(data_files(&day).len(), 5);
    let (optimized, code) = json_of(&scene, &["lake", "optimize"]);
    assert_eq!(code, Some(0));
    let events = &optimized[0];
    assert_eq!(
        (
            &events["table"],
            &events["files_removed"],
            &events["files_added"]
        ),
        (&json!("events"), &json!(5), &json!(1))
    );
    assert_eq!(event_ids(&scene), before);
    assert_eq!(check(&scene), (vec![], Some(0)));

    let (kept, _) = json_of(&scene, &["lake", "vacuum"]);
    assert_eq!(kept, json!([]));
    let refused = scene.curtail(&["lake", "vacuum", "--older-than", "0"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(
        told.contains("400 days") && told.contains("--force"),
        "{told}"
    );
    let forced = ["lake", "vacuum", "--older-than", "0", "--force"];
    let (named, _) = json_of(&scene, &[&forced[..], &["--dry-run"]].concat());
    assert_eq!(data_files(&day).len(), 6);
    let (removed, code) = json_of(&scene, &forced);
    assert_eq!((&removed, code), (&named, Some(0)));
    assert_eq!(removed.as_array().unwrap().len(), 15, "{removed}");
    assert_eq!(data_files(&day).len(), 1);
    assert_eq!(event_ids(&scene), before);
    assert_eq!(check(&scene), (vec![], Some(0)));
}

#[test]
fn an_ingest_puts_small_files_together_by_itself() {
    let scene = scene(17);
    let day = scene.path("lake/events/event_date=2026-09-20");
    assert_eq!(data_files(&day).len(), 17);
    scene.trail(
        "LAST",
        &[call(
            "last",
            "app",
            "ec2:DescribeVpcs",
            "2026-09-20T11:00:00Z",
        )],
    );
    assert!(scene.curtail(&["ingest"]).status.success());
    let (optimized, _) = json_of(&scene, &["lake", "optimize", "--table", "events"]);
    assert_eq!(optimized[0]["files_removed"], 0, "the ingest left one file");
    assert_eq!(event_ids(&scene).len(), 35);
}

#[test]
fn damage_is_named_and_exits_with_3() {
    let scene = scene(3);
    assert_eq!(check(&scene), (vec![], Some(0)));
    let day = scene.path("lake/events/event_date=2026-09-20");
    let files = data_files(&day);
    fs::remove_file(&files[0]).unwrap();
    let whole = fs::read(&files[1]).unwrap();
    fs::write(&files[1], &whole[..whole.len() - 7]).unwrap();
    let (found, code) = check(&scene);
    assert_eq!(code, Some(3));
    assert_eq!(
        found,
        [
            "problem events file-missing",
            "problem events file-size",
            "problem events events-missing",
            "problem events events-missing"
        ]
    );
    let output = scene.curtail(&["lake", "check"]);
    let told = String::from_utf8(output.stdout).unwrap();
    let name = files[0].file_name().unwrap().to_str().unwrap();
    assert!(
        told.lines()
            .any(|line| line.starts_with("events: problem file-missing")
                && line.contains(name)
                && line.contains("restore")),
        "{told}"
    );
}

#[test]
fn what_a_killed_writer_left_is_a_warning_and_goes_after_a_week() {
    let scene = scene(1);
    let left = scene.path("lake/objects/part-00000-left.zstd.parquet");
    fs::write(&left, b"PAR1").unwrap();
    assert_eq!(
        check(&scene),
        (vec!["warning objects orphan".to_owned()], Some(0))
    );
    assert_eq!(json_of(&scene, &["lake", "vacuum"]).0, json!([]));
    let written = fs::metadata(&left).unwrap().modified().unwrap();
    let week = written - Duration::from_hours(8 * 24);
    fs::File::options()
        .write(true)
        .open(&left)
        .unwrap()
        .set_modified(week)
        .unwrap();
    let (removed, _) = json_of(&scene, &["lake", "vacuum"]);
    assert_eq!(removed[0]["reason"], "orphan");
    assert!(!left.exists());
    assert_eq!(check(&scene), (vec![], Some(0)));
}

#[test]
fn an_optimize_that_is_killed_at_any_moment_leaves_a_sound_table() {
    let scene = scene(6);
    let before = event_ids(&scene);
    let untouched = scene.path("untouched");
    copy(&scene.path("lake"), &untouched);
    for milliseconds in [5, 20, 40, 60, 80, 100, 130, 160, 200, 250, 300, 400, 600] {
        let mut optimize = Command::new(env!("CARGO_BIN_EXE_curtail"))
            .current_dir(scene.path(""))
            .args(["lake", "optimize", "--quiet"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        // It may have ended by itself.
        let _ = optimize.kill();
        optimize.wait().unwrap();
        let (found, code) = check(&scene);
        assert_eq!(code, Some(0), "{milliseconds} ms: {found:?}");
        assert_eq!(event_ids(&scene), before, "{milliseconds} ms");
        let again = scene.curtail(&["lake", "optimize"]);
        assert!(again.status.success(), "{again:?}");
        assert_eq!(event_ids(&scene), before, "{milliseconds} ms");
        fs::remove_dir_all(scene.path("lake")).unwrap();
        copy(&untouched, &scene.path("lake"));
    }
}

#[test]
fn a_lake_that_is_not_there_is_sound_and_stays_unmade() {
    let scene = Scene::new();
    assert_eq!(check(&scene), (vec![], Some(0)));
    assert_eq!(json_of(&scene, &["lake", "optimize"]).0, json!([]));
    assert_eq!(json_of(&scene, &["lake", "vacuum"]).0, json!([]));
    assert!(!scene.path("lake").exists());
    let output = scene.curtail(&["lake", "optimize", "--table", "nonsense"]);
    assert_eq!(output.status.code(), Some(2));
}
