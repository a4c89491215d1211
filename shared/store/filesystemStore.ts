/**
 * A store in a folder, for a desk and for replay. Several processes may share it, on one machine.
 *
 * A state is a folder of numbered generations; the highest number is the state. A swap makes the next number by
 * linking a finished temporary file, which the file system does for one writer only and leaves nothing half-written.
 * No lock is held, so none can be left behind. Older generations are removed afterwards; a slow writer may then link
 * a number that was already used and removed, and finds a higher one beside it: it has lost and takes its own away.
 * The highest number is never removed, so readers never see that.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Codecs, createStore } from './createStore.ts';
import { DEFAULT_PAGE_LIMIT, type ObjectSpace } from './objectSpace.ts';
import { type StateShape, type Store, StoreFault } from './store.ts';

export type FilesystemStoreOptions<State, Entry> = {
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
  const temporary = async (text: string) => {
    const path = join(folder, 'temporary', randomUUID());
    await writeWhole(path, text, durable);
    return path;
  };
  const put = async (key: string, text: string) => {
    const from = await temporary(text);
    await mkdir(dirname(fileOf(key)), { recursive: true });
    await rename(from, fileOf(key));
  };
  return {
    get: (key) => guarded(key, () => readIfThere(fileOf(key))),

    keep: (key, text) =>
      guarded(key, async () => {
        if ((await readIfThere(fileOf(key))) === undefined) await put(key, text);
      }),

    put: (key, text) => guarded(key, () => put(key, text)),

    read: (key) =>
      guarded(key, async () => {
        for (;;) {
          const generation = latest(await generations(pathOf(key)));
          if (generation === undefined) return undefined;
          const value = await readIfThere(join(pathOf(key), fileName(generation)));
          // A newer one came and this one was removed between the two calls: look again.
          if (value !== undefined) return { value, version: String(generation) };
        }
      }),

    swap: (key, text, expected) =>
      guarded(key, async () => {
        const states = pathOf(key);
        await mkdir(states, { recursive: true });
        const before = latest(await generations(states));
        if (before?.toString() !== expected) return { kind: 'lost' };
        const next = (before ?? 0) + 1;
        if (!(await linkNew(await temporary(text), join(states, fileName(next))))) return { kind: 'lost' };
        const after = await generations(states);
        if (latest(after) !== next) {
          await rm(join(states, fileName(next)), { force: true });
          return { kind: 'lost' };
        }
        if (durable) await syncFolder(states);
        for (const old of after) if (old < next) await rm(join(states, fileName(old)), { force: true });
        return { kind: 'written', version: String(next) };
      }),

    list: (prefix, { cursor, limit = DEFAULT_PAGE_LIMIT }) =>
      guarded(prefix, async () => {
        const names = (await namesIn(pathOf(prefix.slice(0, -1)))).sort();
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

async function generations(states: string): Promise<number[]> {
  return (await namesIn(states)).flatMap((name) => {
    const [, digits] = /^(\d+)\.json$/.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function latest(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((most, number) => Math.max(most, number));
}

/** Returns false iff the name is taken. The temporary file is gone afterwards. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(from, { force: true });
  }
}

async function writeWhole(path: string, text: string, durable: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text, 'utf8');
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function guarded<Value>(key: string, action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreFault(
      'STORE_UNAVAILABLE',
      `the folder of the store does not serve \`${key}\`: ${reason}`,
      { cause },
    );
  }
}
