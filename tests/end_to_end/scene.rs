//! A scene: trail objects, an IAM snapshot and `agents.toml` in a directory of its own, and the binary run on it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The account of every scene.
pub(crate) const ACCOUNT: &str = "111122223333";
/// The review's date in every scene; its 90-day window starts at 2026-07-03T00:00:00Z.
pub(crate) const AS_OF: &str = "2026-10-01";

/// A directory with the input of one test.
pub(crate) struct Scene {
    directory: TempDir,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let scene = Self {
            directory: TempDir::new().unwrap(),
        };
        scene.write(
            "curtail.toml",
            &format!(
                "lake = \"lake\"\nagents = \"agents.toml\"\n[ingest]\nsources = [\"trail\"]\n\
                 [snapshot]\nfrom = [\"iam\"]\ntaken_at = \"{AS_OF}\"\n\
                 [review]\nas_of = \"{AS_OF}\"\nwindow_days = 90\nout = \"review\"\n"
            ),
        );
        scene.agents("");
        fs::create_dir_all(scene.path("iam")).unwrap();
        fs::create_dir_all(scene.path("trail")).unwrap();
        scene
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        self.write_bytes(relative, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, relative: &str, bytes: &[u8]) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Writes one trail object of the records, gzipped as CloudTrail delivers it.
    pub(crate) fn trail(&self, name: &str, records: &[Value]) {
        let day = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/20";
        let key =
            format!("trail/{day}/{ACCOUNT}_CloudTrail_eu-west-1_20260920T1005Z_{name}.json.gz");
        self.write_bytes(
            &key,
            &gzip(json!({ "Records": records }).to_string().as_bytes()),
        );
    }

    /// Writes the IAM snapshot: the roles, and the managed policies that they name.
    pub(crate) fn iam(&self, roles: &[Value], policies: &[Value]) {
        let details = json!({
            "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": policies,
        });
        self.write("iam/details.json", &details.to_string());
    }

    /// Writes the event selectors of an organisation's trail: management events, and the data events given.
    pub(crate) fn selectors(&self, data_types: &[&str]) {
        let trail = format!("arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/all");
        let mut selectors = vec![json!({
            "Name": "management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
        })];
        selectors.extend(data_types.iter().map(|kind| {
            json!({
                "Name": kind,
                "FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Data"]},
                    {"Field": "resources.type", "Equals": [kind]},
                ],
            })
        }));
        let described = json!({"trailList": [{
            "Name": "all", "S3BucketName": "trail", "IncludeGlobalServiceEvents": true, "IsMultiRegionTrail": true,
            "HomeRegion": "eu-west-1", "TrailARN": trail, "LogFileValidationEnabled": true,
            "HasCustomEventSelectors": true, "HasInsightSelectors": false, "IsOrganizationTrail": false,
        }]});
        let chosen = json!({"TrailARN": trail, "AdvancedEventSelectors": selectors});
        self.write("iam/trails.json", &format!("{described}\n{chosen}\n"));
    }

    pub(crate) fn agents(&self, text: &str) {
        self.write("agents.toml", text);
    }

    /// Runs `curtail` in the scene's directory.
    pub(crate) fn curtail(&self, arguments: &[&str]) -> Output {
        curtail(self.directory.path(), arguments)
    }

    /// Runs `curtail run`, which must do its whole work.
    pub(crate) fn run(&self) {
        let output = self.curtail(&["run"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// The rows of a query.
    pub(crate) fn sql(&self, query: &str) -> Vec<Value> {
        let output = self.curtail(&["sql", query, "--format", "json"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The bucket of an agent's granted action; none where it is not granted.
    pub(crate) fn bucket(&self, agent: &str, action: &str) -> Option<String> {
        let rows = self.sql(&format!(
            "select bucket from buckets where agent = '{agent}' and action = '{action}' and window_days = 90"
        ));
        assert!(
            rows.len() <= 1,
            "{action} stands in more than one bucket: {rows:?}"
        );
        rows.first()
            .map(|row| row["bucket"].as_str().unwrap().to_owned())
    }

    /// The review as JSON.
    pub(crate) fn review(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path("review/review.json")).unwrap()).unwrap()
    }
}

/// Runs `curtail` in a directory, without the caller's environment variables for it.
pub(crate) fn curtail(directory: &Path, arguments: &[&str]) -> Output {
    curtail_reading(directory, arguments, b"")
}

/// Runs the binary with `input` on its standard input.
pub(crate) fn curtail_reading(directory: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::cargo_bin("curtail").unwrap();
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CURTAIL_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(directory)
        .args(arguments)
        .write_stdin(input)
        .output()
        .unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// ARN of a role of the scene's account, `name` with its path.
pub(crate) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

/// A role as `get-account-authorization-details` prints it, with one inline policy of the statements.
/// Its id is `AROA` and its name without path, upper-case.
pub(crate) fn role(name: &str, statements: &Value) -> Value {
    let (path, short) = match name.rsplit_once('/') {
        Some((path, short)) => (format!("/{path}/"), short),
        None => ("/".to_owned(), name),
    };
    json!({
        "Path": path, "RoleName": short, "RoleId": role_id(short), "Arn": role_arn(name),
        "CreateDate": "2026-01-01T00:00:00+00:00",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "InstanceProfileList": [],
        "RolePolicyList": [{"PolicyName": "work",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}],
        "AttachedManagedPolicies": [], "Tags": [], "RoleLastUsed": {},
    })
}

pub(crate) fn role_id(short: &str) -> String {
    format!("AROA{}", short.to_uppercase().replace('-', ""))
}

/// A record of a call by a role: `event` is `service:EventName`.
pub(crate) fn call(id: &str, role_name: &str, event: &str, time: &str) -> Value {
    let (service, name) = event.split_once(':').unwrap();
    let short = role_name.rsplit('/').next().unwrap();
    json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": format!("{}:session", role_id(short)),
            "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{short}/session"),
            "accountId": ACCOUNT, "accessKeyId": "ASIAEXAMPLE000000001",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "principalId": role_id(short), "arn": role_arn(role_name),
                    "accountId": ACCOUNT, "userName": short},
                "attributes": {"creationDate": time, "mfaAuthenticated": "false"},
            },
        },
        "eventTime": time, "eventSource": format!("{service}.amazonaws.com"), "eventName": name,
        "awsRegion": "eu-west-1", "sourceIPAddress": "192.0.2.10", "userAgent": "Boto3/1.44",
        "requestParameters": null, "responseElements": null,
        "requestID": format!("request-{id}"), "eventID": id, "readOnly": true, "eventType": "AwsApiCall",
        "managementEvent": true, "recipientAccountId": ACCOUNT, "eventCategory": "Management",
    })
}

/// The record with a field set, `pointer` being a JSON pointer to an existing or new member.
pub(crate) fn with(mut record: Value, field: &str, value: Value) -> Value {
    record[field] = value;
    record
}

/// One agent bound to the whole of a role.
pub(crate) fn agent(name: &str, role_name: &str) -> String {
    format!(
        "[[agent]]\nname = \"{name}\"\nowners = [\"owner@corp.example\"]\npurpose = \"a scene\"\n\
         [[agent.binding]]\nrole = \"{}\"\n",
        role_arn(role_name)
    )
}
