//! The bucket that holds a lake.
//!
//! A commit is an object that is written only where there is none of its name, which S3 decides; so two writers cannot
//! land the same version. Source: Amazon S3 User Guide, "How to prevent object overwrites with conditional writes".

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use deltalake_core::DeltaResult;
use deltalake_core::logstore::{
    LogStore, LogStoreFactory, ObjectStoreRef, StorageConfig, default_logstore, logstore_factories,
};
use object_store::aws::{AmazonS3Builder, AwsCredential, S3ConditionalPut};
use object_store::client::CredentialProvider;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::{Aws, AwsOptions};

/// The scheme of a lake's URL.
pub(super) const SCHEME: &str = "s3";

/// The bucket of a lake, from its root on.
///
/// # Errors
/// Why the URL names none.
pub(super) async fn open(location: &Url) -> Result<ObjectStoreRef, String> {
    let name = location
        .host_str()
        .ok_or_else(|| "it names no bucket".to_owned())?;
    let aws = Aws::connect(&AwsOptions::default()).await;
    let store = builder(name, aws.near_bucket(name).await.config());
    let store = store.build().map_err(|error| error.to_string())?;
    commit_by_conditional_put(location)?;
    Ok(Arc::new(store))
}

fn builder(bucket: &str, config: &SdkConfig) -> AmazonS3Builder {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    if let Some(region) = config.region() {
        builder = builder.with_region(region.as_ref());
    }
    if let Some(endpoint) = config.endpoint_url() {
        builder = builder.with_endpoint(endpoint).with_allow_http(true);
    }
    if let Some(provider) = config.credentials_provider() {
        builder = builder.with_credentials(Arc::new(Credentials {
            provider,
            held: Mutex::new(None),
        }));
    }
    builder
}

/// Lets tables of such URLs be opened.
fn commit_by_conditional_put(location: &Url) -> Result<(), String> {
    let scheme = format!("{}://", location.scheme());
    let scheme = Url::parse(&scheme).map_err(|error| error.to_string())?;
    logstore_factories().insert(scheme, Arc::new(ConditionalPut));
    Ok(())
}

#[derive(Debug)]
struct ConditionalPut;

impl LogStoreFactory for ConditionalPut {
    fn with_options(
        &self,
        prefixed_store: ObjectStoreRef,
        root_store: ObjectStoreRef,
        location: &Url,
        options: &StorageConfig,
    ) -> DeltaResult<Arc<dyn LogStore>> {
        Ok(default_logstore(
            prefixed_store,
            root_store,
            location,
            options,
        ))
    }
}

/// For how long credentials are held: one minute; chosen. Those that are given last for several minutes more.
/// Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers".
const HELD_FOR: Duration = Duration::from_mins(1);

/// The credentials of the AWS SDK, asked for again from time to time.
#[derive(Debug)]
struct Credentials {
    provider: SharedCredentialsProvider,
    held: Mutex<Option<(Instant, Arc<AwsCredential>)>>,
}

#[async_trait::async_trait]
impl CredentialProvider for Credentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let mut held = self.held.lock().await;
        if let Some((since, credential)) = held.as_ref()
            && since.elapsed() < HELD_FOR
        {
            return Ok(Arc::clone(credential));
        }
        let given = self.provider.provide_credentials().await;
        let given = given.map_err(|error| object_store::Error::Generic {
            store: "S3",
            source: Box::new(error),
        })?;
        let credential = Arc::new(AwsCredential {
            key_id: given.access_key_id().to_owned(),
            secret_key: given.secret_access_key().to_owned(),
            token: given.session_token().map(str::to_owned),
        });
        *held = Some((Instant::now(), Arc::clone(&credential)));
        Ok(credential)
    }
}
