//! Pages of a listing.

use std::sync::Arc;

use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use futures::stream::{Stream, StreamExt as _};
use tokio::sync::mpsc;

use super::folders::Month;
use super::{Bucket, Object};
use crate::aws::{fault, patience::patiently};
use crate::source::{Place, layout::Layout};
use crate::{AwsFault, Error};

impl Bucket {
    /// The folders directly below a prefix, which need not end with a slash.
    pub(super) async fn folders(&self, prefix: &str) -> Result<Vec<String>, AwsFault> {
        let mut folders = Vec::new();
        let mut token = None;
        loop {
            let page = patiently(|| self.page(prefix, Some("/"), None, token.clone())).await?;
            let found = page.common_prefixes.unwrap_or_default();
            folders.extend(found.into_iter().filter_map(|folder| folder.prefix));
            token = page.next_continuation_token;
            if token.is_none() {
                return Ok(folders);
            }
        }
    }

    /// A page of at most 1,000 keys.
    async fn page(
        &self,
        prefix: &str,
        delimiter: Option<&str>,
        after: Option<&str>,
        token: Option<String>,
    ) -> Result<ListObjectsV2Output, AwsFault> {
        let request = self.inner.client.list_objects_v2();
        let request = request.bucket(&self.inner.name).prefix(prefix);
        let request = request
            .set_delimiter(delimiter.map(str::to_owned))
            .set_start_after(after.map(str::to_owned))
            .set_continuation_token(token);
        request.send().await.map_err(fault("s3:ListBucket"))
    }

    fn object(&self, listed: aws_sdk_s3::types::Object) -> Option<Object> {
        let key = listed.key?;
        let etag = listed.e_tag.unwrap_or_default();
        // The mark of an empty folder, as consoles make it.
        let size = u64::try_from(listed.size.unwrap_or(0)).unwrap_or(0);
        (size > 0 || !key.ends_with('/')).then(|| Object {
            source: Arc::clone(&self.inner.url),
            key,
            place: Place::Bucket(self.clone()),
            size,
            etag: etag.trim_matches('"').to_owned(),
            unreadable: None,
        })
    }
}

/// The objects of a month in order of their keys. Its first pages are fetched before they are asked for.
pub(super) fn ahead(
    bucket: Bucket,
    month: Month,
) -> impl Stream<Item = Result<Object, Error>> + Send + use<> {
    let (send, mut receive) = mpsc::channel(1);
    tokio::spawn(async move {
        if let Err(fault) = pages(&bucket, &month, &send).await {
            // Nobody waits for it once the run has failed.
            let _ = send.send(Err(bucket.failed(fault))).await;
        }
    });
    futures::stream::poll_fn(move |context| receive.poll_recv(context)).flat_map(|page| {
        futures::stream::iter(match page {
            Ok(objects) => objects.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    })
}

type Page = Result<Vec<Object>, Error>;

async fn pages(bucket: &Bucket, month: &Month, send: &mpsc::Sender<Page>) -> Result<(), AwsFault> {
    let mut token: Option<String> = None;
    loop {
        let after = month.after.as_deref().filter(|_| token.is_none());
        let page = patiently(|| bucket.page(&month.prefix, None, after, token.clone())).await?;
        let listed = page.contents.unwrap_or_default().into_iter();
        let objects: Vec<Object> = listed.filter_map(|listed| bucket.object(listed)).collect();
        let (wanted, beyond): (Vec<_>, Vec<_>) = objects
            .into_iter()
            .partition(|object| is_wanted(object, month));
        if send.send(Ok(wanted)).await.is_err() || !beyond.is_empty() {
            return Ok(());
        }
        token = page.next_continuation_token;
        if token.is_none() {
            return Ok(());
        }
    }
}

/// Tells whether an object is delivered by the last day; after one that is not, none is.
fn is_wanted(object: &Object, month: &Month) -> bool {
    month
        .last
        .is_none_or(|last| Layout::of(&object.key).day.is_none_or(|day| day <= last))
}
