//! The words in which the organisation is written down: roles, policies, agents and their work.
//!
//! Everything here is data. `organisation` fills it in, a file for each team; `snapshot` and
//! `agents_file` print it; `life` lets the workloads run.

use crate::call::Call;
use crate::clock::{Day, Moment};
use crate::draw::Draw;

/// An AWS account of the organisation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// Where its workloads run.
    pub(crate) region: &'static str,
}

/// A managed policy, of a customer or of AWS.
#[derive(Debug)]
pub(crate) struct Managed {
    /// `None`: owned by AWS.
    pub(crate) account: Option<&'static Account>,
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) document: &'static str,
    /// Number of the version in force; AWS keeps up to five.
    pub(crate) version: u8,
}

/// Who may assume a role.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trust {
    /// A service principal.
    Service(&'static str),
    /// EKS Pod Identity.
    Pods,
    /// A service account of an EKS cluster, by its OIDC issuer.
    ServiceAccounts {
        issuer: &'static str,
        subjects: &'static [&'static str],
    },
    /// GitHub Actions of one repository.
    GitHub { subject: &'static str },
    /// Roles, by ARN.
    Roles(&'static [&'static str]),
    /// IAM Identity Center.
    IdentityCenter,
}

/// An IAM role and all that hangs on it.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) account: &'static Account,
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    /// RFC 3339.
    pub(crate) created: &'static str,
    pub(crate) trust: Trust,
    /// Name and document of each inline policy.
    pub(crate) inline: &'static [(&'static str, &'static str)],
    pub(crate) attached: &'static [&'static Managed],
    pub(crate) boundary: Option<&'static Managed>,
    /// The role has an instance profile of its own name.
    pub(crate) instance_profile: bool,
    pub(crate) tags: &'static [(&'static str, &'static str)],
    /// A deleted role of the same ARN; part of the seed of the role id, and absent from snapshots.
    pub(crate) former: bool,
}

impl Role {
    /// A role of path `/` without policies.
    pub(crate) const fn of(
        account: &'static Account,
        name: &'static str,
        created: &'static str,
        trust: Trust,
    ) -> Self {
        Self {
            account,
            path: "/",
            name,
            created,
            trust,
            inline: &[],
            attached: &[],
            boundary: None,
            instance_profile: false,
            tags: &[],
            former: false,
        }
    }

    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:role{}{}",
            self.account.id, self.path, self.name
        )
    }
}

/// An agent as `agents.toml` declares it.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) name: &'static str,
    pub(crate) owners: &'static [&'static str],
    pub(crate) purpose: &'static str,
    pub(crate) environment: Option<&'static str>,
    pub(crate) binding_pattern: Option<&'static str>,
    pub(crate) propagation_pattern: Option<&'static str>,
    pub(crate) bindings: &'static [Binding],
    pub(crate) envelope: Option<Envelope>,
}

impl Agent {
    /// An agent of production with one owner and no envelope.
    pub(crate) const fn of(
        name: &'static str,
        owners: &'static [&'static str],
        purpose: &'static str,
        bindings: &'static [Binding],
    ) -> Self {
        Self {
            name,
            owners,
            purpose,
            environment: Some("production"),
            binding_pattern: None,
            propagation_pattern: None,
            bindings,
            envelope: None,
        }
    }
}

/// A role of an agent, and how its calls are told from others on the role.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) role: &'static Role,
    /// Keys and patterns of `agents.toml`, beside `role`.
    pub(crate) marks: &'static [(&'static str, &'static str)],
}

impl Binding {
    /// Every call of the role.
    pub(crate) const fn whole(role: &'static Role) -> Self {
        Self { role, marks: &[] }
    }
}

/// What an agent's work needs.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) actions: &'static [&'static str],
    pub(crate) resources: &'static [&'static str],
    pub(crate) regions: &'static [&'static str],
    pub(crate) networks: &'static [&'static str],
    pub(crate) assumable_roles: &'static [&'static str],
}

/// Where calls come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    pub(crate) addresses: &'static [&'static str],
    /// The VPC endpoint that calls pass.
    pub(crate) endpoint: Option<&'static str>,
}

/// How a session on a role comes about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    Lambda {
        function: &'static str,
    },
    Ec2 {
        instances: &'static [&'static str],
    },
    EcsTask,
    Irsa {
        issuer: &'static str,
        namespace: &'static str,
        service_account: &'static str,
    },
    PodIdentity {
        cluster: &'static str,
        namespace: &'static str,
        service_account: &'static str,
        node: &'static Entry,
    },
    BedrockAgent {
        agent: &'static str,
    },
    AgentCore,
    GitHub {
        repository: &'static str,
        reference: &'static str,
    },
    AssumedBy {
        parent: &'static Entry,
        session: SessionName,
    },
    IdentityCenter {
        user: &'static str,
    },
    /// Identity Center, and the AWS MCP Server acting for the user.
    McpServer {
        user: &'static str,
        client: &'static str,
    },
}

/// How a caller of `AssumeRole` names its session.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SessionName {
    /// Prefix and date.
    Dated(&'static str),
    /// What botocore makes up: `botocore-session-` and the epoch.
    Botocore,
}

/// One way into a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// Whose calls these are; `None`: nobody's, so that they stay unattributed.
    pub(crate) agent: Option<&'static str>,
    pub(crate) role: &'static Role,
    pub(crate) origin: Origin,
    pub(crate) network: Network,
    pub(crate) user_agent: &'static str,
    /// Seconds that the credentials last.
    pub(crate) lifetime: i64,
}

/// Work under one entry.
#[derive(Debug)]
pub(crate) struct Workload {
    /// Unique; part of the seed.
    pub(crate) name: &'static str,
    pub(crate) entry: &'static Entry,
    /// First and last day, both included; `None`: the whole sample.
    pub(crate) days: Option<(Day, Day)>,
    pub(crate) rhythm: Rhythm,
    /// Sessions a day; the calls are spread over them.
    pub(crate) sessions: f64,
    pub(crate) behaviours: &'static [Behaviour],
    /// Things that happen once.
    pub(crate) happenings: &'static [Happening],
}

impl Workload {
    /// Work through the whole sample that does nothing yet.
    pub(crate) const fn of(
        name: &'static str,
        entry: &'static Entry,
        rhythm: Rhythm,
        sessions: f64,
    ) -> Self {
        Self {
            name,
            entry,
            days: None,
            rhythm,
            sessions,
            behaviours: &[],
            happenings: &[],
        }
    }
}

/// When work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// Office hours, little at weekends.
    Office,
    /// Round the clock.
    Steady,
    /// Between one and five in the morning.
    Night,
}

/// A call that is made so often a working day.
#[derive(Debug)]
pub(crate) struct Behaviour {
    pub(crate) per_day: f64,
    pub(crate) call: fn(&mut Draw<'_>) -> Call,
}

impl Behaviour {
    /// So often a working day.
    pub(crate) const fn daily(per_day: f64, call: fn(&mut Draw<'_>) -> Call) -> Self {
        Self { per_day, call }
    }
}

/// Calls at an exact time: the first at `start`, the others so many seconds apart.
#[derive(Debug)]
pub(crate) struct Happening {
    pub(crate) start: Moment,
    pub(crate) count: i64,
    pub(crate) spacing: i64,
    /// Where the calls come from, if not from the entry's network: stolen credentials.
    pub(crate) from: Option<(Network, &'static str)>,
    pub(crate) call: fn(&mut Draw<'_>) -> Call,
}

impl Happening {
    /// One call at this moment.
    pub(crate) const fn once(start: Moment, call: fn(&mut Draw<'_>) -> Call) -> Self {
        Self {
            start,
            count: 1,
            spacing: 0,
            from: None,
            call,
        }
    }
}

/// What a service does by itself, so often a working day.
#[derive(Debug)]
pub(crate) struct ServiceWork {
    /// Unique; part of the seed.
    pub(crate) name: &'static str,
    pub(crate) service: &'static str,
    pub(crate) account: &'static Account,
    pub(crate) per_day: f64,
    pub(crate) call: fn(&mut Draw<'_>) -> Call,
}

/// What one team owns.
#[derive(Debug)]
pub(crate) struct Team {
    pub(crate) roles: &'static [&'static Role],
    pub(crate) agents: &'static [Agent],
    pub(crate) workloads: &'static [Workload],
    pub(crate) services: &'static [ServiceWork],
}
