/**
 * The kinds of target, a row each: what is true of them, and the file that talks to AWS. That file, and its service's
 * client with it, is loaded when a target of the kind is first touched: a start pays for nothing else.
 * Adding a service is adding its file, its row here and its rows in the event table.
 */
import { principalName } from '../targets/arn.ts';
import {
  type Adapters,
  type KindFacts,
  TARGET_KINDS,
  type TargetAdapter,
  type TargetKind,
  type TargetOperations,
  type TargetRef,
} from '../targets/target.ts';

type KindRow = KindFacts & {
  readonly load: () => Promise<TargetOperations>;
  /** Says why a target of the kind can never be restored. Absent: all can. */
  readonly whyNotRestorable?: (target: TargetRef) => string | undefined;
};

/** One resource policy in a Region, beside which identity policies of the account grant: so are most kinds. */
const OF_RESOURCE = {
  policyType: 'RESOURCE_POLICY',
  namesPrincipals: true,
  grantedElsewhere: () => 'by-account',
  scope: 'regional',
} as const satisfies Partial<KindRow>;

const ROWS: { readonly [kind in TargetKind]: KindRow } = {
  'managed-policy': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::IAM::ManagedPolicy',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-holders',
    scope: 'global',
    load: async () => (await import('./iam/managedPolicy.ts')).managedPolicy,
    whyNotRestorable: ({ arn }) =>
      arn.split(':')[4] === 'aws'
        ? 'AWS manages this policy; detach it from those who should not have it'
        : undefined,
  },
  'iam-principal': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::IAM::Role',
    namesPrincipals: false,
    // A role's or user's documents are judged all together; a group's members hold others beside.
    grantedElsewhere: ({ arn }) => (principalName(arn).type === 'group' ? 'by-holders' : 'nowhere'),
    scope: 'global',
    load: async () => (await import('./iam/iamPrincipal.ts')).iamPrincipal,
    whyNotRestorable: whyRoleStays,
  },
  'role-trust': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::IAM::AssumeRolePolicyDocument',
    namesPrincipals: true,
    // A role is assumed only by whom its trust policy names.
    grantedElsewhere: () => 'nowhere',
    scope: 'global',
    load: async () => (await import('./iam/roleTrust.ts')).roleTrust,
    whyNotRestorable: whyRoleStays,
  },
  'instance-profile': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::IAM::InstanceProfile',
    namesPrincipals: false,
    grantedElsewhere: () => 'nowhere',
    scope: 'global',
    load: async () => (await import('./iam/instanceProfile.ts')).instanceProfile,
  },
  'identity-provider': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::IAM::SAMLProvider',
    namesPrincipals: true,
    grantedElsewhere: () => 'nowhere',
    scope: 'global',
    load: async () => (await import('./iam/identityProvider.ts')).identityProvider,
    whyNotRestorable: () =>
      'an identity provider is only reported: whether the former certificate or audience is still in use, only people know',
  },
  'bucket-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::S3::Bucket',
    load: async () => (await import('./s3/bucketPolicy.ts')).bucketPolicy,
  },
  'lambda-function-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::Lambda::Function',
    load: async () => (await import('./lambda/lambdaFunctionPolicy.ts')).lambdaFunctionPolicy,
  },
  // Blocks and ACLs act beside bucket policies, which may name anybody.
  'bucket-public-access-block': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::S3::Bucket',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    load: async () => (await import('./s3/publicAccessBlock.ts')).bucketPublicAccessBlock,
  },
  'account-public-access-block': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::S3::AccountPublicAccessBlock',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'global',
    load: async () => (await import('./s3/publicAccessBlock.ts')).accountPublicAccessBlock,
  },
  'bucket-acl': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::S3::Bucket',
    namesPrincipals: true,
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    load: async () => (await import('./s3/bucketAcl.ts')).bucketAcl,
  },
  'access-point-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::S3::AccessPoint',
    load: async () => (await import('./s3/accessPointPolicy.ts')).accessPointPolicy,
  },
  'multi-region-access-point-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::S3::MultiRegionAccessPoint',
    load: async () => (await import('./s3/multiRegionAccessPointPolicy.ts')).multiRegionAccessPointPolicy,
  },
  'kms-key': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::KMS::Key',
    namesPrincipals: true,
    // An identity policy reaches a key only where the key policy says so; grants are parts of the target.
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    load: async () => (await import('./kms/kmsKey.ts')).kmsKey,
  },
  'lambda-layer-version-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::Lambda::LayerVersionPermission',
    load: async () => (await import('./lambda/lambdaLayerVersionPolicy.ts')).lambdaLayerVersionPolicy,
  },
  'lambda-function-url': {
    ...OF_RESOURCE,
    resourceType: 'AWS::Lambda::Url',
    load: async () => (await import('./lambda/lambdaFunctionUrl.ts')).lambdaFunctionUrl,
  },
  // What is a limit, or keeps out, acts on what anybody may be granted elsewhere.
  'vpc-endpoint-policy': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::EC2::VPCEndpoint',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    load: async () => (await import('./ec2/vpcEndpointPolicy.ts')).vpcEndpointPolicy,
  },
  'ec2-snapshot-sharing': {
    ...OF_RESOURCE,
    resourceType: 'AWS::EC2::Snapshot',
    load: async () => (await import('./ec2/ec2Sharing.ts')).ec2SnapshotSharing,
  },
  'ec2-image-sharing': {
    ...OF_RESOURCE,
    resourceType: 'AWS::EC2::Image',
    load: async () => (await import('./ec2/ec2Sharing.ts')).ec2ImageSharing,
  },
  'ec2-block-public-access': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::EC2::SnapshotBlockPublicAccess',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    load: async () => (await import('./ec2/ec2BlockPublicAccess.ts')).ec2BlockPublicAccess,
  },
  'rds-snapshot-sharing': {
    ...OF_RESOURCE,
    resourceType: 'AWS::RDS::DBSnapshot',
    load: async () => (await import('./rds/rdsSharing.ts')).rdsSnapshotSharing,
  },
  'rds-cluster-snapshot-sharing': {
    ...OF_RESOURCE,
    resourceType: 'AWS::RDS::DBClusterSnapshot',
    load: async () => (await import('./rds/rdsSharing.ts')).rdsClusterSnapshotSharing,
  },
  'rest-api-policy': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::ApiGateway::RestApi',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    load: async () => (await import('./apigateway/restApiPolicy.ts')).restApiPolicy,
  },
  'cluster-access': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::EKS::Cluster',
    namesPrincipals: true,
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    load: async () => (await import('./eks/clusterAccess.ts')).clusterAccess,
  },
  'resource-share': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::RAM::ResourceShare',
    namesPrincipals: true,
    // Whoever may write the share.
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    load: async () => (await import('./ram/resourceShare.ts')).resourceShare,
  },
  'resource-share-permission': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::RAM::Permission',
    namesPrincipals: false,
    // It only allows.
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    load: async () => (await import('./ram/resourceSharePermission.ts')).resourceSharePermission,
  },
  'topic-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::SNS::Topic',
    load: async () => (await import('./sns/topicPolicy.ts')).topicPolicy,
  },
  'queue-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::SQS::Queue',
    load: async () => (await import('./sqs/queuePolicy.ts')).queuePolicy,
  },
  'secret-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::SecretsManager::Secret',
    load: async () => (await import('./secretsmanager/secretPolicy.ts')).secretPolicy,
  },
  'repository-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::ECR::Repository',
    load: async () => (await import('./ecr/repositoryPolicy.ts')).repositoryPolicy,
  },
  'public-repository-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::ECR::PublicRepository',
    // Public ECR is told, and answers, in one Region alone.
    scope: 'global',
    load: async () => (await import('./ecr/publicRepositoryPolicy.ts')).publicRepositoryPolicy,
  },
  'repository-creation-template': {
    ...OF_RESOURCE,
    resourceType: 'AWS::ECR::RepositoryCreationTemplate',
    load: async () => (await import('./ecr/repositoryCreationTemplate.ts')).repositoryCreationTemplate,
    whyNotRestorable: () =>
      'a creation template is only reported: whoever updates one sets its tag mutability and role anew; what is made from it is judged and restored by itself',
  },
  'registry-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::ECR::RegistryPolicy',
    load: async () => (await import('./ecr/registryPolicy.ts')).registryPolicy,
  },
  'file-system-policy': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::EFS::FileSystem',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    load: async () => (await import('./efs/fileSystemPolicy.ts')).fileSystemPolicy,
  },
  'table-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::DynamoDB::Table',
    load: async () => (await import('./dynamodb/tablePolicy.ts')).tablePolicy,
  },
  'stream-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::Kinesis::Stream',
    load: async () => (await import('./kinesis/streamPolicy.ts')).streamPolicy,
  },
  'data-catalog-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::Glue::Catalog',
    load: async () => (await import('./glue/dataCatalogPolicy.ts')).dataCatalogPolicy,
  },
  'domain-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::OpenSearchService::Domain',
    load: async () => (await import('./opensearch/domainPolicy.ts')).domainPolicy,
  },
  'event-bus-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::Events::EventBus',
    load: async () => (await import('./eventbridge/eventBusPolicy.ts')).eventBusPolicy,
  },
  'backup-vault-policy': {
    ...OF_RESOURCE,
    resourceType: 'AWS::Backup::BackupVault',
    load: async () => (await import('./backup/backupVaultPolicy.ts')).backupVaultPolicy,
  },
  'organizations-policy': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::Organizations::Policy',
    namesPrincipals: false,
    // It lets pass, or denies, what policies of the accounts grant; `FullAWSAccess` stands beside most.
    grantedElsewhere: ({ arn }) => (arn.includes('/resource_control_policy/') ? 'by-anyone' : 'by-holders'),
    scope: 'global',
    load: async () => (await import('./organizations/organizationsPolicy.ts')).organizationsPolicy,
    whyNotRestorable: ({ arn }) =>
      arn.split(':')[4] === 'aws' ? 'AWS manages this policy; nobody else can change it' : undefined,
  },
  'organizations-attachment': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::Organizations::OrganizationalUnit',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'global',
    load: async () => (await import('./organizations/organizationsAttachment.ts')).organizationsAttachment,
  },
  'organizations-resource-policy': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::Organizations::ResourcePolicy',
    namesPrincipals: true,
    // Accounts may administer the organization's services by registration, too.
    grantedElsewhere: () => 'by-anyone',
    scope: 'global',
    load: async () =>
      (await import('./organizations/organizationsResourcePolicy.ts')).organizationsResourcePolicy,
  },
  'permission-set': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::SSO::PermissionSet',
    namesPrincipals: false,
    // Whoever is assigned it acts with this alone.
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    load: async () => (await import('./sso/permissionSet.ts')).permissionSet,
  },
  'account-assignment': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::SSO::Assignment',
    // Users and groups of the own directory: none of them is a stranger.
    namesPrincipals: false,
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    load: async () => (await import('./sso/accountAssignment.ts')).accountAssignment,
  },
  'roles-anywhere-profile': {
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::RolesAnywhere::Profile',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-roles',
    scope: 'regional',
    load: async () => (await import('./rolesanywhere/rolesAnywhereProfile.ts')).rolesAnywhereProfile,
  },
  'roles-anywhere-trust-anchor': {
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::RolesAnywhere::TrustAnchor',
    namesPrincipals: true,
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    load: async () => (await import('./rolesanywhere/rolesAnywhereTrustAnchor.ts')).rolesAnywhereTrustAnchor,
    whyNotRestorable: () =>
      'a trust anchor is only reported: whose certificates are to be believed, only people know; disable it if not these',
  },
};

/** The adapters by kind. */
export const ADAPTERS: Adapters = Object.fromEntries(
  TARGET_KINDS.map((kind) => [kind, adapterOf(kind, ROWS[kind])]),
) as Adapters; // `TARGET_KINDS` holds every kind.

function adapterOf(
  kind: TargetKind,
  { load, whyNotRestorable = () => undefined, ...facts }: KindRow,
): TargetAdapter {
  return {
    ...facts,
    kind,
    whyNotRestorable,
    resolve: async (target, clients) => (await (await load()).resolve?.(target, clients)) ?? target,
    read: async (target, clients) => (await load()).read(target, clients),
    withAddition: async (...given) => (await load()).withAddition?.(...given),
    reaches: async (target, clients) => (await load()).reaches?.(target, clients),
    async *list(clients, place) {
      yield* (await load()).list(clients, place);
    },
    restore: async (request, clients) => (await load()).restore(request, clients),
  };
}

/** Says why IAM refuses writes to a role of that name. */
function whyRoleStays({ arn }: TargetRef): string | undefined {
  const { type, name } = principalName(arn);
  if (type !== 'role') return undefined;
  if (name.startsWith('AWSServiceRoleFor'))
    return 'the role is linked to an AWS service, which alone may change it';
  if (name.startsWith('AWSReservedSSO_'))
    return 'the role belongs to IAM Identity Center; change its permission set instead';
  return undefined;
}
