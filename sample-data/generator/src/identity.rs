//! Callers: the `userIdentity` of a record, and what else of a caller a record shows.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element". A session's ARN drops the
//! role's path, `sessionIssuer.arn` keeps it.

use serde_json::{Map, Value, json};

use crate::clock::Moment;
use crate::model::{Network, Role};
use crate::random::Random;

/// Letters of IAM's unique ids.
const ID_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Whoever makes a call, as a record shows it.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// `userIdentity`.
    pub(crate) identity: Map<String, Value>,
    /// The ARN that a denial names.
    pub(crate) arn: String,
    pub(crate) address: String,
    pub(crate) user_agent: String,
    pub(crate) endpoint: Option<&'static str>,
    /// The session was started from the console.
    pub(crate) console: bool,
    /// `arn:aws:signin:...:session/...` of a session of the AWS MCP Server.
    pub(crate) sign_in_session: Option<String>,
}

impl Caller {
    /// AWS itself, not somebody with credentials.
    pub(crate) fn is_service(&self) -> bool {
        self.address.ends_with(".amazonaws.com") || self.address == "AWS Internal"
    }
}

/// A session on a role: its credentials' public part and who holds them.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) role: &'static Role,
    pub(crate) name: String,
    pub(crate) role_id: String,
    pub(crate) access_key: String,
    pub(crate) created: Moment,
    pub(crate) caller: Caller,
}

/// What makes a session's identity differ from the plain one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Fields of `sessionContext`.
    pub(crate) context: Vec<(&'static str, Value)>,
    /// `inScopeOf`.
    pub(crate) scope: Option<Value>,
}

/// The unique id of a role, such as `AROAQ3T6XNM2KEXAMPLE`; another one after delete and create.
pub(crate) fn role_id(seed: u64, replica: u32, role: &Role) -> String {
    let generation = if role.former { "former" } else { "present" };
    unique_id(
        "AROA",
        seed,
        replica,
        &[role.account.id, role.name, generation],
    )
}

/// A unique id of IAM with its four-letter prefix, in the shape of AWS's own examples.
pub(crate) fn unique_id(prefix: &str, seed: u64, replica: u32, names: &[&str]) -> String {
    let replica = replica.to_string();
    let names: Vec<&str> = [prefix, replica.as_str()]
        .into_iter()
        .chain(names.iter().copied())
        .collect();
    let mut random = Random::named(seed, &names);
    format!("{prefix}{}EXAMPLE", random.text(ID_ALPHABET, 10))
}

/// The access key id of temporary credentials.
pub(crate) fn access_key(random: &mut Random) -> String {
    format!("ASIA{}EXAMPLE", random.text(ID_ALPHABET, 9))
}

/// Opens a session without a record of it.
pub(crate) fn session(
    role: &'static Role,
    role_id: String,
    name: String,
    created: Moment,
    marks: &Marks,
    random: &mut Random,
) -> Session {
    let access_key = access_key(random);
    let arn = format!(
        "arn:aws:sts::{}:assumed-role/{}/{name}",
        role.account.id, role.name
    );
    let mut context = Map::new();
    context.insert(
        "sessionIssuer".to_owned(),
        json!({
            "type": "Role", "principalId": role_id, "arn": role.arn(),
            "accountId": role.account.id, "userName": role.name,
        }),
    );
    context.insert(
        "attributes".to_owned(),
        json!({"creationDate": created.to_string(), "mfaAuthenticated": "false"}),
    );
    for (key, value) in &marks.context {
        context.insert((*key).to_owned(), value.clone());
    }
    let mut identity = Map::new();
    identity.insert("type".to_owned(), json!("AssumedRole"));
    identity.insert("principalId".to_owned(), json!(format!("{role_id}:{name}")));
    identity.insert("arn".to_owned(), json!(arn));
    identity.insert("accountId".to_owned(), json!(role.account.id));
    identity.insert("accessKeyId".to_owned(), json!(access_key));
    identity.insert("sessionContext".to_owned(), Value::Object(context));
    if let Some(scope) = &marks.scope {
        identity.insert("inScopeOf".to_owned(), scope.clone());
    }
    let caller = Caller {
        identity,
        arn,
        address: String::new(),
        user_agent: String::new(),
        endpoint: None,
        console: false,
        sign_in_session: None,
    };
    Session {
        role,
        name,
        role_id,
        access_key,
        created,
        caller,
    }
}

impl Session {
    /// The session used from this network by this client.
    pub(crate) fn held_by(
        mut self,
        network: Network,
        user_agent: &str,
        random: &mut Random,
    ) -> Self {
        random
            .pick(network.addresses)
            .clone_into(&mut self.caller.address);
        user_agent.clone_into(&mut self.caller.user_agent);
        self.caller.endpoint = network.endpoint;
        self
    }
}

/// A service acting for itself.
pub(crate) fn service(name: &str) -> Caller {
    let identity = [("type", "AWSService"), ("invokedBy", name)];
    plain(&identity, name, name)
}

/// A service event: nobody called, the service did it for the account.
pub(crate) fn nobody(account: &str) -> Caller {
    plain(
        &[("accountId", account), ("invokedBy", "AWS Internal")],
        "AWS Internal",
        "AWS Internal",
    )
}

/// An identity of a few plain fields, such as that of a federated caller without credentials.
pub(crate) fn plain(fields: &[(&str, &str)], address: &str, user_agent: &str) -> Caller {
    Caller {
        identity: fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), json!(value)))
            .collect(),
        arn: String::new(),
        address: address.to_owned(),
        user_agent: user_agent.to_owned(),
        endpoint: None,
        console: false,
        sign_in_session: None,
    }
}
