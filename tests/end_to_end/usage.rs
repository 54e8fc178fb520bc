//! What is typed wrong: the exit code, what, where and what to do.

use crate::scene::Scene;

fn failure(scene: &Scene, arguments: &[&str]) -> (Option<i32>, String) {
    let output = scene.curtail(arguments);
    assert!(
        output.stdout.is_empty(),
        "an error goes to standard error only"
    );
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn an_unknown_flag_exits_with_2() {
    let (code, text) = failure(&Scene::new(), &["ingest", "--nonsense"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("--nonsense"), "{text}");
}

#[test]
fn a_broken_configuration_names_file_and_line() {
    let scene = Scene::new();
    scene.write("curtail.toml", "lake = \"lake\"\nwindow = 3\n");
    let (code, text) = failure(&scene, &["run"]);
    assert_eq!(code, Some(2));
    assert!(
        text.contains("curtail.toml") && text.contains("line 2") && text.contains("window"),
        "{text}"
    );
}

#[test]
fn a_broken_agents_file_names_file_line_and_key() {
    let scene = Scene::new();
    scene.agents("[[agent]]\nname = \"a\"\nowners = []\npurpos = \"typo\"\n");
    let (code, text) = failure(&scene, &["analyze"]);
    assert_eq!(code, Some(2));
    assert!(
        text.contains("agents.toml:4") && text.contains("purpos"),
        "{text}"
    );
}

#[test]
fn a_source_that_is_not_there_is_named() {
    let (code, text) = failure(&Scene::new(), &["ingest", "no-such-directory"]);
    assert_eq!(code, Some(4));
    assert!(text.contains("no-such-directory"), "{text}");
}

#[test]
fn sql_reads_and_never_writes() {
    let scene = Scene::new();
    scene.agents("");
    for statement in [
        "drop view buckets",
        "create table t as select 1",
        "copy (select 1) to 'out.csv'",
        "insert into events select * from events",
        "create external table t stored as csv location '/etc/passwd'",
        "set datafusion.execution.batch_size = 1",
        "select * from '/etc/passwd'",
    ] {
        let (code, text) = failure(&scene, &["sql", statement]);
        assert_eq!(code, Some(2), "{statement}: {text}");
    }
    assert!(!scene.path("out.csv").exists());
}

#[test]
fn every_command_has_help_with_an_example() {
    let scene = Scene::new();
    for command in [
        "run",
        "ingest",
        "snapshot",
        "analyze",
        "agents",
        "report",
        "diff",
        "sql",
        "expand",
        "map",
        "simulate",
        "lint",
        "lake",
        "completions",
    ] {
        let output = scene.curtail(&[command, "--help"]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains("Examples:") && text.contains(&format!("curtail {command}")),
            "{command}: {text}"
        );
    }
}
