/** The store that a command reads: a folder on this machine, or the bucket of a deployment. What is in it is the guard's matter. */
import { constants } from 'node:fs';
import { access, mkdir, readdir } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Finding } from '../../shared/findings/finding.ts';
import type { GuardStore, TargetState } from '../../shared/guard/state.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createFilesystemStore } from '../../shared/store/filesystemStore.ts';
import { TARGET_KINDS } from '../../shared/targets/kindNames.ts';
import { InputError } from '../input/inputError.ts';

/** A bucket as it is written on the command line. */
const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]+)\/?$/;

/**
 * Returns the store in a folder that holds one, or in the bucket that `s3://NAME` names. Throws `InputError` otherwise:
 * an empty answer would look like good news. `client`: absent, one with the credentials of whoever runs the command.
 */
export async function openStore(folder: string, client?: Pick<S3Client, 'send'>): Promise<GuardStore> {
  if (isBucket(folder)) return openBucket(folder, client);
  const names = await readdir(folder).catch(() => undefined);
  // A replay that judged nothing leaves an empty one.
  if (names?.length === 0 || names?.includes('targets'))
    return createFilesystemStore({ folder, codecs: guardCodecs });
  throw new InputError([{ source: folder, message: 'no store here; name its folder with `--store`' }]);
}

async function openBucket(place: string, client?: Pick<S3Client, 'send'>): Promise<GuardStore> {
  const [, bucket] = BUCKET.exec(place) ?? [];
  if (bucket === undefined)
    throw new InputError([
      { source: place, message: 'name the bucket and nothing more, as in `s3://my-bucket`' },
    ]);
  const { createS3Store } = await import('../../shared/store/s3Store.ts');
  const { S3Client } = await import('@aws-sdk/client-s3');
  return createS3Store({
    client: client ?? (await clientOfAnyRegion(S3Client)),
    bucket,
    codecs: guardCodecs,
  });
}

/** The bucket may lie in another Region than the one that is set, and none may be set. */
async function clientOfAnyRegion(Client: typeof S3Client): Promise<S3Client> {
  const client = new Client({ followRegionRedirects: true });
  const region = await client.config.region().catch(() => undefined);
  return region === undefined ? new Client({ followRegionRedirects: true, region: 'us-east-1' }) : client;
}

/** Returns true iff the place is a bucket of a deployment. */
export function isBucket(place: string): boolean {
  return place.startsWith('s3:');
}

/** Throws `InputError` iff the place is a bucket: only the deployed guard writes to its memory. `instead`: what to do. */
function refuseBucket(place: string, instead: string): void {
  if (!isBucket(place)) return;
  throw new InputError([
    { source: place, message: `only the deployed guard writes to its bucket; ${instead}` },
  ]);
}

/** Makes the folder unless it is there. Throws `InputError` when nothing can be kept in it. */
export async function makeStoreFolder(folder: string): Promise<void> {
  refuseBucket(folder, 'name a folder with `--store`');
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new InputError([{ source: folder, message: `cannot hold a store: ${whyNotMade(error)}` }]);
  }
}

function whyNotMade(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'there is a file in its place';
  return code === 'EACCES' || code === 'EROFS' || code === 'ENOENT'
    ? 'nothing can be written there'
    : String(error);
}

/** Yields every state that the store holds. What cannot be read is told, and the rest goes on. */
export async function* readStates(store: GuardStore): AsyncIterable<TargetState> {
  for (const kind of TARGET_KINDS) {
    let cursor: string | undefined;
    do {
      const page = await store.listStates(kind, cursor === undefined ? {} : { cursor });
      for (const { message } of page.unreadable) process.stderr.write(`ratchet: ${message}; left out\n`);
      for (const { value } of page.values) yield value;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

/** Returns the findings that the states hold, open and lately closed, the newest change first. */
export async function readFindings(store: GuardStore): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { openFindings, closedFindings } of readStates(store))
    findings.push(...openFindings, ...closedFindings);
  return findings.sort((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? -1 : 1));
}

/** Milliseconds since 1970 of what led to the finding. */
function timeOf({ change, openedAt }: Finding): number {
  return Date.parse(change?.eventTime ?? openedAt);
}
