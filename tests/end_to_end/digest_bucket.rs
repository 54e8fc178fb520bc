//! A server that answers as S3 and `CloudTrail` do: the files of a directory as a bucket, and one public key on the second
//! page of `ListPublicKeys`. Metadata of an object is what stands in `<key>.metadata.json`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

const METADATA: &str = ".metadata.json";

/// A server, for as long as the test runs.
pub(crate) struct Server {
    pub(crate) url: String,
}

struct Request {
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    body: Vec<u8>,
}

struct Answer {
    status: &'static str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Server {
    pub(crate) fn start(root: PathBuf, key: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let key = json!({"Value": key["Value"], "Fingerprint": key["Fingerprint"]});
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (root, key) = (root.clone(), key.clone());
                // A client that hangs up is none of ours.
                std::thread::spawn(move || serve(stream, &root, &key));
            }
        });
        Self { url }
    }
}

fn serve(mut stream: TcpStream, root: &Path, key: &Value) -> Option<()> {
    let request = read(&stream)?;
    let answer = match request.method.as_str() {
        "POST" => public_keys(&request, key),
        "HEAD" => answer("200 OK", Vec::new()),
        _ if request.query.contains_key("list-type") => list(root, &request),
        _ => object(root, &request),
    };
    let mut head = format!("HTTP/1.1 {}\r\n", answer.status);
    for (name, value) in &answer.headers {
        write!(head, "{name}: {value}\r\n").ok()?;
    }
    write!(
        head,
        "content-length: {}\r\nconnection: close\r\n\r\n",
        answer.body.len()
    )
    .ok()?;
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&answer.body).ok()
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    });
    Some(Request {
        method,
        path: decoded(path),
        query: pairs.collect(),
        body,
    })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn answer(status: &'static str, body: Vec<u8>) -> Answer {
    Answer {
        status,
        headers: vec![("x-amz-bucket-region".to_owned(), "eu-west-1".to_owned())],
        body,
    }
}

fn public_keys(request: &Request, key: &Value) -> Answer {
    let asked: Value = serde_json::from_slice(&request.body).unwrap();
    let page = match asked.get("NextToken") {
        None => json!({"PublicKeyList": [], "NextToken": "the second"}),
        Some(_) => json!({"PublicKeyList": [key]}),
    };
    let mut answer = answer("200 OK", page.to_string().into_bytes());
    let kind = (
        "content-type".to_owned(),
        "application/x-amz-json-1.1".to_owned(),
    );
    answer.headers.push(kind);
    answer
}

/// `ListObjectsV2`, all on one page.
fn list(root: &Path, request: &Request) -> Answer {
    let asked = |name: &str| request.query.get(name).map_or("", String::as_str);
    let (prefix, delimiter) = (asked("prefix"), asked("delimiter"));
    let mut keys = Vec::new();
    files(root, "", &mut keys);
    keys.sort();
    let mut contents = String::new();
    let mut folders = Vec::new();
    for key in keys {
        if !key.starts_with(prefix) || key.as_str() <= asked("start-after") {
            continue;
        }
        let below = key[prefix.len()..].split_once('/');
        if let Some((folder, _)) = below.filter(|_| !delimiter.is_empty()) {
            folders.push(format!("{prefix}{folder}/"));
            continue;
        }
        let size = std::fs::metadata(root.join(&key)).unwrap().len();
        write!(
            contents,
            "<Contents><Key>{key}</Key><ETag>&quot;e{size}&quot;</ETag><Size>{size}</Size></Contents>"
        )
        .unwrap();
    }
    folders.dedup();
    for folder in folders {
        write!(
            contents,
            "<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>"
        )
        .unwrap();
    }
    let body = format!(
        "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
    );
    answer("200 OK", body.into_bytes())
}

fn files(root: &Path, folder: &str, keys: &mut Vec<String>) {
    for entry in std::fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let key = format!("{folder}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            files(root, &format!("{key}/"), keys);
        } else if !key.ends_with(METADATA) {
            keys.push(key);
        }
    }
}

/// `GetObject`.
fn object(root: &Path, request: &Request) -> Answer {
    let key = request.path.splitn(3, '/').nth(2).unwrap_or_default();
    let Ok(body) = std::fs::read(root.join(key)) else {
        let body = "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>";
        return answer("404 Not Found", body.as_bytes().to_vec());
    };
    let mut answer = answer("200 OK", body);
    if let Ok(text) = std::fs::read_to_string(root.join(format!("{key}{METADATA}"))) {
        let metadata: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
        let named = metadata
            .into_iter()
            .map(|(name, value)| (format!("x-amz-meta-{name}"), value));
        answer.headers.extend(named);
    }
    answer
}
