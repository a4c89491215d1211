/** An S3 bucket in memory that honours conditional writes as S3 does, behind `aws-sdk-client-mock`. */
import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

export type FakeBucket = {
  readonly client: S3Client;
  /** What lies under each key. */
  readonly objects: Map<string, string>;
  /** Keys that were read, in order. */
  readonly reads: string[];
  /** Called before each write is carried out; may write itself, or throw. */
  beforePut: (key: string) => void;
  /** Called after each write was carried out; throwing loses the answer. */
  afterPut: (key: string) => void;
};

/** Returns an empty bucket. */
export function createFakeBucket(): FakeBucket {
  const client = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const bucket: FakeBucket = { client, objects: new Map(), reads: [], beforePut() {}, afterPut() {} };
  const mock = mockClient(client);
  mock.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => {
    bucket.reads.push(Key);
    const text = bucket.objects.get(Key);
    if (text === undefined) throw exception('NoSuchKey', 404);
    return { ETag: etag(text), Body: { transformToString: async () => text } };
  });
  mock
    .on(PutObjectCommand)
    .callsFake((input: { Key: string; Body: string; IfMatch?: string; IfNoneMatch?: string }) => {
      bucket.beforePut(input.Key);
      const there = bucket.objects.get(input.Key);
      if (input.IfNoneMatch === '*' && there !== undefined) throw exception('PreconditionFailed', 412);
      if (input.IfMatch !== undefined) {
        if (there === undefined) throw exception('NoSuchKey', 404);
        if (etag(there) !== input.IfMatch) throw exception('PreconditionFailed', 412);
      }
      bucket.objects.set(input.Key, input.Body);
      bucket.afterPut(input.Key);
      return { ETag: etag(input.Body) };
    });
  mock
    .on(ListObjectsV2Command)
    .callsFake(
      ({
        Prefix,
        MaxKeys,
        ContinuationToken,
      }: {
        Prefix: string;
        MaxKeys: number;
        ContinuationToken?: string;
      }) => {
        const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(Prefix)).sort();
        const start = ContinuationToken === undefined ? 0 : keys.findIndex((key) => key > ContinuationToken);
        const page = keys.slice(start, start + MaxKeys);
        const more = start + MaxKeys < keys.length;
        return {
          Contents: page.map((Key) => ({ Key })),
          ...(more ? { NextContinuationToken: page.at(-1) } : {}),
        };
      },
    );
  return bucket;
}

/** An error as the SDK throws it. */
export function exception(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: 'client', message: name, $metadata: { httpStatusCode } });
}

function etag(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`;
}
