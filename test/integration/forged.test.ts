/**
 * A message that says it is an event, of a call that nobody made. What it says was there before a real change is its word
 * alone: nothing of that is written, and what reads have shown all the time is not taken away because of it.
 */
import { CreateRoleCommand, GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, createSetting, PLACE, type Setting, settleAndWake, text } from './setting.ts';

type Statement = { readonly [element: string]: unknown };

const ROLE = { AWS: `arn:aws:iam::${ACCOUNT}:role/app` };
const on = (Sid: string, Effect: string, Principal: unknown, Action: string): Statement => ({
  Sid,
  Effect,
  Principal,
  Action,
  Resource: 'arn:aws:s3:::b/*',
});
const [READS, WRITES] = [
  on('reads', 'Allow', ROLE, 's3:GetObject'),
  on('writes', 'Allow', ROLE, 's3:PutObject'),
];
const PUBLIC = on('public', 'Allow', '*', 's3:GetObject');
const NOBODY = on('nobody', 'Deny', '*', 's3:*');
const allow = (Action: string): Statement => ({ Effect: 'Allow', Action, Resource: 'arn:aws:s3:::b/*' });

type Place = {
  readonly name: string;
  readonly make: (clients: AwsClients) => Promise<unknown>;
  readonly put: (clients: AwsClients, ...statements: readonly Statement[]) => Promise<unknown>;
  readonly held: (clients: AwsClients) => Promise<string | undefined>;
  readonly stood: readonly Statement[];
  readonly added: Statement;
  readonly forged: readonly Statement[];
};

const bucket: Omit<Place, 'name' | 'forged'> = {
  make: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket: 'b' })),
  put: ({ s3 }, ...statements) =>
    s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...statements) })),
  held: async ({ s3 }) => (await s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }))).Policy,
  stood: [READS, WRITES],
  added: PUBLIC,
};
const TRUST = text({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const role: Omit<Place, 'name' | 'forged'> = {
  make: ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: 'app', AssumeRolePolicyDocument: TRUST })),
  put: ({ iam }, ...statements) =>
    iam.send(
      new PutRolePolicyCommand({ RoleName: 'app', PolicyName: 'p', PolicyDocument: text(...statements) }),
    ),
  held: async ({ iam }) =>
    decodeURIComponent(
      (await iam.send(new GetRolePolicyCommand({ RoleName: 'app', PolicyName: 'p' }))).PolicyDocument ?? '',
    ),
  stood: [allow('s3:GetObject'), allow('s3:PutObject')],
  added: { ...allow('iam:*'), Resource: '*' },
};

const PLACES: readonly Place[] = [
  { ...bucket, name: 'a bucket that nobody may use', forged: [NOBODY] },
  { ...bucket, name: 'a bucket with less in it', forged: [READS] },
  { ...role, name: 'a role with less', forged: [allow('s3:GetObject')] },
  { ...role, name: 'a role with nothing but a Deny', forged: [{ ...allow('*'), Effect: 'Deny' }] },
  { ...role, name: 'a role with something else', forged: [allow('sqs:*')] },
];

/** The record of the call, from an account where somebody made it. */
async function recordOf({ make, put, stood, forged }: Place, who: 'clients' | 'pipeline'): Promise<unknown> {
  const elsewhere = createSetting();
  await elsewhere.later(async () => {
    await make(elsewhere.pipeline);
    await put(elsewhere.pipeline, ...stood);
  });
  await elsewhere.later(async () => undefined);
  await put(elsewhere[who], ...forged);
  return { ...(elsewhere.records.at(-1) as object), eventID: 'forged' };
}

describe.each(PLACES)('where a message tells of $name', (place) => {
  const { make, put, held, stood, added } = place;

  it.each([
    ['a pipeline', 'pipeline', false],
    ['a pipeline, heard of late,', 'pipeline', true],
    ['somebody', 'clients', false],
    ['somebody, heard of late,', 'clients', true],
  ] as const)('by %s, what stood is left when somebody adds to it', async (_, who, isLate) => {
    const setting: Setting = createSetting();
    await setting.later(async () => {
      await make(setting.pipeline);
      await put(setting.pipeline, ...stood);
    });
    await setting.later(async () => undefined);
    const message = await recordOf(place, who);
    setting.pass(0.05);
    await put(setting.clients, ...stood, added);
    if (isLate) setting.records.push(message);
    else setting.records.unshift(message);
    await setting.settle();
    for (let turn = 0; turn < 2; turn++) {
      setting.pass(16);
      for (const request of await setting.guard.wake()) await setting.guard.rollback(request);
      await setting.settle();
    }

    const { Statement } = JSON.parse((await held(setting.clients)) ?? '{}') as { Statement: unknown[] };
    expect(Statement.slice(0, 2)).toEqual(stood);
    expect(JSON.stringify(Statement)).not.toContain('Deny');
  });
});

describe('where somebody has added to a target in its first minutes', () => {
  const FIRST = on('first', 'Allow', '*', 's3:PutObject');
  const SAFE = on('safe', 'Deny', '*', 's3:DeleteObject');
  const stood = [READS, WRITES, SAFE];

  it.each([
    ['less was there', [READS]],
    ['a Deny was gone', [READS, WRITES]],
  ])('and a message then says that %s, what stood is left when somebody adds more', async (_, told) => {
    const setting = createSetting();
    await setting.guard.sweep(PLACE);
    await setting.later(async () => {
      await bucket.make(setting.pipeline);
      await bucket.put(setting.pipeline, ...stood);
      await setting.settle();
    });
    const message = await recordOf({ ...bucket, name: '', forged: [...told, FIRST] }, 'clients');
    setting.pass(2);
    await bucket.put(setting.clients, ...stood, FIRST);
    setting.pass(0.1);
    setting.records.push({ ...(message as object), eventTime: setting.now().toISOString() });
    setting.pass(0.1);
    await bucket.put(setting.clients, ...stood, FIRST, PUBLIC);
    await settleAndWake(setting);

    const { Statement } = JSON.parse((await bucket.held(setting.clients)) ?? '{}') as {
      Statement: unknown[];
    };
    expect(Statement).toEqual(stood);
  });
});

describe('what an event says that somebody took away, while reads showed it all the time', () => {
  it('is told as it is: nothing is said to have been removed, and nothing is written', async () => {
    const setting = createSetting();
    await setting.later(async () => {
      await bucket.make(setting.pipeline);
      await bucket.put(setting.pipeline, READS, WRITES);
    });
    await setting.later(async () => undefined);
    setting.pass(1);
    await bucket.put(setting.clients, READS);
    setting.pass(0.1);
    await bucket.put(setting.clients, READS, { ...PUBLIC, Action: 's3:*' });
    setting.records.reverse();
    await setting.settle();
    setting.pass(16);
    for (const request of await setting.guard.wake()) await setting.guard.rollback(request);
    await setting.settle();

    const open = [...setting.told().values()].filter(({ status, step }) => status === 'ACTIVE' && step);
    expect(open.map(({ action }) => action)).toMatchObject([
      { kind: 'declined', why: expect.stringContaining('only an event says that it had gone') },
    ]);
    expect(JSON.parse((await bucket.held(setting.clients)) ?? '').Statement).toEqual([READS, WRITES]);
  });
});

it('what only an event says a new target was given, and somebody took away, does not come back', async () => {
  const message = await recordOf(
    { ...bucket, name: '', forged: [PUBLIC, { ...NOBODY, Action: 's3:PutObject' }] },
    'pipeline',
  );
  const setting = createSetting();
  await setting.guard.sweep(PLACE);
  await setting.later(() => bucket.make(setting.clients));
  setting.pass(2);
  setting.records.push({ ...(message as object), eventTime: setting.now().toISOString() });
  await settleAndWake(setting);
  await setting.guard.sweep(PLACE);
  await settleAndWake(setting);

  await expect(bucket.held(setting.clients)).rejects.toThrow();
});
