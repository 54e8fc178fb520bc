//! Templates of service events, a module for each service: parameters in, a [`Call`] out.
//!
//! Shapes are those of real CloudTrail records of 2026 (event version 1.11) and of the services'
//! own "Logging with AWS CloudTrail" pages. Each template also knows the IAM actions it exercises,
//! which is what `truth.json` is made of.
//!
//! [`Call`]: crate::call::Call

pub(crate) mod analytics;
pub(crate) mod bedrock;
pub(crate) mod compute;
pub(crate) mod containers;
pub(crate) mod deployment;
pub(crate) mod iam;
pub(crate) mod kms;
pub(crate) mod lambda;
pub(crate) mod mcp;
pub(crate) mod messaging;
pub(crate) mod observability;
pub(crate) mod s3;
pub(crate) mod secrets;
pub(crate) mod signin;
pub(crate) mod ssm;
pub(crate) mod sts;
