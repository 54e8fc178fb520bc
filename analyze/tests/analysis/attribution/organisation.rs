//! An organisation made by chance from a seed: agents that share roles and are told apart in every way, chains of one to four
//! roles over three accounts, strangers on the same roles, and a log that loses, hides or half-records what it may.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::session::{ACCOUNTS, Role, Session};
use super::way::{WAYS, Way};

/// Chances in a hundred, and how crowded time is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// An issue of credentials leaves no record.
    pub(crate) lost: u64,
    /// The record of an issue hides the key.
    pub(crate) hidden: u64,
    /// Of an issue between two accounts one record is missing.
    pub(crate) one_sided: u64,
    /// Sessions begin within so many seconds.
    pub(crate) span_seconds: u64,
}

impl Shape {
    /// Everything is recorded.
    pub(crate) const WHOLE: Self = Self {
        lost: 0,
        hidden: 0,
        one_sided: 0,
        span_seconds: 40_000,
    };
}

/// What is true of a call.
#[derive(Debug)]
pub(crate) struct Truth {
    /// Whose it is; none: nobody's who is declared.
    pub(crate) agent: Option<String>,
    /// Whether the records that are left tell whose it is.
    pub(crate) told: bool,
    /// How the agent is told, and how far down the chain the call was made.
    pub(crate) story: String,
}

/// The rows of the tables, and the truth by record key.
#[derive(Debug, Default)]
pub(crate) struct Organisation {
    pub(crate) events: Vec<Value>,
    pub(crate) roles: Vec<Value>,
    pub(crate) bindings: Vec<Value>,
    pub(crate) truth: BTreeMap<String, Truth>,
}

/// Agents of each way.
const AGENTS: usize = 3;
/// Sessions of each agent.
const SESSIONS: usize = 3;

/// A source of chance (`SplitMix64`).
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn of(&mut self, hundredths: u64) -> bool {
        self.below(100) < hundredths
    }
}

struct Maker {
    chance: Chance,
    shape: Shape,
    made: Organisation,
    count: usize,
}

impl Organisation {
    pub(crate) fn generate(seed: u64, shape: Shape) -> Self {
        let mut maker = Maker {
            chance: Chance(seed),
            shape,
            made: Self::default(),
            count: 0,
        };
        for (number, way) in WAYS.into_iter().enumerate() {
            maker.way(number, way);
        }
        maker.shuffle();
        maker.made
    }
}

impl Maker {
    /// Agents that are told apart in one way, on one role or down one chain of roles, and strangers on it.
    fn way(&mut self, number: usize, way: Way) {
        let links = if way.follows() {
            usize::try_from(1 + self.chance.below(4)).unwrap()
        } else {
            1
        };
        let agents = if way == Way::Role { 1 } else { AGENTS };
        let roles: Vec<Role> = (0..links.max(if way.follows() { 2 } else { 1 }))
            .map(|link| Role {
                account: ACCOUNTS[link % ACCOUNTS.len()],
                name: format!("w{number}l{link}"),
            })
            .collect();
        for role in &roles {
            self.made.roles.push(json!({
                "role_arn": role.arn(), "role_id": role.id(), "role_name": role.name, "account_id": role.account,
            }));
        }
        for agent in 0..agents {
            let name = format!("{way:?}-{agent}");
            for role in &roles {
                let mut binding = json!({"agent": name, "role_arn": role.arn()});
                if let Some((key, pattern)) = way.key(agent) {
                    binding[key] = json!(pattern);
                }
                if way == Way::Lambda {
                    binding["lambda_function_name"] = json!(format!("a{agent}"));
                }
                self.made.bindings.push(binding);
            }
            for _ in 0..SESSIONS {
                self.chain(way, Some(&(agent, name.clone())), &roles);
            }
        }
        if way != Way::Role {
            for _ in 0..2 {
                self.chain(way, None, &roles);
            }
        }
    }

    /// A session on the first role, and one on each of the next under the one before, with calls in each.
    fn chain(&mut self, way: Way, whose: Option<&(usize, String)>, roles: &[Role]) {
        let mut parent: Option<Session> = None;
        for (depth, role) in roles.iter().enumerate() {
            let session = match &parent {
                None => self.first(way, whose.map(|(number, _)| *number), role),
                Some(parent) => self.next(way, whose.map(|(_, name)| name), parent, role, depth),
            };
            let told = session.tells(way, depth);
            for _ in 0..8 {
                let seconds = self.chance.below(600);
                let at =
                    session.created + SignedDuration::from_secs(i64::try_from(seconds).unwrap());
                let call = session.call(at, way, whose.map(|(number, _)| *number));
                let story = format!("{way:?} at depth {depth}");
                self.put(call, whose.map(|(_, name)| name.clone()), told, story);
            }
            parent = Some(session);
        }
    }

    /// A session that a service, a token or a user brings about; of strangers one that no binding fits.
    fn first(&mut self, way: Way, number: Option<usize>, role: &Role) -> Session {
        let own = number.map_or_else(|| "zz".to_owned(), |number| format!("a{number}"));
        let created = self.moment();
        let epoch = created.as_second();
        let mut marks = Map::new();
        let mut issue = Map::new();
        issue.insert("event_name".into(), json!("AssumeRole"));
        let service = |issue: &mut Map<String, Value>, host: &str| {
            issue.insert("user_identity_type".into(), json!("AWSService"));
            issue.insert("user_identity_invoked_by".into(), json!(host));
        };
        let name = match way {
            Way::OidcSubject => {
                let subject = format!("system:serviceaccount:ns:{own}");
                issue.insert("event_name".into(), json!("AssumeRoleWithWebIdentity"));
                issue.insert("user_identity_type".into(), json!("WebIdentityUser"));
                issue.insert("user_identity_user_name".into(), json!(subject));
                issue.insert("web_identity_subject".into(), json!(subject));
                format!("botocore-session-{epoch}")
            }
            Way::ServiceAccount => {
                service(&mut issue, "pods.eks.amazonaws.com");
                let tags = json!([{"key": "kubernetes-namespace", "value": "ns"}, {"key": "kubernetes-service-account", "value": own}]);
                issue.insert("session_tags".into(), json!(tags.to_string()));
                "eks-cluster-pod".to_owned()
            }
            Way::Lambda => {
                service(&mut issue, "lambda.amazonaws.com");
                let function = format!("arn:aws:lambda:eu-west-1:{}:function:{own}", ACCOUNTS[0]);
                marks.insert("in_scope_of_credentials_issued_to".into(), json!(function));
                own.clone()
            }
            Way::EcsTask => {
                service(&mut issue, "ecs-tasks.amazonaws.com");
                let task = format!(
                    "arn:aws:ecs:eu-west-1:{}:task-definition/{own}:3",
                    ACCOUNTS[0]
                );
                marks.insert("in_scope_of_source_arn".into(), json!(task));
                format!("{:032x}", self.count)
            }
            Way::Instance => {
                let (host, name) = match number {
                    Some(number) => ("ec2.amazonaws.com", format!("i-{number}0abc")),
                    // Somebody who calls the session like an instance.
                    None => ("", "i-00abc".to_owned()),
                };
                if host.is_empty() {
                    issue.insert("user_identity_type".into(), json!("IAMUser"));
                    issue.insert("user_identity_access_key_id".into(), json!("AKIAUSER"));
                    issue.insert("user_identity_principal_id".into(), json!("AIDAUSER"));
                } else {
                    service(&mut issue, host);
                    let instance = format!("arn:aws:ec2:eu-west-1:{}:instance/{name}", ACCOUNTS[0]);
                    marks.insert("in_scope_of_credentials_issued_to".into(), json!(instance));
                }
                name
            }
            Way::SourceIdentity => {
                issue.insert("user_identity_type".into(), json!("IAMUser"));
                issue.insert("user_identity_access_key_id".into(), json!("AKIAUSER"));
                issue.insert("requested_source_identity".into(), json!(own));
                marks.insert("session_source_identity".into(), json!(own));
                "session".to_owned()
            }
            Way::SessionName => {
                issue.insert("user_identity_type".into(), json!("IAMUser"));
                format!("{own}-{}", self.count)
            }
            Way::Role | Way::UserAgent | Way::Network => {
                service(&mut issue, "ec2.amazonaws.com");
                "i-0123".to_owned()
            }
        };
        let mut session = self.session(role, name, created, marks);
        session.known = self.issue(&session, role.account, issue);
        session
    }

    /// A session that another one brings about.
    fn next(
        &mut self,
        way: Way,
        whose: Option<&String>,
        parent: &Session,
        role: &Role,
        depth: usize,
    ) -> Session {
        let wait = i64::try_from(self.chance.below(600)).unwrap();
        let created = parent.created + SignedDuration::from_secs(wait);
        let name = match self.chance.below(3) {
            0 => "hop".to_owned(),
            1 => format!("botocore-session-{}", created.as_second()),
            _ => parent.name.clone(),
        };
        let mut marks = Map::new();
        if let Some(identity) = parent.marks.get("session_source_identity") {
            marks.insert("session_source_identity".into(), identity.clone());
        }
        let mut session = self.session(role, name, created, marks);
        let mut home = parent.caller();
        home.insert("event_name".into(), json!("AssumeRole"));
        let mut sides = vec![(parent.role.account, home)];
        if parent.role.account != role.account {
            let mut away = Map::new();
            away.insert("event_name".into(), json!("AssumeRole"));
            away.insert("user_identity_type".into(), json!("AWSAccount"));
            away.insert(
                "user_identity_account_id".into(),
                json!(parent.role.account),
            );
            away.insert(
                "user_identity_principal_id".into(),
                json!(format!("{}:{}", parent.role.id(), parent.name)),
            );
            sides.push((role.account, away));
        }
        let truth = (
            whose.cloned(),
            parent.tells(way, depth - 1),
            format!("{way:?} assumes at depth {}", depth - 1),
        );
        let known = self.issue_by_role(&session, sides, &truth);
        session.known = parent.known && known;
        session
    }

    fn session(
        &mut self,
        role: &Role,
        name: String,
        created: Timestamp,
        marks: Map<String, Value>,
    ) -> Session {
        self.count += 1;
        Session {
            role: role.clone(),
            name,
            key: format!("ASIA{:08}", self.count),
            created,
            marks,
            known: true,
        }
    }

    /// The record of an issue by no role; whether it is there and shows its key.
    fn issue(
        &mut self,
        session: &Session,
        account: &'static str,
        columns: Map<String, Value>,
    ) -> bool {
        if self.chance.of(self.shape.lost) {
            return false;
        }
        let hidden = self.chance.of(self.shape.hidden);
        self.push(session.issued(account, columns, hidden, None));
        true
    }

    /// The records of an issue by a role, of which one side may be missing.
    fn issue_by_role(
        &mut self,
        session: &Session,
        sides: Vec<(&'static str, Map<String, Value>)>,
        truth: &(Option<String>, bool, String),
    ) -> bool {
        if self.chance.of(self.shape.lost) {
            return false;
        }
        let hidden = self.chance.of(self.shape.hidden);
        let shared = format!("shared-{}", session.key);
        let missing = (sides.len() > 1 && self.chance.of(self.shape.one_sided))
            .then(|| usize::try_from(self.chance.below(2)).unwrap());
        let two = sides.len() > 1;
        for (number, (account, side)) in sides.into_iter().enumerate() {
            if missing == Some(number) {
                continue;
            }
            let row = session.issued(account, side, hidden, two.then_some(shared.as_str()));
            if number == 0 {
                let (agent, told, story) = truth.clone();
                self.put(row, agent, told, story);
            } else {
                self.push(row);
            }
        }
        missing != Some(0)
    }

    /// A record whose agent is known.
    fn put(&mut self, row: Map<String, Value>, agent: Option<String>, told: bool, story: String) {
        let key = self.push(row);
        self.made.truth.insert(key, Truth { agent, told, story });
    }

    fn push(&mut self, mut row: Map<String, Value>) -> String {
        let key = format!("{:06}", self.made.events.len());
        row.insert("record_key".into(), json!(key));
        row.insert("event_type".into(), json!("AwsApiCall"));
        row.insert("aws_region".into(), json!("eu-west-1"));
        let day = row["event_time"].as_str().map(|time| json!(time[..10]));
        row.insert("event_date".into(), day.unwrap_or_default());
        self.made.events.push(Value::Object(row));
        key
    }

    fn moment(&mut self) -> Timestamp {
        let start: Timestamp = "2026-09-01T00:00:00Z".parse().unwrap();
        let seconds = self.chance.below(self.shape.span_seconds);
        start + SignedDuration::from_secs(i64::try_from(seconds).unwrap())
    }

    fn shuffle(&mut self) {
        for last in (1..self.made.events.len()).rev() {
            let other = usize::try_from(self.chance.below(last as u64 + 1)).unwrap();
            self.made.events.swap(last, other);
        }
    }
}
