/** That the bucket of the wire refuses as S3 does: what the store's compare-and-swap stands on. */
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientSettings, startWire, type Wire } from './server.ts';

let wire: Wire;
let s3: S3Client;
let whileWriting = async () => {};
beforeEach(async () => {
  whileWriting = async () => {};
  wire = await startWire({ whileWriting: () => whileWriting() });
  s3 = new S3Client(clientSettings(wire));
  await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
});
afterEach(() => wire.close());

const at = { Bucket: 'b', Key: 'k' };
const put = (Body: string, condition: { IfMatch?: string; IfNoneMatch?: string } = {}) =>
  s3.send(new PutObjectCommand({ ...at, Body, ...condition }));
const refusal = (name: string, httpStatusCode: number) => ({ name, $metadata: { httpStatusCode } });

it('refuses with 412 what did not hold when it came', async () => {
  const { ETag = '' } = await put('one');
  await put('two', { IfMatch: ETag });

  await expect(put('three', { IfMatch: ETag })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
  await expect(put('three', { IfNoneMatch: '*' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
  expect(wire.objects.text('b', 'k')).toBe('two');
});

it('refuses with 404 a condition on what is not there', async () => {
  await expect(put('one', { IfMatch: '"0"' })).rejects.toMatchObject(refusal('NoSuchKey', 404));
});

it('lets one of two simultaneous writers through, and refuses the other with 409', async () => {
  const both = Promise.withResolvers<void>();
  let begun = 0;
  whileWriting = () => {
    if (++begun === 2) both.resolve();
    return both.promise;
  };
  const outcomes = await Promise.allSettled([
    put('one', { IfNoneMatch: '*' }),
    put('two', { IfNoneMatch: '*' }),
  ]);

  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ reason: refusal('ConditionalRequestConflict', 409) });
});

it('keeps versions where the bucket does, and shows a deleted object as absent', async () => {
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration }));
  const { VersionId } = await put('one');
  await put('two');
  await s3.send(new DeleteObjectCommand(at));

  await expect(s3.send(new GetObjectCommand(at))).rejects.toMatchObject(refusal('NoSuchKey', 404));
  const { Body } = await s3.send(new GetObjectCommand({ ...at, VersionId }));
  expect(await Body?.transformToString()).toBe('one');
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'b' }));
  expect(Versions.map(({ IsLatest }) => IsLatest)).toEqual([false, false, true]);
});

it('takes a body that comes in signed chunks, and tells its length', async () => {
  const text = 'ü'.repeat(100_000);
  const Body = Readable.from([Buffer.from(text)]);
  await s3.send(new PutObjectCommand({ ...at, Body, ContentLength: Buffer.byteLength(text) }));

  expect(wire.objects.text('b', 'k')).toBe(text);
  expect((await s3.send(new HeadObjectCommand(at))).ContentLength).toBe(200_000);
});
