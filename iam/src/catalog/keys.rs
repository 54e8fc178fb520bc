//! Condition keys: an action in, all keys that a condition on it can ask for out.
//!
//! AWS lists keys of the action itself and of the kinds of resource that it takes; a request has
//! both. Global keys stand in these lists only where they hang on the action, as tags do.
//! Source: AWS Service Authorization Reference, "Condition keys for …".

use super::{Action, Catalog};

impl Catalog {
    /// The keys that AWS lists for an action and for its kinds of resource, as AWS writes them:
    /// `s3:ExistingObjectTag/<key>`, `aws:ResourceTag/${TagKey}`. A key may come twice.
    pub fn all_condition_keys(&self, action: &Action) -> impl Iterator<Item = &'static str> {
        let service = action.service;
        let of_resources = action
            .resource_types
            .iter()
            .flat_map(move |kind| self.resource_condition_keys(service, kind.name));
        self.condition_keys(action).chain(of_resources)
    }

    /// The keys that AWS lists for a kind of resource.
    fn resource_condition_keys(
        &self,
        service: &str,
        name: &str,
    ) -> impl Iterator<Item = &'static str> + use<> {
        let row = self.resource_types.get(&format!("{service}:{name}"));
        let keys = row.and_then(|row| row.columns().nth(1));
        keys.unwrap_or_default()
            .split(',')
            .filter(|key| !key.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_action_and_of_its_resources_are_both_listed() {
        let catalog = Catalog::embedded();
        let keys: Vec<_> = catalog
            .all_condition_keys(catalog.action("ec2:TerminateInstances").unwrap())
            .collect();
        assert!(keys.contains(&"ec2:Region"));
        assert!(keys.contains(&"ec2:ResourceTag/${TagKey}"));
        let none = catalog.action("sts:GetCallerIdentity").unwrap();
        assert_eq!(catalog.all_condition_keys(none).count(), 0);
    }
}
