//! The examples that `--help` ends with, a text for each command.

pub(super) const TOP_EXAMPLES: &str = "\
Examples:
  curtail run --config curtail.toml        the whole job, as a schedule runs it
  curtail ingest ./AWSLogs --lake ./lake   CloudTrail objects of a directory
  curtail sql 'select * from exercised'    one question to the lake

Exit codes:
  0 done   1 done, with findings at or above --fail-on   2 usage or configuration
  3 done in part: something is quarantined, missing from the snapshot, or found wrong by --verify
  4 failed";

pub(super) const RUN_EXAMPLES: &str = "\
Examples:
  curtail run
  curtail run --config /etc/curtail/curtail.toml --quiet --format json
  curtail run --as-of 2026-10-01 --fail-on high";

pub(super) const INGEST_EXAMPLES: &str = "\
Examples:
  curtail ingest ./AWSLogs
  curtail ingest one-object.json.gz events.jsonl --format json
  curtail ingest s3://my-trail-bucket --since 2026-07-01 --regions eu-west-1 us-east-1
  curtail ingest --lookup-events --regions us-east-1 eu-west-1
  curtail ingest s3://org-trail/logs --assume-role arn:aws:iam::111122223333:role/log-reader
  curtail ingest ./AWSLogs --verify --public-keys keys.json
  curtail ingest                            the sources of curtail.toml";

pub(super) const SNAPSHOT_EXAMPLES: &str = "\
Examples:
  aws iam get-account-authorization-details > iam.json
  curtail snapshot --from iam.json
  curtail snapshot --from iam/ organization.json trails.json --taken-at 2026-10-01
  aws cloudcontrol list-resources --type-name AWS::Lambda::Function > functions.json
  curtail snapshot --from functions.json
  curtail snapshot --from-aws --snapshot-regions eu-west-1,us-east-1
  curtail snapshot --from-aws --snapshot-role OrganizationAccountAccessRole

What AWS does not give is named, and the exit code is 3: the rest is in the lake.";

pub(super) const ANALYZE_EXAMPLES: &str = "\
Examples:
  curtail analyze
  curtail analyze --as-of 2026-10-01 --window-days 180 --format csv";

pub(super) const REPORT_EXAMPLES: &str = "\
Examples:
  curtail report --out review
  curtail report --as-of 2026-10-01 --format json";

pub(super) const DIFF_EXAMPLES: &str = "\
Examples:
  curtail diff
  curtail diff --agent invoice-writer --format json";

pub(super) const SQL_EXAMPLES: &str = "\
Examples:
  curtail sql 'select event_source, count(*) from events group by 1 order by 2 desc'
  curtail sql -f question.sql --format csv > answer.csv
  echo 'select * from buckets' | curtail sql --format json";

pub(super) const EXPAND_EXAMPLES: &str = "\
Examples:
  curtail expand 's3:Get*'
  curtail expand --not 'iam:*' 'organizations:*' --count";

pub(super) const MAP_EXAMPLES: &str = "\
Examples:
  curtail map 111122223333_CloudTrail_eu-west-1_20261001T0000Z_Xq5kFbd9aC3mTz0R.json.gz
  aws cloudtrail lookup-events --max-items 20 | curtail map
  tail -f records.jsonl | curtail map | jq -r '.needs[] | select(.strength == \"certain\").action'

Each line holds event_id, event_source, event_name, outcome (authorized, denied, dry_run, failed,
service_event), via (the service that called on the caller's behalf), needs (action, strength,
basis, resources, resource_basis), needs_none (why no action is needed) and unmapped (why it is
not known). A resource `*` with resource_basis `unknown` or `partial` is not in the record.
`--format csv` gives a line per action and resource.";

pub(super) const LINT_EXAMPLES: &str = "\
Examples:
  curtail lint policy.json
  curtail lint --as scp --fail-on warning guardrails/*.json
  curtail lint trust.json --format json";

pub(super) const SIMULATE_EXAMPLES: &str = "\
Examples:
  curtail simulate --cases cases.jsonl
  curtail simulate < cases.jsonl | jq -r 'select(.decision != \"allowed\").id'

A line holds id, principal (arn: a user, role, role session, federated user, service such as
lambda.amazonaws.com, or null; tags), request (action, resource, resourceAccount, context: key to
values), identity_policies and, where there are any, permission_boundary, session_policies, scps and
rcps (lists of policies, level by level from the root) and resource_policy. A key that is not in the
context is not in the request; with context_complete false it is unknown. The answer holds id,
decision (allowed, implicitly_denied, explicitly_denied, undecided), by (the statements that made
it, counted from 0) and needs (the context keys that an undecided one hangs on).";

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  curtail completions bash > ~/.local/share/bash-completion/completions/curtail
  curtail completions zsh > ~/.zfunc/_curtail";
