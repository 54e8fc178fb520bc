//! A proxy before a server, which spoils some of its answers.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::servers::Environment;

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It passes.
    None,
    /// This status comes in its place, with an error code of S3.
    Status(u16, &'static str),
    /// It ends after half of its bytes.
    CutOff,
    /// It stops after half of its bytes, and the connection stays open.
    Stalled,
    /// The connection is closed without an answer.
    Closed,
}

/// Says what becomes of the answer to the request of a path, which is made for the so many-th time, from 0.
type Plan = dyn Fn(&str, usize) -> Fault + Send + Sync;

/// A proxy on a port of its own, for as long as the tests run.
pub(super) struct Proxy {
    address: SocketAddr,
}

impl Proxy {
    pub(super) fn start(
        server: &Environment,
        plan: impl Fn(&str, usize) -> Fault + Send + Sync + 'static,
    ) -> Self {
        let upstream = server
            .iter()
            .find(|(name, _)| name == "AWS_ENDPOINT_URL")
            .unwrap();
        let upstream: SocketAddr = upstream.1.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let plan: Arc<Plan> = Arc::new(plan);
        let times = Arc::new(Mutex::new(BTreeMap::<String, usize>::new()));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (plan, times) = (Arc::clone(&plan), Arc::clone(&times));
                // A client that goes away is no fault of the proxy.
                thread::spawn(move || {
                    client.and_then(|client| serve(client, upstream, &*plan, &times))
                });
            }
        });
        Self { address }
    }

    /// The server's environment, with the proxy in its place.
    pub(super) fn environment(&self, server: &Environment) -> Environment {
        let mut environment = server.clone();
        for (name, value) in &mut environment {
            if name == "AWS_ENDPOINT_URL" {
                *value = format!("http://{}", self.address);
            }
        }
        environment
    }
}

/// Passes one request on, and its answer back.
fn serve(
    mut client: TcpStream,
    upstream: SocketAddr,
    plan: &Plan,
    times: &Mutex<BTreeMap<String, usize>>,
) -> std::io::Result<()> {
    let Some(request) = request(&mut client)? else {
        return Ok(());
    };
    let time = {
        let mut times = times.lock().unwrap();
        let time = times.entry(request.line.clone()).or_default();
        *time += 1;
        *time - 1
    };
    let fault = plan(&request.line, time);
    match fault {
        Fault::Closed => return Ok(()),
        Fault::Status(status, code) => {
            let body = format!("<Error><Code>{code}</Code><Message>of the test</Message></Error>");
            return write!(
                client,
                "HTTP/1.1 {status} Odd\r\nContent-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
        Fault::None | Fault::CutOff | Fault::Stalled => {}
    }
    let mut server = TcpStream::connect(upstream)?;
    server.write_all(&request.bytes)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    if fault == Fault::None {
        return client.write_all(&answer);
    }
    let head = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map_or(0, |at| at + 4);
    client.write_all(&answer[..head + (answer.len() - head) / 2])?;
    client.flush()?;
    if fault == Fault::Stalled {
        thread::sleep(Duration::from_secs(90));
    }
    client.shutdown(Shutdown::Both)
}

struct Request {
    /// Method and path.
    line: String,
    /// All of it, with the wish that the connection be closed.
    bytes: Vec<u8>,
}

fn request(client: &mut TcpStream) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut bytes = line.clone().into_bytes();
    bytes.extend_from_slice(b"Connection: close\r\n");
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let name = header.to_ascii_lowercase();
        if let Some(value) = name.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if name.starts_with("expect:") {
            client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            continue;
        }
        if !name.starts_with("connection:") {
            bytes.extend_from_slice(header.as_bytes());
        }
        if header.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    bytes.extend_from_slice(&body);
    let line = line
        .rsplit_once(' ')
        .map_or("", |(line, _)| line)
        .to_owned();
    Ok(Some(Request { line, bytes }))
}
