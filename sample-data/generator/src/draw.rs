//! What a call may be made of: the chance, the time and the place that its behaviour is given.

use crate::clock::Moment;
use crate::identity;
use crate::model::Role;
use crate::random::Random;

/// Chance, time and place of one call.
#[derive(Debug)]
pub(crate) struct Draw<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) at: Moment,
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    pub(crate) seed: u64,
    pub(crate) replica: u32,
}

impl Draw<'_> {
    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: i64) -> bool {
        self.random.between(0, 100) < percent
    }

    /// One of the texts.
    pub(crate) fn one_of(&mut self, texts: &[&'static str]) -> &'static str {
        self.random.pick(texts)
    }

    /// A number from `low` up to, not including, `high`.
    pub(crate) fn number(&mut self, low: i64, high: i64) -> i64 {
        self.random.between(low, high)
    }

    /// The unique id of a role.
    pub(crate) fn role_id(&self, role: &Role) -> String {
        identity::role_id(self.seed, self.replica, role)
    }

    /// An object key such as `claims/2026/07/03/CLM-20417.pdf`: of the day of the call.
    pub(crate) fn dated_key(&mut self, folder: &str, stem: &str, extension: &str) -> String {
        let number = self.number(0, 40) + self.at.day().0 * 40 - 820_000;
        format!(
            "{folder}/{}/{stem}-{number}.{extension}",
            self.at.day().path()
        )
    }
}
