/** What a new target holds: whoever made it, whoever came soon after, and what nobody saw being made. */
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { RollbackRequest } from '../../shared/guard/contract.ts';
import { ADMINISTRATOR, createSetting, PLACE, type Setting, settleAndWake, text } from './setting.ts';

const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' };
const IAM = { Effect: 'Allow', Action: 'iam:*', Resource: '*' };
const SQS = { ...IAM, Action: 'sqs:*' };

const makeRole = () => new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text(EC2) });
const putOwn = (...statements: readonly (typeof READ)[]) =>
  new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'own', PolicyDocument: text(...statements) });

/** Two sweeps, an hour apart, whose rollbacks are carried out. */
async function sweepTwice(setting: Setting): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    setting.pass(60);
    const { rollbacks } = await setting.guard.sweep(PLACE);
    for (const request of rollbacks) await setting.guard.rollback(request);
    await settleAndWake(setting);
  }
}

describe.each(['pipeline', 'emergency'] as const)('of a new role that the %s made', (who) => {
  /** The guard after somebody did something with the role, two minutes later or when the role is new no more. */
  async function after(minutes: number, act: (setting: Setting) => Promise<unknown>): Promise<Setting> {
    const setting = createSetting();
    await setting.guard.sweep(PLACE);
    await setting.later(async () => {
      await setting[who].iam.send(makeRole());
      await setting[who].iam.send(putOwn(IAM));
      await setting.settle();
      setting.pass(minutes);
      await act(setting);
    });
    await settleAndWake(setting);
    return setting;
  }

  it.each([2, 20])(
    'stays what it wrote, where somebody adds to the text after %i minutes',
    async (minutes) => {
      const { clients } = await after(minutes, (setting) => setting.clients.iam.send(putOwn(IAM, SQS)));

      const asked = new GetRolePolicyCommand({ RoleName: 'r', PolicyName: 'own' });
      const { PolicyDocument = '' } = await clients.iam.send(asked);
      expect(JSON.parse(decodeURIComponent(PolicyDocument))).toMatchObject({ Statement: [IAM] });
    },
  );

  it.each([2, 20])('goes what somebody else attaches after %i minutes', async (minutes) => {
    const attach = new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: ADMINISTRATOR });

    const { clients } = await after(minutes, (setting) => setting.clients.iam.send(attach));

    const asked = new ListAttachedRolePoliciesCommand({ RoleName: 'r' });
    expect((await clients.iam.send(asked)).AttachedPolicies).toEqual([]);
  });
});

describe('of a new bucket that the pipeline made', () => {
  it('stays what it wrote, where somebody adds to its policy', async () => {
    const open = { ...READ, Principal: '*', Resource: 'arn:aws:s3:::b/*' };
    const theirs = { ...open, Principal: { AWS: '444455556666' }, Action: 's3:PutObject' };
    const setting = createSetting();
    await setting.guard.sweep(PLACE);
    await setting.later(async ({ s3 }) => {
      await setting.pipeline.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await setting.pipeline.s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(open) }));
      await setting.settle();
      setting.pass(2);
      await s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(open, theirs) }));
    });
    await settleAndWake(setting);

    const { Policy = '' } = await setting.clients.s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }));
    expect(JSON.parse(Policy)).toMatchObject({ Statement: [open] });
  });
});

it('what others opened in a new bucket is removed, in whatever order the events come', async () => {
  const open = { ...READ, Principal: '*', Resource: 'arn:aws:s3:::b/*' };
  const theirs = { ...open, Principal: { AWS: '444455556666' }, Action: 's3:*' };
  const setting = createSetting();
  const { guard, clients, pipeline, records } = setting;
  const put = (...statements: readonly object[]) =>
    new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...(statements as (typeof open)[])) });
  await guard.sweep(PLACE);
  setting.pass(60);
  await pipeline.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
  await pipeline.s3.send(put(open));
  setting.pass(1);
  await clients.s3.send(put(theirs));
  setting.pass(1);
  await clients.s3.send(new DeleteBucketPolicyCommand({ Bucket: 'b' }));
  setting.pass(1);
  await clients.s3.send(put({ ...open, Action: 's3:*' }));
  setting.pass(1);
  const [created, opened, shared, deleted, reopened] = records.splice(0);
  let rollback: RollbackRequest | undefined;
  for (const record of [reopened, created, shared, opened, deleted]) {
    const outcome = await guard.handleRecord(record);
    if (outcome.kind === 'examined') rollback = outcome.targets[0]?.rollback ?? rollback;
  }
  if (rollback !== undefined) await guard.rollback(rollback);

  await expect(clients.s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }))).rejects.toThrow();
});

describe('a target that a sweep sees first', () => {
  it('keeps what it was made with, though the events of its making are lost', async () => {
    const setting = createSetting();
    const { iam } = setting.clients;
    await setting.guard.sweep(PLACE);
    setting.pass(3_000);
    await iam.send(makeRole());
    await iam.send(putOwn(READ));
    setting.records.length = 0;

    await sweepTwice(setting);

    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName: 'r' }));
    expect(PolicyNames).toEqual(['own']);
  });

  it.each([
    ['what it had', READ],
    ['what makes it an administrator', { ...READ, Action: '*', Resource: '*' }],
  ])('keeps %s, where it is a user that was renamed', async (_, statement) => {
    const setting = createSetting();
    const { iam } = setting.clients;
    await setting.guard.sweep(PLACE);
    await setting.later(async () => {
      await setting.pipeline.iam.send(new CreateUserCommand({ UserName: 'old' }));
      await setting.pipeline.iam.send(
        new PutUserPolicyCommand({ UserName: 'old', PolicyName: 'x', PolicyDocument: text(statement) }),
      );
    });
    setting.pass(3_000);
    await sweepTwice(setting);
    await iam.send(new UpdateUserCommand({ UserName: 'old', NewUserName: 'new' }));
    setting.records.length = 0;

    await sweepTwice(setting);

    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName: 'new' }));
    expect(PolicyNames).toEqual(['x']);
  });
});

it('a user that is given more and then renamed is published under the new name at once', async () => {
  const setting = createSetting();
  const { iam } = setting.clients;
  await setting.guard.sweep(PLACE);
  await setting.later(() => setting.pipeline.iam.send(new CreateUserCommand({ UserName: 'old' })));
  await setting.later(() =>
    iam.send(new PutUserPolicyCommand({ UserName: 'old', PolicyName: 'own', PolicyDocument: text(READ) })),
  );
  await iam.send(new PutUserPolicyCommand({ UserName: 'old', PolicyName: 'own', PolicyDocument: text(IAM) }));
  await iam.send(new UpdateUserCommand({ UserName: 'old', NewUserName: 'new' }));
  await settleAndWake(setting);

  const open = [...setting.told().values()].filter(({ status }) => status === 'ACTIVE');
  expect(open).toMatchObject([
    {
      target: { arn: expect.stringMatching(/user\/new$/) },
      action: { why: 'the version before the change is not certain' },
    },
  ]);
});
