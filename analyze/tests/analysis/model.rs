//! The definitions of exercised and of the buckets, over plain iterators: what the SQL must agree with.

use std::collections::{BTreeMap, BTreeSet};

/// A call of a role, as the generator made it.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Microseconds after the start of the longest window; may be outside of any.
    pub(crate) offset: i64,
    pub(crate) role: usize,
    pub(crate) session: usize,
    pub(crate) operation: usize,
    pub(crate) error: usize,
    pub(crate) former: bool,
}

/// Event source, event name, IAM action, whether the trail records it.
pub(crate) const OPERATIONS: [(&str, &str, &str, bool); 6] = [
    ("s3.amazonaws.com", "HeadObject", "s3:GetObject", true),
    ("s3.amazonaws.com", "DeleteObject", "s3:DeleteObject", true),
    ("s3.amazonaws.com", "ListObjectsV2", "s3:ListBucket", true),
    (
        "sqs.amazonaws.com",
        "ReceiveMessage",
        "sqs:ReceiveMessage",
        false,
    ),
    (
        "ec2.amazonaws.com",
        "DescribeInstances",
        "ec2:DescribeInstances",
        true,
    ),
    ("iam.amazonaws.com", "ListUsers", "iam:ListUsers", true),
];

/// Error codes, and whether the call was authorized and done or tried.
pub(crate) const ERRORS: [(Option<&str>, bool); 4] = [
    (None, true),
    (Some("ThrottlingException"), true),
    (Some("AccessDenied"), false),
    (Some("Client.DryRunOperation"), false),
];

/// Session names; the first two are agents' on the shared role, the last is nobody's there.
pub(crate) const SESSIONS: [&str; 5] = [
    "planner-1",
    "planner-2",
    "executor-1",
    "executor-2",
    "stranger",
];

/// Roles: one shared by two agents, one of a single agent.
pub(crate) const ROLES: [&str; 2] = ["shared", "own"];

/// Agents and their roles.
pub(crate) const BOUND: [(&str, usize); 3] = [("planner", 0), ("executor", 0), ("alone", 1)];

/// The planner's work.
pub(crate) const ENVELOPE: [&str; 2] = ["s3:GetObject", "ec2:DescribeInstances"];

const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

/// Lengths of the windows in days; all end together.
pub(crate) const WINDOWS: [i64; 2] = [7, 30];

impl Call {
    pub(crate) fn agent(&self) -> &'static str {
        match (self.role, SESSIONS[self.session]) {
            (1, _) => "alone",
            (_, name) if name.starts_with("planner-") => "planner",
            (_, name) if name.starts_with("executor-") => "executor",
            _ => "unattributed",
        }
    }

    fn action(&self) -> &'static str {
        OPERATIONS[self.operation].2
    }

    fn is_use(&self) -> bool {
        ERRORS[self.error].1 && !self.former
    }

    fn is_legitimate(&self) -> bool {
        self.agent() != "planner" || ENVELOPE.contains(&self.action())
    }

    fn is_in(&self, days: i64) -> bool {
        let (start, end) = ((30 - days) * MICROSECONDS_A_DAY, 30 * MICROSECONDS_A_DAY);
        start <= self.offset && self.offset < end
    }
}

/// Agent, role, action and window.
pub(crate) type Key = (String, String, String, i64);

/// Calls, legitimate calls and sessions by agent, role, action and window.
pub(crate) fn exercised(calls: &[Call]) -> BTreeMap<Key, (i64, i64, i64)> {
    let mut exercised = BTreeMap::new();
    for days in WINDOWS {
        let mut sessions: BTreeMap<Key, BTreeSet<usize>> = BTreeMap::new();
        for call in calls
            .iter()
            .filter(|call| call.is_use() && call.is_in(days))
        {
            let key = (
                call.agent().to_owned(),
                ROLES[call.role].to_owned(),
                call.action().to_owned(),
                days,
            );
            let entry: &mut (i64, i64, i64) = exercised.entry(key.clone()).or_default();
            entry.0 += 1;
            entry.1 += i64::from(call.is_legitimate());
            sessions.entry(key).or_default().insert(call.session);
        }
        for (key, sessions) in sessions {
            exercised.get_mut(&key).unwrap().2 = i64::try_from(sessions.len()).unwrap();
        }
    }
    exercised
}

/// The bucket of every granted action; each role grants every operation's action.
pub(crate) fn buckets(calls: &[Call]) -> BTreeMap<Key, &'static str> {
    let exercised = exercised(calls);
    let log_is_there = |days: i64| calls.iter().any(|call| call.is_in(days));
    let uses = |agent: &str, role: usize, action: &str, days: i64| {
        let key = (
            agent.to_owned(),
            ROLES[role].to_owned(),
            action.to_owned(),
            days,
        );
        exercised.get(&key).copied().unwrap_or_default()
    };
    let needs =
        |agent: &str, role: usize, action: &str, days: i64| uses(agent, role, action, days).1 > 0;
    let mut buckets = BTreeMap::new();
    for (agent, role) in BOUND {
        for ((_, _, action, recorded), days) in OPERATIONS
            .iter()
            .flat_map(|row| WINDOWS.map(|days| (*row, days)))
        {
            let (calls, legitimate, _) = uses(agent, role, action, days);
            let neighbours = BOUND
                .iter()
                .filter(|(other, theirs)| *other != agent && *theirs == role);
            let bucket = if calls > 0 && legitimate == 0 {
                "non_legitimate"
            } else if legitimate > 0 || uses("unattributed", role, action, days).0 > 0 {
                "used"
            } else if neighbours
                .into_iter()
                .any(|(other, _)| needs(other, role, action, days))
            {
                "inherited"
            } else if !recorded || !log_is_there(days) {
                "unobservable"
            } else {
                "never_used"
            };
            buckets.insert(
                (
                    agent.to_owned(),
                    ROLES[role].to_owned(),
                    action.to_owned(),
                    days,
                ),
                bucket,
            );
        }
    }
    buckets
}
