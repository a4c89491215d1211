import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Store } from '../../shared/store/s3Store.ts';
import { targetRefSchema } from '../../shared/store/targetSchema.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { ACCOUNT, clientSettings, REGION, startWire, type Wire } from './server.ts';

const stateSchema = v.strictObject({ target: targetRefSchema, writers: v.array(v.string()) });
const entrySchema = v.strictObject({ id: v.string() });
type State = v.InferOutput<typeof stateSchema>;
const codecs = {
  state: { read: (value: unknown) => v.parse(stateSchema, value) },
  entry: { read: (value: unknown) => v.parse(entrySchema, value) },
};

let wire: Wire;
let client: S3Client;
beforeAll(async () => {
  wire = await startWire();
  client = new S3Client(clientSettings(wire));
  for (const Bucket of ['versions', 'many']) await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => wire.close());

const roleNamed = (name: string): TargetRef => ({
  kind: 'iam-principal',
  arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  accountId: ACCOUNT,
  region: REGION,
});
const storeIn = (bucket: string) => createS3Store({ client, bucket, codecs });
const bySchema = (operation: string) => wire.attempts.filter((one) => one.operation === operation).length;

describe('the store in a bucket, over the wire', () => {
  it('loses nobody among many writers of one state', async () => {
    const target = roleNamed('contended');
    const writers = Array.from({ length: 24 }, (_, index) => `writer-${index}`);
    let lost = 0;
    const write = async (name: string): Promise<void> => {
      const store = storeIn('versions');
      const found = await store.readState(target);
      const before: State = found?.value ?? { target, writers: [] };
      const outcome = await store.writeState(
        { ...before, writers: [...before.writers, name] },
        found?.version,
      );
      if (outcome.kind === 'written') return;
      lost++;
      await write(name);
    };

    await Promise.all(writers.map(write));

    const { value } = (await storeIn('versions').readState(target)) ?? {};
    expect([...(value?.writers ?? [])].sort()).toEqual([...writers].sort());
    expect(lost).toBeGreaterThan(0);
  });

  it('knows its own write again when the answer got lost and the SDK tried twice', async () => {
    const target = roleNamed('unanswered');
    wire.fail({ operation: 'PutObject', times: 1, how: 'lost' });
    const before = bySchema('PutObject');

    const outcome = await storeIn('versions').writeState({ target, writers: ['a'] }, undefined);

    expect(bySchema('PutObject') - before).toBe(2);
    expect(outcome.kind).toBe('written');
    expect((await storeIn('versions').readState(target))?.version).toBe(
      outcome.kind === 'written' ? outcome.version : undefined,
    );
  });

  it('says that somebody else was first, for a first write and for a later one', async () => {
    const target = roleNamed('taken');
    const store = storeIn('versions');
    const first = await store.writeState({ target, writers: ['a'] }, undefined);
    const version = first.kind === 'written' ? first.version : undefined;
    await store.writeState({ target, writers: ['a', 'b'] }, version);

    expect(await store.writeState({ target, writers: ['c'] }, undefined)).toEqual({ kind: 'lost' });
    expect(await store.writeState({ target, writers: ['a', 'c'] }, version)).toEqual({ kind: 'lost' });
  });

  it('lists more states than S3 gives in one answer, each once', async () => {
    const store = storeIn('many');
    const names = Array.from({ length: 1_050 }, (_, index) => `role-${index}`);
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(
        names
          .slice(at, at + 50)
          .map((name) => store.writeState({ target: roleNamed(name), writers: [] }, undefined)),
      );
    }
    const before = bySchema('ListObjectsV2');

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listStates('iam-principal', {
        limit: 5_000,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.values.map(({ value }) => value.target.arn.split('/').at(-1) ?? ''));
      cursor = page.cursor;
    } while (cursor !== undefined);

    expect(bySchema('ListObjectsV2') - before).toBe(2);
    expect(seen.sort()).toEqual(names.sort());
  });

  it('waits and tries again while S3 asks to slow down', async () => {
    wire.fail({ operation: 'GetObject', times: 2, how: { code: 'SlowDown', status: 503 } });
    const before = bySchema('GetObject');

    const found = await storeIn('versions').readState(roleNamed('never'));

    expect(found).toBeUndefined();
    expect(bySchema('GetObject') - before).toBe(3);
  });

  it('is a fault that names the key when S3 refuses, and never an absent state', async () => {
    wire.fail({ operation: 'GetObject', times: 1, how: { code: 'AccessDenied', status: 403 } });

    await expect(storeIn('versions').readState(roleNamed('r'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('targets/iam-principal/'),
    });
    await expect(storeIn('absent').readState(roleNamed('r'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });
});
