/**
 * `npm run bench:package`: how large the packages are, what each service's kinds add to them, what each part of a start
 * costs, and how long a packaged function takes from the start of its process to its first answer, with Z3 loaded and
 * not, beside a handler that does nothing.
 * Prints tables and writes `dist/bench-package.json`; fails when a package is larger than Lambda takes or a cold start
 * slower than promised. Needs `npm run package` first, which the command does. Flags: `--runs N` (cold starts of each
 * kind), `--against FOLDER` (the packages of another version, measured in turn with the built ones).
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
import { type Invoked, type LambdaFunction, startFunction } from '../package/lambda.ts';
import { ACCOUNT, batchOf, type Stack, startStack } from '../package/stack.ts';
import { measureImports, packEmpty } from './imports.ts';

const { values: flags } = parseArgs({ options: { runs: { type: 'string' }, against: { type: 'string' } } });
const runs = Number(flags.runs ?? 15);
const root = fileURLToPath(new URL('../..', import.meta.url));
const own = join(root, '.package');
const versions = [
  { version: 'built', zips: own },
  ...(flags.against === undefined ? [] : [{ version: 'against', zips: flags.against }]),
];

/** Source: Lambda Developer Guide, "Lambda quotas": 50 MB zipped for an upload, 250 MB unzipped. */
const MOST_ZIPPED_MB = 50;
const MOST_UNPACKED_MB = 250;
/** For a change that the finite decider settles: so many times what a handler that does nothing takes in the same run. */
const MOST_TIMES_EMPTY = 2.5;
/** Processor time of what is detect's own in its import. */
const MOST_OWN_IMPORT_MS = 60;

const failures: string[] = [];
const inMegabytes = (bytes: number) => bytes / 2 ** 20;

const sizes = versions.flatMap(({ version, zips }) =>
  ['detect', 'rollback', 'sweep', 'approve'].map((name) => ({ version, ...sizeOf(name, zips) })),
);
console.table(sizes);

/** What each service's kinds, and each client of AWS, are of detect's code; a client is loaded with its first call. */
const sources = versions
  .map(({ version, zips }) => ({ version, file: join(zips, 'detect.json') }))
  .filter(({ file }) => existsSync(file))
  .flatMap(({ version, file }) => {
    const bytes: { readonly [source: string]: number } = JSON.parse(readFileSync(file, 'utf8'));
    return Object.entries(bytes)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([source, size]) => ({ version, source, 'own code kB': (size / 1024).toFixed(1) }));
  });
console.table(sources);

function sizeOf(name: string, zips: string) {
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
}

const imports = await measureImports(versions, runs);
console.table(imports);
const ownImport = imports.find(({ what }) => what === 'detect of built, less the client of S3');
if (ownImport !== undefined && ownImport['best ms'] > MOST_OWN_IMPORT_MS)
  failures.push(`detect's own import takes more than ${MOST_OWN_IMPORT_MS} ms of processor time`);

const documentOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });
const readBy = (Bucket: string, accountId: string) =>
  documentOf({ Principal: { AWS: accountId }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` });
const granting = (...Action: readonly string[]) => documentOf({ Action, Resource: 'arn:aws:s3:::reports/*' });

type Change = {
  /** The function that is measured. */
  readonly fn: 'detect' | 'rollback';
  readonly solver?: 'z3';
  /** The calls that make a target with an acceptable policy. Each is heard of before the next, so nothing waits. */
  readonly make: readonly ((stack: Stack, name: string) => Promise<unknown>)[];
  readonly change: (stack: Stack, name: string) => Promise<unknown>;
};

const versionOf = (name: string, ...actions: readonly string[]): CreatePolicyVersionCommandInput => ({
  PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}`,
  PolicyDocument: granting(...actions),
  SetAsDefault: true,
});
const makePolicy: Change['make'] = [
  ({ alice }, PolicyName) =>
    alice.iam.send(
      new CreatePolicyCommand({ PolicyName, PolicyDocument: granting('s3:GetObject', 's3:ListBucket') }),
    ),
];
const openedBucket: Change = {
  fn: 'detect',
  make: [
    ({ alice }, Bucket) => alice.s3.send(new CreateBucketCommand({ Bucket })),
    ({ alice }, Bucket) =>
      alice.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: readBy(Bucket, ACCOUNT) })),
  ],
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

type Version = (typeof versions)[number];
const nothing = packEmpty();

/** A version's stack, its function, and what it is given next. */
async function open({ version, zips }: Version, { fn: name, make, change, solver }: Change) {
  const stack = await startStack(files, solver === undefined ? {} : { RATCHET_SOLVER: solver });
  const detect = await stack.start('detect', { zips });
  const fn = name === 'detect' ? detect : await stack.start(name, { zips });
  const next = async (targetName: string) => {
    for (const call of make) {
      await call(stack, targetName);
      for (const event of stack.takeEvents()) await detect.invoke(batchOf(event));
    }
    await change(stack, targetName);
    const events = batchOf(...stack.takeEvents());
    if (fn === detect) return events;
    await detect.invoke(events);
    return batchOf(stack.wire.queues.bodies('rollback').at(-1));
  };
  return { version, stack, fn, next, colds: [] as Cold[], warm: [] as number[] };
}

type Cold = Pick<Invoked, 'workMs' | 'processorMs' | 'peakMegabytes'> & { readonly startMs: number };

/** Ends the process and returns what the next one takes. */
async function startCold(fn: LambdaFunction, event: unknown): Promise<Cold> {
  await fn.crash();
  const { startMs, ...rest } = await fn.measure(event);
  if (startMs === undefined) throw new Error('a cold start was warm');
  return { ...rest, startMs };
}

const times = [];
for (const [what, change] of Object.entries(CHANGES)) {
  const empty = await startFunction('empty', { zips: nothing, environment: {} });
  const floor: Cold[] = [];
  const sides = await Promise.all(versions.map((version) => open(version, change)));
  // In turn, so that a busy minute of the machine falls on all alike.
  for (let run = 0; run < runs; run++) {
    floor.push(await startCold(empty, {}));
    for (const { fn, next, colds, warm } of sides) {
      warm.push((await fn.measure(await next(`warm-${run}`))).workMs);
      colds.push(await startCold(fn, await next(`cold-${run}`)));
    }
  }
  const togetherOf = (colds: readonly Cold[]) => colds.map(({ startMs, workMs }) => startMs + workMs);
  const least = Math.min(...togetherOf(floor));
  for (const { version, stack, colds, warm } of sides) {
    const together = togetherOf(colds);
    const timesEmpty = Math.min(...together) / least;
    // On a busy machine the best of several runs shows best what the function itself takes.
    if (version === 'built' && change.fn === 'detect' && !change.solver && timesEmpty > MOST_TIMES_EMPTY)
      failures.push(`${what}: a cold start takes more than ${MOST_TIMES_EMPTY} times an empty handler's`);
    times.push({
      version,
      function: change.fn,
      cold: what,
      'start ms': round(colds.map(({ startMs }) => startMs)),
      'first answer ms': round(colds.map(({ workMs }) => workMs)),
      'together ms': round(together),
      'best ms': Math.round(Math.min(...together)),
      'empty ms': round(togetherOf(floor)),
      'best empty ms': Math.round(least),
      'times empty': timesEmpty.toFixed(2),
      'worst ms': Math.round(Math.max(...together)),
      'processor ms': round(colds.flatMap(({ processorMs = [] }) => processorMs)),
      'empty processor ms': round(floor.flatMap(({ processorMs = [] }) => processorMs)),
      'warm ms': round(warm),
      'peak MB': round(colds.flatMap(({ peakMegabytes = [] }) => peakMegabytes)),
    });
    await stack.close();
  }
  await empty.stop();
}
rmSync(nothing, { recursive: true });
console.table(times);
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(
  join(root, 'dist/bench-package.json'),
  JSON.stringify({ runs, sizes, sources, imports, times }, null, 2),
);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
