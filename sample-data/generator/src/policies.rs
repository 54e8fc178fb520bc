//! The policy documents of the organisation, a JSON file each in `policies/`.

pub(crate) const AGENT_BASELINE: &str = include_str!("../policies/agent-baseline.json");
pub(crate) const AGENT_BOUNDARY: &str = include_str!("../policies/agent-boundary.json");
pub(crate) const APP: &str = include_str!("../policies/app.json");
pub(crate) const AWS_ADMINISTRATOR_ACCESS: &str =
    include_str!("../policies/aws-administrator-access.json");
pub(crate) const AWS_ECR_READ_ONLY: &str = include_str!("../policies/aws-ecr-read-only.json");
pub(crate) const AWS_EKS_WORKER_NODE: &str = include_str!("../policies/aws-eks-worker-node.json");
pub(crate) const AWS_LAMBDA_BASIC_EXECUTION: &str =
    include_str!("../policies/aws-lambda-basic-execution.json");
pub(crate) const AWS_SSM_MANAGED_INSTANCE: &str =
    include_str!("../policies/aws-ssm-managed-instance.json");
pub(crate) const BEDROCK_AGENT_KNOWLEDGE: &str =
    include_str!("../policies/bedrock-agent-knowledge.json");
pub(crate) const BEDROCK_AGENT_MODELS: &str = include_str!("../policies/bedrock-agent-models.json");
pub(crate) const BRIEFING_RUNTIME: &str = include_str!("../policies/briefing-runtime.json");
pub(crate) const CATALOG: &str = include_str!("../policies/catalog.json");
pub(crate) const CLAIMS_LOOKUP: &str = include_str!("../policies/claims-lookup.json");
pub(crate) const CLAIMS_NOTIFY: &str = include_str!("../policies/claims-notify.json");
pub(crate) const CONTRACT_READER: &str = include_str!("../policies/contract-reader.json");
pub(crate) const DEPLOY_TARGET: &str = include_str!("../policies/deploy-target.json");
pub(crate) const FEATURE_BUILDER: &str = include_str!("../policies/feature-builder.json");
pub(crate) const GITHUB_DEPLOYER: &str = include_str!("../policies/github-deployer.json");
pub(crate) const INVOICE_AGENT: &str = include_str!("../policies/invoice-agent.json");
pub(crate) const INVOICE_DOCUMENTS: &str = include_str!("../policies/invoice-documents.json");
pub(crate) const INVOICE_MAILER: &str = include_str!("../policies/invoice-mailer.json");
pub(crate) const INVOICE_READER: &str = include_str!("../policies/invoice-reader.json");
pub(crate) const LEDGER_RECONCILER: &str = include_str!("../policies/ledger-reconciler.json");
pub(crate) const MY_APP: &str = include_str!("../policies/my-app.json");
pub(crate) const NODE_LEGACY_DATA: &str = include_str!("../policies/node-legacy-data.json");
pub(crate) const OPS_AGENTS: &str = include_str!("../policies/ops-agents.json");
pub(crate) const OPS_HOST: &str = include_str!("../policies/ops-host.json");
pub(crate) const OPS_REMEDIATION: &str = include_str!("../policies/ops-remediation.json");
pub(crate) const OPS_WORKER: &str = include_str!("../policies/ops-worker.json");
pub(crate) const RCP_DATA_PERIMETER: &str = include_str!("../policies/rcp-data-perimeter.json");
pub(crate) const RCP_FULL_ACCESS: &str = include_str!("../policies/rcp-full-access.json");
pub(crate) const RESEARCH_SCOUT: &str = include_str!("../policies/research-scout.json");
pub(crate) const SALES_FORECASTER: &str = include_str!("../policies/sales-forecaster.json");
pub(crate) const SCP_FULL_ACCESS: &str = include_str!("../policies/scp-full-access.json");
pub(crate) const SCP_GUARDRAILS: &str = include_str!("../policies/scp-guardrails.json");
pub(crate) const SCP_STAY_IN_ORGANIZATION: &str =
    include_str!("../policies/scp-stay-in-organization.json");
pub(crate) const SSO_DEVELOPER: &str = include_str!("../policies/sso-developer.json");
pub(crate) const SUPPORT_CONCIERGE: &str = include_str!("../policies/support-concierge.json");
pub(crate) const TICKET_SUMMARIZER: &str = include_str!("../policies/ticket-summarizer.json");
