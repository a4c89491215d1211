/**
 * `npm run bench:package`: how large the packages are, and how long a packaged function takes from the start of its
 * process to its first answer, with Z3 loaded and not. Prints tables and writes `dist/bench-package.json`; fails when a
 * package is larger than Lambda takes or a cold start slower than promised. Needs `npm run package` first, which the
 * command does. Flags: `--runs N` (cold starts of each kind), `--zips FOLDER` (other packages than the built ones).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  type CreatePolicyVersionCommandInput,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { ACCOUNT, batchOf, type Stack, startStack } from '../package/stack.ts';

const { values: flags } = parseArgs({ options: { runs: { type: 'string' }, zips: { type: 'string' } } });
const runs = Number(flags.runs ?? 15);
const root = fileURLToPath(new URL('../..', import.meta.url));
const zips = flags.zips ?? join(root, '.package');

/** Source: Lambda Developer Guide, "Lambda quotas": 50 MB zipped for an upload, 250 MB unzipped. */
const MOST_ZIPPED_MB = 50;
const MOST_UNPACKED_MB = 250;
/** For a change that the finite decider settles. */
const MOST_COLD_MS = 500;

const failures: string[] = [];
const inMegabytes = (bytes: number) => bytes / 2 ** 20;

const sizes = ['detect', 'rollback', 'sweep', 'approve'].map((name) => {
  const zip = readFileSync(join(zips, `${name}.zip`));
  const files = Object.entries(unzipSync(zip));
  const unpacked = files.reduce((sum, [, { length }]) => sum + length, 0);
  const code = files
    .filter(([file]) => file.endsWith('.mjs'))
    .reduce((sum, [, { length }]) => sum + length, 0);
  if (inMegabytes(zip.length) >= MOST_ZIPPED_MB)
    failures.push(`${name}.zip is larger than ${MOST_ZIPPED_MB} MB`);
  if (inMegabytes(unpacked) >= MOST_UNPACKED_MB)
    failures.push(`${name}.zip unpacks to more than ${MOST_UNPACKED_MB} MB`);
  return {
    function: name,
    'zip MB': inMegabytes(zip.length).toFixed(2),
    'unpacked MB': inMegabytes(unpacked).toFixed(2),
    'own code MB': inMegabytes(code).toFixed(2),
    Z3: files.some(([file]) => file.endsWith('.wasm')),
  };
});
console.table(sizes);

const documentOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });
const readBy = (Bucket: string, accountId: string) =>
  documentOf({ Principal: { AWS: accountId }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` });
const granting = (...Action: readonly string[]) => documentOf({ Action, Resource: 'arn:aws:s3:::reports/*' });

type Change = {
  /** The function that is measured. */
  readonly fn: 'detect' | 'rollback';
  readonly solver?: 'z3';
  /** Makes a thing that has an acceptable policy. */
  readonly make: (stack: Stack, name: string) => Promise<unknown>;
  readonly change: (stack: Stack, name: string) => Promise<unknown>;
};

const versionOf = (name: string, ...actions: readonly string[]): CreatePolicyVersionCommandInput => ({
  PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}`,
  PolicyDocument: granting(...actions),
  SetAsDefault: true,
});
const makePolicy: Change['make'] = ({ alice }, PolicyName) =>
  alice.iam.send(
    new CreatePolicyCommand({ PolicyName, PolicyDocument: granting('s3:GetObject', 's3:ListBucket') }),
  );
const openedBucket: Change = {
  fn: 'detect',
  async make({ alice }, Bucket) {
    await alice.s3.send(new CreateBucketCommand({ Bucket }));
    await alice.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: readBy(Bucket, ACCOUNT) }));
  },
  change: ({ alice }, Bucket) =>
    alice.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: readBy(Bucket, '444455556666') })),
};
const CHANGES: { readonly [name: string]: Change } = {
  'a managed policy narrowed: accepted': {
    fn: 'detect',
    make: makePolicy,
    change: ({ alice }, name) =>
      alice.iam.send(new CreatePolicyVersionCommand(versionOf(name, 's3:GetObject'))),
  },
  'a managed policy widened: told, rollback asked for': {
    fn: 'detect',
    make: makePolicy,
    change: ({ alice }, name) =>
      alice.iam.send(
        new CreatePolicyVersionCommand(versionOf(name, 's3:GetObject', 's3:ListBucket', 's3:PutObject')),
      ),
  },
  'a bucket opened: told, rollback asked for': openedBucket,
  'the same, decided by Z3': { ...openedBucket, solver: 'z3' },
  'the same, put back': { ...openedBucket, fn: 'rollback' },
};

const files = {
  'ratchet.config.jsonc': JSON.stringify({
    targets: [{ match: '*', mode: 'rollback' }],
    setupWindowMinutes: 0,
  }),
};
// Times are middle values but where a column says otherwise.
const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const round = (values: readonly number[]) => Math.round(middle(values));

const times = [];
for (const [what, { fn: name, make, change, solver }] of Object.entries(CHANGES)) {
  const stack = await startStack(files, solver === undefined ? {} : { RATCHET_SOLVER: solver });
  const detect = await stack.start('detect', { zips });
  const fn = name === 'detect' ? detect : await stack.start(name, { zips });
  /** What the function is given next. */
  const next = async (thing: string) => {
    await make(stack, thing);
    for (const event of stack.takeEvents()) await detect.invoke(batchOf(event));
    await change(stack, thing);
    const events = batchOf(...stack.takeEvents());
    if (fn === detect) return events;
    await detect.invoke(events);
    return batchOf(stack.wire.queues.bodies('rollback').at(-1));
  };
  const start: number[] = [];
  const work: number[] = [];
  const warm: number[] = [];
  const processor: number[] = [];
  const peak: number[] = [];
  for (let run = 0; run < runs; run++) {
    const warmEvent = await next(`warm-${run}`);
    warm.push((await fn.measure(warmEvent)).workMs);
    const coldEvent = await next(`cold-${run}`);
    await fn.crash();
    const { startMs, workMs, processorMs, peakMegabytes } = await fn.measure(coldEvent);
    if (startMs === undefined) throw new Error('a cold start was warm');
    start.push(startMs);
    work.push(workMs);
    if (processorMs !== undefined) processor.push(processorMs);
    if (peakMegabytes !== undefined) peak.push(peakMegabytes);
  }
  const cold = start.map((ms, index) => ms + (work[index] ?? 0));
  // On a busy machine the best of several runs shows best what the function itself takes.
  if (fn === detect && solver === undefined && Math.min(...cold) > MOST_COLD_MS)
    failures.push(`${what}: a cold start takes more than ${MOST_COLD_MS} ms`);
  times.push({
    function: name,
    cold: what,
    'start ms': round(start),
    'first answer ms': round(work),
    'together ms': round(cold),
    'best ms': Math.round(Math.min(...cold)),
    'worst ms': Math.round(Math.max(...cold)),
    'processor ms': round(processor),
    'warm ms': round(warm),
    'peak MB': round(peak),
  });
  await stack.close();
}
console.table(times);
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist/bench-package.json'), JSON.stringify({ runs, sizes, times }, null, 2));
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
