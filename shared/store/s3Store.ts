/**
 * A store in an S3 bucket. Compare-and-swap is S3's own: `If-Match` with the ETag that was read, `If-None-Match: *`
 * for the first write. Source: Amazon S3 User Guide, "How to prevent object overwrites with conditional writes".
 */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Codecs, createStore } from './createStore.ts';
import { DEFAULT_PAGE_LIMIT, type ObjectSpace } from './objectSpace.ts';
import { type StateShape, type Store, StoreFault, type Versioned } from './store.ts';

type S3StoreOptions<State, Entry> = {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  /** Before every key, with its own `/`; `''` for the bucket's root. */
  readonly prefix?: string;
  readonly codecs: Codecs<State, Entry>;
};

/** Returns the store of a bucket. */
export function createS3Store<State extends StateShape, Entry extends { readonly id: string }>({
  codecs,
  ...place
}: S3StoreOptions<State, Entry>): Store<State, Entry> {
  return createStore(createS3Space(place), codecs);
}

type Place = Omit<S3StoreOptions<never, never>, 'codecs'>;

function createS3Space({ client, bucket, prefix: root = '' }: Place): ObjectSpace {
  const read = (key: string) =>
    guarded(key, async (): Promise<Versioned<string> | undefined> => {
      try {
        const { Body, ETag } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: `${root}${key}` }),
        );
        if (Body === undefined || ETag === undefined) throw new Error('the answer has no body or no ETag');
        return { value: await Body.transformToString('utf-8'), version: ETag };
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey') return undefined;
        throw error;
      }
    });
  const write = (key: string, text: string, condition: Condition) =>
    guarded(key, async () => {
      try {
        const { ETag } = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: `${root}${key}`,
            Body: text,
            ContentType: 'application/json',
            ...condition,
          }),
        );
        if (ETag === undefined) throw new Error('the answer has no ETag');
        return { kind: 'written', version: ETag } as const;
      } catch (error) {
        const name = nameOf(error);
        if (LOST.has(name)) return { kind: 'lost', isThere: name === 'PreconditionFailed' } as const;
        throw error;
      }
    });
  return {
    get: async (key) => (await read(key))?.value,

    async keep(key, text) {
      const outcome = await write(key, text, { IfNoneMatch: '*' });
      // A conflict says that somebody is writing the same, not that they will have written it.
      if (outcome.kind === 'lost' && !outcome.isThere && (await read(key)) === undefined)
        await write(key, text, {});
    },

    async put(key, text) {
      await write(key, text, {});
    },

    read,

    async swap(key, text, expected) {
      const outcome = await write(
        key,
        text,
        expected === undefined ? { IfNoneMatch: '*' } : { IfMatch: expected },
      );
      if (outcome.kind === 'written') return outcome;
      // An answer that got lost makes the SDK try again, and the second try meets the first one's object.
      const found = await read(key);
      return found?.value === text ? { kind: 'written', version: found.version } : { kind: 'lost' };
    },

    list: (prefix, { cursor, limit = DEFAULT_PAGE_LIMIT }) =>
      guarded(prefix, async () => {
        const { Contents = [], NextContinuationToken } = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: `${root}${prefix}`,
            MaxKeys: limit,
            ...(cursor === undefined ? {} : { ContinuationToken: cursor }),
          }),
        );
        const values = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key.slice(root.length)]));
        return NextContinuationToken === undefined ? { values } : { values, cursor: NextContinuationToken };
      }),
  };
}

type Condition = { readonly IfMatch?: string; readonly IfNoneMatch?: '*' };

/** 412, 409, and 404 for `If-Match` on an object that was deleted. */
const LOST: ReadonlySet<unknown> = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : undefined;
}

async function guarded<Value>(key: string, action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreFault(
      'STORE_UNAVAILABLE',
      `the bucket of the store does not serve \`${key}\`: ${reason}`,
      { cause },
    );
  }
}
