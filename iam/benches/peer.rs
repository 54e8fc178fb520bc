//! Decisions a second beside those of the npm package `@cloud-copilot/iam-simulate`, on the same cases in one run.
//!
//!     cargo bench -p curtail-iam --bench peer -- --install
//!
//! installs the package with `npm` into `target/peer` (it is never a part of this product); without `--install` the run
//! needs it to be there. The cases are those of the benchmark `decide`: one role, 1,024 requests. Ours decides them over
//! and over for a second with policies read beforehand, the peer for five seconds, as its interface has it. Where the two
//! disagree, the first such request is shown.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark without its peer is to stop, and one prints"
)]

#[path = "peer/role.rs"]
mod role_of;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use curtail_iam::simulate::{AccessPolicies, AccessRequest, Engine, Principal};
use role_of::{ACCOUNT, REQUESTS, SESSION, TAG, document, identity, policy, request};
use serde_json::{Value, json};

const PACKAGE: &str = "@cloud-copilot/iam-simulate@0.1.173";
const SCRIPT: &str = include_str!("peer/simulate.mjs");

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peer");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    if std::env::args().any(|argument| argument == "--install") {
        npm(&folder);
    }
    if !folder.join("node_modules").is_dir() {
        println!(
            "{PACKAGE} is not in {}: run with --install",
            folder.display()
        );
        return ExitCode::SUCCESS;
    }
    let requests: Vec<AccessRequest> = (0..REQUESTS).map(request).collect();
    let (ours, decisions) = ours(&requests);
    let (theirs, others) = theirs(&folder, &requests);
    println!("curtail                  {ours:>12.0} decisions/s");
    println!("{PACKAGE}  {theirs:>12.0} decisions/s");
    println!("ratio                    {:>12.1}", ours / theirs);
    let differ = |(one, other): &(&String, &String)| one != other;
    let apart = decisions.iter().zip(&others).filter(differ).count();
    println!("decisions that differ    {apart:>12} of {REQUESTS}");
    if let Some(first) = decisions.iter().zip(&others).position(|pair| differ(&pair)) {
        println!(
            "the first: {:?}, {:?} here, {:?} there",
            requests.get(first),
            decisions.get(first),
            others.get(first)
        );
    }
    ExitCode::SUCCESS
}

fn npm(folder: &Path) {
    let status = Command::new("npm")
        .args(["install", "--silent", "--no-audit", "--no-fund", PACKAGE])
        .current_dir(folder)
        .status();
    assert!(status.expect("npm runs").success(), "npm installs the peer");
}

/// Decisions a second, and the decisions.
fn ours(requests: &[AccessRequest]) -> (f64, Vec<String>) {
    let principal = Principal::parse(SESSION).expect("the ARN of a session");
    let tags = BTreeMap::from([(TAG.0.to_owned(), TAG.1.to_owned())]);
    let policies = AccessPolicies {
        identity: identity().into_iter().map(document).collect(),
        ..AccessPolicies::default()
    };
    let engine = Engine::new(principal, &tags, &policies);
    let decide = || -> Vec<&str> {
        requests
            .iter()
            .map(|one| engine.decide(one).as_str())
            .collect()
    };
    let decisions = decide().into_iter().map(str::to_owned).collect();
    let (start, mut rounds) = (Instant::now(), 0.0);
    while start.elapsed() < Duration::from_secs(1) {
        std::hint::black_box(decide());
        rounds += 1.0;
    }
    let decided = rounds * f64::from(u32::try_from(requests.len()).expect("a thousand"));
    (decided / start.elapsed().as_secs_f64(), decisions)
}

/// The same of the peer.
fn theirs(folder: &Path, requests: &[AccessRequest]) -> (f64, Vec<String>) {
    let cases = json!({
        "principal": SESSION,
        "account": ACCOUNT,
        "tags": {TAG.0: TAG.1},
        "policies": identity(),
        "everything": policy(&[json!({"Effect": "Allow", "Action": "*", "Resource": "*"})]),
        "requests": requests.iter().map(as_json).collect::<Vec<Value>>(),
    });
    let (input, script): (PathBuf, PathBuf) =
        (folder.join("cases.json"), folder.join("simulate.mjs"));
    std::fs::write(&input, cases.to_string()).expect("the cases can be written");
    std::fs::write(&script, SCRIPT).expect("the script can be written");
    let output = Command::new("node")
        .arg(&script)
        .arg(&input)
        .current_dir(folder)
        .output();
    let output = output.expect("node runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answer: Value = serde_json::from_slice(&output.stdout).expect("the peer's answer is JSON");
    let per_second = answer
        .get("per_second")
        .and_then(Value::as_f64)
        .expect("a rate");
    let decisions = answer
        .get("decisions")
        .and_then(Value::as_array)
        .expect("a list");
    let decisions = decisions
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned);
    (per_second, decisions.collect())
}

fn as_json(request: &AccessRequest) -> Value {
    json!({"action": request.action, "resource": request.resource, "context": request.context})
}
