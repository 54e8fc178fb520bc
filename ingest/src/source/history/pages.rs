//! Pages of the history put together.

use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::primitives::DateTime;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Interval;

use super::{LOOKUP_EVENTS, Region, Span};
use crate::aws::{fault, patience::patiently};
use crate::{AwsFault, Error};

/// How many events an object holds, if they do not share one second; chosen, so that little is asked for again after a
/// stop.
const EVENTS: usize = 2000;

/// How long an object's content becomes at most, in bytes, but for its last page: 16 MiB; chosen.
const BYTES: usize = 16 << 20;

/// The newest events of a span.
pub(super) struct Part {
    pub(super) span: Span,
    /// As `aws cloudtrail lookup-events` prints them.
    pub(super) content: Vec<u8>,
}

impl Region {
    /// The newest events of a span: all of them, or those after some second.
    pub(super) async fn newest(&self, span: Span, turns: &mut Interval) -> Result<Part, Error> {
        let mut events: Vec<Value> = Vec::new();
        let mut bytes = 0;
        let mut oldest = span.to;
        let mut token: Option<String> = None;
        let from = loop {
            turns.tick().await;
            let page = patiently(|| self.page(span, token.clone())).await;
            let page = page.map_err(|fault| self.failed(fault))?;
            for event in page.events.unwrap_or_default() {
                if let Some(time) = event.event_time {
                    oldest = Timestamp::from_second(time.secs())
                        .unwrap_or(oldest)
                        .min(oldest);
                }
                let text = event.cloud_trail_event;
                bytes += text.as_ref().map_or(0, String::len);
                events.push(json!({"EventId": event.event_id, "CloudTrailEvent": text}));
            }
            token = page.next_token;
            let is_full = events.len() >= EVENTS || bytes >= BYTES;
            match token {
                None => break span.from,
                Some(_) if is_full && oldest < span.to && oldest > span.from => break oldest,
                Some(_) => {}
            }
        };
        let span = Span { from, ..span };
        Ok(Part {
            span,
            content: json!({"Events": events}).to_string().into_bytes(),
        })
    }

    async fn page(
        &self,
        span: Span,
        token: Option<String>,
    ) -> Result<LookupEventsOutput, AwsFault> {
        let request = self.client.lookup_events();
        let request = request
            .start_time(DateTime::from_secs(span.from.as_second()))
            .end_time(DateTime::from_secs(span.to.as_second()))
            .max_results(50)
            .set_next_token(token);
        request
            .send()
            .await
            .map_err(fault("cloudtrail:LookupEvents"))
    }

    fn failed(&self, fault: AwsFault) -> Error {
        Error::Aws {
            subject: format!("{LOOKUP_EVENTS} in {}", self.name),
            fault,
        }
    }
}
