//! The trail in S3: records in, objects under the keys of an organisation trail out.
//!
//! Keys: AWS CloudTrail User Guide, "Finding your CloudTrail log files". An object is named after
//! its delivery, some minutes after the last record that it holds, so that the records of a day's
//! end lie under the next day. Some records come twice, some days late, one object is broken; what
//! else lies in such a bucket is in `neighbours`.

pub(crate) mod neighbours;

use std::collections::BTreeMap;
use std::io;

use crate::clock::{Day, Moment, at, day};
use crate::organisation::{DATA, ORGANIZATION, PRODUCTION};
use crate::output::{self, Output};
use crate::random::Random;
use crate::summary::Summary;
use crate::world::Emitted;

/// Alphabet of the random part of an object's name.
const NAME_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Records of this day of the data account come two days late.
const OUTAGE: Day = day(2026, 8, 11);
/// When they come.
const RECOVERY: Moment = at((2026, 8, 13), (6, 35, 0));
/// On this day an object of production arrives a second time, and broken.
const BROKEN: Day = day(2026, 7, 29);
/// On these days a second trail of the data account delivers the same records.
const SECOND_TRAIL: [Day; 3] = [day(2026, 9, 8), day(2026, 9, 9), day(2026, 9, 10)];
/// Most records of one object.
const OBJECT_RECORDS: usize = 20_000;

/// A log file that was delivered, as a digest lists it.
#[derive(Clone, Debug)]
pub(crate) struct Delivered {
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    pub(crate) key: String,
    pub(crate) content: Vec<u8>,
    pub(crate) times: Option<(Moment, Moment)>,
}

/// Gathers records and delivers them.
#[derive(Debug)]
pub(crate) struct Trail {
    seed: u64,
    replica: u32,
    level: u32,
    /// Records by delivery.
    waiting: BTreeMap<Delivery, Vec<Emitted>>,
    /// Log files of the trail's last hour.
    pub(crate) last_hour: Vec<Delivered>,
}

/// When and for whom an object is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Delivery {
    at: Moment,
    account: &'static str,
    region: &'static str,
}

impl Trail {
    pub(crate) fn new(seed: u64, replica: u32, level: u32) -> Self {
        Self {
            seed,
            replica,
            level,
            waiting: BTreeMap::new(),
            last_hour: Vec::new(),
        }
    }

    /// Takes the records of a day.
    pub(crate) fn take(&mut self, records: Vec<Emitted>, day: Day) {
        let mut random = Random::named(
            self.seed,
            &["delivery", &self.replica.to_string(), &day.to_string()],
        );
        for mut record in records {
            let mut delivery = first_delivery(&record, random.between(40, 420));
            if record.account == DATA.id
                && record.region == DATA.region
                && record.at.day() == OUTAGE
            {
                delivery.at = RECOVERY;
                record.text = delayed(&record.text);
            } else if random.chance(0.004) {
                let again = Delivery {
                    at: next_delivery(&delivery),
                    ..delivery.clone()
                };
                self.waiting.entry(again).or_default().push(record.clone());
            }
            self.waiting.entry(delivery).or_default().push(record);
        }
    }

    /// Writes every object that is due before this moment.
    ///
    /// # Errors
    /// The output cannot be written.
    pub(crate) fn deliver(
        &mut self,
        before: Moment,
        output: &mut Output,
        summary: &mut Summary,
    ) -> io::Result<()> {
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().at >= before {
                break;
            }
            let (delivery, mut records) = entry.remove_entry();
            // CloudTrail does not order records; those of one caller stand together here, which packs well.
            records.sort_by(|one, other| {
                (one.group.as_str(), one.at).cmp(&(other.group.as_str(), other.at))
            });
            for part in records.chunks(OBJECT_RECORDS) {
                self.object(&delivery, part, output, summary)?;
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        delivery: &Delivery,
        records: &[Emitted],
        output: &mut Output,
        summary: &mut Summary,
    ) -> io::Result<()> {
        let first = records.first().map_or("", |record| record.text.as_str());
        let mut random = Random::named(self.seed, &["object", &delivery.at.to_string(), first]);
        let content = document(records);
        let content = crate::replica::rename(&content, self.replica);
        let packed = output::gzip(content.as_bytes(), self.level)?;
        let key = self.key(delivery, &format!("{ORGANIZATION}/"), &mut random);
        output.put(&key, &packed)?;
        summary.object(records.len() as u64, packed.len() as u64);
        if delivery.account == DATA.id && SECOND_TRAIL.contains(&delivery.at.day()) {
            let key = self.key(delivery, "", &mut random);
            output.put(&key, &packed)?;
            summary.object(records.len() as u64, packed.len() as u64);
        }
        let here = (delivery.account, delivery.region) == (PRODUCTION.id, PRODUCTION.region);
        if here && delivery.at.day() == BROKEN && self.replica == 0 && summary.broken_objects == 0 {
            let key = self.key(delivery, &format!("{ORGANIZATION}/"), &mut random);
            output.put(&key, packed.get(..packed.len() * 3 / 5).unwrap_or_default())?;
            summary.broken_objects += 1;
        }
        if delivery.at >= neighbours::LAST_HOUR {
            let oldest = records.iter().map(|record| record.at).min();
            let times = oldest.zip(records.iter().map(|record| record.at).max());
            let (account, region) = (delivery.account, delivery.region);
            self.last_hour.push(Delivered {
                account,
                region,
                key,
                content: content.into_bytes(),
                times,
            });
        }
        Ok(())
    }

    /// `AWSLogs/<organization>/<account>/CloudTrail/<region>/<day>/...` below `trail/`.
    fn key(&self, delivery: &Delivery, organization: &str, random: &mut Random) -> String {
        let account = crate::replica::rename(delivery.account, self.replica);
        let region = delivery.region;
        format!(
            "trail/AWSLogs/{organization}{account}/CloudTrail/{region}/{}/{account}_CloudTrail_{region}_{}_{}.json.gz",
            delivery.at.day().path(),
            delivery.at.minute_stamp(),
            random.text(NAME_ALPHABET, 16),
        )
    }
}

/// `{"Records":[...]}` without line breaks.
fn document(records: &[Emitted]) -> String {
    let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
    format!("{{\"Records\":[{}]}}", texts.join(","))
}

/// The record with CloudTrail's note that it was delivered late.
fn delayed(text: &str) -> String {
    let open = text.strip_suffix('}').unwrap_or(text);
    format!("{open},\"addendum\":{{\"reason\":\"DELIVERY_DELAY\"}}}}")
}

/// Times of day, as hour and minute, at which objects are written.
fn schedule(account: &str, region: &str) -> &'static [(i64, i64)] {
    match region {
        "us-east-1" => &[(20, 5)],
        _ if account == PRODUCTION.id => &[(11, 40), (23, 55)],
        _ => &[(23, 50)],
    }
}

fn first_delivery(record: &Emitted, lag: i64) -> Delivery {
    let ready = record.at.plus(lag);
    Delivery {
        at: due(record.account, record.region, ready),
        account: record.account,
        region: record.region,
    }
}

fn next_delivery(delivery: &Delivery) -> Moment {
    due(delivery.account, delivery.region, delivery.at.plus(60))
}

/// The first scheduled time that is not before this moment.
fn due(account: &str, region: &str, ready: Moment) -> Moment {
    let times = schedule(account, region);
    let candidates = (0..2).flat_map(|later| {
        times
            .iter()
            .map(move |(hour, minute)| ready.day().plus(later).at(*hour, *minute, 0))
    });
    candidates
        .into_iter()
        .find(|moment| *moment >= ready)
        .unwrap_or(ready)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_the_last_minutes_is_delivered_the_next_day() {
        let ready = at((2026, 7, 3), (23, 58, 0));
        assert_eq!(
            due(PRODUCTION.id, "eu-west-1", ready),
            at((2026, 7, 4), (11, 40, 0))
        );
        let ready = at((2026, 7, 3), (11, 40, 0));
        assert_eq!(due(PRODUCTION.id, "eu-west-1", ready), ready);
    }

    #[test]
    fn a_late_record_says_so() {
        let text = delayed("{\"eventVersion\":\"1.11\"}");
        let record: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(record["addendum"]["reason"], "DELIVERY_DELAY");
    }
}
