//! A bucket, or a folder in it.

use aws_sdk_s3::Client;
use jiff::civil::Date;

use super::{Days, Mode, Reading, Signature, read};
use crate::aws::patience::patiently;
use crate::aws::{AwsFault, fault};
use crate::verify::content::Unpacking;
use crate::verify::place::day_of;
use crate::{Error, source};

/// How often an object is read from its beginning where the connection breaks. Chosen.
const ATTEMPTS: u32 = 4;

/// A bucket, or a folder in it.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(super) url: String,
    /// The folder that is meant.
    pub(super) start: String,
    client: Client,
    name: String,
}

/// A page of a list.
struct Page {
    keys: Vec<String>,
    folders: Vec<String>,
    next: Option<String>,
}

impl Bucket {
    pub(super) fn new(source: &source::Bucket) -> Self {
        let (url, client, name, prefix) = source.parts();
        Self {
            url: url.to_owned(),
            start: match prefix.trim_matches('/') {
                "" => String::new(),
                prefix => format!("{prefix}/"),
            },
            client: client.clone(),
            name: name.to_owned(),
        }
    }

    pub(super) fn above(&self) -> Vec<String> {
        let names = self.start.split_terminator('/');
        names.map(str::to_owned).collect()
    }

    pub(super) async fn folders(&self, folder: &str) -> Result<Vec<String>, Error> {
        let mut folders = Vec::new();
        let mut next = None;
        loop {
            let page = self.page(folder, Some("/"), None, next).await?;
            folders.extend(page.folders);
            next = page.next;
            if next.is_none() {
                return Ok(folders);
            }
        }
    }

    pub(super) async fn keys(&self, folder: &str, days: Days) -> Result<Vec<String>, Error> {
        let after = days.first.map(|day| format!("{folder}{}", path_of(day)));
        let mut keys = Vec::new();
        let mut next = None;
        loop {
            let page = self.page(folder, None, after.as_deref(), next).await?;
            for key in page.keys {
                let day = day_of(&key);
                // A day beyond the last ends the list: keys come in order of their days.
                if day.is_some_and(|day| days.last.is_some_and(|last| last < day)) {
                    return Ok(keys);
                }
                if day.is_some_and(|day| days.contain(day)) {
                    keys.push(key);
                }
            }
            next = page.next;
            if next.is_none() {
                return Ok(keys);
            }
        }
    }

    /// A page of the list below a folder.
    async fn page(
        &self,
        folder: &str,
        delimiter: Option<&str>,
        after: Option<&str>,
        token: Option<String>,
    ) -> Result<Page, Error> {
        let answer = patiently(|| async {
            let request = self
                .client
                .list_objects_v2()
                .bucket(&self.name)
                .prefix(folder)
                .set_delimiter(delimiter.map(str::to_owned))
                .set_start_after(after.map(str::to_owned))
                .set_continuation_token(token.clone());
            request.send().await.map_err(fault("s3:ListBucket"))
        })
        .await
        .map_err(|fault| Error::Aws {
            subject: format!("{}{folder}", self.url),
            fault,
        })?;
        let name = |prefix: &str| {
            let folder = prefix.trim_end_matches('/').rsplit('/').next();
            folder.map(str::to_owned)
        };
        let prefixes = answer.common_prefixes().iter();
        let objects = answer.contents().iter();
        Ok(Page {
            folders: prefixes
                .filter_map(|prefix| name(prefix.prefix()?))
                .collect(),
            keys: objects
                .filter_map(|object| Some(object.key()?.to_owned()))
                .collect(),
            next: answer.next_continuation_token().map(str::to_owned),
        })
    }

    pub(super) async fn read(&self, key: &str, mode: Mode) -> Reading {
        let mut broken = String::new();
        for _ in 0..ATTEMPTS {
            match self.attempt(key, mode).await {
                Ok(Ok(reading)) => return reading,
                Ok(Err(reason)) => broken = reason,
                Err(fault) if fault.is_missing() => return Reading::Missing,
                Err(fault) => return Reading::Unreadable(fault.to_string()),
            }
        }
        Reading::Unreadable(broken)
    }

    /// Reads the object once; the inner error says how the connection broke.
    async fn attempt(&self, key: &str, mode: Mode) -> Result<Result<Reading, String>, AwsFault> {
        let mut answer = patiently(|| async {
            let request = self.client.get_object().bucket(&self.name).key(key);
            request.send().await.map_err(fault("s3:GetObject"))
        })
        .await?;
        let metadata = |name| answer.metadata()?.get(name).cloned();
        let signature = match (metadata("signature"), metadata("signature-algorithm")) {
            (Some(digits), Some(algorithm)) => Signature::Given { digits, algorithm },
            _ => Signature::Absent,
        };
        let mut unpacking = Unpacking::new(mode.limit, mode.whole);
        let mut to_come = answer
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        loop {
            match answer.body.try_next().await {
                Ok(None) if to_come.is_some_and(|to_come| to_come > 0) => {
                    return Ok(Err("the content breaks off".to_owned()));
                }
                Ok(None) => return Ok(Ok(read(unpacking, signature))),
                Ok(Some(bytes)) => {
                    to_come = to_come.map(|to_come| to_come.saturating_sub(bytes.len()));
                    if let Err(fault) = unpacking.push(&bytes) {
                        return Ok(Ok(Reading::Broken(fault)));
                    }
                }
                Err(error) => return Ok(Err(error.to_string())),
            }
        }
    }
}

fn path_of(day: Date) -> String {
    format!("{:04}/{:02}/{:02}/", day.year(), day.month(), day.day())
}
