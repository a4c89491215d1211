/** What resources of CloudFormation say, a row each. Source: CloudFormation's resource reference. */
import { isFields, listOf } from '../../fields.ts';
import { Opaque } from '../../symbols.ts';
import { restApi } from '../apis.ts';
import { appSyncWay, authorized, authorizer, httpApi, isTrue, method } from '../authorization.ts';
import { factOf, HERE_FUNCTION, idOf, itself, principalOf, type Rule } from '../declared.ts';
import { identityPool, poolRoles } from '../identityPools.ts';
import {
  all,
  document,
  documentsIn,
  endpointIn,
  holder,
  inlineFor,
  makes,
  managedPolicy,
  membership,
  networkOrigin,
  permission,
  permissionSet,
  session,
  sessionProfile,
  withRole,
} from '../rules.ts';
import {
  aclPart,
  blockPart,
  bucketOf,
  changedSetting,
  grantsTo,
  listed,
  ownershipPart,
  shareOf,
  sharingBlock,
  urlPart,
  valuesElsewhere,
} from '../settings.ts';
import { samApi, samAuth, samFunction, samHttpApi, samStateMachine } from './sam.ts';

const INLINE = { list: 'Policies', name: 'PolicyName', document: 'PolicyDocument' } as const;

const bucket: Rule = (declared) => {
  const name = bucketOf(declared);
  const entity = itself('bucket', declared, 'BucketName');
  const controls = declared.get('OwnershipControls');
  const [rule] = isFields(controls) ? listOf(controls['Rules']) : [];
  const ownership = isFields(rule) ? rule['ObjectOwnership'] : undefined;
  const block = declared.get('PublicAccessBlockConfiguration');
  const facts = [
    factOf(declared, {
      entity,
      facet: 'bucket-acl',
      defines: true,
      parts: [
        ...aclPart(declared, declared.get('AccessControl'), name),
        ...ownershipPart(declared, ownership, name),
      ],
    }),
  ];
  if (!isFields(block)) return facts;
  return [
    ...facts,
    factOf(declared, {
      entity,
      facet: 'public-access-block',
      defines: true,
      parts: [blockPart(declared, block, name)],
    }),
  ];
};

const accessPoint: Rule = all(
  document('Policy', { facet: 'document', type: 'access-point', name: 'Name' }),
  networkOrigin('VpcConfiguration', 'VpcId', 'Name'),
  (declared) => {
    const block = declared.get('PublicAccessBlockConfiguration');
    if (!isFields(block)) return [];
    const entity = itself('access-point', declared, 'Name');
    const parts = [blockPart(declared, block, '*')];
    return [factOf(declared, { entity, facet: 'public-access-block', defines: true, parts })];
  },
);

/** A service's policy of one statement, given in the open or by its elements. */
const eventBusPolicy: Rule = (declared) => {
  const statement = declared.get('Statement');
  if (statement === undefined)
    return permission(
      {
        type: 'event-bus',
        facet: 'document',
        of: 'EventBusName',
        action: 'Action',
        principal: 'Principal',
        prefix: 'events:*:*:event-bus/',
        condition: 'Condition',
      },
      {},
    )(declared);
  const value = statement instanceof Opaque ? statement : { Version: '2012-10-17', Statement: [statement] };
  return document('Statement', { facet: 'document', type: 'event-bus', of: 'EventBusName' })({
    ...declared,
    get: (property) => (property === 'Statement' ? value : declared.get(property)),
  });
};

const clusterAccess: Rule = grantsTo({
  type: 'cluster',
  of: 'ClusterName',
  facet: 'cluster-access',
  statements: (declared) => {
    const Principal = principalOf(declared.get('PrincipalArn'));
    const policies = listOf(declared.get('AccessPolicies')).map((each) =>
      isFields(each) ? each['PolicyArn'] : each,
    );
    const groups = listOf(declared.get('KubernetesGroups')).map(
      (each) => `arn:aws:eks:::group/${String(each)}`,
    );
    return [...policies, ...groups].map((Resource) => ({
      Principal,
      Action: 'eks:AccessKubernetesApi',
      Resource,
    }));
  },
});

const controlPolicy: Rule = (declared) => {
  const type = declared.get('Type');
  if (type !== 'SERVICE_CONTROL_POLICY' && type !== 'RESOURCE_CONTROL_POLICY') return [];
  const entity = itself('control-policy', declared, 'Name');
  const own = document('Content', {
    facet: type === 'SERVICE_CONTROL_POLICY' ? 'control-policy' : 'resource-control-policy',
    type: 'control-policy',
    name: 'Name',
    role: type === 'SERVICE_CONTROL_POLICY' ? 'grant' : 'resource',
  })(declared);
  const attached = listOf(declared.get('TargetIds')).map((target) =>
    factOf(declared, {
      entity: { type: 'organization', ids: [String(target)] },
      facet: 'control-policy',
      references: [{ id: `attached:${declared.label}`, role: 'grant', to: entity, region: undefined }],
    }),
  );
  return [...own, ...attached];
};

const FUNCTION = {
  type: 'function',
  facet: 'function-policy',
  action: 'Action',
  principal: 'Principal',
  prefix: HERE_FUNCTION,
} as const;

const of = (facet: 'document' | 'bucket-policy', type: string, property: string, where = 'PolicyDocument') =>
  document(where, { facet, type, of: property });

const own = (property: string, type: string, name?: string) =>
  document(property, { facet: 'document', type, ...(name === undefined ? {} : { name }) });

const OPEN_CONTENT = authorized('distribution', 's3:GetObject', () => [{ type: 'NONE' }]);

const SIGNED_CONTENT = authorized('distribution', 's3:GetObject', (get) => {
  const config = get('DistributionConfig');
  if (!isFields(config)) return [];
  return [config['DefaultCacheBehavior'], ...listOf(config['CacheBehaviors'])]
    .filter(isFields)
    .map((each) => {
      const by = [...listOf(each['TrustedKeyGroups']), ...listOf(each['TrustedSigners'])];
      return { type: by.length > 0 ? 'signed' : 'NONE', by, scopes: each['PathPattern'] ?? '*' };
    });
});

export const ROWS: { readonly [type: string]: Rule } = {
  'AWS::IAM::Role': holder('role', {
    name: 'RoleName',
    trust: 'AssumeRolePolicyDocument',
    inline: INLINE,
    attached: 'ManagedPolicyArns',
    boundary: 'PermissionsBoundary',
  }),
  'AWS::IAM::User': holder('user', {
    name: 'UserName',
    inline: INLINE,
    attached: 'ManagedPolicyArns',
    boundary: 'PermissionsBoundary',
    groups: 'Groups',
  }),
  'AWS::IAM::Group': holder('group', { name: 'GroupName', inline: INLINE, attached: 'ManagedPolicyArns' }),
  'AWS::IAM::Policy': inlineFor(
    { role: 'Roles', user: 'Users', group: 'Groups' },
    'PolicyDocument',
    'PolicyName',
  ),
  'AWS::IAM::RolePolicy': inlineFor({ role: 'RoleName' }, 'PolicyDocument', 'PolicyName'),
  'AWS::IAM::UserPolicy': inlineFor({ user: 'UserName' }, 'PolicyDocument', 'PolicyName'),
  'AWS::IAM::GroupPolicy': inlineFor({ group: 'GroupName' }, 'PolicyDocument', 'PolicyName'),
  'AWS::IAM::ManagedPolicy': managedPolicy('ManagedPolicyName', 'PolicyDocument', {
    role: 'Roles',
    user: 'Users',
    group: 'Groups',
  }),
  'AWS::IAM::UserToGroupAddition': membership('Users', 'GroupName'),
  'AWS::IAM::InstanceProfile': withRole('instance-profile', 'InstanceProfileName', 'Roles'),
  'AWS::IAM::OIDCProvider': listed(
    'provider',
    'Url',
    ['ClientIdList', 'ThumbprintList'],
    'sts:AssumeRoleWithWebIdentity',
  ),
  'AWS::IAM::SAMLProvider': listed('provider', 'Name', ['SamlMetadataDocument'], 'sts:AssumeRoleWithSAML'),
  'AWS::RolesAnywhere::TrustAnchor': listed('trust-anchor', 'Name', ['Source', 'Enabled'], 'sts:AssumeRole'),
  'AWS::RolesAnywhere::Profile': sessionProfile({
    name: 'Name',
    roles: 'RoleArns',
    policies: 'ManagedPolicyArns',
    session: 'SessionPolicy',
    enabled: 'Enabled',
  }),
  'AWS::SSO::PermissionSet': permissionSet({
    name: 'Name',
    inline: 'InlinePolicy',
    attached: 'ManagedPolicies',
    customer: 'CustomerManagedPolicyReferences',
    boundary: 'PermissionsBoundary',
  }),
  'AWS::SSO::Assignment': grantsTo({
    type: 'account',
    of: 'TargetId',
    facet: 'assignment',
    statements: (declared) => [
      {
        Principal: {
          Federated: `${String(declared.get('PrincipalType'))}/${String(declared.get('PrincipalId'))}`,
        },
        Action: 'sts:AssumeRoleWithSAML',
        Resource: declared.get('PermissionSetArn'),
      },
    ],
  }),
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': of('bucket-policy', 'bucket', 'Bucket'),
  'AWS::S3::AccessPoint': accessPoint,
  'AWS::S3::MultiRegionAccessPointPolicy': of('document', 'mrap', 'MrapName', 'Policy'),
  'AWS::S3Express::BucketPolicy': of('bucket-policy', 'directory-bucket', 'Bucket'),
  'AWS::S3Outposts::BucketPolicy': of('bucket-policy', 'outposts-bucket', 'Bucket'),
  'AWS::S3ObjectLambda::AccessPointPolicy': of('document', 'object-lambda', 'ObjectLambdaAccessPoint'),
  'AWS::S3ObjectLambda::AccessPoint': makes('object-lambda', 'Name'),
  'AWS::S3Tables::TableBucketPolicy': of('document', 'table-bucket', 'TableBucketARN', 'ResourcePolicy'),
  'AWS::Lambda::Function': makes('function', 'FunctionName'),
  'AWS::Lambda::Permission': permission(
    { ...FUNCTION, of: 'FunctionName' },
    {
      SourceArn: ['ArnLike', 'AWS:SourceArn'],
      SourceAccount: ['StringEquals', 'AWS:SourceAccount'],
      PrincipalOrgID: ['StringEquals', 'aws:PrincipalOrgID'],
      EventSourceToken: ['StringEquals', 'lambda:EventSourceToken'],
      FunctionUrlAuthType: ['StringEquals', 'lambda:FunctionUrlAuthType'],
      InvokedViaFunctionUrl: ['Bool', 'lambda:InvokedViaFunctionUrl'],
    },
  ),
  'AWS::Lambda::Url': (declared) => {
    const target = declared.get('TargetFunctionArn');
    const parts = urlPart(declared, declared.get('AuthType'), target);
    const entity = { type: 'function', ids: [idOf(target) ?? `?${declared.label}`] };
    return [factOf(declared, { entity, facet: 'function-url', parts })];
  },
  'AWS::Lambda::LayerVersionPermission': permission(
    { ...FUNCTION, type: 'layer', of: 'LayerVersionArn', facet: 'document' },
    { OrganizationId: ['StringEquals', 'aws:PrincipalOrgID'] },
  ),
  'AWS::SQS::Queue': makes('queue', 'QueueName'),
  'AWS::SQS::QueuePolicy': of('document', 'queue', 'Queues'),
  'AWS::SQS::QueueInlinePolicy': of('document', 'queue', 'Queue'),
  'AWS::SNS::Topic': makes('topic', 'TopicName'),
  'AWS::SNS::TopicPolicy': of('document', 'topic', 'Topics'),
  'AWS::SNS::TopicInlinePolicy': of('document', 'topic', 'TopicArn'),
  'AWS::KMS::Key': document('KeyPolicy', { facet: 'key-policy', type: 'key' }),
  'AWS::KMS::ReplicaKey': document('KeyPolicy', {
    facet: 'key-policy',
    type: 'key',
  }),
  'AWS::SecretsManager::Secret': makes('secret', 'Name'),
  'AWS::SecretsManager::ResourcePolicy': of('document', 'secret', 'SecretId', 'ResourcePolicy'),
  'AWS::ECR::Repository': own('RepositoryPolicyText', 'repository', 'RepositoryName'),
  'AWS::ECR::PublicRepository': own('RepositoryPolicyText', 'public-repository', 'RepositoryName'),
  'AWS::ECR::RegistryPolicy': own('PolicyText', 'registry'),
  'AWS::ECR::RepositoryCreationTemplate': own('RepositoryPolicy', 'creation-template', 'Prefix'),
  'AWS::EFS::FileSystem': document('FileSystemPolicy', { facet: 'file-system-policy', type: 'file-system' }),
  'AWS::Backup::BackupVault': own('AccessPolicy', 'vault', 'BackupVaultName'),
  'AWS::OpenSearchService::Domain': own('AccessPolicies', 'domain', 'DomainName'),
  'AWS::Elasticsearch::Domain': own('AccessPolicies', 'domain', 'DomainName'),
  'AWS::DynamoDB::Table': all(
    documentsIn('ResourcePolicy', ['PolicyDocument'], {
      facet: 'document',
      type: 'table',
      name: 'TableName',
    }),
    (declared) => {
      const stream = declared.get('StreamSpecification');
      const held = isFields(stream) ? stream['ResourcePolicy'] : undefined;
      const inner = {
        ...declared,
        get: (property: string) => (property === 'ResourcePolicy' ? held : declared.get(property)),
      };
      return documentsIn('ResourcePolicy', ['PolicyDocument'], { facet: 'document', type: 'stream' })(inner);
    },
  ),
  'AWS::DynamoDB::GlobalTable': all(
    documentsIn('Replicas', ['ResourcePolicy', 'PolicyDocument'], {
      facet: 'document',
      type: 'table',
      name: 'TableName',
    }),
    documentsIn('Replicas', ['ReplicaStreamSpecification', 'ResourcePolicy', 'PolicyDocument'], {
      facet: 'document',
      type: 'stream',
    }),
  ),
  'AWS::Kinesis::Stream': makes('data-stream', 'Name'),
  'AWS::Kinesis::ResourcePolicy': of('document', 'data-stream', 'ResourceArn', 'ResourcePolicy'),
  'AWS::Events::EventBus': own('Policy', 'event-bus', 'Name'),
  'AWS::Events::EventBusPolicy': eventBusPolicy,
  'AWS::EC2::VPCEndpoint': document('PolicyDocument', {
    facet: 'endpoint-policy',
    type: 'endpoint',
    role: endpointIn('VpcEndpointType'),
  }),
  'AWS::ApiGateway::RestApi': restApi({
    name: 'Name',
    policy: 'Policy',
    body: 'Body',
    endpoint: 'EndpointConfiguration',
    locations: ['BodyS3Location'],
  }),
  'AWS::ApiGateway::Method': method({
    place: ['RestApiId', 'ResourceId', 'HttpMethod'],
    type: 'AuthorizationType',
    authorizer: 'AuthorizerId',
    scopes: 'AuthorizationScopes',
    key: 'ApiKeyRequired',
  }),
  'AWS::ApiGateway::Authorizer': authorizer({
    pools: 'ProviderARNs',
    uri: 'AuthorizerUri',
    issuers: 'JwtConfiguration',
  }),
  'AWS::ApiGatewayV2::Api': httpApi('Body'),
  'AWS::ApiGatewayV2::Route': method({
    place: ['ApiId', 'RouteKey'],
    type: 'AuthorizationType',
    authorizer: 'AuthorizerId',
    scopes: 'AuthorizationScopes',
    key: 'ApiKeyRequired',
  }),
  'AWS::ApiGatewayV2::Authorizer': authorizer({
    pools: 'ProviderARNs',
    uri: 'AuthorizerUri',
    issuers: 'JwtConfiguration',
  }),
  'AWS::ApiGatewayV2::ApiGatewayManagedOverrides': authorized(
    'managed-route',
    'execute-api:Invoke',
    (get) => {
      const route = get('Route');
      return isFields(route) && 'AuthorizationType' in route
        ? [{ type: route['AuthorizationType'], by: route['AuthorizerId'] }]
        : [];
    },
  ),
  'AWS::AppSync::GraphQLApi': authorized('graphql-api', 'appsync:GraphQL', (get) => [
    appSyncWay(
      Object.fromEntries(
        ['AuthenticationType', 'UserPoolConfig', 'OpenIDConnectConfig', 'LambdaAuthorizerConfig'].map(
          (name) => [name, get(name)],
        ),
      ),
    ),
    ...listOf(get('AdditionalAuthenticationProviders')).map(appSyncWay),
  ]),
  'AWS::AppSync::Api': authorized('event-api', 'appsync:EventConnect', (get) => {
    const config = get('EventConfig');
    return isFields(config) ? Object.values(config).flatMap((each) => listOf(each).map(appSyncWay)) : [];
  }),
  'AWS::AppSync::ChannelNamespace': authorized('channel', 'appsync:EventPublish', (get) =>
    ['PublishAuthModes', 'SubscribeAuthModes'].flatMap((name) =>
      listOf(get(name)).map((each) => ({ ...appSyncWay(each), scopes: name })),
    ),
  ),
  'AWS::VpcLattice::Service': authorized('lattice-service', 'vpc-lattice-svcs:Invoke', (get) => [
    { type: get('AuthType') },
  ]),
  'AWS::VpcLattice::ServiceNetwork': authorized('lattice-network', 'vpc-lattice-svcs:Invoke', (get) => [
    { type: get('AuthType') },
  ]),
  'AWS::MSK::Cluster': authorized('kafka-cluster', 'kafka-cluster:Connect', (get) => {
    const authentication = get('ClientAuthentication');
    const open = isFields(authentication) ? authentication['Unauthenticated'] : { Enabled: true };
    return isFields(open) && isTrue(open['Enabled']) ? [{ type: 'NONE' }] : [];
  }),
  'AWS::Neptune::DBCluster': authorized('graph-database', 'neptune-db:connect', (get) =>
    isTrue(get('IamAuthEnabled')) ? [] : [{ type: 'NONE' }],
  ),
  'AWS::CloudFront::Distribution': (declared) => {
    // Only where it speaks of keys is the whole looked at: it may depend on much.
    const isSigned = /Trusted(KeyGroups|Signers)/.test(
      JSON.stringify(declared.raw?.(['DistributionConfig'])) ?? '',
    );
    return (isSigned ? SIGNED_CONTENT : OPEN_CONTENT)(declared);
  },
  'AWS::Cognito::UserPool': authorized('user-pool', 'cognito-idp:SignUp', (get) => {
    const config = get('AdminCreateUserConfig');
    const isClosed = isFields(config) && isTrue(config['AllowAdminCreateUserOnly']);
    return isClosed ? [] : [{ type: 'NONE' }];
  }),
  'AWS::Cognito::IdentityPool': identityPool({
    name: 'IdentityPoolName',
    guests: 'AllowUnauthenticatedIdentities',
    classic: 'AllowClassicFlow',
    providers: [
      'CognitoIdentityProviders',
      'SupportedLoginProviders',
      'OpenIdConnectProviderARNs',
      'SamlProviderARNs',
      'DeveloperProviderName',
    ],
  }),
  'AWS::Cognito::IdentityPoolRoleAttachment': poolRoles('IdentityPoolId', 'Roles', 'RoleMappings'),
  'AWS::Cognito::UserPoolGroup': withRole('user-pool-group', 'GroupName', 'RoleArn'),
  'AWS::EKS::PodIdentityAssociation': session('pod-identity', {
    place: ['ClusterName', 'Namespace', 'ServiceAccount'],
    roles: 'RoleArn',
    policy: 'Policy',
  }),
  'AWS::Transfer::User': session('transfer-user', {
    place: ['ServerId', 'UserName'],
    roles: 'Role',
    policy: 'Policy',
  }),
  'AWS::EKS::Cluster': makes('cluster', 'Name'),
  'AWS::EKS::AccessEntry': clusterAccess,
  'AWS::RAM::ResourceShare': shareOf('Name', 'Principals', 'ResourceArns'),
  'AWS::EC2::SnapshotBlockPublicAccess': sharingBlock('snapshot-block', 'State'),
  'AWS::RAM::Permission': document('PolicyTemplate', {
    facet: 'share-permission',
    type: 'share-permission',
    name: 'Name',
    role: 'grant',
  }),
  'AWS::Organizations::Policy': controlPolicy,
  'AWS::Organizations::Account': changedSetting('ParentIds'),
  'AWS::RolesAnywhere::CRL': changedSetting('CrlData', 'Enabled', 'TrustAnchorArn'),
  'AWS::SSO::InstanceAccessControlAttributeConfiguration': changedSetting('AccessControlAttributes'),
  'AWS::EC2::VPCEndpointService': changedSetting('AcceptanceRequired'),
  'AWS::IoT::Authorizer': changedSetting('AuthorizerFunctionArn', 'Status', 'SigningDisabled'),
  'AWS::Organizations::ResourcePolicy': own('Content', 'organization'),
  'AWS::VpcLattice::AuthPolicy': of('document', 'lattice', 'ResourceIdentifier', 'Policy'),
  'AWS::VpcLattice::ResourcePolicy': of('document', 'lattice-share', 'ResourceArn', 'Policy'),
  'AWS::CodeArtifact::Domain': own('PermissionsPolicyDocument', 'artifact-domain', 'DomainName'),
  'AWS::CodeArtifact::Repository': own('PermissionsPolicyDocument', 'artifact-repository', 'RepositoryName'),
  'AWS::Logs::ResourcePolicy': own('PolicyDocument', 'log-policy', 'PolicyName'),
  'AWS::Logs::Destination': own('DestinationPolicy', 'log-destination', 'DestinationName'),
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': valuesElsewhere('ProvisioningParameters'),
  'AWS::Serverless::Function': samFunction,
  'AWS::Serverless::StateMachine': samStateMachine,
  'AWS::Serverless::Api': samApi,
  'AWS::Serverless::HttpApi': samHttpApi,
  'AWS::Serverless::GraphQLApi': samAuth,
};

/** Properties by which resources mean others, so that these are looked at together. */
export const LINKS: ReadonlySet<string> = new Set([
  'Roles',
  'Users',
  'Groups',
  'RoleName',
  'UserName',
  'GroupName',
  'ManagedPolicyArns',
  'ManagedPolicies',
  'PermissionsBoundary',
  'Policies',
  'Role',
  'RoleArns',
  'Bucket',
  'Queues',
  'Queue',
  'Topics',
  'TopicArn',
  'FunctionName',
  'TargetFunctionArn',
  'SecretId',
  'EventBusName',
  'ObjectLambdaAccessPoint',
  'ClusterName',
  'ResourceArn',
  'MrapName',
  'TableBucketARN',
  'ResourceIdentifier',
  'LayerVersionArn',
  'TargetIds',
  'PermissionSetArn',
  'ManagedPolicyName',
  'BucketName',
  'QueueName',
  'TopicName',
  'Name',
  'TargetId',
  'Connectors',
  'IdentityPoolId',
  'RoleMappings',
  'RoleArn',
  'RoleARN',
  'TaskRoleArn',
  'ExecutionRoleArn',
  'ServiceRole',
  'IamInstanceProfile',
]);
