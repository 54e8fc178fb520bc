//! A CloudTrail record: caller, call, time and place in, the JSON object out.
//!
//! Fields, their order and which are optional: AWS CloudTrail User Guide, "CloudTrail record
//! contents for management, data, and network activity events", version 1.11.

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::clock::Moment;
use crate::identity::Caller;
use crate::random::Random;

const BASE_64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The part of S3's second request id that all records of the sample share, for the sake of size.
const EXTENDED_ID_TAIL: &str = "Zq0m8VtYw1sX7cRk4pJd9nBh2gLfTz5uKeEXAMPLEaWy3iOvDo6rMxSQ=";

/// What is particular to one record.
#[derive(Clone, Debug)]
pub(crate) struct Occasion<'a> {
    pub(crate) at: Moment,
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    pub(crate) request_id: String,
    /// The call is delivered to two accounts.
    pub(crate) shared_id: Option<&'a str>,
}

/// A request id in the form of the service.
pub(crate) fn request_id(random: &mut Random, call: &Call) -> String {
    if call.source == "s3.amazonaws.com" {
        return random.text(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16);
    }
    random.uuid()
}

/// The record of a call.
pub(crate) fn record(
    random: &mut Random,
    caller: &Caller,
    call: &Call,
    occasion: &Occasion<'_>,
) -> Value {
    let mut record = Record(Map::new());
    record.put("eventVersion", "1.11");
    record.put("userIdentity", identity(caller, call));
    record.put("eventTime", occasion.at.to_string());
    record.put("eventSource", call.source);
    record.put("eventName", call.name);
    record.put("awsRegion", occasion.region);
    record.put(
        "sourceIPAddress",
        call.invoked_by.unwrap_or(&caller.address),
    );
    record.put("userAgent", user_agent(caller, call));
    if let Some((code, message)) = call.error(&caller.arn) {
        record.put("errorCode", code);
        record.put("errorMessage", message);
    }
    record.put("requestParameters", call.parameters.clone());
    record.put(
        "responseElements",
        with_request_id(call.response.clone(), &occasion.request_id),
    );
    if let Some(additional) = &call.additional {
        record.put(
            "additionalEventData",
            with_extended_id(random, additional.clone()),
        );
    }
    record.put("requestID", occasion.request_id.as_str());
    record.put("eventID", random.event_id());
    record.put("readOnly", call.read_only);
    record.put_some("resources", call.resources.clone());
    record.put("eventType", event_type(call));
    record.put_some("apiVersion", call.api_version);
    record.put("managementEvent", !call.data_event);
    record.put("recipientAccountId", occasion.account);
    record.put_some("serviceEventDetails", call.service_event.clone());
    record.put_some("sharedEventID", occasion.shared_id);
    record.transport(caller, call, occasion);
    Value::Object(record.0)
}

/// A record in the making.
struct Record(Map<String, Value>);

impl Record {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// The way that the call took, and its category, which stands between.
    fn transport(&mut self, caller: &Caller, call: &Call, occasion: &Occasion<'_>) {
        if let (Some(endpoint), None) = (caller.endpoint, call.invoked_by) {
            self.put("vpcEndpointId", endpoint);
            self.put("vpcEndpointAccountId", occasion.account);
        }
        self.put(
            "eventCategory",
            if call.data_event {
                "Data"
            } else {
                "Management"
            },
        );
        if is_direct(caller, call) {
            self.put("tlsDetails", tls(call, occasion.region));
        }
        if caller.console && call.name != "ConsoleLogin" {
            self.put("sessionCredentialFromConsole", "true");
        }
    }
}

/// The caller, and the service that acts for it.
fn identity(caller: &Caller, call: &Call) -> Value {
    let mut identity = caller.identity.clone();
    if let Some(service) = call.invoked_by {
        identity.insert("invokedBy".to_owned(), json!(service));
    }
    if call.source == crate::events::mcp::SERVER {
        // The server's own record shows who is signed in, not the credentials.
        identity.shift_remove("accessKeyId");
    }
    if let Some(session) = &caller.sign_in_session
        && let Some(context) = identity
            .get_mut("sessionContext")
            .and_then(Value::as_object_mut)
    {
        context.insert("signInSessionArn".to_owned(), json!(session));
    }
    Value::Object(identity)
}

fn user_agent(caller: &Caller, call: &Call) -> String {
    let agent = call.invoked_by.unwrap_or(&caller.user_agent);
    if call.source == "s3.amazonaws.com" && call.invoked_by.is_none() {
        return format!("[{agent}]");
    }
    agent.to_owned()
}

fn event_type(call: &Call) -> &'static str {
    match call.source {
        "signin.amazonaws.com" if call.name == "ConsoleLogin" => "AwsConsoleSignIn",
        crate::events::mcp::SERVER => "AwsMcpEvent",
        _ if call.service_event.is_some() => "AwsServiceEvent",
        _ => "AwsApiCall",
    }
}

/// EC2 repeats the request id in its answer.
fn with_request_id(mut response: Value, request_id: &str) -> Value {
    if let Some(id) = response.get_mut("requestId") {
        *id = json!(request_id);
    }
    response
}

/// S3's second request id.
fn with_extended_id(random: &mut Random, mut additional: Value) -> Value {
    if let Some(id) = additional.get_mut("x-amz-id-2") {
        let half = random.text(BASE_64, 20);
        *id = json!(format!("{half}{EXTENDED_ID_TAIL}"));
    }
    additional
}

/// A client called the service itself, over the network.
fn is_direct(caller: &Caller, call: &Call) -> bool {
    call.invoked_by.is_none() && !caller.is_service() && event_type(call) == "AwsApiCall"
}

fn tls(call: &Call, region: &str) -> Value {
    let host = match call.source {
        "iam.amazonaws.com" => "iam.amazonaws.com".to_owned(),
        _ => format!("{}.{region}.amazonaws.com", call.host),
    };
    json!({"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": host})
}
