import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  ListRolePoliciesCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import {
  GetPolicyCommand as GetFunctionPolicyCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createRecordedAccount, type WrittenCall } from '../../../shared/recording/recordedAccount.ts';
import { RECORDED_SERVICES } from '../../../shared/services/recorded.ts';

const ACCOUNT = '111122223333';
const PLACE = { accountId: ACCOUNT, region: 'us-east-1' };
const DOCUMENT = '{"Version":"2012-10-17","Statement":[]}';
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/p`;

function recordOf(eventSource: string, eventName: string, requestParameters: object, more: object = {}) {
  return {
    eventSource: `${eventSource}.amazonaws.com`,
    eventName,
    eventTime: '2026-10-05T09:00:00Z',
    awsRegion: 'us-east-1',
    recipientAccountId: ACCOUNT,
    requestParameters,
    ...more,
  };
}

function accountAfter(...records: readonly object[]) {
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    managedPolicy: (arn) => (arn.endsWith('/Known') ? DOCUMENT : undefined),
  });
  for (const record of records) account.applyRecord(record);
  return account.clientsFor(PLACE);
}

const createRole = recordOf('iam', 'CreateRole', { roleName: 'r', assumeRolePolicyDocument: DOCUMENT });
const createPolicy = recordOf('iam', 'CreatePolicy', { policyName: 'p', policyDocument: DOCUMENT });

describe('an account in memory, from a trail', () => {
  it('shows a role that was made, its trust policy URL-encoded as IAM gives it', async () => {
    const { iam } = accountAfter(createRole);

    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: 'r' }));

    expect(role?.AssumeRolePolicyDocument).toBe(encodeURIComponent(DOCUMENT));
  });

  it('keeps the unique id that the record states', async () => {
    const stated = { ...createRole, responseElements: { role: { roleId: 'AROAEXAMPLE00001' } } };
    const { iam } = accountAfter(stated);

    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: 'r' }));

    expect(role?.RoleId).toBe('AROAEXAMPLE00001');
  });

  it('takes a policy that was put just before the record of the role itself', async () => {
    const put = recordOf('iam', 'PutRolePolicy', {
      roleName: 'r',
      policyName: 'inline',
      policyDocument: DOCUMENT,
    });
    const { iam } = accountAfter(put, createRole);

    const { PolicyNames: names } = await iam.send(new ListRolePoliciesCommand({ RoleName: 'r' }));

    expect(names).toEqual(['inline']);
  });

  it('ignores calls that failed', async () => {
    const { iam } = accountAfter({ ...createRole, errorCode: 'AccessDenied' });

    await expect(iam.send(new GetRoleCommand({ RoleName: 'r' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('does not bring a role back that a late record takes something from', async () => {
    const remove = recordOf('iam', 'DeleteRole', { roleName: 'r' });
    const late = recordOf('iam', 'DeleteRolePolicy', { roleName: 'r', policyName: 'inline' });
    const { iam } = accountAfter(createRole, remove, late);

    await expect(iam.send(new GetRoleCommand({ RoleName: 'r' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('renders a Lambda permission as Lambda does', async () => {
    const add = recordOf('lambda', 'AddPermission20150331v2', {
      functionName: 'f',
      statementId: 's',
      action: 'lambda:InvokeFunction',
      principal: 's3.amazonaws.com',
      sourceAccount: ACCOUNT,
    });
    const { lambda } = accountAfter(add);

    const { Policy: policy } = await lambda.send(new GetFunctionPolicyCommand({ FunctionName: 'f' }));

    expect(JSON.parse(policy ?? '').Statement).toEqual([
      {
        Sid: 's',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`,
        Condition: { StringEquals: { 'AWS:SourceAccount': ACCOUNT } },
      },
    ]);
  });
});

describe('an account in memory, to a client', () => {
  it('keeps at most five versions of a managed policy', async () => {
    const { iam } = accountAfter(createPolicy);
    const create = () =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn: POLICY, PolicyDocument: DOCUMENT }));
    for (let n = 0; n < 4; n++) await create();

    await expect(create()).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('makes an earlier version the default', async () => {
    const { iam } = accountAfter(createPolicy);
    await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: POLICY, PolicyDocument: '{}', SetAsDefault: true }),
    );

    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: POLICY, VersionId: 'v1' }));

    const { Policy: policy } = await iam.send(new GetPolicyCommand({ PolicyArn: POLICY }));
    expect(policy?.DefaultVersionId).toBe('v1');
  });

  it('shows the documents of AWS managed policies it is given, and no others', async () => {
    const { iam } = accountAfter(createRole);
    const read = (name: string) =>
      iam.send(
        new GetPolicyVersionCommand({ PolicyArn: `arn:aws:iam::aws:policy/${name}`, VersionId: 'v1' }),
      );

    await expect(read('Known')).resolves.toMatchObject({
      PolicyVersion: { Document: encodeURIComponent(DOCUMENT) },
    });
    await expect(read('Unknown')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('tells a bucket without a policy from one that is not there', async () => {
    const { s3 } = accountAfter(recordOf('s3', 'CreateBucket', { bucketName: 'b' }));
    const read = (bucket: string) => s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));

    await expect(read('b')).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
    await expect(read('c')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('refuses a Lambda write whose revision is not the latest', async () => {
    const add = recordOf('lambda', 'AddPermission20150331v2', {
      functionName: 'f',
      statementId: 's',
      action: 'a',
      principal: '*',
    });
    const { lambda } = accountAfter(add);

    const removal = lambda.send(
      new RemovePermissionCommand({ FunctionName: 'f', StatementId: 's', RevisionId: 'old' }),
    );

    await expect(removal).rejects.toMatchObject({ name: 'PreconditionFailedException' });
  });

  it('tells of each write as CloudTrail would, so that it can arrive as an event', async () => {
    const written: WrittenCall[] = [];
    const account = createRecordedAccount({
      services: RECORDED_SERVICES,
      onWrite: (call) => written.push(call),
      actor: { type: 'AssumedRole' },
    });
    account.applyRecord(recordOf('s3', 'CreateBucket', { bucketName: 'b' }));

    await account.clientsFor(PLACE).s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: DOCUMENT }));

    expect(written.map(({ record }) => record)).toMatchObject([
      {
        eventSource: 's3.amazonaws.com',
        eventName: 'PutBucketPolicy',
        requestParameters: { bucketName: 'b', bucketPolicy: JSON.parse(DOCUMENT) },
        userIdentity: { type: 'AssumedRole' },
      },
    ]);
  });

  it('does not tell of writes that were refused', async () => {
    const written: WrittenCall[] = [];
    const account = createRecordedAccount({
      services: RECORDED_SERVICES,
      onWrite: (call) => written.push(call),
    });

    const attach = account.clientsFor(PLACE).iam.send(
      new AttachRolePolicyCommand({
        RoleName: 'nobody',
        PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      }),
    );

    await expect(attach).rejects.toThrow();
    expect(written).toEqual([]);
  });
});
