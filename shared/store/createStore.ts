/** A store on any medium: hashes, keys, and values checked as they are read. */
import * as v from 'valibot';
import {
  archiveKey,
  documentKey,
  noteKey,
  pointerKey,
  sha256,
  stateKey,
  statePrefix,
  verdictKey,
} from './objectKey.ts';
import type { ObjectSpace } from './objectSpace.ts';
import {
  type Codec,
  type StatePlace,
  type StateShape,
  type Store,
  StoreFault,
  type Versioned,
} from './store.ts';
import { targetKindSchema } from './targetSchema.ts';

export type Codecs<State, Entry> = { readonly state: Codec<State>; readonly entry: Codec<Entry> };

/** States of a page are read so many at a time. */
const PARALLEL_READS = 16;

/** Returns a store that keeps everything in `space`. */
export function createStore<State extends StateShape, Entry extends { readonly id: string }>(
  space: ObjectSpace,
  codecs: Codecs<State, Entry>,
): Store<State, Entry> {
  const readState = async (key: string) => {
    const found = await space.read(key);
    if (found === undefined) return undefined;
    return { value: decode(codecs.state, found.value, key), version: found.version };
  };
  return {
    async putDocument(text) {
      const hash = sha256(text);
      await space.keep(documentKey(hash), text);
      return hash;
    },

    async getDocument(hash) {
      const key = documentKey(hash);
      const text = await space.get(key);
      if (text === undefined)
        throw new StoreFault('DOCUMENT_MISSING', `no document under \`${key}\` in the store`);
      if (sha256(text) !== hash) {
        throw new StoreFault(
          'DOCUMENT_CORRUPT',
          `the document under \`${key}\` is not the one its name says: it was changed`,
        );
      }
      return text;
    },

    async readState(place) {
      const key = stateKey(place);
      const found = await readState(key);
      if (found !== undefined && !isAt(place, found.value)) throw misplaced(key, found.value.target.arn);
      return found;
    },

    writeState: (state, expected) => space.swap(stateKey(state.target), JSON.stringify(state), expected),

    async listStates(kind, request = {}) {
      const { values: keys, ...rest } = await space.list(statePrefix(kind), request);
      const values: Versioned<State>[] = [];
      const unreadable: StoreFault[] = [];
      for (let start = 0; start < keys.length; start += PARALLEL_READS) {
        const read = keys
          .slice(start, start + PARALLEL_READS)
          .map((key) => readState(key).catch(ifUnreadable));
        for (const value of await Promise.all(read)) {
          if (value instanceof StoreFault) unreadable.push(value);
          else if (value !== undefined) values.push(value);
        }
      }
      return { values, unreadable, ...rest };
    },

    putPointer: (id, { kind, arn }) => space.keep(pointerKey(id), JSON.stringify({ kind, arn })),

    async getPointer(id) {
      const key = pointerKey(id);
      const text = await space.get(key);
      return text === undefined ? undefined : decode(pointerCodec, text, key);
    },

    putArchived: (entry) => space.put(archiveKey(entry.id), JSON.stringify(entry)),

    async getArchived(id) {
      const key = archiveKey(id);
      const text = await space.get(key);
      return text === undefined ? undefined : decode(codecs.entry, text, key);
    },

    putVerdict: (key, verdict) => space.put(verdictKey(key), JSON.stringify(verdict)),

    async getVerdict(key) {
      const text = await space.get(verdictKey(key));
      return text === undefined ? undefined : decode(anyCodec, text, verdictKey(key));
    },

    async readNote(name) {
      const key = noteKey(name);
      const found = await space.read(key);
      if (found === undefined) return undefined;
      return { value: decode(anyCodec, found.value, key), version: found.version };
    },

    writeNote: (name, note, expected) => space.swap(noteKey(name), JSON.stringify(note), expected),
  };
}

/** Returns the fault of one state; any other is everybody's. */
function ifUnreadable(fault: unknown): StoreFault {
  if (fault instanceof StoreFault && fault.code === 'STATE_UNREADABLE') return fault;
  throw fault;
}

function decode<Value>(codec: Codec<Value>, text: string, key: string): Value {
  try {
    return codec.read(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreFault('STATE_UNREADABLE', `what lies under \`${key}\` cannot be read: ${reason}`, {
      cause,
    });
  }
}

function isAt(place: StatePlace, { target }: StateShape): boolean {
  return target.kind === place.kind && target.arn === place.arn;
}

/** A medium that folds case, or a state copied by hand: judging against another target's past would be wrong. */
function misplaced(key: string, arn: string): StoreFault {
  return new StoreFault(
    'STATE_UNREADABLE',
    `what lies under \`${key}\` is the state of another target, \`${arn}\``,
  );
}

const anyCodec: Codec<unknown> = { read: (value) => value };

const pointerCodec: Codec<StatePlace> = {
  read: (value) => v.parse(v.strictObject({ kind: targetKindSchema, arn: v.string() }), value),
};
