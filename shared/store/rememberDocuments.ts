/** Documents never change: whoever has read or kept one need not ask for it again. */
import { sha256 } from './objectKey.ts';
import type { StateShape, Store } from './store.ts';

/**
 * Returns the store, which reads and keeps each document once. For the time of one examination: every text stays in
 * memory, and that somebody deletes one meanwhile is not noticed.
 */
export function rememberDocuments<State extends StateShape, Entry extends { readonly id: string }>(
  store: Store<State, Entry>,
): Store<State, Entry> {
  const texts = new Map<string, string>();
  /** What is being kept right now: two who keep the same are one call. */
  const keeping = new Map<string, Promise<string>>();
  return {
    ...store,
    async putDocument(text) {
      const hash = sha256(text);
      if (texts.has(hash)) return hash;
      const kept = keeping.get(hash) ?? store.putDocument(text).finally(() => keeping.delete(hash));
      keeping.set(hash, kept);
      texts.set(await kept, text);
      return hash;
    },
    async getDocument(hash) {
      const text = texts.get(hash) ?? (await store.getDocument(hash));
      texts.set(hash, text);
      return text;
    },
  };
}
