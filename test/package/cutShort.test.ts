/**
 * The packages ended at the worst times: after a finding is stored and before it is told, in the middle of a restore.
 * What was asked for comes again, and nothing is lost or told twice.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from 'vitest';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createS3Store } from '../../shared/store/s3Store.ts';
import { clientSettings, type Fault } from '../wire/server.ts';
import { ACCOUNT, batchOf, lookAtAll, type Stack, startStack } from './stack.ts';

const stacks: Stack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

const documentOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
const TRUST = documentOf({ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const READ = documentOf({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' });
const WRITE = documentOf({ Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::reports/*' });
const RoleName = 'worker';
const PLACE = { kind: 'iam-principal', arn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}` } as const;

/** A role with two inline policies that are accepted, and the widening of both as events. */
async function start() {
  const config = {
    targets: [{ match: '*', mode: 'rollback' }],
    groupingMinutes: 0,
    // What happens here is LOW, and is to be told at once.
    interruptFrom: 'INFO',
  };
  const stack = await startStack({ 'ratchet.config.jsonc': JSON.stringify(config) });
  stacks.push(stack);
  const { alice, wire } = stack;
  const put = async (document: string) => {
    for (const PolicyName of ['a', 'b'])
      await alice.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document }));
    return stack.takeEvents();
  };
  const held = async () => {
    const { PolicyNames = [] } = await alice.iam.send(new ListRolePoliciesCommand({ RoleName }));
    const read = (PolicyName: string) => alice.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const documents = await Promise.all(PolicyNames.map(read));
    return documents.map(({ PolicyDocument }) => decodeURIComponent(PolicyDocument ?? ''));
  };
  const detect = await stack.start('detect');
  await alice.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  await put(READ);
  await lookAtAll(await stack.start('sweep'));
  const events = await put(WRITE);
  /** Lets the next such call hang, and returns when one does. */
  const hang = (fault: Pick<Fault, 'operation' | 'when'>) => {
    const from = wire.attempts.length;
    wire.fail({ ...fault, times: 1, how: 'hang' });
    return async () => {
      const hangs = () =>
        wire.attempts
          .slice(from)
          .some(({ operation, input }) => operation === fault.operation && (fault.when?.(input) ?? true));
      while (!hangs()) await delay(5);
    };
  };
  return { ...stack, detect, events, held, hang };
}

it('a finding that was stored and not told is told by the next delivery, once', async () => {
  const { detect, events, send, drain, hang, findings, wire } = await start();
  for (const event of events) await send('events', JSON.stringify(event));
  const hangs = hang({ operation: 'Publish' });
  const drained = drain('events', detect);
  await hangs();

  await detect.crash();
  await drained;

  const told = findings().map(({ id, revision, status }) => `${id} ${revision} ${status}`);
  expect(new Set(findings().map(({ id, status }) => `${id} ${status}`)).size).toBe(1);
  expect(told).toEqual([...new Set(told)]);
  expect(wire.queues.bodies('events')).toEqual([]);
  expect(wire.queues.bodies('events-dead')).toEqual([]);
  expect(new Set(wire.queues.bodies('rollback')).size).toBe(1);
});

it('a finding that the topic does not take is told when it takes it again', async () => {
  const { detect, events, findings, wire } = await start();
  const batch = batchOf(events.at(-1));
  // As often as the SDK tries.
  wire.fail({ operation: 'Publish', times: 3, how: { code: 'InternalError', status: 500 } });

  const first = await detect.invoke(batch);
  expect(findings()).toEqual([]);
  const second = await detect.invoke(batch);

  expect(first).toMatchObject({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(second).toEqual({ batchItemFailures: [] });
  expect(findings().map(({ status }) => status)).toEqual(['ACTIVE']);
});

it('a restore whose function was ended in the middle is taken over when its claim is old, and finished', async () => {
  const {
    detect,
    events,
    start: startOne,
    held,
    hang,
    findings,
    wire,
    send,
    drain,
    takeEvents,
  } = await start();
  await detect.invoke(batchOf(...events));
  const rollback = await startOne('rollback');
  const request = batchOf(wire.queues.bodies('rollback')[0]);
  const hangs = hang({ operation: 'PutRolePolicy', when: ({ PolicyName }) => PolicyName === 'b' });
  const cut = rollback.invoke(request);
  await hangs();
  await Promise.all([expect(cut).rejects.toThrow('Runtime exited'), rollback.crash()]);
  expect(await held()).toEqual([READ, WRITE]);

  // Somebody may still be at work: the request is to come again later.
  expect(await rollback.invoke(request)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(await held()).toEqual([READ, WRITE]);

  // A quarter of an hour passes for the claim.
  const client = new S3Client(clientSettings(wire));
  const store = createS3Store({ client, bucket: 'versions', codecs: guardCodecs });
  const state = await store.readState(PLACE);
  if (state?.value.claim === undefined) throw new Error('there is no claim on the role');
  const startedAt = Date.now() - 3_600_000;
  await store.writeState({ ...state.value, claim: { ...state.value.claim, startedAt } }, state.version);

  expect(await rollback.invoke(request)).toEqual({ batchItemFailures: [] });
  // The event of the first half tells who wrote it.
  for (let left = takeEvents(); left.length > 0; left = takeEvents()) {
    for (const event of left) await send('events', JSON.stringify(event));
    await drain('events', detect);
    await drain('rollback', rollback);
  }
  expect(await held()).toEqual([READ, READ]);
  expect(findings().at(-1)).toMatchObject({ status: 'ROLLED_BACK', action: { kind: 'done' } });
});
