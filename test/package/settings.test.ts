import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT, batchOf, type Stack, startStack } from './stack.ts';

const stacks: Stack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

const KEY = 'config/ratchet.config.jsonc';
const HUB = '999988887777';
const policyFor = (account: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::reports/*',
      },
    ],
  });

/** A stack with a bucket whose policy is opened after it was accepted. */
async function start(variables: { readonly [name: string]: string }) {
  const stack = await startStack({}, variables);
  stacks.push(stack);
  const { alice } = stack;
  await alice.s3.send(new CreateBucketCommand({ Bucket: 'reports' }));
  stack.takeEvents();
  const put = async (account: string) => {
    await alice.s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: policyFor(account) }));
    return stack.takeEvents();
  };
  const configure = (config: object) =>
    alice.s3.send(new PutObjectCommand({ Bucket: 'versions', Key: KEY, Body: JSON.stringify(config) }));
  return { ...stack, put, configure };
}

describe('a function whose configuration is in the bucket', () => {
  it('does what it says there', async () => {
    const { put, configure, start: startOne, wire } = await start({ RATCHET_CONFIG: `s3://versions/${KEY}` });
    await configure({ targets: [{ match: 'arn:aws:s3:::*', mode: 'rollback' }], groupingMinutes: 0 });
    const fn = await startOne('detect');
    await fn.invoke(batchOf(...(await put(ACCOUNT))));

    await fn.invoke(batchOf(...(await put('444455556666'))));

    expect(wire.queues.bodies('rollback')).toHaveLength(1);
  });

  it('does nothing where there is none, and goes on when it is put there', async () => {
    const {
      put,
      configure,
      start: startOne,
      findings,
    } = await start({
      RATCHET_CONFIG: `s3://versions/${KEY}`,
    });
    const fn = await startOne('detect');
    const batch = batchOf(...(await put('444455556666')));

    expect(await fn.invoke(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    await configure({});

    expect(await fn.invoke(batch)).toEqual({ batchItemFailures: [] });
    expect(findings()).toMatchObject([{ result: 'FAIL' }]);
  });
});

describe('a function of a hub', () => {
  it('reads what is in another account by the role that the account gives', async () => {
    const {
      put,
      start: startOne,
      findings,
      wire,
    } = await start({
      RATCHET_ACCOUNT_ID: HUB,
      RATCHET_MEMBER_ROLE: 'ratchet/ratchet-read',
      RATCHET_MEMBER_EXTERNAL_ID: 'ratchet',
    });
    const fn = await startOne('detect');

    expect(await fn.invoke(batchOf(...(await put('444455556666'))))).toEqual({ batchItemFailures: [] });

    expect(findings()).toMatchObject([{ result: 'FAIL', target: { accountId: ACCOUNT } }]);
    expect(wire.attempts.filter(({ operation }) => operation === 'AssumeRole')).toMatchObject([
      { input: { RoleArn: `arn:aws:iam::${ACCOUNT}:role/ratchet/ratchet-read`, ExternalId: 'ratchet' } },
    ]);
  });

  it('does not judge another account without a role', async () => {
    const { put, start: startOne, findings } = await start({ RATCHET_ACCOUNT_ID: HUB });
    const fn = await startOne('detect');

    const answer = await fn.invoke(batchOf(...(await put('444455556666'))));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(findings()).toEqual([]);
  });
});
