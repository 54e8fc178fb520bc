//! The public keys by which digests are checked: of a file, or of `CloudTrail` itself.
//!
//! Each region has keys of its own, which change over time; a digest names its key by a fingerprint. A file holds what
//! `aws cloudtrail list-public-keys` prints, of one region or of several one after the other.
//! Source: AWS `CloudTrail` API Reference, "`ListPublicKeys`".
//!
//! A region whose keys `CloudTrail` does not give has none: its digests cannot be verified, and the summary says why.

use std::collections::BTreeMap;
use std::path::Path;

use aws_sdk_cloudtrail::primitives::DateTime;
use jiff::Timestamp;
use serde::Deserialize;

use super::hash::base64;
use crate::aws::patience::patiently;
use crate::aws::{AwsFault, fault};
use crate::{Aws, AwsOptions, Error};

/// The largest file of keys, in bytes: 16 MiB. Chosen: a key takes some 600 bytes.
const LONGEST_FILE: u64 = 16 << 20;

/// The most pages of keys that are asked for. Chosen: AWS calls the token "reserved for future use".
const MOST_PAGES: usize = 100;

/// Keys by fingerprint, each PKCS #1 in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PublicKeys(BTreeMap<String, Vec<u8>>);

impl PublicKeys {
    /// The key of a fingerprint.
    pub(crate) fn get(&self, fingerprint: &str) -> Option<&[u8]> {
        self.0.get(fingerprint).map(Vec::as_slice)
    }

    pub(crate) fn add(&mut self, fingerprint: &str, key: Vec<u8>) {
        self.0.insert(fingerprint.to_owned(), key);
    }

    /// The keys of a file.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::PublicKeys`] if it is not what the AWS CLI prints.
    pub(crate) fn of_file(path: &Path) -> Result<Self, Error> {
        let refused = |reason: String| Error::PublicKeys {
            path: path.to_path_buf(),
            reason,
        };
        let unread = |source| Error::Read {
            path: path.to_path_buf(),
            source,
        };
        let size = std::fs::metadata(path).map_err(unread)?.len();
        if size > LONGEST_FILE {
            return Err(refused(format!("it is larger than {LONGEST_FILE} bytes")));
        }
        let text = std::fs::read_to_string(path).map_err(unread)?;
        let keys = Self::of_text(&text).map_err(refused)?;
        if keys.0.is_empty() {
            return Err(refused("it holds no key".to_owned()));
        }
        Ok(keys)
    }

    fn of_text(text: &str) -> Result<Self, String> {
        let mut keys = Self::default();
        for document in serde_json::Deserializer::from_str(text).into_iter::<Printed>() {
            let document = document.map_err(|error| error.to_string())?;
            for key in document.public_key_list {
                let value = base64(&key.value).ok_or_else(|| {
                    format!("the value of key `{}` is not base64", key.fingerprint)
                })?;
                keys.add(&key.fingerprint, value);
            }
        }
        Ok(keys)
    }
}

/// What `aws cloudtrail list-public-keys` prints.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    public_key_list: Vec<PrintedKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PrintedKey {
    value: String,
    fingerprint: String,
}

/// Where keys come from.
#[derive(Debug)]
pub(crate) enum KeySource {
    /// A file, whose keys do for every region.
    File(PublicKeys),
    /// `CloudTrail`, region by region.
    CloudTrail(Box<Asked>),
}

/// What `CloudTrail` was asked.
#[derive(Debug)]
pub(crate) struct Asked {
    options: AwsOptions,
    /// Made by the first call.
    aws: Option<Aws>,
    /// What was given, by region.
    given: BTreeMap<String, Given>,
    /// Why no keys were given, by region.
    faults: BTreeMap<String, AwsFault>,
}

/// The keys of a span of time.
#[derive(Debug)]
struct Given {
    from: Timestamp,
    until: Timestamp,
    keys: PublicKeys,
}

impl KeySource {
    /// The keys of a file, or those that `CloudTrail` gives.
    ///
    /// # Errors
    /// As [`PublicKeys::of_file`].
    pub(crate) fn open(file: Option<&Path>, options: &AwsOptions) -> Result<Self, Error> {
        Ok(match file {
            Some(path) => Self::File(PublicKeys::of_file(path)?),
            None => Self::CloudTrail(Box::new(Asked {
                options: options.clone(),
                aws: None,
                given: BTreeMap::new(),
                faults: BTreeMap::new(),
            })),
        })
    }

    /// The keys by which a region signed in that time.
    pub(crate) async fn of_region(
        &mut self,
        region: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> PublicKeys {
        match self {
            Self::File(keys) => keys.clone(),
            Self::CloudTrail(asked) => asked.of_region(region, from, until).await,
        }
    }

    /// Why `CloudTrail` gave no keys, region by region.
    pub(crate) fn faults(&self) -> Vec<String> {
        match self {
            Self::File(_) => Vec::new(),
            Self::CloudTrail(asked) => asked
                .faults
                .iter()
                .map(|(region, fault)| format!("no public keys of {region}: {fault}"))
                .collect(),
        }
    }
}

impl Asked {
    async fn of_region(&mut self, region: &str, from: Timestamp, until: Timestamp) -> PublicKeys {
        if let Some(given) = self.given.get(region)
            && given.from <= from
            && until <= given.until
        {
            return given.keys.clone();
        }
        // Who was not answered at all is not asked again for every region.
        let silent = self.faults.values().any(|fault| fault.status.is_none());
        if silent || self.faults.contains_key(region) {
            return PublicKeys::default();
        }
        let aws = match &mut self.aws {
            Some(aws) => aws,
            none => none.insert(Aws::connect(&self.options).await),
        };
        match listed(&aws.in_region(region), from, until).await {
            Ok(keys) => {
                let given = Given {
                    from,
                    until,
                    keys: keys.clone(),
                };
                self.given.insert(region.to_owned(), given);
                keys
            }
            Err(fault) => {
                tracing::warn!(region, "no public keys: {fault}");
                self.faults.insert(region.to_owned(), fault);
                PublicKeys::default()
            }
        }
    }
}

/// What `ListPublicKeys` gives, page by page.
async fn listed(aws: &Aws, from: Timestamp, until: Timestamp) -> Result<PublicKeys, AwsFault> {
    let client = aws.cloudtrail();
    let mut keys = PublicKeys::default();
    let mut token = None;
    for _ in 0..MOST_PAGES {
        let request = || {
            client
                .list_public_keys()
                .start_time(DateTime::from_secs(from.as_second()))
                .end_time(DateTime::from_secs(until.as_second()))
                .set_next_token(token.clone())
        };
        let send = || async {
            let answer = request().send().await;
            answer.map_err(fault("cloudtrail:ListPublicKeys"))
        };
        let page = match send().await {
            // No answer at all is no passing fault here: without credentials there is none to wait for.
            Err(fault) if fault.status.is_some() && fault.is_passing() => patiently(send).await?,
            answer => answer?,
        };
        for key in page.public_key_list() {
            if let (Some(fingerprint), Some(value)) = (key.fingerprint(), key.value()) {
                keys.add(fingerprint, value.as_ref().to_vec());
            }
        }
        token = page.next_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_the_command_line_prints_them_region_after_region() {
        let text = r#"{"PublicKeyList":[{"Value":"Zm9v","ValidityStartTime":"2026-01-01T00:00:00Z",
            "ValidityEndTime":1790000000.0,"Fingerprint":"a"}]}
            {"PublicKeyList":[{"Value":"YmFy","Fingerprint":"b"}],"NextToken":null}"#;
        let keys = PublicKeys::of_text(text).unwrap();
        assert_eq!(keys.get("a"), Some(&b"foo"[..]));
        assert_eq!(keys.get("b"), Some(&b"bar"[..]));
        assert_eq!(keys.get("c"), None);
    }

    #[test]
    fn what_is_wrong_with_a_file_of_keys_is_named() {
        let bad = r#"{"PublicKeyList":[{"Value":"?","Fingerprint":"a"}]}"#;
        assert!(PublicKeys::of_text(bad).unwrap_err().contains("`a`"));
        assert!(
            PublicKeys::of_text("{}")
                .unwrap_err()
                .contains("PublicKeyList")
        );
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys.json");
        assert!(matches!(
            PublicKeys::of_file(&path),
            Err(Error::Read { .. })
        ));
        std::fs::write(&path, r#"{"PublicKeyList":[]}"#).unwrap();
        let error = PublicKeys::of_file(&path).unwrap_err();
        assert!(error.to_string().contains("it holds no key"), "{error}");
        assert!(error.hint().is_some());
    }
}
