//! README.md, ARCHITECTURE.md and docs/ say what the code does.

use std::fs;
use std::path::Path;

use crate::scene::curtail;

fn read(relative: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)).unwrap()
}

/// The commands that `curtail --help` lists.
fn commands() -> Vec<String> {
    let output = curtail(Path::new(env!("CARGO_MANIFEST_DIR")), &["--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    let list = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn the_readme_lists_every_command_and_no_other() {
    let readme = read("README.md");
    let listed: Vec<String> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `curtail "))
        .map(|rest| rest.split(['`', ' ']).next().unwrap().to_owned())
        .collect();
    assert_eq!(listed, commands());
}

#[test]
fn the_readme_lists_every_setting_of_the_configuration() {
    let readme = read("README.md");
    for setting in [
        "lake",
        "agents",
        "sources",
        "from",
        "taken_at",
        "as_of",
        "window_days",
        "out",
        "fail_on",
    ] {
        assert!(readme.contains(&format!("{setting} =")), "{setting}");
    }
    let example = readme
        .split("```toml")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let scene = crate::scene::Scene::new();
    scene.write("curtail.toml", example);
    let output = scene.curtail(&["catalog"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_documented_tables_and_views_are_those_that_there_are() {
    let document = read("docs/tables.md");
    let documented: Vec<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("### `"))
        .filter_map(|line| line.strip_suffix('`'))
        .collect();
    let mut there: Vec<String> = curtail_analyze::VIEWS
        .iter()
        .map(|view| view.name.to_owned())
        .collect();
    there.extend(
        curtail_ingest::LakeTable::ALL
            .iter()
            .map(|table| table.name().to_owned()),
    );
    there.extend(
        curtail_analyze::RULES
            .iter()
            .map(|(id, _)| (*id).to_owned()),
    );
    let mut documented: Vec<String> = documented.into_iter().map(ToOwned::to_owned).collect();
    documented.sort_unstable();
    there.sort_unstable();
    assert_eq!(documented, there);
    let views = curtail_analyze::VIEWS.iter();
    let views = views.map(|view| (view.name, view.sql));
    for (name, sql) in views.chain(curtail_analyze::RULES.iter().copied()) {
        let head: Vec<&str> = sql
            .lines()
            .take_while(|line| line.starts_with("--"))
            .collect();
        assert!(
            document.contains(&head.join("\n")),
            "the head of {name} is not as documented"
        );
    }
}

#[test]
fn the_architecture_names_only_files_that_there_are() {
    for document in ["ARCHITECTURE.md", "README.md"] {
        let text = read(document);
        for path in text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| is_path(word))
        {
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(),
                "{document}: {path}"
            );
        }
    }
}

/// Whether a word between backticks names a file or folder of the repository.
fn is_path(word: &str) -> bool {
    let roots = [
        "iam/",
        "ingest/",
        "analyze/",
        "report/",
        "queries/",
        "src/",
        "tests/",
        "docs/",
        "sample-data/",
        ".ci/",
    ];
    roots.iter().any(|root| word.starts_with(root)) && !word.contains(['*', ' '])
}
