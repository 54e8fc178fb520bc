//! Access to AWS: one configuration, and the clients made of it.
//!
//! Region, credentials and endpoints are found as every tool of AWS finds them: environment, profile, single sign-on,
//! web identity, container, instance. `AWS_ENDPOINT_URL` points every client at another server.
//!
//! A call that is throttled or meets a fault of the service is tried again, with growing pauses; see [`patience`] for
//! those that must not give up.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Settings reference", "Retry behavior".

mod fault;
pub(crate) mod patience;

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;

pub use self::fault::AwsFault;
pub(crate) use self::fault::fault;

/// The region where none is configured: that of the global services.
const DEFAULT_REGION: &str = "us-east-1";

/// The name of curtail's sessions, by which a trail tells its calls apart.
const SESSION_NAME: &str = "curtail";

/// How often one call is tried before its error counts; chosen: some seconds of pauses.
const ATTEMPTS: u32 = 5;

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How long a server may take to accept a connection, and to begin its answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Who calls AWS, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsOptions {
    /// The region; none: the configured one.
    pub region: Option<String>,
    /// The ARN of a role to assume first.
    pub assume_role: Option<String>,
    /// The external id that the role's trust policy asks for.
    pub external_id: Option<String>,
}

/// A configuration that clients are made of.
#[derive(Debug, Clone)]
pub struct Aws {
    config: SdkConfig,
}

impl Aws {
    /// The configuration of this process; no call is made yet.
    pub async fn connect(options: &AwsOptions) -> Self {
        let retry = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_max_backoff(LONGEST_PAUSE);
        let timeout = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(retry)
            .timeout_config(timeout);
        if let Some(region) = &options.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let config = loader.load().await;
        let config = match config.region() {
            Some(_) => config,
            None => config
                .into_builder()
                .region(Region::new(DEFAULT_REGION))
                .build(),
        };
        let own = Self { config };
        match &options.assume_role {
            Some(role) => own.assume(role, options.external_id.as_deref()).await,
            None => own,
        }
    }

    /// The same, as a session of a role. The role is assumed at the first call, and again before the session ends.
    pub async fn assume(&self, role_arn: &str, external_id: Option<&str>) -> Self {
        let mut role = AssumeRoleProvider::builder(role_arn)
            .session_name(SESSION_NAME)
            .configure(&self.config);
        if let Some(region) = self.config.region() {
            role = role.region(region.clone());
        }
        if let Some(id) = external_id {
            role = role.external_id(id);
        }
        let provider = SharedCredentialsProvider::new(role.build().await);
        Self {
            config: self
                .config
                .to_builder()
                .credentials_provider(provider)
                .build(),
        }
    }

    /// The same in another region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let region = Region::new(region.to_owned());
        Self {
            config: self.config.to_builder().region(region).build(),
        }
    }

    /// The same in the region of a bucket, if it may be told: the error of a bucket elsewhere tells it, too.
    /// Source: Amazon S3 API Reference, `HeadBucket`.
    pub(crate) async fn near_bucket(&self, bucket: &str) -> Self {
        let head = self.s3().head_bucket().bucket(bucket).send().await;
        let region = match &head {
            Ok(head) => head.bucket_region(),
            Err(error) => error
                .raw_response()
                .and_then(|response| response.headers().get("x-amz-bucket-region")),
        };
        match region {
            Some(region) if region != self.region() => self.in_region(region),
            _ => self.clone(),
        }
    }

    /// The region of its calls.
    #[must_use]
    pub fn region(&self) -> &str {
        self.config.region().map_or(DEFAULT_REGION, AsRef::as_ref)
    }

    /// The configuration that clients are made of.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// A client of S3. Buckets stand in the path where another server is meant, which has no name for each.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .force_path_style(self.config.endpoint_url().is_some());
        aws_sdk_s3::Client::from_conf(config.build())
    }

    pub(crate) fn cloudtrail(&self) -> aws_sdk_cloudtrail::Client {
        aws_sdk_cloudtrail::Client::new(&self.config)
    }

    /// The account of the credentials.
    ///
    /// # Errors
    /// [`AwsFault`] if there are no credentials, or STS refuses them.
    pub(crate) async fn account_id(&self) -> Result<String, AwsFault> {
        let client = aws_sdk_sts::Client::new(&self.config);
        let identity = client.get_caller_identity().send().await;
        let identity = identity.map_err(fault("sts:GetCallerIdentity"))?;
        Ok(identity.account.unwrap_or_default())
    }
}
