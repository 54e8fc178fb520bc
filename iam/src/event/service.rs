//! Calls whose parameters change what they need: the found needs in, the refined ones out.

mod dynamodb;
mod lambda;
mod s3;
mod sts;

use super::needs::Needs;
use super::request::Request;

/// Applies the rules of the call's service.
pub(super) fn refine(request: &Request<'_>, needs: &mut Needs) {
    match request.prefix {
        "s3" | "s3-outposts" | "s3-object-lambda" => s3::refine(request, needs),
        "dynamodb" => dynamodb::refine(request, needs),
        "lambda" => lambda::add(request, needs),
        "sts" => sts::add(request, needs),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
