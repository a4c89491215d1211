import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT, batchOf, lookAtAll, type Stack, startStack } from './stack.ts';

const stacks: Stack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

const openPolicy = (Bucket = 'reports') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:root' },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
      },
    ],
  });
const narrowPolicy = (Bucket = 'reports') => openPolicy(Bucket).replace('444455556666', ACCOUNT);
/** Grants what the narrow one does, and more: a restore of what took something away as well only tightens. */
const widerPolicy = () =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [narrowPolicy(), openPolicy()].flatMap((text) => JSON.parse(text).Statement),
  });

/** A stack whose account has a bucket besides its own. */
async function start(files: { readonly [name: string]: string } = {}) {
  const stack = await startStack(files);
  stacks.push(stack);
  await stack.alice.s3.send(new CreateBucketCommand({ Bucket: 'reports' }));
  stack.takeEvents();
  /** Puts the policy on the bucket and returns the events of it. */
  const put = async (Policy: string, Bucket = 'reports') => {
    await stack.alice.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    return stack.takeEvents();
  };
  const held = async () =>
    (await stack.alice.s3.send(new GetBucketPolicyCommand({ Bucket: 'reports' }))).Policy;
  return { ...stack, put, held };
}

const rollingBack = {
  'ratchet.config.jsonc': JSON.stringify({
    targets: [{ match: 'arn:aws:s3:::*', mode: 'rollback' }],
    // A bucket of a test was made just now.
    groupingMinutes: 0,
  }),
};

describe('detect, packaged', () => {
  it('judges an event from an empty folder, remembers and publishes the finding', async () => {
    const { wire, start: startOne, put, findings } = await start();
    const fn = await startOne('detect');

    const answer = await fn.invoke(batchOf(...(await put(openPolicy()))));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(wire.published.map(({ subject }) => subject)).toEqual([expect.stringContaining('reports')]);
    expect(findings()).toMatchObject([
      {
        result: 'FAIL',
        status: 'ACTIVE',
        witness: { principal: { value: expect.stringContaining('444455556666') } },
      },
    ]);
    expect(wire.objects.keys('versions').some((key) => key.startsWith('targets/'))).toBe(true);
  });

  it('finds the same with Z3 alone, from the two files beside the bundle', async () => {
    const { start: startOne, put, findings } = await start();
    const fn = await startOne('detect', { environment: { RATCHET_SOLVER: 'z3' } });

    await fn.invoke(batchOf(...(await put(openPolicy()))));

    expect(findings()).toMatchObject([{ result: 'FAIL', decidedBy: 'z3' }]);
  });

  it('fails its start with the names of missing variables', async () => {
    const { start: startOne } = await start();
    const fn = await startOne('detect', { environment: { RATCHET_BUCKET: '', RATCHET_ACCOUNT_ID: 'x' } });

    await expect(fn.invoke(batchOf())).rejects.toThrow('RATCHET_BUCKET, RATCHET_ACCOUNT_ID');
  });

  it('fails its start at a configuration that says what it does not know', async () => {
    const { start: startOne } = await start({ 'ratchet.config.jsonc': '{ "target": [] }' });
    const fn = await startOne('detect');

    await expect(fn.invoke(batchOf())).rejects.toThrow('ratchet.config.jsonc');
  });

  it('leaves alone what the default configuration only observes', async () => {
    const { start: startOne, put, wire } = await start({ 'ratchet.config.jsonc': '{}' });
    const fn = await startOne('detect');
    await fn.invoke(batchOf(...(await put(narrowPolicy()))));

    await fn.invoke(batchOf(...(await put(openPolicy()))));

    expect(wire.published.length).toBeGreaterThan(0);
    expect(wire.queues.bodies('rollback')).toEqual([]);
  });

  it('tells a change of what the guard stands on as the gravest, and leaves it alone', async () => {
    const { start: startOne, put, findings, wire } = await start(rollingBack);
    const fn = await startOne('detect');
    await fn.invoke(batchOf(...(await put(narrowPolicy('versions'), 'versions'))));

    await fn.invoke(batchOf(...(await put(openPolicy('versions'), 'versions'))));

    expect(findings()).toContainEqual(
      expect.objectContaining({
        severity: 'CRITICAL',
        status: 'ACTIVE',
        action: expect.objectContaining({ kind: 'declined' }),
      }),
    );
    expect(wire.queues.bodies('rollback')).toEqual([]);
  });
});

describe('rollback, packaged', () => {
  it('writes nothing for a finding that it does not know', async () => {
    const { start: startOne, put, held, wire } = await start();
    const fn = await startOne('rollback');
    const target = {
      kind: 'bucket-policy',
      arn: 'arn:aws:s3:::reports',
      accountId: ACCOUNT,
      region: 'us-east-1',
    };
    await put(openPolicy());

    const answer = await fn.invoke(
      batchOf({ target, findingId: 'f', offendingHash: 'a', acceptedHash: 'b' }),
    );

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await held()).toBe(openPolicy());
    expect(wire.records).toEqual([]);
  });

  it('puts the accepted policy back once, however often it is asked', async () => {
    const { start: startOne, put, held, findings, wire, takeEvents } = await start(rollingBack);
    const detect = await startOne('detect');
    const rollback = await startOne('rollback');
    await detect.invoke(batchOf(...(await put(narrowPolicy()))));
    expect(findings()).toEqual([]);
    await detect.invoke(batchOf(...(await put(widerPolicy()))));
    const requests = batchOf(...wire.queues.bodies('rollback'));
    expect(requests.Records).toHaveLength(1);
    await rollback.invoke(requests);
    const told = findings();
    expect(takeEvents()).toHaveLength(1);

    // Queues deliver at least once.
    expect(await rollback.invoke(requests)).toEqual({ batchItemFailures: [] });

    expect(await held()).toBe(narrowPolicy());
    expect(takeEvents()).toEqual([]);
    expect(findings()).toEqual(told);
    // It ends when a settled read proves it; that comes with the guard's own event.
    expect(told.map(({ status, action }) => [status, action.kind])).toEqual([
      ['ACTIVE', 'planned'],
      ['ACTIVE', 'done'],
    ]);
  });
});

describe('sweep and approve, packaged', () => {
  it('find a change whose event never came, and take a person’s word for it', async () => {
    const { start: startOne, put, findings, wire } = await start();
    await put(narrowPolicy());
    const sweep = await startOne('sweep');
    const approve = await startOne('approve');
    // Every kind is listed, each by its own client.
    expect(await lookAtAll(sweep)).toMatchObject({ examined: expect.any(Number), findings: 0, faults: 0 });
    expect(findings()).toEqual([]);
    await put(openPolicy());

    // The next look begins a day later; what was kept of the last one is put away instead.
    await wire.objects.operations['DeleteObject']?.({
      Bucket: 'versions',
      Key: `sweep/${ACCOUNT}/us-east-1.json`,
    });
    await lookAtAll(sweep);
    const [found] = findings().filter(({ target }) => target.arn.includes('reports'));
    const answer = await approve.invoke({ findingId: found?.id, who: 'ann', why: 'the partner may read' });

    expect(found).toMatchObject({ status: 'ACTIVE', result: 'FAIL' });
    expect(answer).toEqual({ kind: 'approved', findings: [found?.id] });
    // That a person ended it is told with the digest.
    expect(findings().filter(({ id }) => id === found?.id)).toEqual([found]);
    expect(await approve.invoke({ findingId: found?.id, who: 'ann', why: 'again' })).toMatchObject({
      kind: 'already-closed',
    });
  });

  it('answer what is no request with what is wrong, and accept nothing', async () => {
    const { start: startOne } = await start();
    const approve = await startOne('approve');

    expect(await approve.invoke({ findingId: 'x', who: '', why: 'w' })).toEqual({
      kind: 'bad-request',
      why: expect.stringMatching(/findingId.*; who/),
    });
  });
});
