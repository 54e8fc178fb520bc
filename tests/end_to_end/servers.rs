//! Servers that stand in for AWS: moto, started from `PyPI`, and a small HTTP server for what moto has no answer to.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// The server and its version.
const MOTO: &str = "moto[server]==5.2.5";

/// How long a server may take to answer for the first time.
const START: Duration = Duration::from_mins(2);

/// Variables of the environment, name and value.
pub(crate) type Environment = Vec<(String, String)>;

/// What every client needs to reach a server of ours and nothing else.
fn environment(url: &str) -> Environment {
    [
        ("AWS_ENDPOINT_URL", url),
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("NO_PROXY", "127.0.0.1,localhost"),
        ("no_proxy", "127.0.0.1,localhost"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// Takes the variables that would lead a client elsewhere out of a command's environment.
pub(crate) fn without_aws(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("AWS_") || text.starts_with("CURTAIL_") || text.starts_with("MOTO_") {
            command.env_remove(name);
        }
    }
    command
}

/// `curtail` in a directory, against a server; its output is piped.
pub(crate) fn command(directory: &Path, environment: &Environment, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_curtail"));
    without_aws(&mut command)
        .current_dir(directory)
        .args(arguments)
        .envs(environment.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs `curtail` in a directory against a server.
pub(crate) fn curtail(directory: &Path, environment: &Environment, arguments: &[&str]) -> Output {
    command(directory, environment, arguments).output().unwrap()
}

/// Packages of `PyPI` in a directory of the build, installed once for all tests and runs.
pub(crate) fn python_site(name: &str, packages: &[&str]) -> PathBuf {
    let python = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("python");
    fs::create_dir_all(&python).unwrap();
    let lock = File::create(python.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let site = python.join(name);
    let mark = site.join(".complete");
    let wanted = packages.join("\n");
    if fs::read_to_string(&mark).unwrap_or_default() != wanted {
        let _ = fs::remove_dir_all(&site);
        let output = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(&site)
            .args(packages)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "pip install {wanted}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        fs::write(&mark, wanted).unwrap();
    }
    site
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A moto server of its own, which ends with the value.
pub(crate) struct Moto {
    child: Child,
    site: PathBuf,
    url: String,
}

impl Moto {
    /// Installs moto where it is not there yet, starts it, and waits until it answers.
    pub(crate) fn start() -> Self {
        let site = python_site("moto", &[MOTO]);
        let port = free_port();
        let mut command = Command::new("python3");
        let child = without_aws(&mut command)
            .args(["-m", "moto.server", "-p", &port.to_string()])
            .env("PYTHONPATH", &site)
            .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut moto = Self {
            child,
            site,
            url: format!("http://127.0.0.1:{port}"),
        };
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = moto.child.try_wait().unwrap();
            assert!(
                ended.is_none() && started.elapsed() < START,
                "moto did not start: {ended:?}"
            );
            thread::sleep(Duration::from_millis(100));
        }
        moto
    }

    /// The variables that point a client here.
    pub(crate) fn environment(&self) -> Environment {
        environment(&self.url)
    }

    /// Runs a script with boto3 against the server; gives what it prints.
    pub(crate) fn python(&self, script: &str) -> String {
        let mut command = Command::new("python3");
        let output = without_aws(&mut command)
            .args(["-c", script])
            .env("PYTHONPATH", &self.site)
            .envs(self.environment())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request that a [`Stub`] got.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// Names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    /// The operation of a JSON protocol, without its service: the header `X-Amz-Target` after the dot.
    pub(crate) fn target(&self) -> &str {
        let target = self.headers.get("x-amz-target").map_or("", String::as_str);
        target.rsplit('.').next().unwrap()
    }

    /// The body of a JSON protocol.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// A parameter of a query protocol, as it is encoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    }
}

/// What a [`Stub`] answers.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    status: u16,
    content_type: &'static str,
    body: String,
}

impl Response {
    /// An answer of a JSON protocol.
    pub(crate) fn json(body: &serde_json::Value) -> Self {
        Self {
            status: 200,
            content_type: "application/x-amz-json-1.0",
            body: body.to_string(),
        }
    }

    /// An error of a JSON protocol.
    pub(crate) fn fault(code: &str) -> Self {
        Self {
            status: 400,
            ..Self::json(
                &serde_json::json!({"__type": code, "message": format!("{code} of the test")}),
            )
        }
    }

    /// An answer of the query protocol: the result of an action.
    pub(crate) fn query(action: &str, result: &str) -> Self {
        let body = format!(
            "<{action}Response><{action}Result>{result}</{action}Result><ResponseMetadata>\
             <RequestId>r</RequestId></ResponseMetadata></{action}Response>"
        );
        Self {
            status: 200,
            content_type: "text/xml",
            body,
        }
    }

    /// An error of the query protocol.
    pub(crate) fn query_fault(code: &str) -> Self {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{code} of the test</Message>\
             </Error><RequestId>r</RequestId></ErrorResponse>"
        );
        Self {
            status: 403,
            content_type: "text/xml",
            body,
        }
    }
}

/// An HTTP server that answers as a function says, and ends with the value.
pub(crate) struct Stub {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
}

impl Stub {
    /// Starts the server on a free port.
    pub(crate) fn start(handler: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let stub = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            is_over: Arc::default(),
        };
        let handler = Arc::new(handler);
        let (requests, is_over) = (Arc::clone(&stub.requests), Arc::clone(&stub.is_over));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (handler, requests) = (Arc::clone(&handler), Arc::clone(&requests));
                thread::spawn(move || answer(stream.unwrap(), &*handler, &requests));
            }
        });
        stub
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The variables that point a client here.
    pub(crate) fn environment(&self) -> Environment {
        environment(&self.url())
    }

    /// What was asked until now.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// Answers one request and closes the connection.
fn answer(
    stream: TcpStream,
    handler: &(dyn Fn(&Request) -> Response + Send + Sync),
    requests: &Mutex<Vec<Request>>,
) {
    let mut reader = BufReader::new(stream);
    let Some(request) = read(&mut reader) else {
        return;
    };
    requests.lock().unwrap().push(request.clone());
    let response = handler(&request);
    let head = format!(
        "HTTP/1.1 {} Answer\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        response.status,
        response.content_type,
        response.body.len()
    );
    let mut stream = reader.into_inner();
    // A client that went away is none of the server's business.
    let _ = stream.write_all(format!("{head}{}", response.body).as_bytes());
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length");
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        path,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}
