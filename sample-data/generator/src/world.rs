//! The running organisation: takes calls, writes their records and remembers the truth about them.

use serde_json::json;

use crate::call::Call;
use crate::clock::Moment;
use crate::identity::{Caller, Session};
use crate::model::{Account, Entry};
use crate::random::Random;
use crate::record::{self, Occasion};
use crate::truth::Truth;

/// A record on its way to an object of the trail.
#[derive(Clone, Debug)]
pub(crate) struct Emitted {
    pub(crate) at: Moment,
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    /// Caller and call, by which records of an object are put in order.
    pub(crate) group: String,
    /// The record as JSON.
    pub(crate) text: String,
}

/// What all workloads of one replica share.
#[derive(Debug)]
pub(crate) struct World<'a> {
    pub(crate) seed: u64,
    pub(crate) replica: u32,
    /// No call is made at or after this moment.
    pub(crate) end: Moment,
    pub(crate) emitted: &'a mut Vec<Emitted>,
    pub(crate) truth: &'a mut Truth,
}

impl World<'_> {
    /// A call by a session, with all that services do because of it.
    pub(crate) fn call(
        &mut self,
        random: &mut Random,
        entry: &Entry,
        session: &Session,
        call: &Call,
        at: Moment,
    ) {
        if at >= self.end {
            return;
        }
        self.truth.note(entry, call, at);
        let mut call = call.clone();
        let consequences = std::mem::take(&mut call.consequences);
        let mut requests = Vec::new();
        for consequence in &consequences {
            requests.push(record::request_id(random, consequence));
        }
        if let (Some(additional), Some(request)) = (&mut call.additional, requests.first())
            && let Some(link) = additional.pointer_mut("/downstreamRequests/0/requestId")
        {
            *link = json!(request);
        }
        let request = record::request_id(random, &call);
        self.write(
            random,
            &session.caller,
            &call,
            session.role.account,
            request,
            at,
        );
        for (consequence, request) in consequences.iter().zip(requests) {
            self.truth.note(entry, consequence, at);
            self.write(
                random,
                &session.caller,
                consequence,
                session.role.account,
                request,
                at,
            );
        }
    }

    /// A call by somebody who is no agent and no role of the sample: a service, a person signing in.
    pub(crate) fn outside_call(
        &mut self,
        random: &mut Random,
        caller: &Caller,
        call: &Call,
        account: &'static Account,
        at: Moment,
    ) {
        if at >= self.end {
            return;
        }
        let request = record::request_id(random, call);
        if caller.is_service() && call.service_event.is_none() {
            let shared = random.uuid();
            self.put(random, caller, call, account, at, (request, Some(&shared)));
        } else {
            self.write(random, caller, call, account, request, at);
        }
    }

    /// A call that is delivered to two accounts: the caller's own, and that of the role it names.
    pub(crate) fn shared_call(
        &mut self,
        random: &mut Random,
        entry: &Entry,
        callers: [(&Caller, &'static Account); 2],
        call: &Call,
        at: Moment,
    ) {
        if at >= self.end {
            return;
        }
        self.truth.note(entry, call, at);
        let request = record::request_id(random, call);
        let shared = random.uuid();
        for (caller, account) in callers {
            self.put(
                random,
                caller,
                call,
                account,
                at,
                (request.clone(), Some(&shared)),
            );
        }
    }

    fn write(
        &mut self,
        random: &mut Random,
        caller: &Caller,
        call: &Call,
        account: &'static Account,
        request: String,
        at: Moment,
    ) {
        self.put(random, caller, call, account, at, (request, None));
    }

    fn put(
        &mut self,
        random: &mut Random,
        caller: &Caller,
        call: &Call,
        account: &'static Account,
        at: Moment,
        (request_id, shared_id): (String, Option<&str>),
    ) {
        let region = call.region.unwrap_or(account.region);
        let occasion = Occasion {
            at,
            account: account.id,
            region,
            request_id,
            shared_id,
        };
        let record = record::record(random, caller, call, &occasion);
        let group = format!("{} {} {}", caller.arn, call.source, call.name);
        self.emitted.push(Emitted {
            at,
            account: account.id,
            region,
            group,
            text: record.to_string(),
        });
    }
}
