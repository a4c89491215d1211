/**
 * Properties of the published schemas that may hold a policy or a setting of access, and what is done with each. A row
 * of a format judges what it asks for; what is left is decided here, by the first rule that fits its name.
 * The schemas' own list is in test/vectors/diff/policy-properties.tsv; a test holds every line of it against this.
 */

/** `document`: a policy document, judged where it can be read. `named`: not judged; UNKNOWN where it changed. */
type Bearing = 'document' | 'named' | { readonly excluded: string };

type PropertyRule = {
  /** Tested against the type. Absent: any. */
  readonly type?: RegExp;
  /** Tested against the path, `Replicas.ResourcePolicy.PolicyDocument`. Absent: any. */
  readonly property?: RegExp;
  readonly as: Bearing;
};

const excluded = (excludedWhy: string) => ({ excluded: excludedWhy });

const FILTERS = excluded('filters traffic or content, and lets nobody do anything in AWS');
const OPERATION = excluded('scales, retries, routes, keeps, deletes or protects; it grants nothing');
const TRANSPORT = excluded('protects connections, or says what browsers and caches may do');
const NETWORK = excluded('an address in a network; who may do what does not depend on it');
const CALLERS = excluded('how an application knows its own callers; no policy of AWS');
const NAME = excluded('a name, number or switch beside a policy');
const OTHER_LANGUAGE = excluded('a policy of another language, for an application of its own');
const CERTIFICATES = excluded('certificates, keys and stores of them');
const CLAIM = excluded('a claim, an identifier or a user within another system');

const RULES: readonly PropertyRule[] = [
  { property: /force_detach_policies|[bB]ypass_?[pP]olicy/, as: NAME },
  {
    type: /^AWS::(WAF|WAFv2|WAFRegional|NetworkFirewall|FMS)(?!.*ResourcePolicy)|^aws_(waf|wafv2|wafregional|networkfirewall|fms)(?!.*resource_policy)/,
    property: /^(?!.*ResourcePolicy|.*resource_policy)/,
    as: FILTERS,
  },
  {
    type: /^AWS::(Bedrock|Macie|GuardDuty)|^aws_(bedrock|macie|guardduty)/,
    property: /PolicyConfig|_policy_config|Guardrail|guardrail/,
    as: FILTERS,
  },
  { type: /^(AWS::VerifiedPermissions|aws_verifiedpermissions)/, as: OTHER_LANGUAGE },
  { type: /^(AWS::VerifiedAccess|AWS::EC2::VerifiedAccess|aws_verifiedaccess)/, as: OTHER_LANGUAGE },
  {
    type: /^(AWS::SES::(MailManager|ReceiptFilter|TrafficPolicy)|aws_ses_receipt_filter|AWS::SES::MailManager\w*)/,
    as: FILTERS,
  },
  { type: /^(AWS::LakeFormation|aws_lakeformation)/, as: 'named' },
  { type: /^(AWS::S3::AccessGrant$|aws_s3control_access_grant$)/, as: 'named' },
  {
    type: /^(AWS::QuickSight|aws_quicksight)/,
    property: /(^|\.)(Permissions?|permissions?)$|permissions\.|Permissions\./,
    as: 'named',
  },
  {
    type: /^(AWS::IoT::PolicyPrincipalAttachment|aws_iot_policy_attachment|AWS::IoT::ThingPrincipalAttachment|aws_iot_thing_principal_attachment)$/,
    as: 'named',
  },
  {
    type: /^(AWS::EC2::VPCEndpointServicePermissions|aws_vpc_endpoint_service(_allowed_principal)?|AWS::VPCEndpointServicePermissions)$/,
    as: 'named',
  },
  { type: /^(AWS::Serverless::Connector)$/, property: /Permissions/, as: 'named' },
  { type: /^(AWS::ACMPCA::Permission|aws_acmpca_permission)$/, property: /Principal|principal/, as: 'named' },
  {
    type: /^(AWS::(CloudFormation|Proton|ServiceCatalog)|aws_(cloudformation|proton|servicecatalog))/,
    property: /^(Template(Body|URL|Url)|template_(body|url)|Principal\w*|principal\w*)$/,
    as: 'named',
  },
  {
    property:
      /(^|\.)(S3)?(ObjectAcl|object_acl)$|(^|\.)(CannedAcl|canned_acl\w*|S3ObjectAcl)$|AclConfiguration|acl_configuration/,
    as: 'named',
  },
  {
    property:
      /BlockPublic|block_public_(acls|policy)|RestrictPublic|restrict_public|IgnorePublic|ignore_public|PublicAccessBlock|public_access_block/,
    as: 'named',
  },
  { property: /(^|\.)(ShareRules|share_rule|TargetAccountIds|target_account_ids)(\.|$)/, as: 'named' },
  {
    property:
      /LaunchPermission|launch_permission|SharedAccounts$|^shared_accounts$|AllowedPrincipals|allowed_principals|AllowExternalPrincipals|allow_external_principals|DefaultPermissions/,
    as: 'named',
  },
  {
    property:
      /(^|\.)(\w*Auth(orization)?(Type|Mode|Modes)|\w*auth(orization)?_(type|mode)|\w*GrantType\w*|AuthProviders)(\.|$)/,
    as: CALLERS,
  },
  {
    property:
      /trust_?store|TrustedKeyGroups|trusted_key_groups|TrustedSigners|trusted_signers|Public_?Key|public_key|TrustedHost|Trusted\w*Cert|TrustedCa|Ownership_?Verification|ownership_verification|CertificatePolic|PublicCertificate|hsm_server_public|trust_?anchor_certificate|TLS\.Validation\.Trust|tls\.validation\.trust/i,
    as: CERTIFICATES,
  },
  {
    property:
      /Kerberos|kerberos|CrossRealm|ExternalId(entity)?$|external_id$|PrincipalIdClaim|principal_id_claim|PrincipalTags|principal_tags|AppBoundaryKey|TrustProvider|trust_provider|trust_(type|direction|password)|Realm/,
    as: CLAIM,
  },
  {
    property:
      /Public_?Ip|public_ip|publicly|PubliclyA|PublicAccessCidrs|public_access_cidrs|EndpointPublicAccess|endpoint_public_access|NetworkAccessControl|network_acl|network_access_control|PublicEndpoint|IsHcxPublic|public_security_group|PublicVirtualInterface|public_(dns|hosted|endpoint|virtual)/i,
    as: NETWORK,
  },
  {
    property:
      /Access_?Control_?(Allow|Expose|Max)|access_control_(allow|expose|max)|(Tls|TLS|Ssl|SSL|tls|ssl|Security|security|Alpn|alpn|Referrer|referrer|OriginProtocol|origin_protocol|ViewerProtocol|viewer_protocol|OriginRequest|origin_request|Cache|cache|ResponseHeaders|response_headers|ContentSecurity|content_security|Dns|dns|Client|client|Traffic|traffic)_?[Pp]olic(y|ies)|OriginAccessControl|origin_access_control|ContinuousDeployment|continuous_deployment/,
    as: TRANSPORT,
  },
  {
    property:
      /(Scal|Retry|Redrive|Routing|Life_?cycle|Retention|Deletion|Delet|Restart|Terminat|Update|UpdateReplace|Upgrade|Creation\w*|Rollback|Failure|Delivery|Replay|Archive|Snapshot|Tiering|Backup|Rotation|Scheduling|ScaleIn|ScaleOut|Impairment|Maintenance|MixedInstances|Reuse|Fairshare|QuotaShare|ImagePull|Exception|Voting|Stickiness|Draining|AccessLogging|Latency|Protection|Import|Export|Propagation|AutoDisable|Deployment|Validation|FailureHandling|Recrawl|SchemaChange|Capacity|Rate|Pit|Safeguard|PullRequestBuild|Numbering|Metering|Compression|Eviction|Concurrency|Priority|Transition|Evaluation|Weighted|Loss|Input)\w*_?Polic(y|ies)/i,
    as: OPERATION,
  },
  {
    property:
      /Statement$|_statement$|QueryStatement|query_statement|StatementName|statement_name|PacketHeader|ResourceStatement|MatchingRule/,
    as: { excluded: 'a query or a filter' },
  },
  { type: /CostCategory|Budgets|Athena|RedshiftData|cost_category/, as: { excluded: 'a query or a filter' } },
  { type: /^(AWS::NetworkManager|aws_networkmanager)/, as: excluded('routes of a network') },
  {
    type: /^AWS::(EC2::TransitGateway|PCS|PCAConnectorAD|IVS|ElasticLoadBalancing::|DLM|ImageBuilder|OpsWorks|ResilienceHub|Redshift::SnapshotCopyGrant)|^aws_(load_balancer|dlm|ecr_lifecycle|redshift_snapshot_copy|autoscaling|appautoscaling|ec2_transit_gateway)/,
    property: /^(?!.*NamespaceResourcePolicy)/,
    as: OPERATION,
  },
  {
    type: /^AWS::(Wisdom|Macie|CloudFront|WorkSpacesWeb|SecurityHub|IoT::AccountAudit|IoT::Mitigation|WellArchitected|Config|Comprehend)|^aws_(config|workspacesweb|cloudfront)/,
    property: /^(?!.*ModelPolicy$|.*[tT]emplate_?[bB]ody)/,
    as: FILTERS,
  },
  {
    type: /^(AWS::Logs::(AccountPolicy|LogGroup)|aws_cloudwatch_log_(account_policy|data_protection_policy)|aws_sns_topic_data_protection_policy)$/,
    property: /^(?!.*ResourcePolicyDocument)/,
    as: FILTERS,
  },
  {
    type: /^(AWS::BedrockAgentCore::(?!ResourcePolicy)|AWS::Bedrock::AutomatedReasoning)/,
    as: OTHER_LANGUAGE,
  },
  {
    type: /^(AWS::CleanRooms|AWS::Connect|aws_connect|AWS::AppStream|AWS::Cognito|AWS::Kendra|aws_kendra|AWS::Chime|AWS::AppIntegrations|AWS::SSM::Parameter|AWS::MPA)/,
    as: OTHER_LANGUAGE,
  },
  {
    type: /^(AWS::ECS|AWS::Batch|AWS::EFS::AccessPoint|AWS::S3Files::AccessPoint|AWS::DataSync|AWS::Greengrass)/,
    property: /Permission|AccessEntry|AccessPolicies/,
    as: excluded('files and devices within a computer'),
  },
  {
    property:
      /CorsPolicy|MetricPolicy|FillPolicy|HttpsPolicy|ProtocolPolicy|FilterPolicy|filter_policy|RuntimePolicy|FieldIndexPolic|CodeSigningPolicies|WaitPolicy|UserContextPolicy|InboundPermissions|notification_policy|Web(App)?EndpointPolicy|web_app_endpoint_policy|NotificationPolicy|ApprovalPolicy|policy_body|policy_url|WebAcl$|web_acl_id|smb_acl/,
    as: OPERATION,
  },
  {
    type: /^AWS::(OpenSearchServerless::(AccessPolicy|SecurityPolicy)|DataZone|AccountAccess|CodeGuruProfiler|EntityResolution|Signer|QBusiness|LicenseManager::Grant|SecurityLake|IoTSiteWise::AccessPolicy|SSO::(ApplicationAssignment|InstanceAccessControl)|EC2::NetworkInterfacePermission|Chatbot|GlobalAccelerator::CrossAccount|QuickSight|Lightsail|EMR::StudioSessionMapping|QLDB|Greengrass|Glue::Catalog|SageMaker::Domain)|^aws_(cloud9_environment_membership|chatbot|opensearchserverless|signer|globalaccelerator_cross|quicksight|servicecatalog|network_interface_permission|ssm_document|emr_studio_session|ssoadmin_application_assignment|qldb|grafana|organizations_delegated_administrator|organizations_organization|codeguruprofiler)/,
    property: /^(?!.*(StatementId|statement_id|Name|_name|Type|_type)$)/,
    as: 'named',
  },
  {
    property:
      /^(PermissionArns|permission_arns|retiring_principal|EnvironmentRolePermissionBoundary|BootstrapClusterCreatorAdminPermissions|AccessConfig\.Bootstrap\w+|PermissionsBoundaries|policy_names|ResourceShareConfiguration|resource_share_arn|ResourceShareArns|AppTemplateBody|TemplateBody|template_body|\w*\.TemplateURL|\w+\.\w+\.TemplateURL|RegistrationConfig\.TemplateBody|managed_policy_arns)$/,
    as: 'named',
  },
  {
    property:
      /(Policy|PolicyDocument|PolicyText|ResourcePolicyDocument|AccessPolicies|CustomStatements|_policy|_policies|policy_document|access_policies)$|^(policy|Policies)$|\.(policy|ResourcePolicy)(\.|$)|^session_policy$/,
    as: 'document',
  },
  {
    property:
      /(Id|Ids|_id|_ids|Name|_name|Type|_type|_type_name|Version|_version|Arn|_arn|Number|Enabled|_enabled|Check|_check|Region|Regions|_regions|_prefix|Description|Metadata|Details|Status|Settings|_settings|Source|RevisionId|_revision|revision_id|Propagation|PublicDomainNames|AddressAllocationIds|AccessControlTranslation|AccessControlListConfiguration|CopyAccessControlLists\w*|PermissionsConfig|OAuth\w*|AttachMissingPermission|_policies|_tokens|_principal|_principals|Scope\.Permissions|AccessControlTags|AccessControlAttributes|AllowedAccountIds|AllowedAccountIds|PublicAccess|PublicConnectivity|Public|Principals|PermissionModel|permission_model|principal_arn|Realm|AssumeRole|_policy_types|enabled_policy_types|create_base_policy|VpcOnlyTrustedAccounts|PrincipalName)$/,
    as: NAME,
  },
];

/** Resources that let somebody in by being there, without a policy: named where they are new or changed. */
const ENTRIES = new RegExp(
  [
    'AWS::(Redshift::EndpointAuthorization|Config::AggregationAuthorization|SecurityHub::DelegatedAdmin|Detective::OrganizationAdmin)',
    'AWS::(ServiceCatalog::(PortfolioShare|PortfolioPrincipalAssociation)|IdentityStore::GroupMembership|MediaConnect::FlowEntitlement)',
    'AWS::(IAM::AccessKey|Cognito::(UserPoolUserToGroupAttachment|IdentityPoolPrincipalTag)|Shield::DRTAccess|Oam::Link)',
    'AWS::(CleanRooms::ConfiguredTableAssociation|QBusiness::DataAccessor)',
    'aws_redshift_(data_share_(authorization|consumer_association)|endpoint_authorization)',
    'aws_(config_aggregate_authorization|route53_vpc_association_authorization|opensearch_(authorize_vpc_endpoint_access|inbound_connection_accepter))',
    'aws_directory_service_(shared_directory|trust)',
    'aws_\\w+_(organization_admin_account(_registration)?|delegated_admin(istrator)?(_account)?)|aws_fms_admin_account',
    'aws_(auditmanager_framework_share|ram_sharing_with_organization|servicecatalog_(organizations_access|portfolio_share|principal_portfolio_association))',
    'aws_(identitystore_group_membership|quicksight_(group|role|folder)_membership|cognito_(user_in_group|identity_pool_provider_principal_tag))',
    'aws_iam_(access_key|user_login_profile|service_specific_credential|signing_certificate)',
    'aws_(shield_drt_access_\\w+|oam_link|licensemanager_grant|ssoadmin_trusted_token_issuer|lightsail_bucket_(access_key|resource_access))',
  ]
    .map((each) => `^(${each})$`)
    .join('|'),
);

/** Returns true iff a resource of that type lets somebody in by being there. */
export function isEntry(type: string): boolean {
  return ENTRIES.test(type);
}

/** Names behind which a policy, or a setting that opens or closes access, may stand. */
const NAMES =
  /polic(y|ies)|statement|permission|acls?$|_acl|access_?control|public|boundary|principal|grant|trust|assume_?role|ownership|^auth_?type|authori[sz]ation_?type|auth_?mode|shared_?(with|account)|allowed_?(account|principal|arn)|external_?id|launch_?permission|share_?rules?$|target_?account_?ids$|access_?entr|template_?body|template_?url|resource_?share/i;

/** Returns true iff a property of that name may hold a policy or a setting of access. */
export function mayBear(name: string): boolean {
  return NAMES.test(name);
}

/** Returns how a property counts that no row of its format asks for; undefined where no rule fits its name. */
export function bearingOf(type: string, path: string): Bearing | undefined {
  return RULES.find((rule) => (rule.type?.test(type) ?? true) && (rule.property?.test(path) ?? true))?.as;
}
