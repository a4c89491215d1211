/** What stands between the changes: reads of tools, calls that touch no policy, and calls that failed. */
import * as account from './account.ts';
import { at, type Call, type Draw, type Run } from './calls.ts';

const READS = [
  ['iam', 'GetRole', { roleName: 'acme-orders-task' }],
  ['iam', 'ListAttachedRolePolicies', { roleName: 'acme-media-worker' }],
  ['iam', 'GetPolicyVersion', { policyArn: account.iamArn('policy/acme-orders-data'), versionId: 'v1' }],
  ['s3', 'GetBucketPolicy', { bucketName: `acme-orders-prod-${account.ACCOUNT}`, policy: '' }],
  ['kms', 'DescribeKey', { keyId: 'alias/orders' }],
  ['kms', 'Decrypt', { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' }],
  ['sqs', 'GetQueueAttributes', { attributeNames: ['Policy'] }],
  ['ec2', 'DescribeInstances', { instancesSet: {}, filterSet: {} }],
  ['sts', 'GetCallerIdentity', null],
  ['cloudformation', 'DescribeStacks', { stackName: 'AcmePortal' }],
] as const;
const FAILED = [
  ['iam', 'PutRolePolicy', 'AccessDenied'],
  ['iam', 'CreateRole', 'EntityAlreadyExistsException'],
  ['iam', 'AttachRolePolicy', 'AccessDenied'],
  ['iam', 'DeleteRole', 'DeleteConflictException'],
  ['s3', 'PutBucketPolicy', 'MalformedPolicy'],
  ['s3', 'GetBucketPolicy', 'NoSuchBucketPolicy'],
  ['kms', 'PutKeyPolicy', 'AccessDenied'],
  ['sqs', 'SetQueueAttributes', 'AWS.SimpleQueueService.NonExistentQueue'],
] as const;

const sourceOf = (name: string) => `${name}.amazonaws.com`;

/** Returns a day's reads and failed calls. */
export function noise(day: number, draw: Draw): Run[] {
  const reads = Array.from({ length: 12 }, (): Run => {
    const [service, name, request] = draw.one(READS);
    const call: Call = { source: sourceOf(service), name, request, isRead: true };
    const actor = draw.one([account.terraform, account.lena, account.amir, account.cloudFormation]);
    return { minute: at(day, draw.number(24), draw.number(60)), actor, calls: [call] };
  });
  const failed = Array.from({ length: 2 }, (): Run => {
    const [service, name, errorCode] = draw.one(FAILED);
    const request = service === 's3' ? { bucketName: `acme-orders-prod-${account.ACCOUNT}` } : null;
    const errorMessage = `${name} was refused`;
    const call: Call = { source: sourceOf(service), name, request, errorCode, errorMessage };
    const actor = draw.one([account.lena, account.amir, account.terraform]);
    return { minute: at(day, 8 + draw.number(11), draw.number(60)), actor, calls: [call] };
  });
  return [...reads, ...failed];
}
