/**
 * A person changes a policy with the SDK; the packaged functions see it through rule and queue, judge it, tell it, put
 * it back, and hear of their own write without a word.
 */
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { LambdaFunction } from './lambda.ts';
import { ACCOUNT, lookAtAll, type Stack, startStack } from './stack.ts';

const documentOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
const READ = documentOf({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' });
const WRITE = documentOf({ Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::reports/*' });
const ALL = documentOf({ Action: '*', Resource: '*' });
const readBy = (...accountIds: string[]) =>
  documentOf({
    Principal: { AWS: accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`) },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::reports/*',
  });
const TRUST = documentOf({ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/reader`;
const role = { RoleName: 'worker', PolicyName: 'own' };
const bucket = { Bucket: 'reports' };
const halfway = { RoleName: 'halfway' };

type Round = {
  readonly name: string;
  readonly before: (alice: AwsClients) => Promise<unknown>;
  readonly change: (alice: AwsClients) => Promise<unknown>;
  /** What AWS holds, as text. */
  readonly held: (alice: AwsClients) => Promise<string | undefined>;
  readonly check: string;
  /** Interrupts people by itself. */
  readonly isGrave: boolean;
};

const rounds: readonly Round[] = [
  {
    name: 'a managed policy',
    before: ({ iam }) => iam.send(new CreatePolicyCommand({ PolicyName: 'reader', PolicyDocument: READ })),
    change: ({ iam }) =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALL, SetAsDefault: true })),
    held: async ({ iam }) => {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      const VersionId = Policy?.DefaultVersionId;
      const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
      return decodeURIComponent(PolicyVersion?.Document ?? '');
    },
    check: 'access-not-granted',
    isGrave: true,
  },
  {
    name: 'an inline policy of a role',
    before: async ({ iam }) => {
      await iam.send(new CreateRoleCommand({ RoleName: role.RoleName, AssumeRolePolicyDocument: TRUST }));
      await iam.send(new PutRolePolicyCommand({ ...role, PolicyDocument: READ }));
    },
    change: ({ iam }) => iam.send(new PutRolePolicyCommand({ ...role, PolicyDocument: WRITE })),
    held: async ({ iam }) =>
      decodeURIComponent((await iam.send(new GetRolePolicyCommand(role))).PolicyDocument ?? ''),
    check: 'no-new-access',
    isGrave: false,
  },
  {
    name: 'a bucket policy',
    before: async ({ s3 }) => {
      await s3.send(new CreateBucketCommand(bucket));
      await s3.send(new PutBucketPolicyCommand({ ...bucket, Policy: readBy(ACCOUNT) }));
    },
    change: ({ s3 }) =>
      s3.send(new PutBucketPolicyCommand({ ...bucket, Policy: readBy(ACCOUNT, '444455556666') })),
    held: async ({ s3 }) => (await s3.send(new GetBucketPolicyCommand(bucket))).Policy,
    check: 'no-external-access',
    isGrave: true,
  },
];

const files = {
  'ratchet.config.jsonc': JSON.stringify({
    targets: [{ match: '*', mode: 'rollback' }],
    groupingMinutes: 0,
  }),
};
let stack: Stack;
let detect: LambdaFunction;
let rollback: LambdaFunction;
beforeAll(async () => {
  stack = await startStack(files);
  detect = await stack.start('detect');
  rollback = await stack.start('rollback');
  // What there was before the guard came has no events: it is looked at.
  for (const { before } of rounds) await before(stack.alice);
  await stack.alice.iam.send(new CreateRoleCommand({ ...halfway, AssumeRolePolicyDocument: TRUST }));
  for (const PolicyName of ['a', 'b'])
    await stack.alice.iam.send(new PutRolePolicyCommand({ ...halfway, PolicyName, PolicyDocument: READ }));
  stack.takeEvents();
  await lookAtAll(await stack.start('sweep'));
});
afterAll(() => stack.close());

/** Everything that happened, through the functions; returns the names of the events. */
async function settle(): Promise<string[]> {
  const names: string[] = [];
  for (let events = stack.takeEvents(); events.length > 0; events = stack.takeEvents()) {
    for (const event of events) {
      names.push((event as { detail: { eventName: string } }).detail.eventName); // As CloudTrail tells it.
      await stack.send('events', JSON.stringify(event));
    }
    await stack.drain('events', detect);
    await stack.drain('rollback', rollback);
  }
  return names;
}

it('a restore that fails half-way is finished when its request comes again', async () => {
  const put = (PolicyName: string, PolicyDocument: string) =>
    stack.alice.iam.send(new PutRolePolicyCommand({ ...halfway, PolicyName, PolicyDocument }));
  const held = async (PolicyName: string) => {
    const { PolicyDocument } = await stack.alice.iam.send(
      new GetRolePolicyCommand({ ...halfway, PolicyName }),
    );
    return decodeURIComponent(PolicyDocument ?? '');
  };
  stack.wire.published.length = 0;
  for (const each of ['a', 'b']) await put(each, WRITE);
  for (const event of stack.takeEvents()) await stack.send('events', JSON.stringify(event));
  await stack.drain('events', detect);
  const isSecond = ({ PolicyName }: { readonly [parameter: string]: unknown }) => PolicyName === 'b';
  const how = { code: 'ServiceFailure', status: 500 };
  // As often as the SDK tries: the first delivery fails.
  stack.wire.fail({ operation: 'PutRolePolicy', when: isSecond, times: 5, how });

  await stack.drain('rollback', rollback);
  // The rest is written when the guard's own event tells who wrote the first half.
  await settle();

  expect([await held('a'), await held('b')]).toEqual([READ, READ]);
  expect(stack.findings().at(-1)).toMatchObject({ status: 'ROLLED_BACK', action: { kind: 'done' } });
  expect(stack.wire.queues.bodies('rollback-dead')).toEqual([]);
});

it.each(rounds)('$name is restored, and nothing is said of that', async (round) => {
  const before = await round.held(stack.alice);
  stack.wire.published.length = 0;

  await round.change(stack.alice);
  expect(await round.held(stack.alice)).not.toBe(before);
  const names = await settle();

  expect(await round.held(stack.alice)).toBe(before);
  const findings = stack.findings();
  // It stays open until a settled read proves that nothing of it is left, so what was done is told before its end is.
  // What is less grave than what people were told of the same session waits for the message about its run.
  const told = [
    // Of a run that people know of already, they are told what was done.
    ...(round === rounds[0] ? [['ACTIVE', 'planned']] : []),
    ['ACTIVE', 'done'],
    ['ROLLED_BACK', 'done'],
  ];
  expect(findings.map(({ status, action }) => [status, action.kind])).toEqual(round.isGrave ? told : []);
  for (const finding of findings)
    expect(finding).toMatchObject({ id: findings[0]?.id, check: round.check, result: 'FAIL' });
  // The change's own event, and those of what the guard wrote.
  expect(names.length).toBeGreaterThan(1);
  for (const queue of ['events', 'events-dead', 'rollback', 'rollback-dead'])
    expect(stack.wire.queues.bodies(queue)).toEqual([]);
  expect([detect.starts(), rollback.starts()]).toEqual([1, 1]);
});
