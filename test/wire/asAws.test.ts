/** What the account on the wire does as AWS does it: lags, gives new ids, refuses to make or delete twice, succeeds in part. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  ListSecretsCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../shared/services/index.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { createWireClients } from './clients.ts';
import { ACCOUNT, clientSettings, REGION, startWire, type Wire } from './server.ts';

const PLACE = { accountId: ACCOUNT, region: REGION };
const documentOf = (...Action: readonly string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

let wire: Wire;
let clients: AwsClients;
let now = Date.parse('2026-03-01T12:00:00Z');
/** Everything has a name of its own. */
let count = 0;
let name = '';

beforeAll(async () => {
  wire = await startWire({ now: () => now });
  clients = createWireClients(wire, 'ALICE')(PLACE);
});
afterAll(() => wire.close());
beforeEach(() => {
  count++;
  name = `n${count}`;
  now += 60_000;
});

const makeRole = async () => {
  const { Role: role } = await clients.iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST }),
  );
  return role;
};
const makePolicy = async () => {
  const { Policy: policy } = await clients.iam.send(
    new CreatePolicyCommand({ PolicyName: name, PolicyDocument: documentOf('s3:GetObject') }),
  );
  return policy;
};
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: Error) => error.name,
  );

describe('a read right after a write', () => {
  const put = (action: string) =>
    clients.iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument: documentOf(action) }),
    );
  const text = async () => {
    const { PolicyDocument: document = '' } = await clients.iam.send(
      new GetRolePolicyCommand({ RoleName: name, PolicyName: 'p' }),
    );
    return /s3:\w+/.exec(decodeURIComponent(document))?.[0];
  };

  it('may return the old text, and returns the new one in the end', async () => {
    await makeRole();
    await put('s3:GetObject');
    wire.lag(2);
    await put('s3:PutObject');

    expect([await text(), await text(), await text()]).toEqual([
      's3:GetObject',
      's3:GetObject',
      's3:PutObject',
    ]);
  });

  it('may not find what was just made, which has the same id once it is there', async () => {
    wire.lag(1);
    const made = await makeRole();

    expect(await refused(clients.iam.send(new GetRoleCommand({ RoleName: name })))).toMatch(/^NoSuchEntity/);
    const { Role: found } = await clients.iam.send(new GetRoleCommand({ RoleName: name }));
    expect(found?.RoleId).toBe(made?.RoleId);
  });

  it('is answered by the old content to the guard’s reader too', async () => {
    await makeRole();
    await put('s3:GetObject');
    const role: TargetRef = { kind: 'iam-principal', arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, ...PLACE };
    const before = await ADAPTERS['iam-principal'].read(role, clients);
    wire.lag(20);
    await put('s3:*');

    expect((await ADAPTERS['iam-principal'].read(role, clients)).contentHash).toBe(before.contentHash);
    wire.lag(0);
    expect((await ADAPTERS['iam-principal'].read(role, clients)).contentHash).not.toBe(before.contentHash);
  });
});

describe('what is deleted and made again', () => {
  it.each([
    [
      'role',
      async () => (await makeRole())?.RoleId,
      () => clients.iam.send(new DeleteRoleCommand({ RoleName: name })),
    ],
    [
      'user',
      async () => (await clients.iam.send(new CreateUserCommand({ UserName: name }))).User?.UserId,
      () => clients.iam.send(new DeleteUserCommand({ UserName: name })),
    ],
    [
      'group',
      async () => (await clients.iam.send(new CreateGroupCommand({ GroupName: name }))).Group?.GroupId,
      () => clients.iam.send(new DeleteGroupCommand({ GroupName: name })),
    ],
    [
      'policy',
      async () => (await makePolicy())?.PolicyId,
      () =>
        clients.iam.send(new DeletePolicyCommand({ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}` })),
    ],
    [
      'secret',
      async () => (await clients.secretsManager.send(new CreateSecretCommand({ Name: name }))).ARN,
      () =>
        clients.secretsManager.send(
          new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }),
        ),
    ],
  ])('has another id: a %s', async (_, make, remove) => {
    const first = await make();
    await remove();
    now += 1_000;

    expect(await make()).not.toBe(first);
  });

  it('has the time at which it was made again', async () => {
    await makeRole();
    await clients.iam.send(new DeleteRoleCommand({ RoleName: name }));
    now += 5_000;
    await makeRole();

    const { Role: role } = await clients.iam.send(new GetRoleCommand({ RoleName: name }));
    expect(role?.CreateDate).toEqual(new Date(now));
  });
});

describe('making what is there already', () => {
  it.each([
    ['a role', makeRole, /^EntityAlreadyExists/],
    ['a policy', makePolicy, /^EntityAlreadyExists/],
    [
      'a function',
      () =>
        clients.lambda.send(
          new CreateFunctionCommand({ FunctionName: name, Code: {}, Role: `arn:aws:iam::${ACCOUNT}:role/r` }),
        ),
      /^ResourceConflict/,
    ],
    [
      'a secret',
      () => clients.secretsManager.send(new CreateSecretCommand({ Name: name })),
      /^ResourceExists/,
    ],
  ])('is refused by the service’s own name: %s', async (_, make, error) => {
    await make();

    expect(await refused(make())).toMatch(error);
  });

  it('gives the topic or the queue that is there, unless it should be another one', async () => {
    const policy = (Action: string) => ({ Policy: documentOf(Action) });
    const topic = (Attributes?: { Policy: string }) =>
      clients.sns.send(new CreateTopicCommand({ Name: name, ...(Attributes ? { Attributes } : {}) }));
    const queue = (Attributes?: { Policy: string }) =>
      clients.sqs.send(new CreateQueueCommand({ QueueName: name, ...(Attributes ? { Attributes } : {}) }));
    const [{ TopicArn: arn }, { QueueUrl: url }] = [
      await topic(policy('sns:Publish')),
      await queue(policy('sqs:SendMessage')),
    ];

    expect((await topic(policy('sns:Publish'))).TopicArn).toBe(arn);
    expect((await queue(policy('sqs:SendMessage'))).QueueUrl).toBe(url);
    expect(await refused(topic(policy('sns:*')))).toMatch(/^InvalidParameter/);
    expect(await refused(queue(policy('sqs:*')))).toMatch(/^Queue(NameExists|AlreadyExists)/);
  });

  it('does no harm to a bucket, which stays the one it was', async () => {
    const make = () => clients.s3.send(new CreateBucketCommand({ Bucket: name }));
    await make();
    await clients.s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy: documentOf('s3:GetObject') }));
    const bucket: TargetRef = { kind: 'bucket-policy', arn: `arn:aws:s3:::${name}`, ...PLACE };
    const before = await ADAPTERS['bucket-policy'].read(bucket, clients);
    now += 60_000;
    await make();

    expect(await ADAPTERS['bucket-policy'].read(bucket, clients)).toEqual(before);
    expect((await clients.s3.send(new GetBucketPolicyCommand({ Bucket: name }))).Policy).toContain(
      'GetObject',
    );
  });

  it('has no sixth version of a policy', async () => {
    const policy = await makePolicy();
    const version = () =>
      clients.iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: policy?.Arn,
          PolicyDocument: documentOf('s3:*'),
          SetAsDefault: true,
        }),
      );
    for (let index = 2; index <= 5; index++) await version();

    expect(await refused(version())).toMatch(/^LimitExceeded/);
  });

  it('has no second statement of one id in a function’s policy', async () => {
    await clients.lambda.send(
      new CreateFunctionCommand({ FunctionName: name, Code: {}, Role: `arn:aws:iam::${ACCOUNT}:role/r` }),
    );
    const add = () =>
      clients.lambda.send(
        new AddPermissionCommand({
          FunctionName: name,
          StatementId: 's',
          Action: 'lambda:InvokeFunction',
          Principal: ACCOUNT,
        }),
      );
    await add();

    expect(await refused(add())).toMatch(/^ResourceConflict/);
  });
});

describe('deleting what others hold on to', () => {
  it('is refused for a policy: as long as it is attached, a boundary, or has versions', async () => {
    const PolicyArn = (await makePolicy())?.Arn;
    await makeRole();
    const drop = () => refused(clients.iam.send(new DeletePolicyCommand({ PolicyArn })));
    await clients.iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
    const attached = await drop();
    await clients.iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn }));
    await clients.iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: PolicyArn }),
    );
    const limiting = await drop();
    await clients.iam.send(new DeleteRoleCommand({ RoleName: name }));
    await clients.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: documentOf('s3:*') }));
    const versioned = await drop();
    await clients.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));

    expect([attached, limiting, versioned]).toEqual(Array(3).fill(expect.stringMatching(/^DeleteConflict/)));
    expect(await drop()).toBe('done');
  });

  it('is refused for a group with a member, and for the member', async () => {
    await clients.iam.send(new CreateUserCommand({ UserName: name }));
    await clients.iam.send(new CreateGroupCommand({ GroupName: name }));
    await clients.iam.send(new AddUserToGroupCommand({ UserName: name, GroupName: name }));

    expect(await refused(clients.iam.send(new DeleteGroupCommand({ GroupName: name })))).toMatch(
      /^DeleteConflict/,
    );
    expect(await refused(clients.iam.send(new DeleteUserCommand({ UserName: name })))).toMatch(
      /^DeleteConflict/,
    );
  });
});

describe('a secret in its recovery window', () => {
  it('keeps its name and its ARN, is not listed, and comes back as it was', async () => {
    const { ARN: arn } = await clients.secretsManager.send(new CreateSecretCommand({ Name: name }));
    await clients.secretsManager.send(new DeleteSecretCommand({ SecretId: name }));
    const listed = await clients.secretsManager.send(new ListSecretsCommand({}));

    expect(listed.SecretList?.map(({ ARN }) => ARN)).not.toContain(arn);
    expect(await refused(clients.secretsManager.send(new CreateSecretCommand({ Name: name })))).toMatch(
      /^InvalidRequest/,
    );
    expect((await clients.secretsManager.send(new RestoreSecretCommand({ SecretId: name }))).ARN).toBe(arn);
  });
});

describe('a success in part', () => {
  it('says which entries of a batch were not taken', async () => {
    const events = new EventBridgeClient(clientSettings(wire));
    const findings = new SecurityHubClient(clientSettings(wire));
    const entry = (Detail: string) => ({ Source: 'ratchet', DetailType: 'finding', Detail });
    wire.fail({ operation: 'PutEvents', times: 1, how: 'partial' });
    wire.fail({ operation: 'BatchImportFindings', times: 1, how: 'partial' });

    const put = await events.send(new PutEventsCommand({ Entries: [entry('{"a":1}'), entry('{"a":2}')] }));
    const imported = await findings.send(
      new BatchImportFindingsCommand({ Findings: [{ Id: 'one' }, { Id: 'two' }] as never }), // The wire reads the ids alone.
    );

    expect(put).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }, {}] });
    expect(imported).toMatchObject({ FailedCount: 1, SuccessCount: 1, FailedFindings: [{ Id: 'one' }] });
    expect(wire.handedOver.slice(-2).map(({ input }) => JSON.stringify(input).includes('two'))).toEqual([
      false,
      true,
    ]);
  });

  it('of a restore of several calls is told, and the rest is done when it is asked for again', async () => {
    await makeRole();
    const role: TargetRef = { kind: 'iam-principal', arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, ...PLACE };
    const adapter = ADAPTERS['iam-principal'];
    const accepted = await adapter.read(role, clients);
    for (const PolicyName of ['one', 'two'])
      await clients.iam.send(
        new PutRolePolicyCommand({ RoleName: name, PolicyName, PolicyDocument: documentOf('*') }),
      );
    const from = await adapter.read(role, clients);
    wire.fail({
      operation: 'DeleteRolePolicy',
      when: ({ PolicyName }) => PolicyName === 'two',
      times: 1,
      how: { code: 'AccessDenied', status: 403, message: 'not now' },
    });

    const first = await adapter.restore({ accepted, from }, clients);
    const between = await adapter.read(role, clients);
    const second = await adapter.restore({ accepted, from: between }, clients);

    expect(first).toMatchObject({ kind: 'partial', calls: [{ operation: 'DeleteRolePolicy' }] });
    expect(between.parts.map(({ id }) => id)).toEqual(['inline:two']);
    expect(second.kind).toBe('restored');
    expect((await adapter.read(role, clients)).contentHash).toBe(accepted.contentHash);
  });
});
