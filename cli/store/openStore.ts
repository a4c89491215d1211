/** The store on this machine: a folder. What the guard keeps in it is the guard's matter. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import type { Finding } from '../../shared/findings/finding.ts';
import type { GuardStore, TargetState } from '../../shared/guard/state.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createFilesystemStore } from '../../shared/store/filesystemStore.ts';
import { TARGET_KINDS } from '../../shared/targets/target.ts';
import { InputError } from '../input/inputError.ts';

/** Where commands look when they are not told. */
export const STANDARD_FOLDER = '.ratchet';

/** Returns the store in a folder that is there. Throws `InputError` otherwise: an empty answer would look like good news. */
export async function openStore(folder: string): Promise<GuardStore> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return createFilesystemStore({ folder, codecs: guardCodecs });
  throw new InputError([
    { source: folder, message: 'there is no store here; name its folder with `--store`' },
  ]);
}

/** Makes the folder unless it is there. Throws `InputError` when nothing can be kept in it. */
export async function makeStoreFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new InputError([{ source: folder, message: `cannot hold a store: ${whyNotMade(error)}` }]);
  }
}

function whyNotMade(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'there is a file in its place';
  return code === 'EACCES' || code === 'EROFS' || code === 'ENOENT'
    ? 'nothing can be written there'
    : String(error);
}

/** Yields every state that the store holds. */
export async function* readStates(store: GuardStore): AsyncIterable<TargetState> {
  for (const kind of TARGET_KINDS) {
    let cursor: string | undefined;
    do {
      const page = await store.listStates(kind, cursor === undefined ? {} : { cursor });
      for (const { value } of page.values) yield value;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

/** Returns the findings that the states hold, open and lately closed, the newest change first. */
export async function readFindings(store: GuardStore): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { openFindings, closedFindings } of readStates(store))
    findings.push(...openFindings, ...closedFindings);
  return findings.sort((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? -1 : 1));
}

/** Milliseconds since 1970 of what led to the finding. */
function timeOf({ change, openedAt }: Finding): number {
  return Date.parse(change?.eventTime ?? openedAt);
}
