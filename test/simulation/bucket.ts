/** An S3 bucket in memory as the store uses one: conditional writes, whole listings, ETags that follow from content. */
import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';

class S3Error extends Error {
  override readonly name: string;
  constructor(name: string) {
    super(name);
    this.name = name;
  }
}

type Held = { readonly text: string; readonly etag: string };

export type Bucket = {
  /** Does the command at once; to be called where its moment is. */
  run(command: { readonly constructor: { readonly name: string }; readonly input: object }): Promise<unknown>;
  /** Returns the texts under a prefix, by key. */
  textsUnder(prefix: string): ReadonlyMap<string, string>;
};

type Input = {
  readonly Key?: string;
  readonly Body?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly Prefix?: string;
  readonly MaxKeys?: number;
  readonly ContinuationToken?: string;
};

/** Returns an empty bucket. `onPut` is told of every text that was put. */
export function createBucket(onPut: (key: string, text: string) => void = () => {}): Bucket {
  const objects = new Map<string, Held>();
  const operations: { readonly [name: string]: (input: Input) => object } = {
    GetObjectCommand({ Key: key = '' }) {
      const held = objects.get(key);
      if (held === undefined) throw new S3Error('NoSuchKey');
      return { Body: { transformToString: async () => held.text }, ETag: held.etag };
    },
    PutObjectCommand({ Key: key = '', Body: text = '', IfMatch, IfNoneMatch }) {
      const held = objects.get(key);
      if (IfNoneMatch === '*' && held !== undefined) throw new S3Error('PreconditionFailed');
      if (IfMatch !== undefined && held === undefined) throw new S3Error('NoSuchKey');
      if (IfMatch !== undefined && held?.etag !== IfMatch) throw new S3Error('PreconditionFailed');
      const etag = `"${createHash('md5').update(text).digest('hex')}"`;
      objects.set(key, { text, etag });
      onPut(key, text);
      return { ETag: etag };
    },
    ListObjectsV2Command({ Prefix = '', MaxKeys = 1000, ContinuationToken = '' }) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(Prefix)).sort();
      const rest = keys.filter((key) => key > ContinuationToken);
      const page = rest.slice(0, MaxKeys);
      return {
        Contents: page.map((Key) => ({ Key })),
        ...(rest.length > page.length ? { NextContinuationToken: page.at(-1) } : {}),
      };
    },
  };
  return {
    async run(command) {
      const operation = operations[command.constructor.name];
      if (operation === undefined) throw new Error(`the bucket does not know ${command.constructor.name}`);
      return operation(command.input);
    },
    textsUnder: (prefix) =>
      new Map([...objects].filter(([key]) => key.startsWith(prefix)).map(([key, { text }]) => [key, text])),
  };
}

/** What stands for the SDK's client: the one method that is used. */
export type S3Stand = Pick<S3Client, 'send'>;
