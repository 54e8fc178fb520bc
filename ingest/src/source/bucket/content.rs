//! The content of an object.

use super::{Bucket, Object};
use crate::aws::{fault, patience::patiently};
use crate::{AwsFault, Error};

/// How often an object is fetched whose content ends early or stalls; chosen.
const ATTEMPTS: usize = 4;

/// Why there is no content.
enum Unread {
    /// The request failed.
    Fault(AwsFault),
    /// The content broke off.
    BrokenOff(String),
}

impl Bucket {
    /// The content of the version that was listed, as far as the limit and one byte beyond; else why it cannot be
    /// read, where the next object may be.
    ///
    /// # Errors
    /// [`Error::Aws`] if nothing can be read: S3 is not reached, or refuses the credentials.
    pub(crate) async fn content(
        &self,
        object: &Object,
        limit: u64,
    ) -> Result<Result<Vec<u8>, String>, Error> {
        let mut reason = String::new();
        for _ in 0..ATTEMPTS {
            match self.fetch(object, limit).await {
                Ok(content) => return Ok(Ok(content)),
                Err(Unread::BrokenOff(why)) => reason = why,
                Err(Unread::Fault(fault)) if is_of_the_object(&fault) => {
                    return Ok(Err(fault.to_string()));
                }
                Err(Unread::Fault(fault)) => {
                    let subject = format!("{}{}", object.source, object.key);
                    return Err(Error::Aws { subject, fault });
                }
            }
        }
        Ok(Err(reason))
    }

    async fn fetch(&self, object: &Object, limit: u64) -> Result<Vec<u8>, Unread> {
        let opened = patiently(|| async {
            let request = self.inner.client.get_object();
            let request = request.bucket(&self.inner.name).key(&object.key);
            let request = request.if_match(format!("\"{}\"", object.etag));
            request.send().await.map_err(fault("s3:GetObject"))
        });
        let mut body = opened.await.map_err(Unread::Fault)?.body;
        let mut content = Vec::with_capacity(usize::try_from(object.size.min(limit)).unwrap_or(0));
        while let Some(chunk) = body.next().await {
            let chunk = chunk
                .map_err(|error| Unread::BrokenOff(format!("the content breaks off: {error}")))?;
            content.extend_from_slice(&chunk);
            if u64::try_from(content.len()).unwrap_or(u64::MAX) > limit {
                return Ok(content);
            }
        }
        let read = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if read < object.size {
            let whole = object.size;
            return Err(Unread::BrokenOff(format!(
                "the content breaks off after {read} of {whole} bytes"
            )));
        }
        Ok(content)
    }
}

/// Codes of 4xx answers that hold for every object alike.
/// Source: Amazon S3 API Reference, "Error responses".
const OF_ALL: [&str; 11] = [
    "AccountProblem",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidSecurity",
    "InvalidToken",
    "NoSuchBucket",
    "NotSignedUp",
    "PermanentRedirect",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
];

/// Tells whether a fault is about this object, so that others may be read: it is archived, or gone, or its key may not be
/// used.
fn is_of_the_object(fault: &AwsFault) -> bool {
    let code = fault.code.as_deref().unwrap_or_default();
    fault
        .status
        .is_some_and(|status| (400..500).contains(&status))
        && !OF_ALL.contains(&code)
}
