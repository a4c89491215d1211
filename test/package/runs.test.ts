/** How the packages behave as Lambda runs them: warm and cold, bad messages, time that runs out, one Node or another. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { batchOf, type Stack, startStack } from './stack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stacks: Stack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

const policyOf = (Bucket: string, accountId: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    },
  });

async function start() {
  const stack = await startStack();
  stacks.push(stack);
  /**
   * Makes the bucket, lets a stranger read it, and returns the event of that. Each is somebody else's doing: what one
   * session does comes in one message.
   */
  const open = async (Bucket: string): Promise<object> => {
    const { s3 } = stack.alice;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(Bucket, '444455556666') }));
    const event = stack.takeEvents().at(-1);
    if (event === undefined) throw new Error('no rule of the template wants the event');
    const { detail } = event as { readonly detail: { readonly userIdentity: object } };
    const userIdentity = { ...detail.userIdentity, principalId: `AIDA${Bucket.toUpperCase()}` };
    return { ...event, detail: { ...detail, userIdentity } };
  };
  return { ...stack, open };
}

const named = (findings: ReturnType<Stack['findings']>) =>
  findings.map(({ target }) => target.arn.slice('arn:aws:s3:::'.length)).sort();

describe('a packaged function', () => {
  it('keeps one process for all its invocations, and says nothing twice', async () => {
    const { start: startOne, open, findings } = await start();
    const fn = await startOne('detect');
    const event = batchOf(await open('reports'));

    await fn.invoke(event);
    await fn.invoke(event);

    expect(fn.starts()).toBe(1);
    expect(findings()).toHaveLength(1);
  });

  it('does not touch Z3 for a change that the finite decider settles', async () => {
    const { start: startOne, open, findings } = await start();
    const broken = { 'z3-built.cjs': "throw new Error('Z3 was loaded')", 'z3-built.wasm': '' };
    const fn = await startOne('detect', { files: broken });

    expect(await fn.invoke(batchOf(await open('reports')))).toEqual({ batchItemFailures: [] });

    expect(findings()).toMatchObject([{ result: 'FAIL', decidedBy: 'atoms' }]);
  });

  it('names the failed message alone, and does not ask for what can never be read', async () => {
    const { start: startOne, open } = await start();
    const fn = await startOne('detect');
    const elsewhere = structuredClone(await open('reports')) as { detail: { recipientAccountId: string } };
    elsewhere.detail.recipientAccountId = '999900001111';

    const answer = await fn.invoke(
      batchOf('no json', elsewhere, {
        detail: { eventName: 'DescribeInstances', eventSource: 'ec2.amazonaws.com' },
      }),
    );

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    const errors = fn.log().map((line) => JSON.parse(line) as { level: string; messageId?: string });
    expect(errors.filter(({ level }) => level === 'ERROR').map(({ messageId }) => messageId)).toEqual([
      'm0',
      'm1',
    ]);
  });

  it('works the rest of a batch off, and leaves the one that fails among the dead letters', async () => {
    const { start: startOne, open, send, drain, findings, wire } = await start();
    const fn = await startOne('detect');
    const poison = structuredClone(await open('poison')) as { detail: { recipientAccountId: string } };
    poison.detail.recipientAccountId = '999900001111';
    for (const event of [await open('one'), poison, await open('two'), await open('three')])
      await send('events', JSON.stringify(event));

    await drain('events', fn);

    expect(named(findings())).toEqual(['one', 'three', 'two']);
    expect(wire.queues.bodies('events')).toEqual([]);
    expect(wire.queues.bodies('events-dead')).toEqual([JSON.stringify(poison)]);
  });

  /** AWS does not answer the first look at the second of three buckets. */
  async function startHanging(setting: Parameters<Stack['start']>[1]) {
    const { start: startOne, open, send, wire, ...rest } = await start();
    for (const event of [await open('one'), await open('two'), await open('three')])
      await send('events', JSON.stringify(event));
    const isSecond = ({ Bucket }: { readonly [parameter: string]: unknown }) => Bucket === 'two';
    wire.fail({ operation: 'GetBucketPolicy', when: isSecond, times: 1, how: 'hang' });
    /** Returns when the function waits for that answer. */
    const hanging = async () => {
      while (
        !wire.attempts.some(({ operation, input }) => operation === 'GetBucketPolicy' && isSecond(input))
      )
        await delay(5);
    };
    const expectAllTold = () => {
      expect(new Set(named(rest.findings()))).toEqual(new Set(['one', 'two', 'three']));
      expect(new Set(rest.findings().map(({ id }) => id)).size).toBe(3);
      expect(wire.queues.bodies('events')).toEqual([]);
      expect(wire.queues.bodies('events-dead')).toEqual([]);
    };
    return { ...rest, wire, fn: await startOne('detect', setting), hanging, expectAllTold };
  }

  it('answers with what is done before Lambda ends it, and loses nothing', async () => {
    const { fn, drain, expectAllTold, wire } = await startHanging({ timeoutMs: 6_000, graceMs: 10_000 });

    await drain('events', fn);

    expect(fn.starts()).toBe(1);
    expectAllTold();
    // The first bucket was not looked at again.
    const looks = wire.attempts.filter(({ operation }) => operation === 'GetBucketPolicy');
    expect(looks.filter(({ input }) => input['Bucket'] === 'one')).toHaveLength(1);
  });

  it('loses nothing when it is ended in the middle of a batch', async () => {
    const { fn, drain, hanging, expectAllTold } = await startHanging({});
    const drained = drain('events', fn);
    await hanging();

    await fn.crash();
    await drained;

    expect(fn.starts()).toBe(2);
    expectAllTold();
  });

  it('is ended when it does not notice that its time is over, and its message comes again', async () => {
    const { start: startOne, open, send, drain, findings, wire } = await start();
    // It believes to have a minute, and is ended after five.
    const fn = await startOne('detect', { timeoutMs: 60_000, graceMs: -55_000 });
    await send('events', JSON.stringify(await open('reports')));
    wire.fail({ operation: 'GetBucketPolicy', times: 1, how: 'hang' });

    await drain('events', fn);

    expect(fn.starts()).toBe(2);
    expect(named(findings())).toEqual(['reports']);
    expect(wire.queues.bodies('events-dead')).toEqual([]);
  });

  it('tells a change once though two environments are given it at the same time', async () => {
    const { start: startOne, open, findings, wire } = await start();
    const [one, two] = [await startOne('detect'), await startOne('detect')];
    const event = batchOf(await open('reports'));

    const answers = await Promise.all([one.invoke(event), two.invoke(event)]);

    for (const answer of answers) expect(answer).toEqual({ batchItemFailures: [] });
    expect(new Set(findings().map(({ id }) => id)).size).toBe(1);
    const keys = wire.objects.keys('versions').filter((key) => key.startsWith('targets/'));
    expect(keys).toHaveLength(1);
  });

  it('goes on where AWS throttles it', async () => {
    const { start: startOne, open, findings, wire } = await start();
    const fn = await startOne('detect');
    const event = batchOf(await open('reports'));
    const how = { code: 'SlowDown', status: 503 };
    for (const operation of ['PutObject', 'GetBucketPolicy']) wire.fail({ operation, times: 2, how });
    wire.fail({ operation: 'Publish', times: 2, how: { code: 'Throttling', status: 400 } });

    expect(await fn.invoke(event)).toEqual({ batchItemFailures: [] });

    expect(named(findings())).toEqual(['reports']);
  });
});

describe('the packages', () => {
  const filesOf = (name: string) => Object.keys(unzipSync(readFileSync(`${root}/.package/${name}.zip`)));

  it.each([
    ['detect', true],
    ['sweep', true],
    ['rollback', false],
    ['approve', false],
  ])('%s carries Z3: %s', (name, carries) => {
    const files = filesOf(name);

    expect(files).toContain('index.mjs');
    expect(files.filter((file) => file.startsWith('z3-built')).sort()).toEqual(
      carries ? ['z3-built.cjs', 'z3-built.wasm'] : [],
    );
  });

  it('run on the Node that the template asks for, as these tests do', () => {
    const template = readFileSync(`${root}/.package/stack/cloudformation-template-update-stack.json`, 'utf8');
    const runtimes = new Set(
      [...template.matchAll(/"Runtime":\s*"nodejs(\d+)\.x"/g)].map(([, major]) => major),
    );
    const running = execFileSync(process.execPath, ['--version']).toString();

    expect([...runtimes]).toEqual([/^v(\d+)\./.exec(running)?.[1]]);
  });

  it('import a client dynamically for its class alone, since no more of it is packed', () => {
    const sources = execFileSync('git', ['ls-files', 'shared', 'functions'], { cwd: root })
      .toString()
      .split('\n')
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`${root}/${file}`, 'utf8'));
    const uses = sources.flatMap((text) => [
      ...text.matchAll(/\(await import\('@aws-sdk\/client-[^']+'\)\)\.(\w+)/g),
      ...text.matchAll(/const \{ ([^}]+) \} = await import\('@aws-sdk\/client-/g),
    ]);
    const all = sources.flatMap((text) => [...text.matchAll(/\bimport\(\s*'@aws-sdk\/client-/g)]);

    expect(uses.map(([, name = '']) => name).filter((name) => !/^[A-Z]\w*Client$/.test(name))).toEqual([]);
    expect(uses).toHaveLength(all.length);
    expect(all.length).toBeGreaterThan(20);
  });
});
