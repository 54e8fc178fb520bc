//! The organisation's life, a day at a time: workloads in, calls to the [`World`] out.
//!
//! Each workload has its own stream of chance for each day, so that one more workload changes
//! nothing in the others, and a day can be made without the days before it.

use crate::call::Call;
use crate::clock::{Day, Moment};
use crate::draw::Draw;
use crate::identity::{self, Session};
use crate::model::{Account, Entry, Happening, Rhythm, ServiceWork, Workload};
use crate::organisation::TEAMS;
use crate::random::Random;
use crate::session;
use crate::world::World;

/// Longest span, in seconds, over which a session's calls are spread.
const WORK_SPAN: i64 = 9_000;
/// Seconds by which a session is older than a call that happens at an exact time.
const HEAD_START: i64 = 420;

/// Makes all calls of one day; `rate` multiplies how often everything regular happens.
pub(crate) fn live(world: &mut World<'_>, day: Day, rate: u32) {
    for team in TEAMS {
        for workload in team.workloads {
            let mut random = stream(world, workload.name, day);
            if workload
                .days
                .is_none_or(|(first, last)| first <= day && day <= last)
            {
                routine(world, &mut random, workload, day, f64::from(rate));
            }
            happen(world, &mut random, workload, day);
        }
        for work in team.services {
            let mut random = stream(world, work.name, day);
            serve(world, &mut random, work, day, f64::from(rate));
        }
    }
}

fn stream(world: &World<'_>, name: &str, day: Day) -> Random {
    Random::named(
        world.seed,
        &[&world.replica.to_string(), name, &day.to_string()],
    )
}

/// The regular work of a day: sessions open, and calls are spread over them.
fn routine(
    world: &mut World<'_>,
    random: &mut Random,
    workload: &'static Workload,
    day: Day,
    rate: f64,
) {
    let share = rate * workload.rhythm.share(day);
    let mut planned = plan(random, workload, day, share);
    planned.sort_by_key(|step| (step.at, step.call.is_some(), step.session));
    // Sessions are numbered by their start, so that they open in the order of their numbers.
    let mut sessions: Vec<Session> = Vec::new();
    for step in planned {
        match (step.call, sessions.get(step.session).cloned()) {
            (Some(call), Some(session)) => {
                make(world, random, workload.entry, &session, call, step.at);
            }
            _ => sessions.push(open(world, random, workload.entry, step.at)),
        }
    }
}

/// Something to do in a session; `call` is `None` where the session opens.
struct Step {
    at: Moment,
    session: usize,
    call: Option<fn(&mut Draw<'_>) -> Call>,
}

fn plan(random: &mut Random, workload: &Workload, day: Day, share: f64) -> Vec<Step> {
    let mut calls = Vec::new();
    for behaviour in workload.behaviours {
        for _ in 0..random.count(behaviour.per_day * share) {
            calls.push(behaviour.call);
        }
    }
    if calls.is_empty() || workload.sessions == 0.0 {
        return Vec::new();
    }
    let sessions = random.count(workload.sessions * share).max(1);
    let mut starts: Vec<Moment> = (0..sessions)
        .map(|_| workload.rhythm.moment(random, day))
        .collect();
    starts.sort_unstable();
    let opening = |(session, at): (usize, &Moment)| Step {
        at: *at,
        session,
        call: None,
    };
    let mut planned: Vec<Step> = starts.iter().enumerate().map(opening).collect();
    let span = WORK_SPAN.min(workload.entry.lifetime - 60);
    for call in calls {
        let session = usize::try_from(random.bits() % u64::from(sessions)).unwrap_or_default();
        if let Some(start) = starts.get(session) {
            let at = start.plus(20 + random.between(0, span));
            planned.push(Step {
                at,
                session,
                call: Some(call),
            });
        }
    }
    planned
}

/// What happens once, all of one workload and day in one session.
fn happen(world: &mut World<'_>, random: &mut Random, workload: &'static Workload, day: Day) {
    let today: Vec<&Happening> = workload
        .happenings
        .iter()
        .filter(|one| one.start.day() == day)
        .collect();
    let Some(first) = today.iter().map(|one| one.start).min() else {
        return;
    };
    let session = open(world, random, workload.entry, first.plus(-HEAD_START));
    for happening in today {
        let holder = match happening.from {
            Some((network, user_agent)) => session.clone().held_by(network, user_agent, random),
            None => session.clone(),
        };
        for number in 0..happening.count {
            let at = happening.start.plus(number * happening.spacing);
            make(world, random, workload.entry, &holder, happening.call, at);
        }
    }
}

/// What a service does for itself.
fn serve(world: &mut World<'_>, random: &mut Random, work: &ServiceWork, day: Day, rate: f64) {
    for _ in 0..random.count(work.per_day * rate) {
        let at = Rhythm::Steady.moment(random, day);
        let call = (work.call)(&mut draw(world, random, work.account, at));
        let nobody = call.service_event.is_some();
        let caller = if nobody {
            identity::nobody(work.account.id)
        } else {
            identity::service(work.service)
        };
        world.outside_call(random, &caller, &call, work.account, at);
    }
}

/// A session, and before it the session that it needs.
fn open(world: &mut World<'_>, random: &mut Random, entry: &'static Entry, at: Moment) -> Session {
    let parent =
        session::parent_entry(entry).map(|parent| open(world, random, parent, at.plus(-75)));
    session::open(world, random, entry, parent.as_ref(), at)
}

fn make(
    world: &mut World<'_>,
    random: &mut Random,
    entry: &'static Entry,
    session: &Session,
    call: fn(&mut Draw<'_>) -> Call,
    at: Moment,
) {
    let call = call(&mut draw(world, random, entry.role.account, at));
    world.call(random, entry, session, &call, at);
}

fn draw<'a>(
    world: &World<'_>,
    random: &'a mut Random,
    account: &'static Account,
    at: Moment,
) -> Draw<'a> {
    Draw {
        random,
        at,
        account: account.id,
        region: account.region,
        seed: world.seed,
        replica: world.replica,
    }
}

impl Rhythm {
    /// The part of a working day's work that is done on this day.
    fn share(self, day: Day) -> f64 {
        match (self, day.is_weekend()) {
            (_, false) => 1.0,
            (Self::Office, true) => 0.2,
            (Self::Steady | Self::Night, true) => 0.85,
        }
    }

    /// When on this day work begins.
    fn moment(self, random: &mut Random, day: Day) -> Moment {
        let second = match self {
            // The mean of two draws: most around noon UTC.
            Self::Office => i64::midpoint(
                random.between(21_600, 64_800),
                random.between(21_600, 64_800),
            ),
            Self::Steady => random.between(0, 86_400),
            Self::Night => random.between(3_600, 16_200),
        };
        day.at(0, 0, second)
    }
}
