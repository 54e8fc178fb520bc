//! Trail objects in a bucket of S3, or of a server that speaks its protocol.
//!
//! What is listed: the folders down to `CloudTrail/<region>/<year>/<month>/`, level by level and many at a time; then
//! of each month that is wanted the objects, from the first wanted day on. A place without such folders is listed as
//! it is. A month of all regions comes before the next month, so that a commit is about few days.
//!
//! Source: Amazon S3 API Reference, `ListObjectsV2`, `GetObject`.

mod content;
mod folders;
mod list;

use std::sync::Arc;

use futures::stream::{Stream, StreamExt as _, TryStreamExt as _};

use jiff::civil::Date;

use self::folders::Month;
use super::{Object, Resume, Selection};
use crate::aws::fault;
use crate::{Aws, AwsFault, Error};

/// Folders, months and pages that are listed at a time; chosen. S3 answers 5,500 requests a second for a prefix.
const LISTED_AT_A_TIME: usize = 16;

/// A bucket, and where in it.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    client: aws_sdk_s3::Client,
    name: String,
    /// What every wanted key begins with.
    prefix: String,
    url: Arc<str>,
}

impl Bucket {
    /// The bucket at `place`, which is `bucket` or `bucket/prefix`, in whatever region it is.
    ///
    /// # Errors
    /// [`Error::SourceUnsupported`] without a name, [`Error::Aws`] if there is no such bucket or it cannot be listed.
    pub(super) async fn open(place: &str, aws: &Aws) -> Result<Self, Error> {
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        // The name of an access point stands in a URL by its alias; in an ARN it would be cut at a slash.
        if name.is_empty() || name.starts_with("arn:") {
            return Err(Error::SourceUnsupported {
                location: format!("s3://{place}"),
            });
        }
        let client = aws.near_bucket(name).await.s3();
        let bucket = Self {
            inner: Arc::new(Inner {
                client,
                name: name.to_owned(),
                prefix: prefix.to_owned(),
                url: Arc::from(format!("s3://{name}/")),
            }),
        };
        bucket.check().await.map_err(|fault| bucket.failed(fault))?;
        Ok(bucket)
    }

    /// URL and client, the bucket's name, and what every wanted key begins with.
    pub(crate) fn parts(&self) -> (&str, &aws_sdk_s3::Client, &str, &str) {
        let inner = &self.inner;
        (&inner.url, &inner.client, &inner.name, &inner.prefix)
    }

    /// The wanted objects, month by month, up to the day `today`.
    pub(super) fn objects(
        self,
        selection: Selection,
        resume: Resume,
        today: Date,
    ) -> impl Stream<Item = Result<Object, Error>> + Send {
        let bucket = self.clone();
        let found = async move { bucket.months(&selection, &resume, today).await };
        futures::stream::once(found)
            .map_ok(move |months| self.clone().listed(months))
            .try_flatten()
    }

    /// The months that are wanted, the oldest first; those of a place without such folders are one.
    async fn months(
        &self,
        selection: &Selection,
        resume: &Resume,
        today: Date,
    ) -> Result<Vec<Month>, Error> {
        let prefix = self.inner.prefix.as_str();
        let regions = folders::regions(self, prefix, selection).await;
        let Some(regions) = regions.map_err(|fault| self.failed(fault))? else {
            return Ok(vec![Month::everything(prefix)]);
        };
        let last = selection.last_delivery();
        let through = last.map_or(today, |last| last.min(today));
        let resumed = regions.into_iter().map(|region| {
            let from = if region.is_whole() {
                let folder = (self.inner.url.to_string(), region.folder.clone());
                resume.start(folder, selection, through)
            } else {
                selection.since
            };
            (region, from)
        });
        let months = futures::stream::iter(resumed.collect::<Vec<_>>())
            .map(|(region, from)| async move { region.months(self, from, last).await })
            .buffered(LISTED_AT_A_TIME)
            .try_concat()
            .await;
        let mut months = months.map_err(|fault| self.failed(fault))?;
        months.sort();
        Ok(months)
    }

    /// The objects of the months in their order, each month's pages fetched ahead.
    fn listed(self, months: Vec<Month>) -> impl Stream<Item = Result<Object, Error>> + Send {
        futures::stream::iter(months)
            .map(move |month| futures::future::ready(list::ahead(self.clone(), month)))
            .buffered(LISTED_AT_A_TIME)
            .flatten()
    }

    /// Tells whether the bucket can be listed at all, without patience.
    async fn check(&self) -> Result<(), AwsFault> {
        let request = self.inner.client.list_objects_v2();
        let request = request.bucket(&self.inner.name).prefix(&self.inner.prefix);
        let page = request.max_keys(1).send().await;
        page.map(|_| ()).map_err(fault("s3:ListBucket"))
    }

    fn failed(&self, fault: AwsFault) -> Error {
        Error::Aws {
            subject: format!("s3://{}/{}", self.inner.name, self.inner.prefix),
            fault,
        }
    }
}
