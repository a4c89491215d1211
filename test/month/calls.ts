/** Calls as CloudTrail records them: source, name, request and response. Who makes them, and when, is said elsewhere. */
import { ACCOUNT, type Actor, arn, iamArn, REGION, uniqueId, uuid } from './account.ts';

export type Call = {
  readonly source: string;
  readonly name: string;
  readonly request: { readonly [field: string]: unknown } | null;
  readonly response?: { readonly [field: string]: unknown };
  readonly resources?: readonly object[];
  readonly isRead?: true;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** Set where the call is one of the harmful changes. */
  readonly harm?: { readonly what: string; readonly why: string };
};

/** Calls that one actor makes one after another, from a minute of the month on. */
export type Run = { readonly minute: number; readonly actor: Actor; readonly calls: readonly Call[] };
/** Returns the minute of the month; days count from 0. */
export const at = (day: number, hour: number, minute = 0) => (day * 24 + hour) * 60 + minute;

/** Chance that repeats. */
export type Draw = {
  /** A whole number below `below`. */
  number(below: number): number;
  one<Value>(values: readonly Value[]): Value;
};

const iam = (name: string, request: object, response?: object): Call => call('iam', name, request, response);
function call(service: string, name: string, request: object, response?: object): Call {
  const parts = { source: `${service}.amazonaws.com`, name, request: { ...request } };
  return response === undefined ? parts : { ...parts, response: { ...response } };
}

type RoleOptions = { readonly path?: string; readonly boundary?: string; readonly generation?: number };

export function createRole(
  roleName: string,
  assumeRolePolicyDocument: string,
  options: RoleOptions = {},
): Call {
  const { path = '/', boundary, generation = 0 } = options;
  const roleId = uniqueId('AROA', `role/${roleName}${generation === 0 ? '' : `#${generation}`}`);
  const bound = boundary === undefined ? {} : { permissionsBoundary: boundary };
  const role = {
    path,
    roleName,
    roleId,
    arn: iamArn(`role${path}${roleName}`),
    assumeRolePolicyDocument: encodeURIComponent(assumeRolePolicyDocument),
  };
  return iam('CreateRole', { path, roleName, assumeRolePolicyDocument, ...bound }, { role });
}
export const deleteRole = (roleName: string) => iam('DeleteRole', { roleName });
export const updateTrust = (roleName: string, policyDocument: string) =>
  iam('UpdateAssumeRolePolicy', { roleName, policyDocument });
export const putRolePolicy = (roleName: string, policyName: string, policyDocument: string) =>
  iam('PutRolePolicy', { roleName, policyName, policyDocument });
export const deleteRolePolicy = (roleName: string, policyName: string) =>
  iam('DeleteRolePolicy', { roleName, policyName });
export const attachRolePolicy = (roleName: string, policyArn: string) =>
  iam('AttachRolePolicy', { roleName, policyArn });
export const detachRolePolicy = (roleName: string, policyArn: string) =>
  iam('DetachRolePolicy', { roleName, policyArn });
export const putRoleBoundary = (roleName: string, permissionsBoundary: string) =>
  iam('PutRolePermissionsBoundary', { roleName, permissionsBoundary });
export const deleteRoleBoundary = (roleName: string) => iam('DeleteRolePermissionsBoundary', { roleName });
export function createPolicy(policyName: string, policyDocument: string): Call {
  const policyId = uniqueId('ANPA', `policy/${policyName}`);
  const policy = {
    policyName,
    policyId,
    arn: iamArn(`policy/${policyName}`),
    path: '/',
    defaultVersionId: 'v1',
  };
  return iam('CreatePolicy', { policyName, path: '/', policyDocument }, { policy });
}
/** Makes the version numbered `version` the default, first deleting the oldest of five as Terraform does. */
export function newPolicyVersion(policyName: string, version: number, policyDocument: string): Call[] {
  const policyArn = iamArn(`policy/${policyName}`);
  const made = { policyVersion: { versionId: `v${version}`, isDefaultVersion: true } };
  const create = iam('CreatePolicyVersion', { policyArn, policyDocument, setAsDefault: true }, made);
  if (version <= 5) return [create];
  return [iam('DeletePolicyVersion', { policyArn, versionId: `v${version - 5}` }), create];
}
export const setDefaultVersion = (policyName: string, version: number) =>
  iam('SetDefaultPolicyVersion', { policyArn: iamArn(`policy/${policyName}`), versionId: `v${version}` });
export const createUser = (userName: string) =>
  iam(
    'CreateUser',
    { path: '/', userName },
    {
      user: {
        path: '/',
        userName,
        userId: uniqueId('AIDA', `user/${userName}`),
        arn: iamArn(`user/${userName}`),
      },
    },
  );
export const putUserPolicy = (userName: string, policyName: string, policyDocument: string) =>
  iam('PutUserPolicy', { userName, policyName, policyDocument });
export const attachUserPolicy = (userName: string, policyArn: string) =>
  iam('AttachUserPolicy', { userName, policyArn });
export const detachUserPolicy = (userName: string, policyArn: string) =>
  iam('DetachUserPolicy', { userName, policyArn });
export const createOidcProvider = (url: string) =>
  iam(
    'CreateOpenIDConnectProvider',
    { url: `https://${url}`, clientIDList: ['sts.amazonaws.com'] },
    { openIDConnectProviderArn: iamArn(`oidc-provider/${url}`) },
  );
export const createLinkedRole = (name: string) =>
  iam('CreateServiceLinkedRole', { aWSServiceName: `${name}.amazonaws.com` });

function s3(name: string, bucketName: string, more: object): Call {
  const Host = `${bucketName}.s3.${REGION}.amazonaws.com`;
  const resources = [{ accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucketName}` }];
  return { ...call('s3', name, { bucketName, Host, ...more }), resources };
}
export const createBucket = (bucket: string) =>
  s3('CreateBucket', bucket, { CreateBucketConfiguration: { LocationConstraint: REGION } });
export const deleteBucket = (bucket: string) => s3('DeleteBucket', bucket, {});
export const putPublicAccessBlock = (bucket: string, blocksPolicies: boolean) =>
  s3('PutBucketPublicAccessBlock', bucket, {
    publicAccessBlock: '',
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: blocksPolicies,
      RestrictPublicBuckets: blocksPolicies,
    },
  });
export const putBucketPolicy = (bucket: string, policy: string) =>
  s3('PutBucketPolicy', bucket, { bucketPolicy: JSON.parse(policy) as unknown, policy: '' });
export const deleteBucketPolicy = (bucket: string) => s3('DeleteBucketPolicy', bucket, { policy: '' });

export const keyIdOf = (alias: string) => uuid(`key/${alias}`);
export function createKey(alias: string, policy: string): Call {
  const keyId = keyIdOf(alias);
  const keyMetadata = { keyId, arn: arn('kms', `key/${keyId}`), aWSAccountId: ACCOUNT };
  return call(
    'kms',
    'CreateKey',
    { policy, keyUsage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS' },
    { keyMetadata },
  );
}
export const putKeyPolicy = (alias: string, policy: string) =>
  call('kms', 'PutKeyPolicy', {
    keyId: keyIdOf(alias),
    policyName: 'default',
    policy,
    bypassPolicyLockoutSafetyCheck: false,
  });

const queueUrl = (queue: string) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queue}`;
export const createQueue = (queueName: string) =>
  call(
    'sqs',
    'CreateQueue',
    { queueName, attributes: { VisibilityTimeout: '60' } },
    { queueUrl: queueUrl(queueName) },
  );
export const setQueuePolicy = (queue: string, Policy: string) =>
  call('sqs', 'SetQueueAttributes', { queueUrl: queueUrl(queue), attributes: { Policy } });
export const createTopic = (name: string) =>
  call('sns', 'CreateTopic', { name }, { topicArn: arn('sns', name) });
export const setTopicPolicy = (topic: string, attributeValue: string) =>
  call('sns', 'SetTopicAttributes', {
    topicArn: arn('sns', topic),
    attributeName: 'Policy',
    attributeValue,
  });

export const createFunction = (functionName: string, role: string) =>
  call(
    'lambda',
    'CreateFunction20150331',
    { functionName, role: iamArn(`role/${role}`), runtime: 'nodejs22.x', handler: 'index.handler' },
    { functionName, functionArn: arn('lambda', `function:${functionName}`) },
  );
type Invoker = { readonly by: string; readonly sourceArn?: string; readonly sourceAccount?: string };
export function addPermission(functionName: string, statementId: string, invoker: Invoker): Call {
  const { by, sourceArn, sourceAccount } = invoker;
  const Condition = {
    ...(sourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
  };
  const statement = JSON.stringify({
    Sid: statementId,
    Effect: 'Allow',
    Principal: { Service: by },
    Action: 'lambda:InvokeFunction',
    Resource: arn('lambda', `function:${functionName}`),
    Condition,
  });
  const request = { functionName, statementId, action: 'lambda:InvokeFunction', principal: by };
  const conditions = {
    ...(sourceArn === undefined ? {} : { sourceArn }),
    ...(sourceAccount === undefined ? {} : { sourceAccount }),
  };
  return call('lambda', 'AddPermission20150331v2', { ...request, ...conditions }, { statement });
}
export const removePermission = (functionName: string, statementId: string) =>
  call('lambda', 'RemovePermission20150331v2', { functionName, statementId });

export const secretArn = (name: string) => arn('secretsmanager', `secret:${name}-a1B2c3`);
export const createSecret = (name: string) =>
  call('secretsmanager', 'CreateSecret', { name }, { aRN: secretArn(name), name });
export const putSecretPolicy = (name: string, resourcePolicy: string) =>
  call('secretsmanager', 'PutResourcePolicy', { secretId: secretArn(name), resourcePolicy });
export const createRepository = (repositoryName: string) =>
  call('ecr', 'CreateRepository', { repositoryName });
export const setRepositoryPolicy = (repositoryName: string, policyText: string) =>
  call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText, force: false });
export const createEventBus = (name: string) => call('events', 'CreateEventBus', { name });
export const putBusPolicy = (eventBusName: string, policy: string) =>
  call('events', 'PutPermission', { eventBusName, policy });
export const createDbSnapshot = (dBSnapshotIdentifier: string, dBInstanceIdentifier: string) =>
  call('rds', 'CreateDBSnapshot', { dBSnapshotIdentifier, dBInstanceIdentifier });
export const shareDbSnapshot = (dBSnapshotIdentifier: string, account: string) =>
  call('rds', 'ModifyDBSnapshotAttribute', {
    dBSnapshotIdentifier,
    attributeName: 'restore',
    valuesToAdd: [account],
  });
export const unshareDbSnapshot = (dBSnapshotIdentifier: string, account: string) =>
  call('rds', 'ModifyDBSnapshotAttribute', {
    dBSnapshotIdentifier,
    attributeName: 'restore',
    valuesToRemove: [account],
  });
export const setEndpointPolicy = (VpcEndpointId: string, PolicyDocument: string) =>
  call('ec2', 'ModifyVpcEndpoint', { ModifyVpcEndpointRequest: { VpcEndpointId, PolicyDocument } });

const instanceArn = 'arn:aws:sso:::instance/ssoins-6804e1f2a3b4c5d6';
const setArn = (set: string) =>
  `arn:aws:sso:::permissionSet/ssoins-6804e1f2a3b4c5d6/ps-${uuid(`set/${set}`).replaceAll('-', '').slice(0, 16)}`;
const sso = (name: string, set: string, more: object, response?: object) =>
  call('sso', name, { instanceArn, permissionSetArn: setArn(set), ...more }, response);
export const createPermissionSet = (set: string) =>
  call(
    'sso',
    'CreatePermissionSet',
    { instanceArn, name: set, sessionDuration: 'PT8H' },
    { permissionSet: { name: set, permissionSetArn: setArn(set) } },
  );
export const attachSetPolicy = (set: string, managedPolicyArn: string) =>
  sso('AttachManagedPolicyToPermissionSet', set, { managedPolicyArn });
export const detachSetPolicy = (set: string, managedPolicyArn: string) =>
  sso('DetachManagedPolicyFromPermissionSet', set, { managedPolicyArn });
export const putSetInline = (set: string, inlinePolicy: string) =>
  sso('PutInlinePolicyToPermissionSet', set, { inlinePolicy });
export const provisionSet = (set: string) =>
  sso('ProvisionPermissionSet', set, { targetType: 'ALL_PROVISIONED_ACCOUNTS' });
const assignment = (group: string) => ({
  targetId: ACCOUNT,
  targetType: 'AWS_ACCOUNT',
  principalType: 'GROUP',
  principalId: uuid(`group/${group}`),
});
export const assign = (set: string, group: string) =>
  sso('CreateAccountAssignment', set, assignment(group), {
    accountAssignmentCreationStatus: { status: 'IN_PROGRESS', requestId: uuid(`${set}/${group}`) },
  });
export const unassign = (set: string, group: string) =>
  sso('DeleteAccountAssignment', set, assignment(group), {
    accountAssignmentDeletionStatus: { status: 'IN_PROGRESS', requestId: uuid(`${set}/${group}/gone`) },
  });
const eks = (name: string, request: object) => call('eks', name, { name: 'acme-prod', ...request });
export const createAccessEntry = (role: string) =>
  eks('CreateAccessEntry', { principalArn: encodeURIComponent(role), type: 'STANDARD' });
export const associateAccessPolicy = (role: string, policy: string, namespace: string) =>
  eks('AssociateAccessPolicy', {
    principalArn: encodeURIComponent(role),
    policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
    accessScope: { type: 'namespace', namespaces: [namespace] },
  });
