//! Other programs read the lake: the packages `deltalake` and `duckdb` of `PyPI` count the rows that `curtail sql` counts.
//!
//! The extension `delta` of `duckdb` is downloaded from a server that is no package index, which not every machine reaches.
//! So `duckdb` is given the Parquet files that `deltalake` lists; see `readers.py`.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::scene::{Scene, call};
use crate::servers::python_site;

/// What is installed, in the versions that the test was written with.
const PACKAGES: [&str; 2] = ["deltalake==1.6.6", "duckdb==2.0.0"];

/// What `readers.py` says of the scene's lake.
fn readers(scene: &Scene) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/end_to_end/readers.py");
    let output = Command::new("python3")
        .env("PYTHONPATH", python_site("readers", &PACKAGES))
        .arg(script)
        .arg(scene.path("lake"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every table that there is holds as many rows for each reader as for `curtail sql`.
fn agree(scene: &Scene, tables: &[&str]) -> Value {
    let read = readers(scene);
    let counts = read["counts"].as_object().unwrap();
    let names: Vec<&str> = counts.keys().map(String::as_str).collect();
    assert_eq!(names, tables);
    for (table, count) in counts {
        let ours = scene.sql(&format!("select count(*) as n from {table}"));
        assert_eq!(count["deltalake"], ours[0]["n"], "{table}");
        assert_eq!(count["duckdb"], ours[0]["n"], "{table}");
    }
    let days = scene.sql(
        "select cast(event_date as varchar) as day, count(*) as n, count(distinct record_key) as keys \
         from events group by 1 order by 1",
    );
    for (ours, theirs) in days.iter().zip(read["days"].as_array().unwrap()) {
        assert_eq!(
            (&theirs[0], &theirs[1], &theirs[3]),
            (&ours["day"], &ours["n"], &ours["keys"])
        );
    }
    read
}

#[test]
fn deltalake_and_duckdb_count_what_curtail_counts_before_and_after_optimize_and_vacuum() {
    let scene = Scene::new();
    for run in 0..4 {
        let time = |day: u32| format!("2026-09-{day:02}T10:00:00Z");
        let events = [
            call(&format!("a-{run}"), "app", "ec2:DescribeVpcs", &time(20)),
            call(&format!("b-{run}"), "app", "ec2:DescribeVpcs", &time(21)),
            Value::from("not a record"),
        ];
        scene.trail(&format!("RUN{run}"), &events);
        scene.curtail(&["ingest", "--no-optimize"]);
    }
    let tables = ["events", "objects", "quarantine"];
    let before = agree(&scene, &tables);
    assert_eq!(before["counts"]["events"]["files"], 8);
    assert!(scene.curtail(&["lake", "optimize"]).status.success());
    let after = agree(&scene, &tables);
    assert_eq!(after["counts"]["events"]["files"], 2);
    let vacuum = ["lake", "vacuum", "--older-than", "0", "--force"];
    assert!(scene.curtail(&vacuum).status.success());
    agree(&scene, &tables);
}
