import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { createFilesystemStore } from '../../../shared/store/filesystemStore.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import { sha256, stateKey } from '../../../shared/store/objectKey.ts';
import { createS3Store } from '../../../shared/store/s3Store.ts';
import type { Store } from '../../../shared/store/store.ts';
import { targetRefSchema } from '../../../shared/store/targetSchema.ts';
import type { TargetRef } from '../../../shared/targets/target.ts';
import { createFakeBucket, exception } from './fakeBucket.ts';

const stateSchema = v.strictObject({ target: targetRefSchema, count: v.number() });
const entrySchema = v.strictObject({ id: v.string(), text: v.string() });
type State = v.InferOutput<typeof stateSchema>;
type Entry = v.InferOutput<typeof entrySchema>;

const codecs = {
  state: { read: (value: unknown) => v.parse(stateSchema, value) },
  entry: { read: (value: unknown) => v.parse(entrySchema, value) },
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-store-'));
  folders.push(folder);
  return folder;
}

function target(name: string): TargetRef {
  const arn = `arn:aws:iam::111122223333:role/${name}`;
  return { kind: 'iam-principal', arn, accountId: '111122223333', region: 'us-east-1' };
}

const stores: { readonly [medium: string]: () => Store<State, Entry> } = {
  'in memory': () => createInMemoryStore({ codecs }),
  'in a folder': () => createFilesystemStore({ folder: makeFolder(), codecs }),
  'in a bucket': () =>
    createS3Store({ client: createFakeBucket().client, bucket: 'b', prefix: 'p/', codecs }),
};

for (const [medium, createStore] of Object.entries(stores)) {
  describe(`a store ${medium}`, () => {
    it('gives a document back by its hash, however often it was kept', async () => {
      const store = createStore();

      const hash = await store.putDocument('{"ü":1}');
      const again = await store.putDocument('{"ü":1}');

      expect([hash, again]).toEqual([sha256('{"ü":1}'), sha256('{"ü":1}')]);
      expect(await store.getDocument(hash)).toBe('{"ü":1}');
    });

    it('a document that was never kept is a fault', async () => {
      await expect(createStore().getDocument('0'.repeat(64))).rejects.toMatchObject({
        code: 'DOCUMENT_MISSING',
      });
    });

    it('an empty document is a document', async () => {
      const store = createStore();

      expect(await store.getDocument(await store.putDocument(''))).toBe('');
    });

    it('a target that was never written has no state', async () => {
      expect(await createStore().readState(target('a'))).toBeUndefined();
    });

    it('reads back what was written', async () => {
      const store = createStore();

      const outcome = await store.writeState({ target: target('a'), count: 1 }, undefined);

      const found = await store.readState(target('a'));
      expect(found).toEqual({
        value: { target: target('a'), count: 1 },
        version: outcome.kind === 'written' && outcome.version,
      });
    });

    it('a second first write is lost', async () => {
      const store = createStore();
      await store.writeState({ target: target('a'), count: 1 }, undefined);

      const outcome = await store.writeState({ target: target('a'), count: 2 }, undefined);

      expect(outcome.kind).toBe('lost');
      expect((await store.readState(target('a')))?.value.count).toBe(1);
    });

    it('a write against an older version is lost', async () => {
      const store = createStore();
      await store.writeState({ target: target('a'), count: 1 }, undefined);
      const first = (await store.readState(target('a')))?.version;
      await store.writeState({ target: target('a'), count: 2 }, first);

      const outcome = await store.writeState({ target: target('a'), count: 3 }, first);

      expect(outcome.kind).toBe('lost');
      expect((await store.readState(target('a')))?.value.count).toBe(2);
    });

    it('a write against a version of a state that is not there is lost', async () => {
      expect((await createStore().writeState({ target: target('a'), count: 1 }, '1')).kind).toBe('lost');
    });

    it('of simultaneous writers one wins, each round', async () => {
      const store = createStore();
      for (let round = 0; round < 5; round++) {
        const version = (await store.readState(target('a')))?.version;

        const outcomes = await Promise.all(
          Array.from({ length: 6 }, (_, writer) =>
            store.writeState({ target: target('a'), count: round * 10 + writer }, version),
          ),
        );

        expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(1);
      }
    });

    it('notes a value under a name by compare-and-swap, apart from states', async () => {
      const store = createStore();
      const first = await store.writeNote('bursts', { count: 1 }, undefined);
      const version = (await store.readNote('bursts'))?.version;

      expect(await store.readNote('another')).toBeUndefined();
      expect((await store.readNote('bursts'))?.value).toEqual({ count: 1 });
      expect(first.kind).toBe('written');
      expect((await store.writeNote('bursts', { count: 2 }, undefined)).kind).toBe('lost');
      expect((await store.writeNote('bursts', { count: 2 }, version)).kind).toBe('written');
      expect((await store.writeNote('bursts', { count: 3 }, version)).kind).toBe('lost');
      expect(await store.listStates('iam-principal')).toEqual({ values: [], unreadable: [] });
    });

    it('lists the states of a kind page by page, each once', async () => {
      const store = createStore();
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await store.writeState({ target: target(name), count: 1 }, undefined);
      await store.writeState({ target: { ...target('f'), kind: 'role-trust' }, count: 1 }, undefined);

      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listStates('iam-principal', {
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...page.values.map(({ value }) => value.target.arn));
        cursor = page.cursor;
      } while (cursor !== undefined);

      expect(seen.sort()).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => target(name).arn));
    });

    it('lists nothing where nothing is', async () => {
      expect(await createStore().listStates('bucket-policy')).toEqual({ values: [], unreadable: [] });
    });

    it('keeps targets apart whose names are odd, long or hostile', async () => {
      const store = createStore();
      const names = ['../../x', '..', 'a/b', 'a%2Fb', '*', 'é', 'n'.repeat(600), `${'n'.repeat(600)}2`];
      for (const [count, name] of names.entries())
        await store.writeState({ target: target(name), count }, undefined);

      const counts = await Promise.all(
        names.map(async (name) => (await store.readState(target(name)))?.value.count),
      );

      expect(counts).toEqual(names.map((_, count) => count));
    });

    it('points from a finding to its target', async () => {
      const store = createStore();

      await store.putPointer('f1', target('a'));

      expect(await store.getPointer('f1')).toEqual({ kind: 'iam-principal', arn: target('a').arn });
      expect(await store.getPointer('f2')).toBeUndefined();
    });

    it('of archived records under one id the last one stays', async () => {
      const store = createStore();
      await store.putArchived({ id: 'f1', text: 'first' });
      await store.putArchived({ id: 'f1', text: 'second' });

      expect(await store.getArchived('f1')).toEqual({ id: 'f1', text: 'second' });
      expect(await store.getArchived('f2')).toBeUndefined();
    });
  });
}

describe('a store in a folder', () => {
  it('a state that cannot be read is a fault that names its key, not an absent state', async () => {
    const folder = makeFolder();
    const store = createFilesystemStore({ folder, codecs });
    await store.writeState({ target: target('a'), count: 1 }, undefined);
    const states = join(folder, stateKey(target('a')));
    for (const name of readdirSync(states)) writeFileSync(join(states, name), '{"target"');

    await expect(store.readState(target('a'))).rejects.toMatchObject({
      code: 'STATE_UNREADABLE',
      message: expect.stringContaining(stateKey(target('a'))),
    });
  });

  it('a state that cannot be read keeps no other from being listed', async () => {
    const folder = makeFolder();
    const store = createFilesystemStore({ folder, codecs });
    for (const name of ['a', 'b', 'c']) await store.writeState({ target: target(name), count: 1 }, undefined);
    const states = join(folder, stateKey(target('b')));
    for (const name of readdirSync(states)) writeFileSync(join(states, name), '{"target"');

    const { values, unreadable } = await store.listStates('iam-principal');

    expect(values.map(({ value }) => value.target.arn).sort()).toEqual([target('a').arn, target('c').arn]);
    expect(unreadable).toMatchObject([
      { code: 'STATE_UNREADABLE', message: expect.stringContaining(stateKey(target('b'))) },
    ]);
  });

  it('a state of another schema is a fault', async () => {
    const folder = makeFolder();
    const store = createFilesystemStore({ folder, codecs });
    await store.writeState({ target: target('a'), count: 1 }, undefined);
    const states = join(folder, stateKey(target('a')));
    for (const name of readdirSync(states)) writeFileSync(join(states, name), '{"target":{},"counts":1}');

    await expect(store.readState(target('a'))).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
  });

  it('the state of another target under the key is a fault', async () => {
    const folder = makeFolder();
    const store = createFilesystemStore({ folder, codecs });
    await store.writeState({ target: target('a'), count: 1 }, undefined);
    const states = join(folder, stateKey(target('a')));
    const other = JSON.stringify({ target: target('b'), count: 1 });
    for (const name of readdirSync(states)) writeFileSync(join(states, name), other);

    await expect(store.readState(target('a'))).rejects.toMatchObject({
      code: 'STATE_UNREADABLE',
      message: expect.stringContaining(target('b').arn),
    });
  });

  it('a document that was changed in place is a fault', async () => {
    const folder = makeFolder();
    const store = createFilesystemStore({ folder, codecs });
    const hash = await store.putDocument('{}');
    writeFileSync(join(folder, 'documents', `${hash}.json`), '{ }');

    await expect(store.getDocument(hash)).rejects.toMatchObject({ code: 'DOCUMENT_CORRUPT' });
  });

  it('older generations that a crash left behind do not count, and are gone after the next write', async () => {
    const folder = makeFolder();
    const store = createFilesystemStore({ folder, codecs });
    await store.writeState({ target: target('a'), count: 1 }, undefined);
    const states = join(folder, stateKey(target('a')));
    await store.writeState({ target: target('a'), count: 2 }, '1');
    writeFileSync(join(states, '000000000001.json'), 'torn');

    expect((await store.readState(target('a')))?.value.count).toBe(2);
    await store.writeState({ target: target('a'), count: 3 }, '2');
    expect(readdirSync(states)).toEqual(['000000000003.json']);
  });

  it('two stores on one folder see each other', async () => {
    const folder = makeFolder();
    await createFilesystemStore({ folder, codecs }).writeState({ target: target('a'), count: 1 }, undefined);

    const outcome = await createFilesystemStore({ folder, codecs }).writeState(
      { target: target('a'), count: 2 },
      undefined,
    );

    expect(outcome.kind).toBe('lost');
  });
});

describe('a store in a bucket', () => {
  const at = (bucket: ReturnType<typeof createFakeBucket>) =>
    createS3Store({ client: bucket.client, bucket: 'b', codecs });

  it('a conflict of concurrent writes is a lost race', async () => {
    const bucket = createFakeBucket();
    bucket.beforePut = () => {
      throw exception('ConditionalRequestConflict', 409);
    };

    expect((await at(bucket).writeState({ target: target('a'), count: 1 }, undefined)).kind).toBe('lost');
  });

  it('a write whose first answer got lost is found to be written', async () => {
    const bucket = createFakeBucket();
    const text = JSON.stringify({ target: target('a'), count: 1 });
    // The first try was carried out; the second meets its object.
    bucket.objects.set(stateKey(target('a')), text);

    expect((await at(bucket).writeState({ target: target('a'), count: 1 }, undefined)).kind).toBe('written');
  });

  it('a document is kept though another writer of the same one fails in between', async () => {
    const bucket = createFakeBucket();
    let conflicts = 1;
    bucket.beforePut = () => {
      if (conflicts-- > 0) throw exception('ConditionalRequestConflict', 409);
    };

    const hash = await at(bucket).putDocument('{}');

    expect(await at(bucket).getDocument(hash)).toBe('{}');
  });

  it('a document that is there already is not read to see that', async () => {
    const bucket = createFakeBucket();
    await at(bucket).putDocument('{}');

    await at(bucket).putDocument('{}');

    expect(bucket.reads).toEqual([]);
  });

  it('a refusal is a fault with its cause, never an absent state', async () => {
    const bucket = createFakeBucket();
    bucket.beforePut = () => {
      throw exception('AccessDenied', 403);
    };

    await expect(at(bucket).writeState({ target: target('a'), count: 1 }, undefined)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: { name: 'AccessDenied' },
    });
  });
});
