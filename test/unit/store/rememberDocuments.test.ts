import { describe, expect, it } from 'vitest';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import { rememberDocuments } from '../../../shared/store/rememberDocuments.ts';
import type { Store, StoreFault } from '../../../shared/store/store.ts';

const none = {
  read: (): never => {
    throw new Error('nothing of this kind is kept here');
  },
};

/** A store that writes down which documents it is asked for. */
function countedStore() {
  const kept: Store<never, never> = createInMemoryStore({ codecs: { state: none, entry: none } });
  const asked: string[] = [];
  const store: typeof kept = {
    ...kept,
    putDocument(text) {
      asked.push(`put ${text}`);
      return kept.putDocument(text);
    },
    getDocument(hash) {
      asked.push(`get ${hash.slice(0, 6)}`);
      return kept.getDocument(hash);
    },
  };
  return { kept, asked, remembering: rememberDocuments(store) };
}

describe('a store that remembers documents', () => {
  it('reads one once', async () => {
    const { kept, asked, remembering } = countedStore();
    const hash = await kept.putDocument('{"a":1}');

    const texts = [await remembering.getDocument(hash), await remembering.getDocument(hash)];

    expect(texts).toEqual(['{"a":1}', '{"a":1}']);
    expect(asked).toEqual([`get ${hash.slice(0, 6)}`]);
  });

  it('keeps one once, and reads none that it kept', async () => {
    const { kept, asked, remembering } = countedStore();

    const hashes = [await remembering.putDocument(''), await remembering.putDocument('')];

    expect(await remembering.getDocument(hashes[0] ?? '')).toBe('');
    expect(hashes).toEqual([await kept.putDocument(''), await kept.putDocument('')]);
    expect(asked).toEqual(['put ']);
  });

  it('keeps one once for two who keep it at once, and again where that failed', async () => {
    const { asked, kept } = countedStore();
    let faults = 1;
    const failing = rememberDocuments<never, never>({
      ...kept,
      async putDocument(text) {
        asked.push(`put ${text}`);
        if (faults-- > 0) throw new Error('the bucket does not answer');
        return kept.putDocument(text);
      },
    });

    const both = await Promise.allSettled([failing.putDocument('{}'), failing.putDocument('{}')]);
    const again = await Promise.all([failing.putDocument('{}'), failing.putDocument('{}')]);

    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await kept.getDocument(again[0])).toBe('{}');
    expect(asked).toEqual(['put {}', 'put {}']);
  });

  it('keeps none that it has read', async () => {
    const { kept, asked, remembering } = countedStore();
    const hash = await kept.putDocument('{}');
    await remembering.getDocument(hash);

    await remembering.putDocument('{}');

    expect(asked).toEqual([`get ${hash.slice(0, 6)}`]);
  });

  it('asks again for one that was not there', async () => {
    const { kept, remembering } = countedStore();
    const hash = await kept.putDocument('{}');
    const missing = '0'.repeat(64);

    const fault = await remembering.getDocument(missing).catch((error: StoreFault) => error.code);

    expect(fault).toBe('DOCUMENT_MISSING');
    await expect(remembering.getDocument(missing)).rejects.toThrow(missing);
    expect(await remembering.getDocument(hash)).toBe('{}');
  });
});
