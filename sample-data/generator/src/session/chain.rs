//! Sessions that another session opens: role chains, also across accounts.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element": the account that owns the
//! role sees a caller of another account as `AWSAccount`, and both records share an id.

use serde_json::json;

use crate::identity::{self, Session};
use crate::model::Entry;
use crate::session::Opening;

impl Opening<'_, '_> {
    /// `AssumeRole` by the session of another role.
    pub(super) fn by_role(&mut self, by: &Entry, parent: Option<&Session>) {
        let Some(parent) = parent else { return };
        let call = self.assume(
            "AssumeRole",
            json!({"durationSeconds": self.entry.lifetime}),
            json!({}),
        );
        let (account, at) = (self.session.role.account, self.session.created);
        if parent.role.account == account {
            self.world.call(self.random, by, parent, &call, at);
            return;
        }
        let principal = format!("{}:{}", parent.role_id, parent.name);
        let seen = [
            ("type", "AWSAccount"),
            ("principalId", principal.as_str()),
            ("accountId", parent.role.account.id),
        ];
        let stranger = identity::plain(&seen, &parent.caller.address, &parent.caller.user_agent);
        let callers = [(&parent.caller, parent.role.account), (&stranger, account)];
        self.world.shared_call(self.random, by, callers, &call, at);
    }
}
