//! Sessions that a service opens for what it runs: functions, instances, tasks, agents, pods.
//!
//! Source: Amazon EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services":
//! the node's agent asks EKS, and EKS asks STS with the pod's names as transitive session tags.

use serde_json::{Value, json};

use crate::call::Call;
use crate::identity::{self, Session};
use crate::model::Origin;
use crate::session::Opening;

impl Opening<'_, '_> {
    /// `AssumeRole` by a service that hands the credentials on.
    pub(super) fn by_service(&mut self, service: &str) {
        let call = self.assume("AssumeRole", json!({}), json!({}));
        self.record(&identity::service(service), &call, 0);
    }

    /// The two records of EKS Pod Identity, the first by the node's own session.
    pub(super) fn by_pod_identity(&mut self, node: Option<&Session>) {
        let Origin::PodIdentity {
            cluster, node: by, ..
        } = self.entry.origin
        else {
            return;
        };
        if let Some(node) = node {
            let action = "eks-auth:AssumeRoleForPodIdentity";
            let call = Call::read("eks-auth.amazonaws.com", "AssumeRoleForPodIdentity", action)
                .asking(json!({"clusterName": cluster, "token": "HIDDEN_DUE_TO_SECURITY_REASONS"}));
            self.world
                .call(self.random, by, node, &call, self.session.created);
        }
        let tags = self.pod_tags();
        let keys: Vec<&str> = tags.iter().map(|(key, _)| *key).collect();
        let tags: Vec<Value> = tags
            .iter()
            .map(|(key, value)| json!({"key": key, "value": value}))
            .collect();
        let asked = json!({
            "durationSeconds": self.entry.lifetime, "tags": tags, "transitiveTagKeys": keys,
        });
        let call = self.assume("AssumeRole", asked, json!({"packedPolicySize": 56}));
        self.record(&identity::service("pods.eks.amazonaws.com"), &call, 0);
    }

    fn pod_tags(&mut self) -> Vec<(&'static str, String)> {
        let Origin::PodIdentity {
            cluster,
            namespace,
            service_account,
            ..
        } = self.entry.origin
        else {
            return Vec::new();
        };
        let account = self.session.role.account;
        let suffix = self.random.text(b"bcdfghjklmnpqrstvwxz2456789", 5);
        vec![
            (
                "eks-cluster-arn",
                format!(
                    "arn:aws:eks:{}:{}:cluster/{cluster}",
                    account.region, account.id
                ),
            ),
            ("eks-cluster-name", cluster.to_owned()),
            ("kubernetes-namespace", namespace.to_owned()),
            ("kubernetes-service-account", service_account.to_owned()),
            (
                "kubernetes-pod-name",
                format!("{service_account}-7c9d5b6f4-{suffix}"),
            ),
            ("kubernetes-pod-uid", self.random.uuid()),
        ]
    }
}
