/**
 * The events the guard judges, a row each, and the policy events it knows of and does not judge yet.
 * Field places: CloudTrail writes API parameters with a small first letter; where real records differ, the row says so.
 * Source: Service Authorization Reference (access level "Permissions management"); CloudTrail User Guide, record contents.
 */
import type { TargetKind } from '../targets/target.ts';

/** `requestParameters` or `responseElements`; null for many calls. */
export type Fields = { readonly [name: string]: unknown };

/** What a row reads of a record. */
export type EventFields = {
  readonly request: Fields;
  readonly response: Fields;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
};

export type EventRow = {
  readonly source: string;
  /** The event's name; a closing `*` stands for the API date that Lambda appends. */
  readonly name: string;
  readonly kind: TargetKind;
  /** ARN of the target; undefined when the record lacks what it needs: then `needs` names the field. */
  readonly target: (fields: EventFields) => string | undefined;
  readonly needs: string;
  /** The document inside the event, where it is the target's whole new content, or that of the part it names. */
  readonly document?: (fields: EventFields) => string | undefined;
  /** Id of the part that `document` is, where the target holds several. */
  readonly documentPart?: (fields: EventFields) => string | undefined;
  /** The call makes (or unmakes) the thing that holds the policy. */
  readonly effect?: 'creates' | 'deletes';
  /** How it is undone, for people and the README's table. */
  readonly restore: string;
};

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const iamArn =
  (type: 'role' | 'user' | 'group', field: string) =>
  ({ request, partition, accountId }: EventFields): string | undefined => {
    const name = textOf(request, field);
    return name === undefined ? undefined : `arn:${partition}:iam::${accountId}:${type}/${name}`;
  };

const requestText =
  (field: string) =>
  ({ request }: EventFields): string | undefined =>
    textOf(request, field);

/** Events on one type of principal: the same names for roles, users and groups. */
function principalRows(type: 'Role' | 'User' | 'Group'): EventRow[] {
  const lower = type.toLowerCase() as 'role' | 'user' | 'group'; // the three names above, in small letters
  const field = `${lower}Name`;
  const row = (name: string, restore: string): EventRow => ({
    source: 'iam.amazonaws.com',
    name,
    kind: 'iam-principal',
    target: iamArn(lower, field),
    needs: `requestParameters.${field}`,
    restore,
  });
  const rows = [
    {
      ...row(`Put${type}Policy`, `Put${type}Policy or Delete${type}Policy`),
      document: requestText('policyDocument'),
      documentPart: ({ request }: EventFields) => {
        const name = textOf(request, 'policyName');
        return name === undefined ? undefined : `inline:${name}`;
      },
    },
    row(`Delete${type}Policy`, `Put${type}Policy`),
    row(`Attach${type}Policy`, `Detach${type}Policy`),
    row(`Detach${type}Policy`, `Attach${type}Policy`),
    { ...row(`Create${type}`, 'not restored'), effect: 'creates' as const },
    { ...row(`Delete${type}`, 'not restored'), effect: 'deletes' as const },
  ];
  if (type === 'Group') return rows;
  return [
    ...rows,
    row(`Put${type}PermissionsBoundary`, `Put or Delete${type}PermissionsBoundary`),
    row(`Delete${type}PermissionsBoundary`, `Put${type}PermissionsBoundary`),
  ];
}

const membership = (name: string, restore: string): EventRow => ({
  source: 'iam.amazonaws.com',
  name,
  kind: 'iam-principal',
  target: iamArn('user', 'userName'),
  needs: 'requestParameters.userName',
  restore,
});

const trust = (name: string, more: Partial<EventRow>): EventRow => ({
  source: 'iam.amazonaws.com',
  name,
  kind: 'role-trust',
  target: iamArn('role', 'roleName'),
  needs: 'requestParameters.roleName',
  restore: 'UpdateAssumeRolePolicy',
  ...more,
});

const managed = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'iam.amazonaws.com',
  name,
  kind: 'managed-policy',
  target: requestText('policyArn'),
  needs: 'requestParameters.policyArn',
  restore,
  ...more,
});

/** CreatePolicy names no ARN in its request; the response does, else path and name give it. */
function createdPolicyArn({ request, response, partition, accountId }: EventFields): string | undefined {
  const policy = response['policy'];
  const arn = typeof policy === 'object' && policy !== null ? textOf(policy as Fields, 'arn') : undefined;
  const name = textOf(request, 'policyName');
  if (arn !== undefined || name === undefined) return arn;
  return `arn:${partition}:iam::${accountId}:policy${textOf(request, 'path') ?? '/'}${name}`;
}

const bucket = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 's3.amazonaws.com',
  name,
  kind: 'bucket-policy',
  target: ({ request, partition }) => {
    const bucketName = textOf(request, 'bucketName');
    return bucketName === undefined ? undefined : `arn:${partition}:s3:::${bucketName}`;
  },
  needs: 'requestParameters.bucketName',
  restore,
  ...more,
});

/** `functionName` may be a name, a partial ARN (`account:function:name`) or an ARN, each with a qualifier. */
function functionArn({ request, partition, region, accountId }: EventFields): string | undefined {
  const given = textOf(request, 'functionName');
  if (given === undefined) return undefined;
  const qualifier = textOf(request, 'qualifier');
  const parts = given.split(':');
  const at = parts.indexOf('function');
  const [name = '', inName] = at >= 0 ? parts.slice(at + 1) : parts;
  const suffix = inName ?? qualifier;
  const arn = given.startsWith('arn:')
    ? parts.slice(0, 7).join(':')
    : `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  return suffix === undefined || suffix === '$LATEST' ? arn : `${arn}:${suffix}`;
}

const lambda = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'lambda.amazonaws.com',
  name,
  kind: 'lambda-function-policy',
  target: functionArn,
  needs: 'requestParameters.functionName',
  restore,
  ...more,
});

/** Every event the guard judges. An event with several rows touches several targets; the first holds its document. */
export const EVENT_TABLE: readonly EventRow[] = [
  trust('UpdateAssumeRolePolicy', { document: requestText('policyDocument') }),
  trust('CreateRole', {
    document: requestText('assumeRolePolicyDocument'),
    effect: 'creates',
    restore: 'not restored',
  }),
  trust('DeleteRole', { effect: 'deletes', restore: 'not restored' }),
  ...principalRows('Role'),
  ...principalRows('User'),
  ...principalRows('Group'),
  membership('AddUserToGroup', 'RemoveUserFromGroup'),
  membership('RemoveUserFromGroup', 'AddUserToGroup'),
  managed('CreatePolicyVersion', 'SetDefaultPolicyVersion, DeletePolicyVersion', {
    // Without setAsDefault the document is stored but grants nothing.
    document: ({ request }) =>
      request['setAsDefault'] === true ? textOf(request, 'policyDocument') : undefined,
  }),
  managed('SetDefaultPolicyVersion', 'SetDefaultPolicyVersion'),
  managed('DeletePolicyVersion', 'not restored'),
  managed('CreatePolicy', 'not restored', {
    target: createdPolicyArn,
    needs: 'requestParameters.policyName',
    document: requestText('policyDocument'),
    effect: 'creates',
  }),
  managed('DeletePolicy', 'not restored', { effect: 'deletes' }),
  bucket('PutBucketPolicy', 'PutBucketPolicy or DeleteBucketPolicy', {
    // A JSON object here, unlike elsewhere.
    document: ({ request }) => {
      const policy = request['bucketPolicy'];
      return typeof policy === 'object' && policy !== null ? JSON.stringify(policy) : undefined;
    },
  }),
  bucket('DeleteBucketPolicy', 'PutBucketPolicy'),
  bucket('CreateBucket', 'not restored', { effect: 'creates' }),
  bucket('DeleteBucket', 'not restored', { effect: 'deletes' }),
  lambda('AddPermission*', 'RemovePermission'),
  lambda('RemovePermission*', 'AddPermission'),
  lambda('CreateFunction*', 'not restored', { effect: 'creates' }),
  lambda('DeleteFunction*', 'not restored', { effect: 'deletes' }),
];

/** Policy events that are known and not judged yet, by source: said, never passed over in silence. */
const NOT_COVERED: { readonly [source: string]: readonly string[] } = {
  'iam.amazonaws.com': [
    'AddRoleToInstanceProfile',
    'RemoveRoleFromInstanceProfile',
    'CreateSAMLProvider',
    'UpdateSAMLProvider',
    'DeleteSAMLProvider',
    'CreateOpenIDConnectProvider',
    'AddClientIDToOpenIDConnectProvider',
    'RemoveClientIDFromOpenIDConnectProvider',
    'UpdateOpenIDConnectProviderThumbprint',
    'DeleteOpenIDConnectProvider',
  ],
  's3.amazonaws.com': [
    'PutBucketPublicAccessBlock',
    'DeleteBucketPublicAccessBlock',
    'PutAccountPublicAccessBlock',
    'DeleteAccountPublicAccessBlock',
    'PutBucketAcl',
    'PutBucketOwnershipControls',
    'DeleteBucketOwnershipControls',
    'PutAccessPointPolicy',
    'DeleteAccessPointPolicy',
    'CreateAccessPoint',
    'PutMultiRegionAccessPointPolicy',
    'PutAccessPointPolicyForObjectLambda',
    'DeleteAccessPointPolicyForObjectLambda',
  ],
  'kms.amazonaws.com': [
    'PutKeyPolicy',
    'CreateKey',
    'ReplicateKey',
    'CreateGrant',
    'RevokeGrant',
    'RetireGrant',
  ],
  'sqs.amazonaws.com': ['SetQueueAttributes', 'AddPermission', 'RemovePermission', 'CreateQueue'],
  'sns.amazonaws.com': ['SetTopicAttributes', 'AddPermission', 'RemovePermission', 'CreateTopic'],
  'lambda.amazonaws.com': [
    'AddLayerVersionPermission*',
    'RemoveLayerVersionPermission*',
    'CreateFunctionUrlConfig',
    'UpdateFunctionUrlConfig',
    'DeleteFunctionUrlConfig',
    'PutResourcePolicy',
    'DeleteResourcePolicy',
  ],
  'secretsmanager.amazonaws.com': ['PutResourcePolicy', 'DeleteResourcePolicy'],
  'ecr.amazonaws.com': [
    'SetRepositoryPolicy',
    'DeleteRepositoryPolicy',
    'PutRegistryPolicy',
    'DeleteRegistryPolicy',
  ],
  'ecr-public.amazonaws.com': ['SetRepositoryPolicy', 'DeleteRepositoryPolicy'],
  'dynamodb.amazonaws.com': ['PutResourcePolicy', 'DeleteResourcePolicy'],
  'elasticfilesystem.amazonaws.com': ['PutFileSystemPolicy', 'DeleteFileSystemPolicy'],
  'es.amazonaws.com': [
    'CreateDomain',
    'UpdateDomainConfig',
    'CreateElasticsearchDomain',
    'UpdateElasticsearchDomainConfig',
  ],
  'events.amazonaws.com': ['PutPermission', 'RemovePermission', 'CreateEventBus'],
  'kinesis.amazonaws.com': ['PutResourcePolicy', 'DeleteResourcePolicy'],
  'glue.amazonaws.com': ['PutResourcePolicy', 'DeleteResourcePolicy'],
  'glacier.amazonaws.com': ['SetVaultAccessPolicy', 'DeleteVaultAccessPolicy'],
  'apigateway.amazonaws.com': ['CreateRestApi', 'UpdateRestApi'],
  'backup.amazonaws.com': ['PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy'],
  'ec2.amazonaws.com': [
    'CreateVpcEndpoint',
    'ModifyVpcEndpoint',
    'ModifySnapshotAttribute',
    'ResetSnapshotAttribute',
    'ModifyImageAttribute',
    'ResetImageAttribute',
    'DisableSnapshotBlockPublicAccess',
    'DisableImageBlockPublicAccess',
  ],
  'rds.amazonaws.com': ['ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute'],
  'ram.amazonaws.com': [
    'CreateResourceShare',
    'AssociateResourceShare',
    'UpdateResourceShare',
    'SetDefaultPermissionVersion',
  ],
  'eks.amazonaws.com': [
    'CreateAccessEntry',
    'UpdateAccessEntry',
    'AssociateAccessPolicy',
    'DisassociateAccessPolicy',
  ],
  'organizations.amazonaws.com': [
    'CreatePolicy',
    'UpdatePolicy',
    'DeletePolicy',
    'AttachPolicy',
    'DetachPolicy',
    'EnablePolicyType',
    'DisablePolicyType',
    'PutResourcePolicy',
    'DeleteResourcePolicy',
  ],
  'sso.amazonaws.com': [
    'PutInlinePolicyToPermissionSet',
    'DeleteInlinePolicyFromPermissionSet',
    'AttachManagedPolicyToPermissionSet',
    'DetachManagedPolicyFromPermissionSet',
    'AttachCustomerManagedPolicyReferenceToPermissionSet',
    'DetachCustomerManagedPolicyReferenceFromPermissionSet',
    'PutPermissionsBoundaryToPermissionSet',
    'DeletePermissionsBoundaryFromPermissionSet',
    'ProvisionPermissionSet',
    'CreateAccountAssignment',
    'DeleteAccountAssignment',
  ],
  'cloudtrail.amazonaws.com': [
    'StopLogging',
    'DeleteTrail',
    'UpdateTrail',
    'PutEventSelectors',
    'PutResourcePolicy',
  ],
};

/** Returns true iff the pattern (an event's name, or its beginning and `*`) is the event's. */
export function namesEvent(pattern: string, eventName: string): boolean {
  if (!pattern.endsWith('*')) return pattern === eventName;
  const stem = pattern.slice(0, -1);
  // What follows is an API date and perhaps a version, never more of a name: `AddPermission20150331v2`.
  return eventName.startsWith(stem) && /^(\d{8}(v\d+)?)?$/.test(eventName.slice(stem.length));
}

/** Returns the rows of an event, none when it is not judged. */
export function rowsOf(eventSource: string, eventName: string): readonly EventRow[] {
  return EVENT_TABLE.filter((row) => row.source === eventSource && namesEvent(row.name, eventName));
}

/** Returns true iff the event is a policy event that is known and not judged. */
export function isNotCovered(eventSource: string, eventName: string): boolean {
  return (NOT_COVERED[eventSource] ?? []).some((name) => namesEvent(name, eventName));
}
