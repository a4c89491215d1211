/** What resources of Terraform's AWS provider say, a row each. Source: the provider's reference. */
import { isFields, listOf } from '../../fields.ts';
import type { Part } from '../../state.ts';
import { restApi } from '../apis.ts';
import { appSyncWay, authorized, authorizer, httpApi, isTrue, method } from '../authorization.ts';
import { configMap, manifest } from '../clusterUsers.ts';
import {
  type Declared,
  factOf,
  HERE_FUNCTION,
  idOf,
  itself,
  named,
  principalOf,
  type Rule,
} from '../declared.ts';
import { identityPool, poolRoles } from '../identityPools.ts';
import {
  all,
  attachOnly,
  attachTo,
  customerReference,
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
  namedSetting,
  ownershipPart,
  sharedWith,
  sharingBlock,
  urlPart,
  valuesElsewhere,
} from '../settings.ts';

const INLINE = { list: 'inline_policy', name: 'name', document: 'policy' } as const;

const of = (type: string, property: string, where = 'policy') =>
  document(where, { facet: 'document', type, of: property });
const own = (property: string, type: string, name?: string) =>
  document(property, { facet: 'document', type, ...(name === undefined ? {} : { name }) });

/** The bucket that a property names, and what the ARN of its documents is made of. */
function bucketFacts(
  declared: Declared,
  facet: 'bucket-acl' | 'public-access-block',
  parts: (bucket: string) => readonly Part[],
) {
  const entity = named('bucket', declared.get('bucket'), declared);
  const [id = '*'] = entity.ids;
  return [factOf(declared, { entity, facet, parts: parts(id) })];
}

const bucket: Rule = (declared) => {
  const entity = itself('bucket', declared, 'bucket');
  const name = entity.ids.at(-1) ?? bucketOf(declared);
  const policy = document('policy', { facet: 'bucket-policy', type: 'bucket', name: 'bucket' })(declared);
  const grants = listOf(declared.get('grant'));
  const canned = declared.get('acl');
  const acl = grants.length > 0 ? flattened(grants) : canned;
  return [
    ...policy,
    factOf(declared, { entity, facet: 'bucket-acl', defines: true, parts: aclPart(declared, acl, name) }),
  ];
};

/** `grant { permissions = [..] }`: a grant a permission. */
function flattened(grants: readonly unknown[]): unknown[] {
  return grants.flatMap((grant) =>
    isFields(grant)
      ? listOf(grant['permissions']).map((permission) => ({ ...grant, permissions: undefined, permission }))
      : [grant],
  );
}

const acl: Rule = (declared) => {
  const [policy] = listOf(declared.get('access_control_policy'));
  const given = isFields(policy) ? listOf(policy['grant']) : declared.get('acl');
  return bucketFacts(declared, 'bucket-acl', (name) => aclPart(declared, given, name));
};

const ownership: Rule = (declared) => {
  const [rule] = listOf(declared.get('rule'));
  return bucketFacts(declared, 'bucket-acl', (name) =>
    ownershipPart(declared, isFields(rule) ? rule['object_ownership'] : undefined, name),
  );
};

const FLAGS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];
const flagsOf = (declared: Declared) => Object.fromEntries(FLAGS.map((flag) => [flag, declared.get(flag)]));

const block: Rule = (declared) =>
  bucketFacts(declared, 'public-access-block', (name) => [blockPart(declared, flagsOf(declared), name)]);

const accountBlock: Rule = (declared) => [
  factOf(declared, {
    entity: { type: 'account-block', ids: ['account'] },
    facet: 'public-access-block',
    parts: [blockPart(declared, flagsOf(declared), '*')],
  }),
];

const objectAcl: Rule = (declared) => {
  const id = `${String(declared.get('bucket'))}/${String(declared.get('key'))}`;
  const entity = { type: 'object', ids: [id, declared.self] };
  return [
    factOf(declared, {
      entity,
      facet: 'bucket-acl',
      defines: true,
      parts: aclPart(declared, declared.get('acl'), id),
    }),
  ];
};

const FUNCTION = {
  type: 'function',
  facet: 'function-policy',
  action: 'action',
  principal: 'principal',
  prefix: HERE_FUNCTION,
} as const;

const CONDITIONS = {
  source_arn: ['ArnLike', 'AWS:SourceArn'],
  source_account: ['StringEquals', 'AWS:SourceAccount'],
  principal_org_id: ['StringEquals', 'aws:PrincipalOrgID'],
  event_source_token: ['StringEquals', 'lambda:EventSourceToken'],
  function_url_auth_type: ['StringEquals', 'lambda:FunctionUrlAuthType'],
  invoked_via_function_url: ['Bool', 'lambda:InvokedViaFunctionUrl'],
} as const;

const functionUrl: Rule = (declared) => {
  const target = declared.get('function_name');
  const entity = { type: 'function', ids: [idOf(target) ?? `?${declared.label}`] };
  return [
    factOf(declared, {
      entity,
      facet: 'function-url',
      parts: urlPart(declared, declared.get('authorization_type'), target),
    }),
  ];
};

const customerAttachment: Rule = (declared) => [
  factOf(declared, {
    entity: named('permission-set', declared.get('permission_set_arn'), declared),
    facet: 'permission-set',
    references: listOf(declared.get('customer_managed_policy_reference')).flatMap((each) =>
      customerReference(declared, each, 'grant'),
    ),
  }),
];

const permissionSetBoundary: Rule = (declared) => [
  factOf(declared, {
    entity: named('permission-set', declared.get('permission_set_arn'), declared),
    facet: 'permission-set',
    references: listOf(declared.get('permissions_boundary')).flatMap((each) =>
      customerReference(declared, each, 'boundary'),
    ),
  }),
];

const assignment: Rule = grantsTo({
  type: 'account',
  of: 'target_id',
  facet: 'assignment',
  statements: (declared) => [
    {
      Principal: {
        Federated: `${String(declared.get('principal_type'))}/${String(declared.get('principal_id'))}`,
      },
      Action: 'sts:AssumeRoleWithSAML',
      Resource: declared.get('permission_set_arn') ?? '*',
    },
  ],
});

const clusterPolicy: Rule = grantsTo({
  type: 'cluster',
  of: 'cluster_name',
  facet: 'cluster-access',
  statements: (declared) => [
    {
      Principal: principalOf(declared.get('principal_arn')),
      Action: 'eks:AccessKubernetesApi',
      Resource: declared.get('policy_arn') ?? '*',
    },
  ],
});

const clusterEntry: Rule = grantsTo({
  type: 'cluster',
  of: 'cluster_name',
  facet: 'cluster-access',
  statements: (declared) =>
    listOf(declared.get('kubernetes_groups')).map((group) => ({
      Principal: principalOf(declared.get('principal_arn')),
      Action: 'eks:AccessKubernetesApi',
      Resource: `arn:aws:eks:::group/${String(group)}`,
    })),
});

const multiRegion: Rule = (declared) => {
  const [details] = listOf(declared.get('details'));
  const name = isFields(details) ? details['name'] : undefined;
  const inner = {
    ...declared,
    get: (property: string) => (property === 'name' ? name : declared.get(property)),
  };
  return documentsIn('details', ['policy'], { facet: 'document', type: 'mrap', name: 'name' })(inner).map(
    (fact) => ({
      ...fact,
      defines: false,
    }),
  );
};

const controlPolicy: Rule = (declared) => {
  const type = declared.get('type') ?? 'SERVICE_CONTROL_POLICY';
  if (type !== 'SERVICE_CONTROL_POLICY' && type !== 'RESOURCE_CONTROL_POLICY') return [];
  const isService = type === 'SERVICE_CONTROL_POLICY';
  return document('content', {
    facet: isService ? 'control-policy' : 'resource-control-policy',
    type: 'control-policy',
    name: 'name',
    role: isService ? 'grant' : 'resource',
  })(declared);
};

const controlAttachment: Rule = (declared) => {
  const policy = declared.get('policy_id');
  const to = { type: 'control-policy', ids: [idOf(policy) ?? `?${declared.label}`] };
  return [
    factOf(declared, {
      entity: { type: 'organization', ids: [idOf(declared.get('target_id')) ?? `?${declared.label}`] },
      facet: 'control-policy',
      references: [{ id: `attached:${String(policy)}`, role: 'grant', to, region: undefined }],
    }),
  ];
};

const SHARE_SNAPSHOT = ['ec2:CreateVolume', 'ec2:CopySnapshot'];

const AUTHORIZER = authorizer({
  pools: 'provider_arns',
  uri: 'authorizer_uri',
  issuers: 'jwt_configuration',
});

const LATTICE = authorized('lattice-service', 'vpc-lattice-svcs:Invoke', (get) => [
  { type: get('auth_type') },
]);

export const ROWS: { readonly [type: string]: Rule } = {
  aws_iam_role: holder('role', {
    name: 'name',
    trust: 'assume_role_policy',
    inline: INLINE,
    attached: 'managed_policy_arns',
    boundary: 'permissions_boundary',
  }),
  aws_iam_user: holder('user', { name: 'name', boundary: 'permissions_boundary' }),
  aws_iam_group: holder('group', { name: 'name' }),
  aws_iam_role_policy: inlineFor({ role: 'role' }, 'policy', 'name'),
  aws_iam_user_policy: inlineFor({ user: 'user' }, 'policy', 'name'),
  aws_iam_group_policy: inlineFor({ group: 'group' }, 'policy', 'name'),
  aws_iam_policy: managedPolicy('name', 'policy'),
  aws_iam_role_policy_attachment: attachTo({ role: 'role' }, 'policy_arn'),
  aws_iam_user_policy_attachment: attachTo({ user: 'user' }, 'policy_arn'),
  aws_iam_group_policy_attachment: attachTo({ group: 'group' }, 'policy_arn'),
  aws_iam_policy_attachment: attachTo({ role: 'roles', user: 'users', group: 'groups' }, 'policy_arn'),
  aws_iam_role_policy_attachments_exclusive: attachOnly({ role: 'role_name' }, 'policy_arns'),
  aws_iam_user_policy_attachments_exclusive: attachOnly({ user: 'user_name' }, 'policy_arns'),
  aws_iam_group_policy_attachments_exclusive: attachOnly({ group: 'group_name' }, 'policy_arns'),
  aws_iam_user_group_membership: membership('user', 'groups'),
  aws_iam_group_membership: membership('users', 'group'),
  aws_iam_instance_profile: withRole('instance-profile', 'name', 'role'),
  aws_iam_openid_connect_provider: listed(
    'provider',
    'url',
    ['client_id_list', 'thumbprint_list'],
    'sts:AssumeRoleWithWebIdentity',
  ),
  aws_iam_saml_provider: listed('provider', 'name', ['saml_metadata_document'], 'sts:AssumeRoleWithSAML'),
  aws_rolesanywhere_trust_anchor: listed('trust-anchor', 'name', ['source', 'enabled'], 'sts:AssumeRole'),
  aws_rolesanywhere_profile: sessionProfile({
    name: 'name',
    roles: 'role_arns',
    policies: 'managed_policy_arns',
    session: 'session_policy',
    enabled: 'enabled',
  }),
  aws_ebs_snapshot_block_public_access: sharingBlock('snapshot-block', 'state'),
  aws_ec2_image_block_public_access: sharingBlock('image-block', 'state'),
  aws_ram_resource_association: namedSetting('share', 'resource_share_arn', 'resource_arn'),
  aws_ssoadmin_permission_set: holder('permission-set', { name: 'arn' }, 'permission-set'),
  aws_ssoadmin_permission_set_inline_policy: inlineFor(
    { 'permission-set': 'permission_set_arn' },
    'inline_policy',
    'instance_arn',
  ),
  aws_ssoadmin_managed_policy_attachment: attachTo(
    { 'permission-set': 'permission_set_arn' },
    'managed_policy_arn',
  ),
  aws_ssoadmin_managed_policy_attachments_exclusive: attachOnly(
    { 'permission-set': 'permission_set_arn' },
    'managed_policy_arns',
  ),
  aws_ssoadmin_customer_managed_policy_attachment: customerAttachment,
  aws_ssoadmin_customer_managed_policy_attachments_exclusive: customerAttachment,
  aws_ssoadmin_permissions_boundary_attachment: permissionSetBoundary,
  aws_ssoadmin_account_assignment: assignment,
  aws_s3_bucket: bucket,
  aws_s3_bucket_policy: document('policy', { facet: 'bucket-policy', type: 'bucket', of: 'bucket' }),
  aws_s3_bucket_acl: acl,
  aws_s3_bucket_ownership_controls: ownership,
  aws_s3_bucket_public_access_block: block,
  aws_s3_account_public_access_block: accountBlock,
  aws_s3_object: objectAcl,
  aws_s3_object_copy: objectAcl,
  aws_s3_bucket_object: objectAcl,
  aws_s3_access_point: all(
    own('policy', 'access-point', 'name'),
    networkOrigin('vpc_configuration', 'vpc_id', 'name'),
  ),
  aws_s3control_access_point_policy: of('access-point', 'access_point_arn'),
  aws_s3control_object_lambda_access_point_policy: of('object-lambda', 'name'),
  aws_s3control_multi_region_access_point_policy: multiRegion,
  aws_s3control_bucket_policy: of('outposts-bucket', 'bucket'),
  aws_s3tables_table_bucket_policy: of('table-bucket', 'table_bucket_arn', 'resource_policy'),
  aws_s3tables_table_policy: of('s3-table', 'name', 'resource_policy'),
  aws_lambda_function: makes('function', 'function_name'),
  aws_lambda_permission: permission({ ...FUNCTION, of: 'function_name' }, CONDITIONS),
  aws_lambda_function_url: functionUrl,
  aws_lambda_layer_version_permission: permission(
    { ...FUNCTION, type: 'layer', of: 'layer_name', facet: 'document' },
    { organization_id: ['StringEquals', 'aws:PrincipalOrgID'] },
  ),
  aws_sqs_queue: own('policy', 'queue', 'name'),
  aws_sqs_queue_policy: of('queue', 'queue_url'),
  aws_sns_topic: own('policy', 'topic', 'name'),
  aws_sns_topic_policy: of('topic', 'arn'),
  aws_kms_key: document('policy', {
    facet: 'key-policy',
    type: 'key',
    name: 'key_id',
  }),
  aws_kms_external_key: document('policy', {
    facet: 'key-policy',
    type: 'key',
    name: 'id',
  }),
  aws_kms_replica_key: document('policy', {
    facet: 'key-policy',
    type: 'key',
    name: 'key_id',
  }),
  aws_kms_replica_external_key: document('policy', {
    facet: 'key-policy',
    type: 'key',
    name: 'key_id',
  }),
  aws_kms_key_policy: document('policy', { facet: 'key-policy', type: 'key', of: 'key_id' }),
  aws_kms_grant: grantsTo({
    type: 'key',
    of: 'key_id',
    facet: 'sharing',
    statements: (declared) => [
      {
        Principal: principalOf(declared.get('grantee_principal')),
        Action: listOf(declared.get('operations')).map((each) => `kms:${String(each)}`),
        Resource: '*',
      },
    ],
  }),
  aws_secretsmanager_secret: own('policy', 'secret', 'arn'),
  aws_secretsmanager_secret_policy: of('secret', 'secret_arn'),
  aws_ecr_repository: makes('repository', 'name'),
  aws_ecr_repository_policy: of('repository', 'repository'),
  aws_ecrpublic_repository_policy: of('public-repository', 'repository_name'),
  aws_ecr_registry_policy: own('policy', 'registry'),
  aws_ecr_repository_creation_template: own('repository_policy', 'creation-template', 'prefix'),
  aws_efs_file_system: makes('file-system', 'id'),
  aws_efs_file_system_policy: document('policy', {
    facet: 'file-system-policy',
    type: 'file-system',
    of: 'file_system_id',
  }),
  aws_backup_vault: makes('vault', 'name'),
  aws_backup_vault_policy: of('vault', 'backup_vault_name'),
  aws_opensearch_domain: own('access_policies', 'domain', 'domain_name'),
  aws_opensearch_domain_policy: of('domain', 'domain_name', 'access_policies'),
  aws_elasticsearch_domain: own('access_policies', 'domain', 'domain_name'),
  aws_elasticsearch_domain_policy: of('domain', 'domain_name', 'access_policies'),
  aws_dynamodb_table: makes('table', 'name'),
  aws_dynamodb_resource_policy: of('table', 'resource_arn'),
  aws_kinesis_stream: makes('data-stream', 'name'),
  aws_kinesis_resource_policy: of('data-stream', 'resource_arn'),
  aws_glue_resource_policy: own('policy', 'data-catalog'),
  aws_cloudwatch_event_bus: makes('event-bus', 'name'),
  aws_cloudwatch_event_bus_policy: of('event-bus', 'event_bus_name'),
  aws_cloudwatch_event_permission: permission(
    {
      type: 'event-bus',
      facet: 'document',
      of: 'event_bus_name',
      action: 'action',
      principal: 'principal',
      prefix: 'events:*:*:event-bus/',
      condition: 'condition',
    },
    {},
  ),
  aws_vpc_endpoint: document('policy', {
    facet: 'endpoint-policy',
    type: 'endpoint',
    name: 'id',
    role: endpointIn('vpc_endpoint_type'),
  }),
  aws_vpc_endpoint_policy: document('policy', {
    facet: 'endpoint-policy',
    type: 'endpoint',
    of: 'vpc_endpoint_id',
    role: 'limit',
  }),
  aws_api_gateway_rest_api: restApi({
    name: 'id',
    policy: 'policy',
    body: 'body',
    endpoint: 'endpoint_configuration',
    locations: [],
  }),
  aws_api_gateway_method: method({
    place: ['rest_api_id', 'resource_id', 'http_method'],
    type: 'authorization',
    authorizer: 'authorizer_id',
    scopes: 'authorization_scopes',
    key: 'api_key_required',
  }),
  aws_api_gateway_authorizer: AUTHORIZER,
  aws_apigatewayv2_authorizer: AUTHORIZER,
  aws_apigatewayv2_api: httpApi('body'),
  aws_apigatewayv2_route: method({
    place: ['api_id', 'route_key'],
    type: 'authorization_type',
    authorizer: 'authorizer_id',
    scopes: 'authorization_scopes',
    key: 'api_key_required',
  }),
  aws_appsync_graphql_api: authorized('graphql-api', 'appsync:GraphQL', (get) => [
    appSyncWay(
      Object.fromEntries(
        ['authentication_type', 'user_pool_config', 'openid_connect_config', 'lambda_authorizer_config'].map(
          (name) => [name, get(name)],
        ),
      ),
    ),
    ...listOf(get('additional_authentication_provider')).map(appSyncWay),
  ]),
  aws_vpclattice_service: LATTICE,
  aws_vpclattice_service_network: LATTICE,
  aws_vpclattice_auth_policy: of('lattice', 'resource_identifier'),
  aws_msk_cluster: authorized('kafka-cluster', 'kafka-cluster:Connect', (get) => {
    const [authentication] = listOf(get('client_authentication'));
    const open = isFields(authentication) ? authentication['unauthenticated'] : true;
    return isTrue(open) ? [{ type: 'NONE' }] : [];
  }),
  aws_neptune_cluster: authorized('graph-database', 'neptune-db:connect', (get) =>
    isTrue(get('iam_database_authentication_enabled')) ? [] : [{ type: 'NONE' }],
  ),
  aws_cloudfront_distribution: authorized('distribution', 's3:GetObject', (get) =>
    [...listOf(get('default_cache_behavior')), ...listOf(get('ordered_cache_behavior'))]
      .filter(isFields)
      .map((each) => {
        const by = [...listOf(each['trusted_key_groups']), ...listOf(each['trusted_signers'])];
        return { type: by.length > 0 ? 'signed' : 'NONE', by, scopes: each['path_pattern'] ?? '*' };
      }),
  ),
  aws_cognito_user_pool: authorized('user-pool', 'cognito-idp:SignUp', (get) => {
    const [config] = listOf(get('admin_create_user_config'));
    const isClosed = isFields(config) && isTrue(config['allow_admin_create_user_only']);
    return isClosed ? [] : [{ type: 'NONE' }];
  }),
  aws_cognito_identity_pool: identityPool({
    name: 'id',
    guests: 'allow_unauthenticated_identities',
    classic: 'allow_classic_flow',
    providers: [
      'cognito_identity_providers',
      'supported_login_providers',
      'openid_connect_provider_arns',
      'saml_provider_arns',
      'developer_provider_name',
    ],
  }),
  aws_cognito_identity_pool_roles_attachment: poolRoles('identity_pool_id', 'roles', 'role_mapping'),
  aws_cognito_user_group: withRole('user-pool-group', 'name', 'role_arn'),
  kubernetes_config_map: configMap,
  kubernetes_config_map_v1: configMap,
  kubernetes_config_map_v1_data: configMap,
  kubernetes_manifest: manifest('manifest'),
  kubectl_manifest: manifest('yaml_body'),
  aws_eks_pod_identity_association: session('pod-identity', {
    place: ['cluster_name', 'namespace', 'service_account'],
    roles: 'role_arn',
    policy: 'policy',
  }),
  aws_transfer_user: session('transfer-user', {
    place: ['server_id', 'user_name'],
    roles: 'role',
    policy: 'policy',
  }),
  aws_transfer_access: session('transfer-user', {
    place: ['server_id', 'external_id'],
    roles: 'role',
    policy: 'policy',
  }),
  aws_api_gateway_rest_api_policy: document('policy', {
    facet: 'api-policy',
    type: 'api',
    of: 'rest_api_id',
  }),
  aws_eks_cluster: makes('cluster', 'name'),
  aws_eks_access_policy_association: clusterPolicy,
  aws_eks_access_entry: clusterEntry,
  aws_cloudformation_stack: valuesElsewhere('template_body', 'template_url', 'parameters'),
  aws_cloudformation_stack_set: valuesElsewhere('template_body', 'template_url', 'parameters'),
  aws_cloudformation_stack_set_instance: valuesElsewhere('parameter_overrides'),
  aws_cloudformation_stack_instances: valuesElsewhere('parameter_overrides'),
  aws_serverlessapplicationrepository_cloudformation_stack: valuesElsewhere('application_id', 'parameters'),
  aws_servicecatalog_provisioned_product: valuesElsewhere('provisioning_parameters'),
  aws_organizations_policy: controlPolicy,
  aws_organizations_account: changedSetting('parent_id'),
  aws_ssoadmin_instance_access_control_attributes: changedSetting('attribute'),
  aws_lakeformation_data_lake_settings: changedSetting(
    'admins',
    'read_only_admins',
    'create_database_default_permissions',
    'create_table_default_permissions',
    'trusted_resource_owners',
    'allow_external_data_filtering',
    'allow_full_table_external_data_access',
  ),
  aws_lakeformation_resource_lf_tags: changedSetting('lf_tag', 'database', 'table', 'table_with_columns'),
  aws_iot_authorizer: changedSetting('authorizer_function_arn', 'status', 'signing_disabled'),
  aws_organizations_policy_attachment: controlAttachment,
  aws_organizations_resource_policy: own('content', 'organization'),
  aws_ram_principal_association: sharedWith(
    {
      type: 'share',
      of: 'resource_share_arn',
      service: 'ram:::resource-share',
      actions: ['ram:GetResourceShares'],
    },
    ['principal'],
  ),
  aws_ram_permission: document('policy_template', {
    facet: 'share-permission',
    type: 'share-permission',
    name: 'name',
    role: 'grant',
  }),
  aws_snapshot_create_volume_permission: sharedWith(
    { type: 'snapshot', of: 'snapshot_id', service: 'ec2:*::snapshot', actions: SHARE_SNAPSHOT },
    ['account_id'],
  ),
  aws_ami_launch_permission: sharedWith(
    {
      type: 'image',
      of: 'image_id',
      service: 'ec2:*::image',
      actions: ['ec2:RunInstances', 'ec2:CopyImage'],
    },
    ['account_id', 'group', 'organization_arn', 'organizational_unit_arn'],
  ),
  aws_db_snapshot: sharedWith(
    {
      type: 'db-snapshot',
      of: 'db_snapshot_identifier',
      service: 'rds:*:*:snapshot',
      actions: ['rds:RestoreDBInstanceFromDBSnapshot'],
    },
    ['shared_accounts'],
  ),
  aws_db_snapshot_copy: sharedWith(
    {
      type: 'db-snapshot',
      of: 'target_db_snapshot_identifier',
      service: 'rds:*:*:snapshot',
      actions: ['rds:RestoreDBInstanceFromDBSnapshot'],
    },
    ['shared_accounts'],
  ),
  aws_db_cluster_snapshot: sharedWith(
    {
      type: 'cluster-snapshot',
      of: 'db_cluster_snapshot_identifier',
      service: 'rds:*:*:cluster-snapshot',
      actions: ['rds:RestoreDBClusterFromSnapshot'],
    },
    ['shared_accounts'],
  ),
};

/** Attributes by which resources mean others: one that is not known yet stands for the resource it refers to. */
export const LINKS: ReadonlySet<string> = new Set([
  'role',
  'user',
  'group',
  'roles',
  'users',
  'groups',
  'role_name',
  'user_name',
  'group_name',
  'role_arns',
  'policy_arn',
  'policy_arns',
  'managed_policy_arns',
  'managed_policy_arn',
  'permissions_boundary',
  'permission_set_arn',
  'bucket',
  'function_name',
  'queue_url',
  'arn',
  'key_id',
  'secret_arn',
  'repository',
  'repository_name',
  'file_system_id',
  'backup_vault_name',
  'domain_name',
  'resource_arn',
  'event_bus_name',
  'vpc_endpoint_id',
  'rest_api_id',
  'cluster_name',
  'policy_id',
  'target_id',
  'resource_share_arn',
  'snapshot_id',
  'image_id',
  'access_point_arn',
  'name',
  'layer_name',
  'table_bucket_arn',
  'customer_managed_policy_reference',
  'principal_arn',
  'grantee_principal',
  'url',
  'id',
  'prefix',
  'db_snapshot_identifier',
  'db_cluster_snapshot_identifier',
  'source_arn',
  'source_account',
  'identity_pool_id',
  'role_arn',
  'resource_id',
  'api_id',
]);
