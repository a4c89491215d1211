/** What the parts of a start cost: each is imported in processes of its own, and its processor time taken. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { unzipSync, zipSync } from 'fflate';
import { lateBuiltins } from '../../scripts/lateBuiltins.ts';
import { leanSchemas } from '../../scripts/leanSchemas.ts';

/** What the functions ask of the environment; nothing is called at an import. */
const ENVIRONMENT = {
  PATH: process.env['PATH'],
  AWS_REGION: 'us-east-1',
  RATCHET_BUCKET: 'versions',
  RATCHET_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:findings',
  RATCHET_ACCOUNT_ID: '111122223333',
  RATCHET_OWN_ACTOR_IDS: 'AROAEXAMPLEGUARD0001',
  RATCHET_OWN_RESOURCES: 'arn:aws:s3:::versions',
  RATCHET_ROLLBACK_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/rollback',
};
const MEASURE = `
const before = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1_000));
process.exit(0);`;
/** What is needed of S3's package before anything can be answered. */
const S3 = `import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
export const used = [new S3Client({}), GetObjectCommand, ListObjectsV2Command, PutObjectCommand];`;
const EMPTY = 'export const handler = async () => ({});';

export type Import = { readonly what: string; readonly 'processor ms': number; readonly 'best ms': number };

/** Puts a function that does nothing, packed as the others are, into a new folder; returns the folder. */
export function packEmpty(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-empty-'));
  writeFileSync(join(folder, 'empty.zip'), zipSync({ 'index.mjs': Buffer.from(EMPTY) }));
  return folder;
}

/**
 * Returns the processor time of importing a handler that does nothing, S3's client alone and detect of each version,
 * and what of the last is detect's own.
 */
export async function measureImports(
  versions: readonly { readonly version: string; readonly zips: string }[],
  runs: number,
): Promise<Import[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-imports-'));
  const parts = new Map([
    ['a handler that does nothing', join(folder, 'empty.mjs')],
    ['the client of S3', join(folder, 's3.mjs')],
  ]);
  writeFileSync(join(folder, 'empty.mjs'), EMPTY);
  await build({
    stdin: { contents: S3, resolveDir: import.meta.dirname },
    outfile: join(folder, 's3.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    plugins: [lateBuiltins, leanSchemas],
  });
  for (const { version, zips } of versions) {
    mkdirSync(join(folder, version));
    for (const [path, content] of Object.entries(unzipSync(readFileSync(join(zips, 'detect.zip')))))
      writeFileSync(join(folder, version, path), content);
    parts.set(`detect of ${version}`, join(folder, version, 'index.mjs'));
  }
  const taken = new Map([...parts.keys()].map((what) => [what, [] as number[]]));
  for (let run = 0; run < runs; run++)
    for (const [what, file] of parts) taken.get(what)?.push(processorMsOf(file));
  rmSync(folder, { recursive: true });
  const rows = [...taken].map(([what, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return {
      what,
      'processor ms': Math.round(sorted[sorted.length >> 1] ?? 0),
      'best ms': Math.round(sorted[0] ?? 0),
    };
  });
  const [, s3] = rows;
  const own = rows.slice(2).map((row) => ({
    what: `${row.what}, less the client of S3`,
    'processor ms': row['processor ms'] - (s3?.['processor ms'] ?? 0),
    'best ms': row['best ms'] - (s3?.['best ms'] ?? 0),
  }));
  return [...rows, ...own];
}

function processorMsOf(file: string): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', MEASURE, file],
    { env: ENVIRONMENT, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`\`${file}\` cannot be imported: ${stderr.slice(-500)}`);
  return Number(stdout);
}
