//! The event history of an account, as `LookupEvents` gives it: for an account without a trail.
//!
//! It holds the management events of 90 days, per region, the newest first, and gives 50 at a time, twice a second.
//! Pages are put together to objects of some thousand events, whose keys name the span of time that they hold; spans
//! that the checkpoint knows are not asked for again. Events may come some time after they happened, so a span is
//! settled only when that time has passed.
//!
//! Source: AWS `CloudTrail` API Reference, `LookupEvents`.

mod pages;
mod span;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudtrail::Client;
use futures::stream::{BoxStream, Stream, StreamExt as _, TryStreamExt as _};
use jiff::{Timestamp, ToSpan as _};
use tokio::time::MissedTickBehavior;

pub(super) use self::span::{Span, Spans};
use super::{Object, Place, Resume, Selection};
use crate::aws::fault;
use crate::{Aws, Error};

/// How the history is named among the sources.
pub const LOOKUP_EVENTS: &str = "cloudtrail:lookup-events";

/// The region in which the events of global services are: IAM, `CloudFront`, the global endpoint of STS.
/// Source: AWS `CloudTrail` User Guide, "Global service events".
const GLOBAL: &str = "us-east-1";

/// The source of its objects.
pub(super) const URL: &str = "cloudtrail:lookup-events/";

/// How far the history goes back.
const DAYS: i64 = 90;

/// The entity tag of an object whose span will not hold more; of others it is the time at which they were asked for.
pub(super) const SETTLED: &str = "settled";

/// After how long no further event of a time is expected; chosen, some times what AWS says (minutes).
const SETTLES_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_hours(2);

/// How many bytes an object without events has.
const NOTHING: u64 = "{\"Events\":[]}".len() as u64;

/// The pause between two requests: two a second are allowed for an account and region.
const PAUSE: Duration = Duration::from_millis(500);

/// The history of an account in some regions.
#[derive(Debug, Clone)]
pub(crate) struct History {
    account: String,
    regions: Vec<(String, Client)>,
}

impl History {
    /// The history of the caller's account, in the wanted regions, else in the configured one and in that of the global
    /// services.
    ///
    /// # Errors
    /// [`Error::Aws`] if the credentials are refused, or a region cannot be asked.
    pub(super) async fn open(aws: &Aws, selection: &Selection) -> Result<Self, Error> {
        let account = aws.account_id().await.map_err(|fault| Error::Aws {
            subject: LOOKUP_EVENTS.to_owned(),
            fault,
        })?;
        let mut names = selection.regions.clone();
        if names.is_empty() {
            names.extend([aws.region().to_owned(), GLOBAL.to_owned()]);
        }
        let mut regions = Vec::with_capacity(names.len());
        for name in names {
            let client = aws.in_region(&name).cloudtrail();
            check(&client, &name).await?;
            regions.push((name, client));
        }
        Ok(Self { account, regions })
    }

    /// What is not settled yet, region beside region.
    pub(super) fn objects(
        self,
        selection: &Selection,
        resume: &Resume,
        now: Timestamp,
    ) -> impl Stream<Item = Result<Object, Error>> + Send + use<> {
        let wanted = wanted(selection, now);
        let regions = self.regions.into_iter().map(|(region, client)| {
            let folder = format!("AWSLogs/{}/CloudTrail/{region}/", self.account);
            let settled = resume.settled(&folder);
            // What is not settled yet is asked for by itself, so that the rest is not asked for again.
            let [old, new] = wanted.split(now - SETTLES_AFTER);
            let mut gaps = settled.clone().gaps(old);
            gaps.extend(settled.gaps(new));
            let history = Region {
                client,
                name: region,
                folder,
                now,
            };
            history.objects(gaps)
        });
        futures::stream::select_all(regions.collect::<Vec<_>>())
    }
}

/// Tells whether a region can be asked at all, without patience.
async fn check(client: &Client, region: &str) -> Result<(), Error> {
    let asked = client.lookup_events().max_results(1).send().await;
    let asked = asked.map_err(fault("cloudtrail:LookupEvents"));
    asked.map(|_| ()).map_err(|fault| Error::Aws {
        subject: format!("{LOOKUP_EVENTS} in {region}"),
        fault,
    })
}

/// The span that is wanted of what there is.
fn wanted(selection: &Selection, now: Timestamp) -> Span {
    let day = |date: jiff::civil::Date| {
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC);
        midnight.map_or(now, |midnight| midnight.timestamp())
    };
    let oldest = now - jiff::SignedDuration::from_hours(24 * DAYS);
    let until = selection
        .until
        .map(|until| day(until.saturating_add(1.day())));
    Span {
        from: selection
            .since
            .map_or(oldest, |since| day(since).max(oldest)),
        to: until.map_or(now, |until| until.min(now)),
    }
}

/// The history of a region.
struct Region {
    client: Client,
    name: String,
    folder: String,
    now: Timestamp,
}

impl Region {
    /// The objects that fill the gaps.
    fn objects(self, gaps: Vec<Span>) -> BoxStream<'static, Result<Object, Error>> {
        let mut turns = tokio::time::interval(PAUSE);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let state = (self, gaps, turns);
        futures::stream::try_unfold(state, |(region, mut gaps, mut turns)| async move {
            let Some(gap) = gaps.pop() else {
                return Ok(None);
            };
            let part = region.newest(gap, &mut turns).await?;
            if part.span.from > gap.from {
                gaps.push(Span {
                    to: part.span.from,
                    ..gap
                });
            }
            let object = region.object(part);
            Ok(Some((object, (region, gaps, turns))))
        })
        // That there is nothing yet need not be kept.
        .try_filter(|object| {
            let holds = object.etag == SETTLED || object.size > NOTHING;
            futures::future::ready(holds)
        })
        .boxed()
    }

    fn object(&self, part: pages::Part) -> Object {
        let is_settled = self.now.duration_since(part.span.to) >= SETTLES_AFTER;
        Object {
            source: Arc::from(URL),
            key: format!("{}{}", self.folder, part.span.key()),
            size: u64::try_from(part.content.len()).unwrap_or(u64::MAX),
            etag: if is_settled {
                SETTLED.to_owned()
            } else {
                self.now.to_string()
            },
            unreadable: None,
            place: Place::Held(Arc::from(part.content)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_lies_within_the_ninety_days() {
        let now: Timestamp = "2026-06-30T12:00:00Z".parse().unwrap();
        let all = wanted(&Selection::default(), now);
        assert_eq!(all.from, "2026-04-01T12:00:00Z".parse().unwrap());
        assert_eq!(all.to, now);
        let some = Selection {
            since: Some(jiff::civil::date(2026, 6, 1)),
            until: Some(jiff::civil::date(2026, 6, 2)),
            ..Selection::default()
        };
        let some = wanted(&some, now);
        assert_eq!(some.from, "2026-06-01T00:00:00Z".parse().unwrap());
        assert_eq!(some.to, "2026-06-03T00:00:00Z".parse().unwrap());
    }
}
