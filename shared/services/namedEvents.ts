/**
 * Policy events that no kind judges: each is named in the output, never passed over in silence. By source without
 * `.amazonaws.com`. Which calls carry a policy, a grant or a sharing list is told by AWS's own access level "Permissions
 * management" and by the names of parameters; test/house/namedEvents.test.ts holds every such call against this list.
 * Source: Service Authorization Reference; CloudTrail User Guide, supported services.
 */
import type { NamedEvents } from '../changes/eventRow.ts';
import { SERVICE_EVENTS } from './registry.ts';

/** Names by source; a closing `*` stands for the API date that some services append. */
const NAMES: { readonly [source: string]: string } = {
  'acm-pca': 'CreatePermission DeletePermission',
  'agent-registry': 'PutResourcePolicy DeleteResourcePolicy',
  aiops: 'PutInvestigationGroupPolicy DeleteInvestigationGroupPolicy',
  aoss: 'CreateAccessPolicy UpdateAccessPolicy DeleteAccessPolicy CreateSecurityPolicy UpdateSecurityPolicy DeleteSecurityPolicy',
  apigateway:
    'UpdateMethod PutMethod DeleteMethod CreateAuthorizer UpdateAuthorizer DeleteAuthorizer UpdateStage CreateDomainName UpdateDomainName CreateDomainNameAccessAssociation RejectDomainNameAccessAssociation PutPortalProductSharingPolicy DeletePortalProductSharingPolicy CreateApi UpdateApi CreateRoute UpdateRoute CreateApiKey UpdateApiKey',
  appmesh: 'PutMeshPolicy DeleteMeshPolicy',
  appstream: 'UpdateImagePermissions DeleteImagePermissions',
  appsync:
    'PutResourcePolicy DeleteResourcePolicy CreateApiKey UpdateApiKey DeleteApiKey CreateGraphqlApi UpdateGraphqlApi',
  aps: 'PutResourcePolicy DeleteResourcePolicy',
  'arc-region-switch': 'PutResourcePolicy DeleteResourcePolicy',
  athena: 'CreateWorkGroup UpdateWorkGroup',
  auditmanager: 'StartAssessmentFrameworkShare UpdateAssessmentFrameworkShare DeleteAssessmentFrameworkShare',
  'aws-marketplace': 'PutResourcePolicy DeleteResourcePolicy',
  backup:
    'PutBackupVaultSharingPolicy DeleteBackupVaultSharingPolicy CreateRestoreAccessBackupVault RevokeRestoreAccessBackupVault',
  bedrock: 'PutResourcePolicy DeleteResourcePolicy',
  'bedrock-agentcore':
    'CreateApiKeyCredentialProvider UpdateApiKeyCredentialProvider DeleteApiKeyCredentialProvider PutResourcePolicy DeleteResourcePolicy CreatePolicy UpdatePolicy DeletePolicy CreatePolicyEngine UpdatePolicyEngine DeletePolicyEngine',
  billing: 'PutResourcePolicy DeleteResourcePolicy UpdateIAMAccessPreference',
  cassandra: 'Grant Revoke CreateRole AlterRole DropRole AddPermission UpdatePermission DeletePermission',
  cleanrooms: 'CreateMembership UpdateMembership DeleteMembership',
  'cleanrooms-ml': 'PutConfiguredAudienceModelPolicy DeleteConfiguredAudienceModelPolicy',
  cloud9: 'CreateEnvironmentMembership UpdateEnvironmentMembership DeleteEnvironmentMembership',
  clouddirectory: 'AttachPolicy DetachPolicy',
  cloudformation: 'ActivateOrganizationsAccess DeactivateOrganizationsAccess',
  cloudfront:
    'CreateDistribution CreateDistributionWithTags UpdateDistribution CreateOriginAccessControl UpdateOriginAccessControl DeleteOriginAccessControl PutResourcePolicy DeleteResourcePolicy CreateKeyGroup UpdateKeyGroup CreatePublicKey CreateCloudFrontOriginAccessIdentity',
  cloudhsm: 'PutResourcePolicy DeleteResourcePolicy',
  cloudhsmv2: 'PutResourcePolicy DeleteResourcePolicy',
  cloudsearch: 'UpdateServiceAccessPolicies',
  cloudtrail:
    'PutResourcePolicy DeleteResourcePolicy EnableFederation DisableFederation RegisterOrganizationDelegatedAdmin',
  codebuild:
    'PutResourcePolicy DeleteResourcePolicy UpdateProjectVisibility ImportSourceCredentials DeleteSourceCredentials',
  codecatalyst:
    'AssociateIamRoleToConnection DisassociateIamRoleFromConnection CreateSpaceAdminRoleAssignment',
  'codeguru-profiler': 'PutPermission RemovePermission',
  codestar: 'AssociateTeamMember UpdateTeamMember DisassociateTeamMember',
  'cognito-identity':
    'SetIdentityPoolRoles CreateIdentityPool UpdateIdentityPool SetPrincipalTagAttributeMap',
  'cognito-idp':
    'AdminAddUserToGroup AdminRemoveUserFromGroup CreateGroup UpdateGroup DeleteGroup CreateIdentityProvider UpdateIdentityProvider DeleteIdentityProvider AdminSetUserPassword CreateUserPoolClient UpdateUserPoolClient',
  comprehend: 'PutResourcePolicy DeleteResourcePolicy',
  config: 'PutAggregationAuthorization DeleteAggregationAuthorization',
  connect: 'CreateSecurityProfile UpdateSecurityProfile DeleteSecurityProfile',
  dataexchange: 'CreateDataGrant AcceptDataGrant DeleteDataGrant',
  datazone:
    'PutDomainSharingPolicy DeleteDomainSharingPolicy AddPolicyGrant RemovePolicyGrant CreateProjectMembership DeleteProjectMembership CreateSubscriptionGrant DeleteSubscriptionGrant RevokeSubscription AssociateEnvironmentRole DisassociateEnvironmentRole',
  deadline:
    'AssociateMemberToFarm AssociateMemberToFleet AssociateMemberToJob AssociateMemberToQueue DisassociateMemberFromFarm DisassociateMemberFromFleet DisassociateMemberFromJob DisassociateMemberFromQueue',
  ds: 'ShareDirectory UnshareDirectory AcceptSharedDirectory CreateTrust UpdateTrust DeleteTrust EnableRoleAccess DisableRoleAccess AuthorizeApplication EnableDirectoryDataAccess ResetUserPassword',
  dsql: 'PutClusterPolicy DeleteClusterPolicy',
  dynamodb: 'UpdateAbacStatus',
  ec2: 'AssociateIamInstanceProfile DisassociateIamInstanceProfile ReplaceIamInstanceProfileAssociation ModifyFpgaImageAttribute ResetFpgaImageAttribute CreateNetworkInterfacePermission DeleteNetworkInterfacePermission ModifyVpcEndpointServicePermissions ModifyVerifiedAccessEndpointPolicy ModifyVerifiedAccessGroupPolicy CreateVerifiedAccessEndpoint CreateVerifiedAccessGroup ModifyVpcBlockPublicAccessOptions CreateVpcBlockPublicAccessExclusion ModifyVpcBlockPublicAccessExclusion DeleteVpcBlockPublicAccessExclusion PutResourcePolicy DeleteResourcePolicy AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress ModifySecurityGroupRules CreateCoipPoolPermission DeleteCoipPoolPermission CreateLocalGatewayRouteTablePermission DeleteLocalGatewayRouteTablePermission AuthorizeClientVpnIngress RevokeClientVpnIngress EnableSerialConsoleAccess DisableSerialConsoleAccess ModifyInstanceMetadataOptions ModifyInstanceMetadataDefaults AssociateEnclaveCertificateIamRole DisassociateEnclaveCertificateIamRole CancelImageLaunchPermission EnableImageSharing EnableAllowedImagesSettings DisableAllowedImagesSettings ReplaceImageCriteriaInAllowedImagesSettings',
  ecs: 'RegisterTaskDefinition',
  eks: 'CreatePodIdentityAssociation UpdatePodIdentityAssociation DeletePodIdentityAssociation AssociateIdentityProviderConfig DisassociateIdentityProviderConfig UpdateClusterConfig CreateFargateProfile',
  elasticache:
    'CreateUser ModifyUser CreateUserGroup ModifyUserGroup AuthorizeCacheSecurityGroupIngress RevokeCacheSecurityGroupIngress',
  elasticbeanstalk: 'AssociateEnvironmentOperationsRole DisassociateEnvironmentOperationsRole',
  elasticfilesystem: 'PutReplicationConfiguration CreateAccessPoint',
  elasticmapreduce:
    'PutBlockPublicAccessConfiguration PutWorkspaceAccess DeleteWorkspaceAccess CreateStudioSessionMapping UpdateStudioSessionMapping DeleteStudioSessionMapping',
  'elemental-inference': 'PutFeedPolicy DeleteFeedPolicy',
  entityresolution: 'PutPolicy AddPolicyStatement DeletePolicyStatement',
  es: 'AuthorizeVpcEndpointAccess RevokeVpcEndpointAccess CreateVpcEndpoint',
  events: 'PutResourcePolicy DeleteResourcePolicy',
  fms: 'PutPolicy DeletePolicy AssociateAdminAccount DisassociateAdminAccount',
  fsx: 'PutResourcePolicy DeleteResourcePolicy UpdateSharedVpcConfiguration',
  glacier: 'SetVaultAccessPolicy DeleteVaultAccessPolicy InitiateVaultLock AbortVaultLock CompleteVaultLock',
  glue: 'CreateJob UpdateJob CreateDevEndpoint UpdateDevEndpoint AuthorizeInboundIntegration',
  grafana: 'DeleteWorkspaceApiKey UpdatePermissions CreateWorkspaceApiKey CreateWorkspaceServiceAccountToken',
  greengrass:
    'AssociateServiceRoleToAccount DisassociateServiceRoleFromAccount AssociateRoleToGroup DisassociateRoleFromGroup',
  health: 'EnableHealthServiceAccessForOrganization DisableHealthServiceAccessForOrganization',
  iam: 'CreateAccessKey UpdateAccessKey DeleteAccessKey CreateLoginProfile UpdateLoginProfile DeleteLoginProfile CreateServiceSpecificCredential UpdateServiceSpecificCredential ResetServiceSpecificCredential DeleteServiceSpecificCredential UploadSigningCertificate UpdateSigningCertificate UploadSSHPublicKey UpdateSSHPublicKey UploadServerCertificate DeactivateMFADevice DeleteVirtualMFADevice EnableMFADevice ResyncMFADevice CreateVirtualMFADevice TagUser UntagUser TagRole UntagRole TagPolicy UntagPolicy UpdateRole UpdateAccountPasswordPolicy DeleteAccountPasswordPolicy ChangePassword EnableOrganizationsRootSessions DisableOrganizationsRootSessions EnableOrganizationsRootCredentialsManagement DisableOrganizationsRootCredentialsManagement EnableOutboundWebIdentityFederation DisableOutboundWebIdentityFederation SetSecurityTokenServicePreferences CreateDelegationRequest AcceptDelegationRequest SendDelegationToken',
  identitystore:
    'CreateGroupMembership DeleteGroupMembership CreateGroup DeleteGroup UpdateGroup CreateUser DeleteUser UpdateUser',
  imagebuilder: 'PutComponentPolicy PutContainerRecipePolicy PutImagePolicy PutImageRecipePolicy',
  inspector: 'RegisterCrossAccountAccessRole',
  iot: 'CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion SetDefaultPolicyVersion AttachPolicy DetachPolicy AttachPrincipalPolicy DetachPrincipalPolicy AttachThingPrincipal DetachThingPrincipal CreateAuthorizer UpdateAuthorizer DeleteAuthorizer SetDefaultAuthorizer ClearDefaultAuthorizer CreateRoleAlias UpdateRoleAlias DeleteRoleAlias',
  iotsitewise: 'CreateAccessPolicy UpdateAccessPolicy DeleteAccessPolicy',
  kendra:
    'CreateAccessControlConfiguration UpdateAccessControlConfiguration DeleteAccessControlConfiguration PutPrincipalMapping DeletePrincipalMapping',
  kms: 'ReplicateKey ImportKeyMaterial DeleteImportedKeyMaterial EnableKey UpdatePrimaryRegion CreateAlias UpdateAlias DeleteAlias ConnectCustomKeyStore',
  lakeformation:
    'GrantPermissions RevokePermissions BatchGrantPermissions BatchRevokePermissions PutDataLakeSettings RegisterResource DeregisterResource UpdateResource CreateLakeFormationOptIn DeleteLakeFormationOptIn AddLFTagsToResource RemoveLFTagsFromResource CreateLFTag UpdateLFTag CreateLFTagExpression UpdateLFTagExpression CreateDataCellsFilter UpdateDataCellsFilter DeleteDataCellsFilter',
  lambda:
    'UpdateFunctionConfiguration* CreateEventSourceMapping* PutFunctionCodeSigningConfig* DeleteFunctionCodeSigningConfig* PutPublicAccessBlockConfig* EnableReplication* DisableReplication*',
  lex: 'CreateResourcePolicy UpdateResourcePolicy DeleteResourcePolicy CreateResourcePolicyStatement DeleteResourcePolicyStatement',
  'license-manager':
    'CreateGrant CreateGrantVersion AcceptGrant RejectGrant DeleteGrant UpdateServiceSettings',
  lightsail:
    'DeleteBucketAccessKey SetResourceAccessForBucket UpdateBucket CreateBucketAccessKey PutInstancePublicPorts OpenInstancePublicPorts UpdateRelationalDatabase',
  logs: 'PutDestinationPolicy PutDeliveryDestinationPolicy DeleteDeliveryDestinationPolicy PutAccountPolicy DeleteAccountPolicy PutDataProtectionPolicy DeleteDataProtectionPolicy PutSubscriptionFilter DeleteSubscriptionFilter',
  lookoutequipment: 'PutResourcePolicy DeleteResourcePolicy',
  macie2: 'CreateMember EnableOrganizationAdminAccount DisableOrganizationAdminAccount',
  managedblockchain: 'CreateAccessor DeleteAccessor',
  mediaconnect: 'GrantFlowEntitlements RevokeFlowEntitlement',
  mediaconvert: 'PutPolicy DeletePolicy CreateResourceShare',
  mediapackagev2: 'PutChannelPolicy DeleteChannelPolicy PutOriginEndpointPolicy DeleteOriginEndpointPolicy',
  mediastore: 'PutContainerPolicy DeleteContainerPolicy',
  mediatailor: 'PutChannelPolicy DeleteChannelPolicy',
  memorydb: 'CreateACL UpdateACL DeleteACL CreateUser UpdateUser DeleteUser',
  monitoring:
    'CreateAccessGrant DeleteAccessGrant CreateAccessProfile UpdateAccessProfile DeleteAccessProfile CreateDomainAccessGrantForOrganization DeleteDomainAccessGrantForOrganization',
  monitron:
    'AssociateProjectAdminUser DisassociateProjectAdminUser CreateProjectUserAssociation DeleteProjectUserAssociation CreateUserAccessRoleAssociation DeleteUserAccessRoleAssociation',
  mpa: 'PutResourcePolicy DeleteResourcePolicy CreateApprovalTeam UpdateApprovalTeam',
  mq: 'CreateUser UpdateUser UpdateBrokerAccessConfiguration',
  'network-firewall': 'PutResourcePolicy DeleteResourcePolicy',
  networkmanager: 'PutResourcePolicy DeleteResourcePolicy StartOrganizationServiceAccessUpdate',
  notifications: 'EnableNotificationsAccessForOrganization DisableNotificationsAccessForOrganization',
  oam: 'PutSinkPolicy CreateLink UpdateLink DeleteLink',
  odb: 'PutResourcePolicy DeleteResourcePolicy CreateGrantShare UpdateGrantShare DeleteGrantShare AssociateIamRoleToResource DisassociateIamRoleFromResource',
  omics: 'CreateShare AcceptShare DeleteShare PutS3AccessPolicy DeleteS3AccessPolicy',
  opsworks: 'SetPermission UpdateUserProfile GrantAccess',
  organizations:
    'MoveAccount LeaveOrganization RemoveAccountFromOrganization CloseAccount RegisterDelegatedAdministrator DeregisterDelegatedAdministrator EnableAWSServiceAccess DisableAWSServiceAccess EnableAllFeatures InviteAccountToOrganization AcceptHandshake CreateAccount DeleteOrganization',
  osis: 'PutResourcePolicy DeleteResourcePolicy',
  'payment-cryptography': 'PutResourcePolicy DeleteResourcePolicy',
  'pca-connector-ad':
    'CreateServicePrincipalName DeleteServicePrincipalName CreateTemplateGroupAccessControlEntry UpdateTemplateGroupAccessControlEntry DeleteTemplateGroupAccessControlEntry',
  q: 'CreateAuthGrant UpdateAuthGrant',
  qapps: 'UpdateQAppPermissions',
  qbusiness:
    'PutResourcePolicy AssociatePermission DisassociatePermission CreateDataAccessor UpdateDataAccessor DeleteDataAccessor',
  qldb: 'UpdateLedgerPermissionsMode',
  quicksight:
    'UpdateAnalysisPermissions UpdateDashboardPermissions UpdateDataSetPermissions UpdateDataSourcePermissions UpdateFolderPermissions UpdateTemplatePermissions UpdateThemePermissions UpdateTopicPermissions UpdateAgentPermissions UpdateAppPermissions UpdateActionConnectorPermissions UpdateFlowPermissions UpdateKnowledgeBasePermissions UpdateSpacePermissions UpdateExtensionPermissions UpdateResourcePermissions CreateGroupMembership DeleteGroupMembership CreateFolderMembership DeleteFolderMembership CreateRoleMembership DeleteRoleMembership CreateIAMPolicyAssignment UpdateIAMPolicyAssignment DeleteIAMPolicyAssignment UpdatePublicSharingSettings RegisterUser UpdateUser CreateCustomPermissions UpdateCustomPermissions DeleteCustomPermissions UpdateRoleCustomPermission DeleteRoleCustomPermission UpdateUserCustomPermission DeleteUserCustomPermission UpdateAccountCustomPermission DeleteAccountCustomPermission UpdateApplicationWithTokenExchangeGrant',
  ram: 'EnableSharingWithAwsOrganization AcceptResourceShareInvitation RejectResourceShareInvitation PromoteResourceShareCreatedFromPolicy',
  rds: 'AddRoleToDBCluster AddRoleToDBInstance RemoveRoleFromDBCluster RemoveRoleFromDBInstance AuthorizeDBSecurityGroupIngress RevokeDBSecurityGroupIngress',
  redshift:
    'PutResourcePolicy DeleteResourcePolicy AuthorizeEndpointAccess RevokeEndpointAccess AuthorizeDataShare DeauthorizeDataShare RejectDataShare AssociateDataShareConsumer DisassociateDataShareConsumer AuthorizeSnapshotAccess RevokeSnapshotAccess ModifyClusterIamRoles CreateEndpointAccess ModifyEndpointAccess DeleteEndpointAccess AuthorizeClusterSecurityGroupIngress RevokeClusterSecurityGroupIngress CreateSnapshotCopyGrant DeleteSnapshotCopyGrant AuthorizeInboundIntegration CreateRedshiftIdcApplication ModifyRedshiftIdcApplication',
  'redshift-serverless':
    'PutResourcePolicy DeleteResourcePolicy CreateEndpointAccess UpdateEndpointAccess DeleteEndpointAccess UpdateNamespace UpdateWorkgroup',
  'refactor-spaces': 'PutResourcePolicy DeleteResourcePolicy',
  rekognition: 'PutProjectPolicy DeleteProjectPolicy',
  'resource-explorer-2':
    'PutResourcePolicy DeleteResourcePolicy CreateStreamingAccessForService DeleteStreamingAccessForService',
  'resource-groups': 'PutGroupPolicy DeleteGroupPolicy',
  rolesanywhere: 'UpdateCrl PutAttributeMapping DeleteAttributeMapping',
  route53: 'CreateVPCAssociationAuthorization DeleteVPCAssociationAuthorization AssociateVPCWithHostedZone',
  'route53-recovery-control-config': 'PutResourcePolicy DeleteResourcePolicy',
  'route53-recovery-readiness': 'CreateCrossAccountAuthorization DeleteCrossAccountAuthorization',
  route53resolver: 'PutFirewallRuleGroupPolicy PutResolverQueryLogConfigPolicy PutResolverRulePolicy',
  rum: 'PutResourcePolicy DeleteResourcePolicy',
  s3: 'CreateAccessGrant DeleteAccessGrant CreateAccessGrantsInstance DeleteAccessGrantsInstance CreateAccessGrantsLocation UpdateAccessGrantsLocation DeleteAccessGrantsLocation PutAccessGrantsInstanceResourcePolicy DeleteAccessGrantsInstanceResourcePolicy AssociateAccessGrantsIdentityCenter DissociateAccessGrantsIdentityCenter PutAccessPointPublicAccessBlock PutAccessPointScope DeleteAccessPointScope PutBucketReplication PutBucketCors PutBucketWebsite',
  's3-outposts': 'PutBucketPolicy DeleteBucketPolicy PutAccessPointPolicy DeleteAccessPointPolicy',
  s3express:
    'PutBucketPolicy DeleteBucketPolicy PutAccessPointPolicy DeleteAccessPointPolicy PutAccessPointScope DeleteAccessPointScope',
  s3files: 'PutFileSystemPolicy DeleteFileSystemPolicy',
  s3tables: 'PutTablePolicy DeleteTablePolicy',
  s3vectors: 'PutVectorBucketPolicy DeleteVectorBucketPolicy',
  sagemaker:
    'PutModelPackageGroupPolicy DeleteModelPackageGroupPolicy PutResourcePolicy DeleteResourcePolicy CreateLineageGroupPolicy PutLineageGroupPolicy DeleteLineageGroupPolicy CreateSharedModel UpdateSharedModel CreateNotebookInstance UpdateNotebookInstance CreateUserProfile UpdateUserProfile',
  schemas: 'PutResourcePolicy DeleteResourcePolicy',
  secretsmanager: 'ReplicateSecretToRegions RemoveRegionsFromReplication',
  serverlessrepo: 'PutApplicationPolicy UnshareApplication',
  servicecatalog:
    'CreatePortfolioShare UpdatePortfolioShare DeletePortfolioShare AcceptPortfolioShare RejectPortfolioShare AssociatePrincipalWithPortfolio DisassociatePrincipalFromPortfolio EnableAWSOrganizationsAccess DisableAWSOrganizationsAccess CreateConstraint UpdateConstraint PutResourcePolicy DeleteResourcePolicy',
  servicediscovery: 'PutResourcePolicy DeleteResourcePolicy',
  ses: 'PutIdentityPolicy DeleteIdentityPolicy CreateEmailIdentityPolicy UpdateEmailIdentityPolicy DeleteEmailIdentityPolicy',
  shield: 'AssociateDRTRole DisassociateDRTRole AssociateDRTLogBucket',
  signer: 'AddProfilePermission RemoveProfilePermission',
  signin:
    'PutResourcePermissionStatement DeleteResourcePermissionStatement PutConsoleAuthorizationConfiguration DeleteConsoleAuthorizationConfiguration',
  'sms-voice': 'PutResourcePolicy DeleteResourcePolicy',
  sns: 'PutDataProtectionPolicy',
  ssm: 'PutResourcePolicy DeleteResourcePolicy CreateActivation UpdateManagedInstanceRole StartAccessRequest UpdateServiceSetting',
  'ssm-contacts': 'PutContactPolicy AssociateContact',
  'ssm-incidents': 'PutResourcePolicy DeleteResourcePolicy',
  'ssm-sap': 'PutResourcePermission DeleteResourcePermission',
  sso: 'PutPermissionsPolicy DeletePermissionsPolicy UpdatePermissionSet CreateApplicationAssignment DeleteApplicationAssignment PutApplicationAssignmentConfiguration PutApplicationAccessScope DeleteApplicationAccessScope PutApplicationGrant DeleteApplicationGrant PutApplicationAuthenticationMethod DeleteApplicationAuthenticationMethod CreateTrustedTokenIssuer UpdateTrustedTokenIssuer DeleteTrustedTokenIssuer CreateInstanceAccessControlAttributeConfiguration UpdateInstanceAccessControlAttributeConfiguration DeleteInstanceAccessControlAttributeConfiguration CreateInstance DeleteInstance AssociateProfile DisassociateProfile CreateTrust UpdateTrust AssociateDirectory DisassociateDirectory',
  'sso-directory':
    'AddMemberToGroup RemoveMemberFromGroup CreateGroup DeleteGroup UpdatePassword CreateUser CreateExternalIdPConfigurationForDirectory UpdateExternalIdPConfigurationForDirectory',
  states: 'CreateStateMachine UpdateStateMachine',
  sts: 'AssumeRoot',
  transfer:
    'CreateUser UpdateUser DeleteUser CreateAccess UpdateAccess DeleteAccess ImportSshPublicKey CreateServer UpdateServer',
  trustedadvisor: 'SetOrganizationAccess SetAccountAccess',
  verifiedpermissions:
    'CreatePolicy UpdatePolicy DeletePolicy CreatePolicyTemplate UpdatePolicyTemplate DeletePolicyTemplate CreatePolicyStore UpdatePolicyStore DeletePolicyStore CreateIdentitySource UpdateIdentitySource DeleteIdentitySource PutSchema',
  'vpc-lattice': 'PutResourcePolicy DeleteResourcePolicy CreateServiceNetworkVpcEndpointAssociation',
  waf: 'PutPermissionPolicy DeletePermissionPolicy',
  'waf-regional': 'PutPermissionPolicy DeletePermissionPolicy',
  wafv2: 'PutPermissionPolicy DeletePermissionPolicy',
  workdocs: 'AddResourcePermissions RemoveResourcePermission RemoveAllResourcePermissions AddUserToGroup',
  workmail:
    'PutIdentityProviderConfiguration DeleteIdentityProviderConfiguration PutMailboxPermissions DeleteMailboxPermissions CreateImpersonationRole UpdateImpersonationRole DeleteImpersonationRole AssumeImpersonationRole AssociateMemberToGroup DisassociateMemberFromGroup PutAccessControlRule DeleteAccessControlRule ResetPassword',
  workspaces:
    'UpdateWorkspaceImagePermission UpdateConnectionAliasPermission AuthorizeIpRules RevokeIpRules ModifySelfservicePermissions ModifyWorkspaceAccessProperties ModifySamlProperties',
  xray: 'PutResourcePolicy DeleteResourcePolicy PutEncryptionConfig',
  'license-manager-user-subscriptions':
    'RegisterIdentityProvider DeregisterIdentityProvider UpdateIdentityProviderSettings',
  mgh: 'BatchAssociateIamRoleWithConnection BatchDisassociateIamRoleFromConnection',
  'workspaces-web': 'CreateIdentityProvider UpdateIdentityProvider DeleteIdentityProvider',
  worklink: 'UpdateIdentityProviderConfiguration',
  codewhisperer: 'AssociateCustomizationPermission DisassociateCustomizationPermission',
  repostspace:
    'BatchAddRole BatchRemoveRole BatchAddChannelRoleToAccessors BatchRemoveChannelRoleFromAccessors',
  chime: 'AuthorizeDirectory',
  gamelift: 'CreateVpcPeeringAuthorization DeleteVpcPeeringAuthorization',
  a4b: 'PutSkillAuthorization DeleteSkillAuthorization',
  elasticloadbalancing: 'ModifyTrustStore SetSecurityGroups',
};

const judged = new Set(
  SERVICE_EVENTS.flatMap(({ source, rows }) => rows.map(({ name }) => `${source} ${name}`)),
);

/** The names that no kind judges, by their source: a name goes by itself once a kind judges it. */
export const NAMED_EVENTS: readonly NamedEvents[] = Object.entries(NAMES).map(([service, names]) => {
  const source = `${service}.amazonaws.com`;
  return { source, names: names.split(' ').filter((name) => !judged.has(`${source} ${name}`)) };
});
