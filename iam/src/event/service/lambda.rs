//! Layers of a function: the parameters of a Lambda call in, the permission to read each layer out.
//!
//! Source: AWS Lambda Developer Guide, "Adding layers to functions" (who sets a layer needs
//! `lambda:GetLayerVersion` on its version).

use serde_json::Value;

use super::super::needs::{Need, Needs, On};
use super::super::request::{Request, is_arn};
use super::super::{Basis, Strength};

const SETTERS: [&str; 2] = ["CreateFunction", "UpdateFunctionConfiguration"];
/// More layers than a function takes; chosen against records made to be long.
/// Source: AWS Lambda Developer Guide, "Lambda quotas" (five layers).
const LAYER_LIMIT: usize = 32;

/// Adds the layers that the call set.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    if !SETTERS.contains(&request.name) {
        return;
    }
    let Some(Value::Array(layers)) = request.parameters().value("layers") else {
        return;
    };
    let arns = layers.iter().filter_map(Value::as_str);
    for arn in arns.filter(|arn| is_layer_version(arn)).take(LAYER_LIMIT) {
        needs.add(Need {
            action: "lambda:GetLayerVersion",
            strength: Strength::Certain,
            basis: Basis::Hand,
            on: On::Arn(arn.to_owned()),
        });
    }
}

/// Tells `arn:aws:lambda:region:account:layer:name:version`.
fn is_layer_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    is_arn(text)
        && matches!(parts.as_slice(), [_, _, "lambda", _, _, "layer", name, version]
            if !name.is_empty() && !version.is_empty())
}
