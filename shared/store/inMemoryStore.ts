/** A store in memory: for tests, and for one run that is to leave nothing behind. */
import { type Codecs, createStore } from './createStore.ts';
import { DEFAULT_PAGE_LIMIT, type ObjectSpace } from './objectSpace.ts';
import type { StateShape, Store, Versioned } from './store.ts';

/** Returns an empty store. */
export function createInMemoryStore<State extends StateShape, Entry extends { readonly id: string }>({
  codecs,
}: {
  readonly codecs: Codecs<State, Entry>;
}): Store<State, Entry> {
  return createStore(createInMemorySpace(), codecs);
}

/** Returns an empty space. */
function createInMemorySpace(): ObjectSpace {
  const objects = new Map<string, string>();
  const swapped = new Map<string, Versioned<string>>();
  let writes = 0;
  return {
    get: async (key) => objects.get(key),
    async keep(key, text) {
      if (!objects.has(key)) objects.set(key, text);
    },
    async put(key, text) {
      objects.set(key, text);
    },
    read: async (key) => swapped.get(key),
    async swap(key, text, expected) {
      if (swapped.get(key)?.version !== expected) return { kind: 'lost' };
      writes++;
      const version = String(writes);
      swapped.set(key, { value: text, version });
      return { kind: 'written', version };
    },
    async list(prefix, { cursor, limit = DEFAULT_PAGE_LIMIT }) {
      const keys = [...swapped.keys()].filter((key) => key.startsWith(prefix)).sort();
      const rest = cursor === undefined ? keys : keys.filter((key) => key > cursor);
      const values = rest.slice(0, limit);
      const last = values.at(-1);
      return rest.length > values.length && last !== undefined ? { values, cursor: last } : { values };
    },
  };
}
