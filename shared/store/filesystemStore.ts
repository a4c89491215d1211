/**
 * A store in a folder, for a desk and for replay. Several processes may share it, on one machine.
 *
 * A state is a folder of numbered generations; the highest number is the state. A swap makes the next number by
 * linking a finished temporary file, which the file system does for one writer only and leaves nothing half-written.
 * No lock is held, so none can be left behind. Older generations are removed afterwards; a slow writer may then link
 * a number that was already used and removed, and finds a higher one beside it: it has lost and takes its own away.
 * The highest number is never removed, so readers never see that.
 *
 * The calls are synchronous: one command at a desk has nothing else to do meanwhile, and a replay makes hundreds of
 * thousands of them, each of which would wait for a thread.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Codecs, createStore } from './createStore.ts';
import { DEFAULT_PAGE_LIMIT, type ObjectSpace } from './objectSpace.ts';
import { type StateShape, type Store, StoreFault } from './store.ts';

type FilesystemStoreOptions<State, Entry> = {
  /** Made when it is not there. */
  readonly folder: string;
  readonly codecs: Codecs<State, Entry>;
  /** False: writes survive a crash of the process but not of the machine. For folders that are thrown away. */
  readonly durable?: boolean;
};

/** Returns the store of a folder. */
export function createFilesystemStore<State extends StateShape, Entry extends { readonly id: string }>({
  folder,
  codecs,
  durable = true,
}: FilesystemStoreOptions<State, Entry>): Store<State, Entry> {
  return createStore(createFilesystemSpace({ folder, durable }), codecs);
}

type Folder = { readonly folder: string; readonly durable: boolean };

function createFilesystemSpace({ folder, durable }: Folder): ObjectSpace {
  const pathOf = (key: string) => join(folder, ...key.split('/'));
  const fileOf = (key: string) => `${pathOf(key)}.json`;
  const temporary = (text: string) => {
    const path = join(folder, 'temporary', randomUUID());
    inFolderOf(path, () => writeWhole(path, text, durable));
    return path;
  };
  const put = (key: string, text: string) => {
    const from = temporary(text);
    inFolderOf(fileOf(key), () => renameSync(from, fileOf(key)));
  };
  return {
    get: (key) => guarded(key, () => readIfThere(fileOf(key))),

    keep: (key, text) =>
      guarded(key, () => {
        if (!existsSync(fileOf(key))) put(key, text);
      }),

    put: (key, text) => guarded(key, () => put(key, text)),

    read: (key) =>
      guarded(key, () => {
        for (;;) {
          const generation = latest(generations(pathOf(key)));
          if (generation === undefined) return undefined;
          const value = readIfThere(join(pathOf(key), fileName(generation)));
          // A newer one came and this one was removed between the two calls: look again.
          if (value !== undefined) return { value, version: String(generation) };
        }
      }),

    swap: (key, text, expected) =>
      guarded(key, () => {
        const states = pathOf(key);
        const next = Number(expected ?? 0) + 1;
        const file = join(states, fileName(next));
        if (!linkNew(temporary(text), file)) return { kind: 'lost' };
        const after = generations(states);
        // What was expected is there until a newer one is; without it the folder is not the one that was read.
        const isThere = expected === undefined || after.includes(Number(expected));
        if (latest(after) !== next || !isThere) {
          removeIfThere(file);
          return { kind: 'lost' };
        }
        if (durable) syncFolder(states);
        for (const old of after) if (old < next) removeIfThere(join(states, fileName(old)));
        return { kind: 'written', version: String(next) };
      }),

    list: (prefix, { cursor, limit = DEFAULT_PAGE_LIMIT }) =>
      guarded(prefix, () => {
        const names = namesIn(pathOf(prefix.slice(0, -1))).sort();
        const keys = names.map((name) => `${prefix}${name}`);
        const rest = cursor === undefined ? keys : keys.filter((key) => key > cursor);
        const values = rest.slice(0, limit);
        const last = values.at(-1);
        return rest.length > values.length && last !== undefined ? { values, cursor: last } : { values };
      }),
  };
}

/** Twelve digits: names sort as numbers do, for a person who looks into the folder. */
function fileName(generation: number): string {
  return `${String(generation).padStart(12, '0')}.json`;
}

function generations(states: string): number[] {
  return namesIn(states).flatMap((name) => {
    const [, digits] = /^(\d+)\.json$/.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function latest(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((most, number) => Math.max(most, number));
}

/** Returns false iff the name is taken. The temporary file is gone afterwards. */
function linkNew(from: string, to: string): boolean {
  try {
    inFolderOf(to, () => linkSync(from, to));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    removeIfThere(from);
  }
}

/** Does what needs the folder of that path, and makes the folder when it turns out not to be there. */
function inFolderOf(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    act();
  }
}

function writeWhole(path: string, text: string, durable: boolean): void {
  const file = openSync(path, 'wx');
  try {
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function readIfThere(path: string): string | undefined {
  return unlessAbsent(() => readFileSync(path, 'utf8'));
}

function removeIfThere(path: string): void {
  unlessAbsent(() => unlinkSync(path));
}

function namesIn(path: string): string[] {
  return unlessAbsent(() => readdirSync(path)) ?? [];
}

function unlessAbsent<Value>(act: () => Value): Value | undefined {
  try {
    return act();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function guarded<Value>(key: string, action: () => Value): Promise<Value> {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreFault(
      'STORE_UNAVAILABLE',
      `the folder of the store does not serve \`${key}\`: ${reason}`,
      { cause },
    );
  }
}
