//! One account: entered by assuming a role in it, and then read.

use super::call::partition;
use super::missing::Place;
use super::portion::Portion;
use super::{FetchOptions, iam, inventory};
use crate::{Aws, AwsFault, MissingPart};

const ASSUME: &str = "sts:AssumeRole";

/// An account that was asked for.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) id: String,
    /// Access to it; else why there is none.
    pub(super) access: Result<Aws, NoAccess>,
    /// The regions of its trails and resources, the one of the configuration first.
    pub(super) regions: Vec<String>,
}

/// Why an account cannot be entered.
#[derive(Debug)]
pub(super) struct NoAccess {
    part: MissingPart,
    fault: AwsFault,
}

impl Account {
    /// Assumes the role in the account, unless it is the caller's own, and makes sure that it led there.
    pub(super) async fn enter(aws: &Aws, own: &str, id: &str, options: &FetchOptions) -> Self {
        let regions = match options.regions.as_slice() {
            [] => vec![aws.region().to_owned()],
            regions => regions.to_vec(),
        };
        let access = session(aws, own, id, options).await;
        Self {
            id: id.to_owned(),
            access: access.map_err(|fault| NoAccess {
                part: Place {
                    account_id: id,
                    part: "account",
                    region: "",
                    subject: "",
                }
                .failed(&fault),
                fault,
            }),
            regions,
        }
    }

    /// Reads what stands in the account itself.
    pub(super) async fn fetch(&self) -> Portion {
        let mut portion = Portion::new(&self.id);
        portion.visited(&self.regions);
        match &self.access {
            Ok(aws) => {
                iam::fetch(aws, &mut portion).await;
                inventory::fetch(aws, &self.regions, &mut portion).await;
            }
            Err(none) => {
                portion.miss(none.part.clone());
                portion.without_iam = Some(none.fault.clone());
            }
        }
        portion
    }
}

async fn session(aws: &Aws, own: &str, id: &str, options: &FetchOptions) -> Result<Aws, AwsFault> {
    if id == own {
        return Ok(aws.clone());
    }
    let refused = |code: &str, message: String| AwsFault {
        operation: ASSUME,
        code: Some(code.to_owned()),
        status: None,
        message,
        is_broken_off: false,
    };
    let Some(role) = &options.member_role else {
        let message = "no role to assume in it is named".to_owned();
        return Err(refused("NoRole", message));
    };
    let arn = format!(
        "arn:{}:iam::{id}:role/{}",
        partition(aws.region()),
        role.trim_start_matches('/')
    );
    let session = aws.assume(&arn, options.external_id.as_deref()).await;
    let reached = session.account_id().await.map_err(|fault| AwsFault {
        operation: ASSUME,
        ..fault
    })?;
    if reached != id {
        let message = format!("the session of {arn} is one of another account");
        return Err(refused("OtherAccount", message));
    }
    Ok(session)
}
