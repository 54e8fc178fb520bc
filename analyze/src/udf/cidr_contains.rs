//! `cidr_contains(network, address)`: whether an IP address is in a network in CIDR form.
//!
//! NULL where the address is none, as in `AWS Internal` or `cloudformation.amazonaws.com`, which `sourceIPAddress`
//! holds for calls that a service made: of those the network is not known.
//! Source: AWS CloudTrail User Guide, "CloudTrail record contents", sourceIPAddress.

use std::net::IpAddr;
use std::sync::Arc;

use arrow::array::BooleanArray;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};

use super::text::{TextArguments, signature};
use crate::agents::Network;

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct CidrContains {
    signature: Signature,
}

impl Default for CidrContains {
    fn default() -> Self {
        Self {
            signature: signature(2),
        }
    }
}

impl ScalarUDFImpl for CidrContains {
    fn name(&self) -> &'static str {
        "cidr_contains"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = TextArguments::new(&arguments)?;
        let mut last: Option<(&str, Option<Network>)> = None;
        let answers: BooleanArray = (0..texts.rows())
            .map(|row| {
                let text = texts.get(0, row)?;
                let network = match last {
                    Some((same, network)) if same == text => network,
                    _ => text.parse().ok(),
                };
                last = Some((text, network));
                let address: IpAddr = texts.get(1, row)?.parse().ok()?;
                Some(network?.contains(address))
            })
            .collect();
        texts.answer(Arc::new(answers))
    }
}
