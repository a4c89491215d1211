/**
 * S3's objects in memory: versions where the bucket keeps them, and conditional writes as S3 does them. A write takes a
 * moment: what no longer holds at its end but held at its beginning is a conflict (409), what never held a failed
 * precondition (412). Sources: Amazon S3 User Guide, "How to prevent object overwrites with conditional writes";
 * Amazon S3 API Reference, "ListObjectsV2". Not kept: metadata, multipart uploads, checksums, delimiters, owners.
 */
import { createHash } from 'node:crypto';
import { AwsError } from '../../shared/recording/account.ts';
import type { Input } from './readRequest.ts';

type Version = {
  readonly id: string;
  readonly etag: string;
  readonly body: Buffer | undefined;
  readonly at: Date;
};

export type Objects = {
  /** What lies there now as text, or undefined. */
  text(bucket: string, key: string): string | undefined;
  /** Keys of a bucket, in S3's order. */
  keys(bucket: string): string[];
  readonly operations: { readonly [operation: string]: (input: Input) => Promise<Input> };
};

const MAX_KEYS = 1_000;

/** Returns empty buckets. `exists` says which there are; a write takes as long as `whileWriting`. */
export function createObjects(
  exists: (bucket: string) => boolean,
  whileWriting: () => Promise<unknown>,
): Objects {
  const buckets = new Map<string, Map<string, Version[]>>();
  const versioned = new Set<string>();
  let count = 0;
  const bucketOf = (input: Input) => {
    const name = String(input['Bucket']);
    if (!exists(name)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    const objects = buckets.get(name) ?? new Map<string, Version[]>();
    buckets.set(name, objects);
    return { name, objects };
  };
  const versionsOf = (input: Input) => bucketOf(input).objects.get(String(input['Key'])) ?? [];
  const add = (input: Input, body: Buffer | undefined): Version => {
    const { name, objects } = bucketOf(input);
    const etag = `"${createHash('md5')
      .update(body ?? '')
      .digest('hex')}"`;
    const version = { id: `v${++count}`, etag, body, at: new Date() };
    const kept = versioned.has(name) ? versionsOf(input) : [];
    objects.set(String(input['Key']), [...kept, version]);
    return version;
  };
  const idOf = ({ Bucket }: Input, { id }: Version) =>
    versioned.has(String(Bucket)) ? { VersionId: id } : {};
  const keysOf = (objects: ReadonlyMap<string, readonly Version[]>) =>
    [...objects]
      .filter(([, versions]) => versions.at(-1)?.body !== undefined)
      .map(([key]) => key)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const get = async (input: Input): Promise<Input> => {
    const { VersionId: wanted } = input;
    const found = versionsOf(input).findLast(({ id }) => wanted === undefined || id === wanted);
    if (found === undefined && wanted !== undefined)
      throw new AwsError('NoSuchVersion', 'The specified version does not exist.');
    if (found?.body === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.');
    const { body, etag, at } = found;
    return { Body: body, ContentLength: body.length, ETag: etag, LastModified: at, ...idOf(input, found) };
  };
  return {
    text: (bucket, key) => buckets.get(bucket)?.get(key)?.at(-1)?.body?.toString(),
    keys: (bucket) => keysOf(buckets.get(bucket) ?? new Map()),
    operations: {
      async PutObject(input) {
        const atFirst = failureOf(input, versionsOf(input).at(-1));
        if (atFirst !== undefined) throw atFirst;
        await whileWriting();
        if (failureOf(input, versionsOf(input).at(-1)) !== undefined)
          throw new AwsError('ConditionalRequestConflict', 'A conflicting operation was in progress.');
        const { Body: body = Buffer.alloc(0) } = input;
        if (!Buffer.isBuffer(body)) throw new Error('the body of an object is not binary');
        const version = add(input, body);
        return { ETag: version.etag, ...idOf(input, version) };
      },
      GetObject: get,
      HeadObject: async (input) => ({ ...(await get(input)), Body: undefined }),
      async DeleteObject(input) {
        if (versionsOf(input).length === 0) return {};
        const marker = add(input, undefined);
        return { DeleteMarker: true, ...idOf(input, marker) };
      },
      async PutBucketVersioning(input) {
        const { name } = bucketOf(input);
        const { Status } = input['VersioningConfiguration'] as { readonly Status?: string }; // Told by the schema.
        if (Status === 'Enabled') versioned.add(name);
        return {};
      },
      async ListObjectVersions(input) {
        const { objects } = bucketOf(input);
        const all = [...objects].flatMap(([Key, versions]) =>
          versions.map(({ id, etag }, index) => ({
            Key,
            VersionId: id,
            ETag: etag,
            IsLatest: index === versions.length - 1,
          })),
        );
        return { Name: input['Bucket'], IsTruncated: false, Versions: all };
      },
      async ListObjectsV2(input) {
        const { name, objects } = bucketOf(input);
        const after = [input['ContinuationToken'], input['StartAfter']].find(
          (one) => typeof one === 'string',
        );
        const prefix = String(input['Prefix'] ?? '');
        const size = Math.min(Number(input['MaxKeys'] ?? MAX_KEYS), MAX_KEYS);
        const all = keysOf(objects);
        const start = after === undefined ? 0 : all.indexOf(after) + 1;
        const rest = all.slice(start).filter((key) => key.startsWith(prefix));
        const page = rest.slice(0, size);
        const isTruncated = page.length < rest.length;
        return {
          Name: name,
          Prefix: prefix,
          MaxKeys: size,
          KeyCount: page.length,
          IsTruncated: isTruncated,
          Contents: page.map((Key) => ({ Key, Size: objects.get(Key)?.at(-1)?.body?.length ?? 0 })),
          ...(isTruncated ? { NextContinuationToken: page.at(-1) } : {}),
        };
      },
    },
  };
}

/** Why S3 refuses a conditional write over what is there. */
function failureOf(input: Input, there: Version | undefined): AwsError | undefined {
  const held = there?.body === undefined ? undefined : there;
  const { IfMatch: ifMatch, IfNoneMatch: ifNoneMatch } = input;
  if (ifMatch !== undefined && held === undefined)
    return new AwsError('NoSuchKey', 'The specified key does not exist.');
  const fails =
    (ifMatch !== undefined && ifMatch !== held?.etag) || (ifNoneMatch === '*' && held !== undefined);
  return fails
    ? new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
    : undefined;
}
